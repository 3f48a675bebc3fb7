package pay

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/app/pay/check"
	"consentry/storage"
	"consentry/xs2a"
)

// List is several payments from one account, as a file asks for them, before anything of
// it is kept.
type List struct {
	Form    // what holds for all
	Rows    []Row
	Unread  []string // columns that are not read: nobody knows them, or they stand there twice
	Unasked []string // columns whose words have no place in this kind of payment
}

// Row is one payment of a list.
type Row struct {
	Line     int // in the file; in a pain.001 its number
	Form     Form
	Currency string // as it stands there; empty: it names none
	Transfer xs2a.Transfer
	On       string // the day of execution; empty: at once
	Wrong    Fields // what keeps it from being sent
	Twice    int    // the line that asks for the same before; 0 for none
}

// Fit lists the rows that can be sent.
func (l List) Fit() []Row {
	return slices.DeleteFunc(slices.Clone(l.Rows), func(r Row) bool { return len(r.Wrong) > 0 })
}

// Left returns how many rows cannot be sent.
func (l List) Left() int { return len(l.Rows) - len(l.Fit()) }

// OneDay reports whether all rows that can be sent are to be made on the same day, as a
// bulk payment has but one (BG 1.3.12 section 5.3.3).
func (l List) OneDay() bool {
	rows := l.Fit()
	return !slices.ContainsFunc(rows, func(r Row) bool { return r.On != rows[0].On })
}

// Bulk reports whether the list can go as one bulk payment.
func (l List) Bulk() bool {
	return slices.Contains(ProductNamed(l.Product).Services(), xs2a.BulkPayment) && l.OneDay()
}

// Sums returns what the rows that can be sent come to, in each currency.
func (l List) Sums() []xs2a.Amount {
	var transfers []xs2a.Transfer
	for _, row := range l.Fit() {
		transfers = append(transfers, row.Transfer)
	}
	return Sums(transfers)
}

// Sums returns what transfers come to in each currency, in the order of the currencies.
func Sums(transfers []xs2a.Transfer) []xs2a.Amount {
	sums := map[string]*apd.Decimal{}
	for _, t := range transfers {
		if sums[t.Amount.Currency] == nil {
			sums[t.Amount.Currency] = new(apd.Decimal)
		}
		sum, add := sums[t.Amount.Currency], t.Amount.Decimal()
		_, _ = exact.Add(sum, sum, add) // errs only where the context traps, and this one has nothing to trap
	}
	var list []xs2a.Amount
	for currency, sum := range sums {
		list = append(list, xs2a.Amount{Number: sum.Text('f'), Currency: currency})
	}
	slices.SortFunc(list, func(a, b xs2a.Amount) int { return cmp.Compare(a.Currency, b.Currency) })
	return list
}

// exact never rounds: more digits than any sum of checked amounts has.
var exact = apd.BaseContext.WithPrecision(60)

// ReadList reads a file for a bank, a product and an account: a table, or a pain.001. What
// is wrong with a row is said there; a *failure.Error says why there is no list.
func (p *Payments) ReadList(ctx context.Context, f Form, file []byte) (List, error) {
	offer, err := p.Offer(ctx, f.EnvironmentID, f.BIC)
	if err != nil {
		return List{}, err
	}
	about, has := offer.Has(f.Product)
	if !has {
		return List{}, failure.Invalid(Fields{"product": {Code: failure.ChooseFromList}})
	}
	wrong := Fields{}
	debtor := f.debtor(about, wrong)
	offer.checkAffiliated(f, wrong)
	f.login(wrong, offer.Bank)
	if len(wrong) > 0 {
		return List{}, failure.Invalid(wrong)
	}
	f.Service = xs2a.SinglePayment
	list := List{Form: f}
	if list.Rows, list.Unread, err = readRows(ctx, f, file); err != nil {
		return List{}, err
	}
	today := p.clock.NowAt(f.EnvironmentID)
	for i := range list.Rows {
		row := &list.Rows[i]
		from := row.check(about, today)
		if row.Form.From != f.From && (from.IBAN != debtor.IBAN || from.BBAN != debtor.BBAN) && row.whole() {
			row.Wrong["from"] = storage.Reason{Code: failure.OtherDebtor, Name: row.Form.From}
		}
		row.Twice = list.earlier(i)
	}
	list.Unasked = list.unasked()
	return list, nil
}

// unasked lists the columns of which something stands in the file that would not be sent:
// what was read is written down again, and is not there.
func (l List) unasked() (names []string) {
	for _, column := range listColumns {
		if slices.ContainsFunc(l.Fit(), func(row Row) bool {
			sent := FormOf(storage.Payment{Fate: storage.FateComposed, Order: xs2a.Order{On: row.On, Transfers: []xs2a.Transfer{row.Transfer}}})
			return *column.of(&row.Form) != "" && *column.of(&sent) == "" && column.name != "date" // today's goes without saying
		}) {
			names = append(names, column.name)
		}
	}
	return names
}

// check reads what the row asks for, adds what is wrong with it, and returns the account it
// is to be paid from. Of a line that could not be read as one, only that is said.
func (r *Row) check(about Product, today time.Time) (from xs2a.OrderAccount) {
	order, wrong := r.Form.Order(about, today)
	r.Transfer, r.On = order.Transfers[0], order.On
	if about.Currency != "" && r.Currency != "" && !strings.EqualFold(r.Currency, about.Currency) {
		wrong["currency"] = storage.Reason{Code: failure.OtherCurrency, Name: about.Currency}
	}
	if day, fault := check.Day(r.Form.On, today, today); about.Instant && strings.TrimSpace(r.Form.On) != "" && (fault != nil || day.IsZero()) {
		wrong["on"] = storage.Reason{Code: failure.AtOnceAlone}
	}
	if r.whole() {
		maps.Copy(wrong, r.Wrong)
		r.Wrong = wrong
	}
	return order.Debtor
}

// whole reports whether a line could be read as one.
func (r *Row) whole() bool { return !r.Wrong["line"].Given() }

// earlier returns the line before a row that asks for the same, or 0.
func (l List) earlier(at int) (line int) {
	row := l.Rows[at]
	for _, other := range l.Rows[:at] {
		if len(row.Wrong)+len(other.Wrong) == 0 && row.On == other.On && sameTransfer(row.Transfer, other.Transfer) {
			return other.Line
		}
	}
	return 0
}

// sameTransfer reports whether two transfers bring the same to the same account, with the
// same words.
func sameTransfer(a, b xs2a.Transfer) bool {
	return a.To == b.To && sameAmount(a.Amount, b.Amount) && a.Text == b.Text && a.OCR == b.OCR && a.Invoice == b.Invoice && a.EndToEnd == b.EndToEnd
}

// Composed says where what was composed is to be seen: as one payment, or as a list.
type Composed struct{ PaymentID, ListID string }

// ComposeList keeps what a file asks for, as one bulk payment or each by itself, before
// anything is sent. Rows that cannot be sent are left out where the person said so, and
// else are an error; a form that was sent before leads to what it led to then.
func (p *Payments) ComposeList(ctx context.Context, f Form, file []byte, bulk, leaveOut bool) (Composed, error) {
	f.named()
	list, err := p.ReadList(ctx, f, file)
	if err != nil {
		return Composed{}, err
	}
	rows := list.Fit()
	switch {
	case list.Left() > 0 && !leaveOut:
		return Composed{}, failure.Invalid(Fields{"leave_out": {Code: failure.RowsWrong, Number: list.Left()}})
	case len(rows) == 0:
		return Composed{}, failure.Invalid(Fields{"file": {Code: failure.NoTransfers}})
	case bulk && !list.Bulk():
		return Composed{}, failure.Invalid(Fields{"together": {Code: failure.ChooseFromList}})
	}
	one, err := p.composed(ctx, f)
	if err != nil {
		return Composed{}, err
	}
	if bulk || len(rows) == 1 {
		return p.composeAsOne(ctx, one, f, rows)
	}
	return p.composeEach(ctx, one, f, rows)
}

// composeAsOne keeps rows as one bulk payment, and a row alone as what it is.
func (p *Payments) composeAsOne(ctx context.Context, one storage.Payment, f Form, rows []Row) (made Composed, err error) {
	one.ID, one.FormID, one.RequestID = uuid.NewString(), f.ID, uuid.NewString()
	one.Order.On = rows[0].On
	if len(rows) > 1 {
		one.Order.Service, one.Order.Batch = xs2a.BulkPayment, f.batch()
	}
	for _, row := range rows {
		one.Order.Transfers = append(one.Order.Transfers, row.Transfer)
	}
	made.PaymentID, err = p.add(ctx, one, f)
	return made, err
}

// composeEach keeps each row as a payment of its own.
func (p *Payments) composeEach(ctx context.Context, one storage.Payment, f Form, rows []Row) (Composed, error) {
	var each []storage.Payment
	for _, row := range rows {
		one.ID, one.RequestID = uuid.NewString(), uuid.NewString()
		one.Order.On, one.Order.Transfers = row.On, []xs2a.Transfer{row.Transfer}
		each = append(each, one)
	}
	if err := p.storeOf(one).AddPaymentList(ctx, f.ID, each); err != nil {
		return Composed{}, err
	}
	kept, err := p.store.PaymentList(ctx, f.ID)
	if err != nil {
		return Composed{}, err
	}
	if kept[0].ID != each[0].ID { // they were composed before
		return Composed{ListID: f.ID}, sameAsked(kept, each)
	}
	for _, one := range kept {
		err = errors.Join(err, p.setLogin(ctx, one.ID, f))
	}
	return Composed{ListID: f.ID}, err
}

// composed is a payment of a list without its transfer.
func (p *Payments) composed(ctx context.Context, f Form) (storage.Payment, error) {
	one, err := p.bank(ctx, f.EnvironmentID, f.BIC)
	if err != nil {
		return storage.Payment{}, err
	}
	order := xs2a.Order{Service: xs2a.SinglePayment, Product: f.Product, NoWait: f.NoWait, Debtor: f.debtor(ProductNamed(f.Product), Fields{})}
	return storage.Payment{EnvironmentID: f.EnvironmentID, BIC: f.BIC, BankName: one.Name, AffiliatedASPSPID: f.AffiliatedASPSPID, Order: order}, nil
}

// batch reports whether a bulk payment is to be booked as one; nil: as the bank does.
func (f Form) batch() *bool {
	if f.Batch != "one" && f.Batch != "each" {
		return nil
	}
	asOne := f.Batch == "one"
	return &asOne
}

// Listed returns the payments that were composed at one time, in their order.
func (p *Payments) Listed(ctx context.Context, listID string) ([]storage.Payment, error) {
	return p.store.PaymentList(ctx, listID)
}

// ShowList returns the payments of a list as they are to be shown before any of them is
// sent, and what names exactly this; empty where none waits for that.
func (p *Payments) ShowList(ctx context.Context, listID string) (list []storage.Payment, shown string, err error) {
	for {
		if list, err = p.store.PaymentList(ctx, listID); err != nil {
			return list, "", err
		}
		waiting := Waiting(list)
		if len(waiting) == 0 {
			return list, "", nil
		}
		if shown, err = digestOfList(waiting); err != nil {
			return list, "", err
		}
		if err = p.store.ShowPaymentList(ctx, waiting); !errors.Is(err, storage.ErrStale) { // changed while they were read
			return list, shown, err
		}
	}
}

// Repeated returns a payment that asked lately for the same as one of those of a list that
// wait to be confirmed; without an id there is none.
func (p *Payments) Repeated(ctx context.Context, list []storage.Payment) (storage.Payment, error) {
	waiting := Waiting(list)
	if len(waiting) == 0 {
		return storage.Payment{}, nil
	}
	all := waiting[0]
	all.Order.Transfers = nil
	for _, one := range waiting {
		all.Order.Transfers = append(all.Order.Transfers, one.Order.Transfers...)
	}
	return p.alike(ctx, all)
}

// Waiting lists the payments of a list that wait to be confirmed together: those that were
// neither confirmed nor discarded, each by itself or with the others.
func Waiting(list []storage.Payment) []storage.Payment {
	return slices.DeleteFunc(slices.Clone(list), func(p storage.Payment) bool { return p.Fate != storage.FateComposed })
}

// digestOfList names what payments ask for together, and sets for each what names it.
func digestOfList(list []storage.Payment) (named string, err error) {
	var all []string
	for i := range list {
		if list[i].Shown, err = digestOf(list[i]); err != nil {
			return "", err
		}
		all = append(all, list[i].ID, list[i].Shown)
	}
	return digest(all)
}

// ConfirmList notes that the person wants the payments of a list sent as they saw them, and
// returns the first. Each is sent when it is gone on with, see NextOf. storage.ErrNotShown:
// they are not as they were shown; storage.ErrSent: they were confirmed before.
func (p *Payments) ConfirmList(ctx context.Context, listID, shown string) (first storage.Payment, err error) {
	list, err := p.store.PaymentList(ctx, listID)
	if err != nil {
		return first, err
	}
	waiting := Waiting(list)
	if len(waiting) == 0 {
		return first, storage.ErrSent
	}
	if now, err := digestOfList(waiting); err != nil || now != shown {
		return first, errors.Join(err, storage.ErrNotShown)
	}
	return waiting[0], p.clock.StoreAt(waiting[0].EnvironmentID).ConfirmPaymentList(ctx, waiting)
}

// NextOf returns the payment of a list that is next to be sent or approved; false: there
// is none, or one is on its way. What waits for another person comes after what waits for
// this one, and what waits for the bank not at all.
func NextOf(list []storage.Payment) (next storage.Payment, waits bool) {
	if slices.ContainsFunc(list, func(p storage.Payment) bool { return p.Fate == storage.FateSending }) {
		return next, false
	}
	for _, halfway := range []bool{false, true} {
		for _, p := range list {
			open := p.InForce() && p.Cancellation != storage.CancelPending && !p.Checked() && (p.Status == "" || p.Status.Known())
			if partly := p.Status == xs2a.PaymentPartlyAuthorised; (p.Fate == storage.FateConfirmed || open) && partly == halfway {
				return p, true
			}
		}
	}
	return next, false
}
