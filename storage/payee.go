package storage

import "context"

// Payee is somebody money went to: a name and an account, as they stood together.
type Payee struct {
	Name    string
	Account string
}

func readPayee(row scanner) (Payee, error) {
	var p Payee
	return p, row.Scan(&p.Name, &p.Account)
}

// payeesQuery passes the index of creditors from one pair to the next, so that the number
// of entries is of no weight.
const payeesQuery = `WITH RECURSIVE payee (name, account) AS (
			SELECT * FROM (SELECT creditor_name, creditor_account FROM entry
				WHERE creditor_account <> '' AND amount LIKE '-%' ORDER BY creditor_account, creditor_name LIMIT 1)
			UNION ALL
			SELECT (SELECT creditor_name FROM entry WHERE creditor_account <> '' AND amount LIKE '-%'
					AND (creditor_account, creditor_name) > (payee.account, payee.name) ORDER BY creditor_account, creditor_name LIMIT 1),
				(SELECT creditor_account FROM entry WHERE creditor_account <> '' AND amount LIKE '-%'
					AND (creditor_account, creditor_name) > (payee.account, payee.name) ORDER BY creditor_account, creditor_name LIMIT 1)
			FROM payee WHERE payee.account IS NOT NULL)
		SELECT name, account FROM payee WHERE account IS NOT NULL
		UNION
		SELECT t.value ->> 'Creditor', coalesce(nullif(t.value ->> '$.To.IBAN', ''), nullif(t.value ->> '$.To.BBAN', ''), t.value ->> '$.To.Giro')
			FROM payment, json_each(payment.payment_order, '$.Transfers') t WHERE payment.fate = ? AND payment.status NOT IN ('RJCT', 'CANC')
		ORDER BY account, name`

// Payees lists whom money went to, by what banks have reported and by what was paid here
// and neither rejected nor cancelled,
// each pair of a name and an account once, in the order of the accounts.
func (s *Store) Payees(ctx context.Context) ([]Payee, error) {
	return collect(ctx, s.db, readPayee, payeesQuery, FateTaken)
}
