package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"consentry/storage"
)

// bendingNetwork lies between the program and the banks, and changes what they answer to
// payments.
type bendingNetwork struct {
	address string

	mu   sync.Mutex
	bend func(*http.Response, map[string]any) // nil: nothing is changed
}

func newBendingNetwork(t *testing.T, banks string) *bendingNetwork {
	t.Helper()
	target, err := url.Parse(banks)
	if err != nil {
		t.Fatal(err)
	}
	n := &bendingNetwork{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = n.answer
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {
		panic(http.ErrAbortHandler) // the line breaks
	}
	n.address = serve(t, proxy)
	return n
}

// bends changes answers to payments from now on.
func (n *bendingNetwork) bends(bend func(*http.Response, map[string]any)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.bend = bend
}

// errLost is why an answer does not come.
var errLost = fmt.Errorf("the line broke")

func (n *bendingNetwork) answer(res *http.Response) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.bend == nil || !strings.Contains(res.Request.URL.Path, "/payments/") {
		return nil
	}
	whole, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	said := map[string]any{}
	if len(whole) > 0 {
		if err := json.Unmarshal(whole, &said); err != nil {
			return err
		}
	}
	if n.bend(res, said); res.StatusCode == 0 {
		return errLost
	}
	body, err := json.Marshal(said)
	if err != nil {
		return err
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return nil
}

// initiates reports whether an answer is to a new payment.
func initiates(res *http.Response) bool {
	return res.Request.Method == http.MethodPost && !strings.Contains(res.Request.URL.Path, "authorisations")
}

// asksStatus reports whether an answer is to the question for a status.
func asksStatus(res *http.Response) bool { return strings.HasSuffix(res.Request.URL.Path, "/status") }

// Whatever a bank answers, the screen says what is known of the payment: whether the bank
// has it, what it has, and that nothing is sent again by itself.
func TestJourneyPaymentBadLuck(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	network := newBendingNetwork(t, banks.base())
	consentry := start(t, "-sandbox=false")
	consentry.at = banks.base()
	p := opens(consentry)
	p.adds(banks, network.address)
	// Its links are relative, and stay on the line.
	at := approach{bank: "Kuutamopankki", acts: []act{atTheBank}}
	tells := func(tell func(*customer)) {
		consentry.tells(p, at, func(c *customer) {
			c.who = login{id: "aino", name: "Aino Korpela"}
			defer network.bends(nil)
			tell(c)
		})
	}

	for _, odd := range []struct {
		name string
		bend func(*http.Response, map[string]any)
	}{
		{"201 without an id", func(res *http.Response, said map[string]any) {
			if initiates(res) {
				res.Header.Del("Location")
				delete(said, "paymentId")
				delete(said, "_links")
			}
		}},
		{"an answer that is lost", func(res *http.Response, _ map[string]any) {
			if initiates(res) {
				res.StatusCode = 0
			}
		}},
		{"a gateway that gave up", func(res *http.Response, said map[string]any) {
			if initiates(res) {
				res.StatusCode = http.StatusGatewayTimeout
			}
		}},
	} {
		at.name = odd.name
		tells(func(c *customer) {
			o := order{to: "Payee of " + odd.name}
			network.bends(odd.bend)
			c.pays(o)
			c.see("It was sent, and nobody knows whether the bank has it. Nothing is sent again automatically.")
			c.visit("/payments")
			c.click(o.to)
			c.title(o.to)
			c.see("Nobody knows whether Kuutamopankki has this payment.")
			c.see("Nothing is sent automatically.")
			same(c.t, "the payment", c.of.payments(c.bank)[0].Fate, storage.FateUnknown)
			network.bends(nil)
			c.of.booked(c.t, o) // it has it
			c.click("Send it again")
			c.does(at.acts...)
			c.approved(o) // and has it once
			c.of.settles()
			c.see("Carried out: it has left your account (ACSC)")
		})
	}

	at.name = "another amount"
	tells(func(c *customer) {
		network.bends(func(res *http.Response, said map[string]any) {
			if _, single := said["instructedAmount"]; single && res.Request.Method == http.MethodGet {
				said["instructedAmount"] = map[string]any{"amount": "15.00", "currency": "EUR"}
			}
		})
		c.pays(order{to: "Payee of another amount"})
		c.see("Approve at Kuutamopankki")
		c.see("Kuutamopankki has this payment with another amount: " + written(c.t, "15.00", "EUR") + ".")
		c.see("Do not approve it")
		c.visit("/payments")
		c.click("Payee of another amount")
		c.see("Kuutamopankki has this payment with another amount: " + written(c.t, "15.00", "EUR") + ".")
	})

	at.name = "a status nobody knows"
	tells(func(c *customer) {
		o := order{to: "Payee of a status nobody knows"}
		c.pays(o)
		c.does(at.acts...)
		c.approved(o)
		network.bends(func(res *http.Response, said map[string]any) {
			if asksStatus(res) {
				said["transactionStatus"] = "XYZZ"
			}
		})
		c.click("Check now")
		c.see("“XYZZ”: a status that is not in the list of ISO 20022")
		c.see("gives this payment a status that nobody here knows.")
		c.seeNot("Nothing is paid")
		c.seeNot("Continue to the bank")
		network.bends(nil)
		c.of.settles()
		c.click("Check now")
		c.see("Carried out: it has left your account (ACSC)")
	})

	at.name = "rejected at once"
	tells(func(c *customer) {
		o := order{to: "Payee of one rejected at once"}
		network.bends(func(res *http.Response, said map[string]any) {
			said["transactionStatus"] = "RJCT"
			delete(said, "_links")
		})
		c.pays(o)
		c.see("Nothing was paid.")
		c.visit("/payments")
		c.see("Not carried out")
		c.click(o.to)
		c.see("Kuutamopankki rejected this payment.")
		c.see("Nothing is paid.")
		c.seeNot("Continue to the bank")
	})

	at.name = "404 for a payment it took"
	tells(func(c *customer) {
		o := order{to: "Payee of one that is not found"}
		c.pays(o)
		c.does(at.acts...)
		c.approved(o)
		network.bends(func(res *http.Response, said map[string]any) {
			res.StatusCode = http.StatusNotFound
			clear(said)
			said["tppMessages"] = []map[string]string{{"category": "ERROR", "code": "RESOURCE_UNKNOWN"}}
		})
		c.click("Check now")
		c.see("Kuutamopankki refused the request.")
		c.reload()
		c.see("Its status could not be asked for: what you see is the last one known.")
		network.bends(nil)
		c.click("Check now")
		c.of.settles()
		c.see("Carried out: it has left your account (ACSC)")
	})
}

// settles lets the banks carry out what is due.
func (c *program) settles() {
	c.t.Helper()
	c.controls("clock", `{"advance":"10s"}`)
}

// What comes out at the bank alone is told as what it is: the account does not hold as much,
// is closed, or the day has passed while somebody thought it over.
func TestJourneyPaymentTheBankRefuses(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)

	at := implicitly
	at.name = "a thousand million"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of a thousand million", amount: "1000000000"}
		c.pays(o)
		c.does(at.acts...)
		c.see("Nothing was paid.")
		c.click("See the payment")
		c.see("Rheintor Bank rejected this payment.")
		c.see("Rejected (RJCT)")
		same(c.t, "at the bank", c.of.booked(c.t, o).Status, "RJCT")
	})

	at.name = "an account that is closed"
	consentry.tells(p, at, func(c *customer) {
		c.of.controls("accounts", `{"bank": "RHTRDEB0", "psu": "lukas", "account": 0, "closed": true}`)
		o := order{to: "Payee of a closed account"}
		c.pays(o)
		c.see("Rheintor Bank refused the request.")
		c.see("Nothing is paid.")
		same(c.t, "payments at the bank", len(c.of.bookedTo(c.t, o.to)), 0)
		c.visit("/payments")
		c.click(o.to)
		c.see("Rheintor Bank did not take this payment.")
		c.see("the account is closed")
		c.of.controls("accounts", `{"bank": "RHTRDEB0", "psu": "lukas", "account": 0, "closed": false}`)
	})

	at.name = "approved twice"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of one approved twice"}
		c.pays(o)
		c.see("Approve at Rheintor Bank")
		one, other := c.goesTo(c.bank), c.clickNewTab("Open the bank again")
		one.logsIn(c.who.name)
		one.click("Continue")
		one.see("Step 3 of 3")
		code := one.practiceCode()
		other.reload()
		other.see("Step 3 of 3")
		one.fill("Code", code)
		one.click("Approve")
		one.see("You are back from the bank.")
		other.fill("Code", code)
		other.click("Approve")
		other.see("This request was answered already")
		one.reload()
		one.see("You came back from the bank before.")
		c.approved(o)
		c.of.settles()
		c.see("Carried out: it has left your account (ACSC)")
	})

	at.name = "midnight in the middle"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of tomorrow", in: 1}
		c.fillsOrder(o)
		c.click("See what will be sent")
		c.title(o.to)
		c.of.controls("clock", `{"advance":"48h"}`)
		c.click("Send to Rheintor Bank")
		c.see("Nothing is paid.")
		same(c.t, "payments at the bank", len(c.of.bookedTo(c.t, o.to)), 0)
		c.visit("/payments")
		c.click(o.to)
		c.see("Rheintor Bank did not take this payment.")
	})
}
