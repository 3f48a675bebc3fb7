package app_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/storage"
	"consentry/xs2a"
)

// wages is a file of three payments.
const wages = "name,account,amount,text\nAnna Ausgedacht,DE89370400440532013000,12.50,March\nBerta Erfunden,DE75512108001245126199,7,March\nCarl Erdacht,DE89370400440532013000,0.50,March\n"

// head is a form that says what holds for all payments of a file.
func (p payer) head(product string) pay.Form {
	p.Helper()
	f := p.form(xs2a.SinglePayment, product)
	f.To, f.Creditor, f.Amount, f.Text = "", "", "", ""
	return f
}

// composedList keeps a file's payments.
func (p payer) composedList(f pay.Form, file string, bulk, leaveOut bool) pay.Composed {
	p.Helper()
	made, err := p.Payments().ComposeList(p.Context(), f, []byte(file), bulk, leaveOut)
	var told *failure.Error
	if errors.As(err, &told) {
		p.Fatalf("%s: %+v", told.Code, told.Fields)
	}
	p.must(err)
	return made
}

// TestPayAFileAsOne pays a file by a bulk payment: it is shown, sent and approved as one.
func TestPayAFileAsOne(t *testing.T) {
	w := newPayer(t)
	for _, bankAndProduct := range [][2]string{{"rheintor", "sepa-credit-transfers"}, {"rheintor", "pain.001-sepa-credit-transfers"}} {
		p := w.from(bankAndProduct[0])
		f := p.head(bankAndProduct[1])
		f.Batch = "one"
		made := p.composedList(f, wages, true, false)
		if again := p.composedList(f, wages, true, false); again != made || made.PaymentID == "" {
			t.Fatalf("one form makes %+v and %+v", made, again)
		}
		authorisation, err := p.sent(made.PaymentID)
		p.must(err)
		if flow := p.walk(authorisation); flow.Outcome != storage.Succeeded {
			t.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
		}
		one := p.settled(made.PaymentID)
		if sums := pay.Sums(one.Order.Transfers); len(sums) != 1 || sums[0].Number != "20.00" || one.Order.Service != xs2a.BulkPayment || one.Order.Batch == nil || !*one.Order.Batch {
			t.Errorf("paid was %+v by %q", sums, one.Order.Service)
		}
	}
}

// TestPayAFileOneByOne pays each payment of a file by itself, after all were shown
// together.
func TestPayAFileOneByOne(t *testing.T) {
	p := newPayer(t).from("rheintor")
	made := p.composedList(p.head("sepa-credit-transfers"), wages, false, false)
	list, shown, err := p.Payments().ShowList(t.Context(), made.ListID)
	p.must(err)
	if len(list) != 3 || shown == "" {
		t.Fatalf("shown are %d payments as %q", len(list), shown)
	}
	if _, err := p.Payments().ConfirmList(t.Context(), made.ListID, "something else"); !errors.Is(err, storage.ErrNotShown) {
		t.Errorf("what was not shown is confirmed: %v", err)
	}
	if _, waits := pay.NextOf(list); waits {
		t.Error("one is next before any was confirmed")
	}
	first, err := p.Payments().ConfirmList(t.Context(), made.ListID, shown)
	p.must(err)
	if first.ID != list[0].ID {
		t.Errorf("the first is %s", first.ID)
	}
	if _, err := p.Payments().ConfirmList(t.Context(), made.ListID, shown); !errors.Is(err, storage.ErrSent) {
		t.Errorf("a second click confirms: %v", err)
	}
	for range 3 {
		list, err = p.Payments().Listed(t.Context(), made.ListID)
		p.must(err)
		next, waits := pay.NextOf(list)
		if !waits {
			t.Fatal("none is next, though not all were approved")
		}
		authorisation, err := p.Payments().Continue(t.Context(), next.ID, person)
		p.must(err)
		if flow := p.walk(authorisation); flow.Outcome != storage.Succeeded {
			t.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
		}
	}
	list, err = p.Payments().Listed(t.Context(), made.ListID)
	p.must(err)
	if next, waits := pay.NextOf(list); waits {
		t.Errorf("%s is next, though all were approved", next.ID)
	}
	for _, one := range list {
		p.settled(one.ID)
	}
	made = p.composedList(p.head("sepa-credit-transfers"), wages, false, false)
	again, err := p.Payments().Listed(t.Context(), made.ListID)
	p.must(err)
	if former, err := p.Payments().Repeated(t.Context(), again); err != nil || former.ListID != list[0].ListID {
		t.Errorf("asked for the same lately has %+v (%v)", former, err)
	}
}

// TestPayAFileThatChanged shows a list anew where one of its payments was changed.
func TestPayAFileThatChanged(t *testing.T) {
	p := newPayer(t).from("rheintor")
	f := p.head("sepa-credit-transfers")
	made := p.composedList(f, wages, false, false)
	list, shown, err := p.Payments().ShowList(t.Context(), made.ListID)
	p.must(err)
	changed := pay.FormOf(list[1])
	changed.Amount = "70"
	p.must(p.Payments().Change(t.Context(), list[1].ID, list[1].Version, changed))
	if _, err := p.Payments().ConfirmList(t.Context(), made.ListID, shown); !errors.Is(err, storage.ErrNotShown) {
		t.Errorf("another amount than shown is confirmed: %v", err)
	}
	p.must(p.Payments().Drop(t.Context(), list[0].ID))
	list, shown, err = p.Payments().ShowList(t.Context(), made.ListID)
	p.must(err)
	if len(list) != 3 || len(pay.Waiting(list)) != 2 {
		t.Fatalf("of a list of which one was discarded wait %d", len(pay.Waiting(list)))
	}
	if first, err := p.Payments().ConfirmList(t.Context(), made.ListID, shown); err != nil || first.ID != list[1].ID {
		t.Errorf("the first is %s (%v)", first.ID, err)
	}
}

// TestPaymentFormSentTwice composes by one form twice: the same is one payment, and another is
// refused, so that nobody takes it for composed.
func TestPaymentFormSentTwice(t *testing.T) {
	p := newPayer(t).from("rheintor")
	single := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	id := p.composed(single)
	if again := p.composed(single); again != id {
		t.Errorf("one form makes %s and %s", id, again)
	}
	single.Amount = "250.00"
	var told *failure.Error
	if _, err := p.Payments().Compose(t.Context(), single); !errors.As(err, &told) || told.Code != failure.FormUsed {
		t.Errorf("with another amount: %v", err)
	}
	head := p.head("sepa-credit-transfers")
	made := p.composedList(head, wages, false, false)
	if again := p.composedList(head, wages, false, false); again != made {
		t.Errorf("one form makes %+v and %+v", made, again)
	}
	if _, err := p.Payments().ComposeList(t.Context(), head, []byte(strings.Replace(wages, "12.50", "900", 1)), false, false); !errors.As(err, &told) || told.Code != failure.FormUsed {
		t.Errorf("a list with another amount: %v", err)
	}
	if one := p.payment(id); one.Order.Transfers[0].Amount.Number != "12.50" {
		t.Errorf("it is %+v", one.Order.Transfers[0].Amount)
	}
}

// TestFileForAnotherKindOfPayment names in its lines what the kind of payment has not: the
// lines are not sent as something else.
func TestFileForAnotherKindOfPayment(t *testing.T) {
	p := newPayer(t).from("freipass")
	for _, each := range []struct{ product, cells, field, code string }{
		{"sepa-credit-transfers", "currency\nAnna,DE89370400440532013000,5000,JPY", "currency", failure.OtherCurrency},
		{"sepa-credit-transfers", "currency\nAnna,DE89370400440532013000,5000,eur", "", ""},
		{"instant-sepa-credit-transfers", "date\nAnna,DE89370400440532013000,5,2127-03-01", "on", failure.AtOnceAlone},
		{"instant-sepa-credit-transfers", "date\nAnna,DE89370400440532013000,5," + p.Clock().NowAt(p.at.EnvironmentID).Format("2006-01-02"), "", ""},
	} {
		list, err := p.Payments().ReadList(t.Context(), p.head(each.product), []byte("name,account,amount,"+each.cells+"\n"))
		p.must(err)
		if wrong := list.Rows[0].Wrong; wrong[each.field].Code != each.code || len(wrong) > 0 != (each.code != "") {
			t.Errorf("%s %q: %+v", each.product, each.cells, wrong)
		}
	}
}

// TestFileWithMistakes is not composed unless the person leaves out what is wrong.
func TestFileWithMistakes(t *testing.T) {
	p := newPayer(t).from("rheintor")
	f := p.head("sepa-credit-transfers")
	file := wages + "Dora,DE00370400440532013000,1,x\n"
	_, err := p.Payments().ComposeList(t.Context(), f, []byte(file), true, false)
	var told *failure.Error
	if !errors.As(err, &told) || told.Fields["leave_out"].Code != failure.RowsWrong {
		t.Errorf("a wrong line is passed over: %v", err)
	}
	made := p.composedList(f, file, true, true)
	if one := p.payment(made.PaymentID); len(one.Order.Transfers) != 3 {
		t.Errorf("%d transfers are kept", len(one.Order.Transfers))
	}
	twice, err := p.Payments().ReadList(t.Context(), f, []byte(wages+"Carl Erdacht,DE89370400440532013000,0.50,March\n"))
	p.must(err)
	if twice.Rows[3].Twice != 4 || twice.Rows[2].Twice != 0 {
		t.Errorf("of lines that ask for the same are told %+v", twice.Rows)
	}
	days := "name,account,amount,date\nAnna,DE89370400440532013000,1,\nAnna,DE89370400440532013000,2," + p.Clock().NowAt(p.at.EnvironmentID).AddDate(0, 0, 3).Format("2006-01-02") + "\n"
	f.ID = pay.NewFormID()
	if _, err := p.Payments().ComposeList(t.Context(), f, []byte(days), true, false); err == nil {
		t.Error("two days are put into one bulk payment")
	}
	_ = p.composedList(f, days, false, false)
}

// TestWhatAFileSaysInVain reads a file whose columns have no place in the kind of payment:
// they are named, before anything is kept; and the same file where they have one loses
// nothing.
func TestWhatAFileSaysInVain(t *testing.T) {
	const file = "name,account,amount,text,bic,country,costs,purpose,own_statement\nAnna Ausgedacht,DE89370400440532013000,12.50,March,BAGAGE22,GE,SHAR,RENT,Rent\n"
	w := newPayer(t)
	for _, each := range []struct{ bank, product, vain string }{
		{"rheintor", "sepa-credit-transfers", "bic country costs own_statement"},
		{"rheintor", "cross-border-credit-transfers", "own_statement"},
		{"BLXTSES0", "international", "costs purpose own_statement"},
	} {
		p := w.from(each.bank)
		list, err := p.Payments().ReadList(t.Context(), p.head(each.product), []byte(file))
		p.must(err)
		if got := strings.Join(list.Unasked, " "); got != each.vain || list.Left() > 0 {
			t.Errorf("%s: in vain are %q, want %q; %+v", each.product, got, each.vain, list.Rows[0].Wrong)
		}
		again, err := pay.ListOf(xs2a.Order{Product: each.product, Transfers: []xs2a.Transfer{list.Rows[0].Transfer}})
		p.must(err)
		read, err := p.Payments().ReadList(t.Context(), p.head(each.product), again)
		p.must(err)
		if len(read.Rows) != 1 || !reflect.DeepEqual(read.Rows[0].Transfer, list.Rows[0].Transfer) || len(read.Unasked) > 0 {
			t.Errorf("%s: paid again it is %+v, without %q", each.product, read.Rows, read.Unasked)
		}
	}
}
