package frontend

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// directoryView is what an environment's directory said otherwise each time it was read.
type directoryView struct {
	Environment storage.Environment
	Readings    []storage.DirectoryReading // the latest first
	Listed      map[string]bool            // banks there is a page of, by BIC
}

// directoryChanges shows what changed in an environment's directory.
func (s *Server) directoryChanges(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	stored, err := s.app.Banks().Environment(ctx, id)
	if err != nil {
		return err
	}
	view := directoryView{Environment: stored.WithoutSecrets()}
	if view.Readings, err = s.app.Banks().DirectoryReadings(ctx, id); err != nil {
		return err
	}
	listed, err := s.app.Banks().List(ctx, storage.ASPSPQuery{})
	if err != nil {
		return err
	}
	view.Listed = map[string]bool{}
	for _, one := range listed {
		view.Listed[one.BIC] = view.Listed[one.BIC] || one.EnvironmentID == id
	}
	return s.page(w, r, Page{Title: words.T(ctx, "What changed in the bank directory"), Section: SectionBanks}, directoryScreen(view))
}

// newsWords say what a directory says otherwise than before, in a sentence.
func newsWords(ctx context.Context, environment storage.Environment, news bank.DirectoryNews, named bool) string {
	var parts []string
	if n := news.Count(storage.BankNew); n > 0 {
		parts = append(parts, words.N(ctx, n, "%d new bank", "%d new banks"))
	}
	if n := news.Count(storage.BankGone); n > 0 {
		parts = append(parts, words.N(ctx, n, "%d bank gone", "%d banks gone"))
	}
	if n := news.Count(storage.BankRenamed); n > 0 {
		parts = append(parts, words.N(ctx, n, "%d bank renamed", "%d banks renamed"))
	}
	if n := news.Count(storage.BankProducts); n > 0 {
		parts = append(parts, words.N(ctx, n, "%d bank with other payment products", "%d banks with other payment products"))
	}
	if n := news.Count(storage.BankApproaches); n > 0 {
		parts = append(parts, words.N(ctx, n, "%d bank with other ways to approve", "%d banks with other ways to approve"))
	}
	if news.LeftOut > 0 {
		parts = append(parts, words.N(ctx, news.LeftOut, "%d more change", "%d more changes"))
	}
	since := words.Date(ctx, news.Since, "2 January")
	if named {
		return words.T(ctx, "%s since %s: %s.", environmentName(ctx, environment.Name), since, words.Row(ctx, parts))
	}
	return words.T(ctx, "Since %s: %s.", since, words.Row(ctx, parts))
}

// goneNotice says that a bank's directory lists it no longer, which ends nothing by itself.
func goneNotice(ctx context.Context, name string, since time.Time) ui.Notice {
	return ui.Notice{ID: "gone", Tone: ui.Warn, Title: words.T(ctx, "The bank directory lists %s no longer, since %s.", name, ui.DateWords(ctx, since)),
		Lost: words.T(ctx, "Nothing was lost: your consent there works as long as the bank answers."), Next: words.T(ctx, "The bank may have another name or have left. Whether you can renew, it says when you ask.")}
}

// directoryBadges are the kinds of changes, each as a word with its tone.
var directoryBadges = map[storage.DirectoryChangeKind]struct {
	tone ui.Tone
	word words.Text
}{
	storage.BankNew: {ui.Good, "New"}, storage.BankGone: {ui.Warn, "Gone"}, storage.BankRenamed: {ui.Info, "Renamed"},
	storage.BankProducts: {ui.Neutral, "Payment products"}, storage.BankApproaches: {ui.Neutral, "Ways to approve"},
}

// changeWords say what changed of a bank, where its kind says less than that.
func changeWords(ctx context.Context, change storage.DirectoryChange) string {
	switch change.Kind {
	case storage.BankRenamed:
		return words.T(ctx, "%s; it was called %s.", change.BIC, words.Row(ctx, change.Before))
	case storage.BankProducts, storage.BankApproaches:
		return words.T(ctx, "%s; before: %s; now: %s.", change.BIC, words.Row(ctx, change.Before), words.Row(ctx, change.After))
	}
	return change.BIC
}

// bankOf leads to the bank that changed, where it is listed now.
func (view directoryView) bankOf(change storage.DirectoryChange) string {
	if !view.Listed[change.BIC] {
		return ""
	}
	return bankPath(view.Environment.ID, change.BIC)
}

// readingID is the id of a reading's card on the page.
func readingID(place int) string { return fmt.Sprintf("reading-%d", place) }
