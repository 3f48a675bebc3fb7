package frontend

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/export"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

// exporting serves the screens over a store with transactions of one account.
func exporting(t *testing.T, n int) (*httptest.Server, *Server) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store := fresh.Store(t, func() time.Time { return now })
	program := app.New(app.Config{Store: store, Now: func() time.Time { return now }})
	live, _, _, _ := exampleConsents()
	must(store.PutEnvironment(t.Context(), storage.Environment{ID: "sandbox", Name: "Practice"}))
	must(store.AddConsent(t.Context(), live))
	must(store.SetConsentStatus(t.Context(), "c1", "", xs2a.ConsentValid))
	account, err := store.PutAccount(t.Context(), live, xs2a.Account{ResourceID: "r", IBAN: "SE4550000000058398257466", Currency: "SEK", Name: "Åsas lön"})
	must(err)
	span := storage.Span{From: "2026-01-01", To: "2026-11-20"}
	reading, err := store.BeginReading(t.Context(), "c1", account.ID, span, span, "")
	must(err)
	for done := 0; done < n; done += storage.MostAtOnce {
		var some []xs2a.Transaction
		for i := range min(storage.MostAtOnce, n-done) {
			some = append(some, xs2a.Transaction{ID: fmt.Sprint(done + i), BookingDate: fmt.Sprintf("2026-%02d-10", 1+i%10), Amount: xs2a.Amount{Number: "-12.50", Currency: "SEK"}, CreditorName: []string{"Kiosk", "Café"}[i%2], Raw: []byte(`{}`)})
		}
		_, err = store.PutTransactions(t.Context(), reading, false, some, span)
		must(err)
	}
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() { server.Close(); program.Close(); store.Close() })
	return server, s
}

// TestExportFile takes out exactly what is looked for, under a name that tells what it is.
func TestExportFile(t *testing.T) {
	t.Parallel()
	server, _ := exporting(t, 300)
	for address, want := range map[string]struct {
		lines int
		name  string
	}{
		"csv":                                    {300, "transactions-2026-11-20.csv"},
		"csv?account=1":                          {300, "transactions-asas-lon-sek-2026-11-20.csv"},
		"csv?q=kiosk":                            {150, "transactions-kiosk-2026-11-20.csv"},
		"csv?q=nothing-like-it":                  {0, "transactions-nothing-like-it-2026-11-20.csv"},
		"csv?from=2026-03-01&to=2026-03-31":      {30, "transactions-2026-03-01-2026-03-31.csv"},
		"csv?way=in":                             {0, "transactions-2026-11-20.csv"},
		"csv?q=%F0%9F%98%80+kiosk&to=2026-05-31": {90, "transactions-kiosk-to-2026-05-31.csv"},
	} {
		res, err := http.Get(server.URL + "/transactions/export/" + address)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(res.Body).ReadAll()
		res.Body.Close()
		if err != nil || len(lines)-1 != want.lines {
			t.Errorf("%s: %d lines, want %d (%v)", address, len(lines)-1, want.lines, err)
		}
		if got := res.Header.Get("Content-Disposition"); got != `attachment; filename="`+want.name+`"` {
			t.Errorf("%s: %s", address, got)
		}
	}
	for address, want := range map[string]int{"csv?account=7": http.StatusNotFound, "exe": http.StatusNotFound, "csv?q=*": http.StatusNotFound} {
		res, err := http.Get(server.URL + "/transactions/export/" + address)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != want || res.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %s, %s", address, res.Status, res.Header.Get("Content-Disposition"))
		}
	}
}

// TestExportPage leads to a file of each format, of what is looked for.
func TestExportPage(t *testing.T) {
	t.Parallel()
	server, _ := exporting(t, 300)
	kept, err := http.Get(server.URL + "/transactions/export/camt053?q=kiosk") // no statement holds some transactions alone
	if err != nil {
		t.Fatal(err)
	}
	kept.Body.Close()
	if kept.StatusCode != http.StatusOK || kept.Request.URL.RequestURI() != "/transactions/export?q=kiosk" {
		t.Errorf("a format that has no place for it leads to %s, %s", kept.Request.URL, kept.Status)
	}
	res, err := http.Get(server.URL + "/transactions/export?q=kiosk&from=2026-03-01")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !bytes.Contains(page, []byte("120 transactions")) {
		t.Errorf("%v: %s", err, page)
	}
	for _, format := range export.Formats() {
		if said := exportWords[format.Name]; said.title == "" || said.use == "" {
			t.Errorf("%s is not put into words", format.Name)
		}
		if format.Balances != "" {
			continue // the bank told none
		}
		if link := `href="/transactions/export/` + format.Name + `?from=2026-03-01&amp;q=kiosk"`; !strings.Contains(string(page), link) {
			t.Errorf("no link %s", link)
		}
	}
}

// TestStreamThatBreaks holds that a file that was not written to its end is no file to a client, and
// that what fails before its first part is answered as any failure.
func TestStreamThatBreaks(t *testing.T) {
	t.Parallel()
	_, s := exporting(t, 1)
	failing := func(parts int) string {
		server := httptest.NewServer(s.adapt(func(w http.ResponseWriter, r *http.Request) error {
			return s.stream(w, r, "text/csv", "x.csv", func(to *download) error {
				for range parts {
					if _, err := to.Write(bytes.Repeat([]byte("a,b\r\n"), 20_000)); err != nil {
						return err
					}
				}
				return errors.New("the disk is gone")
			})
		}))
		defer server.Close()
		server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
		res, err := http.Get(server.URL)
		if err != nil {
			return "no answer"
		}
		defer res.Body.Close()
		if _, err := io.ReadAll(res.Body); err != nil {
			return "cut: " + res.Status
		}
		return "whole: " + res.Status
	}
	if got := failing(3); got != "cut: 200 OK" {
		t.Errorf("a file that breaks off is %s", got)
	}
	if got := failing(0); got != "whole: 500 Internal Server Error" {
		t.Errorf("a file that cannot begin is %s", got)
	}
}
