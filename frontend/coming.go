package frontend

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"consentry/app"
	"consentry/app/holding"
	"consentry/app/pay"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// How far ahead what comes is shown: on the overview, with so many lines, and on its own page.
const (
	soonComing      = 30
	soonComingLines = 7
	allComing       = 90
)

// comingView is what comes within some days.
type comingView struct {
	Lines []comingLine // those of before today first, then day by day
	Reads []comingLine // the next by itself of each consent, the earliest first
	Found bool         // what comes regularly was looked for
	More  bool         // not all was looked through
	Rest  int          // lines there is no room for
}

// comingLine is something that comes, in words.
type comingLine struct {
	app.Coming
	Account storage.Account // of what comes regularly
	Now     time.Time       // by the clock of its environment
}

// coming is the page of what comes; the overview asks it for its part where that was not there at once.
func (s *Server) coming(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if aimsAt(r, "comes") {
		view, err := s.soon(ctx, true)
		if err != nil {
			return err
		}
		return s.fragment(w, r, comesCard(view))
	}
	view, err := s.comingIn(ctx, allComing, true)
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(ctx, "What comes"), Section: SectionOverview}, comingScreen(view))
}

// soon is what the overview has room for, without what stands on it already: what is pending, among the latest
// transactions, and consents that are due, among what needs the person.
func (s *Server) soon(ctx context.Context, look bool) (comingView, error) {
	view, err := s.comingIn(ctx, soonComing, look)
	view.Lines = slices.DeleteFunc(view.Lines, func(c comingLine) bool {
		return c.Next && c.Regular.Pending || c.Kind == app.ComesEnd && s.app.EndsSoon(c.Consent) && c.Consent.SnoozedUntil <= c.Now.Format(time.DateOnly)
	})
	if view.Rest = len(view.Lines) - soonComingLines; view.Rest > 0 {
		view.Lines = view.Lines[:soonComingLines]
	}
	return view, err
}

func (s *Server) comingIn(ctx context.Context, days int, look bool) (comingView, error) {
	found, err := s.app.Outlook(ctx, days, look)
	if err != nil {
		return comingView{}, err
	}
	accounts, err := s.app.Holdings().PlainAccounts(ctx)
	view := comingView{Found: found.Found, More: found.More}
	for _, one := range found.All {
		line := comingLine{Coming: one}
		switch one.Kind {
		case app.ComesIn, app.ComesOut:
			at := slices.IndexFunc(accounts, func(a storage.Account) bool { return a.ID == one.Regular.AccountID })
			line.Account = accounts[at]
			line.Now = s.app.Clock().NowAt(line.Account.EnvironmentID)
		case app.ComesOrdered:
			line.Now = s.app.Clock().NowAt(one.Payment.EnvironmentID)
		default:
			line.Now = s.app.Clock().NowAt(one.Consent.EnvironmentID)
		}
		if one.Kind == app.ComesRead {
			view.Reads = append(view.Reads, line)
			continue
		}
		view.Lines = append(view.Lines, line)
	}
	slices.SortStableFunc(view.Reads, func(x, y comingLine) int { return cmp.Compare(x.At.Sub(x.Now), y.At.Sub(y.Now)) })
	return view, err
}

// empty reports whether there is nothing to show.
func (view comingView) empty() bool { return view.Found && len(view.Lines)+len(view.Reads) == 0 }

// comingDay is what comes on a day, or was to come before today.
type comingDay struct {
	Label string
	Day   time.Time // zero: before today
	Lines []comingLine
}

// days group what comes.
func (view comingView) days(ctx context.Context) (days []comingDay) {
	for _, line := range view.Lines {
		one := comingDay{Day: day(line.On)}
		today := day(line.Now.Format(time.DateOnly))
		switch left := daysLeft(one.Day, line.Now); {
		case one.Day.Before(today):
			one.Day, one.Label = time.Time{}, words.T(ctx, "Before today")
		case left == 0:
			one.Label = words.T(ctx, "Today")
		case left == 1:
			one.Label = words.T(ctx, "Tomorrow")
		case one.Day.Year() == today.Year():
			one.Label = words.Date(ctx, one.Day, "Monday 2 January")
		default:
			one.Label = words.Date(ctx, one.Day, "Monday 2 January 2006")
		}
		if n := len(days); n > 0 && days[n-1].Label == one.Label {
			days[n-1].Lines = append(days[n-1].Lines, line)
			continue
		}
		one.Lines = []comingLine{line}
		days = append(days, one)
	}
	return days
}

// title is who pays or is paid, or the bank.
func (c *comingLine) title(ctx context.Context) string {
	switch c.Kind {
	case app.ComesIn, app.ComesOut:
		return counterpartyName(ctx, c.Regular.Counterparty)
	case app.ComesOrdered:
		return payeeOf(ctx, c.Payment)
	}
	return c.Consent.BankName
}

func (c *comingLine) logo() ui.Logo {
	switch c.Kind {
	case app.ComesIn, app.ComesOut:
		return logoOf(c.Account.EnvironmentID, c.Account.BIC, c.Account.BankName, ui.LogoSmall)
	case app.ComesOrdered:
		return logoOf(c.Payment.EnvironmentID, c.Payment.BIC, c.Payment.BankName, ui.LogoSmall)
	}
	return logoOf(c.Consent.EnvironmentID, c.Consent.BIC, c.Consent.BankName, ui.LogoSmall)
}

func (c *comingLine) href() string {
	switch c.Kind {
	case app.ComesIn, app.ComesOut:
		return counterpartyPath(c.Regular.Key)
	case app.ComesOrdered:
		return paymentPath(c.Payment.ID)
	}
	return consentPath(c.Consent.ID)
}

// text says what it is, and how that is known.
func (c *comingLine) text(ctx context.Context) string {
	switch c.Kind {
	case app.ComesIn, app.ComesOut:
		facts := append(c.expected(ctx), words.N(ctx, c.Regular.Times, "%d time since %s", "%d times since %s", ui.DateWords(ctx, day(c.Regular.First))))
		if c.Regular.Own {
			facts = append(facts, words.T(ctx, "between your accounts"))
		}
		return words.Row(ctx, append(facts, accountName(ctx, c.Account)))
	case app.ComesOrdered:
		if moved := c.moved(ctx); moved != "" {
			return sentences(sentence(paymentLine(ctx, c.Payment)), moved)
		}
		return paymentLine(ctx, c.Payment)
	case app.ComesRead:
		return words.T(ctx, "Is read automatically %s, while Consentry runs", atText(ctx, c.At))
	}
	if c.Consent.Recurring {
		return words.T(ctx, "Last day of the consent, unless you renew it before")
	}
	return words.T(ctx, "Last day of the consent")
}

// expected says how often it came, or of what is late how that stands.
func (c *comingLine) expected(ctx context.Context) []string {
	on := ui.DateWords(ctx, day(c.On))
	switch {
	case c.Next && c.Regular.Pending:
		return []string{words.T(ctx, "Expected on %s, stands as pending", on)}
	case c.Next && c.Regular.Late:
		return []string{words.T(ctx, "Expected on %s, not seen yet", on), words.T(ctx, "read until %s", ui.DateWords(ctx, day(c.Regular.Read)))}
	case c.Next && c.Regular.Unknown:
		return []string{words.T(ctx, "Expected on %s; the account was not read since", on)}
	case c.Regular.Unknown:
		return []string{words.T(ctx, cadenceWords[c.Regular.Cadence]), words.T(ctx, "account last read on %s", ui.DateWords(ctx, day(c.Regular.Read)))}
	}
	return []string{words.T(ctx, cadenceWords[c.Regular.Cadence])}
}

// moved says of a day of a standing order that is no bank day where it goes.
func (c *comingLine) moved(ctx context.Context) string {
	if c.Payment.Order.Standing == nil {
		return ""
	}
	return occasionText(ctx, c.Occasion)
}

// certain are the amounts of a payment made here.
func (c *comingLine) certain() []xs2a.Amount {
	if c.Kind != app.ComesOrdered {
		return nil
	}
	sums := pay.Sums(c.Payment.Order.Transfers)
	for i := range sums {
		sums[i].Number = "-" + sums[i].Number
	}
	return sums
}

// about is the amount that is expected; empty for what has none.
func (c *comingLine) about(ctx context.Context) string {
	switch c.Kind {
	case app.ComesIn:
		return aboutText(ctx, c.Regular, "")
	case app.ComesOut:
		return aboutText(ctx, c.Regular, "-")
	}
	return ""
}

// aboutText is what a regular payment may be: about the last, or between those of late.
func aboutText(ctx context.Context, r holding.Regular, sign string) string {
	signed := func(a xs2a.Amount) ui.Money { return ui.Money{Number: sign + a.Number, Currency: a.Currency} }
	if r.Varies() {
		return words.T(ctx, "%s to %s", signed(r.Least).SignedText(ctx), signed(r.Most).SignedText(ctx)+"\u00a0"+r.Most.Currency)
	}
	return words.T(ctx, "about %s", signed(r.Amount).SignedText(ctx)+"\u00a0"+r.Amount.Currency)
}

// readsText says when is read by itself next.
func (view comingView) readsText(ctx context.Context) string {
	first := view.Reads[0]
	at := ui.MomentText(ctx, first.At)
	if n := len(view.Reads) - 1; n > 0 {
		return words.N(ctx, n, "Next automatic reads: %[2]s %[3]s, and %[1]d other bank", "Next automatic reads: %[2]s %[3]s, and %[1]d other banks", first.Consent.BankName, at)
	}
	return words.T(ctx, "Next automatic read: %s %s", first.Consent.BankName, at)
}

// foretells reports whether an amount is a guess.
func (view comingView) foretells() bool {
	return slices.ContainsFunc(view.Lines, func(c comingLine) bool { return c.Kind == app.ComesIn || c.Kind == app.ComesOut })
}
