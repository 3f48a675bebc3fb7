package sandbox

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// Banks whose habit is about payments.

const sepaPath = "/payments/sepa-credit-transfers"

// habit is a TPP at a bank on the day of newClock, whose exchanges are held to the definition,
// and the account that lukas pays from there.
func habit(t *testing.T, id string) (p *berlin, c *clock, from string) {
	t.Helper()
	c = newClock()
	server := startSandbox(t, Config{Now: c.now})
	p = newBerlin(t, server.URL, id)
	p.router = berlinDefinition(t)
	for _, b := range bank.BerlinBanks() {
		if b.ID == id {
			return p, c, ownIBAN(t, c, b.BIC, "lukas")
		}
	}
	t.Fatalf("no bank %s", id)
	return nil, nil, ""
}

// amountOf is an amount in an answer, as 12.50 EUR.
func (r result) amountOf(name string) string {
	return r.text(name+".amount") + " " + r.text(name+".currency")
}

func TestBankThatCharges(t *testing.T) {
	p, c, from := habit(t, "groschenhof")
	made := p.pays(sepaPath, paymentOrder(from, "12.50"), nil)
	if made.get("transactionFeeIndicator") != true || made.amountOf("transactionFees") != "0.35 EUR" || made.amountOf("estimatedTotalAmount") != "12.85 EUR" ||
		made.amountOf("estimatedInterbankSettlementAmount") != "12.50 EUR" || made.text("currencyConversionFee.amount") != "" || !strings.Contains(made.text("psuMessage"), "0.35 EUR") {
		t.Errorf("%s", made.raw)
	}
	abroad := paymentOrder(from, "100.00")
	abroad["instructedAmount"] = map[string]any{"currency": "SEK", "amount": "100.00"}
	sent := p.call("POST", "/payments/cross-border-credit-transfers", abroad, nil).want(http.StatusCreated)
	if sent.amountOf("transactionFees") != "7.50 EUR" || sent.text("currencyConversionFee.currency") != "EUR" || sent.amountOf("estimatedInterbankSettlementAmount") != "100.00 SEK" {
		t.Errorf("%s", sent.raw)
	}
	if other := p.call("POST", sepaPath, paymentOrder(payee, "12.50"), nil).want(http.StatusCreated); other.text("transactionFees.amount") != "" || other.get("transactionFeeIndicator") != true {
		t.Errorf("of an account of nobody: %s", other.raw)
	}
	c.pass(bank.UsualPace.Settle)
	taken := map[string]string{}
	for _, e := range p.entriesOf(from, "booked") {
		if name, _ := e["creditorName"].(string); name == "Ausgedachte GmbH" || name == "Groschenhof Bank" {
			taken[name] += e["transactionAmount"].(map[string]any)["amount"].(string)
		}
	}
	if !maps.Equal(taken, map[string]string{"Ausgedachte GmbH": "-12.50", "Groschenhof Bank": "-0.35"}) {
		t.Errorf("taken: %v", taken)
	}
}

func TestBankThatKnowsThePayee(t *testing.T) {
	p, c, from := habit(t, "namensweiser")
	to := ownIBAN(t, c, "RHTRDEB0", "astrid")
	order := paymentOrder(from, "1.00")
	order["creditorAccount"] = map[string]any{"iban": to}
	for name, want := range map[string]string{"astrid  LINDQVIST": nameMatches, "A. Lindqvist": nameNearly, "Ausgedachte GmbH": nameDiffers} {
		order["creditorName"] = name
		if got := p.call("POST", sepaPath, order, nil).want(http.StatusCreated); got.text("nameMatch") != want || got.text("psuMessage") == "" {
			t.Errorf("%s: %s", name, got.raw)
		}
	}
	if got := p.call("POST", sepaPath, paymentOrder(from, "1.00"), nil).want(http.StatusCreated); got.text("nameMatch") != nameNotChecked {
		t.Errorf("at another bank: %s", got.raw)
	}
	for _, trusted := range []bool{false, true} {
		made := p.pays(sepaPath, order, nil)
		if got := p.call("GET", made.follow("scaStatus"), nil, nil).want(http.StatusOK); got.get("trustedBeneficiaryFlag") != trusted {
			t.Errorf("%s, want %v", got.raw, trusted)
		}
	}
}

// TestBankThatLosesItsAnswer has the payment once, whether the TPP has heard of it or not.
func TestBankThatLosesItsAnswer(t *testing.T) {
	p, _, from := habit(t, "funkloch")
	id := newID()
	send := func() (*http.Response, error) {
		body := `{"debtorAccount":{"iban":"` + from + `"},"instructedAmount":{"currency":"EUR","amount":"1.00"},"creditorAccount":{"iban":"` + payee + `"},"creditorName":"Ausgedachte GmbH"}`
		req, err := http.NewRequest(http.MethodPost, p.root+sepaPath, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"X-Request-ID": id, "PSU-IP-Address": "192.0.2.7", "TPP-Redirect-URI": callback, "Content-Type": "application/json"} {
			req.Header.Set(name, value)
		}
		return p.http.Do(req)
	}
	if res, err := send(); !errors.Is(err, io.EOF) {
		t.Fatalf("answered with %v (%v)", res, err)
	}
	state := p.control("GET", "state", nil).want(http.StatusOK)
	if kept := state.list("payments"); len(kept) != 1 || kept[0]["status"] != paymentReceived {
		t.Fatalf("%s", state.raw)
	}
	res, err := send()
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("sent again: %v (%v)", res, err)
	}
	res.Body.Close()
	if kept := p.control("GET", "state", nil).want(http.StatusOK).list("payments"); len(kept) != 1 {
		t.Errorf("it has %d", len(kept))
	}
}

// TestSlowBank answers late, and has made the payment by then.
func TestSlowBank(t *testing.T) {
	t.Parallel() // it waits
	p, _, from := habit(t, "schneckenhaus")
	p.http = &http.Client{Timeout: 200 * time.Millisecond}
	res, err := p.http.Post(p.root+"/payments/none", "application/json", nil) // what it refuses, it refuses at once
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	p.http = http.DefaultClient
	began := time.Now()
	made := p.call("POST", sepaPath, paymentOrder(from, "1.00"), nil).want(http.StatusCreated)
	if took := time.Since(began); took < 3*time.Second {
		t.Errorf("it took %s", took)
	}
	if got := p.status(made); got != paymentReceived {
		t.Errorf("%s", got)
	}
}

// TestBankThatWaitsForMoney keeps a payment that its account cannot bear, until there is
// enough or the time is over.
func TestBankThatWaitsForMoney(t *testing.T) {
	p, c, from := habit(t, "ebbstrand")
	told := func(made result, status string, funds any) {
		t.Helper()
		got := p.call("GET", made.follow("status"), nil, nil).want(http.StatusOK)
		if fields := got.body.(map[string]any); fields["transactionStatus"] != status || fields["fundsAvailable"] != funds || (funds == false) != (fields["tppMessage"] != nil) {
			t.Errorf("%s, want %s, %v", got.raw, status, funds)
		}
	}
	atOnce := p.call("POST", sepaPath, paymentOrder(from, "900000.00"), map[string]string{"TPP-Rejection-NoFunds-Preferred": "true"}).want(http.StatusCreated)
	if atOnce.text("transactionStatus") != paymentRejected || atOnce.text("_links.scaRedirect.href") != "" {
		t.Errorf("%s", atOnce.raw)
	}
	told(atOnce, paymentRejected, false)

	enough := p.pays(sepaPath, paymentOrder(from, "1.00"), map[string]string{"TPP-Rejection-NoFunds-Preferred": "true"})
	told(enough, paymentChecked, true)
	late := p.pays(sepaPath, paymentOrder(from, "900000.00"), nil)
	told(late, paymentChecked, false)
	c.pass(3 * time.Hour)
	told(late, paymentChecked, false)
	c.pass(time.Hour)
	told(late, paymentRejected, false)

	// What two accounts hold together is more than one of them does, until it has come.
	var accounts []map[string]any
	for _, acc := range p.control("GET", "accounts?bank=ebbstrand&psu=lukas", nil).want(http.StatusOK).body.([]any) {
		accounts = append(accounts, acc.(map[string]any))
	}
	held, good := minorOf(accounts[0]["available"].(string))
	savings, fine := minorOf(accounts[1]["available"].(string))
	if !good || !fine {
		t.Fatalf("%v", accounts)
	}
	waits := p.pays(sepaPath, paymentOrder(from, people.Decimal(held+savings)), nil)
	told(waits, paymentChecked, false)
	more := paymentOrder(accounts[1]["iban"].(string), people.Decimal(savings))
	more["creditorAccount"] = map[string]any{"iban": from}
	p.pays(sepaPath, more, nil)
	c.pass(bank.UsualPace.Settle)
	told(waits, paymentChecked, true)
	c.pass(bank.UsualPace.Settle)
	if got := p.status(waits); got != paymentSettled {
		t.Errorf("%s", got)
	}
}

// TestBankThatTakesHours goes through the statuses while the clock moves, and keeps a
// standing order in process until it is over.
func TestBankThatTakesHours(t *testing.T) {
	p, c, from := habit(t, "gemach")
	made := p.pays(sepaPath, paymentOrder(from, "12.50"), nil)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, paymentChecked}, {time.Hour, paymentProfile}, {2 * time.Hour, paymentAccepted}, {2 * time.Hour, paymentAccepted}, {time.Hour, paymentSettled}} {
		p.control("POST", "clock", map[string]any{"advance": step.after.String()}).want(http.StatusOK)
		if got := p.status(made); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
	order := paymentOrder(from, "5.00")
	maps.Copy(order, map[string]any{"startDate": "2026-11-23", "frequency": "Weekly", "endDate": "2026-11-30"})
	weekly := p.pays("/periodic-payments/sepa-credit-transfers", order, nil)
	for _, step := range []struct{ days, want string }{{"0h", paymentChecked}, {"96h", paymentAccepted}, {"168h", paymentSettled}} {
		p.control("POST", "clock", map[string]any{"advance": step.days}).want(http.StatusOK)
		if got := p.status(weekly); got != step.want {
			t.Errorf("after %s more: %s, want %s", step.days, got, step.want)
		}
	}
	delete(order, "endDate")
	order["startDate"] = "2026-12-07"
	endless := p.pays("/periodic-payments/sepa-credit-transfers", order, nil)
	c.pass(60 * 24 * time.Hour)
	if got := p.status(endless); got != paymentAccepted {
		t.Errorf("without an end: %s", got)
	}
}

// TestBankThatRefusesToCancel goes on with what was approved, and lets go of what was not.
func TestBankThatRefusesToCancel(t *testing.T) {
	p, _, from := habit(t, "einbahn")
	order := paymentOrder(from, "1.00")
	order["requestedExecutionDate"] = "2026-12-24"
	made := p.pays(sepaPath, order, nil)
	if res := p.call("DELETE", made.follow("self"), nil, nil); res.status != http.StatusMethodNotAllowed || res.code() != "CANCELLATION_INVALID" {
		t.Errorf("%d %s", res.status, res.raw)
	}
	if got := p.status(made); got != paymentChecked {
		t.Errorf("%s", got)
	}
	open := p.call("POST", sepaPath, order, nil).want(http.StatusCreated)
	p.call("DELETE", open.follow("self"), nil, nil).want(http.StatusNoContent)
}

// TestBankThatTakesXMLAlone refuses JSON, and tells the status of what it took as pain.002.
func TestBankThatTakesXMLAlone(t *testing.T) {
	p, c, from := habit(t, "vordruck")
	if res := p.call("POST", sepaPath, paymentOrder(from, "1.00"), nil); res.status != http.StatusForbidden || res.code() != "PRODUCT_INVALID" {
		t.Errorf("JSON: %d %s", res.status, res.raw)
	}
	p.router = nil // kin-openapi reads no XML bodies
	document := `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn><PmtInf><PmtMtd>TRF</PmtMtd><ReqdExctnDt>2026-11-20</ReqdExctnDt>` +
		`<DbtrAcct><Id><IBAN>` + from + `</IBAN></Id></DbtrAcct><CdtTrfTxInf><PmtId><EndToEndId>E2E-1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">7.25</InstdAmt></Amt>` +
		`<Cdtr><Nm>Ausgedachte GmbH</Nm></Cdtr><CdtrAcct><Id><IBAN>` + payee + `</IBAN></Id></CdtrAcct></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>`
	made := p.pays("/payments/pain.001-sepa-credit-transfers", document, map[string]string{"Content-Type": "application/xml"})
	c.pass(bank.UsualPace.Settle)
	got := p.call("GET", made.follow("status"), nil, map[string]string{"Accept": "application/xml"}).want(http.StatusOK)
	if !strings.Contains(string(got.raw), "<GrpSts>ACSC</GrpSts>") {
		t.Errorf("%s", got.raw)
	}
}

// TestClosedAccount is not paid from, whether it was closed before the payment came or
// before it was approved.
func TestClosedAccount(t *testing.T) {
	p, _, from := habit(t, "rheintor")
	open := p.call("POST", sepaPath, paymentOrder(from, "1.00"), nil).want(http.StatusCreated)
	p.control("POST", "accounts", map[string]any{"bank": "rheintor", "psu": "lukas", "account": 0, "closed": true}).want(http.StatusOK)
	if res := p.call("POST", sepaPath, paymentOrder(from, "1.00"), nil); res.status != http.StatusBadRequest || res.code() != "PAYMENT_FAILED" {
		t.Errorf("%d %s", res.status, res.raw)
	}
	newBrowser(t).approve(open.follow("scaRedirect"), people.Find("lukas"))
	if got := p.status(open); got != paymentRejected {
		t.Errorf("approved: %s", got)
	}
	consent := p.asks(nil)
	newBrowser(t).approve(consent.follow("scaRedirect"), people.Find("lukas"))
	for _, acc := range p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": consent.text("consentId")}).list("accounts") {
		if (acc["iban"] == from) != (acc["status"] == "deleted") {
			t.Errorf("%v", acc)
		}
	}
	p.control("POST", "accounts", map[string]any{"bank": "rheintor", "psu": "lukas", "account": 0, "closed": false}).want(http.StatusOK)
	p.call("POST", sepaPath, paymentOrder(from, "1.00"), nil).want(http.StatusCreated)
}
