package frontend

import (
	"fmt"
	"net/http"
	"strings"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// authorisation shows where the linking of a bank stands and what comes next.
func (s *Server) authorisation(w http.ResponseWriter, r *http.Request) error {
	flow, err := s.app.Flow(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: "Link " + flow.Consent.BankName, Section: SectionBanks}, s.linking(flow, nil).content())
}

// linking is the view of a flow; failed is what the last action on it said.
func (s *Server) linking(flow app.Flow, failed *app.Error) linkingView {
	return linkingView{Flow: flow, Failed: failed, Window: s.openBrowser != nil}
}

// authorisationStep is asked each second by the page that waits. It answers
// nothing while the page shows how things stand, and reloads it otherwise.
func (s *Server) authorisationStep(w http.ResponseWriter, r *http.Request) error {
	flow, err := s.app.Flow(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.URL.Query().Get("shown") != s.linking(flow, nil).stand() {
		w.Header().Set("HX-Refresh", "true")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// bankPage leads a browser to the bank's page.
func (s *Server) bankPage(w http.ResponseWriter, r *http.Request) error {
	address, err := s.app.Page(r.Context(), r.PathValue("id"), s.person(r))
	if err != nil {
		return err
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// openBankPage shows the bank's page in the system's browser: the window is no
// place to log in at a bank.
func (s *Server) openBankPage(w http.ResponseWriter, r *http.Request) error {
	if s.openBrowser == nil {
		return s.bankPage(w, r)
	}
	address, err := s.app.Page(r.Context(), r.PathValue("id"), s.person(r))
	if err != nil {
		return err
	}
	if err := s.openBrowser(address); err != nil {
		return &app.Error{
			Message: "The browser could not be opened.", Lost: "The permission waits here.",
			Do: "Copy the address from the details into a browser.", Detail: address, Cause: err,
		}
	}
	redirect(w, r, "/authorisations/"+r.PathValue("id"))
	return nil
}

// chooseMethod tells the bank how the person wants to approve.
func (s *Server) chooseMethod(w http.ResponseWriter, r *http.Request) error {
	return s.act(w, r, s.app.ChooseMethod(r.Context(), r.PathValue("id"), r.FormValue("method"), s.person(r)))
}

// checkAuthorisation asks the bank how far it is.
func (s *Server) checkAuthorisation(w http.ResponseWriter, r *http.Request) error {
	return s.act(w, r, s.app.Check(r.Context(), r.PathValue("id"), s.person(r)))
}

// giveUp ends the linking.
func (s *Server) giveUp(w http.ResponseWriter, r *http.Request) error {
	return s.act(w, r, s.app.GiveUp(r.Context(), r.PathValue("id"), s.person(r)))
}

// act shows the flow after an action on it, with what went wrong.
func (s *Server) act(w http.ResponseWriter, r *http.Request, err error) error {
	id := r.PathValue("id")
	failed, known := asFailure(err)
	if err == nil {
		redirect(w, r, "/authorisations/"+id)
		return nil
	}
	if !known {
		return err
	}
	flow, err := s.app.Flow(r.Context(), id)
	if err != nil {
		return err
	}
	return s.pageStatus(w, r, http.StatusBadGateway, Page{Title: "Link " + flow.Consent.BankName, Section: SectionBanks}, s.linking(flow, failed).content())
}

// resume goes on with a permission that was asked for and not approved.
func (s *Server) resume(w http.ResponseWriter, r *http.Request) error {
	id, err := s.app.Resume(r.Context(), r.PathValue("id"), s.person(r))
	if failed, known := asFailure(err); known && id != "" {
		flow, err := s.app.Flow(r.Context(), id)
		if err != nil {
			return err
		}
		return s.pageStatus(w, r, http.StatusBadGateway, Page{Title: "Link " + flow.Consent.BankName, Section: SectionBanks}, s.linking(flow, failed).content())
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/authorisations/"+id)
	return nil
}

// linkingView is a flow as the screen shows it.
type linkingView struct {
	app.Flow
	Failed *app.Error // what the last action on it said
	Window bool       // the bank's page opens in another program
}

// stand names what the page shows; when it differs from what is, the page is
// out of date.
func (v linkingView) stand() string {
	parts := []string{string(v.Step), string(v.Outcome)}
	if !v.ReturnedAt.IsZero() {
		parts = append(parts, "returned")
	}
	if v.Job != nil && !v.Job.Running() {
		parts = append(parts, "fetched")
	}
	return strings.Join(parts, "-")
}

// waiting tells whether the page has to look for news.
func (v linkingView) waiting() bool {
	if v.Outcome == storage.Succeeded {
		return v.Job != nil && v.Job.Running()
	}
	return !v.Ended() && v.Step != stepAskWord && v.Step != xs2a.StepChooseMethod
}

// stepAskWord is the step before the bank answered.
const stepAskWord xs2a.Step = "ask"

func (v linkingView) atBank() bool {
	return !v.Ended() && v.ReturnedAt.IsZero() && (v.Step == xs2a.StepOAuth || v.Step == xs2a.StepRedirect)
}

// steps says where the person is and who acts next.
func (v linkingView) steps() ui.Steps {
	steps := ui.Steps{Names: linkSteps, Now: stepBank}
	const stays = "You can close this window: the permission waits here and you can go on later."
	switch {
	case v.Outcome == storage.Succeeded && v.Job != nil && v.Job.Running():
		steps.Now, steps.Who, steps.Leave = stepFetch, "Consentry is reading your accounts.", "You can leave this page; reading goes on."
	case v.Outcome == storage.Succeeded && v.Job != nil && v.Job.Err != nil:
		steps.Now, steps.Failed = stepFetch, true
	case v.Outcome == storage.Succeeded:
		steps.Now = len(linkSteps)
	case v.Ended():
		steps.Failed = true
	case v.Unanswered():
		steps.Now, steps.Who, steps.Leave = stepShare, "It is your turn.", stays
	case v.Step == xs2a.StepChooseMethod:
		steps.Who, steps.Leave = "It is your turn.", stays
	case v.atBank() && v.OpenedAt.IsZero():
		steps.Who, steps.Leave = "It is your turn: go to "+v.Consent.BankName+".", stays
	case v.atBank():
		steps.Who, steps.Leave = "It is your turn, at "+v.Consent.BankName+".", stays
	case v.Step != xs2a.StepUnknown:
		steps.Who, steps.Leave = v.Consent.BankName+" is being asked for the outcome.", stays
	}
	return steps
}

// page is where this program leads a browser to the bank.
func (v linkingView) page() string { return "/authorisations/" + v.ID + "/page" }

// notice says how the flow ended.
func (v linkingView) notice() ui.Notice {
	bank := v.Consent.BankName
	n := ui.Notice{ID: "outcome", Tone: ui.Bad, Lost: "Nothing was shared.", Next: "You can ask again at any time."}
	switch v.Outcome {
	case storage.Denied:
		n.Tone, n.Title = ui.Neutral, "You said no at "+bank+"."
		if v.Consent.Status != xs2a.ConsentRejected {
			n.Title = "The permission was not approved at " + bank + "."
		}
	case storage.Expired:
		n.Title = "It took too long."
		n.Next = bank + " closes its approval after a while. Start it once more and finish within half an hour."
	case storage.GivenUp:
		n.Tone, n.Title = ui.Neutral, "You gave this up."
	case storage.Replaced:
		n.Tone, n.Title, n.Next = ui.Neutral, "You started this once more.", "Go on with the newer attempt."
	default:
		n.Title = bank + " ended the approval."
		n.Next = "It may have taken too long, or the login failed. You can start it once more."
	}
	if v.Message != "" {
		n.Detail = v.Message
	}
	return n
}

// retry tells whether the approval can be started once more.
func (v linkingView) retry() bool {
	return v.Ended() && v.Outcome != storage.GivenUp && !v.Consent.Status.Final() && v.Consent.Status != xs2a.ConsentValid
}

// fetched sums up the first fetch.
func (v linkingView) fetched() string {
	if v.Job == nil {
		return "Your accounts are in Consentry."
	}
	return fmt.Sprintf("%s with %s are in Consentry.", counted(v.Job.Done, "account"), counted(v.Job.New, "transaction"))
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
