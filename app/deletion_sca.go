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
	if !s.app.beginTelling(s.c.ID) {
		return s, xs2a.SCAAnswer{}, &Error{Message: s.c.BankName + " is being told already.", Lost: "Nothing was sent a second time.", Do: "Try again in a minute."}
	}
	defer s.app.doneTelling(s.c.ID)
	said, err := client.DeleteConsent(ctx, call, s.c.BankConsentID)
	switch {
	case err != nil && !gone(err):
		return s, xs2a.SCAAnswer{}, err
	case err != nil || said.Ended():
		return s, xs2a.SCAAnswer{SCAStatus: xs2a.SCAFinalised}, nil
	}
	return s, said.Wants, s.store().SetUnconfirmed(ctx, s.c.ID, storage.Deletion{Step: said.Step, Message: said.Wants.Message})
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
	return standing{result: authorised}, s.store().SetTold(ctx, s.c.ID, storage.ToldBank, "")
}

func (s deletionSubject) learn(context.Context, Person) {} // nothing is granted

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
	return a.resume(ctx, storage.DeletionSubject(consentID), person)
}
