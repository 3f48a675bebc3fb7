package export

import (
	"context"
	"slices"
	"time"

	"consentry/app/holding"
	"consentry/storage"
)

// MostCounted is how many transactions are counted before a file is made.
const MostCounted = 50_000

// Contents is what a person looks for, counted, so that each format can say what it will hold.
type Contents struct {
	Nothing  bool // what was typed names nothing that can be looked for
	Count    int
	More     bool // there are more than were counted, of each kind below, too
	Pending  int
	Undated  int               // booked, without a date
	Dropped  int               // booked on a day, and not listed by the bank any more
	Noted    int               // with a note or tags of the person, that have a place in a statement
	Long     int               // amounts with more digits than ISO 20022 takes
	Accounts []storage.Account // that have any of them, or are looked for alone; those of all that were counted
	Parts    []Part            // the statements they come to
}

// Contents counts what a person looks for.
func (e *Exports) Contents(ctx context.Context, search holding.Search) (Contents, error) {
	var c Contents
	err := e.store.Snapshot(ctx, func(at *storage.Store) error {
		holdings := e.holdings.At(at)
		accounts, err := at.Accounts(ctx)
		if err != nil {
			return err
		}
		find, nothing, err := holdings.Read(ctx, search, accounts)
		if c.Nothing = nothing; err != nil || nothing {
			return err
		}
		has := map[int64]bool{search.AccountID: true}
		for t, err := range at.All(ctx, find, storage.NewestFirst, false) {
			if err != nil {
				return err
			}
			if c.More = c.Count == MostCounted; c.More {
				break
			}
			c.add(t)
			has[t.AccountID] = true
		}
		c.Accounts = slices.DeleteFunc(slices.Clone(accounts), func(a storage.Account) bool { return !has[a.ID] && !c.More })
		c.Parts, err = e.statements(ctx, at, accounts, search, find)
		return err
	})
	return c, err
}

func (c *Contents) add(t storage.Transaction) {
	if c.Count++; !fitsISO(t.Amount.Number) {
		c.Long++
	}
	switch {
	case t.Pending:
		c.Pending++
	case t.Date() == "":
		c.Undated++
	case !t.DroppedAt.IsZero():
		c.Dropped++
	case !t.Note.Empty():
		c.Noted++
	}
}

// Statable is how many of those that were counted have a place in a statement.
func (c Contents) Statable() int { return c.Count - c.Pending - c.Undated - c.Dropped }

// Unread lists the days of an account that were not read, of those that are looked for, the oldest
// first.
func Unread(account storage.Account, days storage.Span) (spans []storage.Span) {
	for _, gap := range slices.Backward(account.Gaps) {
		span := storage.Span{From: max(gap.From, days.From), To: gap.To}
		if days.To != "" {
			span.To = min(span.To, days.To)
		}
		if !span.Empty() {
			spans = append(spans, span)
		}
	}
	return spans
}

// FileName is a good name for a file: what it holds, of which days, and when it was made. Words are those of the
// search that a name can hold; empty for none.
func FileName(f Format, words string, days storage.Span, made time.Time) string {
	name := "transactions"
	if words != "" {
		name += "-" + words
	}
	switch {
	case days.From != "" && days.To != "":
		name += "-" + days.From + "-" + days.To
	case days.From != "":
		name += "-from-" + days.From
	case days.To != "":
		name += "-to-" + days.To
	default:
		name += "-" + made.Format(time.DateOnly)
	}
	return name + "." + f.Extension
}
