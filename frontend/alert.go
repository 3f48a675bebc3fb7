package frontend

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"consentry/app"
	"consentry/app/alert"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// alertsPath is where a person chooses what they are told of.
const alertsPath = "/alerts"

// alertsOf leads there with an account chosen in the forms.
func alertsOf(account int64) string { return fmt.Sprintf("%s?account=%d", alertsPath, account) }

// alertsView is what a person is told of, and what was told.
type alertsView struct {
	Rules    []alert.Rule
	Told     []alertLine
	Accounts []storage.Account
	Incomes  []holding.Regular
	Found    bool       // what comes in regularly was looked for
	Form     alert.Form // as it was filled in; of a kind that could not be taken, or of none
	Failure  *app.Error
}

// alertLine is something that was told, with what it is about.
type alertLine struct {
	storage.Alert
	Account storage.Account // of balances, debits and income; none: all of them
	Consent storage.Consent // of banks and approvals
	Payment storage.Payment // of approvals
}

func (s *Server) alerts(w http.ResponseWriter, r *http.Request) error {
	return s.showAlerts(w, r, http.StatusOK, alertsView{Form: alert.Form{Account: r.URL.Query().Get("account")}}, r.URL.Query().Has("look"))
}

// addAlert adds a rule.
func (s *Server) addAlert(w http.ResponseWriter, r *http.Request) error {
	form := alert.Form{Kind: storage.AlertKind(r.PostFormValue("kind")), Account: r.PostFormValue("account"), Amount: r.PostFormValue("amount"),
		Currency: r.PostFormValue("currency"), Income: r.PostFormValue("income"), Failures: r.PostFormValue("failures")}
	err := s.app.Alerts().Add(r.Context(), form)
	if failed, known := asFailure(err); known {
		return s.showAlerts(w, r, statusOfForm(failed), alertsView{Form: form, Failure: failed}, form.Kind == storage.AlertIncome)
	}
	if err != nil {
		return err
	}
	redirect(w, r, alertsPath)
	return nil
}

// removeAlert removes a rule, with what it told.
func (s *Server) removeAlert(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Alerts().Remove(r.Context(), id); err != nil {
		return err
	}
	redirect(w, r, alertsPath)
	return nil
}

// seeAlert notes that the person knows of an alert, or of all of them.
func (s *Server) seeAlert(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Alerts().Seen(r.Context(), placeIn(r.PostFormValue("id"))); err != nil {
		return err
	}
	redirect(w, r, cameFrom(r))
	return nil
}

func (s *Server) showAlerts(w http.ResponseWriter, r *http.Request, status int, view alertsView, look bool) (err error) {
	if view.Rules, err = s.app.Alerts().Rules(r.Context()); err != nil {
		return err
	}
	told, err := s.app.Alerts().All(r.Context())
	if err != nil {
		return err
	}
	if view.Told, err = s.alertLines(r.Context(), told); err != nil {
		return err
	}
	if view.Accounts, err = s.app.Holdings().Accounts(r.Context()); err != nil {
		return err
	}
	if view.Incomes, view.Found, err = s.app.Alerts().Incomes(r.Context(), look); err != nil {
		return err
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Alerts"), Section: SectionSettings}, alertsScreen(view))
}

// alertLines adds to alerts what they are about.
func (s *Server) alertLines(ctx context.Context, told []storage.Alert) ([]alertLine, error) {
	accounts, err := s.app.Holdings().PlainAccounts(ctx)
	if err != nil {
		return nil, err
	}
	var all []alertLine
	for _, one := range told {
		line := alertLine{Alert: one}
		if i := slices.IndexFunc(accounts, func(a storage.Account) bool { return a.ID == one.AccountID }); i >= 0 {
			line.Account = accounts[i]
		}
		if one.ConsentID != "" {
			c, err := s.app.Consent(ctx, one.ConsentID)
			if err != nil {
				continue // it has just gone, and the alert with it
			}
			line.Consent = c
		}
		if one.PaymentID != "" {
			if line.Payment, err = s.app.Payments().Payment(ctx, one.PaymentID); err != nil {
				continue
			}
		}
		all = append(all, line)
	}
	return all, nil
}

// title names what an alert is about.
func (l *alertLine) title(ctx context.Context) string {
	switch l.Rule.Kind {
	case storage.AlertBalance:
		return accountOrAll(ctx, l.Account, l.Amount.Currency)
	case storage.AlertDebit, storage.AlertIncome:
		return cmp.Or(l.Name, accountName(ctx, l.Account))
	}
	return cmp.Or(l.Consent.BankName, l.Payment.BankName)
}

// accountOrAll names an account, or all of those in a currency.
func accountOrAll(ctx context.Context, account storage.Account, currency string) string {
	if account.ID == 0 {
		return words.T(ctx, "All accounts in %s", currency)
	}
	return accountName(ctx, account)
}

// text says what happened, in a sentence.
func (l *alertLine) text(ctx context.Context) string {
	bound, amount := amountText(ctx, l.Rule.Amount), amountText(ctx, l.Amount)
	positive := amountText(ctx, xs2a.Amount{Number: strings.TrimPrefix(l.Amount.Number, "-"), Currency: l.Amount.Currency})
	switch l.Rule.Kind {
	case storage.AlertBalance:
		return words.T(ctx, "The balance fell below %s. It was %s.", bound, amount)
	case storage.AlertDebit:
		text := words.T(ctx, "%s went out from %s, more than %s.", positive, accountName(ctx, l.Account), bound)
		if l.Pending {
			text = words.T(ctx, "%s goes out from %s, more than %s. It is not booked yet.", positive, accountName(ctx, l.Account), bound)
		}
		return sentences(text, l.others(ctx))
	case storage.AlertIncome:
		return sentences(words.T(ctx, "%s came in to %s.", positive, accountName(ctx, l.Account)), l.others(ctx))
	case storage.AlertBank:
		if l.Rule.Failures == 0 {
			return words.T(ctx, "It could not be read from for a day. What you see of it is what was read before.")
		}
		return words.N(ctx, l.Rule.Failures, "It could not be read from. What you see of it is what was read before.", "It could not be read from %d times in a row. What you see of it is what was read before.")
	}
	if l.PaymentID != "" {
		return words.T(ctx, "A payment waits for your approval.")
	}
	return words.T(ctx, "A consent waits for you.")
}

// others says that more came than is told one by one.
func (l *alertLine) others(ctx context.Context) string {
	if l.Others == 0 {
		return ""
	}
	return words.N(ctx, l.Others, "At least %d more came at the same time.", "At least %d more came at the same time.")
}

// href leads to all about it.
func (l *alertLine) href() string {
	switch {
	case l.EntryID != 0:
		return transactionPath(l.EntryID)
	case l.Account.ID != 0:
		return accountPath(l.Account.ID)
	case l.ConsentID != "":
		return consentPath(l.ConsentID)
	case l.PaymentID != "":
		return paymentPath(l.PaymentID)
	}
	return "/accounts"
}

// picture is of the bank it is at; none where it is of several.
func (l *alertLine) picture(size ui.LogoSize) ui.Logo {
	switch {
	case l.Account.ID != 0:
		return logoOf(l.Account.EnvironmentID, l.Account.BIC, l.Account.BankName, size)
	case l.ConsentID != "":
		return logoOf(l.Consent.EnvironmentID, l.Consent.BIC, l.Consent.BankName, size)
	case l.PaymentID != "":
		return logoOf(l.Payment.EnvironmentID, l.Payment.BIC, l.Payment.BankName, size)
	}
	return ui.Logo{Name: l.Amount.Currency, Size: size}
}

// open counts what the person has not said they know of.
func (view alertsView) open() (n int) {
	for _, one := range view.Told {
		if one.SeenAt.IsZero() {
			n++
		}
	}
	return n
}

// of are the rules of a kind.
func (view alertsView) of(kind storage.AlertKind) (rules []alert.Rule) {
	for _, one := range view.Rules {
		if one.Kind == kind {
			rules = append(rules, one)
		}
	}
	return rules
}

// fields makes the questions of the form of a kind.
func (view alertsView) field(ctx context.Context, kind storage.AlertKind, name string, label, hint words.Text) ui.Field {
	field := ui.Field{Name: name, ID: string(kind) + "-" + name, Label: words.T(ctx, label)}
	if hint != "" {
		field.Hint = words.T(ctx, hint)
	}
	if view.Form.Kind == kind {
		field.Error = fieldWords(ctx, view.Failure, name)
	}
	return field
}

// typed is what was filled in as the amount of a form that could not be taken.
func (view alertsView) typed(kind storage.AlertKind) string {
	if view.Form.Kind != kind {
		return ""
	}
	return view.Form.Amount
}

// accountOptions are any account, or all, and each.
func (view alertsView) accountOptions(ctx context.Context, all words.Text) []ui.Option {
	options := []ui.Option{{Label: words.T(ctx, all), Chosen: view.Form.Account == ""}}
	for _, account := range view.Accounts {
		id := fmt.Sprint(account.ID)
		label := words.Row(ctx, []string{accountName(ctx, account), account.BankName, strings.Join(alert.Currencies(account), ", ")})
		options = append(options, ui.Option{Value: id, Label: label, Chosen: view.Form.Account == id})
	}
	return options
}

// currencyOptions are the currencies of the accounts, that of most first.
func (view alertsView) currencyOptions() (options []ui.Option) {
	times := map[string]int{}
	for _, account := range view.Accounts {
		for _, currency := range alert.Currencies(account) {
			times[currency]++
		}
	}
	all := slices.SortedFunc(maps.Keys(times), func(a, b string) int { return cmp.Or(times[b]-times[a], cmp.Compare(a, b)) })
	for _, currency := range all {
		options = append(options, ui.Option{Value: currency, Label: currency, Chosen: view.Form.Currency == currency})
	}
	return options
}

// incomeOptions are what comes in regularly.
func (view alertsView) incomeOptions(ctx context.Context) (options []ui.Option) {
	for _, one := range view.Incomes {
		name := one.Name
		for _, account := range view.Accounts {
			if account.ID == one.AccountID {
				name = words.T(ctx, "%s, to %s", cmp.Or(one.Name, words.T(ctx, "No name given")), accountName(ctx, account))
			}
		}
		options = append(options, ui.Option{Value: alert.IncomeID(one), Label: words.Row(ctx, []string{name, amountText(ctx, one.Amount)}), Chosen: view.Form.Income == alert.IncomeID(one)})
	}
	return options
}

// failureOptions are how often, or for how long, a bank fails until it is told.
func (view alertsView) failureOptions(ctx context.Context) (options []ui.Option) {
	chosen := cmp.Or(view.Form.Failures, "3")
	for _, n := range []int{1, 2, 3, 5} {
		value := fmt.Sprint(n)
		options = append(options, ui.Option{Value: value, Label: words.N(ctx, n, "At the first read that fails", "After %d reads in a row that failed"), Chosen: chosen == value})
	}
	return append(options, ui.Option{Value: alert.FailuresDay, Label: words.T(ctx, "When reads have failed for a day"), Chosen: chosen == alert.FailuresDay})
}

// ruleTitle says what a rule is about.
func ruleTitle(ctx context.Context, r alert.Rule) string {
	var account storage.Account
	if r.Account != nil {
		account = *r.Account
	}
	bound := amountText(ctx, r.Amount)
	switch r.Kind {
	case storage.AlertBalance:
		return words.T(ctx, "%s: below %s", accountOrAll(ctx, account, r.Amount.Currency), bound)
	case storage.AlertDebit:
		if r.Account == nil {
			return words.T(ctx, "Any account: more than %s", bound)
		}
		return words.T(ctx, "%s: more than %s", accountName(ctx, account), bound)
	case storage.AlertIncome:
		return words.T(ctx, "%s, to %s", cmp.Or(r.Name, words.T(ctx, "No name given")), accountName(ctx, account))
	case storage.AlertBank:
		if r.Failures == 0 {
			return words.T(ctx, "When reads have failed for a day")
		}
		return words.N(ctx, r.Failures, "At the first read that fails", "After %d reads in a row that failed")
	}
	return words.T(ctx, "Whatever waits for your approval")
}

// ruleState says how what a rule watches stands.
func ruleState(ctx context.Context, r alert.Rule) string {
	switch {
	case r.Kind == storage.AlertBalance:
		return balanceState(ctx, r)
	case r.NotRead:
		return words.T(ctx, "No consent in use reaches the account, so nothing comes that could be told.")
	case r.Kind == storage.AlertIncome:
		return words.T(ctx, "As a rule %s. What is less than half of that is not told.", amountText(ctx, r.Amount))
	case r.Kind == storage.AlertDebit:
		return words.T(ctx, "What is dated %s or later.", dayInWords(ctx, r.Since))
	}
	return ""
}

// unjudged says why a balance cannot be judged.
var unjudged = map[alert.Unjudged]words.Text{
	alert.NoBalance:   "Not judged: no balance is known in this currency.",
	alert.OtherType:   "Not judged: the bank does not send the balance that you chose to stand for the account.",
	alert.NotReached:  "Not judged: no consent in use reaches the account any more.",
	alert.NotRead:     "Not judged: the balance is old. It was not read in full for some days.",
	alert.NotAllKnown: "Not judged: of an account no balance is known.",
}

func balanceState(ctx context.Context, r alert.Rule) string {
	var hidden string
	if r.Standing.Hidden > 0 {
		hidden = words.N(ctx, r.Standing.Hidden, "%d hidden account is left out.", "%d hidden accounts are left out.")
	}
	if why, is := unjudged[r.Standing.Unjudged]; is {
		return sentences(words.T(ctx, why), hidden)
	}
	if r.Standing.Below {
		return sentences(words.T(ctx, "It is below now: %s. You are told when it falls below again.", amountText(ctx, r.Standing.Amount)), hidden)
	}
	return sentences(words.T(ctx, "Now %s.", amountText(ctx, r.Standing.Amount)), hidden)
}

// mostNotices are shown one by one; of more there is one that counts them.
const mostNotices = 3

// AlertNotifications puts alerts into words for the desktop. While the program is locked, or the screens are shown to others,
// it names nobody and no amount.
func (s *Server) AlertNotifications(ctx context.Context, told []storage.Alert, locked bool) ([]Notification, error) {
	settings, err := s.app.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if locked || settings.Presenting.On || len(told) > mostNotices {
		return []Notification{{words.N(ctx, len(told), "%d alert", "%d alerts"), words.T(ctx, "Open Consentry to see more.")}}, nil
	}
	lines, err := s.alertLines(ctx, told)
	var all []Notification
	for i := range lines {
		all = append(all, Notification{lines[i].title(ctx), lines[i].text(ctx)})
	}
	return all, err
}
