package app_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/pay/check"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/visitor"
)

// Payments from practice banks whose habit is about payments.

// habitBanks are those whose payments do not simply go through: they are paid from in tests of
// their own.
var habitBanks = []string{"funkloch", "schneckenhaus", "gemach"}

// paysAt is a payer at a practice bank, whose exchanges are held to the definitions.
func paysAt(t *testing.T, id string) payer {
	t.Helper()
	w := newPayer(t)
	held := w.definitions()
	w.network.wrap = held.around
	return w.from(id)
}

// later moves the practice banks' time on, and asks the bank for the status of a payment.
func (p payer) later(by, id string) storage.Payment {
	p.Helper()
	p.control(http.MethodPost, "/clock", `{"advance":"`+by+`"}`)
	p.must(p.Clock().Read(p.Context()))
	p.must(p.Payments().Ask(p.Context(), id, person))
	return p.payment(id)
}

// approves is the person who approves what an attempt is about, to the end.
func (p payer) approves(authorisation string) {
	p.Helper()
	if flow := p.walk(authorisation); flow.Outcome != storage.Succeeded {
		p.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
}

// TestFeesAreTold keeps what a payment costs, as the bank says before it is approved.
func TestFeesAreTold(t *testing.T) {
	p := paysAt(t, "groschenhof")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	authorisation, err := p.sent(id)
	p.must(err)
	euro := func(number string) xs2a.Amount { return xs2a.Amount{Number: number, Currency: "EUR"} }
	check := func() {
		t.Helper()
		one := p.payment(id)
		fees := one.Said.Fees
		if fees.Transaction == nil || *fees.Transaction != euro("0.35") || fees.EstimatedTotal == nil || *fees.EstimatedTotal != euro("12.85") ||
			fees.EstimatedInterbank == nil || *fees.EstimatedInterbank != euro("12.50") || fees.Conversion != nil || fees.Charged == nil || !*fees.Charged ||
			!strings.Contains(one.Message, "0.35 EUR") {
			t.Errorf("said is %+v, %q", fees, one.Message)
		}
	}
	check()
	before := p.accountOf(p.psu.Login, "")
	p.approves(authorisation)
	p.settled(id)
	check()
	if took := cents(t, before.Available) - cents(t, p.accountOf(p.psu.Login, "").Available); took != 1285 {
		t.Errorf("%d cents were taken", took)
	}
	f := p.form(xs2a.SinglePayment, "cross-border-credit-transfers")
	f.Currency = "SEK"
	id = p.composed(f)
	_, err = p.sent(id)
	p.must(err)
	if fees := p.payment(id).Said.Fees; fees.Conversion == nil || fees.Conversion.Currency != "EUR" {
		t.Errorf("the exchange costs %+v", fees.Conversion)
	}
}

// TestPayeesNameIsTold keeps what the bank says of the payee: the name before the approval, and
// whether the person trusts them with it.
func TestPayeesNameIsTold(t *testing.T) {
	p := paysAt(t, "namensweiser")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.To = p.from("rheintor").accountOf("astrid", "EUR").IBAN
	for _, test := range []struct {
		name, match string
		trusted     bool
	}{{"Astrid Lindqvist", "MTCH", false}, {"Astrid Lundqvist", "CMTC", true}, {"Ausgedachte GmbH", "NMTC", true}} {
		f.ID, f.Creditor = pay.NewFormID(), test.name
		id := p.composed(f)
		authorisation, err := p.sent(id)
		p.must(err)
		if one := p.payment(id); one.Said.NameMatch != test.match || one.Said.Trusted != nil || one.Message == "" {
			t.Errorf("%s: said is %+v, %q", test.name, one.Said, one.Message)
		}
		p.approves(authorisation)
		if said := p.payment(id).Said; said.NameMatch != test.match || said.Trusted == nil || *said.Trusted != test.trusted {
			t.Errorf("%s: said is %+v", test.name, said)
		}
	}
}

// TestBankLosesItsAnswer does not know what became of a payment that the bank has. When the
// person has it sent again, the bank has it once.
func TestBankLosesItsAnswer(t *testing.T) {
	p := paysAt(t, "funkloch")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	_, err := p.sent(id)
	var told *failure.Error
	if !errors.As(err, &told) || told.Effect != failure.PaymentMayBeTaken {
		t.Fatalf("told is %v", err)
	}
	if one := p.payment(id); one.Fate != storage.FateUnknown || len(p.books()) != 1 {
		t.Fatalf("it is %q, the banks have %d", one.Fate, len(p.books()))
	}
	authorisation, err := p.sent(id)
	p.must(err)
	// The bank made its page for the first request: its way back is the first attempt's.
	page, err := p.SCA().Redirect(t.Context(), authorisation, person)
	p.must(err)
	back, err := visitor.Person{Login: p.psu.Login, Password: p.psu.Password, Code: p.psu.Code}.Visit(page)
	p.must(err)
	p.returned(back.Query(), sca.ReturnTaken)
	p.must(p.SCA().Poll(t.Context(), authorisation, person))
	p.outcome(authorisation, storage.Succeeded)
	one := p.settled(id)
	if books := p.books(); len(books) != 1 || books[0].ID != one.BankID || books[0].Status != "ACSC" {
		t.Errorf("the banks have %+v, here is %s", books, one.BankID)
	}
}

// TestSlowBankIsPaidOnce sends a payment from two windows while the bank thinks: it is on its
// way, and then it is one.
func TestSlowBankIsPaidOnce(t *testing.T) {
	p := paysAt(t, "schneckenhaus")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	_, shown, err := p.Payments().Show(t.Context(), id)
	p.must(err)
	attempts := make([]string, 2)
	var windows sync.WaitGroup
	for i := range attempts {
		windows.Go(func() {
			var err error
			if attempts[i], err = p.Payments().Send(t.Context(), id, shown, person); err != nil {
				t.Error(err)
			}
		})
	}
	p.await("it is on its way", func() bool { return p.payment(id).Fate == storage.FateSending })
	windows.Wait()
	if attempts[0] == "" || attempts[0] != attempts[1] || len(p.books()) != 1 {
		t.Errorf("by %v the banks have %d", attempts, len(p.books()))
	}
	p.approves(attempts[0])
	p.settled(id)
}

// TestPaymentWithoutFunds is told as what it is: waiting for money, rejected in the end, or at
// once where the person prefers that.
func TestPaymentWithoutFunds(t *testing.T) {
	p := paysAt(t, "ebbstrand")
	short := func(one storage.Payment) bool {
		return one.Said.Funds != nil && !*one.Said.Funds && slices.ContainsFunc(one.Said.Latest, func(words string) bool { return strings.Contains(words, "FUNDS_NOT_AVAILABLE") })
	}
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.Amount = "900000.00"
	id := p.pays(f)
	if one := p.later("1h", id); one.Status != "ACTC" || !one.InForce() || !short(one) {
		t.Errorf("it is %q, said is %+v", one.Status, one.Said)
	}
	if one := p.later("4h", id); one.Status != xs2a.PaymentRejected || one.InForce() || !short(one) {
		t.Errorf("it is %q, said is %+v", one.Status, one.Said)
	}
	f = p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.Amount, f.NoWait = "900000.00", true
	id = p.composed(f)
	authorisation, err := p.sent(id)
	p.must(err)
	if one := p.payment(id); one.Fate != storage.FateTaken || one.Status != xs2a.PaymentRejected || one.InForce() || !short(one) || one.Message == "" {
		t.Errorf("it is %q, said is %+v", one.Status, one.Said)
	}
	if flow := p.flow(authorisation); flow.Outcome != storage.Failed {
		t.Errorf("the approval is %q at %q", flow.Outcome, flow.Step)
	}
	// what was said while it waited is not said of a payment that went through
	f = p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	if one := p.settled(p.pays(f)); one.Said.Funds == nil || !*one.Said.Funds || len(one.Said.Latest) > 0 {
		t.Errorf("said is %+v", one.Said)
	}
}

// TestStatusOverHours follows a payment to the end while the bank's clock moves.
func TestStatusOverHours(t *testing.T) {
	p := paysAt(t, "gemach")
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	look := func(by string) xs2a.TransactionStatus {
		p.control(http.MethodPost, "/clock", `{"advance":"`+by+`"}`)
		p.must(p.Clock().Read(t.Context()))
		_, err := p.Payments().Look(t.Context())
		p.must(err)
		return p.payment(id).Status
	}
	for _, step := range []struct {
		by   string
		want xs2a.TransactionStatus
	}{{"0s", "ACTC"}, {"1h", "ACCP"}, {"2h", "ACSP"}, {"2h", "ACSP"}, {"1h", xs2a.PaymentSettled}} {
		if got := look(step.by); got != step.want {
			t.Errorf("after %s more: %q, want %q", step.by, got, step.want)
		}
	}
	one := p.payment(id)
	events, err := p.Payments().Events(t.Context(), id)
	p.must(err)
	var told []xs2a.TransactionStatus
	for _, e := range events {
		if e.Kind == storage.PayStatus {
			told = append(told, e.Status)
		}
	}
	if one.InForce() || !slices.Equal(told, []xs2a.TransactionStatus{xs2a.PaymentSettled, "ACSP", "ACCP", "ACTC", xs2a.PaymentReceived}) {
		t.Errorf("it is %q, and was %v", one.Status, told)
	}
}

// TestBankRefusesToCancel tells that it does, and follows the payment to its day.
func TestBankRefusesToCancel(t *testing.T) {
	p := paysAt(t, "einbahn")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.On = p.Clock().NowAt(bank.SandboxID).AddDate(0, 0, 7).Format(time.DateOnly)
	id := p.pays(f)
	_, err := p.Payments().Cancel(t.Context(), id, person)
	var told *failure.Error
	if !errors.As(err, &told) || told.Code != failure.CancellationRefused {
		t.Errorf("told is %v", err)
	}
	if one := p.payment(id); one.Cancellation != storage.CancelRefused || !one.InForce() {
		t.Errorf("it is %q, cancellation %q", one.Status, one.Cancellation)
	}
	p.must(p.Clock().Move(t.Context(), 8))
	if one := p.settled(id); one.Cancellation != storage.CancelRefused {
		t.Errorf("cancellation %q", one.Cancellation)
	}
}

// TestBankThatTakesXMLAlone is offered the products it has, and pays with each.
func TestBankThatTakesXMLAlone(t *testing.T) {
	p := paysAt(t, "vordruck")
	if !p.offer.Listed || len(p.offer.Products) != 4 {
		t.Errorf("offered is %+v", p.offer)
	}
	for _, product := range p.offer.Products {
		if !xs2a.XML(product.Name) {
			t.Errorf("%s is offered", product.Name)
		}
		for _, service := range product.Services() {
			p.settled(p.pays(p.form(service, product.Name)))
		}
	}
	var told *failure.Error
	if _, err := p.Payments().Compose(t.Context(), p.form(xs2a.SinglePayment, "sepa-credit-transfers")); !errors.As(err, &told) || told.Fields["product"].Code == "" {
		t.Errorf("a product it has not: %v", err)
	}
}

// TestClosedAccount is not paid from: the bank says so, and has nothing.
func TestClosedAccount(t *testing.T) {
	p := paysAt(t, "rheintor")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	p.control(http.MethodPost, "/accounts", `{"bank":"rheintor","psu":"`+p.psu.Login+`","account":0,"closed":true}`)
	p.refusedBy(f)
	if got := len(p.books()); got != 0 {
		t.Errorf("the banks have %d payments", got)
	}
}

// TestStandingOrderIsMadeOnItsDays has the last day of each month in the account's
// transactions, moved to the bank day before.
func TestStandingOrderIsMadeOnItsDays(t *testing.T) {
	p := paysAt(t, "rheintor")
	f := p.form(xs2a.PeriodicPayment, "sepa-credit-transfers")
	f.Day, f.Rule = "31", "preceding"
	start := p.Clock().NowAt(bank.SandboxID).AddDate(0, 0, 1)
	p.pays(f)
	p.must(p.Clock().Move(t.Context(), 100))
	now := p.Clock().NowAt(bank.SandboxID).Format(time.DateOnly)
	var want []string
	days, _ := check.CalendarOf("EUR")
	for month := time.Date(start.Year(), start.Month(), 1, 12, 0, 0, 0, time.UTC); ; month = month.AddDate(0, 1, 0) {
		made := days.Preceding(month.AddDate(0, 1, -1)).Format(time.DateOnly)
		if made >= now {
			break
		}
		if made >= start.Format(time.DateOnly) {
			want = append(want, made)
		}
	}
	p.linkAt("rheintor")
	var got []string
	for _, acc := range p.accounts() {
		booked, err := p.store.BookedTransactions(t.Context(), acc.ID, 0, 10000)
		p.must(err)
		for _, e := range booked {
			if e.CreditorName == "Ausgedachte GmbH" && e.BookingDate < now {
				got = append(got, e.BookingDate)
			}
		}
	}
	slices.Sort(got)
	if len(want) < 2 || !slices.Equal(got, want) {
		t.Errorf("made on %v, want %v", got, want)
	}
}
