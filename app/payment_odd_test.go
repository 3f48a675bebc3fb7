package app_test

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// TestApprovedAndStillChecked approves a payment at a bank that goes on checking it: the
// approval is over, nothing more is asked of the person, and the bank's word is waited for.
func TestApprovedAndStillChecked(t *testing.T) {
	t.Parallel()
	for _, status := range []xs2a.TransactionStatus{xs2a.PaymentReceived, xs2a.PaymentPending} {
		t.Run(string(status), func(t *testing.T) { approvedAndChecked(t, status) })
	}
}

func approvedAndChecked(t *testing.T, status xs2a.TransactionStatus) {
	p, bend := bends(t, "rheintor")
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if !strings.Contains(req.URL.Path, "/payments/") || strings.Contains(req.URL.Path, "/authorisations") || !strings.HasSuffix(req.URL.Path, "/status") {
			return base.RoundTrip(req)
		}
		return instead(base, req, http.StatusOK, `{"transactionStatus":"`+string(status)+`"}`)
	})
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	one := p.payment(id)
	if one.Status != status || !one.Approved || !one.Checked() || !one.InForce() || pay.GroupOf(one) != pay.UnderWay {
		t.Errorf("%s: it is %q, approved %t, %s", status, one.Status, one.Approved, pay.GroupOf(one))
	}
	if again, err := p.Payments().Continue(t.Context(), id, person); err != nil || p.flow(again).Outcome != storage.Succeeded {
		t.Errorf("%s: gone on with, it is approved once more: %v", status, err)
	}
	bend(nil)
	p.settled(id)
}

// TestDeclinedIsNotApproved declines a payment at a bank that goes on calling it received,
// and one whose bank leads back without a word: neither is said to be approved.
func TestDeclinedIsNotApproved(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"declined", "without a word"} {
		t.Run(name, func(t *testing.T) {
			p, bend := bends(t, "isarfels")
			bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
				if !strings.HasSuffix(req.URL.Path, "/status") {
					return base.RoundTrip(req)
				}
				return instead(base, req, http.StatusOK, `{"transactionStatus":"RCVD"}`)
			})
			authorisation, err := p.sent(p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers")))
			p.must(err)
			back := p.visit(authorisation, true)
			if name == "without a word" {
				back = url.Values{"state": back["state"]}
			}
			_, _, err = p.SCA().Returned(t.Context(), back, person)
			p.must(err)
			p.await("the attempt ends", func() bool { return p.flow(authorisation).Ended() })
			one := p.payment(p.flow(authorisation).Payment.ID)
			if outcome := p.flow(authorisation).Outcome; outcome == storage.Succeeded || one.Approved || one.Checked() || pay.GroupOf(one) != pay.NeedsPerson {
				t.Errorf("ended %q, it is %q, approved %t, %s", outcome, one.Status, one.Approved, pay.GroupOf(one))
			}
		})
	}
}

// TestCancellationAnsweredOddly meets answers to a cancellation: only a bank's no is one, and
// only what it says is cancelled is.
func TestCancellationAnsweredOddly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   storage.Cancellation
	}{
		"a fault":             {500, `{}`, storage.CancelPending},
		"the gateway gave up": {504, ``, storage.CancelPending},
		"too often":           {429, `{"tppMessages":[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]}`, storage.CancelPending},
		"an empty answer":     {200, `{}`, storage.CancelPending},
		"taken, no more":      {202, ``, storage.CancelPending},
		"a no":                {405, `{"tppMessages":[{"category":"ERROR","code":"CANCELLATION_INVALID"}]}`, storage.CancelRefused},
		"a status":            {200, `{"transactionStatus":"CANC"}`, storage.CancelDone},
		"done":                {204, ``, storage.CancelDone},
	} {
		t.Run(name, func(t *testing.T) {
			p, bend := bends(t, "rheintor")
			f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
			f.On = p.Clock().NowAt(p.at.EnvironmentID).AddDate(0, 0, 7).Format(time.DateOnly)
			id := p.pays(f)
			bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
				if req.Method != http.MethodDelete {
					return base.RoundTrip(req)
				}
				return &http.Response{StatusCode: test.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(test.body)), Request: req}, nil
			})
			attempt, err := p.Payments().Cancel(t.Context(), id, person)
			if one := p.payment(id); one.Cancellation != test.want || one.InForce() != (test.want != storage.CancelDone) {
				t.Errorf("it is %q, cancellation %q (%v)", one.Status, one.Cancellation, err)
			}
			bend(nil)
			switch {
			case test.want != storage.CancelPending:
				return
			case err == nil: // the bank has taken it, and says no more: the status tells, or it lapses
				p.clock.forward(sca.AuthorisationAge + time.Minute)
				p.must(p.SCA().Poll(t.Context(), attempt, person))
				if one := p.payment(id); one.Cancellation != storage.CancelNone || !one.InForce() {
					t.Errorf("in the end it is %q, cancellation %q", one.Status, one.Cancellation)
				}
				return
			}
			if _, err := p.Payments().Cancel(t.Context(), id, person); err != nil {
				t.Error(err)
			}
			p.await("the cancellation", func() bool { return p.payment(id).Cancellation == storage.CancelDone })
		})
	}
}

// TestCancellationNotApproved declines at the bank to cancel a payment: it goes on, and may
// be cancelled another time.
func TestCancellationNotApproved(t *testing.T) {
	p, _ := bends(t, "zwillingsbach")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	authorisation, err := p.sent(id)
	p.must(err)
	for p.flow(authorisation).Outcome != storage.Partial {
		p.act(p.flow(authorisation))
	}
	cancellation, err := p.Payments().Cancel(t.Context(), id, person)
	p.must(err)
	p.returned(p.visit(cancellation, true), sca.ReturnDenied)
	events, err := p.Payments().Events(t.Context(), id)
	p.must(err)
	if one := p.payment(id); one.Cancellation != storage.CancelNone || !one.InForce() || events[0].Kind != storage.PayCancelLapsed {
		t.Errorf("it is %q, cancellation %q, last %q", one.Status, one.Cancellation, events[0].Kind)
	}
	again, err := p.Payments().Cancel(t.Context(), id, person)
	p.must(err)
	p.walk(again)
	if one := p.payment(id); one.Cancellation != storage.CancelDone {
		t.Errorf("cancelled another time, it is %q", one.Cancellation)
	}
}

// TestFollowingPausesWhereNothingCanBeAsked follows a payment whose token has run out and
// cannot be renewed: that is told, and asked after growing pauses.
func TestFollowingPausesWhereNothingCanBeAsked(t *testing.T) {
	p, bend := bends(t, "isarfels")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.On = p.Clock().NowAt(p.at.EnvironmentID).AddDate(0, 0, 7).Format(time.DateOnly)
	id := p.pays(f)
	before := p.payment(id).Asked
	p.control(http.MethodPost, "/clock", `{"advance":"24h"}`)
	p.must(p.Clock().Read(t.Context()))
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		return nil, errors.New("no way")
	})
	var told *failure.Error
	if err := p.Payments().Ask(t.Context(), id, person); !errors.As(err, &told) {
		t.Fatalf("asked, it says %v", err)
	}
	if one := p.payment(id); one.Asked != before+1 || !one.Reason.Given() {
		t.Errorf("asked %d times after %d, because %+v", one.Asked, before, one.Reason)
	}
}

// TestPaidWithoutAnApproval meets a bank that carries a payment out at once, and names no
// link: nothing is asked of the person, and nobody says that nothing was paid.
func TestPaidWithoutAnApproval(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"ACTC", "ACSP", "ACSC"} {
		t.Run(status, func(t *testing.T) {
			p, bend := bends(t, "freipass")
			bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
				switch {
				case initiates(req):
					return instead(base, req, http.StatusCreated, `{"transactionStatus":"`+status+`","paymentId":"p","_links":{}}`)
				case strings.HasSuffix(req.URL.Path, "/status"):
					return instead(base, req, http.StatusOK, `{"transactionStatus":"`+status+`"}`)
				}
				return base.RoundTrip(req)
			})
			id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
			if one := p.payment(id); !one.Checked() || one.InForce() != (status != "ACSC") {
				t.Errorf("it is %q, ended %v", one.Status, one.EndedAt)
			}
		})
	}
}

// TestPaymentThatTheBankHasOtherwise reads back what the bank has, of a standing order, too.
func TestPaymentThatTheBankHasOtherwise(t *testing.T) {
	t.Parallel()
	const bankHas = `{"transactionStatus":"RCVD","instructedAmount":{"currency":"EUR","amount":"%s"},"creditorAccount":{"iban":"%s"},"debtorAccount":{"iban":"%s"}}`
	for name, test := range map[string]struct {
		amount, to, from string
		wrong            func(storage.Said) bool
	}{
		"the same":        {"12.5", "de89 3704 0044 0532 0130 00", "", func(s storage.Said) bool { return s.Other == nil && s.To+s.From == "" }},
		"another amount":  {"999.00", payee, "", func(s storage.Said) bool { return s.Other != nil && s.Other.Number == "999.00" }},
		"another payee":   {"12.50", "DE75512108001245126199", "", func(s storage.Said) bool { return s.To == "DE75512108001245126199" }},
		"another account": {"12.50", payee, "DE75512108001245126199", func(s storage.Said) bool { return s.From == "DE75512108001245126199" }},
	} {
		for _, service := range []xs2a.PaymentService{xs2a.SinglePayment, xs2a.PeriodicPayment} {
			t.Run(name+"/"+string(service), func(t *testing.T) {
				p, bend := bends(t, "rheintor")
				f := p.form(service, "sepa-credit-transfers")
				bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
					if above := path.Base(path.Dir(req.URL.Path)); req.Method != http.MethodGet || above != "sepa-credit-transfers" {
						return base.RoundTrip(req)
					}
					return instead(base, req, http.StatusOK, fmt.Sprintf(bankHas, test.amount, test.to, cmp.Or(test.from, f.From)))
				})
				id := p.composed(f)
				_, err := p.sent(id)
				p.must(err)
				if one := p.payment(id); !test.wrong(one.Said) {
					t.Errorf("said is %+v", one.Said)
				}
			})
		}
	}
}

// TestStepWithoutAnAnswer loses the answer to the last step of an approval: the bank is asked
// at once what became of it, and nobody is asked to approve again what is approved.
func TestStepWithoutAnAnswer(t *testing.T) {
	p, bend := bends(t, "moorland")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	authorisation, err := p.sent(id)
	p.must(err)
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(req)
		if err == nil && req.Method == http.MethodPut {
			res.Body.Close()
			return nil, errors.New("the line broke")
		}
		return res, err
	})
	flow := p.flow(authorisation)
	_ = p.SCA().Update(t.Context(), authorisation, flow.Step, sca.Given{PSUData: xs2a.PSUData{Password: p.psu.Password}}, person) // said where it is not known, and else not
	p.await("the approval", func() bool { return p.flow(authorisation).Outcome == storage.Succeeded })
	if one := p.payment(id); !one.Checked() {
		t.Errorf("it is %q", one.Status)
	}
}

// TestGivenUpWhereTheBankDoesNotCancel gives up a payment that its bank keeps: it waits,
// unapproved, and no cancellation is under way.
func TestGivenUpWhereTheBankDoesNotCancel(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusInternalServerError} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			p, bend := bends(t, "rheintor")
			id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
			authorisation, err := p.sent(id)
			p.must(err)
			bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
				if req.Method != http.MethodDelete {
					return base.RoundTrip(req)
				}
				return instead(base, req, status, `{}`)
			})
			p.must(p.SCA().GiveUp(t.Context(), authorisation, person))
			one := p.payment(id)
			if !one.InForce() || one.Checked() || one.Cancellation == storage.CancelPending || one.Cancellation == storage.CancelDone {
				t.Errorf("it is %q, cancellation %q", one.Status, one.Cancellation)
			}
		})
	}
}

// TestAcceptedWithChangeIsNotTheEnd follows a payment that its bank means to change: it is
// not carried out (ISO 20022, AcceptedWithChange), and may be rejected yet.
func TestAcceptedWithChangeIsNotTheEnd(t *testing.T) {
	p, bend := bends(t, "rheintor")
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	for _, status := range []xs2a.TransactionStatus{"ACWC", xs2a.PaymentRejected} {
		bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(req.URL.Path, "/status") {
				return base.RoundTrip(req)
			}
			return instead(base, req, http.StatusOK, `{"transactionStatus":"`+string(status)+`"}`)
		})
		p.must(p.Payments().Ask(t.Context(), id, person))
		if one := p.payment(id); one.Status != status || one.InForce() != (status == "ACWC") {
			t.Errorf("it is %q, ended %v", one.Status, one.EndedAt)
		}
	}
}
