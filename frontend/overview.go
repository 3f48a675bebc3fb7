package frontend

import (
	"context"
	"net/http"
	"slices"
	"time"

	"consentry/app"
	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// What the first screen shows.
const (
	overviewDays         = 30
	overviewTransactions = 12
	overviewConsents     = 6
)

func (s *Server) overview(w http.ResponseWriter, r *http.Request) error {
	view, err := s.overviewOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Overview"), Section: SectionOverview}, overviewScreen(view))
}

// overviewOf is what the person has, what needs them, what happened and what comes, in this order.
func (s *Server) overviewOf(r *http.Request) (view overviewView, err error) {
	ctx := r.Context()
	hidden, err := s.practiceHidden(ctx)
	if err != nil {
		return view, err
	}
	view.Practice, view.About, view.Restores = len(s.about.SandboxLogins) > 0 && !hidden, s.about, s.backup != nil
	accounts, err := s.app.Holdings().Accounts(ctx)
	if err != nil {
		return view, err
	}
	view.Accounts, view.Banks = len(holding.Together(accounts)), len(byBank(accounts, nil))
	if view.Totals, err = s.app.Holdings().Totals(ctx, overviewDays); err != nil {
		return view, err
	}
	if view.Needs, err = s.needs(ctx); err != nil {
		return view, err
	}
	if view.Renewals, err = s.renewals(ctx); err != nil {
		return view, err
	}
	if err := s.happened(ctx, &view); err != nil {
		return view, err
	}
	if view.Coming, err = s.soon(ctx, view.Accounts == 0); err != nil {
		return view, err
	}
	return view, s.active(ctx, &view)
}

// happened adds what happened: what came, and what else there was.
func (s *Server) happened(ctx context.Context, view *overviewView) error {
	arrivals, err := s.app.Own().Arrivals(ctx)
	if err != nil {
		return err
	}
	view.New = sumOf(arrivals)
	if view.Transactions, err = s.app.Holdings().LatestTransactions(ctx, overviewTransactions); err != nil {
		return err
	}
	view.Nows = map[string]time.Time{}
	for _, transaction := range view.Transactions {
		view.Nows[transaction.EnvironmentID] = s.app.Clock().NowAt(transaction.EnvironmentID)
	}
	view.Lately, err = s.lately(ctx)
	return err
}

// active adds the consents that may be used, with what their last reads brought, and the fetches under way.
func (s *Server) active(ctx context.Context, view *overviewView) error {
	found, err := s.app.ConsentList(ctx, app.ConsentQuery{Limit: eachGroup})
	view.Counts = found.Counts
	for _, one := range found.Lines {
		line := s.listed(one)
		view.Consents = append(view.Consents, line)
		if job := s.app.Reader().Job(line.ID); job != nil {
			view.Read = append(view.Read, job)
		}
	}
	return err
}

// jobs are the fetches under way.
func (view overviewView) jobs() []*fetch.Job {
	return slices.DeleteFunc(slices.Clone(view.Read), func(job *fetch.Job) bool { return !job.Running() })
}

// empty reports whether there is nothing to show, and so one thing to do.
func (view overviewView) empty() bool {
	return view.Accounts == 0 && len(view.Needs.Lines) == 0 && len(view.live()) == 0
}

func (view overviewView) size(ctx context.Context) string {
	if view.Accounts == 0 {
		return words.T(ctx, "No account yet")
	}
	return accountsAtBanks(ctx, view.Accounts, view.Banks)
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

// moreLive counts the active ones that are not shown.
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

// readText says of a consent in use when it was read last and what that brought, as far as it is known, and until when
// it lasts.
func (view overviewView) readText(ctx context.Context, line *consentLine) string {
	read := line.readFact(ctx).Main
	at := slices.IndexFunc(view.Read, func(job *fetch.Job) bool {
		return job.ConsentID == line.ID && !job.Running() && job.Err == nil && !job.Stopped
	})
	switch {
	case line.unread():
		read = words.T(ctx, "Not read %s", ui.MomentText(ctx, line.TriedAt))
	case at >= 0 && view.Read[at].New > 0:
		read = words.N(ctx, view.Read[at].New, "%[2]s, %[1]d new transaction", "%[2]s, %[1]d new transactions", read)
	case at >= 0:
		read = words.T(ctx, "%s, nothing new", read)
	}
	if line.State.Needs {
		return read // and until when stands among what needs the person
	}
	return words.T(ctx, "%s · %s", read, endsWords(ctx, line.Consent, line.State, line.Now))
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
