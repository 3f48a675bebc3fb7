package storage

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLogIsPutIntoTheFileBeside writes less than has the writer itself put the log into the file.
func TestLogIsPutIntoTheFileBeside(t *testing.T) {
	s, dir := open(t)
	const much = 1 << 20
	put := func() {
		t.Helper()
		if err := s.writeBulk(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT OR REPLACE INTO setting (name, value) VALUES ('much', ?)`, strings.Repeat("m", much))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int64 {
		t.Helper()
		file, err := os.Stat(filepath.Join(dir, FileName))
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	before := size()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for size() < before+much { // one is due some time after the last
		if put(); ctx.Err() != nil {
			t.Fatal("the log was not put into the file")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.checkpoints.follow() // and nothing comes of it
	if !s.checkpoints.mu.TryLock() {
		t.Fatal("one is made after the end")
	}
	s.checkpoints.mu.Unlock()
}
