package storage

import "consentry/xs2a"

// parties is what of a stored transaction tells who is at its other side, how much went there
// and when.
type parties struct {
	id, AccountID int64
	dropped       bool
	xs2a.Transaction
}

const partyColumns = `id, account_id, dropped_at <> '', booking_date, value_date, amount, currency, creditor_name, creditor_account, debtor_name, debtor_account, remittance, additional`

func readParties(row scanner) (p parties, err error) {
	err = row.Scan(&p.id, &p.AccountID, &p.dropped, &p.BookingDate, &p.ValueDate, &p.Amount.Number, &p.Amount.Currency,
		&p.CreditorName, &p.CreditorAccount, &p.DebtorName, &p.DebtorAccount, &p.Remittance, &p.Additional)
	return p, err
}
