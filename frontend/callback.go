package frontend

import (
	"context"
	"net/http"

	"consentry/app"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// CallbackPath is where banks send the person back to.
const CallbackPath = "/callback"

// callback takes the person back from the bank. Whether the browser it happens
// in has a session is not known, as banks have this address registered without
// any session's place. So it is shown how things went, and nothing else; the way
// on is opened by script where it lies (static/home.js).
func (s *Server) callback(w http.ResponseWriter, r *http.Request) error {
	outcome, flow, err := s.app.SCA().Returned(r.Context(), r.URL.Query(), s.person(r))
	if err != nil {
		s.log.Error("callback", "error", err)
		outcome = sca.ReturnFailed
	}
	if state := oneState(r); outcome == sca.ReturnUnknown && storage.IsFork(state) {
		return s.backInFork(w, r, state)
	}
	v := callbackView{Notice: returnNotice(r.Context(), outcome, flow.Subject.Kind), Status: returnStatus(outcome), Next: "/"}
	if flow.ID != "" {
		v.Next = "/authorisations/" + flow.ID
	}
	return s.render(w, r, v.Status, Bare(words.T(r.Context(), "Back from the bank")), v.content())
}

type callbackView struct {
	Notice ui.Notice
	Status int
	Next   string // where to go on, should this browser have a session
}

func returnStatus(outcome sca.Return) int {
	switch outcome {
	case sca.ReturnUnknown, sca.ReturnEmpty:
		return http.StatusBadRequest
	case sca.ReturnTwice, sca.ReturnLate, sca.ReturnOver:
		return http.StatusGone
	}
	return http.StatusOK
}

// returnNotice puts the outcome of a return into words. None of them names a
// bank or an account: who reads this is not known.
func returnNotice(ctx context.Context, outcome sca.Return, of storage.SubjectKind) ui.Notice {
	var denied, lost words.Text = "The consent was not approved.", "Nothing was shared."
	switch of {
	case storage.SubjectDeletion:
		denied, lost = "The deletion was not approved.", "Nothing has changed at the bank."
	case storage.SubjectPayment:
		denied, lost = "The payment was not approved.", "Nothing was paid."
	case storage.SubjectCancellation:
		denied, lost = "The cancellation was not approved.", "The payment goes on."
	}
	said := func(tone ui.Tone, title, lost, next words.Text) ui.Notice {
		return ui.Notice{Tone: tone, Title: words.T(ctx, title), Lost: words.T(ctx, lost), Next: words.T(ctx, next)}
	}
	switch outcome {
	case sca.ReturnTaken:
		return said(ui.Good, "You are back from the bank.", "", "Go back to Consentry: it continues there automatically. You can close this tab.")
	case sca.ReturnDenied:
		return said(ui.Neutral, denied, lost, "Go back to Consentry to ask again or leave it.")
	case sca.ReturnTwice:
		return said(ui.Neutral, "You came back from the bank before.", "The first time counted, and nothing was done twice.", "Go back to Consentry to see how it stands.")
	case sca.ReturnLate:
		return said(ui.Warn, "You came back too late.", "", "Go back to Consentry: it has asked the bank how it stands, and lets you start once more where that is left to do.")
	case sca.ReturnOver:
		return said(ui.Neutral, "This approval had ended before you came back.", "", "It was cancelled or started again in Consentry. Go back there: it has asked the bank how it stands.")
	case sca.ReturnUnknown:
		return said(ui.Bad, "This return does not belong to anything you started here.", "Nothing was done.", "If you did not come from your bank just now, close this tab. Otherwise go back to Consentry and choose “Check now”.")
	case sca.ReturnEmpty:
		return said(ui.Warn, "The bank sent you back without saying what became of it.", "Nothing was lost.", "Go back to Consentry and choose “Check now”.")
	}
	return said(ui.Bad, "The bank’s confirmation could not be used.", lost, "Go back to Consentry to see why and to start once more.")
}

// backInFork takes the person back to a fork, of which nothing waits for their return: the
// next step asks the bank how it stands.
func (s *Server) backInFork(w http.ResponseWriter, r *http.Request, flowID string) error {
	v := callbackView{Status: http.StatusOK, Next: flowPath(flowID)}
	_, err := s.app.Drafts().ForkOf(r.Context(), flowID)
	switch {
	case app.NotFound(err):
		v = callbackView{Notice: returnNotice(r.Context(), sca.ReturnUnknown, ""), Status: http.StatusBadRequest, Next: "/"}
	case err != nil:
		return err
	default:
		v.Notice = ui.Notice{Tone: ui.Good, Title: words.T(r.Context(), "You are back from the bank."), Next: words.T(r.Context(), "Go back to Consentry, and open the next step of the fork. You can close this tab.")}
	}
	return s.render(w, r, v.Status, Bare(words.T(r.Context(), "Back from the bank")), v.content())
}

// oneState is the state of a return; empty where there is not exactly one.
func oneState(r *http.Request) string {
	if all := r.URL.Query()["state"]; len(all) == 1 {
		return all[0]
	}
	return ""
}
