package frontend

import (
	"net/http"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
)

// CallbackPath is where banks send the person back to.
const CallbackPath = "/callback"

// callback takes the person back from the bank. Whether the browser it happens
// in has a session is not known, as banks have this address registered without
// any session's place. So it is shown how things went, and nothing else; the way
// on is opened by script where it lies (static/home.js).
func (s *Server) callback(w http.ResponseWriter, r *http.Request) error {
	outcome, flow, err := s.app.Returned(r.Context(), r.URL.Query(), s.person(r))
	if err != nil {
		s.log.Error("callback", "error", err)
		outcome = app.ReturnFailed
	}
	v := callbackView{Notice: returnNotice(outcome, flow.Subject.Kind), Status: returnStatus(outcome), Next: "/"}
	if flow.ID != "" {
		v.Next = "/authorisations/" + flow.ID
	}
	return s.render(w, r, v.Status, Bare("Back from the bank"), v.content())
}

type callbackView struct {
	Notice ui.Notice
	Status int
	Next   string // where to go on, should this browser have a session
}

func returnStatus(outcome app.Return) int {
	switch outcome {
	case app.ReturnUnknown, app.ReturnEmpty:
		return http.StatusBadRequest
	case app.ReturnTwice, app.ReturnLate, app.ReturnOver:
		return http.StatusGone
	}
	return http.StatusOK
}

// returnNotice puts the outcome of a return into words. None of them names a
// bank or an account: who reads this is not known.
func returnNotice(outcome app.Return, of storage.SubjectKind) ui.Notice {
	what, lost := "permission", "Nothing was shared."
	if of == storage.SubjectDeletion {
		what, lost = "deletion", "Nothing has changed at the bank."
	}
	switch outcome {
	case app.ReturnTaken:
		return ui.Notice{Tone: ui.Good, Title: "You are back from the bank.", Next: "Go back to Consentry: it goes on there by itself. You can close this tab."}
	case app.ReturnDenied:
		return ui.Notice{Tone: ui.Neutral, Title: "The " + what + " was not approved.", Lost: lost, Next: "Go back to Consentry to ask again or leave it."}
	case app.ReturnTwice:
		return ui.Notice{Tone: ui.Neutral, Title: "You came back from the bank before.", Lost: "The first time counted, and nothing was done twice.", Next: "Go back to Consentry to see how it stands."}
	case app.ReturnLate:
		return ui.Notice{Tone: ui.Warn, Title: "You came back too late.", Next: "Go back to Consentry: it has asked the bank how the permission stands, and lets you start once more."}
	case app.ReturnOver:
		return ui.Notice{Tone: ui.Neutral, Title: "This approval had ended before you came back.", Next: "It was given up or begun anew in Consentry. Go back there: it has asked the bank how the permission stands."}
	case app.ReturnUnknown:
		return ui.Notice{Tone: ui.Bad, Title: "This return does not belong to anything you started here.", Lost: "Nothing was done.", Next: "If you did not come from your bank just now, close this tab. Otherwise go back to Consentry and choose “Check now”."}
	case app.ReturnEmpty:
		return ui.Notice{Tone: ui.Warn, Title: "The bank sent you back without saying what became of it.", Lost: "Nothing was lost.", Next: "Go back to Consentry and choose “Check now”."}
	}
	return ui.Notice{Tone: ui.Bad, Title: "The bank’s confirmation could not be used.", Lost: lost, Next: "Go back to Consentry to see why and to start once more."}
}
