package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"consentry/app"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// counterparty shows what went between the person and somebody else.
func (s *Server) counterparty(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key := counterpartyIn(r.URL.Query().Get("of"))
	view := counterpartyView{}
	var err error
	if view.Counterparty, err = s.app.Holdings().Counterparty(ctx, key); err != nil {
		return err // it is not there, or not any more
	}
	if view.Accounts, err = s.app.Holdings().Accounts(ctx); err != nil {
		return err
	}
	if view.Dealings, err = s.app.Holdings().Dealings(ctx, key, view.Accounts); err != nil {
		return err
	}
	if view.Latest, err = s.app.Holdings().LatestWith(ctx, key); err != nil {
		return err
	}
	view.Nows = map[string]time.Time{}
	for _, account := range view.Accounts {
		view.Nows[account.EnvironmentID] = s.app.Clock().NowAt(account.EnvironmentID)
	}
	return s.page(w, r, Page{Title: counterpartyName(ctx, view.Counterparty), Section: SectionAccounts}, counterpartyScreen(view))
}

// counterpartyPath leads to the page of a counterparty.
func counterpartyPath(key string) string {
	return "/counterparty?" + url.Values{"of": {key}}.Encode()
}

// counterpartyName is how a bank called them last.
func counterpartyName(ctx context.Context, c storage.Counterparty) string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Number != "":
		return ui.MaskIBAN(ctx, c.Number)
	}
	return words.T(ctx, "No name given")
}

// turnoverOf is what went one way with a counterparty.
func turnoverOf(c storage.CounterpartySum, way storage.Way) ui.Money {
	if way == storage.MoneyIn {
		return ui.Money{Number: c.In.String(), Currency: c.Currency}
	}
	return ui.Money{Number: c.Out.String(), Currency: c.Currency}
}

// own is the person's own account that the counterparty is, if it is one.
func (view counterpartyView) own() (storage.Account, bool) {
	at := slices.IndexFunc(view.Accounts, func(a storage.Account) bool {
		return view.Key != "" && (storage.NumberKey(a.IBAN) == view.Key || storage.NumberKey(a.BBAN) == view.Key)
	})
	if at < 0 {
		return storage.Account{}, false
	}
	return view.Accounts[at], true
}

func (view counterpartyView) heading(ctx context.Context) ui.Heading {
	return ui.Heading{Title: counterpartyName(ctx, view.Counterparty), Sub: view.told(ctx), Back: ui.Link{Label: words.T(ctx, "Insights"), Href: "/insights"}}
}

// told says what the counterparty is told by.
func (view counterpartyView) told(ctx context.Context) string {
	switch {
	case view.Number != "":
		return words.T(ctx, "All transactions with %s, under whatever name", ui.MaskIBAN(ctx, view.Number))
	case view.Key[0] == '~':
		return words.T(ctx, "All transactions with these words in their message, as your bank gives no name")
	}
	return words.T(ctx, "All transactions with this name")
}

// monthsShown are the last months with a counterparty.
func monthsShown(d holding.Dealings) []holding.Flow {
	return d.Months[max(len(d.Months)-mostInsightMonths, 0):]
}

func (view counterpartyView) months(ctx context.Context, d holding.Dealings) ui.Months {
	return flowMonths(ctx, monthsShown(d), func(days storage.Span, way storage.Way) string {
		return foundPath(holding.Search{Counterparty: view.Key, Currency: d.Currency, Way: way, State: storage.StateBooked, Days: days})
	})
}

// facts are the figures of a currency.
func (view counterpartyView) facts(ctx context.Context, d holding.Dealings) (facts [][2]string) {
	add := func(term, said string) { facts = append(facts, [2]string{term, said}) }
	if d.Outs > 0 {
		add(words.T(ctx, "Out"), words.N(ctx, d.Outs, "%d transaction, %s", "%d transactions, %s", money(d.Out).Spoken(ctx)))
	}
	if d.UsualOut != nil {
		add(words.T(ctx, "Usual amount out"), money(*d.UsualOut).Spoken(ctx))
	}
	if d.Ins > 0 {
		add(words.T(ctx, "In"), words.N(ctx, d.Ins, "%d transaction, %s", "%d transactions, %s", money(d.In).Spoken(ctx)))
	}
	if d.UsualIn != nil {
		add(words.T(ctx, "Usual amount in"), money(*d.UsualIn).Spoken(ctx))
	}
	if len(d.Accounts) == 0 {
		return facts
	}
	if first := day(d.First); first.IsZero() {
		add(words.T(ctx, "First"), words.Date(ctx, day(d.First+"-01"), "January 2006"))
	} else {
		add(words.T(ctx, "First"), ui.DateWords(ctx, first))
	}
	if last := day(d.Last); !last.IsZero() {
		add(words.T(ctx, "Last"), ui.DateWords(ctx, last))
	}
	var on []storage.Account
	for _, account := range view.Accounts {
		if slices.Contains(d.Accounts, account.ID) {
			on = append(on, account)
		}
	}
	add(words.T(ctx, "Accounts"), accountNames(ctx, on))
	return facts
}

// dealingsNotes say what the figures leave out, what in them is old, and what is usual.
func dealingsNotes(ctx context.Context, d holding.Dealings) (notes []string) {
	notes = append(hiddenWords(ctx, d.Hidden), agesWords(ctx, d.Ages)...)
	if len(d.Months) > 1 {
		notes = append(notes, flowsMissing(ctx, monthsShown(d))...)
	}
	if d.UsualOut != nil || d.UsualIn != nil {
		notes = append(notes, words.T(ctx, "The usual amount is the middle one of the latest, of %d at most.", holding.MostOfUsual))
	}
	return notes
}

// dealings are transactions with a counterparty as rows, each with its account.
func dealings(ctx context.Context, transactions []storage.Transaction) []ui.Posting {
	rows := make([]ui.Posting, len(transactions))
	for i, t := range transactions {
		rows[i] = ui.Posting{
			Row:    ui.Row{Title: counterparty(ctx, t), Sub: words.Row(ctx, []string{t.AccountName, transactionNote(t)}), Href: transactionPath(t.ID)},
			Amount: money(t.Amount), New: t.New, Dropped: !t.DroppedAt.IsZero(),
		}
	}
	return rows
}

// known reports whether the counterparty of a transaction has a page: whoever counts somewhere.
func (s *Server) known(ctx context.Context, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	_, err := s.app.Holdings().Counterparty(ctx, key)
	if app.NotFound(err) {
		return false, nil
	}
	return err == nil, err
}
