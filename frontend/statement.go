package frontend

import (
	"context"
	"net/http"
	"strings"
	"time"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// statementView is an account's statement as a page that prints well.
type statementView struct {
	holding.AccountStatement
	MadeAt time.Time
	Ages   holding.Ages // of its account
}

func (s *Server) statement(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	account, err := s.app.Holdings().Account(r.Context(), id)
	if err != nil {
		return err
	}
	now := s.app.Clock().NowAt(account.EnvironmentID)
	days := daysIn(r.URL.Query())
	if days == (storage.Span{}) {
		days = lastMonth(now)
	}
	view := statementView{MadeAt: now, AccountStatement: holding.AccountStatement{Account: account, Days: days}}
	if view.Ages, err = s.app.Holdings().AgesOf(r.Context(), account); err != nil {
		return err
	}
	if !turned(days) {
		if view.AccountStatement, err = s.app.Holdings().AccountStatement(r.Context(), id, days); err != nil {
			return err
		}
	}
	page := Page{Title: words.T(r.Context(), "Statement, %s", accountName(r.Context(), account)), Section: SectionAccounts}
	return s.page(w, r, page, ui.At(now, statementScreen(view)))
}

// lastMonth is the last whole calendar month.
func lastMonth(now time.Time) storage.Span {
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	return storage.Span{From: first.AddDate(0, -1, 0).Format(time.DateOnly), To: first.AddDate(0, 0, -1).Format(time.DateOnly)}
}

func statementPath(id int64) string { return accountPath(id) + "/statement" }

// search is what the statement lists, to be taken out as a file.
func (view statementView) search() holding.Search {
	return holding.Search{AccountID: view.Account.ID, Days: view.Days}
}

func (view statementView) sub(ctx context.Context) string {
	if turned(view.Days) {
		return accountName(ctx, view.Account)
	}
	return words.Row(ctx, []string{accountName(ctx, view.Account), daysWords(ctx, view.Days)})
}

// missing says what of the days the statement does not hold, and that its account is not up to date.
func (view statementView) missing(ctx context.Context) (lines []string) {
	if old := ageWords(ctx, view.Ages); old != "" {
		lines = append(lines, words.T(ctx, "%s.", old))
	}
	var spans []string
	for _, span := range export.Unread(view.Account, view.Days) {
		spans = append(spans, daysWords(ctx, span))
	}
	if len(spans) > 0 {
		lines = append(lines, words.T(ctx, "Not read: %s.", strings.Join(spans, ", ")))
	}
	if read := view.Account.BookedTo; read == "" {
		lines = append(lines, words.T(ctx, "Its transactions were not read to their end yet."))
	} else if view.Days.To == "" || view.Days.To > read {
		lines = append(lines, words.T(ctx, "The account was read up to %s. What was booked later is not in it.", ui.DateWords(ctx, day(read))))
	}
	if n := view.Account.LeftOut.Count; n > 0 {
		lines = append(lines, words.N(ctx, n, "%d transaction that the bank sent could not be read.", "%d transactions that the bank sent could not be read."))
	}
	for _, one := range view.Currencies {
		if one.Dropped > 0 {
			lines = append(lines, words.N(ctx, one.Dropped, "%d transaction is left out that the bank no longer lists.", "%d transactions are left out that the bank no longer lists."))
		}
	}
	return lines
}

// unknown says why a balance is not shown; empty where both are.
func (view statementView) unknown(ctx context.Context, one holding.CurrencyStatement) string {
	if one.Opening != nil && one.Closing != nil || one.Unknown == "" {
		return ""
	}
	return words.T(ctx, unknownWords[one.Unknown])
}

// shown is an amount, or that it is not known.
func shown(ctx context.Context, amount *xs2a.Amount) string {
	if amount == nil {
		return words.T(ctx, "Not known")
	}
	return money(*amount).Text(ctx)
}

// about is what an entry says besides its name.
func (view statementView) about(ctx context.Context, e storage.Transaction) string {
	var said []string
	if note := transactionNote(e); note != "" {
		said = append(said, note)
	}
	if e.ValueDate != "" && e.ValueDate != e.Date() {
		said = append(said, words.T(ctx, "value date %s", ui.DateWords(ctx, day(e.ValueDate))))
	}
	return words.Row(ctx, said)
}
