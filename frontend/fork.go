package frontend

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"consentry/app"
	"consentry/app/draft"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// forkView is a fork as its flow shows it.
type forkView struct {
	Next    draft.Next
	Awaited draft.Awaited
	Failure *app.Error        // why what comes next cannot be shown
	Latest  *storage.Exchange // that was sent in it; nil where none is kept
}

func forkPath(exchange int64) string { return exchangePath(exchange) + "/fork" }

func nextPath(flowID string) string { return flowPath(flowID) + "/next" }

// forkable reports whether a flow can be forked at an exchange: what gets an access token is
// never sent by hand.
func forkable(e storage.Exchange) bool {
	return draft.Forkable(e.FlowID) == nil && !record.OperationOf(e.Method, e.URL, e.Request.Body).Token
}

// forkHere opens the form with which a flow is forked.
func (s *Server) forkHere(w http.ResponseWriter, r *http.Request) error {
	view, err := s.forkingOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), draftScreen(view))
}

// fork begins a flow with what was written.
func (s *Server) fork(w http.ResponseWriter, r *http.Request) error {
	view, err := s.forkingOf(r)
	if err != nil {
		return err
	}
	return s.sendDraft(w, r, view, func(view draftView) (string, error) {
		flow, err := s.app.Drafts().Fork(r.Context(), view.From, view.Draft, s.person(r))
		return flowPath(flow), err
	})
}

func (s *Server) forkingOf(r *http.Request) (draftView, error) {
	id, err := numberIn(r)
	if err != nil {
		return draftView{}, err
	}
	from, written, err := s.app.Drafts().OpenFork(r.Context(), id)
	if err != nil {
		return draftView{}, err
	}
	return s.presentedDraft(r, draftView{From: from, Draft: written, Forks: true})
}

// nextStep opens the next step of a fork as a form.
func (s *Server) nextStep(w http.ResponseWriter, r *http.Request) error {
	view, err := s.nextOf(r)
	if err != nil {
		return err
	}
	if !view.Next.Open {
		redirect(w, r, flowPath(r.PathValue("flow")))
		return nil
	}
	return s.page(w, r, view.page(r.Context()), draftScreen(view))
}

// sendNext sends the next step of a fork, or skips it. A form of a step that is over leads
// back to the fork.
func (s *Server) sendNext(w http.ResponseWriter, r *http.Request) error {
	flow := r.PathValue("flow")
	view, err := s.nextOf(r)
	if err != nil {
		return err
	}
	if !view.Next.Open || r.PostFormValue("step") != view.step() {
		redirect(w, r, flowPath(flow))
		return nil
	}
	if r.PostFormValue("do") == "skip" && !view.Presenting {
		if err := s.app.Drafts().Skip(r.Context(), *view.Next); err != nil {
			return err
		}
		redirect(w, r, flowPath(flow))
		return nil
	}
	return s.sendDraft(w, r, view, func(view draftView) (string, error) {
		return flowPath(flow), s.app.Drafts().SendNext(r.Context(), *view.Next, view.Draft, s.person(r))
	})
}

func (s *Server) nextOf(r *http.Request) (draftView, error) {
	next, err := s.app.Drafts().Next(r.Context(), r.PathValue("flow"))
	if err != nil {
		return draftView{}, err
	}
	return s.presentedDraft(r, draftView{From: next.From, Draft: next.Draft, Next: &next})
}

// stopFork goes no further with a fork.
func (s *Server) stopFork(w http.ResponseWriter, r *http.Request) error {
	flow := r.PathValue("flow")
	if err := s.app.Drafts().Stop(r.Context(), flow); err != nil {
		return err
	}
	redirect(w, r, flowPath(flow))
	return nil
}

// forksOf adds to a flow what is shown of its forks, or of it as one, and what was made in it.
func (s *Server) forksOf(ctx context.Context, view *flowView) (err error) {
	drafts := s.app.Drafts()
	if view.Forks, err = drafts.ForksOf(ctx, view.ID); err != nil || view.ID == "" {
		return err
	}
	if view.Made, err = drafts.Handmade(ctx, view.ID); err != nil || view.Fork == nil {
		return err
	}
	view.Forked = &forkView{}
	if view.Forked.Next, err = drafts.Next(ctx, view.ID); err != nil && !errors.As(err, &view.Forked.Failure) {
		return err
	}
	if view.Count > 0 {
		latest, err := s.app.Record().Exchange(ctx, view.LatestID)
		if err != nil {
			return err
		}
		view.Forked.Latest = &latest
	}
	if view.Forked.Awaited, err = drafts.Awaited(ctx, view.ID); errors.As(err, &view.Forked.Failure) {
		return nil
	}
	return err
}

// step is the exchange a form of a fork's next step is written from.
func (view draftView) step() string { return strconv.FormatInt(view.From.ID, 10) }

// standsWords say of a value what became of it.
var standsWords = map[draft.Stands]words.Text{
	draft.StandsSkipped: "Stands as it was: the step that gave it was not sent anew.",
	draft.StandsUntold:  "Stands as it was: the new answer does not give it.",
}

// passedWords say why an exchange is not offered.
var passedWords = map[draft.PassedFor]words.Text{
	draft.PassedToken:  "A token is not asked for by hand: the one there is goes along.",
	draft.PassedByHand: "It was sent again by hand.",
	draft.PassedRepeat: "The same was asked before it, and nothing in between.",
}

// makes reports whether a request makes something at the bank that is there alone.
func (view draftView) makes() storage.HandmadeKind {
	switch record.OperationOf(view.Draft.Method, view.Draft.Address, "").ID {
	case "createConsent":
		return storage.HandmadeConsent
	case "initiatePayment":
		return storage.HandmadePayment
	}
	return ""
}

// forkTitle is what a fork is called in lists.
func forkTitle(ctx context.Context, fork storage.Fork) string {
	return words.T(ctx, "Forked at: %s", stepWords(ctx, fork.Step))
}

func madeTitle(ctx context.Context, made storage.Handmade) string {
	if made.Kind == storage.HandmadePayment {
		return words.T(ctx, "Payment at %s", made.BankName)
	}
	return words.T(ctx, "Consent at %s", made.BankName)
}

// madeState is how it stands at the bank, as far as is known.
func madeState(ctx context.Context, made storage.Handmade) (tone ui.Tone, word string) {
	tone = ui.Warn
	if made.Over() {
		tone = ui.Neutral
	}
	if made.Kind == storage.HandmadePayment {
		if made.Status == "" {
			return tone, words.T(ctx, "Not known")
		}
		return tone, made.Status
	}
	switch xs2a.ConsentStatus(made.Status) {
	case xs2a.ConsentReceived:
		return tone, words.T(ctx, "Not approved")
	case xs2a.ConsentValid:
		return tone, words.T(ctx, "Active")
	case "":
		return tone, words.T(ctx, "Not known")
	}
	return tone, made.Status
}

// actPath leads to the form that asks about what was made by hand, or ends it.
func actPath(made storage.Handmade, act draft.Act) string {
	return againPath(made.ExchangeID) + "?act=" + string(act)
}

// awaitedPage says what to do on the bank's page, or why there is no link to it.
func awaitedPage(ctx context.Context, awaited draft.Awaited) string {
	switch {
	case awaited.Link != "":
		return words.T(ctx, "Approve there, or say no. The bank leads you back to Consentry; then open the next step here.")
	case awaited.Host != "":
		return words.T(ctx, "Its link leads to %s, which is no host of the bank’s in the settings, so it is not offered.", awaited.Host)
	}
	return words.T(ctx, "Its link holds a secret that is not kept, so it cannot be offered.")
}

// leaveMade takes off the list what the person has seen to themself.
func (s *Server) leaveMade(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Drafts().Leave(r.Context(), id); err != nil {
		return err
	}
	redirect(w, r, cameFrom(r))
	return nil
}

func leavePath(made storage.Handmade) string {
	return "/activity/made/" + strconv.FormatInt(made.ID, 10) + "/leave"
}

// stopPath ends a fork.
func stopPath(flowID string) string { return flowPath(flowID) + "/stop" }
