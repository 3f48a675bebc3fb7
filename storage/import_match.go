package storage

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"consentry/storage/fold"
	"consentry/xs2a"
)

// A file and a bank's interface tell the same transaction in other words: a statement has a
// party where the interface has a text, a table has neither numbers nor ids. So what a file
// lists is first matched as a fetch is, by content and by id. What is left over on both sides
// of one day and amount is the same where nothing contradicts and at least half of the words of
// the one that has fewer are in the other: "card" alone is in many. The closest go together, each once: of two purchases of one price on one day, one
// stays new if the other side has one alone.

// MatchImported returns, of each transaction of one day of a file, the one of the account that
// it is, or 0: it is new.
func (s *Store) MatchImported(ctx context.Context, accountID int64, transactions []Imported) ([]int64, error) {
	stored := make([]int64, len(transactions))
	if len(transactions) == 0 {
		return stored, nil
	}
	on := dayOf(transactions[0].Date())
	rows, err := collect(ctx, s.db, readStoredRow, storedRows, accountID, false, on.before(), on.after())
	if err != nil || len(rows) == 0 {
		return stored, err
	}
	day := newStoredDay(rows)
	all := make([]xs2a.Transaction, len(transactions))
	for i := range transactions {
		all[i] = transactions[i].Transaction
	}
	own, contents := ownIDs(all), make([]int64, len(all))
	key := func(i int) uint64 {
		if !own[all[i].ID] {
			return 0
		}
		return idKey(all[i].ID, all[i].Amount)
	}
	for _, find := range []func(i int) *storedRow{
		func(i int) *storedRow {
			contents[i] = contentOf(all[i])
			if row := day.withID(key(i)); row != nil && row.content == contents[i] {
				return row
			}
			return nil
		},
		func(i int) *storedRow { return day.withContent(contents[i]) },
		func(i int) *storedRow { return day.withID(key(i)) },
	} {
		for i := range all {
			if stored[i] != 0 {
				continue
			}
			if row := find(i); row != nil {
				stored[i] = row.id
				day.claim(row)
			}
		}
	}
	return stored, s.matchAlike(ctx, day, all, stored)
}

// matchAlike matches what content and ids did not.
func (s *Store) matchAlike(ctx context.Context, day *storedDay, all []xs2a.Transaction, stored []int64) error {
	var left []int
	for i, id := range stored {
		if id == 0 {
			left = append(left, i)
		}
	}
	rows := day.unclaimed()
	if len(left) == 0 || len(rows) == 0 {
		return nil
	}
	known, err := rowTransactions(ctx, s.db, rows)
	if err != nil {
		return err
	}
	come := make([]xs2a.Transaction, len(left))
	for at, i := range left {
		come[at] = all[i]
	}
	for at, to := range pairAlike(come, known) {
		if to >= 0 {
			stored[left[at]] = known[to].ID
		}
	}
	return nil
}

// rowTransactions reads the transactions of rows.
func rowTransactions(ctx context.Context, db querier, rows []storedRow) ([]Transaction, error) {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.id
	}
	wanted, err := idList(ids)
	if err != nil {
		return nil, err
	}
	return collect(ctx, db, readTransaction, someTransactions, wanted)
}

const someTransactions = `SELECT ` + entryColumns + ` WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id`

// amountKey is what equal amounts of one currency have alike.
func amountKey(a xs2a.Amount) string { return reduced(a) + " " + a.Currency }

// pairAlike returns, of each of some transactions of a day, the place of the other that it may
// be; -1: of none.
func pairAlike(come []xs2a.Transaction, known []Transaction) []int {
	type pair struct{ come, known, score int }
	var pairs []pair
	byAmount := map[string][]int{}
	words := make([][]string, len(known))
	for at, one := range known {
		byAmount[amountKey(one.Amount)] = append(byAmount[amountKey(one.Amount)], at)
		words[at] = saidWords(one.Transaction)
	}
	to := make([]int, len(come))
	for i, one := range come {
		to[i] = -1
		said := saidWords(one)
		for _, at := range byAmount[amountKey(one.Amount)] {
			if score := alike(one, known[at].Transaction, said, words[at]); score > 0 && len(pairs) < mostPairs {
				pairs = append(pairs, pair{i, at, score})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(y.score, x.score) })
	taken := make([]bool, len(known))
	for _, p := range pairs {
		if to[p.come] < 0 && !taken[p.known] {
			to[p.come], taken[p.known] = p.known, true
		}
	}
	return to
}

// mostPairs bounds what is compared of one day: a thousand purchases of one price are not told
// apart by their words any more.
const mostPairs = 200_000

// alike says how close two transactions of one day and amount are; 0: they are not the same.
func alike(x, y xs2a.Transaction, wordsX, wordsY []string) int {
	score := 1
	for _, both := range [][2]string{
		{x.EndToEndID, y.EndToEndID}, {number(x.CreditorAccount), number(y.CreditorAccount)}, {number(x.DebtorAccount), number(y.DebtorAccount)},
	} {
		switch {
		case !tells(both[0]) || !tells(both[1]):
		case both[0] != both[1]:
			return 0
		default:
			score += 10
		}
	}
	if x.ValueDate != "" && x.ValueDate == y.ValueDate {
		score++
	}
	if len(wordsX) == 0 || len(wordsY) == 0 {
		return score
	}
	shared := sharedWords(wordsX, wordsY)
	if 2*shared < min(len(wordsX), len(wordsY)) && score < 10 {
		return 0
	}
	return score + shared
}

// number is an account's number without blanks, in capital letters.
func number(account string) string {
	return strings.ToUpper(strings.Join(strings.Fields(account), ""))
}

// saidWords are the words of names and texts that say something.
func saidWords(t xs2a.Transaction) (words []string) {
	const shortest = 3
	for _, text := range []string{t.CreditorName, t.DebtorName, t.Remittance, t.Additional} {
		for _, word := range fold.Words(text) {
			if len(word) >= shortest && !slices.Contains(words, word) && len(words) < 40 {
				words = append(words, word)
			}
		}
	}
	return words
}

// sharedWords counts the words of one that are in the other, or begin one of it, or end where
// the file had no more room.
func sharedWords(x, y []string) (n int) {
	for _, one := range x {
		if slices.ContainsFunc(y, func(other string) bool { return strings.HasPrefix(one, other) || strings.HasPrefix(other, one) }) {
			n++
		}
	}
	return n
}

// claimImported claims what only files list so far, for transactions that a bank lists of one
// day: from then on they are the bank's.
func (m *matcher) claimImported(ctx context.Context, all []comer) error {
	byDay := map[*storedDay][]*comer{}
	for i := range all {
		if one := &all[i]; !one.claimed && one.day.imported > 0 {
			byDay[one.day] = append(byDay[one.day], one)
		}
	}
	for day, comers := range byDay {
		rows := slices.DeleteFunc(day.unclaimed(), func(row storedRow) bool { return !row.imported })
		if len(rows) == 0 {
			continue
		}
		known, err := rowTransactions(ctx, m.tx, rows)
		if err != nil {
			return err
		}
		come := make([]xs2a.Transaction, len(comers))
		for i, one := range comers {
			come[i] = *one.Transaction
		}
		for i, to := range pairAlike(come, known) {
			if to < 0 {
				continue
			}
			if err := m.claim(ctx, comers[i], day.withRow(known[to].ID), true); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeOver makes a transaction the bank's that files alone listed: what the bank says of it
// takes the place of what they said.
func (w *entryWriter) takeOver(ctx context.Context, stored storedRow, t xs2a.Transaction, content int64) error {
	if err := changed(w.tx.ExecContext(ctx, `DELETE FROM import_entry WHERE entry_id = ?`, stored.id)); err != nil || stored.said == saidOf(t) {
		return err // ErrNotFound: it is not there any more
	}
	return w.rewordAs(ctx, stored, t, content, false)
}

// markImported marks the rows of a day of an account that files alone list.
func markImported(ctx context.Context, db querier, rows []storedRow, on day) error {
	if len(rows) == 0 {
		return nil
	}
	ids, err := collect(ctx, db, readID, `SELECT DISTINCT entry_id FROM import_entry WHERE entry_id > ? AND entry_id < ?`, on.before(), on.after())
	if err != nil || len(ids) == 0 {
		return err
	}
	for i := range rows {
		_, rows[i].imported = slices.BinarySearch(ids, rows[i].id)
	}
	return nil
}

// payeeWords asks the index of words for the transactions that name the account of a payee: what else
// could be asked for, many others have.
func payeeWords(to payeeOf) string {
	var b strings.Builder
	for _, word := range fold.Words(to.Account) {
		b.WriteString(`"` + word + `" `)
	}
	return b.String()
}
