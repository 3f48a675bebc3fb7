package app

import (
	"context"
	"errors"

	"consentry/storage"
	"consentry/xs2a"
)

// consentSubject is a consent as an SCA process authorises it (BG 1.3.12
// section 6.3).
type consentSubject struct {
	app *App
	c   storage.Consent
}

func (s consentSubject) where() place {
	return place{storage.ConsentSubject(s.c.ID), atBankOf(s.c), s.c.BankName}
}

func (s consentSubject) consent() storage.Consent { return s.c }
func (s consentSubject) over() bool               { return s.c.Ended() }
func (s consentSubject) settled() bool            { return s.c.Ended() || s.c.Status == xs2a.ConsentValid }
func (s consentSubject) anew() bool               { return false }

func (s consentSubject) resource() (xs2a.Resource, bool) {
	return xs2a.ConsentResource(s.c.BankConsentID), s.c.BankConsentID != ""
}

func (s consentSubject) create(ctx context.Context, client *xs2a.Client, call xs2a.Call, back xs2a.Return) (subject, xs2a.SCAAnswer, error) {
	call.RequestID = s.c.RequestID // the same when it is asked again: the bank creates one consent
	id, answer, err := client.CreateConsent(ctx, call, s.c.Asked, back)
	if err != nil {
		return s, answer, err
	}
	s.c.BankConsentID = id
	if err := s.app.store.SetBankConsent(ctx, s.c.ID, id); err != nil {
		return s, answer, err
	}
	return s, answer, s.app.noteStatus(ctx, s.c, answer.ConsentStatus)
}

func (s consentSubject) stands(ctx context.Context, client *xs2a.Client, call xs2a.Call, whole bool) (standing, error) {
	var info xs2a.ConsentInformation
	var err error
	if whole {
		info, err = client.Consent(ctx, call, s.c.BankConsentID)
	} else {
		info.Status, err = client.ConsentStatus(ctx, call, s.c.BankConsentID)
	}
	if err != nil {
		return standing{}, err
	}
	now := standing{result: resultOf(info.Status)}
	if step := xs2a.NextStep(info.Next).Step; whole && step != xs2a.StepWait && step != xs2a.StepUnknown && !info.Status.Final() {
		now.next = &info.Next
	}
	return now, s.app.noteStatus(ctx, s.c, info.Status)
}

func resultOf(status xs2a.ConsentStatus) result {
	switch {
	case status == xs2a.ConsentValid:
		return authorised
	case status == xs2a.ConsentPartiallyAuthorised:
		return halfDone
	case status == xs2a.ConsentRejected:
		return saidNo
	case status.Final():
		return endedByBank
	}
	return nothingYet
}

// noteStatus stores what a bank says of a consent. One that has become valid may have
// ended others.
func (a *App) noteStatus(ctx context.Context, c storage.Consent, status xs2a.ConsentStatus) error {
	if status == "" {
		return nil
	}
	err := a.storeAt(c.EnvironmentID).SetConsentStatus(ctx, c.ID, status)
	if err == nil && status == xs2a.ConsentValid && c.Status != status {
		a.compareSoon(atBankOf(c)) // the bank may have ended others for it
	}
	return err
}

func (s consentSubject) learn(ctx context.Context, person Person) {
	if err := s.app.refreshConsent(ctx, s.c.ID, &person); err != nil {
		s.app.log.Warn("consent not refreshed", "consent", s.c.ID, "error", err)
	}
}

func (s consentSubject) adopt(ctx context.Context, person Person) {
	before, err := s.app.store.Consent(ctx, s.c.ID)
	if err != nil || before.Ended() || before.Status == xs2a.ConsentValid {
		return
	}
	s.learn(ctx, person)
	if after, err := s.app.store.Consent(ctx, s.c.ID); err == nil && after.Status == xs2a.ConsentValid {
		s.app.Fetch(s.c.ID, person)
	}
}

func (s consentSubject) succeeded(person Person) { s.app.beginFetch(s.c.ID, &person) }

// giveUp withdraws the consent. The bank is told; its refusal changes nothing.
func (s consentSubject) giveUp(ctx context.Context, person Person) error {
	err := s.app.Withdraw(ctx, s.c.ID, false, person)
	var told *Error
	if errors.As(err, &told) {
		s.app.log.Warn("bank not told of a consent given up", "consent", s.c.ID, "error", err)
		return nil
	}
	return err
}
