package frontend

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"consentry/app"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

// earlierDay is when the folder of testdata/earlier was put away.
var earlierDay = time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC)

// TestEarlierFolder opens a data folder as an earlier version left it, with
// consents in every state, approvals stopped at every step, and data erased: what
// it shows stays as that version showed it, also when its migration is broken off
// and begun once more. The file earlier.txt holds the words of its pages.
func TestEarlierFolder(t *testing.T) {
	t.Parallel()
	dir := earlierFolder(t)
	log := slog.New(slog.DiscardHandler)
	key, err := secret.LoadWithoutKeyring(dir, log)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return earlierDay }
	interrupted := 0
	for wait := 100 * time.Microsecond; ; wait *= 2 { // migrations are broken off, and begun once more
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		store, err := storage.Open(ctx, dir, key, now)
		cancel()
		if err == nil {
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			break
		}
		interrupted++
	}
	if interrupted == 0 {
		t.Error("no migration was broken off")
	}
	store, err := storage.Open(t.Context(), dir, key, now)
	if err != nil {
		t.Fatal(err)
	}
	program := app.New(app.Config{Store: store, Now: now, Log: log, CallbackURL: "http://127.0.0.1:8999/callback"})
	t.Cleanup(func() { program.Close(); store.Close() })
	s := &Server{app: program, log: log, zone: time.UTC}
	mux := http.NewServeMux()
	for pattern, handler := range s.routes() {
		mux.Handle(pattern, s.adapt(handler))
	}
	var shown bytes.Buffer
	show := func(name, address string) {
		r, w := httptest.NewRequest(http.MethodGet, address, nil), httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", address, w.Code)
		}
		fmt.Fprintf(&shown, "# %s\n%s\n", name, mainWords(t, w.Body.String()))
	}
	show("Overview", "/")
	show("Consents", "/consents")
	consents, err := program.Consents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range consents {
		show("Consent at "+c.BankName, "/consents/"+c.ID)
		show("Receipt of it", "/consents/"+c.ID+"/receipt")
		flows, err := program.SCA().Attempts(t.Context(), storage.ConsentSubject(c.ID))
		if err != nil {
			t.Fatal(err)
		}
		for _, flow := range flows {
			show("Approval of it", "/authorisations/"+flow.ID)
		}
	}
	show("Accounts", "/accounts")
	accounts, err := program.Holdings().Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range accounts {
		if n, err := program.Holdings().CountTransactions(t.Context(), account.ID); err == nil && n > 0 {
			show("Account "+account.Name, fmt.Sprintf("/accounts/%d", account.ID))
			break
		}
	}
	asFile(t, filepath.Join("testdata", "earlier.txt"), shown.Bytes())
}

// earlierFolder unpacks the folder.
func earlierFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{folder.Database, folder.Key} {
		packed, err := os.Open(filepath.Join("..", "storage", "testdata", "earlier", name+".gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer packed.Close()
		in, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// mainWords returns the words of a page's own part, those of each element that
// stands for itself on a line of their own.
func mainWords(t *testing.T, page string) string {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var words strings.Builder
	for node := range document.Descendants() {
		if node.DataAtom == atom.Main {
			addWords(&words, node)
		}
	}
	var lines []string
	for line := range strings.Lines(words.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func addWords(words *strings.Builder, node *html.Node) {
	switch node.DataAtom {
	case atom.Svg, atom.Script, atom.Style, atom.Pre: // what a bank sent stays as it came, and is long
		return
	}
	if node.Type == html.TextNode {
		words.WriteString(node.Data)
		return
	}
	for child := range node.ChildNodes() {
		addWords(words, child)
	}
	switch node.DataAtom {
	case atom.Span, atom.A, atom.B, atom.Q, atom.Time, atom.Code, atom.Kbd, atom.Small, 0:
		words.WriteByte(' ')
	default:
		words.WriteByte('\n')
	}
}
