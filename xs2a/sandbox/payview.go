package sandbox

import (
	"cmp"
	"fmt"

	"consentry/xs2a/sandbox/page"
	"consentry/xs2a/sandbox/people"
)

// payView describes what a person is asked to pay or to cancel; nil for anything
// else.
func (s *Sandbox) payView(of subject, auth *authorisation) *page.Payment {
	var p *payment
	v := &page.Payment{}
	switch it := of.(type) {
	case *payment:
		p = it
	case cancellation:
		p, v.Cancel = it.payment, true
	default:
		return nil
	}
	v.From, v.When = page.Grouped(cmp.Or(p.Debtor.IBAN, p.Debtor.BBAN)), p.On.Words()
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
		to := page.Grouped(cmp.Or(o.IBAN, o.BBAN))
		if o.Giro != "" {
			to = "Giro " + o.Giro
		}
		v.Orders = append(v.Orders, page.Order{Name: o.Name, To: to, Amount: fmt.Sprintf("%s %s", people.Decimal(o.Minor), o.Currency), Text: text})
	}
	if auth.PSU != "" && len(p.Signed) == 0 { // a second person signs for the first one's account
		v.Missing = p.Debtor.of(s.household(p.BIC, auth.PSU)) == nil
	}
	return v
}

// takePayment goes on to the code, where the account is the person's own.
func (s *Sandbox) takePayment(auth *authorisation, session string) *page.Answer {
	p := s.stepPage(auth, session, page.StepPayment)
	if p.View.Pay.Missing {
		return page.Wrong(p, "payment", "You can only pay from an account of your own.")
	}
	auth.Step = page.StepCode
	auth.reach(scaMethodSelected)
	s.state.touch()
	return page.GoTo("/bank/" + auth.ID + "/" + page.StepCode)
}
