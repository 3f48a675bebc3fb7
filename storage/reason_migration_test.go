package storage

import (
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"consentry/app/secret"
)

// TestSentencesBecomeCodes opens the earlier folder with sentences in it that name the
// bank: they become codes, wherever the name stands and whose row it is.
func TestSentencesBecomeCodes(t *testing.T) {
	dir := earlier(t)
	db, err := sql.Open("sqlite", address(filepath.Join(dir, FileName), nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE consent SET fetch_error = 'Consentry has read ' || bank_name || ' without you as often as the permission allows.', told_error = 'The permission at ' || bank_name || ' is not in force.'`,
		`UPDATE authorisation SET outcome = 'failed', message = (SELECT bank_name FROM consent WHERE id = consent_id) || ' could not be reached.'`,
	} {
		if _, failed := db.Exec(statement); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for what, query := range map[string]string{
		"quotaUsed":   `SELECT count(*), count(*) FILTER (WHERE fetch_error ->> 'code' = 'quotaUsed' AND fetch_error ->> 'bank' = bank_name) FROM consent`,
		"notInForce":  `SELECT count(*), count(*) FILTER (WHERE told_error ->> 'code' = 'notInForce') FROM consent`,
		"unreachable": `SELECT count(*), count(*) FILTER (WHERE reason ->> 'code' = 'unreachable' AND message = '') FROM authorisation`,
	} {
		var all, coded int
		if err := s.db.QueryRowContext(t.Context(), query).Scan(&all, &coded); err != nil || all == 0 || coded != all {
			t.Errorf("%s: %d of %d, %v", what, coded, all, err)
		}
	}
}
