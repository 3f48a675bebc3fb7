package app

import (
	"context"
	"errors"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Withdraw ends a consent here and at the bank; erase says whether the data
// fetched under it go, too. It is not used any more from this moment on,
// whatever the bank answers; when it does not take the withdrawal, the error
// says so. Of two that withdraw at once one does.
func (a *App) Withdraw(ctx context.Context, id string, erase bool, person Person) error {
	ctx = context.WithoutCancel(ctx) // a person who closes the window meant it all the same
	c, err := a.store.Consent(ctx, id)
	if err != nil {
		return err
	}
	withdrawn, err := a.clock.StoreAt(c.EnvironmentID).WithdrawConsent(ctx, id, erase)
	if err != nil || !withdrawn {
		return err
	}
	if err := a.sca.EndOpen(ctx, consentSubject{a, c}.Facts(), storage.GivenUp); err != nil {
		return err
	}
	told := a.tellBank(ctx, c, &person)
	if c.GrantedAt.IsZero() && c.BankConsentID != "" {
		a.compareSoon(atBankOf(c)) // it may have been approved at the bank a moment before
	}
	if erase {
		if err := a.EraseData(ctx, id); err != nil {
			return errors.Join(told, err)
		}
	}
	return told
}

// TellBank tells the bank again of a withdrawal that it did not confirm.
func (a *App) TellBank(ctx context.Context, id string, person Person) error {
	c, err := a.store.Consent(ctx, id)
	if err != nil || !c.Unconfirmed() {
		return err
	}
	return a.tellBank(ctx, c, &person)
}

// tellBank tells the bank that a consent has ended, and notes whether the bank
// has ended it, too. Where it could not be reached it is told again later.
func (a *App) tellBank(ctx context.Context, c storage.Consent, person *Person) error {
	if c.BankConsentID == "" || !a.claimAcknowledgement(c.ID) {
		return nil // or somebody is at it
	}
	defer a.releaseAcknowledgement(c.ID)

	store := a.clock.StoreAt(c.EnvironmentID)
	now, err := store.Consent(ctx, c.ID)
	if err != nil || now.Acknowledgement != storage.AckPending && now.Acknowledgement != c.Acknowledgement {
		return err // somebody was quicker
	}
	said, err := a.endAtBank(ctx, c, person)
	kept := context.WithoutCancel(ctx) // what the bank answered is noted whoever still waits for it
	if err != nil && !gone(err) {
		return a.notAcknowledged(ctx, c, err)
	}
	if said.Ended() {
		return store.SetAcknowledgement(kept, c.ID, storage.AckConfirmed, storage.Reason{})
	}
	// The bank took the word and did not say that the consent has ended; or it
	// refused in a way that may mean that it had ended before.
	ended, asked := a.endedAtBank(ctx, c, person)
	switch {
	case ended || xs2a.Refusal(asked).NothingThere() && xs2a.Refusal(err).NothingThere():
		return store.SetAcknowledgement(kept, c.ID, storage.AckConfirmed, storage.Reason{})
	case err != nil && asked == nil:
		return a.notAcknowledged(ctx, c, err)
	}
	return store.SetUnconfirmed(kept, c.ID, storage.Deletion{Step: said.Step, Message: said.Wants.Message})
}

// claimAcknowledgement claims asking and telling a bank about the end of a consent, and
// reports whether nobody else is at it.
func (a *App) claimAcknowledgement(consentID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.acknowledging[consentID] {
		return false
	}
	a.acknowledging[consentID] = true
	return true
}

// waitForAcknowledgement waits until nobody else is at it, and claims it then.
func (a *App) waitForAcknowledgement(ctx context.Context, consentID string) error {
	for !a.claimAcknowledgement(consentID) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(a.pause / 4):
		}
	}
	return nil
}

// releaseAcknowledgement lets others ask and tell the bank again.
func (a *App) releaseAcknowledgement(consentID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.acknowledging, consentID)
}

// notAcknowledged notes that a bank refused to end a consent, or could not be reached,
// and returns what to say of it.
func (a *App) notAcknowledged(ctx context.Context, c storage.Consent, err error) error {
	why := a.explain(c.BankName, err)
	ack, code := storage.AckRefused, failure.NotConfirmed
	if xs2a.IsUnreachable(err) || ctx.Err() != nil || storage.FaultOf(err) != "" {
		ack, code = storage.AckPending, failure.NotConfirmedYet
	}
	if err := a.clock.StoreAt(c.EnvironmentID).SetAcknowledgement(context.WithoutCancel(ctx), c.ID, ack, why.Reason); err != nil {
		return err
	}
	e := *why
	e.Reason = storage.Reason{Code: code, Bank: c.BankName, Because: &why.Reason}
	return &e
}

func (a *App) endAtBank(ctx context.Context, c storage.Consent, person *Person) (xs2a.Deletion, error) {
	_, client, err := a.consentAndClient(ctx, c.ID)
	if err != nil {
		return xs2a.Deletion{}, err
	}
	call, err := a.callUnder(ctx, c, client, person)
	if err != nil {
		return xs2a.Deletion{}, err
	}
	return client.DeleteConsent(ctx, call, c.BankConsentID)
}

// endedAtBank asks the bank whether a consent that ended here has ended there,
// too, and notes the status it tells.
func (a *App) endedAtBank(ctx context.Context, c storage.Consent, person *Person) (bool, error) {
	_, client, err := a.consentAndClient(ctx, c.ID)
	if err != nil {
		return false, err
	}
	call, err := a.callUnder(ctx, c, client, person)
	if err != nil {
		return false, err
	}
	status, err := client.ConsentStatus(ctx, call, c.BankConsentID)
	if unknownConsent(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return status.Final(), a.noteStatus(ctx, c, status)
}

// gone reports whether a bank that refuses may do so because the consent has ended
// there already.
func gone(err error) bool { return xs2a.Refusal(err).Gone() }

// Erasure returns what erasing the data fetched under a consent would take.
func (a *App) Erasure(ctx context.Context, id string) (storage.Erasure, error) {
	return a.store.ErasureOf(ctx, id)
}

// recordWait is how long erasing and removing wait for exchanges to be recorded.
const recordWait = 30 * time.Second

// EraseData removes the data fetched under an ended consent from this machine. What takes
// longer than the person's patience, as there is very much, goes on without them; the consent's
// page says so until it is done.
// Accounts that another consent reaches stay, and so do those that it did not give, see
// LeftBehind.
func (a *App) EraseData(ctx context.Context, id string) error {
	c, err := a.store.Consent(ctx, id)
	if err != nil || !c.ErasedAt.IsZero() {
		return err
	}
	what, err := a.store.ErasureOf(ctx, id)
	if err != nil {
		return err
	}
	// What waits to be recorded would come back after the erasing.
	if err := a.flushRecord(ctx); err != nil {
		return err
	}
	defer a.hold()()
	erased := a.erasing.DoChan(id, func() (any, error) {
		defer a.hold()()
		return nil, a.clock.StoreAt(c.EnvironmentID).Erase(context.WithoutCancel(ctx), id, what)
	})
	select {
	case end := <-erased:
		return end.Err
	case <-time.After(a.patience):
		return nil // where it fails, or the program ends, settle goes on with it
	}
}

// flushRecord waits, not for ever, until every exchange that has ended is recorded.
func (a *App) flushRecord(ctx context.Context) error {
	recorded, cancel := context.WithTimeout(ctx, recordWait)
	defer cancel()
	return a.record.Flush(recorded)
}
