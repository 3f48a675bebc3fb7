package storage

import (
	"context"
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
	BankCode string // as the bank writes it; empty: any
	// Counterparties are the keys of those they are with, see [CounterpartyOf]: one of them;
	// nil: anybody.
	Counterparties []string
	// Apart are the numbers of own accounts, as keys, each with the accounts that bear it: transfers
	// to and from them on other accounts are left out.
	Apart map[string][]int64
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
	// Older is where the page ends and the next begins; zero where nothing older is to be found.
	Older Cursor
	// Newer is where the page begins: newer ones than it may be found. Zero on the first page.
	Newer Cursor
	// Full reports whether the page holds as many as were asked for. One that does not and has
	// more beyond it ended because very many had been looked at.
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
	list, next, err := s.walk(ctx, f, walk{low, high, &down}, limit)
	found := Found{Transactions: list, Older: next, Full: len(list) == limit}
	switch {
	case after != 0 && len(list) > 0:
		found.Newer = Cursor(list[0].ID)
	case after != 0:
		found.Newer = after - 1 // what the cursor names is newer than nothing
	}
	return found, err
}

// FindNewer lists those of the transactions that are looked for that are the next before a cursor.
// Where they fill no page it is the first page.
func (s *Store) FindNewer(ctx context.Context, f Find, than Cursor, limit int) (Found, error) {
	low, high := f.ids(0)
	list, next, err := s.walk(ctx, f, walk{max(low, int64(than)), high, &up}, limit)
	if err != nil || next == 0 {
		return s.Find(ctx, f, 0, limit)
	}
	slices.Reverse(list)
	found := Found{Transactions: list, Newer: next, Older: than + 1, Full: len(list) == limit}
	if len(list) > 0 {
		found.Older = Cursor(list[len(list)-1].ID)
	}
	return found, nil
}

// walk is a way through the ids between both, in one order.
type walk struct {
	low, high int64
	*order
}

// order is newer to older, or the other way, with what the store is asked for in it.
type order struct{ all, indexed, found, coded, some string }

// The statements are made once: what is asked for on each page is kept prepared.
var (
	down = inOrder("DESC")
	up   = inOrder("ASC")
)

func inOrder(by string) order {
	indexed := `SELECT rowid FROM entry_text WHERE entry_text MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid ` + by + ` LIMIT ?`
	return order{
		all:     `SELECT ` + listedColumns + ` WHERE e.id > ? AND e.id < ? ORDER BY e.id ` + by + ` LIMIT ?`,
		indexed: indexed,
		found:   `SELECT ` + listedColumns + ` WHERE e.id IN (` + indexed + `) ORDER BY e.id ` + by,
		coded: `SELECT ` + listedColumns + ` WHERE e.id IN (` + indexed + `) AND e.bank_code = ? AND (? = 'null' OR e.account_id IN (SELECT value FROM json_each(?)))
			ORDER BY e.id ` + by + ` LIMIT ?`,
		some: `SELECT ` + listedColumns + ` WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id ` + by,
	}
}

// beyond is what is left of the way behind a transaction.
func (w walk) beyond(id int64) walk {
	if w.order == &up {
		w.low = id
	} else {
		w.high = id
	}
	return w
}

// walk returns a page of the transactions that are looked for, in the order of the way, and where
// it is to go on; zero where nothing more is to be found.
func (s *Store) walk(ctx context.Context, f Find, along walk, limit int) ([]Transaction, Cursor, error) {
	if along.high <= along.low || f.noAmount() {
		return nil, 0, nil
	}
	match, err := s.match(ctx, f)
	if err != nil || match == nothing {
		return nil, 0, err
	}
	if f.codeAlone() {
		if list, err := s.coded(ctx, f, match, along, limit); err != nil || len(list) > limit {
			return cut(list, limit, err)
		}
	}
	switch {
	case f.looks():
		return s.lookThrough(ctx, f, match, along, limit)
	case match == "":
		list, err := s.listed(ctx, along.all, along.low, along.high, limit+1)
		return cut(list, limit, err)
	}
	list, err := s.listed(ctx, along.found, match, along.low, along.high, limit+1)
	return cut(list, limit, err)
}

// lookThrough is walk where the index does not tell all that is looked for. It is asked at once for
// all that are looked at, as it may have to read very much to tell the first; at first for few, as
// most of those often are what is looked for.
func (s *Store) lookThrough(ctx context.Context, f Find, match string, along walk, limit int) ([]Transaction, Cursor, error) {
	var found []int64
	var last int64
	looked := 0
	for _, most := range []int{2 * (limit + 1), max(firstLookedAt, 4*limit), mostLookedAt} {
		look := min(most, mostLookedAt) - looked
		if look <= 0 {
			break
		}
		looked += look
		ids, err := collect(ctx, s.db, readID, along.indexed, match, along.low, along.high, look)
		if err != nil {
			return nil, 0, err
		}
		if found, err = s.thoseThatFit(ctx, f, found, ids, limit+1); err != nil {
			return nil, 0, err
		}
		if last = 0; len(ids) == look {
			last = ids[look-1]
		}
		if len(found) > limit || last == 0 {
			break
		}
		along = along.beyond(last)
	}
	list, err := idList(found)
	if err != nil {
		return nil, 0, err
	}
	page, err := s.listed(ctx, along.some, list)
	if err != nil || len(page) > limit {
		return cut(page, limit, err)
	}
	return page, Cursor(last), nil
}

// thoseThatFit adds to what was found those of some ids whose transactions are looked for, in their
// order, until there are so many.
func (s *Store) thoseThatFit(ctx context.Context, f Find, found, ids []int64, enough int) ([]int64, error) {
	for some := range slices.Chunk(ids, max(enough, MostAtOnce)) {
		told, err := s.toldOf(ctx, f, some)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			if one, is := told[id]; is && f.fits(one.AccountID, one.Transaction) {
				found = append(found, id)
			}
		}
		if len(found) >= enough {
			return found[:enough], nil
		}
	}
	return found, nil
}

// cut leaves as many as a page has, and says where the next begins.
func cut(list []Transaction, limit int, err error) ([]Transaction, Cursor, error) {
	if len(list) <= limit {
		return list, 0, err
	}
	return list[:limit], Cursor(list[limit-1].ID), err
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
func (f Find) narrows() bool {
	return (f.Least != nil || f.Most != nil) && !f.oneAmount() && !f.betweenEdges()
}

// betweenEdges reports whether the bounds of amounts are where they get another digit, so that the
// index tells those between them: most people look for round ones.
func (f Find) betweenEdges() bool {
	return (f.Least == nil || isEdge(f.Least)) && (f.Most == nil || f.Below && isEdge(f.Most))
}

// isEdge reports whether an amount is the least of as many digits: 1, 10, 100.
func isEdge(n *apd.Decimal) bool {
	digits := sizeOf(xs2a.Amount{Number: n.Text('f')})
	return digits > 0 && digits < mostDigits && apd.New(1, int32(digits-1)).Cmp(n) == 0
}

// looks reports whether the index does not tell all that is looked for.
func (f Find) looks() bool {
	return f.narrows() || f.BankCode != "" || f.Counterparties != nil || len(f.Apart) > 0 || f.named()
}

// fits reports whether a transaction of an account is looked for, of those that the index tells.
func (f Find) fits(account int64, t xs2a.Transaction) bool {
	if !f.amountFits(t.Amount) || f.Accounts != nil && !slices.Contains(f.Accounts, account) {
		return false
	}
	if f.Counterparties == nil && len(f.Apart) == 0 {
		return true
	}
	key := CounterpartyOf(t).Key
	if f.Counterparties != nil && !slices.Contains(f.Counterparties, key) {
		return false
	}
	own := f.Apart[key]
	return len(own) == 0 || slices.Contains(own, account)
}

// noAmount reports whether no amount can be what is looked for.
func (f Find) noAmount() bool { return f.Least != nil && f.Most != nil && f.Least.Cmp(f.Most) > 0 }

// oneAmount reports whether only one amount can.
func (f Find) oneAmount() bool {
	return f.Least != nil && f.Most != nil && !f.Above && !f.Below && f.Least.Cmp(f.Most) == 0
}

func (f Find) amountFits(a xs2a.Amount) bool {
	if f.Least == nil && f.Most == nil {
		return true
	}
	n := a.Decimal()
	n.Negative = false
	if f.Least != nil && (n.Cmp(f.Least) < 0 || f.Above && n.Cmp(f.Least) == 0) {
		return false
	}
	return f.Most == nil || n.Cmp(f.Most) < 0 || !f.Below && n.Cmp(f.Most) == 0
}

// nothing is what the index of words is asked for where it holds nothing that is looked for: what
// is of no account.
var nothing = quoted(markAccount(0))

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
			return nothing, nil
		}
		all = append(all, anyOf(one))
	}
	code, rowsTell, err := s.codeMatch(ctx, f)
	if err != nil || code == nothing {
		return code, err
	}
	if code != "" {
		all = append(all, code)
	}
	if f.Accounts != nil && !rowsTell {
		var one []string
		for _, id := range f.Accounts {
			one = append(one, quoted(markAccount(id)))
		}
		if len(one) == 0 {
			return nothing, nil
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
	if f.Counterparties != nil {
		all = append(all, anyOf(counterpartiesMatch(f.Counterparties)))
	}
	if len(all) == 0 && !f.looks() {
		return "", nil
	}
	if len(all) == 0 {
		all = append(all, anyOf([]string{quoted(markBooked), quoted(markPending)}))
	}
	match := strings.Join(all, " AND ")
	erasing, err := s.erasing.of(s, func() ([]int64, error) { return collect(ctx, s.db, readID, `SELECT account_id FROM erasing`) })
	for _, id := range erasing { // they are there no more, and their words not all gone
		match = "(" + match + ") NOT " + quoted(markAccount(id))
	}
	return match, err
}

// counterpartiesMatch is what the index is asked for to find transactions that may be with one of
// some counterparties: all words of one. What has no words is with nobody.
func counterpartiesMatch(keys []string) (any []string) {
	for _, key := range keys {
		var all []string
		for _, word := range counterpartyWords(key) {
			all = append(all, quoted(word))
		}
		if len(all) > 0 {
			any = append(any, "("+strings.Join(all, " AND ")+")")
		}
	}
	if len(any) == 0 {
		any = append(any, nothing)
	}
	return any
}

// amountMarks are those of which an amount in the range has one.
func (f Find) amountMarks() (marks []string) {
	if f.oneAmount() {
		return []string{quoted(markAmount(xs2a.Amount{Number: f.Least.Text('f')}))}
	}
	if f.Least == nil && f.Most == nil {
		return nil
	}
	least, most, edges := 0, mostDigits, f.betweenEdges()
	if f.Least != nil {
		least = sizeOf(xs2a.Amount{Number: f.Least.Text('f')})
	}
	if f.Most != nil {
		most = sizeOf(xs2a.Amount{Number: f.Most.Text('f')})
	}
	if edges && f.Most != nil {
		most-- // which is below its edge
	}
	for digits := least; digits <= most; digits++ {
		one := quoted(markSize(digits))
		if edges && f.Above && digits == least && f.Least != nil {
			one = "(" + one + " NOT " + quoted(markAmount(xs2a.Amount{Number: f.Least.Text('f')})) + ")"
		}
		marks = append(marks, one)
	}
	if len(marks) == 0 {
		return []string{nothing}
	}
	return marks
}

// mostEndings is how many words that begin alike are asked for one by one: each is read from its
// newest transaction on. The index itself reads all of them before it tells the first.
const mostEndings = 64

// wordsBeginning is what the index is asked for to find words that begin with one; nothing where it
// holds none.
func (s *Store) wordsBeginning(ctx context.Context, word string) ([]string, error) {
	if !spelled(word) {
		return []string{quoted(word) + "*"}, nil
	}
	words, err := s.beginnings.of(s, word, func() ([]string, error) { return collect(ctx, s.db, readText, endings, word, word+"{", mostEndings+1) })
	if err != nil {
		return nil, err
	}
	words = slices.Clone(words)
	if len(words) > mostEndings {
		return []string{quoted(word) + "*"}, nil
	}
	for i, one := range words {
		if words[i] = quoted(one); !spelled(one) {
			words[i] += "*"
		}
	}
	return words, nil
}

const endings = `SELECT DISTINCT word FROM word WHERE word >= ? AND word < ? LIMIT ?`

// listedAs is what of a folded word stands in the list of words that begin alike: the word, if it is
// of letters alone, else its letters and the first digit after them. Words with digits are as many as
// transactions. It is empty for what begins with no letter, and for ids, whose letters tell nothing
// but as the beginning of an account number.
func listedAs(word string) string {
	letters := len(word)
	if at := strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }); at >= 0 {
		letters = at
	}
	switch {
	case letters == len(word):
		return word
	case letters == 0, word[letters] < '0' || word[letters] > '9', len(word) > longestListed && letters > 2:
		return ""
	}
	return word[:letters+1]
}

// longestListed is how many letters and digits a word has at most that a person may look for by more
// than two letters it begins with.
const longestListed = 16

// spelled reports whether a folded word is one of letters alone.
func spelled(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' })
}

// quoted is a word as the index is asked for it. Folded words and marks hold no quotes.
func quoted(word string) string { return `"` + word + `"` }

func anyOf(alternatives []string) string { return "(" + strings.Join(alternatives, " OR ") + ")" }
