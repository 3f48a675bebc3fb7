package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"consentry/xs2a"
)

// Erasure is what erasing the data of a consent takes with it.
type Erasure struct {
	Accounts     int
	Transactions int
	Alerts       int       // rules about the accounts
	Kept         []Account // reached by another consent that has not ended
}

// ErasureOf returns what erasing the data of a consent would take.
func (s *Store) ErasureOf(ctx context.Context, consentID string) (Erasure, error) {
	var e Erasure
	accounts, err := s.ConsentAccounts(ctx, consentID)
	if err != nil {
		return e, err
	}
	gone, err := s.onlyReachedBy(ctx, s.db, consentID)
	if err != nil {
		return e, err
	}
	for _, account := range accounts {
		if !slices.Contains(gone, account.ID) {
			e.Kept = append(e.Kept, account)
			continue
		}
		n, err := s.CountTransactions(ctx, account.ID)
		if err != nil {
			return e, err
		}
		e.Accounts, e.Transactions = e.Accounts+1, e.Transactions+n
	}
	e.Alerts, err = s.alertsOfAccounts(ctx, s.db, gone)
	return e, err
}

// onlyReachedBy lists the accounts of a consent that no other one reaches
// which has not ended.
func (s *Store) onlyReachedBy(ctx context.Context, db querier, consentID string) ([]int64, error) {
	return collect(ctx, db, readID, `SELECT l.account_id FROM consent_account l WHERE l.consent_id = ?1 AND NOT EXISTS (
		SELECT 1 FROM consent_account o JOIN consent c ON c.id = o.consent_id
		WHERE o.account_id = l.account_id AND c.id <> ?1 AND c.ended_at = '')`, consentID)
}

// Erase removes the data fetched under an ended consent from the file: its
// accounts with all they hold, the exchanges in which they were sent, and the
// numbers by which it, and the ended ones that reached or named the same
// accounts, name them. The consents themselves stay, as the record of what was
// shared, and so do accounts that another consent reaches. What went is told in
// the history.
func (s *Store) Erase(ctx context.Context, consentID string, what Erasure) error {
	c, err := s.Consent(ctx, consentID)
	switch {
	case err != nil || !c.ErasedAt.IsZero():
		return err
	case !c.Ended():
		return errors.New("storage: data of a consent that has not ended are not erased")
	}
	if err := s.write(ctx, func(tx *sql.Tx) error { return s.erase(ctx, tx, c) }); err != nil {
		return err
	}
	if err := s.removeErased(ctx); err != nil {
		return err
	}
	if err := s.mergeWords(ctx); err != nil {
		return err
	}
	if err := s.writer.inTurn(ctx, func(db *sql.DB) error { return scrub(ctx, db, s.scrubFor) }); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error { // only now is it true
		c, err := consentIn(ctx, tx, consentID)
		if err != nil || !c.ErasedAt.IsZero() { // somebody was quicker
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET erased_at = ? WHERE id = ?`, formatTime(s.now()), consentID); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, consentID, FromPerson, c.Status,
			Event{Kind: EventErased, Accounts: what.Accounts, Transactions: what.Transactions, Kept: len(what.Kept)})
	})
}

func (s *Store) erase(ctx context.Context, tx *sql.Tx, c Consent) error {
	accounts, err := s.onlyReachedBy(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	touched, err := s.touchedBy(ctx, tx, c, accounts)
	if err != nil {
		return err
	}
	for _, other := range touched {
		if err := s.forgetNumbers(ctx, tx, other); err != nil {
			return err
		}
	}
	if err := forgetRefused(ctx, tx, accounts); err != nil {
		return err
	}
	if err := s.tellOthers(ctx, tx, c, accounts); err != nil {
		return err
	}
	for _, account := range accounts { // what is shown of them is gone with them; their transactions follow
		if err := s.leaveArrangement(ctx, tx, account); err != nil {
			return err
		}
		for _, statement := range []string{
			`INSERT INTO erasing VALUES (?)`,
			`UPDATE saved_search SET account_id = NULL, account_gone = 1 WHERE account_id = ?`, // it says so
			`DELETE FROM account WHERE id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, statement, account); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE consent SET erase_asked = 1 WHERE id = ?`, c.ID)
	return err
}

// removeErased removes the transactions of accounts that were erased, so many in one go: there
// may be very many, and others want to write.
func (s *Store) removeErased(ctx context.Context) error {
	for {
		more := false
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error {
			accounts, err := collect(ctx, tx, readID, `SELECT account_id FROM erasing LIMIT 1`)
			if more = len(accounts) > 0; err != nil || !more {
				return err
			}
			entries, err := collect(ctx, tx, readTransaction, erasedEntries, accounts[0], MostAtOnce)
			if err != nil {
				return err
			}
			if len(entries) == 0 {
				_, err := tx.ExecContext(ctx, `DELETE FROM erasing WHERE account_id = ?`, accounts[0])
				return err
			}
			return removeEntries(ctx, tx, entries, leaving{at: s.now()})
		}); err != nil || !more {
			return err
		}
	}
}

// erasedEntries are of an account that is there no more.
const erasedEntries = `SELECT ` + entryFields + `, '', '', '', '' FROM entry e` + withOwn + ` WHERE e.account_id = ? ORDER BY e.pending, e.id LIMIT ?`

// tellOthers notes in the history of the other consents that reached accounts that what
// they read of them goes, too.
func (s *Store) tellOthers(ctx context.Context, tx *sql.Tx, c Consent, accounts []int64) error {
	wanted, err := idList(accounts)
	if err != nil {
		return err
	}
	type loss struct {
		consentID string
		status    xs2a.ConsentStatus
		accounts  int
	}
	losses, err := collect(ctx, tx, func(row scanner) (loss, error) {
		var l loss
		err := row.Scan(&l.consentID, &l.status, &l.accounts)
		return l, err
	}, `SELECT c.id, c.status, count(*) FROM consent_account l JOIN consent c ON c.id = l.consent_id
		WHERE l.account_id IN (SELECT value FROM json_each(?)) AND c.id <> ? GROUP BY c.id ORDER BY c.id`, wanted, c.ID)
	for _, l := range losses {
		if err := s.addEvent(ctx, tx, l.consentID, FromPerson, l.status, Event{Kind: EventErasedWith, Accounts: l.accounts}); err != nil {
			return err
		}
	}
	return err
}

// forgetRefused removes the exchanges in which accounts were named and that led
// to no consent.
func forgetRefused(ctx context.Context, tx *sql.Tx, accounts []int64) error {
	wanted, err := json.Marshal(accounts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM exchange WHERE flow_id NOT IN (SELECT id FROM consent) AND EXISTS (
		SELECT 1 FROM account a WHERE a.id IN (SELECT value FROM json_each(?))
			AND a.iban <> '' AND (instr(exchange.request, a.iban) OR instr(exchange.answer, a.iban)))`, string(wanted))
	return err
}

// touchedBy lists the consent and the ended ones through which its accounts
// were reached, or by which they were named, too, or which it renewed.
func (s *Store) touchedBy(ctx context.Context, tx *sql.Tx, c Consent, accounts []int64) ([]Consent, error) {
	wanted, err := json.Marshal(accounts)
	if err != nil {
		return nil, err
	}
	return collect(ctx, tx, readConsent, `SELECT `+consentColumns+` FROM consent c WHERE c.ended_at <> '' AND (c.series = ?1
		OR c.id IN (SELECT consent_id FROM consent_account WHERE account_id IN (SELECT value FROM json_each(?2)))
		OR EXISTS (SELECT 1 FROM account a WHERE a.id IN (SELECT value FROM json_each(?2))
			AND a.iban <> '' AND instr(c.asked || c.granted, a.iban)))`, c.Series, string(wanted))
}

// forgetNumbers takes account numbers out of what is kept of an ended consent.
func (s *Store) forgetNumbers(ctx context.Context, tx *sql.Tx, c Consent) error {
	asked := c.Asked
	asked.Access = masked(asked.Access)
	plain, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	granted := ""
	var said struct {
		Access xs2a.Access `json:"access"`
	}
	if json.Unmarshal(c.Granted, &said) == nil {
		said.Access = masked(said.Access)
		rest, err := json.Marshal(said)
		if err != nil {
			return err
		}
		granted = string(rest)
	}
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{`UPDATE consent SET asked = ?, granted = ?, fetch_error = '' WHERE id = ?`, []any{string(plain), granted, c.ID}},
		{`UPDATE consent_read SET label = '' WHERE consent_id = ?`, []any{c.ID}},
		// No answer under way is taken any more.
		{`UPDATE authorisation SET message = '', reason = '', answer = '', asks = '{}', link = '', version = version + 1 WHERE ` + ofConsent, []any{c.ID}},
		// The bank may go on with the approval of a deletion, so that is not said to have failed.
		{`UPDATE authorisation SET outcome = CASE subject_kind WHEN 'deletion' THEN ? ELSE ? END, ended_at = ? WHERE outcome = '' AND ` + ofConsent,
			[]any{GivenUp, Failed, formatTime(s.now()), c.ID}},
		{`UPDATE consent SET deletion = json_remove(deletion, '$.message') WHERE id = ? AND deletion <> ''`, []any{c.ID}},
		{`DELETE FROM exchange WHERE flow_id = ?`, []any{c.ID}},
		{`DELETE FROM exchange WHERE flow_id IN ` + forks, []any{c.ID}},
	} {
		if _, err := tx.ExecContext(ctx, statement.sql, statement.args...); err != nil {
			return err
		}
	}
	return s.forgetSigners(ctx, tx, c.ID)
}

// forgetSigners forgets who approved a consent.
func (s *Store) forgetSigners(ctx context.Context, tx *sql.Tx, consentID string) error {
	attempts, err := collect(ctx, tx, readText, `SELECT id FROM authorisation WHERE `+ofConsent, consentID)
	for _, id := range attempts {
		if _, err := s.changeSecret(ctx, tx, id, func(secret *Secret) { secret.SignedBy = "" }); err != nil {
			return err
		}
	}
	return err
}

// ofConsent are the authorisations of a consent and of its deletion.
const ofConsent = `subject_id = ? AND subject_kind IN ('consent', 'deletion')`

// masked is an access whose accounts can still be told apart, and no more.
func masked(access xs2a.Access) xs2a.Access {
	for _, list := range []**[]xs2a.AccountReference{&access.Accounts, &access.Balances, &access.Transactions} {
		if *list == nil {
			continue
		}
		short := make([]xs2a.AccountReference, len(**list))
		for i, account := range **list {
			short[i] = xs2a.AccountReference{
				IBAN: lastFour(account.IBAN), BBAN: lastFour(account.BBAN), MaskedPAN: lastFour(account.MaskedPAN), Currency: account.Currency,
			}
		}
		*list = &short
	}
	return access
}

func lastFour(number string) string {
	if len(number) <= 4 {
		return ""
	}
	return "••••" + number[len(number)-4:]
}

// scrub takes what was deleted out of the bytes of the files. secure_delete
// overwrites deleted content; VACUUM leaves behind what moved between pages,
// and the checkpoint empties the write-ahead log, which holds old pages, where
// readers are done within the wait.
func scrub(ctx context.Context, db *sql.DB, wait time.Duration) error {
	if _, err := db.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	for deadline := time.Now().Add(wait); ; {
		var busy, logged, moved int
		if err := db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved); err != nil || busy == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return errors.New("storage: the write-ahead log could not be emptied: somebody was reading all the time")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// scrubWait is how long the log's emptying waits for readers to be done.
const scrubWait = 5 * time.Second
