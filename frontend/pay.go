package frontend

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/pay/check"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// pay shows the form of a payment from a bank, empty or with what stands in the address:
// as the person changes what it asks for, only its fields are replaced.
func (s *Server) pay(w http.ResponseWriter, r *http.Request) error {
	view, err := s.payAt(r, r.PathValue("env"), r.PathValue("bic"))
	if err != nil {
		return err
	}
	query := r.URL.Query()
	switch {
	case query.Has("service"):
		view.read(query)
	case query.Has("repeat"):
		one, err := s.app.Payments().Payment(r.Context(), query.Get("repeat"))
		if err != nil {
			return err
		}
		view.fill(pay.FormOf(one))
		view.Failure = wantedLogin(one)
	case query.Has("template"):
		filled, err := s.app.Payments().TemplateForm(r.Context(), query.Get("template"))
		if err != nil {
			return err
		}
		view.fill(filled)
	case query.Has("transaction"):
		if err := s.fillFromTransaction(r, &view, placeIn(query.Get("transaction"))); err != nil {
			return err
		}
	}
	if view.Form.Service == "" {
		view.start(query)
	}
	view.Form.ID = pay.NewFormID()
	if aimsAt(r, "pay-fields") {
		return s.fragment(w, r, payFields(view))
	}
	return s.page(w, r, view.page(r.Context()), payScreen(view))
}

// changePayment shows the form of a payment that was not sent.
func (s *Server) changePayment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.payChanged(r)
	if err != nil {
		return err
	}
	if query := r.URL.Query(); query.Has("service") {
		view.read(query)
	}
	if aimsAt(r, "pay-fields") {
		return s.fragment(w, r, payFields(view))
	}
	return s.page(w, r, view.page(r.Context()), payScreen(view))
}

// payChanged is the form of a payment that stands in the address.
func (s *Server) payChanged(r *http.Request) (payView, error) {
	one, err := s.app.Payments().Payment(r.Context(), r.PathValue("id"))
	if err != nil {
		return payView{}, err
	}
	view, err := s.payAt(r, one.EnvironmentID, one.BIC)
	if err != nil {
		return view, err
	}
	view.Changed, view.Version = one.ID, one.Version
	view.fill(pay.FormOf(one))
	view.Form.PSUID, view.Form.Decoupled, err = s.app.Payments().Login(r.Context(), one.ID)
	return view, err
}

// compose keeps what stands in the form that was sent, as a new payment.
func (s *Server) compose(w http.ResponseWriter, r *http.Request) error {
	view, err := s.payAt(r, r.PathValue("env"), r.PathValue("bic"))
	if err != nil {
		return err
	}
	if again, err := s.readPay(r, &view); again || err != nil {
		return s.showPay(w, r, view, err)
	}
	id, err := s.app.Payments().Compose(r.Context(), view.Form.Form)
	return s.composed(w, r, view, id, err)
}

// recompose puts what stands in the form in the place of what the payment asked for.
func (s *Server) recompose(w http.ResponseWriter, r *http.Request) error {
	view, err := s.payChanged(r)
	if err != nil {
		return err
	}
	if again, err := s.readPay(r, &view); again || err != nil {
		return s.showPay(w, r, view, err)
	}
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is none is not the one there is
	err = s.app.Payments().Change(r.Context(), view.Changed, version, view.Form.Form)
	switch {
	case errors.Is(err, storage.ErrSent):
		redirect(w, r, paymentPath(view.Changed)) // as its page says
		return nil
	case errors.Is(err, storage.ErrStale):
		err = failure.New(failure.PaymentNotShown)
	}
	return s.composed(w, r, view, view.Changed, err)
}

// readPay takes over what stands in a form that was sent, and reports whether it is to be
// shown again: a text was pasted, or an offer to write a field otherwise was taken.
func (s *Server) readPay(r *http.Request, view *payView) (again bool, err error) {
	if err := r.ParseForm(); err != nil {
		return false, err
	}
	view.read(r.PostForm)
	if account, name, chosen := strings.Cut(r.PostForm.Get("payee"), "\n"); chosen {
		view.Form.To, view.Form.Creditor, view.PayeeSearch = account, name, ""
		return true, nil
	}
	if r.PostForm.Get("action") == "payees" {
		view.Payees, view.MorePayees, err = s.app.Payments().Payees(r.Context(), view.PayeeSearch)
		return true, err
	}
	for _, field := range writtenFields {
		if written := r.PostForm.Get("use-" + field); written != "" {
			*view.Form.textOf(field) = written
			return true, nil
		}
	}
	if r.PostForm.Get("action") != "paste" {
		return false, nil
	}
	return true, view.paste(r.PostForm.Get("pasted"))
}

func (s *Server) composed(w http.ResponseWriter, r *http.Request, view payView, id string, err error) error {
	if errors.As(err, &view.Failure) {
		return s.showPay(w, r, view, nil)
	}
	if err != nil {
		return err
	}
	redirect(w, r, paymentPath(id))
	return nil
}

func (s *Server) showPay(w http.ResponseWriter, r *http.Request, view payView, err error) error {
	if err != nil && !errors.As(err, &view.Failure) {
		return err
	}
	status := http.StatusOK
	if view.Failure != nil {
		status = statusOfForm(view.Failure)
	}
	return s.pageStatus(w, r, status, view.page(r.Context()), payScreen(view))
}

// payAt is an empty form at a bank, with the accounts there that are known.
func (s *Server) payAt(r *http.Request, environmentID, bic string) (payView, error) {
	offer, err := s.app.Payments().Offer(r.Context(), environmentID, bic)
	if err != nil {
		return payView{}, err
	}
	view := payView{Offer: offer}
	view.Form.EnvironmentID, view.Form.BIC = environmentID, bic
	view.Today = s.app.Clock().NowAt(environmentID)
	if view.Payees, view.MorePayees, err = s.app.Payments().Payees(r.Context(), ""); err != nil {
		return payView{}, err
	}
	accounts, err := s.app.Holdings().Accounts(r.Context())
	for _, account := range accounts {
		if account.EnvironmentID == environmentID && account.BIC == bic && (account.IBAN != "" || account.BBAN != "") {
			view.Known = append(view.Known, account)
		}
	}
	return view, err
}

// typed is an amount as the person would type it. Three decimals keep their point, with which they are one amount alone.
func (s *Server) typed(r *http.Request, number string) string {
	_, fraction, _ := strings.Cut(number, ".")
	if comma, err := s.decimalComma(r); err == nil && comma && len(fraction) < 3 {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// fillFromTransaction fills a form from a transaction: its payee is paid again, or who paid
// is paid back.
func (s *Server) fillFromTransaction(r *http.Request, view *payView, id int64) error {
	t, err := s.app.Holdings().Transaction(r.Context(), id)
	if err != nil {
		return err
	}
	view.start(r.URL.Query())
	view.From = strconv.FormatInt(t.AccountID, 10)
	f := &view.Form
	f.Amount, f.Currency = s.typed(r, strings.TrimLeft(t.Amount.Number, "-+")), t.Amount.Currency
	if f.Creditor, f.To = t.CreditorName, t.CreditorAccount; strings.HasPrefix(t.Amount.Number, "-") {
		f.Text = t.Remittance
		return nil
	}
	f.Creditor, f.To = t.DebtorName, t.DebtorAccount
	return nil
}

// payView is the form of a payment.
type payView struct {
	Offer   pay.Offer
	Known   []storage.Account // at the bank
	From    string            // which of them is chosen; empty: another, which is typed
	Form    payForm
	Today   time.Time
	Changed string // id of the payment that is changed; empty for a new one
	Version int64
	Pasted  string
	Unasked string // the purpose that a code names and this product has no place for
	Failure *app.Error

	PayeeSearch string
	Payees      []pay.Payee // own accounts, or what is found
	MorePayees  int
}

// payForm is what stands in the form.
type payForm struct{ pay.Form }

// writtenFields are the names of those that hold words, which may be offered in other
// letters.
var writtenFields = []string{"creditor", "text", "end_to_end", "street", "town", "number", "post_code", "agent_name"}

// textOf is the field of a name that holds words.
func (f *payForm) textOf(name string) *string {
	return map[string]*string{
		"creditor": &f.Creditor, "text": &f.Text, "end_to_end": &f.EndToEnd, "street": &f.Address.Street, "town": &f.Address.Town,
		"number": &f.Address.Number, "post_code": &f.Address.PostCode, "agent_name": &f.AgentName,
	}[name]
}

// start is what stands in a form that nobody has filled in.
func (view *payView) start(query url.Values) {
	f := &view.Form
	f.Service, f.Product, f.AffiliatedASPSPID = xs2a.SinglePayment, query.Get("product"), query.Get("affiliated")
	if _, has := view.Offer.Has(f.Product); !has && len(view.Offer.Products) > 0 {
		f.Product = view.Offer.Products[0].Name
	}
	if len(view.Known) > 0 {
		view.From = strconv.FormatInt(view.Known[0].ID, 10)
	}
	for _, account := range view.Known {
		if strconv.FormatInt(account.ID, 10) == query.Get("from") {
			view.From = query.Get("from")
			f.Currency = account.Currency
		}
	}
	if f.Currency == "" && len(view.Known) > 0 {
		f.Currency = view.Known[0].Currency
	}
	f.Frequency = string(xs2a.Monthly)
}

// fill takes over a form, as of a payment that is repeated or changed.
func (view *payView) fill(f pay.Form) {
	f.EnvironmentID, f.BIC = view.Form.EnvironmentID, view.Form.BIC
	view.Form.Form, view.From = f, ""
	for _, account := range view.Known {
		if account.IBAN == f.From && f.From != "" || account.BBAN == f.From && f.From != "" {
			view.From = strconv.FormatInt(account.ID, 10)
			break
		}
	}
}

// read takes over what stands in a form that was sent, or is being changed.
func (view *payView) read(form url.Values) {
	f := &view.Form
	f.ID, f.Service, f.Product = form.Get("form"), xs2a.PaymentService(form.Get("service")), form.Get("product")
	product, has := view.Offer.Has(f.Product)
	if !has && len(view.Offer.Products) > 0 {
		product = view.Offer.Products[0]
		f.Product = product.Name
	}
	if !slices.Contains(product.Services(), f.Service) || f.Service == xs2a.BulkPayment {
		f.Service = xs2a.SinglePayment
	}
	for name, field := range map[string]*string{
		"from_number": &f.From, "from_clearing": &f.FromClearing, "creditor": &f.Creditor, "to": &f.To, "clearing": &f.Clearing, "agent": &f.Agent,
		"amount": &f.Amount, "currency": &f.Currency, "text": &f.Text, "reference": &f.Reference, "invoice": &f.Invoice, "end_to_end": &f.EndToEnd,
		"charges": &f.Charges, "purpose": &f.Purpose, "agent_name": &f.AgentName, "to_self": &f.ToSelf, "to_creditor": &f.ToCreditor, "on": &f.On, "start": &f.Start, "end": &f.End, "frequency": &f.Frequency, "day": &f.Day, "rule": &f.Rule,
		"street": &f.Address.Street, "number": &f.Address.Number, "post_code": &f.Address.PostCode, "town": &f.Address.Town, "country": &f.Address.Country,
		"psu_id": &f.PSUID, "affiliated": &f.AffiliatedASPSPID,
	} {
		if form.Has(name) {
			*field = strings.TrimSpace(form.Get(name))
		}
	}
	if f.Frequency == "" { // of a form that asked for a single payment
		f.Frequency = string(xs2a.Monthly)
	}
	f.NoWait, f.Decoupled = form.Get("no_wait") == "yes", form.Get("approve") == "elsewhere"
	f.Giro = xs2a.Bankgiro
	if form.Get("giro") == string(xs2a.Plusgiro) {
		f.Giro = xs2a.Plusgiro
	}
	view.From, view.Pasted, view.PayeeSearch = form.Get("from"), form.Get("pasted"), strings.TrimSpace(form.Get("payee_search"))
	for _, account := range view.Known {
		if strconv.FormatInt(account.ID, 10) == view.From {
			f.From, f.FromClearing = account.IBAN, ""
			if f.From == "" {
				f.From = account.BBAN
			}
			return
		}
	}
	view.From = ""
}

// paste fills the form from a text: the content of a QR code, or a text with an IBAN.
func (view *payView) paste(text string) error {
	found, faults, err := check.Paste(text)
	if err != nil {
		return failure.Invalid(pay.Fields{"pasted": {Code: failure.NothingToPay}})
	}
	about := view.product()
	if !about.Abroad { // the IBAN says which bank it is
		found.BIC = ""
		delete(faults, "bic")
	}
	if !about.Purpose {
		view.Unasked, found.Purpose = found.Purpose, ""
		delete(faults, "purpose")
	}
	f := &view.Form
	for _, each := range []struct {
		into *string
		from string
	}{{&f.To, found.IBAN}, {&f.Creditor, found.Name}, {&f.Amount, found.Amount}, {&f.Currency, found.Currency}, {&f.Agent, found.BIC}, {&f.Text, found.Text + found.Reference}, {&f.Purpose, found.Purpose}} {
		if each.from != "" {
			*each.into = each.from
		}
	}
	wrong := pay.Fields{}
	for member, fault := range faults {
		wrong[cmp.Or(map[string]string{"iban": "to", "name": "creditor", "bic": "agent", "reference": "text"}[member], member)] = pay.ReasonOf(fault)
	}
	if view.Pasted = ""; len(wrong) > 0 {
		return failure.Invalid(wrong)
	}
	return nil
}

// product is the one that is chosen, as the service asks for it.
func (view payView) product() pay.Product {
	product, _ := view.Offer.Has(view.Form.Product)
	return product.By(view.Form.Service)
}

// path is where the form is sent.
func (view payView) path() string {
	if view.Changed != "" {
		return paymentPath(view.Changed) + "/change"
	}
	return payPath(view.Form.EnvironmentID, view.Form.BIC)
}

func (view payView) back(ctx context.Context) ui.Link {
	if view.Changed != "" {
		return ui.Link{Label: words.T(ctx, "The payment"), Href: paymentPath(view.Changed)}
	}
	return ui.Link{Label: words.T(ctx, "Payments"), Href: "/payments"}
}

func (view payView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Pay from %s", view.Offer.Bank.Name), Section: SectionPayments}
}

// mistake is what is wrong with a field.
func (view payView) mistake(ctx context.Context, field string) string {
	return fieldWords(ctx, view.Failure, field)
}

// offeredText is a field's text in letters that every bank takes; empty where it is.
func (view payView) offeredText(field string) string {
	if view.Failure == nil || view.Failure.Fields[field].Code != string(check.TextCharacters) {
		return ""
	}
	return view.Failure.Fields[field].Text
}

// offerWords say that a text can be written otherwise, and what that leaves out.
func offerWords(ctx context.Context, why storage.Reason) string {
	if why.Number > why.Of {
		return words.T(ctx, "It can be written (shortened: in full its length is %d, the longest is %d):", why.Number, why.Of)
	}
	return words.T(ctx, "It can be written:")
}

// fromOptions are the accounts to pay from, and any other.
func (view payView) fromOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, account := range view.Known {
		id := strconv.FormatInt(account.ID, 10)
		options = append(options, ui.Option{Value: id, Label: accountName(ctx, account) + " · " + ui.MaskIBAN(ctx, accountNumber(account)) + " · " + account.Currency, Chosen: view.From == id})
	}
	return append(options, ui.Option{Value: "other", Label: words.T(ctx, "Another account at this bank"), Chosen: view.From == ""})
}

func (view payView) productOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, product := range view.Offer.Products {
		options = append(options, ui.Option{Value: product.Name, Label: productText(ctx, product.Name), Chosen: product.Name == view.Form.Product})
	}
	return options
}

func (view payView) serviceOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, service := range view.product().Services() {
		if service != xs2a.BulkPayment {
			options = append(options, ui.Option{Value: string(service), Label: words.T(ctx, serviceWords[service]), Chosen: service == view.Form.Service})
		}
	}
	return options
}

// affiliatedOptions are the banks behind an entry that stands for several.
func (view payView) affiliatedOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Label: words.T(ctx, "Choose your bank")}}
	for _, bank := range view.Offer.Affiliated() {
		options = append(options, ui.Option{Value: bank.ID, Label: bank.Name, Chosen: bank.ID == view.Form.AffiliatedASPSPID})
	}
	return options
}

func (view payView) frequencyOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, each := range xs2a.Frequencies {
		options = append(options, ui.Option{Value: string(each), Label: words.T(ctx, frequencyWords[each]), Chosen: string(each) == view.Form.Frequency})
	}
	return options
}

func (view payView) giroOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(xs2a.Bankgiro), Label: words.T(ctx, giroWords[xs2a.Bankgiro]), Chosen: view.Form.Giro != xs2a.Plusgiro},
		{Value: string(xs2a.Plusgiro), Label: words.T(ctx, giroWords[xs2a.Plusgiro]), Chosen: view.Form.Giro == xs2a.Plusgiro},
	}
}

func (view payView) chargeOptions(ctx context.Context) []ui.Option {
	return said(ctx, chosenOf([]wordedOption{
		{Value: "", Label: "As the bank does"}, {Value: "SHAR", Label: "Each pays their own bank (SHAR)"}, {Value: "DEBT", Label: "I pay all (DEBT)"}, {Value: "CRED", Label: "The payee pays all (CRED)"},
	}, view.Form.Charges))
}

// toField asks for the payee's account as the product names it.
func (view payView) toField(ctx context.Context) ui.Field {
	field := ui.Field{Name: "to", Value: view.Form.To, Error: view.mistake(ctx, "to"), Required: true, Attrs: map[string]any{"autocomplete": "off", "spellcheck": "false"}}
	switch view.product().To {
	case pay.ByGiro:
		field.Label = words.T(ctx, "Giro number")
	case pay.ByIBANOrBBAN:
		field.Label, field.Hint = words.T(ctx, "Payee’s account"), words.T(ctx, "An IBAN, or the account number as your country writes it.")
	default:
		field.Label = words.T(ctx, "Payee’s account (IBAN)")
	}
	return field
}

// unfolded shows what few need where something of it is filled in or wrong.
func (view payView) unfolded() bool {
	f := view.Form
	filled := f.EndToEnd + f.Day + f.Rule + f.Agent + f.AgentName + f.Charges + f.Purpose + f.ToSelf + f.ToCreditor
	login := !view.Offer.Bank.Login && (f.PSUID != "" || fields{view.Failure}.marked("psu_id"))
	return filled != "" || login || f.NoWait || f.Decoupled || f.Address != (xs2a.Address{}) || fields{view.Failure}.marked("end_to_end", "purpose", "to_self", "to_creditor", "day", "agent", "agent_name", "charges", "street", "number", "post_code", "town", "country")
}

// login asks how the bank knows the person.
func (view payView) login(ctx context.Context) ui.Field {
	return loginField(ctx, view.Form.PSUID, view.mistake(ctx, "psu_id"))
}

func (view payView) ruleOptions(ctx context.Context) []ui.Option {
	return said(ctx, chosenOf([]wordedOption{
		{Value: "", Label: "As the bank does"}, {Value: "following", Label: ruleWords["following"]}, {Value: "preceding", Label: ruleWords["preceding"]},
	}, view.Form.Rule))
}

func (view payView) productHint(ctx context.Context) string {
	if view.Offer.Listed {
		return ""
	}
	return words.T(ctx, "Which of these the bank has, it says when it is asked.")
}

// fromMistake stands at the choice of an account; of one that is typed, at its field.
func (view payView) fromMistake(ctx context.Context) string {
	if view.From == "" {
		return ""
	}
	return view.mistake(ctx, "from")
}

func (view payView) fromHint(ctx context.Context) string {
	if view.product().To == pay.ByIBAN {
		return words.T(ctx, "Its IBAN, as your bank card or your online bank shows it.")
	}
	return words.T(ctx, "Its IBAN, or its number as your country writes it.")
}

func (view payView) amountLabel(ctx context.Context) string {
	if currency := view.product().Currency; currency != "" {
		return words.T(ctx, "Amount in %s", currency)
	}
	return words.T(ctx, "Amount")
}
