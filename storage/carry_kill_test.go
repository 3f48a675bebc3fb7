package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"consentry/app/secret"
)

// carryOver brings a database up to date, few transactions in one go, and tells how far it is.
func carryOver(dir string) error {
	carryAtOnce = 50
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	s, err := OpenTelling(context.Background(), dir, key, time.Now, func(p Progress) { fmt.Println(p.Done, p.Of) })
	if err != nil {
		return err
	}
	return s.Close()
}

// TestKilledWhileCarriedOver kills a program with SIGKILL while it carries transactions over, again and
// again: each time it goes on where it was, and in the end each is there once.
func TestKilledWhileCarriedOver(t *testing.T) { killCarrying(t, 3) }

// TestJourneyKilledWhileCarriedOver does so sixty times.
func TestJourneyKilledWhileCarriedOver(t *testing.T) {
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
	killCarrying(t, 60)
}

func killCarrying(t *testing.T, many int) {
	random := rand.New(rand.NewPCG(uint64(many), 12))
	for kills := 0; kills < many; {
		dir, key, db := before(t)
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		const rows = 4_000
		for n := range rows {
			one := booked(fmt.Sprint("T", n), fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)), fmt.Sprintf("%d.50", random.IntN(100)-50), fmt.Sprint("Köp ", n%7))
			putBefore(t, tx, int64(1+n%2), n%60 == 0, n, one)
		}
		if err := errors.Join(tx.Commit(), db.Close()); err != nil {
			t.Fatal(err)
		}
		last, done := Progress{}, false
		for n := 0; !done; n++ {
			after := time.Duration(random.IntN(60)) * time.Millisecond
			if n == min(12, many) {
				after = -1 // and lets it come to its end
			}
			var first, reached Progress
			// What is counted after all were carried over is of fewer, and begins anew.
			if first, reached, done = runCarrying(t, dir, after); first.Of == last.Of && first.Done < last.Done {
				t.Errorf("%v were carried over when it was killed, and %v when it went on", last, first)
			}
			if reached.Done > 0 {
				last = reached
			}
			if !done {
				kills++
			}
		}
		s, err := Open(t.Context(), dir, key, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, s)
		var n int
		if err := s.db.QueryRowContext(t.Context(), `SELECT count(DISTINCT transaction_id) FROM entry`).Scan(&n); err != nil || n != rows {
			t.Errorf("%d of %d are there (%v)", n, rows, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// runCarrying runs the program, kills it so long after it began to carry over, negative for never,
// and returns the first and the last that it told, and whether it came to its end.
func runCarrying(t *testing.T, dir string, after time.Duration) (first, last Progress, done bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), carryDir+"="+dir)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var p Progress
		if _, err := fmt.Sscan(lines.Text(), &p.Done, &p.Of); err != nil {
			continue // cut off
		}
		if last = p; first.Of == 0 {
			if first = p; after >= 0 {
				defer time.AfterFunc(after, func() { _ = cmd.Process.Kill() }).Stop()
			}
		}
	}
	done = cmd.Wait() == nil
	if problems.Len() > 0 {
		t.Fatal(problems.String())
	}
	return first, last, done
}
