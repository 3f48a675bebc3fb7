package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"consentry/app/secret"
	"consentry/storage"
)

// What the program keeps, read as it reads it itself. The tests know no table
// and no column.

// reading opens a copy of the data file as it is now: the file itself is locked
// by the program that runs.
func reading[T any](c *program, read func(context.Context, *storage.Store) (T, error)) T {
	c.t.Helper()
	ctx, folder := c.t.Context(), c.t.TempDir()
	c.copyInto(filepath.Join(folder, storage.FileName))
	key, err := secret.LoadWithoutKeyring(c.data, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	store, err := storage.Open(ctx, folder, key, time.Now)
	if err != nil {
		c.t.Fatal(err)
	}
	defer store.Close()
	value, err := read(ctx, store)
	if err != nil {
		c.t.Fatal(err)
	}
	return value
}

// copyInto writes all that is committed to a new file.
func (c *program) copyInto(path string) {
	c.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.data, storage.FileName)+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(c.t.Context(), "VACUUM INTO ?", path); err != nil {
		c.t.Fatal(err)
	}
}

// consents are the consents asked of a bank, the newest first; without a
// name, those of all.
func (c *program) consents(bank string) []storage.Consent {
	c.t.Helper()
	all := reading(c, func(ctx context.Context, s *storage.Store) ([]storage.Consent, error) { return s.Consents(ctx) })
	return slices.DeleteFunc(all, func(each storage.Consent) bool { return bank != "" && each.BankName != bank })
}

// newest is the one last asked of a bank.
func (c *program) newest(bank string) storage.Consent {
	c.t.Helper()
	all := c.consents(bank)
	if len(all) == 0 {
		c.t.Fatalf("nothing was asked of %s", bank)
	}
	return all[0]
}

// attempts are the approvals of a bank's consents, the newest first; without
// a name, those of all.
func (c *program) attempts(bank string) []storage.Authorisation {
	c.t.Helper()
	consents := c.consents(bank)
	return reading(c, func(ctx context.Context, s *storage.Store) (all []storage.Authorisation, err error) {
		for _, consent := range consents {
			of, err := s.Authorisations(ctx, storage.ConsentSubject(consent.ID))
			if err != nil {
				return nil, err
			}
			all = append(all, of...)
		}
		return all, nil
	})
}

// open are the attempts of which something can still come.
func open(attempts []storage.Authorisation) []storage.Authorisation {
	return slices.DeleteFunc(slices.Clone(attempts), storage.Authorisation.Ended)
}

// statement is an account with what was read of it.
type statement struct {
	storage.Account
	Booked, Pending []storage.Transaction
}

// plenty is more than an account holds.
const plenty = 1_000_000

// statements are the accounts of a bank with their entries, the newest first;
// without a name, those of all banks.
func (c *program) statements(bank string) []statement {
	c.t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) (all []statement, err error) {
		accounts, err := s.Accounts(ctx)
		for _, account := range accounts {
			if bank != "" && account.BankName != bank {
				continue
			}
			of := statement{Account: account}
			if of.Booked, err = s.BookedTransactions(ctx, account.ID, 0, plenty); err != nil {
				return nil, err
			}
			if of.Pending, err = s.PendingTransactions(ctx, account.ID); err != nil {
				return nil, err
			}
			all = append(all, of)
		}
		return all, err
	})
}

// statement is that of the one account of a name.
func (c *program) statement(name string) statement {
	c.t.Helper()
	for _, each := range c.statements("") {
		if each.Name == name {
			return each
		}
	}
	c.t.Fatalf("there is no account %s", name)
	return statement{}
}

// whole is all that is kept of a transaction; statements have what lists show.
func (c *program) whole(id int64) storage.Transaction {
	c.t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) (storage.Transaction, error) {
		return s.Transaction(ctx, id)
	})
}

// holdings are how much is kept.
type holdings struct{ accounts, balances, entries int }

func (c *program) holdings(bank string) (sum holdings) {
	c.t.Helper()
	for _, each := range c.statements(bank) {
		sum.accounts++
		sum.balances += len(each.Balances)
		sum.entries += len(each.Booked) + len(each.Pending)
	}
	return sum
}

// hasNothingOf holds that nothing was read from a bank; without a name, from
// any.
func (c *program) hasNothingOf(bank string) {
	c.t.Helper()
	same(c.t, "what was read", c.holdings(bank), holdings{})
}

// inventory returns the accounts and how many transactions each has, so that one inventory
// can be compared with another.
func (c *program) inventory() string {
	c.t.Helper()
	var lines strings.Builder
	for _, each := range c.statements("") {
		fmt.Fprintln(&lines, each.ID, each.Key, len(each.Booked), len(each.Pending))
	}
	return lines.String()
}

// secretsOf are the account numbers of a bank and what its entries say, but for
// what another bank's entries say, too.
func (c *program) secretsOf(bank string) (secrets []string) {
	c.t.Helper()
	texts, elsewhere := map[string]bool{}, map[string]bool{}
	for _, each := range c.statements("") {
		of := elsewhere
		if each.BankName == bank {
			of = texts
			of[each.IBAN] = true
		}
		for _, entry := range slices.Concat(each.Booked, each.Pending) {
			of[entry.Remittance] = true
		}
	}
	for text := range texts {
		if len(text) >= 12 && !elsewhere[text] { // what is shorter may be part of something else
			secrets = append(secrets, text)
		}
	}
	return secrets
}

// stored is what is kept of the consent.
func (g *grant) stored() storage.Consent {
	g.of.t.Helper()
	return reading(g.of, func(ctx context.Context, s *storage.Store) (storage.Consent, error) { return s.Consent(ctx, g.id) })
}

// reaches are the accounts that are read under the consent.
func (g *grant) reaches() (ids []int64) {
	g.of.t.Helper()
	accounts := reading(g.of, func(ctx context.Context, s *storage.Store) ([]storage.Account, error) {
		return s.ConsentAccounts(ctx, g.id)
	})
	for _, each := range accounts {
		ids = append(ids, each.ID)
	}
	return ids
}

// byItself is when the program read each account under the consent without
// the person, the latest first.
func (g *grant) byItself() map[string][]time.Time {
	g.of.t.Helper()
	reads := reading(g.of, func(ctx context.Context, s *storage.Store) ([]storage.ConsentRead, error) {
		return s.ConsentReads(ctx, g.id, 0, plenty)
	})
	at := map[string][]time.Time{}
	for _, each := range reads {
		if !each.Attended {
			of := string(each.Endpoint) + " " + each.Account
			at[of] = append(at[of], each.At)
		}
	}
	return at
}

// exchanges are the requests of a kind to addresses that contain some words.
func (c *program) exchanges(method string, words ...string) []storage.Exchange {
	c.t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) ([]storage.Exchange, error) {
		all, err := s.Exchanges(ctx, storage.ExchangeQuery{}, plenty)
		return slices.DeleteFunc(all, func(e storage.Exchange) bool {
			return method != "" && e.Method != method || slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(e.URL, word) })
		}), err
	})
}

// same compares what is with what is to be.
func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}
