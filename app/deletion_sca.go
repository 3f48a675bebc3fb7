package app

import (
	"context"

	"consentry/app/sca"
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

func (s deletionSubject) Facts() sca.Facts {
	return sca.Facts{
		Of:       storage.DeletionSubject(s.c.ID),
		Dealings: sca.UnderConsent(s.c),
		Resource: xs2a.ConsentResource(s.c.BankConsentID), Known: true,
		Anew:          true, // what the bank wants stands in its answer to a DELETE, and the links of an earlier one may have run out
		NoStaysUntold: true, // the consent goes on being valid
		Over:          !s.c.Unconfirmed(),
	}
}

// Create asks the bank to end the consent. One that it ends at once, or has ended
// before, needs no approval.
func (s deletionSubject) Create(ctx context.Context, client *xs2a.Client, call xs2a.Call, _ xs2a.Return) (sca.Subject, xs2a.SCAAnswer, error) {
	if err := s.app.waitForAcknowledgement(ctx, s.c.ID); err != nil {
		return s, xs2a.SCAAnswer{}, err
	}
	defer s.app.releaseAcknowledgement(s.c.ID)
	done := xs2a.SCAAnswer{SCAStatus: xs2a.SCAFinalised}
	said, err := client.DeleteConsent(ctx, call, s.c.BankConsentID)
	kept := context.WithoutCancel(ctx) // what the bank answered is noted whoever still waits for it
	switch {
	case err != nil && gone(err): // it may have ended it before
		if now, asked := s.Standing(kept, client, call, false); asked == nil && now.Result == sca.Authorised {
			return s, done, nil
		}
		return s, xs2a.SCAAnswer{}, err
	case err != nil:
		return s, xs2a.SCAAnswer{}, err
	case said.Ended():
		return s, done, s.store().SetAcknowledgement(kept, s.c.ID, storage.AckConfirmed, storage.Reason{})
	case xs2a.NextStep(said.Wants).Step == xs2a.StepUnknown:
		said.Wants.SCAStatus = xs2a.SCAReceived // it wants nothing: the outcome is waited for
	}
	return s, said.Wants, s.store().SetUnconfirmed(kept, s.c.ID, storage.Deletion{Step: said.Step, Message: said.Wants.Message})
}

func (s deletionSubject) store() *storage.Store { return s.app.clock.StoreAt(s.c.EnvironmentID) }

func (s deletionSubject) Standing(ctx context.Context, client *xs2a.Client, call xs2a.Call, _ bool) (sca.Standing, error) {
	status, err := client.ConsentStatus(ctx, call, s.c.BankConsentID)
	if err != nil && !unknownConsent(err) {
		return sca.Standing{}, err
	}
	if err == nil {
		if err := s.app.noteStatus(ctx, s.c, status); err != nil || !status.Final() {
			return sca.Standing{}, err
		}
	}
	return sca.Standing{Result: sca.Authorised}, s.store().SetAcknowledgement(ctx, s.c.ID, storage.AckConfirmed, storage.Reason{})
}

// Approved: the bank says so.
func (s deletionSubject) Approved(context.Context) error { return nil }

// Learn: nothing is granted, but the bank may have ended the consent all the same.
func (s deletionSubject) Learn(ctx context.Context, person Person) { s.Adopt(ctx, person) }

func (s deletionSubject) Adopt(ctx context.Context, person Person) {
	if err := s.app.askEnded(ctx, s.c, &person); err != nil {
		s.app.log.Info("a bank has not confirmed yet that a consent has ended", "consent", s.c.ID, "error", err)
	}
}

func (s deletionSubject) Succeeded(Person) {} // nothing follows

// GiveUp leaves the consent at the bank as it is.
func (s deletionSubject) GiveUp(ctx context.Context, _ Person) error {
	return s.app.sca.EndOpen(ctx, s.Facts(), storage.GivenUp)
}

// ApproveDeletion goes on with the approval of a deletion that the bank wants of the
// person, and returns the authorisation to go on with. A consent whose end the bank
// has confirmed needs none.
func (a *App) ApproveDeletion(ctx context.Context, consentID string, person Person) (authorisationID string, err error) {
	done, err := a.deleting.Take(ctx, consentID) // of two windows the second finds the first's
	if err != nil {
		return "", err
	}
	defer done()
	return a.sca.Resume(ctx, storage.DeletionSubject(consentID), person)
}
