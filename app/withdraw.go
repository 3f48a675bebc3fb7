package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"consentry/storage"
	"consentry/xs2a"
)

// Withdraw ends a consent here and at the bank; erase says whether the data
// fetched under it go, too. It is not used any more from this moment on,
// whatever the bank answers; when it does not take the withdrawal, the error
// says so. Of two that withdraw at once one does.
func (a *App) Withdraw(ctx context.Context, id string, erase bool, person Person) error {
	c, err := a.store.Consent(ctx, id)
	if err != nil {
		return err
	}
	withdrawn, err := a.storeAt(c.EnvironmentID).WithdrawConsent(ctx, id, erase)
	if err != nil || !withdrawn {
		return err
	}
	ctx = context.WithoutCancel(ctx) // a person who closes the window meant it all the same
	if err := a.endOpen(ctx, c, storage.GivenUp); err != nil {
		return err
	}
	told := a.tellBank(ctx, c, &person)
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
	if err != nil || c.Told != storage.BankRefused && c.Told != storage.TellingBank {
		return err
	}
	return a.tellBank(ctx, c, &person)
}

// tellBank tells the bank that a consent has ended, and notes whether it took
// that. Where it could not be reached it is told again later.
func (a *App) tellBank(ctx context.Context, c storage.Consent, person *Person) error {
	if c.BankConsentID == "" {
		return nil
	}
	a.mu.Lock()
	if a.telling[c.ID] {
		a.mu.Unlock()
		return nil // somebody is at it
	}
	a.telling[c.ID] = true
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.telling, c.ID)
	}()

	store := a.storeAt(c.EnvironmentID)
	now, err := store.Consent(ctx, c.ID)
	if err != nil || now.Told != storage.TellingBank && now.Told != c.Told {
		return err // somebody was quicker
	}
	err = a.endAtBank(ctx, c, person)
	if err == nil || gone(err) {
		return store.SetTold(ctx, c.ID, storage.ToldBank, "")
	}
	e := a.explain(c.BankName, err)
	told := storage.BankRefused
	e.Do = "You can end it at the bank, too: look for “connected services” in your online bank."
	if unreachable(err) {
		told = storage.TellingBank
		e.Do = "Consentry tells it again as soon as it can be reached, while the program runs."
	}
	if err := store.SetTold(ctx, c.ID, told, e.Message); err != nil {
		return err
	}
	e.Message = "Consentry has stopped using this permission, but " + c.BankName + " has not confirmed the withdrawal: " + e.Message
	e.Lost = "Nothing is read any more."
	return e
}

func (a *App) endAtBank(ctx context.Context, c storage.Consent, person *Person) error {
	_, client, err := a.consentAndClient(ctx, c.ID)
	if err != nil {
		return err
	}
	call, _, err := a.callUnder(ctx, c, client, person)
	if err != nil {
		return err
	}
	return client.DeleteConsent(ctx, call, c.BankConsentID)
}

// gone tells whether a bank that refuses a withdrawal does so because the
// consent has ended there already.
func gone(err error) bool {
	var refused *xs2a.Error
	if !errors.As(err, &refused) || refused.Kind != xs2a.Refused {
		return false
	}
	switch refused.Code {
	case "CONSENT_EXPIRED", "ConsentExpired", "CONSENT_UNKNOWN", "ConsentUnknown", "CONSENT_INVALID", "ConsentInvalid":
		return true
	case "STATUS_INVALID", "StatusInvalid":
		return refused.Status == http.StatusConflict
	}
	return refused.Status == http.StatusNotFound
}

// Erasure gives what erasing the data fetched under a consent would take.
func (a *App) Erasure(ctx context.Context, id string) (storage.Erasure, error) {
	return a.store.ErasureOf(ctx, id)
}

// recordWait is how long erasing waits for exchanges to be recorded.
const recordWait = 30 * time.Second

// EraseData removes the data fetched under an ended consent from this machine.
// Accounts that another permission reaches stay.
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
	recorded, cancel := context.WithTimeout(ctx, recordWait)
	defer cancel()
	if err := a.recorder.Flush(recorded); err != nil {
		return err
	}
	note := "You erased what was fetched under it"
	if what.Accounts > 0 { // none are left where a crash came after their erasing
		note += ": " + counted(what.Accounts, "account") + " with " + counted(what.Transactions, "transaction")
	}
	if len(what.Kept) > 0 {
		note += "; " + counted(len(what.Kept), "account") + " stayed, since another permission reaches them"
	}
	return a.storeAt(c.EnvironmentID).Erase(ctx, id, note)
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return message.NewPrinter(language.BritishEnglish).Sprintf("%d %ss", n, noun)
}
