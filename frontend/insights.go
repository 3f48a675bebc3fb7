package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// insightMonths are how many months are shown where nothing else was chosen.
const insightMonths = 12

// mostInsightMonths bounds what one may choose.
const mostInsightMonths = 120

// insights shows what a period was like: the balance, and what went in and out.
func (s *Server) insights(w http.ResponseWriter, r *http.Request) error {
	view, figures, err := s.insightsOf(r)
	if err != nil {
		return err
	}
	if figures != nil {
		view.Course = figures.Course()
		if view.Days, err = figures.Days(r.Context()); err != nil {
			return err
		}
		if view.First, err = s.app.Holdings().FirstMonth(r.Context(), view.Scope.Accounts); err != nil {
			return err
		}
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Insights"), Section: SectionAccounts}, ui.At(view.Now, insightsScreen(view)))
}

// insightsWith shows with whom it was, and this month against usual: what takes longer to find out.
func (s *Server) insightsWith(w http.ResponseWriter, r *http.Request) error {
	view, figures, err := s.insightsOf(r)
	if err != nil {
		return err
	}
	if figures != nil {
		if view.To, view.From, err = figures.Top(r.Context(), view.Flows); err != nil {
			return err
		}
		if view.Usual, err = figures.AgainstUsual(r.Context()); err != nil {
			return err
		}
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "With whom"), Section: SectionAccounts}, ui.At(view.Now, insightsWithScreen(view)))
}

// insightsOf is what both begin with; there are no figures where there is no account, or the period
// ends before it begins.
func (s *Server) insightsOf(r *http.Request) (view insightsView, figures *holding.Figures, err error) {
	if view.All, err = s.app.Holdings().Accounts(r.Context()); err != nil || len(view.All) == 0 {
		return view, nil, err
	}
	if s.choose(&view, r.URL.Query()); view.allHidden() || view.turned() {
		return view, nil, nil
	}
	if view.Ages, err = s.app.Holdings().AgesOf(r.Context(), view.Scope.Accounts...); err != nil {
		return view, nil, err
	}
	if figures, err = s.app.Holdings().Figures(r.Context(), view.Scope); err != nil {
		return view, nil, err
	}
	view.Flows = figures.Flows()
	return view, figures, nil
}

// choose reads an address. What it does not understand is as if it were not there.
func (s *Server) choose(view *insightsView, asked url.Values) {
	view.AccountID = placeIn(asked.Get("account"))
	at := slices.IndexFunc(view.All, func(a storage.Account) bool { return a.ID == view.AccountID })
	of := holding.Shown(view.All)
	if at < 0 {
		view.AccountID, view.Hidden = 0, len(view.All)-len(of)
	} else {
		of = view.All[at : at+1]
	}
	if len(of) == 0 {
		return
	}
	view.Currencies = holding.Currencies(of)
	if view.Scope.Currency = view.Currencies[0]; slices.Contains(view.Currencies, asked.Get("currency")) {
		view.Scope.Currency = asked.Get("currency")
	}
	for _, account := range of {
		if slices.Contains(holding.Currencies([]storage.Account{account}), view.Scope.Currency) {
			view.Scope.Accounts = append(view.Scope.Accounts, account)
		}
	}
	view.Now = s.app.Clock().NowAt(view.Scope.Accounts[0].EnvironmentID)
	view.Scope.Period = periodIn(asked, view.Now)
}

// periodIn is the period that an address asks for: the last months, or those from one to another.
func periodIn(asked url.Values, now time.Time) holding.Period {
	this := now.Format("2006-01")
	if from, to := day(asked.Get("from")+"-01"), day(asked.Get("to")+"-01"); !from.IsZero() && !to.IsZero() {
		if to.Before(from) { // which is refused
			return holding.Period{From: from.Format("2006-01"), To: to.Format("2006-01")}
		}
		if least := to.AddDate(0, 1-mostInsightMonths, 0); from.Before(least) {
			from = least
		}
		return holding.Period{From: from.Format("2006-01"), To: min(to.Format("2006-01"), max(this, from.Format("2006-01")))}
	}
	months, err := strconv.Atoi(asked.Get("months"))
	if err != nil || months < 1 || months > mostInsightMonths {
		months = insightMonths
	}
	return holding.LastMonths(now, months)
}

// allHidden reports whether nothing is shown since the person has hidden all accounts.
func (view insightsView) allHidden() bool { return len(view.All) > 0 && view.Hidden == len(view.All) }

// turned reports whether the last month is before the first.
func (view insightsView) turned() bool {
	return turned(storage.Span{From: view.Scope.From, To: view.Scope.To})
}

// toMonth is the field for the last month. It is refused where that is before the first.
func (view insightsView) toMonth(ctx context.Context) ui.Field {
	field := ui.Field{Name: "to", Label: words.T(ctx, "To month")}
	if view.turned() {
		field.Error = words.T(ctx, "This is before the first month. Choose a later month, or an earlier first one.")
	}
	return field
}

// insightsPath leads to the insights of an account; zero: of all.
func insightsPath(account int64) string {
	if account == 0 {
		return "/insights"
	}
	return "/insights?account=" + strconv.FormatInt(account, 10)
}

// address is the page with a change to what was chosen.
func (view insightsView) address(changes ...string) string { return view.at("/insights", changes) }

// withPath leads to those with whom it was.
func (view insightsView) withPath() string { return view.at("/insights/with", nil) }

// withLabel says what is to be found there.
func (view insightsView) withLabel(ctx context.Context) string {
	if view.Scope.To == view.Now.Format("2006-01") {
		return words.T(ctx, "With whom, and this month against usual")
	}
	return words.T(ctx, "With whom")
}

func (view insightsView) at(path string, changes []string) string {
	chosen := map[string]string{"currency": view.Scope.Currency, "from": view.Scope.From, "to": view.Scope.To}
	if view.AccountID != 0 {
		chosen["account"] = strconv.FormatInt(view.AccountID, 10)
	}
	return changedAddress(path, chosen, changes)
}

func (view insightsView) heading(ctx context.Context) ui.Heading {
	h := ui.Heading{Title: words.T(ctx, "Insights"), Back: ui.Link{Label: words.T(ctx, "Accounts"), Href: "/accounts"}}
	if len(view.All) == 0 || view.allHidden() || view.turned() {
		return h
	}
	h.Sub = words.T(ctx, "All your accounts in %s, %s", view.Scope.Currency, view.period(ctx))
	if view.AccountID != 0 {
		h.Sub = words.T(ctx, "%s, %s", accountChoice(ctx, view.Scope.Accounts[0]), view.period(ctx))
		h.Back = ui.Link{Label: words.T(ctx, "The account"), Href: accountPath(view.AccountID)}
	}
	return h
}

// withHeading is that of the page of those with whom it was.
func (view insightsView) withHeading(ctx context.Context) ui.Heading {
	h := view.heading(ctx)
	h.Title, h.Back = words.T(ctx, "With whom"), ui.Link{Label: words.T(ctx, "Insights"), Href: "/insights"}
	if len(view.All) > 0 {
		h.Back.Href = view.address()
	}
	return h
}

// period names the months that are shown.
func (view insightsView) period(ctx context.Context) string {
	return monthsWords(ctx, view.Scope.Period)
}

// monthsWords names months that follow each other.
func monthsWords(ctx context.Context, months holding.Period) string {
	from := words.Date(ctx, day(months.From+"-01"), "January 2006")
	if months.From == months.To {
		return from
	}
	return words.T(ctx, "%s to %s", from, words.Date(ctx, day(months.To+"-01"), "January 2006"))
}

// periods are those that are chosen most.
func (view insightsView) periods(ctx context.Context) (chips []ui.Chip) {
	year := holding.Period{From: view.Now.Format("2006") + "-01", To: view.Now.Format("2006-01")}
	for _, one := range []struct {
		label string
		holding.Period
	}{
		{words.T(ctx, "This month"), holding.LastMonths(view.Now, 1)},
		{words.T(ctx, "3 months"), holding.LastMonths(view.Now, 3)},
		{words.T(ctx, "12 months"), holding.LastMonths(view.Now, 12)},
		{words.T(ctx, "This year"), year},
		{words.T(ctx, "Since the first"), holding.Period{From: max(view.First, holding.LastMonths(view.Now, mostInsightMonths).From), To: view.Now.Format("2006-01")}},
	} {
		if slices.ContainsFunc(chips, func(c ui.Chip) bool { return c.Href == view.address("from", one.From, "to", one.To) }) {
			continue
		}
		chips = append(chips, ui.Chip{Label: one.label, Href: view.address("from", one.From, "to", one.To), Current: one.Period == view.Scope.Period})
	}
	return chips
}

// monthOptions are the months that may be chosen, the newest first.
func (view insightsView) monthOptions(ctx context.Context) (options []ui.Option) {
	first := min(view.First, view.Scope.From)
	first = max(first, holding.LastMonths(view.Now, mostInsightMonths).From)
	for _, month := range slices.Backward(holding.Period{From: first, To: max(view.Now.Format("2006-01"), view.Scope.To)}.Months()) {
		options = append(options, ui.Option{Value: month, Label: words.Date(ctx, day(month+"-01"), "January 2006")})
	}
	return options
}

// chosenIn are options, of which one is chosen.
func chosenIn(options []ui.Option, value string) []ui.Option {
	options = slices.Clone(options)
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}

func (view insightsView) currencyOptions() (options []ui.Option) {
	for _, currency := range view.Currencies {
		options = append(options, ui.Option{Value: currency, Label: currency, Chosen: currency == view.Scope.Currency})
	}
	return options
}

// search is what a figure of the page is made of.
func (view insightsView) search(days storage.Span) holding.Search {
	return holding.Search{AccountID: view.AccountID, Currency: view.Scope.Currency, Days: days, State: storage.StateBooked, Shown: view.Hidden > 0}
}

// months are the flows for their chart, each sum leading to its transactions; days, where they are told.
func (view insightsView) months(ctx context.Context) ui.Months {
	flows := view.Flows
	if len(view.Days) > 0 {
		flows = view.Days
	}
	return flowMonths(ctx, flows, func(days storage.Span, way storage.Way) string {
		search := view.search(days)
		search.Way, search.Apart = way, true
		return foundPath(search)
	})
}

// flowMonths are flows for their chart; where a sum leads is told for each.
func flowMonths(ctx context.Context, flows []holding.Flow, leads func(days storage.Span, way storage.Way) string) (all ui.Months) {
	for _, f := range flows {
		span := f.Span()
		month := ui.Month{
			First: day(span.From), Day: f.Day != "", In: money(f.In), Out: money(f.Out), Unread: f.Unread, Part: f.Missing, Filed: f.Filed,
			InHref: leads(span, storage.MoneyIn), OutHref: leads(span, storage.MoneyOut),
		}
		if in, out := money(f.OwnIn), money(f.OwnOut); in.In() || out.In() {
			month.Own = words.T(ctx, "in %s, out %s", in.Text(ctx), out.Text(ctx))
		}
		all = append(all, month)
	}
	return all
}

// stretches divide the course: into months, or into days where there are few.
func (view insightsView) stretches(ctx context.Context) (all []ui.Stretch) {
	points := view.Course.Points
	daily := len(view.Days) > 0 || len(view.Scope.Months()) == 1
	for i, p := range points {
		last := i+1 == len(points)
		if !daily && !last && points[i+1].Date[:7] == p.Date[:7] {
			continue
		}
		from, until := day(p.Date[:7]+"-01"), day(p.Date).AddDate(0, 0, 1)
		label := words.Date(ctx, from, "January 2006")
		if daily {
			from, label = day(p.Date), ui.DateWords(ctx, day(p.Date))
		} else if last {
			label = ui.DateWords(ctx, day(p.Date))
		}
		search := view.search(storage.Span{From: from.Format(time.DateOnly), To: p.Date})
		all = append(all, ui.Stretch{From: from, Until: until, Label: label, Href: foundPath(search), End: money(p.Amount)})
	}
	return all
}

// accountsNotes say which accounts figures leave out, and which of those they hold are not up to date.
func (view insightsView) accountsNotes(ctx context.Context) []string {
	return append(hiddenWords(ctx, view.Hidden), agesWords(ctx, view.Ages)...)
}

// courseNotes say what the course of the balance leaves out.
func (view insightsView) courseNotes(ctx context.Context) (notes []string) {
	notes = view.accountsNotes(ctx)
	if len(view.Course.Without) > 0 {
		notes = append(notes, words.T(ctx, "Without %s: the balance or the transactions are not known.", accountNames(ctx, view.Course.Without)))
	}
	if view.Course.Cut {
		notes = append(notes, words.T(ctx, "Only days on which the balance of each account is known are drawn: what lies before days that were not read is not."))
	}
	return notes
}

// flowsMissing says of which months nothing is known, which are known from files, and of which the sums are not whole.
func flowsMissing(ctx context.Context, flows []holding.Flow) (notes []string) {
	add := func(note words.Text, of func(holding.Flow) bool) {
		if months := monthsWhere(ctx, flows, of); months != "" {
			notes = append(notes, words.T(ctx, note, months))
		}
	}
	add("Not read: %s.", func(f holding.Flow) bool { return f.Unread })
	add("From a file, and not read from the bank: %s.", func(f holding.Flow) bool { return f.Filed && !f.Unread })
	add("Not whole, since days were not read: %s.", func(f holding.Flow) bool { return f.Missing && !f.Filed && !f.Unread })
	return notes
}

// monthsWhere names some of the months, those that follow each other by the first and the last of them; it
// counts them where that would be many names.
func monthsWhere(ctx context.Context, flows []holding.Flow, of func(holding.Flow) bool) string {
	const named = 6
	var names []string
	all := 0
	for i := 0; i < len(flows); i++ {
		if !of(flows[i]) {
			continue
		}
		first := i
		for i+1 < len(flows) && of(flows[i+1]) {
			i++
		}
		all += i - first + 1
		names = append(names, monthsWords(ctx, holding.Period{From: flows[first].Month, To: flows[i].Month}))
	}
	if len(names) > named {
		return words.N(ctx, all, "%d month", "%d months")
	}
	return strings.Join(names, ", ")
}

// moved reports whether anything went in or out.
func moved(flows []holding.Flow) bool {
	return slices.ContainsFunc(flows, func(f holding.Flow) bool {
		return money(f.In).In() || money(f.Out).In() || money(f.OwnIn).In() || money(f.OwnOut).In()
	})
}

// flowNotes say what the sums of the months leave out.
func (view insightsView) flowNotes(ctx context.Context) (notes []string) {
	notes = append(view.accountsNotes(ctx), flowsMissing(ctx, view.Flows)...)
	if slices.ContainsFunc(view.Flows, func(f holding.Flow) bool { return money(f.OwnIn).In() || money(f.OwnOut).In() }) {
		notes = append(notes, words.T(ctx, "What went between your accounts stands apart. It is told by their numbers: a transfer for which your bank gives no number counts as in or out."))
	}
	return append(notes, words.T(ctx, "Pending transactions do not count, nor do those that a bank does not list any more."))
}

// topNote says of a counterparty how often.
func (view insightsView) topNote(ctx context.Context, c storage.CounterpartySum, way storage.Way) string {
	n := c.Outs
	if way == storage.MoneyIn {
		n = c.Ins
	}
	return words.N(ctx, n, "%d transaction", "%d transactions")
}

// topFound leads to the transactions with one of the counterparties.
func (view insightsView) topFound(c storage.CounterpartySum, way storage.Way) string {
	search := view.search(view.Scope.Days())
	search.Way, search.Counterparty = way, c.Key
	return foundPath(search)
}

// usualNotes say what this month is compared with.
func usualNotes(ctx context.Context, usual holding.Usual) (notes []string) {
	if len(usual.Months) > 0 {
		notes = append(notes, words.T(ctx, "Usual is the middle one of the same days of %s.", monthNames(ctx, usual.Months)))
	} else {
		notes = append(notes, words.T(ctx, "No month before was read wholly, so there is nothing to compare with."))
	}
	if len(usual.Left) > 0 {
		notes = append(notes, words.T(ctx, "Not compared, since days were not read: %s.", monthNames(ctx, usual.Left)))
	}
	if usual.Missing {
		notes = append(notes, words.T(ctx, "Days of this month were not read: what went in and out may be more."))
	}
	return notes
}

func monthNames(ctx context.Context, months []string) string {
	var names []string
	for _, month := range months {
		names = append(names, words.Date(ctx, day(month+"-01"), "January"))
	}
	return words.List(ctx, names)
}
