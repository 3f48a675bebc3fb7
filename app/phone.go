package app

import (
	"context"
	"net/http"
	"net/url"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
)

// PhoneDeed is what somebody does on the phone of a practice bank's customer; the zero
// value: they look. Action is "approve" or "deny"; As fills in a practice login.
type PhoneDeed struct {
	As       string `json:"as"`
	Login    string `json:"login"`
	Password string `json:"password"`
	Action   string `json:"action"`
	Language string `json:"language"` // that it asks for, as a header Accept-Language
}

// PhoneScreen is what the phone shows then: a page that needs no other address, and its
// style, as it stands in the page. Over says that nothing more is asked.
type PhoneScreen struct {
	Page  string `json:"page"`
	Style string `json:"style"`
	Over  bool   `json:"over"`
}

// AsksOnPhone reports whether a flow waits for its person on a phone of the practice banks
// inside the program.
func (a *App) AsksOnPhone(flow Flow) bool {
	return a.HasPractice() && flow.EnvironmentID == bank.SandboxID && flow.Step == xs2a.StepDecoupled && flow.BankID != "" && !flow.Ended()
}

// OnPhone does something on the phone that a flow waits for, through the practice banks'
// control, and returns what it shows then. It changes nothing here: the program finds out by
// asking the bank. A flow of another bank is [storage.ErrNotFound].
func (a *App) OnPhone(ctx context.Context, id string, deed PhoneDeed) (PhoneScreen, error) {
	flow, err := a.Flow(ctx, id)
	if err != nil {
		return PhoneScreen{}, err
	}
	if flow.EnvironmentID != bank.SandboxID || flow.BankID == "" {
		return PhoneScreen{}, storage.ErrNotFound
	}
	var shown PhoneScreen
	err = a.atControl(ctx, http.MethodPost, "/authorisations/"+url.PathEscape(flow.BankID)+"/phone", deed, &shown)
	return shown, err
}

// ShownInRoom reports whether a flow waits for its person where a real phone can take the place of this
// machine: on a practice phone, or on a practice bank's page.
func (a *App) ShownInRoom(flow Flow) bool { return a.AsksOnPhone(flow) || a.AsksOnPage(flow) }

// PhonesWaited lists the flows that wait where a real phone can take this machine's place, the latest first.
func (a *App) PhonesWaited(ctx context.Context) ([]Flow, error) {
	open, err := a.store.OpenAuthorisations(ctx)
	if err != nil || !a.HasPractice() {
		return nil, err
	}
	var all []Flow
	for _, one := range open {
		flow, err := a.Flow(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		if a.ShownInRoom(flow) {
			all = append(all, flow)
		}
	}
	return all, nil
}
