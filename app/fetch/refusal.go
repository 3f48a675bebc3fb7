package fetch

import (
	"context"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// endOf is the end that each reason would mean with which banks refuse a consent.
var endOf = map[xs2a.Over]storage.End{
	xs2a.OverExpired: storage.EndExpired, xs2a.OverUnknown: storage.EndUnknown, xs2a.OverInvalid: storage.EndRefused,
}

// eventOfRefusal is the line in the history for an end by refused reads.
var eventOfRefusal = map[storage.End]storage.EventKind{
	storage.EndExpired: storage.EventRefusedExpired, storage.EndUnknown: storage.EventRefusedUnknown, storage.EndRefused: storage.EventRefusedInvalid,
}

// consentRefused reports whether the consent, rather than the read, is at fault in
// the bank's words.
func consentRefused(err error) bool { return xs2a.Refusal(err).ConsentOver() != "" }

// refusedApart is how far apart two whole fetches have to be that a bank refuses
// before the consent counts as over though the bank does not say so when asked.
const refusedApart = time.Hour

// noticeEnd looks into a refusal that may mean that a consent has ended: the bank
// is asked. It has ended if the bank says so, or its last day has passed by what
// the bank says, or the bank knows no such consent. Where it says something else
// or cannot be asked, the refusal is that of the one read, until it has refused
// everything in two whole fetches at different times.
func (r *Reader) noticeEnd(ctx context.Context, c storage.Consent, call xs2a.Call, endpoint storage.Endpoint, err error) {
	over := xs2a.Refusal(err).ConsentOver()
	if over == "" || endpoint == storage.ReadCards { // see noCards
		return
	}
	ended, err := r.askWhetherEnded(ctx, c, call)
	if err != nil {
		r.log.Info("a bank that refused a read did not say how the consent stands", "consent", c.ID, "error", err)
	}
	if ended || endpoint != storage.ReadAccounts && endpoint != storage.RefreshAccounts {
		return
	}
	if err := r.endIfRefused(ctx, c, endOf[over]); err != nil {
		r.log.Error("whether a consent has ended was not found out", "consent", c.ID, "error", err)
	}
}

// askWhetherEnded asks the bank how a consent stands, takes over what it says,
// and reports whether the consent has ended by it.
func (r *Reader) askWhetherEnded(ctx context.Context, c storage.Consent, call xs2a.Call) (ended bool, err error) {
	_, client, err := r.consentAndClient(ctx, c.ID)
	if err != nil {
		return false, err
	}
	call.ConsentID, call.RequestID = "", ""
	info, err := client.Consent(ctx, call, c.BankConsentID)
	if err != nil || info.Status == "" { // some banks have the status alone, and call the rest unknown
		info = xs2a.ConsentInformation{}
		info.Status, err = client.ConsentStatus(ctx, call, c.BankConsentID)
	}
	now, err := r.learn(ctx, c, info, err)
	switch {
	case xs2a.Refusal(err).NoSuchConsent():
		return true, nil
	case err != nil:
		return false, err
	case !now.Ended() && now.RunOut(r.clock.NowAt(c.EnvironmentID)):
		_, err = r.clock.StoreAt(c.EnvironmentID).EndConsent(ctx, c.ID, storage.EndExpired, storage.FromBank, storage.Event{Kind: storage.EventRefusedExpired})
		return true, err
	}
	return now.Ended(), nil
}

// endIfRefused ends a consent under which the bank has refused everything in two
// whole fetches at different times.
func (r *Reader) endIfRefused(ctx context.Context, c storage.Consent, end storage.End) error {
	since, err := r.store.RefusedSince(ctx, c.ID, xs2a.OverCodes()...)
	if err != nil || since.IsZero() || r.clock.NowAt(c.EnvironmentID).Sub(since) < refusedApart {
		return err
	}
	_, err = r.clock.StoreAt(c.EnvironmentID).EndConsent(ctx, c.ID, end, storage.FromBank, storage.Event{Kind: eventOfRefusal[end]})
	return err
}
