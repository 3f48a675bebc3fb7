package app

import (
	"context"

	"github.com/google/uuid"

	"consentry/storage"
	"consentry/xs2a"
)

// A person may ask in two windows, click twice, or go back and send a form again. A
// bank that is asked twice makes two consents, and ends the first as soon as the second
// is approved. So a form is one request however often it is sent, and what is under way
// is offered before the same is asked for once more.

// NewFormID returns an id for a form that is shown: what is sent with it is one request.
func NewFormID() string { return uuid.NewString() }

// UnderWayError is returned by Ask when the same was asked for before and is not
// finished: the person may go on with that, or begin anew in its place.
type UnderWayError struct{ Consent storage.Consent }

func (e *UnderWayError) Error() string { return "the consent " + e.Consent.ID + " is under way" }

// UnderWay returns the consent that was asked for before a share, is of its kind, and
// waits to be approved; nil where there is none. A renewal is of another kind than what
// is asked for beside it, and a single look than what lasts. What is not approved is not
// renewed: it is under way itself.
func (a *App) UnderWay(ctx context.Context, s Share) (*storage.Consent, error) {
	live, err := a.store.LiveConsents(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range live {
		if c.Status != xs2a.ConsentValid && !a.RunOut(c) && (c.ID == s.Renews || sameKind(c, s)) {
			return &c, nil
		}
	}
	return nil, nil
}

func sameKind(c storage.Consent, s Share) bool {
	return c.EnvironmentID == s.EnvironmentID && c.BIC == s.BIC && c.AffiliatedASPSPID == s.AffiliatedASPSPID &&
		c.Renews == s.Renews && c.Recurring == s.Recurring
}

// makeWay sees that nothing of a share's kind is under way but what the person wants
// to begin anew: that is given up, here and at the bank.
func (a *App) makeWay(ctx context.Context, s Share, person Person) error {
	open, err := a.UnderWay(ctx, s)
	if err != nil || open == nil {
		return err
	}
	if open.ID != s.Anew {
		return &UnderWayError{*open}
	}
	return consentSubject{a, *open}.GiveUp(ctx, person)
}

// askedFor reports whether a bank is just being asked for a consent, or may be: an answer
// may still bring it about, though the person gave it up.
func (a *App) askedFor(ctx context.Context, consentID string) bool {
	sends, err := a.sca.Sends(ctx, storage.ConsentSubject(consentID))
	return sends || err != nil
}

// attemptAt returns the latest attempt at a consent that a form led to. A crash may have
// come before the first.
func (a *App) attemptAt(ctx context.Context, c storage.Consent, person Person) (authorisationID string, err error) {
	attempts, err := a.store.Authorisations(ctx, storage.ConsentSubject(c.ID))
	if err != nil {
		return "", err
	}
	if len(attempts) > 0 {
		return attempts[0].ID, nil
	}
	return a.begin(ctx, c, person)
}
