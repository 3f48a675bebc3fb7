package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"consentry/storage/fold"
)

// ErrNameTaken is returned when something else bears the name.
var ErrNameTaken = errors.New("storage: the name is taken")

// SavedSearch is a search that is kept under a name.
type SavedSearch struct {
	ID        int64
	Name      string
	Chosen    map[string]string // what was typed and chosen, by the names of fields, but for the account
	AccountID int64             // zero: all accounts, or one that is gone

	AccountGone bool // the account it is about was erased
}

// SavedSearches lists the searches that are kept, by name.
func (s *Store) SavedSearches(ctx context.Context) ([]SavedSearch, error) {
	return listKept(s.searches, s, func() ([]SavedSearch, error) { return collect(ctx, s.db, readSavedSearch, savedSearches) })
}

const savedSearches = `SELECT id, name, chosen, coalesce(account_id, 0), account_gone FROM saved_search ORDER BY name COLLATE NOCASE, id`

func readSavedSearch(row scanner) (SavedSearch, error) {
	var one SavedSearch
	var chosen string
	if err := row.Scan(&one.ID, &one.Name, &chosen, &one.AccountID, &one.AccountGone); err != nil {
		return one, err
	}
	return one, json.Unmarshal([]byte(chosen), &one.Chosen)
}

// AddSavedSearch keeps a search. ErrNameTaken: there is one of this name, however it is written.
func (s *Store) AddSavedSearch(ctx context.Context, one SavedSearch) error {
	chosen, err := json.Marshal(one.Chosen)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := searchNameFree(ctx, tx, one.Name, 0); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO saved_search (name, chosen, account_id) VALUES (?, ?, nullif(?, 0))`, one.Name, string(chosen), one.AccountID)
		return err
	})
}

// RenameSavedSearch gives a search another name. ErrNameTaken: another has it; ErrNotFound: there is
// no such search.
func (s *Store) RenameSavedSearch(ctx context.Context, id int64, name string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := searchNameFree(ctx, tx, name, id); err != nil {
			return err
		}
		return changed(tx.ExecContext(ctx, `UPDATE saved_search SET name = ? WHERE id = ?`, name, id))
	})
}

// RemoveSavedSearch forgets a search, if it is there.
func (s *Store) RemoveSavedSearch(ctx context.Context, id int64) error {
	_, err := s.exec(ctx, `DELETE FROM saved_search WHERE id = ?`, id)
	return err
}

func searchNameFree(ctx context.Context, tx *sql.Tx, name string, but int64) error {
	all, err := collect(ctx, tx, readSavedSearch, savedSearches)
	for _, one := range all {
		if one.ID != but && sameName(one.Name, name) {
			return ErrNameTaken
		}
	}
	return err
}

// sameName reports whether two names are one, however they are written.
func sameName(a, b string) bool {
	return strings.EqualFold(a, b) || fold.Word(a) != "" && strings.Join(fold.Words(a), " ") == strings.Join(fold.Words(b), " ")
}
