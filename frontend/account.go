package frontend

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// What the pictures of an account cover.
const (
	chartDays   = 90
	chartMonths = 6
)

func (s *Server) account(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	at, err := placeOf(r.URL.Query())
	if err != nil {
		return err
	}
	view, err := s.accountOf(r.Context(), id, at)
	if err != nil {
		return err
	}
	view.Day = isoIn(r.URL.Query().Get("day"))
	return s.showed(r.Context(), s.page(w, r, view.page(r.Context()), ui.At(view.Now, accountScreen(view))), view.Transactions.Booked)
}

func (view accountView) page(ctx context.Context) Page {
	return Page{Title: accountName(ctx, view.Account), Section: SectionAccounts}
}

// accountDetails asks the bank what it says of the account now.
func (s *Server) accountDetails(w http.ResponseWriter, r *http.Request) error {
	return s.askAccount(w, r, "The bank’s details of the account", func(ctx context.Context, id int64, person app.Person) (json.RawMessage, error) {
		details, err := s.app.Reader().AccountDetails(ctx, id, person)
		return details.Raw, err
	})
}

// accountBalances asks the bank for the account's balances now.
func (s *Server) accountBalances(w http.ResponseWriter, r *http.Request) error {
	return s.askAccount(w, r, "The bank’s balances of the account", func(ctx context.Context, id int64, person app.Person) (json.RawMessage, error) {
		balances, err := s.app.Reader().AccountBalances(ctx, id, person)
		if err != nil {
			return nil, err
		}
		raw := make([]json.RawMessage, len(balances))
		for i, balance := range balances {
			raw[i] = balance.Raw
		}
		return json.Marshal(raw)
	})
}

func (s *Server) askAccount(w http.ResponseWriter, r *http.Request, title words.Text, ask func(context.Context, int64, app.Person) (json.RawMessage, error)) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	raw, err := ask(r.Context(), id, s.person(r))
	said, err := answered(words.T(r.Context(), title), raw, err)
	if err != nil {
		return err
	}
	view, err := s.accountOf(r.Context(), id, holding.Place{})
	if err != nil {
		return err
	}
	view.Said = said
	return s.showAnswer(w, r, view.page(r.Context()), accountTesters(view), ui.At(view.Now, accountScreen(view)))
}

func (s *Server) accountOf(ctx context.Context, id int64, at holding.Place) (accountView, error) {
	consent, err := s.reaching(ctx, id)
	if err != nil {
		return accountView{}, err
	}
	view := accountView{Consent: consent}
	if consent != nil {
		view.Job = s.app.Reader().Job(consent.ID) // before what a fetch that is over may have changed
		view.Brought = s.brought(view.Job)
	}
	account, err := s.app.Holdings().Account(ctx, id)
	if err != nil {
		return view, err
	}
	view.Account, view.Now = account, s.app.Clock().NowAt(account.EnvironmentID)
	if view.Transactions, err = s.app.Holdings().Transactions(ctx, id, at); err != nil {
		return view, err
	}
	view.First = view.Transactions.Newer == 0
	if view.Booked, err = s.app.Holdings().CountTransactions(ctx, id); err != nil {
		return view, err
	}
	if consent != nil {
		view.Covers = fetch.Covered(*consent, account)
		jobs, err := s.app.Reader().Unfinished(ctx)
		if err != nil {
			return view, err
		}
		view.Unfinished = s.unfinishedOf(jobs, *consent, nil) // which days are missing stands below
	} else if view.Lapse, err = s.app.LapseOf(ctx, id); err != nil {
		return view, err
	}
	if view.Pays, err = s.app.Payments().Pays(ctx, account.EnvironmentID, account.BIC); err != nil && !app.NotFound(err) {
		return view, err
	}
	if !view.First {
		return view, nil
	}
	view.Failed = s.failures(ctx, account)
	if view.Files, err = s.app.Imports().All(ctx, id); err != nil {
		return view, err
	}
	if view.Unread, err = s.app.Holdings().UnreadParts(ctx, id, unreadShown); err != nil {
		return view, err
	}
	arrivals, err := s.app.Own().Arrivals(ctx)
	if err != nil {
		return view, err
	}
	view.New = arrivals[id]
	if view.Left, err = s.app.Own().LeftNotes(ctx, id); err != nil {
		return view, err
	}
	if view.Ages, err = s.app.Holdings().AgesOf(ctx, account); err != nil {
		return view, err
	}
	if view.Differences, err = s.app.Holdings().Differences(ctx, account, view.Transactions.Pending); err != nil {
		return view, err
	}
	all, err := s.app.Holdings().Accounts(ctx)
	if err != nil {
		return view, err
	}
	view.Others = holding.OtherParts(account, all)
	charts, err := s.app.Holdings().Charts(ctx, account, chartDays, chartMonths)
	view.History, view.Months = points(charts.History), charts.Months
	return view, err
}

// lapsed says since when an account is not updated any more and why, what became of what
// was read, and what can be done.
func (view accountView) lapsed(ctx context.Context) ui.Notice {
	notice := ui.Notice{ID: "lapsed", Tone: ui.Neutral, Title: words.T(ctx, "No consent reaches this account any more."), Next: words.T(ctx, "What was read before stays here until you erase it.")}
	if view.Lapse.Awaited {
		return ui.Notice{ID: "lapsed", Tone: ui.Info, Title: words.T(ctx, "The newer consent at %s has not been read yet.", view.BankName),
			Next: words.T(ctx, "Whether it gives this account shows then. What was read before stays here.")}
	}
	if since := view.Lapse.Since(); !since.IsZero() {
		notice.Lost = words.T(ctx, "It is not updated any more since %s.", ui.DateWords(ctx, since))
	}
	if view.Lapse.Instead != nil {
		notice.Title = words.T(ctx, "Your present consent at %s does not give this account.", view.BankName)
		notice.Next = words.T(ctx, "What was read before stays here until you erase it. To read it again, renew the consent and choose this account, too.")
	}
	return notice
}

// reaching is the newest consent in use through which an account is read; nil
// where there is none.
func (s *Server) reaching(ctx context.Context, accountID int64) (*storage.Consent, error) {
	consent, err := s.app.AccountConsent(ctx, accountID)
	if app.NotFound(err) {
		return nil, nil
	}
	return &consent, err
}

// fetchAccount reads the account, and the others under its consent, because
// the person asked.
func (s *Server) fetchAccount(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	consent, err := s.reaching(r.Context(), id)
	if err != nil {
		return err
	}
	if consent == nil {
		return failure.New(failure.NoConsentReaches)
	}
	s.app.Reader().Fetch(consent.ID, s.person(r))
	redirect(w, r, accountPath(id))
	return nil
}

// pages leads through the account's transactions.
func (view accountView) pages(ctx context.Context) ui.Pages {
	return pagesOf(ctx, view.Transactions.Booked, view.Day, view.Transactions.Newer, view.Transactions.Older, func(changes ...string) string {
		return changedAddress(accountPath(view.ID), map[string]string{}, changes)
	})
}

func (view accountView) sub(ctx context.Context) string {
	parts := []string{ui.MaskIBAN(ctx, accountNumber(view.Account)), view.BankName}
	if named := bankAccountName(view.Account); view.Nickname != "" && named != "" {
		parts = append(parts, words.T(ctx, "The bank calls it “%s”", named))
	}
	return strings.Join(parts, " · ")
}

// newAlone says that the bank was last asked for what is new alone, and what that does not show.
func (view accountView) newAlone(ctx context.Context) string {
	return words.T(ctx, "The bank was last asked for new transactions alone. What it changed or dropped since %s shows after the next reading of all days.",
		ui.MomentText(ctx, view.WholeAt))
}

func (view accountView) badge(ctx context.Context) templ.Component {
	if view.Status == "" || view.Status == "enabled" {
		return nil
	}
	if status, known := accountStatuses[view.Status]; known {
		return ui.Badge(ui.Warn, words.T(ctx, status.alone))
	}
	return ui.Badge(ui.Warn, capital(view.Status))
}

// moved reports whether there is anything to draw.
func (view accountView) moved() bool {
	for _, month := range view.Months {
		if money(month.In).In() || money(month.Out).In() {
			return true
		}
	}
	return false
}

// facts are what else the bank says of the account.
func (view accountView) facts(ctx context.Context) [][2]string {
	var facts [][2]string
	for _, fact := range [][2]string{
		{words.T(ctx, "Bank"), view.BankName}, {"BIC", view.BIC}, {words.T(ctx, "Currency"), view.Currency},
		{words.T(ctx, "Product"), view.Product}, {words.T(ctx, "Kind (ISO 20022)"), view.Type}, {words.T(ctx, "Use"), usageWord(ctx, view.Usage)},
		{words.T(ctx, "First downloaded"), words.Date(ctx, view.FirstSeenAt, "2 Jan 2006")}, {words.T(ctx, "Complete until"), completeUntil(ctx, view.Account)},
	} {
		if fact[1] != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}

// usageWord is what an account is used for, as ISO 20022 codes it.
func usageWord(ctx context.Context, usage string) string {
	switch usage {
	case "PRIV":
		return words.T(ctx, "Private")
	case "ORGA":
		return words.T(ctx, "Business")
	}
	return usage
}

// dayOfTransactions are the transactions of one day.
type dayOfTransactions struct {
	Date         string
	Day          time.Time
	Transactions []storage.Transaction
}

func (group dayOfTransactions) label(ctx context.Context) string {
	switch {
	case group.Date != "":
		return dateWords(ctx, group.Date)
	case group.Transactions[0].Pending:
		return words.T(ctx, "Pending")
	}
	return words.T(ctx, "Without a date")
}

// now is what time it is at the banks whose transactions stand under one heading, of those
// by environment; false where their clocks are days apart, so that "today" would mean two things.
func (group dayOfTransactions) now(nows map[string]time.Time) (time.Time, bool) {
	first := nows[group.Transactions[0].EnvironmentID]
	for _, transaction := range group.Transactions {
		if nows[transaction.EnvironmentID].Sub(first).Abs() > time.Hour {
			return first, false
		}
	}
	return first, true
}

// byDay groups transactions, which come sorted by day.
func byDay(transactions []storage.Transaction) (days []dayOfTransactions) {
	for len(transactions) > 0 {
		date, n := transactions[0].Date(), 1
		for n < len(transactions) && transactions[n].Date() == date {
			n++
		}
		days = append(days, dayOfTransactions{Date: date, Day: day(date), Transactions: transactions[:n]})
		transactions = transactions[n:]
	}
	return days
}

// pretty indents JSON for reading; what is none is shown as it came.
func pretty(raw json.RawMessage) string {
	var indented bytes.Buffer
	if json.Indent(&indented, raw, "", "  ") != nil {
		return string(raw)
	}
	return indented.String()
}

// difference says by what a balance differs from the one that stands for the account, or that it is that one.
func (view accountView) difference(ctx context.Context, balance storage.Balance) []string {
	at := slices.IndexFunc(view.Differences, func(d holding.Difference) bool { return d.Balance == balance })
	if at >= 0 {
		return apartWords(ctx, view.Differences[at])
	}
	if main, _ := holding.MainBalance(view.Account); main == balance {
		return []string{words.T(ctx, "Stands for the account")}
	}
	return nil
}

// available is what the bank says is available, where another balance stands for the account.
func (view accountView) available(main storage.Balance) (holding.Difference, bool) {
	at := slices.IndexFunc(view.Differences, func(d holding.Difference) bool {
		return d.Type == "interimAvailable" && d.Amount.Currency == main.Amount.Currency
	})
	if at < 0 || main.Type == "interimAvailable" {
		return holding.Difference{}, false
	}
	return view.Differences[at], true
}
