package frontend

import (
	"context"
	"net/http"
	"slices"
	"time"

	"consentry/app"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// What the first screen shows.
const (
	overviewDays         = 30
	overviewTransactions = 12
	overviewConsents     = 6
	lapsedDays           = 30 // for how long a consent that ended by itself is offered for renewal
)

func (s *Server) overview(w http.ResponseWriter, r *http.Request) error {
	view, err := s.overviewOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Overview"), Section: SectionOverview}, overviewScreen(view))
}

func (s *Server) overviewOf(r *http.Request) (overviewView, error) {
	ctx := r.Context()
	hidden, err := s.practiceHidden(ctx)
	if err != nil {
		return overviewView{}, err
	}
	view := overviewView{Practice: len(s.about.SandboxLogins) > 0 && !hidden, About: s.about}
	found, err := s.app.ConsentList(ctx, app.ConsentQuery{Limit: eachGroup})
	if err != nil {
		return view, err
	}
	view.Counts = found.Counts
	jobs, err := s.app.Reader().Unfinished(ctx)
	if err != nil {
		return view, err
	}
	for _, one := range found.Lines {
		line := s.listed(one)
		view.Consents = append(view.Consents, line)
		if job := s.app.Reader().Job(line.ID); job != nil && job.Running() {
			view.Jobs = append(view.Jobs, job)
		}
		if broken := s.unfinishedOf(jobs, line.Consent, nil); broken != nil {
			view.Unfinished = append(view.Unfinished, *broken)
		}
	}
	if view.Renewals, err = s.renewals(ctx); err != nil {
		return view, err
	}
	if view.Ending, err = s.endingCertificates(ctx); err != nil {
		return view, err
	}
	accounts, err := s.app.Holdings().Accounts(ctx)
	if err != nil {
		return view, err
	}
	view.Accounts, view.Banks = len(accounts), len(byBank(accounts, nil))
	if view.Totals, err = s.app.Holdings().Totals(ctx, overviewDays); err != nil {
		return view, err
	}
	arrivals, err := s.app.Own().Arrivals(ctx)
	if err != nil {
		return view, err
	}
	view.New = sumOf(arrivals)
	view.Transactions, err = s.app.Holdings().LatestTransactions(ctx, overviewTransactions)
	view.Nows = map[string]time.Time{}
	for _, transaction := range view.Transactions {
		view.Nows[transaction.EnvironmentID] = s.app.Clock().NowAt(transaction.EnvironmentID)
	}
	return view, err
}

// empty reports whether there is nothing to show, and so one thing to do.
func (view overviewView) empty() bool {
	return view.Accounts == 0 && len(view.needYou()) == 0 && len(view.lapsed()) == 0 && len(view.live()) == 0
}

func (view overviewView) size(ctx context.Context) string {
	if view.Accounts == 0 {
		return words.T(ctx, "No account yet")
	}
	return accountsAtBanks(ctx, view.Accounts, view.Banks)
}

// needYou are the consents that wait for the person, as many as there is room
// for.
func (view overviewView) needYou() []consentLine {
	return view.some(func(line consentLine) bool { return line.State.Needs })
}

// lapsed are those that ended of late without the person wanting it, and can
// be given again; those that ended by this machine's clock alone; and those whose
// bank does not take the withdrawal.
func (view overviewView) lapsed() []consentLine {
	return view.some(func(line consentLine) bool {
		if line.Group != app.Ended {
			return false
		}
		return line.Provisional() || line.Acknowledgement == storage.AckRefused || renewable(line.Consent) && line.Now.Sub(line.EndedOn()) < lapsedDays*24*time.Hour
	})
}

func (view overviewView) some(wanted func(consentLine) bool) []consentLine {
	var lines []consentLine
	for _, line := range view.Consents {
		if wanted(line) && len(lines) < overviewConsents {
			lines = append(lines, line)
		}
	}
	return lines
}

// moreNeeds counts those there is no room for.
func (view overviewView) moreNeeds() int {
	return view.Counts[app.NeedsPerson] - len(view.needYou())
}

// live are the consents that may be used.
func (view overviewView) live() []consentLine {
	var lines []consentLine
	for _, line := range view.Consents {
		if line.State.Live {
			lines = append(lines, line)
		}
	}
	return lines
}

// moreLive counts the active ones that are not shown. Those that need the
// person are counted above.
func (view overviewView) moreLive() int {
	shown := 0
	for _, line := range view.first() {
		if !line.State.Needs {
			shown++
		}
	}
	return view.Counts[app.Active] - shown
}

// first are those of the live consents the screen has room for: those whose
// bank could not be read come before the rest.
func (view overviewView) first() []consentLine {
	live := view.live()
	slices.SortStableFunc(live, func(a, b consentLine) int {
		switch {
		case a.unread() == b.unread():
			return 0
		case a.unread():
			return -1
		}
		return 1
	})
	return live[:min(len(live), overviewConsents)]
}

// need says in a few words what the person has to do.
func (line consentLine) need(ctx context.Context) string {
	if line.Flow != nil {
		return words.T(ctx, "Begun %s, waiting for you", ui.MomentText(ctx, line.Flow.CreatedAt))
	}
	if line.Status == xs2a.ConsentPartiallyAuthorised {
		return words.T(ctx, "Waits for another person")
	}
	if line.State.Unconfirmed && line.Deletion.Approve() {
		return words.T(ctx, "Ended here on %s; the bank wants you to approve the deletion", ui.DateWords(ctx, line.EndedOn()))
	}
	if line.State.Unconfirmed {
		return words.T(ctx, "Ended here on %s; the bank has not confirmed it", ui.DateWords(ctx, line.EndedOn()))
	}
	return endsWords(ctx, line.Consent, line.State, line.Now)
}

// latestByDay puts what is pending first, whatever its date, then the days.
func latestByDay(transactions []storage.Transaction) []dayOfTransactions {
	if !slices.ContainsFunc(transactions, func(t storage.Transaction) bool { return t.Pending }) {
		return byDay(transactions)
	}
	var pending dayOfTransactions
	var booked []storage.Transaction
	for _, transaction := range transactions {
		if transaction.Pending {
			pending.Transactions = append(pending.Transactions, transaction)
			continue
		}
		booked = append(booked, transaction)
	}
	return append([]dayOfTransactions{pending}, byDay(booked)...)
}

// totalHistory is the course of a total; its days only have to be in order.
func totalHistory(total holding.Total) ui.Balances {
	var all ui.Balances
	for i, amount := range total.Days {
		all = append(all, ui.Point{Day: day("2000-01-01").AddDate(0, 0, i), Balance: money(amount)})
	}
	return all
}

// currencyNames are the currencies of the countries banks are reached in.
var currencyNames = map[string]words.Text{
	"SEK": "Swedish krona", "EUR": "Euro", "NOK": "Norwegian krone", "DKK": "Danish krone", "GEL": "Georgian lari",
	"RON": "Romanian leu", "GBP": "Pound sterling", "CHF": "Swiss franc", "USD": "US dollar", "PLN": "Polish złoty",
	"CZK": "Czech koruna", "HUF": "Hungarian forint", "BGN": "Bulgarian lev", "ISK": "Icelandic króna",
}

// currencyName is the currency in words, or its code.
func currencyName(ctx context.Context, code string) string {
	if name := currencyNames[code]; name != "" {
		return words.T(ctx, name)
	}
	return code
}
