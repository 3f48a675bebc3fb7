package storage

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"consentry/storage/fold"
)

// OwnName is how a person calls those at the other end of some transactions: of those whose account
// has a number, or whose name begins so. What a bank says stays as it is. It goes with the account on
// whose transaction it was given, and holds on all.
type OwnName struct {
	ID        int64
	AccountID int64
	Name      string
	Number    string // empty: by name
	Begins    string // whole words, however they are written; empty: by number
}

// Names reports whether it is the name of the other end of a transaction.
func (n OwnName) Names(t Transaction) bool {
	if n.Number != "" {
		_, number := t.OtherSide()
		return number != "" && plainNumber(number) == plainNumber(n.Number)
	}
	begins, named := fold.Words(n.Begins), fold.Words(t.Named())
	return len(begins) > 0 && len(begins) <= len(named) && slices.Equal(begins, named[:len(begins)])
}

// phrases are what the index of words is asked for: all words, or a number in one piece.
func (n OwnName) phrases() (alternatives []string) {
	words := n.words()
	if n.Number != "" && len(words) > 1 {
		alternatives = append(alternatives, quoted(plainNumber(n.Number)))
	}
	for i, word := range words {
		words[i] = quoted(word)
	}
	if len(words) > 0 {
		alternatives = append(alternatives, "("+strings.Join(words, " AND ")+")")
	}
	return alternatives
}

// words are those that a transaction has which it names, and others may have, too.
func (n OwnName) words() []string { return fold.Words(n.Number + " " + n.Begins) }

func plainNumber(number string) string { return strings.Join(fold.Words(number), "") }

// Named returns what a bank names a transaction by: the other side, else what it is for.
func (t Transaction) Named() string {
	first, second := t.CreditorName, t.DebtorName
	if !t.Amount.Negative() && strings.ContainsAny(t.Amount.Number, "123456789") {
		first, second = second, first
	}
	return cmp.Or(first, second, t.Remittance, t.Additional)
}

const ownNames = `SELECT id, account_id, name, number, begins FROM own_name ORDER BY name COLLATE NOCASE, id`

func readOwnName(row scanner) (n OwnName, err error) {
	return n, row.Scan(&n.ID, &n.AccountID, &n.Name, &n.Number, &n.Begins)
}

// OwnNames lists the names a person gave, in their order.
func (s *Store) OwnNames(ctx context.Context) ([]OwnName, error) {
	return listKept(s.ownNames, s, func() ([]OwnName, error) { return collect(ctx, s.db, readOwnName, ownNames) })
}

// NameOf returns how a person calls the other end of a transaction; empty where they gave no name. A
// number goes before the beginning of a name, and a longer beginning before a shorter one.
func NameOf(names []OwnName, t Transaction) string {
	best, longest := "", -1
	for _, n := range names {
		if !n.Names(t) {
			continue
		}
		if n.Number != "" {
			return n.Name
		}
		if words := len(n.words()); words > longest {
			best, longest = n.Name, words
		}
	}
	return best
}

// AddOwnName gives a name, in the place of one that was given by the same number or beginning.
func (s *Store) AddOwnName(ctx context.Context, n OwnName) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		all, err := collect(ctx, tx, readOwnName, ownNames)
		if err != nil {
			return err
		}
		for _, other := range all {
			if plainNumber(other.Number) == plainNumber(n.Number) && slices.Equal(fold.Words(other.Begins), fold.Words(n.Begins)) {
				if _, err := tx.ExecContext(ctx, `DELETE FROM own_name WHERE id = ?`, other.ID); err != nil {
					return err
				}
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO own_name (account_id, name, number, begins) VALUES (?, ?, ?, ?)`, n.AccountID, n.Name, n.Number, n.Begins)
		return err
	})
}

// RenameOwnName changes a name, or returns ErrNotFound.
func (s *Store) RenameOwnName(ctx context.Context, id int64, name string) error {
	return changed(s.exec(ctx, `UPDATE own_name SET name = ? WHERE id = ?`, name, id))
}

// RemoveOwnName takes a name back, if it is there.
func (s *Store) RemoveOwnName(ctx context.Context, id int64) error {
	_, err := s.exec(ctx, `DELETE FROM own_name WHERE id = ?`, id)
	return err
}

// MostNamed is how many transactions of a name are counted at most.
const MostNamed = 1000

// CountNamed counts the transactions that a name is of, MostNamed at most, and reports whether there
// may be more.
func (s *Store) CountNamed(ctx context.Context, n OwnName) (count int, more bool, err error) {
	page, err := s.Find(ctx, Find{Terms: []Term{{Names: []OwnName{n}}}}, 0, MostNamed)
	return len(page.Transactions), page.Older != 0, err
}

// named reports whether names a person gave are looked for: of what the index tells, it has to be
// looked at whether it is theirs.
func (f Find) named() bool {
	return slices.ContainsFunc(f.Terms, func(term Term) bool { return len(term.Names) > 0 })
}

// namesFit reports whether a transaction of which the index tells that it may be what is looked for
// is it as far as names go.
func (f Find) namesFit(t Transaction) bool {
	return !slices.ContainsFunc(f.Terms, func(term Term) bool { return len(term.Names) > 0 && !term.is(t) })
}

// is reports whether one of what a term names is true of a transaction.
func (term Term) is(t Transaction) bool {
	begins := func(word string) bool { return strings.HasPrefix(word, term.Word) }
	amount := Find{Least: term.Amount, Most: term.Amount}
	return slices.ContainsFunc(term.Names, func(n OwnName) bool { return n.Names(t) }) || slices.Contains(term.Accounts, t.AccountID) ||
		term.Word != "" && slices.ContainsFunc(strings.Fields(IndexedWords(t)), begins) || term.Amount != nil && amount.amountFits(t.Amount) ||
		term.Currency != "" && strings.EqualFold(term.Currency, t.Amount.Currency)
}
