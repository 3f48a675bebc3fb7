package people

// What was paid is laid over what is drawn, so that the households' own story
// stays the same with payments and without.

// paidNumbers is where the numbers of paid entries begin, beyond all drawn ones.
const paidNumbers = 1000000

// DropPaid takes away whatever was paid.
func (h *Household) DropPaid() {
	for _, acc := range h.Accounts {
		acc.paid = nil
	}
}

// BookPaid books what was paid from an account on the day of its entry. It comes in
// where the other account is one of the household's own.
func (h *Household) BookPaid(from *Account, e *Entry) {
	e.Booking, e.Use = e.Day, TransferOut
	if e.Giro != "" {
		e.Use = GiroPayment
	}
	e.Number = paidNumbers + len(from.paid)
	from.paid = append(from.paid, e)
	for _, to := range h.Accounts {
		same := e.IBAN != "" && to.IBAN == e.IBAN || e.BBAN != "" && to.BBAN == e.BBAN
		if same && to.Currency == from.Currency && to != from {
			in := *e
			in.Minor, in.Use, in.Name, in.IBAN, in.BBAN, in.ID = -e.Minor, TransferIn, h.Person.Name, from.IBAN, "", FixedID("received", e.ID)
			in.Number = paidNumbers + len(to.paid)
			to.paid = append(to.paid, &in)
		}
	}
}
