package app_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/storage"
)

// TestDirectoryTellsChanges reads the practice banks' directory after it changed: what changed is told, and
// what is no word on its banks changes none.
func TestDirectoryTellsChanges(t *testing.T) {
	w := newWorld(t)
	linked := w.link().Consent
	other := w.banks[slices.IndexFunc(w.banks, func(b storage.ASPSP) bool { return b.BIC != linked.BIC })]
	looked, err := w.Banks().Bank(t.Context(), bank.SandboxID, other.BIC)
	w.must(err)
	if looked.Details == nil {
		t.Fatal("nothing is known of the bank")
	}
	news := func() (counts [5]int) {
		t.Helper()
		found, err := w.Banks().News(t.Context(), bank.SandboxID)
		w.must(err)
		for i, kind := range []storage.DirectoryChangeKind{storage.BankNew, storage.BankGone, storage.BankRenamed, storage.BankProducts, storage.BankApproaches} {
			counts[i] = found.Count(kind)
		}
		return counts
	}
	listed := func() int {
		t.Helper()
		all, err := w.Banks().List(t.Context(), storage.ASPSPQuery{})
		w.must(err)
		return len(all)
	}
	before := listed()
	if news() != [5]int{} {
		t.Errorf("the first list has news: %v", news())
	}
	refresh := func(body string) error {
		w.control(http.MethodPost, "/directory", body)
		w.clock.pass(1)
		return w.Banks().Refresh(t.Context(), bank.SandboxID)
	}
	w.must(refresh(`{"without": ["` + linked.BIC + `"], "names": {"` + other.BIC + `": "Another Name"}, "products": {"` + other.BIC + `": ["instant"]}, "ways": {"` + other.BIC + `": ["Embedded"]}}`))
	if got := news(); got != [5]int{0, 1, 1, 1, 1} {
		t.Errorf("news %v, want one gone, one renamed, one with other products and one with other ways", got)
	}
	if gone, err := w.Banks().GoneAt(t.Context(), bank.SandboxID, linked.BIC); err != nil || gone.IsZero() || listed() != before-1 {
		t.Errorf("gone since %v, %d of %d listed (%v)", gone, listed(), before, err)
	}
	if share, err := w.Renewal(t.Context(), linked.ID); err != nil {
		t.Error(err)
	} else if _, err := w.Ask(t.Context(), share, person); err != nil {
		t.Errorf("the consent of a bank that is gone from the list is not renewed: %v", err)
	}

	asked := 0
	w.network.then(func(r *http.Request, _ *http.Response) {
		if strings.HasSuffix(r.URL.Path, "/aspsps") {
			asked++
			w.network.cut.Store(asked == 3)
		}
	})
	if err := refresh(`{}`); err == nil || asked != 3 {
		t.Errorf("a list that breaks off halfway is taken (%v, %d lists)", err, asked)
	}
	w.network.then(nil)
	w.network.cut.Store(false)
	var told *app.Error
	if err := refresh(`{"empty": true}`); !errors.As(err, &told) || told.Code != "directoryEmpty" {
		t.Errorf("an empty list: %v", err)
	}
	if got := news(); got != [5]int{0, 1, 1, 1, 1} || listed() != before-1 {
		t.Errorf("after lists that are none: news %v, %d listed", got, listed())
	}

	w.must(refresh(`{}`))
	if got := news(); got != [5]int{} || listed() != before {
		t.Errorf("all is as it was: news %v, %d of %d listed", got, listed(), before)
	}
	if gone, err := w.Banks().GoneAt(t.Context(), bank.SandboxID, linked.BIC); err != nil || !gone.IsZero() {
		t.Errorf("it is listed again, and gone since %v (%v)", gone, err)
	}
	readings, err := w.Banks().DirectoryReadings(t.Context(), bank.SandboxID)
	w.must(err)
	if len(readings) < 2 {
		t.Errorf("%d readings are kept", len(readings))
	}
}
