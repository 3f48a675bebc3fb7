package app

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/app/remind"
	"consentry/storage"
)

// A round walks a person through the consents that have to be renewed, so that they need not go back to a
// list between two. It renews nothing: each consent is asked for on its own form, as it is without a round,
// and the old one works until the bank has approved the new one.

// Round is a round with what became of each turn.
type Round struct {
	storage.RenewalRound
	Turns []Turn // in their order
}

// Turn is a consent's turn in a round.
type Turn struct {
	storage.RenewalTurn
	Consent storage.Consent  // to be renewed, as it is now
	Renewal *storage.Consent // what was asked for in its place last; nil where nothing was
	State   TurnState
}

// TurnState is what became of a turn.
type TurnState string

// The states of turns. Those after TurnSkipped are settled, whatever the person does.
const (
	TurnOpen    TurnState = "open"    // nobody has begun with it
	TurnBegun   TurnState = "begun"   // the new consent is asked for and not approved
	TurnFailed  TurnState = "failed"  // the bank was asked in vain, or the person declined
	TurnLater   TurnState = "later"   // the person is reminded of it later
	TurnSkipped TurnState = "skipped" // the person went on without it

	TurnRenewed TurnState = "renewed" // another consent is approved in its place
	TurnOver    TurnState = "over"    // it ended meanwhile, without another in its place
	TurnNotDue  TurnState = "notDue"  // it need not be renewed any more
)

// Settled reports whether nothing is left to do about it.
func (s TurnState) Settled() bool { return s == TurnRenewed || s == TurnOver || s == TurnNotDue }

// Waits reports whether the turn is still to come: it is not settled, and the person has neither gone on
// without it nor put it off.
func (t Turn) Waits() bool {
	return !t.State.Settled() && t.State != TurnLater && t.PassedAt.IsZero()
}

// Next is the index of the first turn that waits, but for one consent's; -1 for none.
func (r Round) Next(but string) int {
	return slices.IndexFunc(r.Turns, func(t Turn) bool { return t.Waits() && t.ConsentID != but })
}

// At is the index of a consent's turn; -1 for none.
func (r Round) At(consentID string) int {
	return slices.IndexFunc(r.Turns, func(t Turn) bool { return t.ConsentID == consentID })
}

// UnderWay reports whether the round was not ended and a turn waits.
func (r Round) UnderWay() bool { return r.EndedAt.IsZero() && r.Next("") >= 0 }

// Left counts the turns that wait.
func (r Round) Left() int {
	n := 0
	for _, t := range r.Turns {
		if t.Waits() {
			n++
		}
	}
	return n
}

// Count returns how many turns ended in one of some ways.
func (r Round) Count(states ...TurnState) int {
	n := 0
	for _, t := range r.Turns {
		if slices.Contains(states, t.State) {
			n++
		}
	}
	return n
}

// BeginRound begins a round of all that the person is to be reminded of, bank by bank, or goes on with the
// one under way, to which it adds what has become due. It returns an *Error where nothing is due.
func (a *App) BeginRound(ctx context.Context) (Round, error) {
	due, err := a.reminders.Due(ctx)
	if err != nil {
		return Round{}, err
	}
	before, err := a.RoundUnderWay(ctx)
	if err != nil {
		return Round{}, err
	}
	known, over := "", true
	if before != nil {
		known, over = before.ID, !before.UnderWay()
	}
	consents := bankByBank(due)
	if over && len(consents) == 0 {
		return Round{}, failure.New(failure.NothingToRemind)
	}
	id, err := a.store.BeginRound(ctx, known, over, uuid.NewString(), consents)
	if err != nil {
		return Round{}, err
	}
	return a.Round(ctx, id)
}

// bankByBank returns the ids of what is due, the most pressing first, all of one bank one behind the
// other.
func bankByBank(due []remind.Bundle) (ids []string) {
	var banks []bankID
	at := map[bankID][]string{}
	for _, bundle := range due {
		for _, r := range bundle {
			bank := bankID{r.Consent.EnvironmentID, r.Consent.BIC}
			if at[bank] == nil {
				banks = append(banks, bank)
			}
			at[bank] = append(at[bank], r.Consent.ID)
		}
	}
	for _, bank := range banks {
		ids = append(ids, at[bank]...)
	}
	return ids
}

// Round returns a round by its id.
func (a *App) Round(ctx context.Context, id string) (Round, error) {
	stored, err := a.store.Round(ctx, id)
	if err != nil {
		return Round{}, err
	}
	return a.roundOf(ctx, stored)
}

// RoundUnderWay returns the round that was begun last and not ended, or nil. Its last turn may be over.
func (a *App) RoundUnderWay(ctx context.Context) (*Round, error) {
	stored, err := a.store.RoundUnderWay(ctx)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	round, err := a.roundOf(ctx, stored)
	return &round, err
}

// RoundAt returns the round under way in which a consent has a turn; nil where there is none.
func (a *App) RoundAt(ctx context.Context, consentID string) (*Round, error) {
	round, err := a.RoundUnderWay(ctx)
	if err != nil || round == nil || round.At(consentID) < 0 {
		return nil, err
	}
	return round, nil
}

func (a *App) roundOf(ctx context.Context, stored storage.RenewalRound) (Round, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return Round{}, err
	}
	round := Round{RenewalRound: stored}
	for _, t := range stored.Turns {
		if one := index.byID[t.ConsentID]; one != nil {
			round.Turns = append(round.Turns, a.turnOf(index, t, one.Consent))
		}
	}
	return round, nil
}

// turnOf reads from the consents what became of a turn.
func (a *App) turnOf(index *consentIndex, stored storage.RenewalTurn, c storage.Consent) Turn {
	t := Turn{RenewalTurn: stored, Consent: c, State: TurnOpen}
	now := a.clock.NowAt(c.EnvironmentID)
	asked := index.byID[stored.AskedID]
	for _, one := range index.series[c.Series] { // the oldest first
		if one.Renews == c.ID && (!one.Ended() || !one.GrantedAt.IsZero()) {
			t.Renewal = &one
		}
	}
	if t.Renewal == nil && asked != nil {
		t.Renewal = &asked.Consent
	}
	switch {
	case t.Renewal != nil && !t.Renewal.GrantedAt.IsZero():
		t.State = TurnRenewed
	case c.ReplacedBy != "":
		t.State = TurnRenewed
		if by := index.byID[c.ReplacedBy]; by != nil {
			t.Renewal = &by.Consent
		}
	case t.Renewal != nil && !t.Renewal.Ended() && !a.RunOut(*t.Renewal):
		t.State = TurnBegun
	case !c.Usable(now):
		t.State = TurnOver
	case t.Renewal != nil || stored.Reason.Given():
		t.State = TurnFailed
	case remind.Snoozed(c, now):
		t.State = TurnLater
	case !stored.PassedAt.IsZero():
		t.State = TurnSkipped
	case !remind.Near(c, now):
		t.State = TurnNotDue
	}
	return t
}

// PassTurn goes on without renewing a consent. That of a turn that is settled changes nothing.
func (a *App) PassTurn(ctx context.Context, roundID, consentID string) error {
	if _, err := a.store.Round(ctx, roundID); err != nil {
		return err
	}
	return a.store.PassTurn(ctx, roundID, consentID)
}

// PutOffTurn goes on without renewing a consent, of which the person is reminded later.
func (a *App) PutOffTurn(ctx context.Context, roundID, consentID string, how remind.Snooze) error {
	if err := a.reminders.Snooze(ctx, consentID, how); err != nil {
		return err
	}
	return a.PassTurn(ctx, roundID, consentID)
}

// EndRound ends a round. What was begun goes on, and what is due stays so.
func (a *App) EndRound(ctx context.Context, id string) error {
	if _, err := a.store.Round(ctx, id); err != nil {
		return err
	}
	return a.store.EndRound(ctx, id)
}

// noteTurn notes in the round under way what came of asking for a consent in another's place. What was
// asked for is not lost where that cannot be noted.
func (a *App) noteTurn(ctx context.Context, s Share, authorisationID string, failed error) {
	var told *Error
	if s.Renews == "" || failed != nil && (!errors.As(failed, &told) || told.Code == failure.CheckFields) {
		return // nothing was asked, or nothing is known of it
	}
	var reason storage.Reason
	if told != nil {
		reason = told.Reason
	}
	attempt, err := a.store.Authorisation(ctx, authorisationID)
	if errors.Is(err, storage.ErrNotFound) {
		err = nil
	}
	if err == nil {
		err = a.store.SetTurnAsked(context.WithoutCancel(ctx), s.Renews, attempt.Subject.ID, reason)
	}
	if err != nil {
		a.log.Error("what came of a renewal was not noted", "error", err)
	}
}
