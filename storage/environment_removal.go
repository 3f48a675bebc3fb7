package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"sync"
)

// ErrEnvironmentInUse is that an environment is not removed: something keeps it.
var ErrEnvironmentInUse = errors.New("storage: the environment is in use")

// EnvironmentUse is what hangs on an environment.
type EnvironmentUse struct {
	InUse    []Consent  // that have not ended, that keep it all the same, or whose data are just being erased
	Holding  []Consent  // other ended ones, at which accounts can be erased that were read under them
	Accounts int        // read at its banks
	Records  int        // of ended consents, which go with the environment
	Paying   []Payment  // of which more is to come, or nobody knows, or that wait to be sent
	Paid     int        // other payments, whose records go with the environment
	Kept     int        // templates of payments, which go with it, too
	Made     []Handmade // at its banks by hand, and not known to be over
}

// Free reports whether nothing keeps the environment from being removed.
func (u EnvironmentUse) Free() bool {
	return len(u.InUse) == 0 && u.Accounts == 0 && len(u.Paying) == 0 && len(u.Made) == 0
}

// Keeping reports whether a consent that ended here keeps its environment: its bank may
// hold it to be in force, or is just being asked for it.
type Keeping func(ended Consent) bool

// EnvironmentUse returns what hangs on an environment.
func (s *Store) EnvironmentUse(ctx context.Context, id string, keeps Keeping) (EnvironmentUse, error) {
	return s.environmentUse(ctx, s.db, id, keeps)
}

func (s *Store) environmentUse(ctx context.Context, db querier, id string, keeps Keeping) (EnvironmentUse, error) {
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
	payments, err := collect(ctx, db, readPayment, `SELECT `+paymentColumns+` FROM payment WHERE environment_id = ? ORDER BY created_at DESC, id`, id)
	if err != nil {
		return use, err
	}
	for _, p := range payments {
		if p.EndedAt.IsZero() {
			use.Paying = append(use.Paying, p)
		} else {
			use.Paid++
		}
	}
	use.Accounts = len(accounts)
	templates, err := collect(ctx, db, readText, `SELECT id FROM payment_template WHERE environment_id = ?`, id)
	if err != nil {
		return use, err
	}
	use.Kept = len(templates)
	if use.Made, err = collect(ctx, db, readHandmade, `SELECT `+handmadeColumns+` FROM handmade WHERE environment_id = ? AND over_at = '' ORDER BY id DESC`, id); err != nil {
		return use, err
	}
	for _, c := range all {
		if c.Ended() {
			use.Records++
		}
		switch {
		case !c.Ended(), c.Erasing && c.ErasedAt.IsZero(), keeps(c):
			use.InUse = append(use.InUse, c)
		case holds[c.ID] && c.ErasedAt.IsZero():
			use.Holding = append(use.Holding, c)
		}
	}
	return use, nil
}

func readText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// RemoveEnvironment removes an environment that nothing keeps, with all that is known of
// its banks and the records of its ended consents, where agreed finds that this is what
// the person was told of; else it returns agreed's error. All of it is one transaction. In
// keeps and agreed, nothing may be written to the store. Its secrets are gone from the
// bytes of the file, too, at once or with the next Scrub.
func (s *Store) RemoveEnvironment(ctx context.Context, id string, keeps Keeping, agreed func(Environment, EnvironmentUse) error) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		e, err := s.environmentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		use, err := s.environmentUse(ctx, tx, id, keeps)
		if err != nil {
			return err
		}
		if err := agreed(e, use); err != nil || !use.Free() {
			return cmp.Or(err, ErrEnvironmentInUse)
		}
		flows, err := collect(ctx, tx, readText, `SELECT id FROM consent WHERE environment_id = ?1 UNION ALL SELECT id FROM payment WHERE environment_id = ?1
			UNION ALL SELECT flow_id FROM fork WHERE environment_id = ?1`, id)
		if err != nil {
			return err
		}
		s.removed.add(flows)
		const its, paid = `(SELECT id FROM consent WHERE environment_id = ?)`, `(SELECT id FROM payment WHERE environment_id = ?)`
		for _, statement := range []string{
			`DELETE FROM exchange WHERE flow_id IN (SELECT flow_id FROM fork WHERE environment_id = ?)`,
			`DELETE FROM exchange WHERE flow_id IN ` + its,
			`DELETE FROM authorisation WHERE subject_kind IN ('consent', 'deletion') AND subject_id IN ` + its,
			`DELETE FROM consent WHERE environment_id = ?`,
			`DELETE FROM exchange WHERE flow_id IN ` + paid,
			`DELETE FROM authorisation WHERE subject_kind IN ('payment', 'cancellation') AND subject_id IN ` + paid,
			`DELETE FROM payment WHERE environment_id = ?`, // its history goes with it
			`DELETE FROM environment WHERE id = ?`,         // what is known of its banks goes with it
		} {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO setting (name, value) VALUES (?, 'yes') ON CONFLICT (name) DO NOTHING`, scrubOwed)
		return err
	})
	if err == nil {
		_ = s.Scrub(context.WithoutCancel(ctx)) // the environment is gone all the same, and this is owed until it is done
	}
	return err
}

// scrubOwed is the setting that says that something was deleted whose bytes are still to
// be taken out of the files.
const scrubOwed = "scrub_owed"

// Scrub takes what was deleted out of the bytes of the files where that is owed.
func (s *Store) Scrub(ctx context.Context) error {
	if owed, err := s.Setting(ctx, scrubOwed); err != nil || owed == "" {
		return err
	}
	defer s.changes.Add(1)
	return s.writer.inTurn(ctx, func(db *sql.DB) error { // in one turn: nothing is deleted in between
		if err := scrub(ctx, db, s.scrubFor); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, `DELETE FROM setting WHERE name = ?`, scrubOwed)
		return err
	})
}

// removedFlows are the consents and payments that were removed in this run: what is recorded of them
// late is not kept. What was under way ends with the run.
type removedFlows struct{ ids sync.Map }

func (r *removedFlows) add(ids []string) {
	for _, id := range ids {
		r.ids.Store(id, true)
	}
}

func (r *removedFlows) has(id string) bool {
	_, there := r.ids.Load(id)
	return there
}
