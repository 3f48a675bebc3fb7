package app

import (
	"context"

	"consentry/storage"
	"consentry/xs2a"
)

// deletionSubject is the deletion of a consent, at a bank that wants the person to
// approve it. The framework knows none (BG 1.3.12 section 6.3.4); banks that want one
// answer the DELETE with 202 and links, as for the cancellation of a payment (section
// 5.7). Here the consent has ended before: all that is at stake is the bank's word.
type deletionSubject struct {
	app *App
	c   storage.Consent
}

func (s deletionSubject) where() place {
	return place{storage.DeletionSubject(s.c.ID), atBankOf(s.c), s.c.BankName}
}

func (s deletionSubject) consent() storage.Consent { return s.c }
func (s deletionSubject) over() bool               { return !s.c.Unconfirmed() }
func (s deletionSubject) settled() bool            { return s.over() }

// anew: what the bank wants stands in its answer to a DELETE, and the links of an
// earlier one may have run out.
func (s deletionSubject) anew() bool { return true }

func (s deletionSubject) resource() (xs2a.Resource, bool) {
	return xs2a.ConsentResource(s.c.BankConsentID), true
}

// create asks the bank to end the consent. One that it ends at once, or has ended
// before, needs no approval.
func (s deletionSubject) create(ctx context.Context, client *xs2a.Client, call xs2a.Call, _ xs2a.Return) (subject, xs2a.SCAAnswer, error) {
	if err := s.app.waitTelling(ctx, s.c.ID); err != nil {
		return s, xs2a.SCAAnswer{}, err
	}
	defer s.app.doneTelling(s.c.ID)
	done := xs2a.SCAAnswer{SCAStatus: xs2a.SCAFinalised}
	said, err := client.DeleteConsent(ctx, call, s.c.BankConsentID)
	kept := context.WithoutCancel(ctx) // what the bank answered is noted whoever still waits for it
	switch {
	case err != nil && gone(err): // it may have ended it before
		if now, asked := s.stands(kept, client, call, false); asked == nil && now.result == authorised {
			return s, done, nil
		}
		return s, xs2a.SCAAnswer{}, err
	case err != nil:
		return s, xs2a.SCAAnswer{}, err
	case said.Ended():
		return s, done, s.store().SetTold(kept, s.c.ID, storage.ToldBank, storage.Reason{})
	case xs2a.NextStep(said.Wants).Step == xs2a.StepUnknown:
		said.Wants.SCAStatus = xs2a.SCAReceived // it wants nothing: the outcome is waited for
	}
	return s, said.Wants, s.store().SetUnconfirmed(kept, s.c.ID, storage.Deletion{Step: said.Step, Message: said.Wants.Message})
}

func (s deletionSubject) store() *storage.Store { return s.app.storeAt(s.c.EnvironmentID) }

func (s deletionSubject) stands(ctx context.Context, client *xs2a.Client, call xs2a.Call, _ bool) (standing, error) {
	status, err := client.ConsentStatus(ctx, call, s.c.BankConsentID)
	if err != nil && !unknownConsent(err) {
		return standing{}, err
	}
	if err == nil {
		if err := s.app.noteStatus(ctx, s.c, status); err != nil || !status.Final() {
			return standing{}, err
		}
	}
	return standing{result: authorised}, s.store().SetTold(ctx, s.c.ID, storage.ToldBank, storage.Reason{})
}

// learn: nothing is granted, but the bank may have ended the consent all the same.
func (s deletionSubject) learn(ctx context.Context, person Person) { s.adopt(ctx, person) }

func (s deletionSubject) adopt(ctx context.Context, person Person) {
	if err := s.app.askEnded(ctx, s.c, &person); err != nil {
		s.app.log.Info("a bank has not confirmed yet that a consent has ended", "consent", s.c.ID, "error", err)
	}
}

func (s deletionSubject) succeeded(Person) {} // nothing follows

// giveUp leaves the consent at the bank as it is.
func (s deletionSubject) giveUp(ctx context.Context, _ Person) error {
	return s.app.endOpen(ctx, s.where(), storage.GivenUp)
}

// ApproveDeletion goes on with the approval of a deletion that the bank wants of the
// person, and returns the authorisation to go on with. A consent whose end the bank
// has confirmed needs none.
func (a *App) ApproveDeletion(ctx context.Context, consentID string, person Person) (authorisationID string, err error) {
	done, err := a.deleting.take(ctx, consentID) // of two windows the second finds the first's
	if err != nil {
		return "", err
	}
	defer done()
	return a.resume(ctx, storage.DeletionSubject(consentID), person)
}
