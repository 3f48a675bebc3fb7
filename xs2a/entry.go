package xs2a

import (
	"context"

	"consentry/xs2a/statement"
)

// readStatement makes a page of a report in camt or in SWIFT's text.
func readStatement(ctx context.Context, text []byte, read func(context.Context, []byte, statement.Bounds) (statement.Report, error)) (TransactionPage, error) {
	report, err := read(ctx, text, statementBounds)
	if err != nil {
		return TransactionPage{}, err
	}
	var page TransactionPage
	for _, e := range report.Entries {
		switch e.Status {
		case statement.Booked:
			page.Booked = append(page.Booked, transactionOf(e))
		case statement.Information:
			page.Information = append(page.Information, e.Raw)
		default:
			page.Pending = append(page.Pending, transactionOf(e))
		}
	}
	for _, b := range report.Balances {
		page.Balances = append(page.Balances, Balance{
			Amount: Amount(b.Amount), Type: b.Type, ReferenceDate: b.Date, LastChange: b.LastChange,
			CreditLimitIncl: b.CreditLimitIncluded, Raw: b.Raw,
		})
	}
	for _, left := range report.LeftOut {
		page.leaveOut("", left.Err, left.Raw)
	}
	return page, nil
}

// transactionOf is the one place where an entry of a statement becomes a
// transaction: whom it names is decided as for entries in JSON.
func transactionOf(e statement.Entry) Transaction {
	t := Transaction{
		ID: e.BankReference, EntryReference: e.Reference, EndToEndID: e.EndToEndID,
		BookingDate: e.BookingDate, ValueDate: e.ValueDate, Amount: Amount(e.Amount),
		CreditorAccount: e.Creditor.Account, CreditorAgent: e.Creditor.Agent, CreditorID: e.CreditorID,
		DebtorAccount: e.Debtor.Account, DebtorAgent: e.Debtor.Agent,
		MandateID: e.MandateID, PurposeCode: e.PurposeCode, Remittance: e.Remittance,
		Additional: e.Additional, BankCode: e.BankCode, Reversal: e.Reversal, Raw: e.Raw, signed: true,
	}
	for _, x := range e.Exchange {
		t.Exchange = append(t.Exchange, ExchangeRate(x))
	}
	for _, charge := range e.Charges {
		t.Charges = append(t.Charges, Amount(charge))
	}
	t.nameCreditor(e.Creditor.Name, e.Creditor.Ultimate)
	t.nameDebtor(e.Debtor.Name, e.Debtor.Ultimate)
	t.returned(e.ReturnCode, e.ReturnText)
	t.add(e.Kind)
	if len(e.Payments) > 0 {
		t.Remittance = summary(paymentsOf(e))
	}
	return t
}

func paymentsOf(e statement.Entry) []payment {
	var all []payment
	for _, p := range e.Payments {
		all = append(all, payment{other(Amount(e.Amount).Negative(), p.Creditor, p.Debtor), p.Remittance})
	}
	return all
}
