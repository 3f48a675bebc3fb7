package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/find"
	"consentry/app/holding"
	"consentry/app/own"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// transactions lists the transactions of all accounts, or those the person looks for.
func (s *Server) transactions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if clears(w, r, "/transactions") {
		return nil
	}
	view, err := s.transactionsOf(ctx, r.URL.Query())
	if err != nil {
		return err
	}
	if sums := r.URL.Query().Get("sums"); (sums == sumsSome || sums == sumsAll) && !view.Found.Nothing && !view.refused() {
		sum, err := s.app.Holdings().Sum(ctx, view.Search, sums == sumsAll)
		if err != nil {
			return err
		}
		view.Sum = &sum
	}
	switch {
	case aimsAt(r, "sums"):
		return s.fragment(w, r, foundSums(view))
	case aimsAt(r, "found"):
		err = s.fragment(w, r, foundTransactions(view))
	default:
		err = s.page(w, r, Page{Title: view.title(ctx), Section: SectionAccounts}, transactionsScreen(view))
	}
	return s.showed(ctx, err, view.Found.Transactions)
}

// What an address asks to be added up: what was found unless that is very many, or all of it.
const (
	sumsSome = "yes"
	sumsAll  = "all"
)

// transactionsOf are the transactions that are asked for by these fields.
func (s *Server) transactionsOf(ctx context.Context, asked url.Values) (view transactionsView, err error) {
	view = transactionsView{Search: searchIn(asked), FilterOpen: asked.Get("filter") == filterOpen, Day: isoIn(asked.Get("day"))}
	if view.At, err = placeOf(asked); err != nil {
		return view, err
	}
	if view.Accounts, err = s.app.Holdings().PlainAccounts(ctx); err != nil {
		return view, err
	}
	if !slices.ContainsFunc(view.Accounts, func(a storage.Account) bool { return a.ID == view.Search.AccountID }) {
		view.Search.AccountID, view.AccountGone = 0, asked.Get("account") != ""
	}
	if view.Tags, err = s.app.Own().Tags(ctx); err != nil {
		return view, err
	}
	if view.FilterOpen || view.filtered() {
		if view.Codes, err = s.app.Holdings().BankCodes(ctx, view.Search.AccountID); err != nil {
			return view, err
		}
	}
	if view.Saved, err = s.app.Own().SavedSearches(ctx); err != nil {
		return view, err
	}
	if asked.Get("tagged") != "" {
		view.Tagged = &own.Tagged{Added: int(placeIn(asked.Get("tagged"))), Full: int(placeIn(asked.Get("full"))), More: asked.Get("more") == "yes"}
	}
	view.Nows = map[string]time.Time{}
	for _, account := range view.Accounts {
		view.Nows[account.EnvironmentID] = s.app.Clock().NowAt(account.EnvironmentID)
	}
	if view.Search.Counterparty != "" {
		if view.With, err = s.app.Holdings().Counterparty(ctx, view.Search.Counterparty); err != nil && !app.NotFound(err) {
			return view, err
		}
	}
	if view.refused() {
		return view, nil
	}
	view.Found, err = s.app.Holdings().FindAmong(ctx, view.Accounts, view.Search, view.At)
	return view, err
}

// searchIn reads an address. What it does not understand is as if it were not there.
func searchIn(asked url.Values) holding.Search {
	search := holding.Search{
		Typed: strings.TrimSpace(asked.Get("q")), AccountID: placeIn(asked.Get("account")),
		Days:     daysIn(asked),
		Currency: currencyIn(asked.Get("currency")), Counterparty: counterpartyIn(asked.Get("counterparty")), Apart: asked.Get("own") == ownApart, Shown: asked.Get("hidden") == hiddenOut, Tag: asked.Get("tag"),
		BankCode: asked.Get("code"),
	}
	switch way := storage.Way(asked.Get("way")); way {
	case storage.MoneyIn, storage.MoneyOut:
		search.Way = way
	}
	switch state := storage.State(asked.Get("state")); state {
	case storage.StateBooked, storage.StatePending:
		search.State = state
	}
	return search
}

// currencyIn returns a currency code; empty for what is none.
func currencyIn(text string) string {
	if len(text) != 3 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return text
}

// longestKey bounds what tells a counterparty in an address.
const longestKey = 2000

// counterpartyIn returns what tells a counterparty; empty for what cannot.
func counterpartyIn(text string) string {
	if len(text) > longestKey || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789 #~") != "" {
		return ""
	}
	return text
}

// isoIn returns an ISO date; empty for what is none.
func isoIn(text string) string {
	if day(text).IsZero() {
		return ""
	}
	return text
}

// address is the list with a change to what the person chose; an empty value takes a choice back.
func (view transactionsView) address(changes ...string) string {
	chosen := chosenBy(view.Search)
	if view.FilterOpen {
		chosen["filter"] = filterOpen
	}
	return changedAddress("/transactions", chosen, changes)
}

// chosenBy is what a person typed and chose, by the names of fields.
func chosenBy(search holding.Search) map[string]string {
	chosen := map[string]string{"q": search.Typed, "from": search.Days.From, "to": search.Days.To, "way": string(search.Way), "state": string(search.State), "tag": search.Tag, "code": search.BankCode}
	if search.AccountID != 0 {
		chosen["account"] = strconv.FormatInt(search.AccountID, 10)
	}
	chosen["currency"], chosen["counterparty"] = search.Currency, search.Counterparty
	if search.Apart {
		chosen["own"] = ownApart
	}
	if search.Shown {
		chosen["hidden"] = hiddenOut
	}
	return chosen
}

// refused reports whether nothing is looked for, as what was chosen cannot be: the page says why.
func (view transactionsView) refused() bool { return view.AccountGone || turned(view.Search.Days) }

// looking reports whether the person looks for anything.
func (view transactionsView) looking() bool { return view.Search != holding.Search{} }

// filtered reports whether the person chose anything beside what they typed.
func (view transactionsView) filtered() bool {
	return view.Search != holding.Search{Typed: view.Search.Typed}
}

// first reports whether the newest of what is looked for are on this page.
func (view transactionsView) first() bool { return view.Found.Newer == 0 }

// pages leads through what was found.
func (view transactionsView) pages(ctx context.Context) ui.Pages {
	pages := pagesOf(ctx, view.Found.Transactions, view.Day, view.Found.Newer, view.Found.Older, view.address)
	if !view.Found.Full && view.Found.Older != 0 {
		pages.More = "Look further"
	}
	return pages
}

// postings are transactions as rows, with what was looked for marked.
func (view transactionsView) postings(ctx context.Context, transactions []storage.Transaction) []ui.Posting {
	read := &view.Found.Read
	rows := postingsWith(ctx, transactions, func(t *storage.Transaction) string { return foundNote(ctx, read, t) })
	if len(read.Terms) == 0 {
		return rows
	}
	marks := find.Marks(*read)
	for i := range rows {
		t := &transactions[i]
		rows[i].Marks, rows[i].Tags, rows[i].Found = marks, tagsOf(*t, *read), find.IsAmount(*read, t.Amount)
	}
	return rows
}

// foundNote is what a row says below its name: the account, what the transaction is about, and what
// else it was found by.
func foundNote(ctx context.Context, read *storage.Find, e *storage.Transaction) string {
	parts := append([]string{e.AccountName}, belowName(*e)...)
	if len(read.Terms) == 0 {
		return words.Row(ctx, parts)
	}
	shown := append([]string{counterparty(ctx, *e)}, parts...)
	return words.Row(ctx, append(parts, find.Unshown(*read, shown, []string{
		e.BankName, e.CreditorName, e.DebtorName, e.CreditorAccount, e.DebtorAccount, e.Remittance, e.Additional, e.EndToEndID, e.EntryReference, e.Transaction.ID, e.BankCode,
	})...))
}

// title names the page, and what is looked for on it.
func (view transactionsView) title(ctx context.Context) string {
	if view.Search.Typed == "" {
		return words.T(ctx, "Transactions")
	}
	return words.T(ctx, "Transactions: %s", view.Search.Typed)
}

// account is the one that the list is of, if it is of one.
func (view transactionsView) account() (storage.Account, bool) {
	at := slices.IndexFunc(view.Accounts, func(a storage.Account) bool { return a.ID == view.Search.AccountID })
	if at < 0 {
		return storage.Account{}, false
	}
	return view.Accounts[at], true
}

func (view transactionsView) heading(ctx context.Context) ui.Heading {
	h := ui.Heading{Title: words.T(ctx, "Transactions"), Sub: words.T(ctx, "Of all your accounts, the newest first"), Back: ui.Link{Label: words.T(ctx, "Accounts"), Href: "/accounts"}}
	if account, one := view.account(); one {
		h.Sub = words.T(ctx, "Of %s, the newest first", accountChoice(ctx, account))
		h.Back = ui.Link{Label: words.T(ctx, "The account"), Href: accountPath(account.ID)}
	}
	return h
}

// accountOptions are the accounts to choose one from.
func accountOptions(ctx context.Context, accounts []storage.Account, id int64) []ui.Option {
	var options []ui.Option
	for _, account := range accounts {
		options = append(options, ui.Option{Value: strconv.FormatInt(account.ID, 10), Label: accountChoice(ctx, account)})
	}
	chosen := ""
	if id != 0 {
		chosen = strconv.FormatInt(id, 10)
	}
	return choose(distinct(ctx, options), words.T(ctx, "All accounts"), chosen)
}

func (view transactionsView) wayOptions(ctx context.Context) []ui.Option {
	return choose([]ui.Option{{Value: string(storage.MoneyIn), Label: words.T(ctx, "Money in")}, {Value: string(storage.MoneyOut), Label: words.T(ctx, "Money out")}},
		words.T(ctx, "In and out"), string(view.Search.Way))
}

func (view transactionsView) stateOptions(ctx context.Context) []ui.Option {
	return choose([]ui.Option{{Value: string(storage.StateBooked), Label: words.T(ctx, "Booked")}, {Value: string(storage.StatePending), Label: words.T(ctx, "Pending")}},
		words.T(ctx, "Any status"), string(view.Search.State))
}

// apart are the choices that have no field of their own, each with where it is taken back.
func (view transactionsView) apart(ctx context.Context) (chips []ui.Chip) {
	if view.Search.Counterparty != "" {
		chips = append(chips, ui.Chip{Label: words.T(ctx, "With %s", counterpartyName(ctx, view.With)), Href: view.address("counterparty", "")})
	}
	if view.Search.Currency != "" {
		chips = append(chips, ui.Chip{Label: words.T(ctx, "In %s", view.Search.Currency), Href: view.address("currency", "")})
	}
	if view.Search.Apart {
		chips = append(chips, ui.Chip{Label: words.T(ctx, "Without transfers between your accounts"), Href: view.address("own", "")})
	}
	if view.Search.Shown {
		chips = append(chips, ui.Chip{Label: words.T(ctx, "Without hidden accounts"), Href: view.address("hidden", "")})
	}
	return chips
}

// ownApart leaves out transfers between own accounts, hiddenOut accounts that the person has hidden.
const (
	ownApart  = "apart"
	hiddenOut = "without"
)

// foundPath leads to the transactions that are looked for. Its query is written in the order of names, as
// address does it; a page with charts has hundreds of them.
func foundPath(search holding.Search) string {
	var b strings.Builder
	b.WriteString("/transactions")
	mark := byte('?')
	add := func(name, value string) {
		if value != "" {
			b.WriteByte(mark)
			b.WriteString(name)
			b.WriteByte('=')
			b.WriteString(url.QueryEscape(value))
			mark = '&'
		}
	}
	if search.AccountID != 0 {
		add("account", strconv.FormatInt(search.AccountID, 10))
	}
	add("code", search.BankCode)
	add("counterparty", search.Counterparty)
	add("currency", search.Currency)
	add("from", search.Days.From)
	if search.Shown {
		add("hidden", hiddenOut)
	}
	if search.Apart {
		add("own", ownApart)
	}
	add("q", search.Typed)
	add("state", string(search.State))
	add("tag", search.Tag)
	add("to", search.Days.To)
	add("way", string(search.Way))
	return b.String()
}

func (view transactionsView) tagOptions(ctx context.Context) []ui.Option {
	options, chosen := []ui.Option{}, ""
	for _, tag := range view.Tags {
		options = append(options, ui.Option{Value: tag.Name, Label: tag.Name})
		if storage.FoldTag(tag.Name) == storage.FoldTag(view.Search.Tag) {
			chosen = tag.Name
		}
	}
	if chosen == "" && view.Search.Tag != "" { // nothing has it any more
		options, chosen = append(options, ui.Option{Value: view.Search.Tag, Label: view.Search.Tag}), view.Search.Tag
	}
	return choose(options, words.T(ctx, "Any tag"), chosen)
}

// summary says how many were found, and how what was typed was read where that is not words
// alone.
func (view transactionsView) summary(ctx context.Context) string {
	var said []string
	if view.refused() {
		return ""
	}
	if n := len(view.Found.Transactions); view.first() && view.looking() && !view.Found.Nothing {
		switch {
		case n == 0 && view.Found.Older != 0:
			said = append(said, words.T(ctx, "No transaction found so far"))
		case view.Found.Older != 0:
			said = append(said, words.N(ctx, n, "The newest transaction", "The newest %d transactions"))
		case n == 0:
			said = append(said, words.T(ctx, "No transaction found"))
		default:
			said = append(said, words.N(ctx, n, "%d transaction", "%d transactions"))
		}
	}
	for _, text := range view.Found.AsWords {
		said = append(said, words.T(ctx, "“%s” is no day and no amount, and looked for as words", text))
	}
	read := view.Found.Read
	if read.Days != view.Search.Days || read.Days.From != "" && read.Days.To != "" && read.Days.Empty() {
		said = append(said, daysWords(ctx, read.Days))
	}
	least, most := "", ""
	if read.Least != nil {
		least = ui.Money{Number: read.Least.Text('f')}.Text(ctx)
	}
	if read.Most != nil {
		most = ui.Money{Number: read.Most.Text('f')}.Text(ctx)
	}
	switch {
	case least != "" && most != "":
		said = append(said, words.T(ctx, "amounts from %s to %s", least, most))
	case least != "" && read.Above:
		said = append(said, words.T(ctx, "amounts over %s", least))
	case least != "":
		said = append(said, words.T(ctx, "amounts from %s", least))
	case most != "" && read.Below:
		said = append(said, words.T(ctx, "amounts under %s", most))
	case most != "":
		said = append(said, words.T(ctx, "amounts up to %s", most))
	}
	return strings.Join(said, " · ")
}

// sums says what the transactions that were found add up to, a line for each currency.
func (view transactionsView) sums(ctx context.Context) (lines []string) {
	if view.Sum.More {
		return []string{words.T(ctx, "More than %d may match. To add them up takes a moment.", storage.MostAdded)}
	}
	for _, one := range view.Sum.Sums {
		in := ui.Money{Number: one.In.Text('f'), Currency: one.Currency}
		out := ui.Money{Number: one.Out.Text('f'), Currency: one.Currency}
		lines = append(lines, words.N(ctx, one.Count, "%d transaction: in %s, out %s", "%d transactions: in %s, out %s", in.Text(ctx)+"\u00a0"+one.Currency, out.Text(ctx)+"\u00a0"+one.Currency))
	}
	return lines
}

// daysWords says a span of days, of which one side may be open.
func daysWords(ctx context.Context, days storage.Span) string {
	switch {
	case days.From == days.To:
		return ui.DateWords(ctx, day(days.From))
	case days.To == "":
		return words.T(ctx, "From %s", ui.DateWords(ctx, day(days.From)))
	case days.From == "":
		return words.T(ctx, "To %s", ui.DateWords(ctx, day(days.To)))
	case days.Empty():
		return words.T(ctx, "No day is in all these")
	}
	return words.T(ctx, "%s to %s", ui.DateWords(ctx, day(days.From)), ui.DateWords(ctx, day(days.To)))
}

// lookedTo says how far was looked, where the page ended because very many had been looked at.
func (view transactionsView) lookedTo(ctx context.Context) string {
	switch {
	case view.Found.Full:
		return ""
	case view.At.Before != 0 && view.Found.Newer != 0:
		return words.T(ctx, "Very many transactions were looked at, up to %s. Newer ones may match, too.", ui.DateWords(ctx, day(view.Found.Newer.Date())))
	case view.Found.Older != 0:
		return words.T(ctx, "Very many transactions were looked at, down to %s. Older ones may match, too.", ui.DateWords(ctx, day(view.Found.Older.Date())))
	}
	return ""
}
