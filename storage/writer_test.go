package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// TestWritersWait lets ten people ask while one write does not end: they read
// meanwhile, each of their writes waits for its turn, and none fails.
func TestWritersWait(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	c := addConsent(t, s)
	begun, end := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error { close(begun); <-end; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-begun
	var read sync.WaitGroup
	for n := range 10 {
		read.Add(1)
		all.Go(func() {
			if _, err := s.Consent(ctx, c.ID); err != nil {
				t.Error("reading beside a write:", err)
			}
			read.Done()
			for i := range 20 {
				if err := s.SetSetting(ctx, fmt.Sprint("asker-", n), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	read.Wait() // so nobody's read waits for the write
	close(end)
	all.Wait()
	for n := range 10 {
		if value, err := s.Setting(ctx, fmt.Sprint("asker-", n)); err != nil || value != "19" {
			t.Errorf("asker %d: %q, %v", n, value, err)
		}
	}
	if n := s.writer.locked.Load(); n > 0 {
		t.Errorf("%d writes found the file locked", n)
	}
}

// TestWriterGivesUpByContext waits no longer than whoever waits wants to.
func TestWriterGivesUpByContext(t *testing.T) {
	s, _ := open(t)
	impatient, stop := context.WithCancel(t.Context())
	err := s.write(t.Context(), func(*sql.Tx) error {
		stop()
		return s.SetSetting(impatient, "theme", "dark")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := s.SetSetting(t.Context(), "theme", "dark"); err != nil {
		t.Errorf("the next write: %v", err)
	}
}

// TestOneBulkWaitsForItsTurn keeps all but one of what comes in masses out of
// the row in which a person's write stands.
func TestOneBulkWaitsForItsTurn(t *testing.T) {
	s, _ := open(t)
	if err := s.writeBulk(t.Context(), func(*sql.Tx) error {
		impatient, stop := context.WithCancel(t.Context())
		stop()
		if err := s.writer.bulk.Acquire(impatient, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("a second bulk write stands in the row: %v", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestReadersDoNotWrite holds that what writes takes its turn.
func TestReadersDoNotWrite(t *testing.T) {
	s, _ := open(t)
	if _, err := s.db.db.ExecContext(t.Context(), `INSERT INTO setting VALUES ('theme', 'dark')`); err == nil {
		t.Error("the pool for reads writes")
	}
}

// TestAnotherProgramHasTheFile has something else, as a copy in the making, hold the
// file for longer than SQLite waits: a write waits on and is kept.
func TestAnotherProgramHasTheFile(t *testing.T) {
	s, dir := open(t)
	if _, err := s.writer.db.ExecContext(t.Context(), `PRAGMA busy_timeout = 5`); err != nil { // milliseconds
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", address(filepath.Join(dir, FileName), url.Values{"_txlock": {"immediate"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	held, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan error)
	go func() { written <- s.SetSetting(t.Context(), "theme", "dark") }()
	for s.writer.locked.Load() < 3 {
		runtime.Gosched()
	}
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	if value, err := s.Setting(t.Context(), "theme"); value != "dark" {
		t.Error(value, err)
	}
}
