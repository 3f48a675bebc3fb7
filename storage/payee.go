package storage

import "context"

// Payee is somebody money went to: a name and an account, as they stood together.
type Payee struct {
	Name    string
	Account string
}

// payeeOf is a payee of an account of the person's.
type payeeOf struct {
	account int64
	Payee
}

func readPayee(row scanner) (Payee, error) {
	var p Payee
	return p, row.Scan(&p.Name, &p.Account)
}

const payeesQuery = `SELECT name, number FROM payee
	UNION
	SELECT t.value ->> 'Creditor', coalesce(nullif(t.value ->> '$.To.IBAN', ''), nullif(t.value ->> '$.To.BBAN', ''), t.value ->> '$.To.Giro')
		FROM payment, json_each(payment.payment_order, '$.Transfers') t WHERE payment.fate = ? AND payment.status NOT IN ('RJCT', 'CANC')
	ORDER BY 2, 1`

// Payees lists whom money went to, by what banks have reported and by what was paid here
// and neither rejected nor cancelled, each pair of a name and an account once, in the
// order of the accounts.
func (s *Store) Payees(ctx context.Context) ([]Payee, error) {
	return collect(ctx, s.db, readPayee, payeesQuery, FateTaken)
}
