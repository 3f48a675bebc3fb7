package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// A bank ends the former recurring consents of a person by itself when a newer one is
// approved (BG 1.3.12 section 6.3.1), and tells nobody. Whether it did, it alone knows:
// another person's stay. So after an approval it is asked about all that count as in use
// there. What it has to be asked follows from what is stored, so a crash loses nothing.

// takesHold is how long after an approval a bank may go on calling valid what it ends
// for it: what it said sooner is asked again.
const takesHold = 20 * time.Second

// compareSoon compares what is known of a bank's consents with what the bank says, in
// the background.
func (a *App) compareSoon(at bankID) {
	a.run(func(ctx context.Context) {
		if err := a.compare(ctx, at); err != nil && ctx.Err() == nil {
			a.log.Warn("a bank's consents were not compared", "bank", at.bic, "error", err)
		}
	})
}

// compare asks a bank about the consents that a newer approval may have ended, and ends
// those whose place another has taken. What fails of it is done later, see settle.
func (a *App) compare(ctx context.Context, at bankID) error {
	done, err := a.comparing.Take(ctx, at)
	if err != nil {
		return err
	}
	defer done()
	all, err := a.store.ConsentsAt(ctx, at.environmentID, at.bic)
	if err != nil {
		return err
	}
	for _, c := range all {
		err = errors.Join(err, a.compareOne(ctx, c, all))
	}
	return err
}

func (a *App) compareOne(ctx context.Context, c storage.Consent, all []storage.Consent) error {
	ctx, cancel := context.WithTimeout(ctx, tellFor)
	defer cancel()
	by := a.successor(c, all)
	switch {
	case c.ReplacedBy != "":
		return nil
	case c.Ended() && by == nil:
		return nil
	case c.Ended():
		return a.noteSuccessor(ctx, c, *by)
	case by != nil && by.Renews == c.ID:
		return a.replace(ctx, c, *by)
	case inDoubt(c, all):
		return a.askInDoubt(ctx, c, by)
	}
	return nil
}

// successor is the consent in use that has taken a former one's place, if both are one
// person's: the one that renews it, else the one that was approved last; nil for none.
func (a *App) successor(former storage.Consent, all []storage.Consent) *storage.Consent {
	var latest *storage.Consent
	for _, c := range all {
		if c.ID == former.ID || c.Ended() || c.Status != xs2a.ConsentValid {
			continue
		}
		if c.Renews == former.ID {
			return &c
		}
		newer := c.Recurring && former.Recurring && !c.GrantedAt.Before(former.GrantedAt)
		if newer && (latest == nil || c.GrantedAt.After(latest.GrantedAt)) {
			latest = &c
		}
	}
	return latest
}

// inDoubt reports whether the bank has said that a consent is valid, and another was
// approved there since.
func inDoubt(c storage.Consent, all []storage.Consent) bool {
	if c.Status != xs2a.ConsentValid || !c.Recurring {
		return false
	}
	return slices.ContainsFunc(all, func(other storage.Consent) bool {
		at := approved(other)
		return other.ID != c.ID && other.Recurring && !at.IsZero() && c.StatusAt.Before(at.Add(takesHold))
	})
}

// approved is until when a person may have approved a consent at the bank; zero: they
// have not. They may have done so before it was given up in another window or ended at
// the bank, and nobody had looked.
func approved(c storage.Consent) time.Time {
	switch {
	case !c.GrantedAt.IsZero():
		return c.GrantedAt
	case c.Ended() && c.End != storage.EndRejected && c.BankConsentID != "":
		return slices.MaxFunc([]time.Time{c.EndedAt, c.StatusAt}, time.Time.Compare)
	}
	return time.Time{}
}

// askInDoubt asks a bank whether it has ended a consent. Where it has, and another
// took its place, that is what the history says; by is nil for none.
func (a *App) askInDoubt(ctx context.Context, c storage.Consent, by *storage.Consent) error {
	if !a.mayAsk(c) {
		return nil
	}
	status, err := a.statusAtBank(ctx, c)
	if a.noteAsked(c, err); err != nil {
		return err
	}
	if by == nil || !status.Final() {
		return a.noteStatus(ctx, c, status)
	}
	replaced, err := a.clock.StoreAt(c.EnvironmentID).ReplaceConsent(ctx, c.ID, by.ID, status, "")
	if err != nil || replaced {
		return err
	}
	return a.noteStatus(ctx, c, status) // the other one has just ended, too
}

// noteSuccessor notes what took the place of a consent that has ended. One that was
// found to have expired at the moment the other became valid ended for that reason.
func (a *App) noteSuccessor(ctx context.Context, former, by storage.Consent) error {
	store := a.clock.StoreAt(former.EnvironmentID)
	meanwhile := former.EndedAt.After(by.CreatedAt) && (former.End == storage.EndExpired || former.End == storage.EndRefused)
	switch {
	case meanwhile && (former.ID == by.Renews || !a.RunOut(former)):
		_, err := store.ReplaceConsent(ctx, former.ID, by.ID, "", "")
		return err
	case former.ID == by.Renews: // which had ended before, for a reason of its own
		return store.SetReplacedBy(ctx, former.ID, by.ID)
	}
	return nil
}

// replace ends a consent whose renewal has become valid, should the bank not have done
// so.
func (a *App) replace(ctx context.Context, former, by storage.Consent) error {
	store := a.clock.StoreAt(former.EnvironmentID)
	status, err := a.statusAtBank(ctx, former)
	if err == nil && status.Final() {
		_, err := store.ReplaceConsent(ctx, former.ID, by.ID, status, "")
		return err
	}
	ack := storage.AckPending
	if former.BankConsentID == "" {
		ack = ""
	}
	if replaced, err := store.ReplaceConsent(ctx, former.ID, by.ID, "", ack); err != nil || !replaced {
		return err
	}
	if err := a.tellBank(ctx, former, a.onBehalf(ctx, former)); err != nil {
		a.log.Warn("bank not told of a consent that was renewed", "consent", former.ID, "error", err)
	}
	return nil
}

// statusAtBank asks the bank how a consent stands and stores nothing.
func (a *App) statusAtBank(ctx context.Context, c storage.Consent) (xs2a.ConsentStatus, error) {
	_, client, err := a.consentAndClient(ctx, c.ID)
	if err != nil {
		return "", err
	}
	call, err := a.callUnder(ctx, c, client, a.onBehalf(ctx, c))
	if err != nil {
		return "", err
	}
	status, err := client.ConsentStatus(ctx, call, c.BankConsentID)
	if unknownConsent(err) {
		return xs2a.ConsentTerminatedByTPP, nil
	}
	return status, err
}

// unheard is a bank that gave no answer when it was asked about a consent.
type unheard struct {
	times int
	at    time.Time
}

// mayAsk reports whether a bank that gave no answer about a consent may be asked again:
// each minute at first, then with growing pauses.
func (a *App) mayAsk(c storage.Consent) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	former := a.unheard[c.ID]
	return former.times < askSoon || !a.now().Before(former.at.Add(askPause(former.times-askSoon)))
}

// askSoon is how often it is asked without a pause.
const askSoon = 5

func (a *App) noteAsked(c storage.Consent, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		delete(a.unheard, c.ID)
		return
	}
	a.unheard[c.ID] = unheard{a.unheard[c.ID].times + 1, a.now()}
}

// atBankOf is the bank of a consent.
func atBankOf(c storage.Consent) bankID {
	return bankID{c.EnvironmentID, c.BIC}
}
