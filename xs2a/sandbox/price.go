package sandbox

import (
	"fmt"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// price is what a payment takes from an account, in the account's currency.
type price struct {
	paid       int64
	fee        int64 // of the transfers
	conversion int64 // of those in another currency
}

func (p price) fees() int64  { return p.fee + p.conversion }
func (p price) total() int64 { return p.paid + p.fees() }

// What a bank with fees takes of one transfer, in cents of the euro, and of a conversion,
// in ten thousandths of what is converted.
const (
	feeInEuro    = 35
	feeAbroad    = 750
	conversionBy = 150
)

// priceOf is what a payment takes from an account today.
func (s *Sandbox) priceOf(p *payment, from *people.Account) price {
	return s.priceOn(p, from, people.DayOf(s.now()))
}

func (s *Sandbox) priceOn(p *payment, from *people.Account, on people.Day) price {
	var sum price
	b := s.bank(p.BIC)
	charges := b.Behaviour != nil && b.Behaviour.Fees
	for _, o := range p.Orders {
		taken := s.inAccountOn(o, from, on)
		sum.paid += taken
		if !charges {
			continue
		}
		fee := order{Minor: feeAbroad, Currency: "EUR"}
		if strings.Contains(p.Product, "sepa") {
			fee.Minor = feeInEuro
		}
		sum.fee += s.inAccountOn(fee, from, on)
		if o.Currency != from.Currency {
			sum.conversion += taken * conversionBy / 10000
		}
	}
	return sum
}

// ownerAt finds whose account at a bank a reference means; nil for nobody's.
func (s *Sandbox) ownerAt(b *bank.Bank, ref accountReference) (login string, acc *people.Account) {
	for _, person := range people.All {
		if acc := ref.of(s.drawn(b, person)); acc != nil {
			return person.Login, acc
		}
	}
	return "", nil
}

// tooLittle reports whether a new payment would come from an account that does not hold
// enough.
func (s *Sandbox) tooLittle(b *bank.Bank, p *payment) bool {
	login, acc := s.ownerAt(b, p.Debtor)
	if acc == nil {
		return false
	}
	acc = p.Debtor.of(s.household(b.BIC, login))
	return s.priceOf(p, acc).total() > s.available(acc)
}

// tellPrice says what a payment costs (BG 1.3.12, paymentInitiationRequestResponse-201).
// Of an account that is nobody's, the bank says no more than that there is a price.
func (s *Sandbox) tellPrice(b *bank.Bank, p *payment, fields map[string]any) {
	fields["transactionFeeIndicator"] = true
	_, from := s.ownerAt(b, p.Debtor)
	if from == nil {
		return
	}
	sum := s.priceOf(p, from)
	said := func(minor int64) amount { return amount{from.Currency, people.Decimal(minor)} }
	fields["transactionFees"], fields["estimatedTotalAmount"] = said(sum.fee), said(sum.total())
	if sum.conversion > 0 {
		fields["currencyConversionFee"] = said(sum.conversion)
	}
	var arrives int64
	for _, o := range p.Orders {
		if o.Currency != p.Orders[0].Currency { // there is no one sum
			return
		}
		arrives += o.Minor
	}
	fields["estimatedInterbankSettlementAmount"] = amount{p.Orders[0].Currency, people.Decimal(arrives)}
	fields["psuMessage"] = fmt.Sprintf("This costs %s %s. About %s %s will be taken from your account.",
		people.Decimal(sum.fees()), from.Currency, people.Decimal(sum.total()), from.Currency)
}
