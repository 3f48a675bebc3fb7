package sandbox

import (
	"cmp"

	"consentry/xs2a/sandbox/page"
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
	v.From, v.When = page.Grouped(cmp.Or(p.Debtor.IBAN, p.Debtor.BBAN)), page.Say("%s", p.On)
	if p.Every != "" {
		v.When = page.Say("%s, then %s", p.On, everyWords[p.Every])
		if p.Until > 0 {
			v.When = page.Say("%s, then %s until %s", p.On, everyWords[p.Every], p.Until)
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
		v.Orders = append(v.Orders, page.Order{Name: o.Name, To: to, Amount: page.Amount{Minor: o.Minor, Currency: o.Currency}, Text: text})
	}
	if auth.PSU != "" && len(p.Signed) == 0 { // a second person signs for the first one's account
		v.Missing = p.Debtor.of(s.household(p.BIC, auth.PSU)) == nil
	}
	return v
}

// everyWords say how often a standing order pays.
var everyWords = map[frequency]page.Text{
	"Daily": "daily", "Weekly": "weekly", "EveryTwoWeeks": "every two weeks", "Monthly": "monthly", "EveryTwoMonths": "every two months",
	"Quarterly": "quarterly", "SemiAnnual": "twice a year", "Annual": "yearly", "MonthlyVariable": "monthly, on changing days",
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
