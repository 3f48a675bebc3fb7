package storage

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/xs2a"
)

const (
	crashDir          = "CONSENTRY_CRASH_DIR"   // tells the test binary to be the program that is killed
	carryDir          = "CONSENTRY_CRASH_CARRY" // likewise, at carrying over a database of before
	crashTransactions = 400
)

// TestMain runs the tests, or the program that TestKill kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := fetchForEver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if dir := os.Getenv(carryDir); dir != "" {
		if err := carryOver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// fetchForEver stores account after account and prints each one's number when
// the store said it is kept.
func fetchForEver(dir string) error {
	ctx := context.Background()
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	s, err := Open(ctx, dir, key, time.Now)
	if err != nil {
		return err
	}
	consents, err := s.Consents(ctx)
	if err != nil {
		return err
	}
	accounts, err := s.Accounts(ctx)
	if err != nil {
		return err
	}
	for i := len(accounts); ; i++ {
		a := salary
		a.IBAN = fmt.Sprintf("SE%022d", i)
		f := Fetch{ConsentID: consents[0].ID, Account: a, HasTransactions: true, Since: "2026-11-01", To: "2026-11-30", Balances: []xs2a.Balance{{Type: "expected", Amount: xs2a.Amount{Number: "1", Currency: "SEK"}}}}
		for n := range crashTransactions {
			f.Booked = append(f.Booked, booked(fmt.Sprint(n), "2026-11-01", fmt.Sprintf("-%d.00", n), "x"))
		}
		if _, err := s.PutFetch(ctx, consents[0], f); err != nil {
			return err
		}
		fmt.Println(a.IBAN)
	}
}

// TestKill kills a program with SIGKILL in the middle of storing, several
// times. What it had said to be kept is there, and an account that is half
// there is not taken for whole.
func TestKill(t *testing.T) {
	s, dir := open(t)
	addConsent(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for round := range 5 {
		killDuringFetch(t, dir, time.Duration(80+round*45)*time.Millisecond, kept)
		s := openIn(t, dir)
		accounts, err := s.Accounts(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{}
		for _, a := range accounts {
			there[a.IBAN] = true
			n, err := s.CountTransactions(context.Background(), a.ID)
			whole := n == crashTransactions && len(a.Balances) == 1 && a.BookedTo == "2026-11-30"
			half := n <= crashTransactions && a.BookedTo == "" && a.FetchedAt.IsZero() && (len(a.Gaps) == 1 || n == 0) && !kept[a.IBAN]
			if err != nil || !whole && !half && a.FetchedAt.IsZero() {
				t.Errorf("account %s is half there: %d transactions, %d balances (%v)", a.IBAN, n, len(a.Balances), err)
			}
		}
		for iban := range kept {
			if !there[iban] {
				t.Errorf("account %s was said to be kept and is gone", iban)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept) == 0 {
		t.Error("the program was always killed before it stored anything: the test shows nothing")
	}
}

func killDuringFetch(t *testing.T, dir string, after time.Duration, kept map[string]bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if lines.Scan() { // it is at work: from now on any moment will do
		kept[lines.Text()] = true
		time.AfterFunc(after, func() { cmd.Process.Kill() })
	}
	for lines.Scan() {
		if len(lines.Text()) == len(salary.IBAN) { // the last line may be cut off
			kept[lines.Text()] = true
		}
	}
	_ = cmd.Wait() // killed
	if problems.Len() > 0 {
		t.Error(problems.String())
	}
}
