package app

import (
	"context"
	"time"

	"consentry/storage"
)

// A bank may take the word that a consent has ended and not end it: it wants the
// person to approve that first. Until the bank says that it has ended, the
// withdrawal is not confirmed, and the bank is asked again now and then.

const (
	// askFirst is the pause before a bank is asked whether it has ended a consent.
	// Each further one is twice as long, up to askLast.
	askFirst, askLast = 5 * time.Minute, 24 * time.Hour

	// askFor is how long after the end a bank is asked without the person.
	askFor = 30 * 24 * time.Hour
)

// AskEnded asks the bank whether it has ended a consent by now that it was told
// to have ended.
func (a *App) AskEnded(ctx context.Context, id string, person Person) error {
	c, err := a.store.Consent(ctx, id)
	if err != nil || c.Acknowledgement != storage.AckUnconfirmed {
		return err
	}
	if err := a.askEnded(ctx, c, &person); err != nil {
		return a.explain(c.BankName, err)
	}
	return nil
}

func (a *App) askEnded(ctx context.Context, c storage.Consent, person *Person) error {
	if !a.claimAcknowledgement(c.ID) {
		return nil // somebody is at it
	}
	defer a.releaseAcknowledgement(c.ID)
	store := a.clock.StoreAt(c.EnvironmentID)
	now, err := store.Consent(ctx, c.ID)
	if err != nil || now.Acknowledgement != storage.AckUnconfirmed {
		return err // somebody was quicker
	}
	ended, err := a.endedAtBank(ctx, c, person)
	if ended {
		return store.SetAcknowledgement(ctx, c.ID, storage.AckConfirmed, storage.Reason{})
	}
	if noted := store.NoteAsked(context.WithoutCancel(ctx), c.ID); noted != nil {
		return noted
	}
	return err
}

// asksAgain reports whether a bank is to be asked by now whether it has ended a
// consent. It is not asked for ever, nor after the consent's last day.
func (a *App) asksAgain(c storage.Consent) bool {
	now := a.clock.NowAt(c.EnvironmentID)
	return c.AwaitsDeletion(now) && now.Sub(c.EndedAt) < askFor && !now.Before(c.Deletion.AskedAt.Add(askPause(c.Deletion.Asked)))
}

// askPause is the pause after a bank was asked so many times.
func askPause(asked int) time.Duration {
	pause := askFirst
	for range asked {
		if pause *= 2; pause >= askLast {
			return askLast
		}
	}
	return pause
}
