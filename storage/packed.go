package storage

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
)

// separator stands between the fields of a row, which is read as one text: to be handed over field
// by field takes the driver several times as long as to find the row. A row whose texts hold the
// separator themselves has too many parts, and is read field by field.
const separator = "\x1f"

// packedFields are the fields of a row in the order in which unpack takes them.
const packedFields = `e.id, e.account_id, e.pending, e.inferred, e.dropped_at, e.transaction_id, e.entry_reference, e.end_to_end_id,
	e.booking_date, e.value_date, e.amount, e.currency, e.creditor_name, e.creditor_account, e.debtor_name, e.debtor_account,
	e.remittance, e.additional, e.bank_code, coalesce(n.text, ''), coalesce(n.tags, '')`

// unpack reads a row, and what stands behind the packedFields into more. It reports whether the row
// is torn: its texts hold the separator, so that nothing but its id is right.
func (t *Transaction) unpack(row string, more ...*string) (torn bool, err error) {
	var id, account, pending, inferred, dropped, tags string
	fields := [...]*string{&id, &account, &pending, &inferred, &dropped, &t.Transaction.ID, &t.EntryReference, &t.EndToEndID,
		&t.BookingDate, &t.ValueDate, &t.Amount.Number, &t.Amount.Currency, &t.CreditorName, &t.CreditorAccount, &t.DebtorName, &t.DebtorAccount,
		&t.Remittance, &t.Additional, &t.BankCode, &t.Note.Text, &tags}
	rest, left := row, true
	for _, field := range fields {
		*field, rest, left = strings.Cut(rest, separator)
	}
	for _, field := range more {
		*field, rest, left = strings.Cut(rest, separator)
	}
	if t.ID, err = strconv.ParseInt(id, 10, 64); err != nil || left {
		return left, err
	}
	if t.AccountID, err = strconv.ParseInt(account, 10, 64); err != nil {
		return false, err
	}
	t.Note = noteOf(t.Note.Text, tags)
	t.Pending, t.Inferred = pending == "1", inferred == "1"
	return false, stamp{&t.DroppedAt}.scan(dropped)
}

// listedColumns are what a list shows of a transaction, as one text.
const listedColumns = `concat_ws(char(31), ` + packedFields + `, v.entry_id IS NOT NULL, coalesce(nullif(a.nickname, ''), a.name), a.bank_name, a.environment_id, a.bic)
	FROM entry e JOIN account a ON a.id = e.account_id` + withOwn

// listed returns transactions as lists show them: without Raw, FirstSeenAt and ChangedAt.
func (s *Store) listed(ctx context.Context, query string, args ...any) ([]Transaction, error) {
	rows, err := collect(ctx, s.db, readText, query, args...)
	if err != nil {
		return nil, err
	}
	list := make([]Transaction, 0, len(rows))
	for _, row := range rows {
		var isNew string
		list = append(list, Transaction{})
		t := &list[len(list)-1]
		torn, err := t.unpack(row, &isNew, &t.AccountName, &t.BankName, &t.EnvironmentID, &t.BIC)
		if t.New = isNew == "1"; torn {
			*t, err = s.Transaction(ctx, t.ID)
			t.Raw, t.FirstSeenAt, t.ChangedAt = nil, time.Time{}, time.Time{}
		}
		switch {
		case errors.Is(err, ErrNotFound): // it went meanwhile
			list = list[:len(list)-1]
		case err != nil:
			return nil, err
		}
	}
	return list, nil
}
