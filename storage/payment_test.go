package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"consentry/xs2a"
)

// paid is a store with an environment, and what a test does to a payment there.
type paid struct {
	*testing.T
	*Store
	ctx context.Context
}

func newPaid(t *testing.T) paid {
	t.Helper()
	s, _ := open(t)
	p := paid{t, s, t.Context()}
	p.must(s.PutEnvironment(p.ctx, Environment{ID: "e", Name: "Test"}))
	return p
}

func (p paid) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// adds keeps a new payment.
func (p paid) adds(id, formID string) Payment {
	p.Helper()
	kept, err := p.AddPayment(p.ctx, Payment{
		ID: id, EnvironmentID: "e", BIC: "NRSKSESS", BankName: "Norrsken Bank", FormID: formID, RequestID: "r-" + id,
		Order: xs2a.Order{Service: xs2a.SinglePayment, Product: "domestic", Transfers: []xs2a.Transfer{{Amount: xs2a.Amount{Number: "12.50", Currency: "SEK"}, Creditor: "Hyresbostäder"}}},
	})
	p.must(err)
	return p.has(kept)
}

func (p paid) has(id string) Payment {
	p.Helper()
	one, err := p.Payment(p.ctx, id)
	p.must(err)
	return one
}

// sends shows a payment and takes it for sending.
func (p paid) sends(one Payment) {
	p.Helper()
	p.must(p.SetShown(p.ctx, one, "seen"))
	p.must(p.ConfirmPayment(p.ctx, one.ID, "seen"))
	p.must(p.ClaimSending(p.ctx, one.ID))
}

// told is a payment's history, the first first.
func (p paid) told(id string) (kinds []PaymentEventKind) {
	p.Helper()
	events, err := p.PaymentEvents(p.ctx, id)
	p.must(err)
	for _, event := range slices.Backward(events) {
		kinds = append(kinds, event.Kind)
	}
	return kinds
}

// TestPaymentIsKeptWhole reads a payment as it was kept.
func TestPaymentIsKeptWhole(t *testing.T) {
	p := newPaid(t)
	one := p.adds("p", "form")
	if one.Order.Transfers[0].Creditor != "Hyresbostäder" || one.Fate != FateComposed || one.RequestID != "r-p" || !one.EndedAt.IsZero() || one.CreatedAt.IsZero() {
		t.Errorf("kept is %+v", one)
	}
	if _, err := p.Payment(p.ctx, "q"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a payment that is not there: %v", err)
	}
	if _, err := p.AddPayment(p.ctx, Payment{ID: "q", EnvironmentID: "gone", RequestID: "r"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("in an environment that is not there: %v", err)
	}
}

// TestFormMakesOnePayment sends one form from many windows at once.
func TestFormMakesOnePayment(t *testing.T) {
	p := newPaid(t)
	var windows sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		windows.Go(func() {
			id, err := p.AddPayment(p.ctx, Payment{ID: fmt.Sprint(i), EnvironmentID: "e", FormID: "form", RequestID: fmt.Sprint("r", i)})
			if err != nil {
				t.Error(err)
			}
			ids[i] = id
		})
	}
	windows.Wait()
	if all, err := p.Payments(p.ctx); err != nil || len(all) != 1 || len(slices.Compact(ids)) != 1 || ids[0] != all[0].ID {
		t.Errorf("%d payments, as %v (%v)", len(all), ids, err)
	}
	p.adds("a", "") // no form, no question
	p.adds("b", "")
	if all, err := p.Payments(p.ctx); err != nil || len(all) != 3 {
		t.Errorf("%d payments (%v)", len(all), err)
	}
}

// TestPaymentIsSentOnce takes a payment for sending in many windows at once.
func TestPaymentIsSentOnce(t *testing.T) {
	p := newPaid(t)
	one := p.adds("p", "")
	p.must(p.SetShown(p.ctx, one, "seen"))
	p.must(p.ConfirmPayment(p.ctx, "p", "seen"))
	p.must(p.ConfirmPayment(p.ctx, "p", "seen")) // two clicks
	var windows sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		windows.Go(func() { results[i] = p.ClaimSending(p.ctx, "p") })
	}
	windows.Wait()
	taken := 0
	for _, err := range results {
		switch {
		case err == nil:
			taken++
		case !errors.Is(err, ErrSent):
			t.Errorf("got %v", err)
		}
	}
	if taken != 1 || p.has("p").Fate != FateSending || p.has("p").SentAt.IsZero() {
		t.Errorf("taken %d times: %+v", taken, p.has("p"))
	}
}

// TestOnlyWhatWasShownIsSent changes the order between the summary and the sending.
func TestOnlyWhatWasShownIsSent(t *testing.T) {
	p := newPaid(t)
	one := p.adds("p", "")
	refuse := func(when, digest string) {
		t.Helper()
		if err := p.ConfirmPayment(p.ctx, "p", digest); !errors.Is(err, ErrNotShown) {
			t.Errorf("%s: %v", when, err)
		}
	}
	refuse("nothing was shown", "seen")
	refuse("nothing was shown, and nothing is named", "")
	p.must(p.SetShown(p.ctx, one, "seen"))
	refuse("something else was shown", "other")
	p.must(p.ConfirmPayment(p.ctx, "p", "seen"))
	order := one.Order
	order.On = "2027-01-04"
	p.must(p.SetOrder(p.ctx, one, order))
	refuse("it was changed since", "seen")
	if err := p.ClaimSending(p.ctx, "p"); !errors.Is(err, ErrNotShown) {
		t.Errorf("what was changed after it was confirmed is sent: %v", err)
	}
	if err := p.SetShown(p.ctx, one, "seen"); !errors.Is(err, ErrStale) {
		t.Errorf("what is shown in an old window counts: %v", err)
	}
	if err := p.SetOrder(p.ctx, one, order); !errors.Is(err, ErrStale) {
		t.Errorf("changed from an old window: %v", err)
	}
	now := p.has("p")
	p.sends(now)
	if err := p.SetOrder(p.ctx, now, order); !errors.Is(err, ErrSent) {
		t.Errorf("changed on its way: %v", err)
	}
	if now.Order.On != "2027-01-04" {
		t.Errorf("kept is %+v", now.Order)
	}
}

// saysAgain has the person see that nobody knows, and say that it be sent again.
func (p paid) saysAgain() {
	p.Helper()
	p.must(p.SetShown(p.ctx, p.has("p"), "seen again"))
	p.must(p.ConfirmPayment(p.ctx, "p", "seen again"))
}

// TestFatesOfAPayment goes every way from the sending to what is known.
func TestFatesOfAPayment(t *testing.T) {
	taken := Answer{BankID: "b", Status: xs2a.PaymentReceived, Message: "Welcome"}
	lost := Reason{Code: "unreachable"}
	for name, test := range map[string]struct {
		do    func(p paid, one Payment)
		fate  Fate
		ended bool
		told  []PaymentEventKind
	}{
		"taken": {func(p paid, one Payment) { p.sends(one); p.must(p.SetTaken(p.ctx, "p", taken)) }, FateTaken, false,
			[]PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayTaken, PayStatus}},
		"refused": {func(p paid, one Payment) { p.sends(one); p.must(p.SetNotTaken(p.ctx, "p", FateRefused, lost)) }, FateRefused, true,
			[]PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayRefused}},
		"lost, and sent again": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetNotTaken(p.ctx, "p", FateUnknown, lost))
			if err := p.ClaimSending(p.ctx, "p"); !errors.Is(err, ErrSent) {
				p.Errorf("sent again by itself: %v", err)
			}
			if err := p.ConfirmPayment(p.ctx, "p", "seen"); !errors.Is(err, ErrNotShown) {
				p.Errorf("sent again by a word for the first time: %v", err)
			}
			p.saysAgain()
			if now := p.has("p"); now.Fate != FateUnknown || now.Reason.Code != "unreachable" {
				p.Errorf("what is to be sent again is %q: %+v", now.Fate, now.Reason)
			}
			p.must(p.ClaimSending(p.ctx, "p"))
			p.must(p.SetTaken(p.ctx, "p", taken))
		}, FateTaken, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayUnknown, PayConfirmedAgain, PaySent, PayTaken, PayStatus}},
		"lost, and refused when sent again": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetNotTaken(p.ctx, "p", FateUnknown, lost))
			p.saysAgain()
			p.must(p.ClaimSending(p.ctx, "p"))
			p.must(p.SetNotTaken(p.ctx, "p", FateRefused, Reason{Code: "refused"})) // the first may have been taken all the same
			if now := p.has("p"); now.Reason.Code != "unreachable" {
				p.Errorf("it is unknown because of %+v", now.Reason)
			}
		}, FateUnknown, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayUnknown, PayConfirmedAgain, PaySent, PayRefused}},
		"lost, and not sent again": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetNotTaken(p.ctx, "p", FateUnknown, lost))
			p.saysAgain()
			if err := p.SetOrder(p.ctx, p.has("p"), one.Order); !errors.Is(err, ErrSent) {
				p.Errorf("what may have been taken is changed: %v", err)
			}
			p.must(p.ClaimSending(p.ctx, "p"))
			p.must(p.SetNotTaken(p.ctx, "p", FateConfirmed, lost))
			if now := p.has("p"); now.SentAt.IsZero() {
				p.Error("it is said that it never left")
			}
		}, FateUnknown, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayUnknown, PayConfirmedAgain, PaySent, PayNotSent}},
		"never left": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetNotTaken(p.ctx, "p", FateConfirmed, lost))
			if now := p.has("p"); !now.SentAt.IsZero() || now.Reason.Code != "unreachable" {
				p.Errorf("%+v", now)
			}
			p.must(p.ClaimSending(p.ctx, "p"))
			p.must(p.SetTaken(p.ctx, "p", taken))
		}, FateTaken, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayNotSent, PaySent, PayTaken, PayStatus}},
		"cut off by the end of the program": {func(p paid, one Payment) { p.sends(one); p.must(p.InterruptedPayments(p.ctx, lost)) }, FateUnknown, false,
			[]PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayUnknown}},
		"let go before": {func(p paid, _ Payment) { p.must(p.DropPayment(p.ctx, "p")); p.must(p.DropPayment(p.ctx, "p")) }, FateDropped, true,
			[]PaymentEventKind{PayComposed, PayDropped}},
		"let go on its way": {func(p paid, one Payment) {
			p.sends(one)
			if err := p.DropPayment(p.ctx, "p"); !errors.Is(err, ErrSent) {
				p.Errorf("let go: %v", err)
			}
		}, FateSending, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent}},
		"let go, and the bank has it": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetNotTaken(p.ctx, "p", FateUnknown, lost))
			p.must(p.DropPayment(p.ctx, "p"))
			p.must(p.SetTaken(p.ctx, "p", taken))
		}, FateTaken, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayUnknown, PayLeft, PayTaken, PayStatus}},
		"a refusal that comes late": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetTaken(p.ctx, "p", taken))
			p.must(p.SetNotTaken(p.ctx, "p", FateRefused, lost))
		}, FateTaken, false, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayTaken, PayStatus}},
		"rejected at once": {func(p paid, one Payment) {
			p.sends(one)
			p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentRejected}))
			p.must(p.SetPaymentStatus(p.ctx, "p", "", xs2a.PaymentSettled)) // a final status stays
		}, FateTaken, true, []PaymentEventKind{PayComposed, PayConfirmed, PaySent, PayTaken, PayStatus}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaid(t)
			test.do(p, p.adds("p", ""))
			now := p.has("p")
			if now.Fate != test.fate || now.EndedAt.IsZero() == test.ended || now.RequestID != "r-p" {
				t.Errorf("in the end %+v", now)
			}
			if told := p.told("p"); !slices.Equal(told, test.told) {
				t.Errorf("told is %v, want %v", told, test.told)
			}
			open, err := p.PaymentsInForce(p.ctx)
			if p.must(err); (len(open) == 1) != now.InForce() {
				t.Errorf("%d in force, and it is %v", len(open), now.InForce())
			}
		})
	}
	p := newPaid(t)
	p.sends(p.adds("p", ""))
	p.must(p.SetTaken(p.ctx, "p", taken))
	if err := p.SetTaken(p.ctx, "p", Answer{BankID: "c"}); err == nil {
		t.Error("one payment has two ids")
	}
}

// TestQuestionsThatBringNothingAreCounted counts them anew when something comes.
func TestQuestionsThatBringNothingAreCounted(t *testing.T) {
	p := newPaid(t)
	p.sends(p.adds("p", ""))
	p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentReceived}))
	for range 3 {
		p.must(p.SetPaymentStatus(p.ctx, "p", xs2a.PaymentReceived, xs2a.PaymentReceived))
	}
	if now := p.has("p"); now.Asked != 3 || now.AskedAt.IsZero() {
		t.Errorf("asked %d times", now.Asked)
	}
	p.must(p.SetPaymentStatus(p.ctx, "p", xs2a.PaymentReceived, "ACTC"))
	if now := p.has("p"); now.Asked != 0 || now.Status != "ACTC" || !now.InForce() {
		t.Errorf("%+v", now)
	}
}

// TestOvertakenPaymentStatus has two questions answered in the other order: what was asked for earlier
// takes nothing back, but where it is final.
func TestOvertakenPaymentStatus(t *testing.T) {
	for late, want := range map[xs2a.TransactionStatus]xs2a.TransactionStatus{xs2a.PaymentReceived: "ACTC", "": "ACTC", xs2a.PaymentSettled: xs2a.PaymentSettled} {
		p := newPaid(t)
		p.sends(p.adds("p", ""))
		p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentReceived}))
		p.must(p.SetPaymentStatus(p.ctx, "p", xs2a.PaymentReceived, "ACTC"))
		p.must(p.SetPaymentStatus(p.ctx, "p", xs2a.PaymentReceived, late))
		if now := p.has("p"); now.Status != want {
			t.Errorf("%q late: the status is %q, want %q", late, now.Status, want)
		}
	}
}

// TestCancellationOfAPayment goes every way from the question to what came of it.
func TestCancellationOfAPayment(t *testing.T) {
	for name, test := range map[string]struct {
		status xs2a.TransactionStatus
		said   Cancellation
		want   Cancellation
	}{
		"cancelled":                     {xs2a.PaymentCancelled, "", CancelDone},
		"cancelled, as the bank says":   {xs2a.PaymentCancelled, CancelDone, CancelDone},
		"refused":                       {"", CancelRefused, CancelRefused},
		"carried out meanwhile":         {xs2a.PaymentSettled, "", CancelRefused},
		"waits for the person":          {"", CancelPending, CancelPending},
		"refused, and rejected by them": {xs2a.PaymentRejected, CancelRefused, CancelRefused},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaid(t)
			p.sends(p.adds("p", ""))
			if err := p.SetCancellation(p.ctx, "p", CancelPending, Reason{}); !errors.Is(err, ErrEnd) {
				t.Errorf("cancelled before the bank has it: %v", err)
			}
			p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentReceived}))
			p.must(p.SetCancellation(p.ctx, "p", CancelPending, Reason{}))
			if test.said != "" {
				p.must(p.SetCancellation(p.ctx, "p", test.said, Reason{Code: "late"}))
			}
			p.must(p.SetPaymentStatus(p.ctx, "p", xs2a.PaymentReceived, test.status))
			if now := p.has("p"); now.Cancellation != test.want {
				t.Errorf("the cancellation is %q, want %q", now.Cancellation, test.want)
			}
		})
	}
}

// TestPaymentHoldsCredentials seals them, and takes none any more once it has ended.
func TestPaymentHoldsCredentials(t *testing.T) {
	p := newPaid(t)
	p.sends(p.adds("p", ""))
	holder := PaymentSubject("p")
	want := Credentials{PSUID: "astrid", AccessToken: "secret"}
	p.must(p.SetCredentials(p.ctx, holder, want))
	if got, err := p.Credentials(p.ctx, holder); err != nil || got != want {
		t.Errorf("kept is %+v (%v)", got, err)
	}
	p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentSettled}))
	p.must(p.SetCredentials(p.ctx, holder, Credentials{PSUID: "johan"}))
	if got, err := p.Credentials(p.ctx, holder); err != nil || got != want {
		t.Errorf("after the end %+v (%v)", got, err)
	}
	if _, err := p.Credentials(p.ctx, CancellationSubject("p")); err == nil {
		t.Error("a cancellation has credentials of its own")
	}
}

// TestWhatIsAuthorisedOfAPayment begins no authorisation of what has ended.
func TestWhatIsAuthorisedOfAPayment(t *testing.T) {
	p := newPaid(t)
	p.sends(p.adds("p", ""))
	begin := func(of Subject) error {
		id := fmt.Sprint(len(p.told("p")), of.Kind)
		return p.AddAuthorisation(p.ctx, Authorisation{ID: id, Subject: of, Secret: Secret{State: id}})
	}
	p.must(begin(PaymentSubject("p")))
	if err := begin(CancellationSubject("p")); !errors.Is(err, ErrEnd) {
		t.Errorf("the cancellation of what the bank does not have: %v", err)
	}
	p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentReceived}))
	p.must(begin(CancellationSubject("p")))
	p.must(p.SetPaymentStatus(p.ctx, "p", "", xs2a.PaymentSettled))
	for _, of := range []Subject{PaymentSubject("p"), CancellationSubject("p")} {
		if err := begin(of); !errors.Is(err, ErrEnd) {
			t.Errorf("the %s of what is done: %v", of.Kind, err)
		}
	}
}

// TestStandingOrderEnds goes on with a standing order that was carried out, until its last
// day is over or the bank ends it.
func TestStandingOrderEnds(t *testing.T) {
	day := func(text string) time.Time {
		on, err := time.ParseInLocation(time.DateOnly, text, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		return on.Add(12 * time.Hour)
	}
	type said struct {
		on     string
		status xs2a.TransactionStatus
		ended  bool
	}
	for name, test := range map[string]struct {
		end  string
		said []said
		told []xs2a.TransactionStatus
	}{
		"after its last day":     {"2027-05-31", []said{{"2027-03-01", "ACSC", false}, {"2027-05-31", "ACSC", false}, {"2027-06-01", "ACSC", true}}, []xs2a.TransactionStatus{"ACSC"}},
		"told after its last":    {"2027-05-31", []said{{"2027-03-01", "ACSP", false}, {"2027-06-01", "ACSC", true}}, []xs2a.TransactionStatus{"ACSP", "ACSC"}},
		"never by itself":        {"", []said{{"2027-03-01", "ACSC", false}, {"2037-03-01", "ACCC", false}}, []xs2a.TransactionStatus{"ACSC", "ACCC"}},
		"rejected":               {"", []said{{"2027-03-01", "RJCT", true}}, []xs2a.TransactionStatus{"RJCT"}},
		"cancelled at the bank":  {"2027-05-31", []said{{"2027-03-01", "ACSC", false}, {"2027-04-01", "CANC", true}}, []xs2a.TransactionStatus{"ACSC", "CANC"}},
		"not carried out so far": {"2027-05-31", []said{{"2027-06-02", "ACSP", false}}, []xs2a.TransactionStatus{"ACSP"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaid(t)
			one := Payment{ID: "p", EnvironmentID: "e", RequestID: "r", Order: xs2a.Order{
				Service: xs2a.PeriodicPayment, Standing: &xs2a.Standing{Start: "2027-03-01", End: test.end, Frequency: xs2a.Monthly}, Transfers: []xs2a.Transfer{{Amount: xs2a.Amount{Number: "1", Currency: "EUR"}}},
			}}
			_, err := p.AddPayment(p.ctx, one)
			p.must(err)
			p.sends(p.has("p"))
			p.must(p.SetTaken(p.ctx, "p", Answer{BankID: "b", Status: xs2a.PaymentReceived}))
			p.must(p.SetCancellation(p.ctx, "p", CancelPending, Reason{}))
			for _, each := range test.said {
				p.must(p.At(func() time.Time { return day(each.on) }).SetPaymentStatus(p.ctx, "p", p.has("p").Status, each.status))
				if now := p.has("p"); now.EndedAt.IsZero() == each.ended || !each.ended && now.Cancellation != CancelPending {
					t.Errorf("%s on %s: ended %v, cancellation %q", each.status, each.on, now.EndedAt, now.Cancellation)
				}
			}
			events, err := p.PaymentEvents(p.ctx, "p")
			p.must(err)
			var told []xs2a.TransactionStatus
			for _, event := range slices.Backward(events) {
				if event.Kind == PayStatus && event.Status != xs2a.PaymentReceived {
					told = append(told, event.Status)
				}
			}
			if !slices.Equal(told, test.told) {
				t.Errorf("the history tells %q, want %q", told, test.told)
			}
		})
	}
}
