package storage

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/xs2a"
)

func anotherKey(t *testing.T) Sealer {
	t.Helper()
	key, err := secret.LoadWithoutKeyring(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// behind changes a closed database behind the program's back.
func behind(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func bytesOf(t *testing.T, dir string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestNewerDatabaseIsRefused refuses the database of a future version with the name
// of the one that can open it, and leaves every byte of it.
func TestNewerDatabaseIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ change, by string }{
		"that says its name":     {`UPDATE installation SET opened_by = 'v9.1.0'`, "v9.1.0"},
		"that keeps it no more":  {`DROP TABLE installation`, ""},
		"that keeps it elsewise": {`ALTER TABLE installation RENAME COLUMN opened_by TO by`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := open(t)
			addConsent(t, s)
			s.Close()
			behind(t, dir, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9001, 1)`)
			behind(t, dir, test.change)
			before := bytesOf(t, dir)
			_, err := Open(context.Background(), dir, s.seal, time.Now)
			var newer *NewerError
			if !errors.As(err, &newer) || newer.By != test.by || newer.Schema != 9001 {
				t.Fatalf("opened with %v", err)
			}
			if bytesOf(t, dir) != before {
				t.Error("the file was changed")
			}
		})
	}
}

// TestOwnDatabaseNamesItsProgram keeps the version for an older program to name.
func TestOwnDatabaseNamesItsProgram(t *testing.T) {
	s, dir := open(t)
	s.Close()
	behind(t, dir, `UPDATE installation SET opened_by = 'v0.0.1'`)
	again := openIn(t, dir)
	var by string
	if err := again.db.db.QueryRow(`SELECT opened_by FROM installation`).Scan(&by); err != nil || by != Version() {
		t.Errorf("opened by %q, %v; want %q", by, err, Version())
	}
}

// TestForeignKeyIsRefused notices another folder's key before anything is changed,
// also in a database of a version that kept nothing to know it by.
func TestForeignKeyIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ change string }{
		"with what it is known by": {`UPDATE installation SET opened_by = 'v0.0.1'`},
		"of an earlier version":    {`DELETE FROM installation`},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := open(t)
			addConsent(t, s)
			s.Close()
			behind(t, dir, test.change)
			before := bytesOf(t, dir)
			if _, err := Open(context.Background(), dir, anotherKey(t), time.Now); !errors.Is(err, ErrForeignKey) {
				t.Fatalf("opened with %v", err)
			}
			if bytesOf(t, dir) != before {
				t.Error("the file was changed")
			}
			mine := openIn(t, dir)
			if e, err := mine.Environment(context.Background(), "e"); err != nil || e.ClientSecret == "" {
				t.Errorf("its own key gives %v", err)
			}
		})
	}
}

// copyOf is a folder with some files of another.
func copyOf(t *testing.T, dir string, files []string) string {
	t.Helper()
	copied := t.TempDir()
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, file), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// TestLogOfAKillIsRead opens what a kill or a backup leaves: the database with its
// write-ahead log, and with or without the index of it.
func TestLogOfAKillIsRead(t *testing.T) {
	for name, files := range map[string][]string{
		"all three":         {FileName, FileName + "-wal", FileName + "-shm"},
		"without the index": {FileName, FileName + "-wal"},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := open(t)
			addConsent(t, s)
			copied, foreign := copyOf(t, dir, append(files, "master.key")), copyOf(t, dir, files)
			if c, err := openIn(t, copied).Consent(context.Background(), "c"); err != nil || c.BankName == "" {
				t.Errorf("the consent is %q, %v", c.BankName, err)
			}
			if _, err := Open(context.Background(), foreign, anotherKey(t), time.Now); !errors.Is(err, ErrForeignKey) {
				t.Errorf("with another key: %v", err)
			}
			for _, file := range []string{FileName, FileName + "-wal"} {
				before, _ := os.ReadFile(filepath.Join(dir, file))
				after, err := os.ReadFile(filepath.Join(foreign, file))
				if err != nil || string(after) != string(before) {
					t.Errorf("%s was changed: %v", file, err)
				}
			}
		})
	}
}

// TestDamagedDatabaseIsTold tells a file that is no database from one that is.
func TestDamagedDatabaseIsTold(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte("this is a letter to my bank, and no database at all; it is long enough to be read as the first page of one, which has a hundred bytes."), 0o600); err != nil {
		t.Fatal(err)
	}
	before := bytesOf(t, dir)
	if _, err := Open(context.Background(), dir, anotherKey(t), time.Now); FaultOf(err) != Damaged {
		t.Errorf("opened with %v", err)
	}
	if bytesOf(t, dir) != before {
		t.Error("the file was changed")
	}
}

// TestFullDatabaseIsTold fills the database to its bound: the write fails as what it
// is, the store says so until a write succeeds, and goes on when there is room.
func TestFullDatabaseIsTold(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	addConsent(t, s)
	if _, err := s.writer.db.Exec(`PRAGMA max_page_count = 1`); err != nil { // as many as there are
		t.Fatal(err)
	}
	var err error
	for range 1000 {
		if err = s.PutEnvironment(ctx, Environment{ID: xs2a.NewState(), Name: "Another"}); err != nil {
			break
		}
	}
	if FaultOf(err) != DiskFull || s.Fault() != DiskFull {
		t.Fatalf("a full database gives %v, and then %q", err, s.Fault())
	}
	if _, err := s.Environment(ctx, "e"); err != nil || s.Fault() != DiskFull {
		t.Errorf("what was stored before: %v, and then %q", err, s.Fault())
	}
	if _, err := s.writer.db.Exec(`PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if err := s.PutEnvironment(ctx, Environment{ID: "late", Name: "Another"}); err != nil || s.Fault() != "" {
		t.Errorf("with room again: %v, and then %q", err, s.Fault())
	}
}
