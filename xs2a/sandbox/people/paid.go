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

// Pay lays an entry of a payment over an account, from which or to which it goes. It is
// booked on its day, as long as it is not pending.
func (acc *Account) Pay(e *Entry) {
	e.Booking, e.Number = e.Day, paidNumbers+len(acc.paid)
	acc.paid = append(acc.paid, e)
}
