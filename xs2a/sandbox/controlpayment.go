package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"sort"
	"time"

	"consentry/xs2a/sandbox/people"
)

// bookedPayment is a payment as the control shows it from the banks' books.
type bookedPayment struct {
	ID        string           `json:"id"`
	Bank      string           `json:"bank"` // BIC
	RequestID string           `json:"requestId"`
	PSU       string           `json:"psu,omitempty"` // who authorised it first
	Status    string           `json:"status"`
	Created   time.Time        `json:"created"`
	Transfers []bookedTransfer `json:"transfers"`
}

// bookedTransfer is one transfer of it.
type bookedTransfer struct {
	EndToEnd string `json:"endToEnd,omitempty"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	From     string `json:"from"` // IBAN, or BBAN
	To       string `json:"to"`   // likewise, or a giro number
}

// controlPayments answers GET /_control/payments: what the banks have, the newest first.
func (s *Sandbox) controlPayments(*http.Request) (any, error) {
	now := s.now()
	list := make([]bookedPayment, 0, len(s.state.Payments))
	for _, p := range s.state.Payments {
		booked := bookedPayment{
			ID: p.ID, Bank: p.BIC, RequestID: p.RequestID, PSU: p.PSU, Status: p.statusAt(now), Created: p.Created,
			Transfers: make([]bookedTransfer, len(p.Orders)),
		}
		for i, o := range p.Orders {
			booked.Transfers[i] = bookedTransfer{
				EndToEnd: o.EndToEnd, Amount: people.Decimal(o.Minor), Currency: o.Currency,
				From: cmp.Or(p.Debtor.IBAN, p.Debtor.BBAN), To: cmp.Or(o.IBAN, o.BBAN, o.Giro),
			}
		}
		list = append(list, booked)
	}
	sort.Slice(list, func(i, j int) bool {
		return cmp.Or(list[j].Created.Compare(list[i].Created), cmp.Compare(list[i].ID, list[j].ID)) < 0
	})
	return list, nil
}

// controlAuthorisePayment answers POST /_control/payments/{id}/authorise: a person approves a payment
// from an account of theirs, wherever the bank wants that.
func (s *Sandbox) controlAuthorisePayment(r *http.Request) (any, error) {
	paid := s.state.Payments[r.PathValue("id")]
	if paid == nil {
		return nil, refuse(http.StatusNotFound, "", "no such payment")
	}
	var body struct {
		PSU string `json:"psu"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	person := people.Find(body.PSU)
	switch {
	case person == nil:
		return nil, formatError("psu", "the login of a person who is listed for practice")
	case !paid.waits(s.now()):
		return nil, refuse(http.StatusConflict, "", "the payment waits for nobody: "+paid.statusAt(s.now()))
	case slices.Contains(paid.Signed, person.Login):
		return nil, refuse(http.StatusConflict, "", "this person has signed already")
	case len(paid.Signed) == 0 && paid.Debtor.of(s.household(paid.BIC, person.Login)) == nil:
		return nil, refuse(http.StatusConflict, "", "the account is not theirs")
	}
	auth := s.openFor(authorisation{Payment: paid.ID, RedirectURI: paid.RedirectURI, NokURI: paid.NokURI})
	auth.PSU = person.Login
	s.finalise(auth)
	return map[string]string{"status": paid.statusAt(s.now())}, nil
}
