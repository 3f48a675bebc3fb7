package app

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"consentry/app/sca"
	"consentry/storage"
)

// consentIndex is all consents as last read. It is not changed any more.
type consentIndex struct {
	changes int64             // of the store before it was read
	all     []*indexedConsent // the newest first
	byID    map[string]*indexedConsent
	series  map[string][]storage.Consent
	fetched map[string]time.Time                // when the last complete fetch was, by environment
	reads   map[string][]storage.UnattendedRead // of the last day, by series
}

// consentIndex returns the index of all consents. It is kept until the store has
// changed: one page looks it up for its list, its filters, the number beside the
// navigation, and each line's quota.
func (a *App) consentIndex(ctx context.Context) (*consentIndex, error) {
	a.indexMu.Lock()
	defer a.indexMu.Unlock()
	changes := a.store.Changes()
	if a.index != nil && a.index.changes == changes {
		return a.index, nil
	}
	fresh, err := a.readConsentIndex(ctx)
	if err != nil {
		return nil, err
	}
	fresh.changes, a.index = changes, fresh
	return fresh, nil
}

func (a *App) readConsentIndex(ctx context.Context) (*consentIndex, error) {
	consents, err := a.store.Consents(ctx)
	if err != nil {
		return nil, err
	}
	reached, err := a.store.ReachedAccounts(ctx)
	if err != nil {
		return nil, err
	}
	flows, err := a.sca.Unfinished(ctx, storage.SubjectConsent)
	if err != nil {
		return nil, err
	}
	reads, err := a.store.UnattendedReads(ctx, a.now().Add(-storage.QuotaWindow))
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*indexedConsent, len(consents))
	index := &consentIndex{
		all: make([]*indexedConsent, len(consents)), byID: byID,
		series: map[string][]storage.Consent{}, fetched: map[string]time.Time{}, reads: map[string][]storage.UnattendedRead{},
	}
	for i, c := range consents {
		index.all[i] = &indexedConsent{Consent: c, over: isOver(c), words: strings.ToLower(strings.Join([]string{c.BankName, c.BIC, c.Purpose}, " "))}
		byID[c.ID] = index.all[i]
		if c.FetchedAt.After(index.fetched[c.EnvironmentID]) {
			index.fetched[c.EnvironmentID] = c.FetchedAt
		}
	}
	for _, c := range slices.Backward(consents) {
		index.series[c.Series] = append(index.series[c.Series], c)
	}
	for _, account := range reached {
		if one := byID[account.ConsentID]; one != nil {
			one.accounts = append(one.accounts, account.AccountID)
			one.words += " " + strings.ToLower(account.Words)
		}
	}
	for i := range flows {
		if one := byID[flows[i].Holder.ID]; one != nil {
			one.flow = &flows[i]
		}
	}
	for _, read := range reads {
		index.reads[read.Series] = append(index.reads[read.Series], read)
	}
	return index, nil
}

// indexedConsent is a consent with what the list of consents searches, filters and
// sorts it by.
type indexedConsent struct {
	storage.Consent
	flow     *sca.Flow
	words    string // in small letters
	accounts []int64
	over     bool // whatever time it is: in a long life most are
}

// fits reports whether a query chooses the consent; words are those of its text.
func (c *indexedConsent) fits(q ConsentQuery, words []string) bool {
	if q.EnvironmentID != "" && c.EnvironmentID != q.EnvironmentID || q.BIC != "" && c.BIC != q.BIC ||
		q.AccountID != 0 && !slices.Contains(c.accounts, q.AccountID) {
		return false
	}
	for _, word := range words {
		if !strings.Contains(c.words, word) && (c.Purpose != "" || !strings.Contains(q.UsualPurpose, word)) {
			return false
		}
	}
	return true
}

// AccountConsent returns the newest consent in use through which an account is read. Where there
// is none, NotFound knows the error.
func (a *App) AccountConsent(ctx context.Context, accountID int64) (storage.Consent, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return storage.Consent{}, err
	}
	for _, one := range index.all {
		if slices.Contains(one.accounts, accountID) && one.Usable(a.clock.NowAt(one.EnvironmentID)) {
			return one.Consent, nil
		}
	}
	return storage.Consent{}, storage.ErrNotFound
}

// unattended lists the reads without the person that count for the quota of a consent.
func (a *App) unattended(ctx context.Context, c storage.Consent) ([]storage.UnattendedRead, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	return index.reads[c.Series], nil
}

// indexed returns all consents there are.
func (a *App) indexed(ctx context.Context) (iter.Seq[storage.Consent], error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	return func(yield func(storage.Consent) bool) {
		for _, one := range index.all {
			if !yield(one.Consent) {
				return
			}
		}
	}, nil
}
