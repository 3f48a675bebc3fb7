package frontend

import (
	"context"
	"net/http"

	"consentry/app"
	"consentry/app/remind"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// roundView is a round as screens show it.
type roundView struct {
	app.Round
	Names   []string    // what tells each turn's consent from the others
	Present int         // index of the turn the person is at; -1 on the round's own page
	Later   []ui.Action // the ways to put the present one off
	Due     int         // consents that are due and for which no turn waits
}

// beginRound begins to renew all that is due, or goes on with it, and leads to the first.
func (s *Server) beginRound(w http.ResponseWriter, r *http.Request) error {
	round, err := s.app.BeginRound(r.Context())
	if err != nil {
		return err
	}
	redirect(w, r, onwardPath(round))
	return nil
}

// round shows how far a round is, and what became of each consent.
func (s *Server) round(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	round, err := s.app.Round(ctx, r.PathValue("round"))
	if err != nil {
		return err
	}
	view, err := s.roundOf(ctx, round, "")
	if err != nil {
		return err
	}
	due, err := s.app.Reminders().Due(ctx)
	if err != nil {
		return err
	}
	view.Due = dueBeside(round, due)
	return s.page(w, r, Page{Title: words.T(ctx, renewAllLabel), Section: SectionConsents}, roundScreen(view))
}

// nextTurn leads to the consent whose turn it is, which may have become another since the page was made.
func (s *Server) nextTurn(w http.ResponseWriter, r *http.Request) error {
	return s.goOn(w, r, nil)
}

// skipTurn goes on without a consent.
func (s *Server) skipTurn(w http.ResponseWriter, r *http.Request) error {
	return s.goOn(w, r, s.app.PassTurn(r.Context(), r.PathValue("round"), r.PathValue("id")))
}

// putOffTurn goes on without a consent, of which the person is reminded later.
func (s *Server) putOffTurn(w http.ResponseWriter, r *http.Request) error {
	return s.goOn(w, r, s.app.PutOffTurn(r.Context(), r.PathValue("round"), r.PathValue("id"), remind.Snooze(r.PostFormValue("for"))))
}

// endRound ends a round and shows what became of it.
func (s *Server) endRound(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.EndRound(r.Context(), r.PathValue("round")); err != nil {
		return err
	}
	redirect(w, r, roundPath(r.PathValue("round")))
	return nil
}

// goOn leads to the next turn of the round in the address, after what was done about another.
func (s *Server) goOn(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		return err
	}
	round, err := s.app.Round(r.Context(), r.PathValue("round"))
	if err != nil {
		return err
	}
	redirect(w, r, onwardPath(round))
	return nil
}

// onwardPath leads to the form of the turn that is next, or to the round's page where none is.
func onwardPath(round app.Round) string {
	if !round.UnderWay() {
		return roundPath(round.ID)
	}
	return renewPath(round.Turns[round.Next("")].ConsentID)
}

// roundAt is the round under way in which a consent has a turn; nil where there is none.
func (s *Server) roundAt(ctx context.Context, consentID string) (*roundView, error) {
	if consentID == "" {
		return nil, nil
	}
	round, err := s.app.RoundAt(ctx, consentID)
	if err != nil || round == nil {
		return nil, err
	}
	view, err := s.roundOf(ctx, *round, consentID)
	return &view, err
}

func (s *Server) roundOf(ctx context.Context, round app.Round, present string) (roundView, error) {
	view := roundView{Round: round, Present: round.At(present)}
	environments, err := s.app.Banks().Environments(ctx)
	if err != nil {
		return view, err
	}
	called := map[string]string{}
	for _, e := range environments {
		called[e.ID] = e.Name
	}
	for _, turn := range round.Turns {
		view.Names = append(view.Names, turnName(ctx, round, turn, called))
	}
	if view.Present >= 0 {
		c := round.Turns[view.Present].Consent
		view.Later = snoozeActions(ctx, c, s.app.Clock().NowAt(c.EnvironmentID))
	}
	return view, nil
}

// turnName is what a turn's consent is called: its bank and, where another of the round is of a bank of
// that name, what tells the two apart.
func turnName(ctx context.Context, round app.Round, turn app.Turn, environments map[string]string) string {
	about := ""
	for _, other := range round.Turns {
		switch {
		case other.ConsentID == turn.ConsentID || other.Consent.BankName != turn.Consent.BankName:
		case other.Consent.EnvironmentID != turn.Consent.EnvironmentID:
			about = environments[turn.Consent.EnvironmentID]
		case about == "":
			about = turn.Consent.Purpose
		}
	}
	if about == "" {
		return turn.Consent.BankName
	}
	return words.T(ctx, "%s (%s)", turn.Consent.BankName, about)
}

// dueBeside counts what is due and is not waiting for its turn in a round.
func dueBeside(round app.Round, due []remind.Bundle) (n int) {
	for _, bundle := range due {
		for _, reminder := range bundle {
			if at := round.At(reminder.Consent.ID); !round.UnderWay() || at < 0 || !round.Turns[at].Waits() {
				n++
			}
		}
	}
	return n
}

// renewAllLabel names what walks through all that is due.
const renewAllLabel words.Text = "Renew all"

// present is the turn the person is at.
func (view *roundView) present() app.Turn { return view.Turns[view.Present] }

// next is the index of the turn that follows on the present one; -1 where none waits.
func (view *roundView) next() int {
	if view.Present < 0 {
		return view.Next("")
	}
	return view.Next(view.present().ConsentID)
}

// place says which of how many consents it is.
func (view *roundView) place(ctx context.Context) string {
	return words.T(ctx, "%d of %d · %s", view.Present+1, len(view.Turns), view.Names[view.Present])
}

// after says what comes next.
func (view *roundView) after(ctx context.Context) string {
	var names []string
	for i, turn := range view.Turns {
		if turn.Waits() && i != view.Present {
			names = append(names, view.Names[i])
		}
	}
	if len(names) == 0 {
		return words.T(ctx, "Nothing comes after it.")
	}
	return words.T(ctx, "Then: %s.", bankNames(ctx, names))
}

// onward is the one step after a consent is settled: the next one, or the end.
func (view *roundView) onward(ctx context.Context) ui.Action {
	action := ui.Action{Weight: ui.Primary, Href: roundPath(view.ID) + "/next", Next: true}
	next := view.next()
	if next < 0 {
		action.Label, action.Href = words.T(ctx, "See what was renewed"), roundPath(view.ID)
		return action
	}
	action.Label = words.T(ctx, "Next: %s (%d of %d)", view.Names[next], next+1, len(view.Turns))
	return action
}

// skipLabel names going on without the present consent.
func (view *roundView) skipLabel(ctx context.Context) string {
	if next := view.next(); next >= 0 {
		return words.T(ctx, "Go on with %s", view.Names[next])
	}
	return words.T(ctx, "Go on to the end")
}

// summary says how far the round is.
func (view roundView) summary(ctx context.Context) ui.Notice {
	renewed, all := view.Count(app.TurnRenewed), len(view.Turns)
	switch left := view.Left(); {
	case view.UnderWay():
		return ui.Notice{Tone: ui.Info, Title: words.N(ctx, left, "%[1]d of %[2]d consent is still to come.", "%[1]d of %[2]d consents are still to come.", all),
			Next: words.T(ctx, "Each is shown to you before its bank is asked, and works until the new one does.")}
	case renewed == all:
		return ui.Notice{Tone: ui.Good, Title: words.N(ctx, all, "%d consent is renewed.", "All %d consents are renewed."), Next: words.T(ctx, "Their accounts are read under the new ones.")}
	case renewed == 0:
		return ui.Notice{Tone: ui.Warn, Title: words.T(ctx, "No consent was renewed."), Next: words.T(ctx, "Nothing was lost: what is not renewed works until its last day.")}
	}
	return ui.Notice{Tone: ui.Warn, Title: words.N(ctx, renewed, "%[1]d of %[2]d consents is renewed.", "%[1]d of %[2]d consents are renewed.", all),
		Next: words.T(ctx, "Nothing was lost: what is not renewed works until its last day.")}
}

// turnBadges are the states of turns, each as a word with its tone.
var turnBadges = map[app.TurnState]struct {
	tone ui.Tone
	word words.Text
}{
	app.TurnOpen: {ui.Neutral, "To come"}, app.TurnBegun: {ui.Info, "Not approved"}, app.TurnFailed: {ui.Bad, "Not renewed"},
	app.TurnLater: {ui.Neutral, "Later"}, app.TurnSkipped: {ui.Neutral, "Skipped"},
	app.TurnRenewed: {ui.Good, "Renewed"}, app.TurnOver: {ui.Neutral, "Ended"}, app.TurnNotDue: {ui.Neutral, "Not due"},
}

// turnWords say what became of a turn.
func turnWords(ctx context.Context, turn app.Turn) string {
	last := ui.DateWords(ctx, lastDay(turn.Consent))
	switch turn.State {
	case app.TurnRenewed:
		if turn.Renewal == nil {
			return words.T(ctx, "A newer consent took its place.")
		}
		return words.T(ctx, "Renewed; the next time by %s.", ui.DateWords(ctx, lastDay(*turn.Renewal)))
	case app.TurnBegun:
		if turn.Renewal.Status == xs2a.ConsentPartiallyAuthorised {
			return words.T(ctx, "Another person has to approve it, too. The old one works until %s.", last)
		}
		return words.T(ctx, "Asked for, and not approved yet. The old one works until %s.", last)
	case app.TurnFailed:
		if turn.Reason.Given() {
			return sentences(sentence(reasonWords(ctx, turn.Reason)), words.T(ctx, "The old one works until %s.", last))
		}
		return words.T(ctx, "The new one was not approved. The old one works until %s.", last)
	case app.TurnLater:
		return words.T(ctx, "You are reminded again on %s.", ui.DateWords(ctx, day(turn.Consent.SnoozedUntil)))
	case app.TurnSkipped:
		return words.T(ctx, "You went on without it. It works until %s.", last)
	case app.TurnOver:
		return words.T(ctx, "It ended before it was renewed.")
	case app.TurnNotDue:
		return words.T(ctx, "It need not be renewed any more: its last day is %s.", last)
	}
	return words.T(ctx, "To be renewed by %s.", last)
}

// turnAction is what can be done about a consent that is not settled; false for one that is.
func turnAction(ctx context.Context, turn app.Turn) (ui.Action, bool) {
	switch {
	case turn.State.Settled():
		return ui.Action{}, false
	case turn.State == app.TurnBegun:
		return ui.Action{Label: words.T(ctx, "Continue"), Href: consentPath(turn.Renewal.ID), Small: true}, true
	}
	return ui.Action{Label: words.T(ctx, "Renew"), Href: renewPath(turn.ConsentID), Small: true}, true
}

// turnPath leads to what can be done about a consent in a round.
func turnPath(round, consent, what string) string {
	return roundPath(round) + "/turns/" + consent + "/" + what
}

// renewalsView is what has to be renewed, as one strip.
type renewalsView struct {
	Due   []remind.Bundle
	Round *app.Round // that was begun and not brought to its end; nil for none
}

// renewals is what the person is to be reminded of, and the round that is under way.
func (s *Server) renewals(ctx context.Context) (view renewalsView, err error) {
	if view.Due, err = s.app.Reminders().Due(ctx); err != nil {
		return view, err
	}
	round, err := s.app.RoundUnderWay(ctx)
	if err == nil && round != nil && round.UnderWay() {
		view.Round = round
	}
	return view, err
}

// count is how many consents have to be renewed.
func (view renewalsView) count() (n int) {
	for _, bundle := range view.Due {
		n += len(bundle)
	}
	return n
}

// notice says which consents have to be renewed, those within two weeks of each other in one sentence.
func (view renewalsView) notice(ctx context.Context) ui.Notice {
	var said []string
	for _, bundle := range view.Due {
		said = append(said, renewalsDue(ctx, bundle))
	}
	return ui.Notice{Tone: ui.Warn, Title: said[0], Next: sentences(said[1:]...)}
}

// begun says how far the round is that is under way.
func (view renewalsView) begun(ctx context.Context) ui.Notice {
	turn := view.Round.Turns[view.Round.Next("")]
	return ui.Notice{Tone: ui.Info,
		Title: words.N(ctx, view.Round.Left(), "You began to renew all: %[1]d of %[2]d consent is still to come.", "You began to renew all: %[1]d of %[2]d consents are still to come.", len(view.Round.Turns)),
		Next:  words.T(ctx, "The next is at %s.", turn.Consent.BankName)}
}

// snoozeTogether puts a whole reminder off and goes back to where it was seen.
func (s *Server) snoozeTogether(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Reminders().SnoozeTogether(r.Context(), r.PathValue("id"), remind.Snooze(r.PostFormValue("for"))); err != nil {
		return err
	}
	back := "/consents"
	if r.Referer() != "" {
		back = cameFrom(r)
	}
	redirect(w, r, back)
	return nil
}

// renewedAlready reports whether the consent a form is about was renewed in the round under way: a second
// window, or the way back, shows its form still.
func (view shareView) renewedAlready() bool {
	return view.Round != nil && view.Round.present().State == app.TurnRenewed
}

// consentOfTurn is the consent a turn's row leads to.
func consentOfTurn(turn app.Turn) storage.Consent {
	if turn.State == app.TurnRenewed && turn.Renewal != nil {
		return *turn.Renewal
	}
	return turn.Consent
}
