package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"consentry/app/secret"
	"consentry/storage/folder"
	"consentry/xs2a"
)

// before returns the database of a new folder as it was before the migration that carries
// transactions over.
func before(t testing.TB) (dir string, key Sealer, db *sql.DB) {
	t.Helper()
	dir = t.TempDir()
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err == nil {
		err = folder.Create(filepath.Join(dir, FileName))
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err = sql.Open("sqlite", address(filepath.Join(dir, FileName), url.Values{"_pragma": pragmas}))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithGoMigrations(new(cleaning).migration()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), carryingVersion-2); err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		`PRAGMA foreign_keys = 0`, // the environment of the accounts is of no weight here
		`INSERT INTO account (id, environment_id, bic, bank_name, key, iban, bban, masked_pan, currency, name, product, type, status, usage, owner_name, raw, first_seen_at)
			SELECT value, 'e', 'B', 'Bank', value, 'SE' || value, '', '', 'SEK', 'Account ' || value, '', '', '', '', '', '{}', '' FROM json_each('[1, 2]')`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return dir, key, db
}

// putBefore stores a transaction as it was stored before.
func putBefore(t testing.TB, tx *sql.Tx, account int64, pending bool, n int, one xs2a.Transaction) {
	t.Helper()
	if _, err := tx.Exec(`INSERT INTO entry (account_id, pending, fingerprint, occurrence, date, transaction_id, entry_reference, end_to_end_id, booking_date, value_date,
			amount, currency, creditor_name, creditor_account, debtor_name, debtor_account, remittance, additional, bank_code, inferred, raw, first_seen_at, seen)
			VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		account, pending, fmt.Sprint(n), one.Date(), one.ID, one.EntryReference, one.EndToEndID, one.BookingDate, one.ValueDate, one.Amount.Number, one.Amount.Currency,
		one.CreditorName, one.CreditorAccount, one.DebtorName, one.DebtorAccount, one.Remittance, one.Additional, one.BankCode, one.Inferred, string(one.Raw),
		fmt.Sprintf("2026-01-01T00:00:00.%03dZ", n%1000)); err != nil {
		t.Fatal(err)
	}
}

// TestCarriedOver brings a database of before up to date, which is broken off again and again:
// each transaction is there once, as it was, and in its order.
func TestCarriedOver(t *testing.T) {
	inOneGo := carryAtOnce
	carryAtOnce = 200
	t.Cleanup(func() { carryAtOnce = inOneGo })
	dir, key, db := before(t)
	random := rand.New(rand.NewPCG(1, 12))
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	type old struct {
		account int64
		pending bool
		number  int
		xs2a.Transaction
	}
	var all []old
	many := 3*carryAtOnce + 7
	for n := range many {
		one := booked(fmt.Sprint("T", n), "", fmt.Sprintf("%d.50", random.IntN(100)-50), fmt.Sprint("Köp ", n%7))
		one.BookingDate = fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28))
		one.ValueDate, one.CreditorName, one.CreditorAccount, one.Inferred = "2026-01-02", "Kiosk", "SE9", n%2 == 0
		if n%50 == 0 {
			one.BookingDate, one.ValueDate = "", ""
		}
		o := old{int64(1 + n%2), n%60 == 0, n, one}
		putBefore(t, tx, o.account, o.pending, n, one)
		all = append(all, o)
	}
	if err := errors.Join(tx.Commit(), db.Close()); err != nil {
		t.Fatal(err)
	}

	var s *Store
	var told []Progress
	for range 10 {
		ctx, stop := context.WithCancel(t.Context())
		s, err = OpenTelling(ctx, dir, key, time.Now, func(p Progress) {
			if told = append(told, p); len(told)%2 == 1 {
				stop() // as if it had been killed here
			}
		})
		stop()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ended := slices.IndexFunc(told, func(p Progress) bool { return p.Of != many }) // and what was booked is added up
	upwards := func(a, b Progress) int { return a.Done - b.Done }
	if ended < 4 || told[ended-1] != (Progress{many, many}) || !slices.IsSortedFunc(told[:ended], upwards) || !slices.IsSortedFunc(told[ended:], upwards) || told[len(told)-1].Done != told[len(told)-1].Of {
		t.Errorf("told %v", told)
	}
	agrees(t, s)
	for account := range int64(3) {
		for _, pending := range []bool{false, true} {
			var want []string
			of := slices.DeleteFunc(slices.Clone(all), func(o old) bool { return o.account != account || o.pending != pending })
			slices.SortStableFunc(of, func(a, b old) int { // the newest first; what bears no date is pending and first, or booked and last
				day := func(o old) string {
					if o.pending {
						return cmp.Or(o.Date(), "9")
					}
					return o.Date()
				}
				return cmp.Or(cmp.Compare(day(b), day(a)), b.number-a.number)
			})
			for _, o := range of {
				want = append(want, o.ID)
			}
			stored, err := s.BookedTransactions(t.Context(), account, 0, many)
			if pending {
				stored, err = s.PendingTransactions(t.Context(), account)
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, e := range whole(t, s, stored) {
				got = append(got, e.Transaction.ID)
				if i < len(of) && (saidOf(e.Transaction) != saidOf(of[i].Transaction) || e.Inferred != of[i].Inferred || e.FirstSeenAt.Nanosecond()/1e6 != of[i].number%1000) {
					t.Errorf("%+v was %+v", e, of[i])
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("account %d, pending %v: %d transactions in another order than %d before", account, pending, len(got), len(want))
			}
		}
	}
	if there, err := hasTable(t.Context(), s.db.db, "entry_before"); err != nil || there {
		t.Errorf("the table of before is there (%v)", err)
	}
}

// TestCarriedOverGoesByTheIndex holds that what is carried over next is not looked for among all.
func TestCarriedOverGoesByTheIndex(t *testing.T) {
	_, _, db := before(t)
	defer db.Close()
	if _, err := db.Exec(`ALTER TABLE entry RENAME TO entry_before`); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		restOfDayBefore: "SEARCH entry_before USING INDEX entry_date (pending=? AND date=? AND id>?)",
		daysBefore:      "SEARCH entry_before USING INDEX entry_date (pending=? AND date>?)",
	} {
		plan, err := collect(t.Context(), db, func(row scanner) (step string, err error) {
			var id, parent, unused int
			return step, row.Scan(&id, &parent, &unused, &step)
		}, `EXPLAIN QUERY PLAN `+query, make([]any, strings.Count(query, "?"))...)
		if err != nil || !slices.Equal(plan, []string{want}) {
			t.Errorf("%s\ngoes by %q (%v)", query, plan, err)
		}
	}
}
