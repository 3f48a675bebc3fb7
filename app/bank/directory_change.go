package bank

import (
	"cmp"
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// newsFor is for how long what a directory says otherwise counts as news.
const newsFor = 30 * 24 * time.Hour

// DirectoryNews is what an environment's directory says otherwise than some time before, all that
// cancels out taken away. It is zero where it says the same.
type DirectoryNews struct {
	Since   time.Time // when the list was read that it is compared with
	Changes []storage.DirectoryChange
	LeftOut int // changes that were not kept
}

// Count returns how many changes of a kind there are.
func (n DirectoryNews) Count(kind storage.DirectoryChangeKind) int {
	count := 0
	for _, change := range n.Changes {
		if change.Kind == kind {
			count++
		}
	}
	return count
}

// Any reports whether there is any news.
func (n DirectoryNews) Any() bool { return len(n.Changes) > 0 || n.LeftOut > 0 }

// News returns what an environment's directory says otherwise than a month ago.
func (r *Registry) News(ctx context.Context, environmentID string) (DirectoryNews, error) {
	readings, err := r.store.DirectoryReadings(ctx, environmentID, r.now().Add(-newsFor))
	return newsOf(readings), err
}

// DirectoryReadings lists the readings of an environment's directory that differed from those before,
// as far back as they are kept, the latest first.
func (r *Registry) DirectoryReadings(ctx context.Context, environmentID string) ([]storage.DirectoryReading, error) {
	return r.store.DirectoryReadings(ctx, environmentID, time.Time{})
}

// newsOf sums readings up, the latest first: a bank that came and went is none, and one that was called
// back what it was called before was not renamed.
func newsOf(readings []storage.DirectoryReading) (news DirectoryNews) {
	banks := map[string]*bankNews{}
	var order []string
	for _, reading := range slices.Backward(readings) {
		if news.Since.IsZero() {
			news.Since = reading.Since
		}
		news.LeftOut += reading.LeftOut
		for _, change := range reading.Changes {
			if banks[change.BIC] == nil {
				banks[change.BIC], order = &bankNews{}, append(order, change.BIC)
			}
			banks[change.BIC].take(change)
		}
	}
	for _, bic := range order {
		news.Changes = append(news.Changes, banks[bic].left(bic)...)
	}
	slices.SortStableFunc(news.Changes, func(a, b storage.DirectoryChange) int {
		return cmp.Compare(slices.Index(changeOrder, a.Kind), slices.Index(changeOrder, b.Kind))
	})
	if !news.Any() {
		return DirectoryNews{}
	}
	return news
}

// changeOrder is the order in which changes are told.
var changeOrder = []storage.DirectoryChangeKind{storage.BankNew, storage.BankGone, storage.BankRenamed, storage.BankProducts, storage.BankApproaches}

// bankNews is what changed of one bank from the first of several readings to the last.
type bankNews struct {
	listed bool   // whether it is listed was said before
	came   bool   // and the first time that it is new
	gone   bool   // and the last time that it is gone
	name   string // now
	former string // before the first change; empty: as now

	before, latest map[storage.DirectoryChangeKind][]string
}

// take takes a change that follows on those taken before.
func (b *bankNews) take(change storage.DirectoryChange) {
	switch change.Kind {
	case storage.BankNew:
		b.came = b.came || !b.listed
		if b.former == "" && b.gone {
			b.former = b.name // it may have come back by another name
		}
		b.listed, b.gone = true, false
	case storage.BankGone:
		b.listed, b.gone = true, true
	case storage.BankRenamed:
		if b.former == "" && len(change.Before) > 0 {
			b.former = change.Before[0]
		}
	default:
		if b.before == nil {
			b.before, b.latest = map[storage.DirectoryChangeKind][]string{}, map[storage.DirectoryChangeKind][]string{}
		}
		if b.before[change.Kind] == nil {
			b.before[change.Kind] = change.Before
		}
		b.latest[change.Kind] = change.After
	}
	b.name = change.Name
}

// left is what is left of it when all is taken.
func (b *bankNews) left(bic string) (all []storage.DirectoryChange) {
	change := storage.DirectoryChange{BIC: bic, Name: b.name}
	switch {
	case b.came && b.gone:
		return nil // it came and went
	case b.came:
		change.Kind = storage.BankNew
		return []storage.DirectoryChange{change}
	case b.gone:
		change.Kind = storage.BankGone
		return []storage.DirectoryChange{change}
	}
	if b.former != "" && b.former != b.name {
		change.Kind, change.Before, change.After = storage.BankRenamed, []string{b.former}, []string{b.name}
		all = append(all, change)
	}
	for _, kind := range []storage.DirectoryChangeKind{storage.BankProducts, storage.BankApproaches} {
		if before, latest := b.before[kind], b.latest[kind]; !slices.Equal(before, latest) {
			all = append(all, storage.DirectoryChange{Kind: kind, BIC: bic, Name: b.name, Before: before, After: latest})
		}
	}
	return all
}
