package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// Find is what transactions are looked for by. All that it names has to be true of them; the
// zero value is true of all.
type Find struct {
	Terms    []Term
	Accounts []int64      // of one of these; nil: of any
	Days     Span         // of one of these days; an empty date leaves that side open. What bears no date is of none
	Least    *apd.Decimal // of amounts without their signs; nil leaves that side open
	Most     *apd.Decimal
	Above    bool   // Least itself is too little
	Below    bool   // Most itself is too much
	Currency string // empty: any
	Way      Way
	State    State
}

// Term is one thing that is asked for in words. One of what it names is true of what is found.
type Term struct {
	Word     string       // folded, see [fold.Words]: a word of the transaction begins with it
	Accounts []int64      // it is of one of these
	Amount   *apd.Decimal // it is of this amount, without its sign
	Currency string       // or of this currency
	Names    []OwnName    // or one of these is its name
	Tag      string       // folded, see [FoldTag]: or it has this tag, or one that begins with it where none is so
}

// Way is which way money went.
type Way string

// Which ways money goes; the zero value is either.
const (
	MoneyIn  Way = "in"
	MoneyOut Way = "out"
)

// State is what a bank calls the status of a booking.
type State string

// The states of a transaction; the zero value is either.
const (
	StateBooked  State = "booked"
	StatePending State = "pending"
)

// Found is a page of what was found, the newest first: what bears no date yet before all.
type Found struct {
	Transactions []Transaction
	// Older is where the page ends and the next begins; zero where nothing more is to be found.
	Older Cursor
	// Full reports whether the page holds as many as were asked for. One that does not and has
	// more after it ended because very many had been looked at.
	Full bool
}

// mostLookedAt bounds how many transactions are looked at for one page: of those that have all
// the words and marks, an amount in a range may be rare. Tests make it small.
var mostLookedAt = 20_000

// firstLookedAt are most often enough to fill a page.
const firstLookedAt = 500

// Find lists the transactions after a cursor that are looked for.
func (s *Store) Find(ctx context.Context, f Find, after Cursor, limit int) (Found, error) {
	low, high := f.ids(after)
	if high <= low || f.noAmount() {
		return Found{}, nil
	}
	match, err := s.match(ctx, f)
	if err != nil {
		return Found{}, err
	}
	var found Found
	switch {
	case match == "":
		found.Transactions, err = collect(ctx, s.db, readTransaction, anyTransactions, low, high, limit+1)
		return found.cut(limit), err
	case !f.narrows() && !f.named():
		_, err := s.lookAt(ctx, f, &found, match, low, high, limit+1, limit)
		return found.cut(limit), err
	}
	for _, look := range []int{firstLookedAt, mostLookedAt - firstLookedAt} {
		last, err := s.lookAt(ctx, f, &found, match, low, high, look, limit)
		if err != nil || last == 0 || len(found.Transactions) > limit {
			return found.cut(limit), err
		}
		high = last
	}
	found.Full, found.Older = len(found.Transactions) == limit, Cursor(high)
	return found, nil
}

// lookAt adds to what was found those of the next so many transactions that are looked for, until
// there is one more than a page has. It returns the id of the last where there are more; else zero.
// The index is asked at once for all of them, as it may have to read very much to tell the first.
func (s *Store) lookAt(ctx context.Context, f Find, found *Found, match string, low, high int64, look, limit int) (int64, error) {
	ids, err := collect(ctx, s.db, readID, indexedEntries, match, low, high, look)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, max(limit+1, MostAtOnce)) {
		list, err := idList(some)
		if err != nil {
			return 0, err
		}
		page, err := collect(ctx, s.db, readTransaction, transactionsOf, list)
		if err != nil {
			return 0, err
		}
		for _, t := range page {
			if f.fits(t) {
				found.Transactions = append(found.Transactions, t)
			}
		}
		if len(found.Transactions) > limit {
			break
		}
	}
	if len(ids) < look {
		return 0, nil
	}
	return ids[len(ids)-1], nil
}

// cut leaves as many as a page has, and says where the next begins.
func (f Found) cut(limit int) Found {
	if len(f.Transactions) > limit {
		f.Transactions = f.Transactions[:limit]
		f.Older = Cursor(f.Transactions[limit-1].ID)
	}
	f.Full = len(f.Transactions) == limit
	return f
}

// ids is the range of ids that are looked through: those between both.
func (f Find) ids(after Cursor) (low, high int64) {
	low, high = 0, lastDay.after()
	if f.Days.From != "" {
		low, high = max(dayOf(f.Days.From), noDay+1).before(), pendingDay.before()
	}
	if f.Days.To != "" {
		high = dayOf(f.Days.To).after()
		low = max(low, (noDay + 1).before())
	}
	if after != 0 {
		high = min(high, int64(after))
	}
	return low, high
}

// narrows reports whether an amount is looked for that the index does not tell.
func (f Find) narrows() bool { return (f.Least != nil || f.Most != nil) && !f.oneAmount() }

// noAmount reports whether no amount can be what is looked for.
func (f Find) noAmount() bool { return f.Least != nil && f.Most != nil && f.Least.Cmp(f.Most) > 0 }

// oneAmount reports whether only one amount can.
func (f Find) oneAmount() bool {
	return f.Least != nil && f.Most != nil && !f.Above && !f.Below && f.Least.Cmp(f.Most) == 0
}

func (f Find) amountFits(a xs2a.Amount) bool {
	n := a.Decimal()
	n.Negative = false
	if f.Least != nil && (n.Cmp(f.Least) < 0 || f.Above && n.Cmp(f.Least) == 0) {
		return false
	}
	return f.Most == nil || n.Cmp(f.Most) < 0 || !f.Below && n.Cmp(f.Most) == 0
}

const (
	anyTransactions = `SELECT ` + entryColumns + ` WHERE e.id > ? AND e.id < ? ORDER BY e.id DESC LIMIT ?`
	indexedEntries  = `SELECT rowid FROM entry_text WHERE entry_text MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`
	transactionsOf  = `SELECT ` + entryColumns + ` WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id DESC`
)

// match is what the index of words is asked for; empty where it can tell nothing.
func (s *Store) match(ctx context.Context, f Find) (string, error) {
	var all []string
	for _, term := range f.Terms {
		var one []string
		if term.Word != "" {
			var err error
			if one, err = s.wordsBeginning(ctx, term.Word); err != nil {
				return "", err
			}
		}
		for _, id := range term.Accounts {
			one = append(one, quoted(markAccount(id)))
		}
		if term.Amount != nil {
			one = append(one, quoted(markAmount(xs2a.Amount{Number: term.Amount.Text('f')})))
		}
		if term.Currency != "" {
			one = append(one, quoted(markCurrency(term.Currency)))
		}
		for _, name := range term.Names {
			one = append(one, name.phrases()...)
		}
		if term.Tag != "" {
			tags, err := s.tagsAlike(ctx, term.Tag)
			if err != nil {
				return "", err
			}
			for _, tag := range tags {
				one = append(one, quoted(markTag(tag)))
			}
		}
		if len(one) == 0 {
			one = []string{quoted(markAccount(0))} // of no account
		}
		all = append(all, anyOf(one))
	}
	if f.Accounts != nil {
		one := []string{quoted(markAccount(0))} // of no account
		for _, id := range f.Accounts {
			one = append(one, quoted(markAccount(id)))
		}
		all = append(all, anyOf(one))
	}
	if one := f.amountMarks(); len(one) > 0 {
		all = append(all, anyOf(one))
	}
	if f.Currency != "" {
		all = append(all, quoted(markCurrency(f.Currency)))
	}
	if f.Way != "" {
		all = append(all, quoted(map[Way]string{MoneyIn: markIn, MoneyOut: markOut}[f.Way]))
	}
	if f.State != "" {
		all = append(all, quoted(map[State]string{StateBooked: markBooked, StatePending: markPending}[f.State]))
	}
	if len(all) == 0 {
		return "", nil
	}
	match := strings.Join(all, " AND ")
	erasing, err := collect(ctx, s.db, readID, `SELECT account_id FROM erasing`)
	for _, id := range erasing { // they are there no more, and their words not all gone
		match = "(" + match + ") NOT " + quoted(markAccount(id))
	}
	return match, err
}

// amountMarks are those of which an amount in the range has one.
func (f Find) amountMarks() (marks []string) {
	if f.oneAmount() {
		return []string{quoted(markAmount(xs2a.Amount{Number: f.Least.Text('f')}))}
	}
	if !f.narrows() {
		return nil
	}
	least, most := 0, mostDigits
	if f.Least != nil {
		least = sizeOf(xs2a.Amount{Number: f.Least.Text('f')})
	}
	if f.Most != nil {
		most = sizeOf(xs2a.Amount{Number: f.Most.Text('f')})
	}
	for digits := least; digits <= most; digits++ {
		marks = append(marks, quoted(markSize(digits)))
	}
	return marks
}

// mostEndings is how many words that begin alike are asked for one by one: each is read from its
// newest transaction on. The index itself reads all of them before it tells the first.
const mostEndings = 64

// wordsBeginning is what the index is asked for to find words that begin with one.
func (s *Store) wordsBeginning(ctx context.Context, word string) ([]string, error) {
	if !spelled(word) {
		return []string{quoted(word) + "*"}, nil
	}
	words, err := collect(ctx, s.db, readText, endings, word, word+"{", mostEndings+1)
	if err != nil {
		return nil, err
	}
	if len(words) > mostEndings {
		return []string{quoted(word) + "*"}, nil
	}
	for i, one := range words {
		words[i] = quoted(one)
	}
	if !slices.Contains(words, quoted(word)) {
		words = append(words, quoted(word))
	}
	// A word with a digit may begin with one that has none: R12 with R.
	return append(words, digitsAfter(word)...), nil
}

const endings = `SELECT DISTINCT word FROM word WHERE word >= ? AND word < ? LIMIT ?`

// digitsAfter is what the index is asked for to find words that go on with a digit.
func digitsAfter(word string) (all []string) {
	for digit := range 10 {
		all = append(all, quoted(fmt.Sprint(word, digit))+"*")
	}
	return all
}

// spelled reports whether a folded word is one of letters alone, as those are that are kept in
// a list of their own: words of numbers are as many as transactions.
func spelled(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' })
}

// quoted is a word as the index is asked for it. Folded words and marks hold no quotes.
func quoted(word string) string { return `"` + word + `"` }

func anyOf(alternatives []string) string { return "(" + strings.Join(alternatives, " OR ") + ")" }
