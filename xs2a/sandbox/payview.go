package sandbox

import (
	"cmp"
	"fmt"

	"consentry/xs2a/sandbox/people"
)

// payView is a payment as the bank's pages show it.
type payView struct {
	Cancel  bool
	From    string
	Missing bool // the account is not the person's
	Orders  []orderView
	When    string
}

type orderView struct {
	Name, To, Amount, Text string
}

// payView describes what a person is asked to pay or to cancel; nil for anything
// else.
func (s *Sandbox) payView(of subject, auth *authorisation) *payView {
	var p *payment
	v := &payView{}
	switch it := of.(type) {
	case *payment:
		p = it
	case cancellation:
		p, v.Cancel = it.payment, true
	default:
		return nil
	}
	v.From, v.When = grouped(cmp.Or(p.Debtor.IBAN, p.Debtor.BBAN)), p.On.Words()
	if p.Every != "" {
		v.When += ", then " + string(p.Every)
		if p.Until > 0 {
			v.When += " until " + p.Until.Words()
		}
	}
	for _, o := range p.Orders {
		text := o.Text
		if o.OCR != "" {
			text = "OCR " + o.OCR
		}
		to := grouped(cmp.Or(o.IBAN, o.BBAN))
		if o.Giro != "" {
			to = "Giro " + o.Giro
		}
		v.Orders = append(v.Orders, orderView{o.Name, to, fmt.Sprintf("%s %s", people.Decimal(o.Minor), o.Currency), text})
	}
	if auth.PSU != "" && len(p.Signed) == 0 { // a second person signs for the first one's account
		v.Missing = p.Debtor.of(s.household(p.BIC, auth.PSU)) == nil
	}
	return v
}

// takePayment goes on to the code, where the account is the person's own.
func (s *Sandbox) takePayment(auth *authorisation, session string) *pageAnswer {
	p := s.stepPage(auth, session, stepPayment)
	if p.view.Pay.Missing {
		return wrong(p, "payment", "You can only pay from an account of your own.")
	}
	auth.Step = stepCode
	auth.reach(scaMethodSelected)
	s.state.touch()
	return goTo("/bank/" + auth.ID + "/" + stepCode)
}
