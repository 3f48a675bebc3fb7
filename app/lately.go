package app

import (
	"context"
	"slices"
	"time"

	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/storage"
)

// HappeningKind says what happened.
type HappeningKind string

// The kinds.
const (
	HappenedRead    HappeningKind = "read"    // which failed, and is tried again by itself
	HappenedPayment HappeningKind = "payment" // came to its end
	HappenedEnd     HappeningKind = "end"     // of a consent
)

// Happening is something that happened lately. What it concerns stands in the field of its kind.
type Happening struct {
	Kind    HappeningKind
	At      time.Time
	Consent ConsentLine
	Payment storage.Payment
	Next    time.Time // of a read that failed: when it is tried again
}

// How far back what happened goes, and how much of it is listed.
const (
	latelyDays = 7
	latelyMost = 12
)

// Lately lists what happened in the last days, the latest first, but for transactions and for what waits for the
// person: those stand elsewhere.
func (a *App) Lately(ctx context.Context) ([]Happening, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	var all []Happening
	updated := a.updated(index)
	for _, one := range index.all {
		now := a.clock.NowAt(one.EnvironmentID)
		line := ConsentLine{Consent: one.Consent, Group: a.groupOf(one), Flow: one.flow}
		switch {
		case one.Usable(now) && one.FetchError.Given() && a.triedAgain(one.Consent):
			quota, err := a.reader.Quota(ctx, one.Consent)
			if err != nil {
				return nil, err
			}
			read := Happening{Kind: HappenedRead, At: one.TriedAt, Consent: line}
			if len(quota.Planned) > 0 {
				read.Next = quota.Planned[0]
			}
			all = append(all, read)
		case line.Group == Ended && one.tellsItsEnd() && now.Sub(one.EndedOn()) < latelyDays*24*time.Hour && !endedUnwanted(one, updated, now):
			all = append(all, Happening{Kind: HappenedEnd, At: one.EndedOn(), Consent: line})
		}
	}
	payments, err := a.endedPayments(ctx)
	for _, payment := range payments {
		all = append(all, Happening{Kind: HappenedPayment, At: payment.EndedAt, Payment: payment})
	}
	slices.SortStableFunc(all, func(x, y Happening) int { return y.At.Compare(x.At) })
	return all[:min(len(all), latelyMost)], err
}

// endedPayments are the payments that came to their end in the last days.
func (a *App) endedPayments(ctx context.Context) ([]storage.Payment, error) {
	counts, err := a.store.CountPayments(ctx)
	if err != nil || counts[string(pay.Done)]+counts[string(pay.NotDone)] == 0 {
		return nil, err
	}
	return a.store.PaymentsEndedSince(ctx, a.clock.Now().AddDate(0, 0, -latelyDays), latelyMost)
}

// tellsItsEnd reports whether a consent was one that gave something, and its end is news: one that took its place is not.
func (one *indexedConsent) tellsItsEnd() bool {
	return one.Ended() && one.End != storage.EndReplaced && !one.GrantedAt.IsZero()
}

// triedAgain reports whether a read that failed is tried again by the program, and may well come about then: nothing
// is wrong but that the bank, or the way to it, did not work, or that it was asked as often as it may be.
func (a *App) triedAgain(c storage.Consent) bool {
	if c.Schedule == 0 || a.RenewalDue(c) {
		return false
	}
	switch c.FetchError.Code {
	case failure.Unreachable, failure.BankFault, failure.Pause, failure.TooOften, failure.QuotaUsed, failure.FetchLeft, failure.ProgramEnded:
		return true
	}
	return false
}
