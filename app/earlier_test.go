package app_test

import (
	"cmp"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/backup"
	"consentry/app/bank"
	"consentry/app/holding"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a"
	"consentry/xs2a/sandbox"
)

// earlierStates are the data folders in storage/testdata/states, as states of the program before a release left them: what
// each holds was counted by that program's own tables when it was put away. Nothing of it may be lost, whatever is changed
// since.
var earlierStates = []struct {
	commit   string
	paid     int                     // transactions that a payment of the person's own is among
	payments map[string]storage.Fate // by whom they went to
	note     string                  // on one transaction
	records  int                     // exchanges
}{
	{commit: "644843f9", records: 148},
	{commit: "9b785abc", paid: 1, payments: earlierPayments, records: 258},
	{commit: "52f08bc7", paid: 1, payments: earlierPayments, note: "Zwiebelkuchen for the party", records: 260},
	{commit: "7d5e9e76", paid: 1, payments: earlierPayments, note: "Zwiebelkuchen for the party", records: 266},
	{commit: "backup-1", paid: 1, payments: earlierPayments, note: "Zwiebelkuchen for the party", records: 266},
}

// earlierPassphrase opens the folders that are a backup.
const earlierPassphrase = "three otters on a raft"

var (
	// earlierDay is when the folders were put away.
	earlierDay      = time.Date(2026, 11, 30, 5, 50, 0, 0, time.UTC)
	earlierPayments = map[string]storage.Fate{"Ausgedachte GmbH": storage.FateTaken, "Erfundene KG": storage.FateTaken}
	// earlierAccounts are those in every folder, with their booked transactions.
	earlierAccounts = map[string]int{
		"სახელფასო ანგარიში": 95, "შემნახველი ანგარიში": 1, "სავალუტო ანგარიში EUR": 5,
		"Lönekonto": 65, "Sparkonto": 1, "Valutakonto EUR": 4, "Kreditkort": 33, "Räkningskonto": 11,
		paidFrom: 85, "Tagesgeld": 2, "Haushaltskonto": 11,
	}
)

// paidFrom is the account that payments went from.
const paidFrom = "Gehaltskonto"

// TestEarlierStates opens each folder with the program as it is: all is there, secrets open, and the banks are read on under
// the consents that were given then.
func TestEarlierStates(t *testing.T) {
	t.Parallel()
	for _, state := range earlierStates {
		t.Run(state.commit, func(t *testing.T) {
			w := earlierWorld(t, state.commit)
			accounts, err := w.Holdings().Accounts(t.Context())
			w.must(err)
			if len(accounts) != len(earlierAccounts) {
				t.Errorf("%d accounts, and there were %d", len(accounts), len(earlierAccounts))
			}
			there := maps.Clone(earlierAccounts)
			there[paidFrom] += state.paid
			w.booked(accounts, "as it was left", func(name string, n int) bool { return n == there[name] })
			consents, err := w.Consents(t.Context())
			w.must(err)
			if len(consents) != 3 {
				t.Errorf("%d consents, and there were 3", len(consents))
			}
			for _, c := range consents {
				if c.Status != xs2a.ConsentValid {
					t.Errorf("the consent at %s is %s", c.BankName, c.Status)
				}
			}
			paid, err := w.store.Payments(t.Context())
			w.must(err)
			if len(paid) != len(state.payments) {
				t.Errorf("%d payments, and there were %d", len(paid), len(state.payments))
			}
			for _, p := range paid {
				to := p.Order.Transfers[0].Creditor
				if fate := state.payments[to]; p.Fate != fate {
					t.Errorf("the payment to %s is %s, and was %s", to, p.Fate, fate)
				}
			}
			records, err := w.store.Exchanges(t.Context(), storage.ExchangeQuery{}, 10_000)
			w.must(err)
			if len(records) != state.records {
				t.Errorf("%d exchanges, and there were %d", len(records), state.records)
			}
			w.noted(state.note)

			w.clock.pass(1)
			var told sync.Mutex
			w.must(w.Update(t.Context(), func(storage.Consent) bool { return true }, func(u app.Update) {
				told.Lock()
				defer told.Unlock()
				if u.Outcome != app.UpdateDone {
					t.Errorf("reading on at %s: %s, %v", u.BankName, u.Outcome, u.Failure)
				}
			}))
			w.booked(accounts, "after reading on", func(name string, n int) bool { return n >= there[name] })
			w.noted(state.note)
		})
	}
}

// earlierWorld is the program of today on a copy of a folder, a little later than it was left, with its practice banks.
func earlierWorld(t *testing.T, name string) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, clock: &testClock{}, wrong: new(atomic.Int64), network: &network{}, dir: t.TempDir()}
	w.clock.zone.Store(time.UTC)
	w.clock.forward(time.Until(earlierDay))
	w.must(earlierFolder(t.Context(), filepath.Join("..", "storage", "testdata", "states", name), w.dir))
	var err error
	w.key, err = secret.LoadWithoutKeyring(w.dir, slog.New(slog.DiscardHandler))
	w.must(err)
	if name != earlierStates[0].commit { // which has no mark of its key yet, and of which no backup was ever made
		w.must(storage.Whole(t.Context(), w.dir, w.key))
	}
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{
		Seed: 1, Now: w.clock.Now, Opened: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), State: filepath.Join(w.dir, folder.State), Keys: keys(),
	})
	w.must(err)
	t.Cleanup(func() { banks.Close() })
	if aside := banks.SetAside(); aside != "" {
		t.Fatalf("the practice banks do not know what they kept: %s", aside)
	}
	w.info = banks.Info()
	w.start(here)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	return w
}

// earlierFolder makes a data folder of what was put away: its files, or a backup of them.
func earlierFolder(ctx context.Context, from, dir string) error {
	kept, err := os.Open(filepath.Join(from, "all"+backup.Extension))
	if err != nil {
		for _, file := range []string{folder.Database, folder.Key, folder.State} {
			if err := unpack(filepath.Join(from, file+".gz"), filepath.Join(dir, file)); err != nil {
				return err
			}
		}
		return nil
	}
	defer kept.Close()
	into := backup.In(dir, slog.New(slog.DiscardHandler))
	if _, err := into.Unpack(ctx, kept, []byte(earlierPassphrase)); err != nil {
		return err
	}
	if err := into.Accept(); err != nil {
		return err
	}
	return backup.Finish(dir, slog.New(slog.DiscardHandler))
}

// booked holds the number of each account's transactions to what it is to be.
func (w *world) booked(accounts []storage.Account, when string, right func(name string, n int) bool) {
	w.Helper()
	for _, account := range accounts {
		n, err := w.Holdings().CountTransactions(w.Context(), account.ID)
		w.must(err)
		if !right(account.Name, n) {
			w.Errorf("%s %s has %d transactions", when, account.Name, n)
		}
	}
}

// noted looks for the one transaction with a note.
func (w *world) noted(note string) {
	w.Helper()
	if note == "" {
		return
	}
	found, err := w.Holdings().FindSome(w.Context(), holding.Search{Typed: note}, 0, 10)
	w.must(err)
	if len(found.Transactions) != 1 || found.Transactions[0].Note.Text != note || !slices.Contains(found.Transactions[0].Note.Tags, "Party") {
		w.Errorf("%q stands on %d transactions: %+v", note, len(found.Transactions), found.Transactions)
	}
}

// unpack writes what is in a packed file.
func unpack(packed, to string) error {
	in, err := os.Open(packed)
	if err != nil {
		return err
	}
	defer in.Close()
	content, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	return cmp.Or(err, out.Close())
}
