package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLogIsPutIntoTheFileBeside writes less than has the writer itself put the log into the file.
func TestLogIsPutIntoTheFileBeside(t *testing.T) {
	s, dir := open(t)
	size := func() int64 {
		t.Helper()
		file, err := os.Stat(filepath.Join(dir, FileName))
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	before := size()
	f := Fetch{Account: salary, HasTransactions: true, Since: "2026-01-01", To: "2026-12-31"}
	for n := range checkpointRows + 500 {
		f.Booked = append(f.Booked, booked(fmt.Sprint("T", n), "2026-11-01", "-1", fmt.Sprint("Shop number", n)))
	}
	c := addConsent(t, s)
	f.ConsentID = c.ID
	if _, err := s.PutFetch(t.Context(), c, f); err != nil {
		t.Fatal(err)
	}
	log, err := os.Stat(filepath.Join(dir, FileName+"-wal"))
	if err != nil || log.Size() >= 4000*4096 {
		t.Fatalf("the log has %d bytes, so that the writer has put it there (%v)", log.Size(), err)
	}
	for deadline := time.Now().Add(time.Minute); size() < before+checkpointRows*100; {
		if time.Now().After(deadline) {
			t.Fatal("the log was not put into the file")
		}
		time.Sleep(time.Millisecond)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.checkpoints.follow(checkpointRows) // and nothing comes of it
	if !s.checkpoints.mu.TryLock() {
		t.Fatal("one is made after the end")
	}
	s.checkpoints.mu.Unlock()
}
