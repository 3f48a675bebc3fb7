package storage

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"consentry/xs2a"
)

// A candidate is a transaction that came and that a rule speaks of. It is noted in the write that stores it, so that no crash
// loses it and nothing has to be looked for. Whether it is news is known when its reading came to its end: it may be one that
// was told as pending, or that the bank moved to another day.

const (
	// mostCandidates bounds the candidates of a rule that wait to be judged.
	mostCandidates = 500
	// mostToldAtOnce are told one by one; of more their number is.
	mostToldAtOnce = 20
	// heirOfAlert is for how long after it was told what was pending may still come as booked.
	heirOfAlert = 14 * 24 * time.Hour
)

// watched is a rule by which the transactions of a write are looked at.
type watched struct {
	AlertRule
	from  string // ISO date: what is dated before is not told
	least Tally  // more than this, or of an income as much as this
}

// watchedOf lists the rules about what comes of an account: nothing that is dated before the rule was made, or
// before the account was read first.
func watchedOf(ctx context.Context, tx querier, account int64) ([]watched, error) {
	return collect(ctx, tx, func(row scanner) (w watched, err error) {
		if err = row.Scan(&w.ID, &w.Kind, &w.Amount.Number, &w.Amount.Currency, &w.Counterparty, &w.from); err != nil {
			return w, err
		}
		w.least, err = ReadTally(w.Amount.Number)
		return w, err
	}, `SELECT r.id, r.kind, r.amount, r.currency, r.counterparty, max(r.since, substr(a.first_seen_at, 1, 10)) FROM alert_rule r JOIN account a ON a.id = ?
		WHERE r.kind IN ('debit', 'income') AND (r.account_id IS NULL OR r.account_id = a.id)`, account)
}

// speaksOf reports whether a rule speaks of a transaction. A regular income counts where it is half of what it is as a
// rule, or more: not each payment of an employer is a salary.
func (w watched) speaksOf(t newcomer) bool {
	if date := t.Date(); t.Amount.Currency != w.Amount.Currency || date != "" && date < w.from {
		return false
	}
	amount := TallyOf(t.Amount)
	if w.Kind == AlertDebit {
		return t.Amount.Negative() && amount.Plus(w.least).Sign() < 0
	}
	return !t.pending && !t.Amount.Negative() && t.with.Key == w.Counterparty && amount.Plus(amount).Minus(w.least).Sign() >= 0
}

// watch notes which rules speak of a transaction that has just been added.
func (w *entryWriter) watch(ctx context.Context, t newcomer, id int64) error {
	for _, rule := range w.watched {
		if !rule.speaksOf(t) {
			continue
		}
		if _, err := w.tx.ExecContext(ctx, `INSERT INTO alert_candidate (rule_id, entry_id, at)
			SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM alert_candidate WHERE rule_id = ?1) < ?4`, rule.ID, id, w.at, mostCandidates); err != nil {
			return err
		}
	}
	return nil
}

// candidate is a transaction that is judged.
type candidate struct {
	rule, entry, account int64
	at, seen             time.Time
	pending              bool
	t                    xs2a.Transaction
	with                 Counterparty
}

const candidates = `SELECT c.rule_id, c.entry_id, c.at, e.account_id, e.first_seen_at, e.pending, e.amount, e.currency, e.creditor_name, e.creditor_account,
	e.debtor_name, e.debtor_account, e.remittance, e.additional FROM alert_candidate c JOIN entry e ON e.id = c.entry_id JOIN account a ON a.id = e.account_id
	WHERE ?1 = '' OR e.account_id IN (SELECT account_id FROM consent_account WHERE consent_id = ?1) ORDER BY c.rule_id, c.entry_id`

func readCandidate(row scanner) (c candidate, err error) {
	t := &c.t
	err = row.Scan(&c.rule, &c.entry, stamp{&c.at}, &c.account, stamp{&c.seen}, &c.pending, &t.Amount.Number, &t.Amount.Currency, &t.CreditorName, &t.CreditorAccount,
		&t.DebtorName, &t.DebtorAccount, &t.Remittance, &t.Additional)
	c.with = CounterpartyOf(c.t)
	return c, err
}

// JudgeAlerts tells of the transactions that came to the accounts of a consent and that rules speak of, each once; empty: to
// all accounts. No reading of them is under way.
func (s *Store) JudgeAlerts(ctx context.Context, consentID string) error {
	if waiting, err := collect(ctx, s.db, readID, `SELECT 1 FROM alert_candidate LIMIT 1`); err != nil || len(waiting) == 0 {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		all, err := collect(ctx, tx, readCandidate, candidates, consentID)
		if err != nil {
			return err
		}
		told := map[int64][]candidate{}
		for _, one := range all {
			if _, err := tx.ExecContext(ctx, `DELETE FROM alert_candidate WHERE rule_id = ? AND entry_id = ?`, one.rule, one.entry); err != nil {
				return err
			}
			heir, err := one.inherits(ctx, tx)
			if err != nil {
				return err
			}
			if moved := one.seen.Before(one.at); !heir && !moved {
				told[one.rule] = append(told[one.rule], one)
			}
		}
		for _, some := range told {
			if err := tellCandidates(ctx, tx, some); err != nil {
				return err
			}
		}
		return keepAlerts(ctx, tx)
	})
}

// inherits reports whether a transaction is one that was told before: as pending, or under another day. Of those of its
// amount whose entry is gone it is the first; else, once it is booked, of those that are pending still the first of the same
// other end, since some banks list both for some days.
func (c candidate) inherits(ctx context.Context, tx *sql.Tx) (bool, error) {
	before, err := collect(ctx, tx, readAlert, `SELECT `+alertColumns+` WHERE t.rule_id = ? AND t.account_id = ? AND t.currency = ?
		AND (t.entry_id IS NULL OR t.pending) AND t.at >= ? ORDER BY t.entry_id IS NOT NULL, t.id`, c.rule, c.account, c.t.Amount.Currency, formatTime(c.at.Add(-heirOfAlert)))
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(before, func(a Alert) bool {
		return reduced(a.Amount) == reduced(c.t.Amount) && (a.EntryID == 0 || !c.pending && a.Counterparty == c.with.Key)
	})
	if i < 0 {
		return false, nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE alert SET entry_id = ?, pending = ?, counterparty = ?, name = ? WHERE id = ?`, c.entry, c.pending, c.with.Key, c.with.Name, before[i].ID)
	return true, err
}

// tellCandidates tells of the transactions that a rule speaks of, the oldest first.
func tellCandidates(ctx context.Context, tx *sql.Tx, some []candidate) error {
	slices.SortStableFunc(some, func(a, b candidate) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.entry, b.entry)) })
	others := max(len(some)-mostToldAtOnce, 0)
	for i, c := range some[others:] {
		one := Alert{Rule: AlertRule{ID: c.rule}, AccountID: c.account, EntryID: c.entry, At: c.at, Amount: c.t.Amount, Counterparty: c.with.Key,
			Name: strings.TrimSpace(c.with.Name), Pending: c.pending}
		if i == 0 {
			one.Others = others
		}
		if err := addAlert(ctx, tx, one); err != nil {
			return err
		}
	}
	return nil
}
