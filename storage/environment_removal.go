package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ErrEnvironmentInUse is that an environment is not removed: something of it is in use, or more
// would go with it than was said.
var ErrEnvironmentInUse = errors.New("storage: the environment is in use")

// EnvironmentUse is what hangs on an environment.
type EnvironmentUse struct {
	InUse    []Consent // that have not ended, whose end the bank has not confirmed, or whose data are just being erased
	Holding  []Consent // other ended ones, by which accounts were read that are still here
	Accounts int       // read at its banks
	Records  int       // of ended consents, which go with the environment
}

// Free reports whether nothing keeps the environment from being removed.
func (u EnvironmentUse) Free() bool { return len(u.InUse) == 0 && u.Accounts == 0 }

// EnvironmentUse returns what hangs on an environment.
func (s *Store) EnvironmentUse(ctx context.Context, id string) (EnvironmentUse, error) {
	return s.environmentUse(ctx, s.db, id)
}

func (s *Store) environmentUse(ctx context.Context, db querier, id string) (EnvironmentUse, error) {
	var use EnvironmentUse
	all, err := collect(ctx, db, readConsent, `SELECT `+consentColumns+` FROM consent c WHERE c.environment_id = ? ORDER BY c.created_at DESC, c.id`, id)
	if err != nil {
		return use, err
	}
	accounts, err := collect(ctx, db, readText, `SELECT CAST(id AS TEXT) FROM account WHERE environment_id = ?`, id)
	if err != nil {
		return use, err
	}
	holding, err := collect(ctx, db, readText, `SELECT DISTINCT l.consent_id FROM consent_account l JOIN account a ON a.id = l.account_id
		WHERE a.environment_id = ?`, id)
	if err != nil {
		return use, err
	}
	holds := map[string]bool{}
	for _, consent := range holding {
		holds[consent] = true
	}
	use.Accounts = len(accounts)
	for _, c := range all {
		if c.Ended() {
			use.Records++
		}
		switch {
		case !c.Ended(), c.Erasing && c.ErasedAt.IsZero(), c.mayBeInForce(s.now()):
			use.InUse = append(use.InUse, c)
		case holds[c.ID]:
			use.Holding = append(use.Holding, c)
		}
	}
	return use, nil
}

// mayBeInForce reports whether a consent that ended here may still be in force at the
// bank, which has not said otherwise.
func (c Consent) mayBeInForce(now time.Time) bool {
	return c.Unconfirmed() && !c.GrantedAt.IsZero() && !c.RunOut(now)
}

func readText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// RemoveEnvironment removes an environment that nothing keeps, with all that is known of
// its banks and the records of its ended consents, of which there are as many as the
// person was told; else it is ErrEnvironmentInUse. Its secrets are gone from the bytes of the file.
func (s *Store) RemoveEnvironment(ctx context.Context, id string, records int) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.environmentIn(ctx, tx, id); err != nil {
			return err
		}
		use, err := s.environmentUse(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case !use.Free() || use.Records != records:
			return ErrEnvironmentInUse
		}
		const its = `(SELECT id FROM consent WHERE environment_id = ?)`
		for _, statement := range []string{
			`DELETE FROM exchange WHERE flow_id IN ` + its,
			`DELETE FROM authorisation WHERE subject_kind IN ('consent', 'deletion') AND subject_id IN ` + its,
			`DELETE FROM consent WHERE environment_id = ?`,
			`DELETE FROM environment WHERE id = ?`, // what is known of its banks goes with it
		} {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.writer.inTurn(ctx, func(db *sql.DB) error { return scrub(ctx, db) })
}
