package app

import (
	"context"
	"time"

	"consentry/storage"
)

// asker is the person who asked for what is finished later: a withdrawal or a
// renewal. They did so on this machine.
var asker = Person{IPAddress: "127.0.0.1"}

// onBehalf is who a bank is told of when something is finished later: the
// person while they are there. Without them nobody, but where the bank takes no
// word about a consent that names nobody: it would never hear of its end.
func (a *App) onBehalf(ctx context.Context, c storage.Consent) *Person {
	if a.Present() {
		return &asker
	}
	if _, client, err := a.consentAndClient(ctx, c.ID); err == nil && client.Dialect().Attended {
		return &asker
	}
	return nil
}

// tellFor bounds what is done about one consent's end at its bank, so that those
// behind it at the same bank have their turn.
const tellFor = time.Minute

// settle finishes at one bank what a crash, or a bank that could not be reached,
// left half done: telling it of an end, asking it whether it has ended, erasing
// data, and comparing what a newer approval may have ended. Data are erased
// whether the bank answers or not.
func (a *App) settle(ctx context.Context, at bankWork) error {
	for _, c := range at.unsettled {
		if c.Erasing && c.ErasedAt.IsZero() {
			if err := a.EraseData(ctx, c.ID); err != nil { // it is tried again; the rest must not wait for it
				a.log.Error("data were not erased", "consent", c.ID, "error", err)
			}
		}
	}
	for _, c := range at.unsettled {
		if err := a.settleEnd(ctx, c); err != nil {
			a.log.Info("a bank has not confirmed yet that a consent has ended", "consent", c.ID, "error", err)
		}
	}
	if len(at.live) == 0 {
		return nil
	}
	return a.compare(ctx, atBankOf(at.live[0]))
}

// settleEnd tells the bank of an end, or asks whether it has made it its own.
func (a *App) settleEnd(ctx context.Context, c storage.Consent) error {
	ctx, cancel := context.WithTimeout(ctx, tellFor)
	defer cancel()
	switch {
	case c.Acknowledgement == storage.AckPending:
		return a.tellBank(ctx, c, a.onBehalf(ctx, c))
	case a.asksAgain(c):
		return a.askEnded(ctx, c, a.onBehalf(ctx, c))
	}
	return nil
}
