package app

import (
	"context"
	"net/http"
	"net/url"
	"sync"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
)

// PageFields are the fields of the forms on practice banks' pages.
var PageFields = []string{"as", "login", "password", "accounts", "balances", "transactions", "code", "action"}

// AsksOnPage reports whether a flow waits for its person on a page of the practice banks inside
// the program.
func (a *App) AsksOnPage(flow Flow) bool {
	atPage := flow.Step == xs2a.StepRedirect || flow.Step == xs2a.StepOAuth
	return a.HasPractice() && flow.EnvironmentID == bank.SandboxID && atPage && flow.ReturnedAt.IsZero() && !flow.Ended()
}

// PageVisit is a visit to the pages of a practice bank, for one flow, that is shown somewhere
// else than in a browser of this machine. It is safe for concurrent use.
type PageVisit struct {
	app    *App
	flow   string
	person xs2a.PSU

	mu sync.Mutex
	at visitedPage
}

// visitedPage is where a visit is, as the banks' control tells and is told.
type visitedPage struct {
	Authorisation string `json:"authorisation"`
	Session       string `json:"session"`
}

// VisitPage returns a visit to the page that a flow waits on. It begins when it is first shown.
func (a *App) VisitPage(flowID string, person xs2a.PSU) *PageVisit {
	return &PageVisit{app: a, flow: flowID, person: person}
}

// Do does on the page what a form says, or nothing, and returns what stands there then. Where the
// bank sends the person back, the return is taken here: no browser brings it.
func (v *PageVisit) Do(ctx context.Context, form url.Values, language string) (PhoneScreen, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	asked := struct {
		Address string `json:"address,omitempty"`
		visitedPage
		Form     url.Values `json:"form,omitempty"`
		Language string     `json:"language"`
	}{visitedPage: v.at, Form: form, Language: language}
	if v.at.Session == "" {
		flow, err := v.app.Flow(ctx, v.flow)
		if err != nil {
			return PhoneScreen{}, err
		}
		if !v.app.AsksOnPage(flow) {
			return PhoneScreen{}, storage.ErrNotFound
		}
		if asked.Address, err = v.app.SCA().Redirect(ctx, v.flow, v.person); err != nil {
			return PhoneScreen{}, err
		}
	}
	var shown struct {
		visitedPage
		PhoneScreen
		Back string `json:"back"`
	}
	if err := v.app.atControl(ctx, http.MethodPost, "/page", asked, &shown); err != nil {
		return PhoneScreen{}, err
	}
	v.at = shown.visitedPage
	if shown.Back == "" {
		return shown.PhoneScreen, nil
	}
	return shown.PhoneScreen, v.app.SCA().Pasted(ctx, v.flow, shown.Back, v.person)
}
