package app

import (
	"context"
	"errors"
	"time"

	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// consentSubject is a consent as an SCA process authorises it (BG 1.3.12
// section 6.3).
type consentSubject struct {
	app *App
	c   storage.Consent
}

func (s consentSubject) Facts() sca.Facts {
	return sca.Facts{
		Of:       storage.ConsentSubject(s.c.ID),
		Dealings: sca.UnderConsent(s.c),
		Resource: xs2a.ConsentResource(s.c.BankConsentID), Known: s.c.BankConsentID != "",
		Over: s.c.Ended(), Authorised: s.c.Status == xs2a.ConsentValid,
	}
}

func (s consentSubject) Create(ctx context.Context, client *xs2a.Client, call xs2a.Call, back xs2a.Return) (sca.Subject, xs2a.SCAAnswer, error) {
	call.RequestID = s.c.RequestID // the same when it is asked again: the bank creates one consent
	id, answer, err := client.CreateConsent(ctx, call, s.c.Asked, back)
	if err != nil {
		return s, answer, s.app.endNotTaken(s.c, err)
	}
	s.c.BankConsentID = id
	if err := s.app.store.SetBankConsent(ctx, s.c.ID, id); err != nil {
		return s, answer, err
	}
	return s, answer, s.app.noteStatus(ctx, s.c, answer.ConsentStatus)
}

// endNotTaken returns what may be said where a bank does not take the last day a consent
// is asked for until, and any other error as it is. Whether it is over there or too far
// off, the bank says in words alone; by the day itself one of them is likely.
func (a *App) endNotTaken(c storage.Consent, err error) error {
	if !xs2a.Refusal(err).TooLongAgo() {
		return err
	}
	e, now := a.explain(c.BankName, err), a.clock.NowAt(c.EnvironmentID)
	switch last := c.Asked.ValidUntil; {
	case last <= now.Format(time.DateOnly):
		e.Code = failure.EndOver
	case last > now.AddDate(0, 0, defaultDays).Format(time.DateOnly):
		e.Code = failure.EndTooFar
	default:
		e.Code = failure.EndNotTaken
	}
	return e
}

func (s consentSubject) Standing(ctx context.Context, client *xs2a.Client, call xs2a.Call, whole bool) (sca.Standing, error) {
	var info xs2a.ConsentInformation
	var err error
	if whole {
		info, err = client.Consent(ctx, call, s.c.BankConsentID)
	} else {
		info.Status, err = client.ConsentStatus(ctx, call, s.c.BankConsentID)
	}
	if err != nil {
		return sca.Standing{}, err
	}
	now := sca.Standing{Result: resultOf(info.Status)}
	if step := xs2a.NextStep(info.Next).Step; whole && step != xs2a.StepWait && step != xs2a.StepUnknown && !info.Status.Final() {
		now.Next = &info.Next
	}
	return now, s.app.noteStatus(ctx, s.c, info.Status)
}

func resultOf(status xs2a.ConsentStatus) sca.Result {
	switch {
	case status == xs2a.ConsentValid:
		return sca.Authorised
	case status == xs2a.ConsentPartiallyAuthorised:
		return sca.PartlyAuthorised
	case status == xs2a.ConsentRejected:
		return sca.Rejected
	case status.Final():
		return sca.EndedByBank
	}
	return sca.Pending
}

// noteStatus stores what a bank says of a consent that stood as it is given when the bank was
// asked. One that has become valid may have ended others.
func (a *App) noteStatus(ctx context.Context, c storage.Consent, status xs2a.ConsentStatus) error {
	if status == "" {
		return nil
	}
	err := a.clock.StoreAt(c.EnvironmentID).SetConsentStatus(ctx, c.ID, c.Status, status)
	if err == nil && status == xs2a.ConsentValid && c.Status != status {
		a.compareSoon(atBankOf(c)) // the bank may have ended others for it
	}
	return err
}

// Approved: the bank says so.
func (s consentSubject) Approved(context.Context) error { return nil }

func (s consentSubject) Learn(ctx context.Context, person Person) {
	if err := s.app.refreshConsent(ctx, s.c.ID, &person); err != nil {
		s.app.log.Warn("consent not refreshed", "consent", s.c.ID, "error", err)
	}
}

func (s consentSubject) Adopt(ctx context.Context, person Person) {
	before, err := s.app.store.Consent(ctx, s.c.ID)
	if err != nil || before.Ended() || before.Status == xs2a.ConsentValid {
		return
	}
	s.Learn(ctx, person)
	if after, err := s.app.store.Consent(ctx, s.c.ID); err == nil && after.Status == xs2a.ConsentValid {
		s.app.reader.Fetch(s.c.ID, person)
	}
}

func (s consentSubject) Succeeded(person Person) { s.app.reader.Begin(s.c.ID, &person) }

// GiveUp withdraws the consent. The bank is told; its refusal changes nothing.
func (s consentSubject) GiveUp(ctx context.Context, person Person) error {
	err := s.app.Withdraw(ctx, s.c.ID, false, person)
	var told *Error
	if errors.As(err, &told) {
		s.app.log.Warn("bank not told of a consent given up", "consent", s.c.ID, "error", err)
		return nil
	}
	return err
}
