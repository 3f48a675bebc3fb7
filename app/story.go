package app

import (
	"context"
	"slices"
	"strings"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/stage"
	"consentry/storage"
	"consentry/xs2a"
)

// Holds reports whether a condition of a story is met at the practice banks. What it says of
// pages, the screens know.
func (a *App) Holds(ctx context.Context, c stage.Condition) (bool, error) {
	switch c.Kind {
	case stage.OfClock:
		return int(a.clock.Ahead().Hours()+1)/24 >= c.Number, nil // days of the calendar: one may lack an hour
	case stage.OfConsent:
		all, err := a.store.Consents(ctx)
		for _, one := range all {
			if one.EnvironmentID == bank.SandboxID && isAt(c.Bank, one.BIC, one.BankName) && a.consentIs(one, c.State) {
				return true, err
			}
		}
		return false, err
	case stage.OfPayment:
		all, err := a.store.Payments(ctx)
		for _, one := range all {
			if one.EnvironmentID == bank.SandboxID && isAt(c.Bank, one.BIC, one.BankName) && paymentIs(one, c.State) {
				return true, err
			}
		}
		return false, err
	}
	return false, nil
}

// CheckStory wants the banks that a story names to be practice banks. The error is a [stage.Mistake].
func (a *App) CheckStory(ctx context.Context, s stage.Story) error {
	all, err := a.practiceBanks(ctx)
	if err != nil {
		return err
	}
	for _, step := range s.Steps {
		for _, c := range step.Until {
			if c.Bank != "" && !slices.ContainsFunc(all, func(b storage.ASPSP) bool { return isAt(c.Bank, b.BIC, b.Name) }) {
				return &stage.Mistake{Line: c.Line, Problem: storage.Reason{Code: failure.StageNoBank, Name: c.Bank}}
			}
		}
	}
	return nil
}

// isAt reports whether a bank is the one that a story names.
func isAt(named, id, name string) bool {
	return named == "" || named == id || strings.EqualFold(strings.TrimSpace(name), named)
}

func (a *App) consentIs(c storage.Consent, state string) bool {
	switch state {
	case "asked":
		return c.BankConsentID != ""
	case "valid":
		return c.Status == xs2a.ConsentValid && !c.Ended()
	case "read":
		return !c.FetchedAt.IsZero() && !c.FetchError.Given()
	case "failed":
		return c.FetchError.Given() && !c.Ended()
	case "withdrawn":
		return c.End == storage.EndWithdrawn
	case "confirmed":
		return c.End == storage.EndWithdrawn && c.Acknowledgement == storage.AckConfirmed
	case "expired":
		return c.End == storage.EndExpired || !c.Ended() && c.RunOut(a.clock.NowAt(c.EnvironmentID))
	case "ended":
		return c.Ended()
	}
	return false
}

func paymentIs(p storage.Payment, state string) bool {
	switch state {
	case "composed":
		return true
	case "sent":
		return !p.AnsweredAt.IsZero() && p.Fate == storage.FateTaken
	case "paid":
		return p.Status.Final() && !p.Status.Refused()
	case "refused":
		return p.Fate == storage.FateRefused || p.Status.Refused()
	}
	return false
}
