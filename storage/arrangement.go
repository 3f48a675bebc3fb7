package storage

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
)

// Arrangement is how a person has an account shown. What its bank says stays as it is.
type Arrangement struct {
	Nickname string // how the person calls it; empty: as the bank does
	Hidden   bool   // it is folded away in lists, and left out of sums
	MainType string // the type of the balance that is to stand for it; empty: by the rule
}

// Arrange has an account shown as a person wishes, or returns ErrNotFound.
func (s *Store) Arrange(ctx context.Context, accountID int64, a Arrangement) error {
	return changed(s.exec(ctx, `UPDATE account SET nickname = ?, hidden = ?, main_type = ? WHERE id = ?`, a.Nickname, a.Hidden, a.MainType, accountID))
}

// Hide hides accounts, or shows them again.
func (s *Store) Hide(ctx context.Context, accounts []int64, hidden bool) error {
	wanted, err := idList(accounts)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE account SET hidden = ? WHERE id IN (SELECT value FROM json_each(?))`, hidden, wanted)
	return err
}

// PlaceAccounts puts accounts of a bank into an order, before those that are not named.
func (s *Store) PlaceAccounts(ctx context.Context, accounts []int64) error {
	wanted, err := idList(accounts)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE account SET place = (SELECT key + 1 FROM json_each(?1) WHERE value = account.id)
		WHERE id IN (SELECT value FROM json_each(?1))`, wanted)
	return err
}

// BankID names a bank: where it is reached, and under which code there.
type BankID struct{ EnvironmentID, BIC string }

// Bank returns the bank an account is at.
func (a Account) Bank() BankID { return BankID{a.EnvironmentID, a.BIC} }

// PlaceBanks puts the banks of accounts into an order, before those that are not named.
func (s *Store) PlaceBanks(ctx context.Context, banks []BankID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM bank_place`); err != nil {
			return err
		}
		for i, bank := range banks {
			if _, err := tx.ExecContext(ctx, `INSERT INTO bank_place VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, bank.EnvironmentID, bank.BIC, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// mostLeft is how many arrangements of erased accounts of a bank are kept; the oldest go first.
const mostLeft = 500

// arrangementContext binds the key of a digest to its bank.
func arrangementContext(bank BankID) string {
	return "arrangement/" + bank.EnvironmentID + "/" + bank.BIC
}

// leaveArrangement keeps how an account that is erased was shown, in a form that does not tell which it
// was. Its name goes: it is the person's word for what is erased.
func (s *Store) leaveArrangement(ctx context.Context, tx *sql.Tx, accountID int64) error {
	var bank BankID
	var name, mainType string
	var place int
	var hidden bool
	if err := tx.QueryRowContext(ctx, `SELECT environment_id, bic, key, place, hidden, main_type FROM account WHERE id = ?`, accountID).
		Scan(&bank.EnvironmentID, &bank.BIC, &name, &place, &hidden, &mainType); err != nil {
		return err
	}
	if place == 0 && !hidden && mainType == "" {
		return nil
	}
	key := make([]byte, sha256.Size)
	rand.Read(key) // which never fails
	if _, err := tx.ExecContext(ctx, `INSERT INTO arrangement_left (environment_id, bic, key_sealed, digest, place, hidden, main_type) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		bank.EnvironmentID, bank.BIC, s.seal.Seal(arrangementContext(bank), key), digestUnder(key, name), place, hidden, mainType); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM arrangement_left WHERE environment_id = ?1 AND bic = ?2 AND id NOT IN (
		SELECT id FROM arrangement_left WHERE environment_id = ?1 AND bic = ?2 ORDER BY id DESC LIMIT ?3)`, bank.EnvironmentID, bank.BIC, mostLeft)
	return err
}

func digestUnder(key []byte, name string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(name))
	return mac.Sum(nil)
}

// arrangementLeft is how one of a bank's erased accounts was shown.
type arrangementLeft struct {
	id             int64
	sealed, digest []byte
}

func readArrangementLeft(row scanner) (left arrangementLeft, err error) {
	return left, row.Scan(&left.id, &left.sealed, &left.digest)
}

// takeUpArrangement has an account that came again shown as it was before it was erased.
func (s *Store) takeUpArrangement(ctx context.Context, tx *sql.Tx, bank BankID, name string, accountID int64) error {
	all, err := collect(ctx, tx, readArrangementLeft, `SELECT id, key_sealed, digest FROM arrangement_left WHERE environment_id = ? AND bic = ? ORDER BY id DESC`, bank.EnvironmentID, bank.BIC)
	if err != nil {
		return err
	}
	taken := false
	for _, left := range all {
		key, err := s.seal.Open(arrangementContext(bank), left.sealed)
		if err != nil {
			return err
		}
		if !hmac.Equal(left.digest, digestUnder(key, name)) {
			continue
		}
		if !taken { // the newest
			if _, err := tx.ExecContext(ctx, `UPDATE account SET (place, hidden, main_type) = (SELECT place, hidden, main_type FROM arrangement_left WHERE id = ?) WHERE id = ?`, left.id, accountID); err != nil {
				return err
			}
			taken = true
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM arrangement_left WHERE id = ?`, left.id); err != nil {
			return err
		}
	}
	return nil
}
