package frontend

import (
	"database/sql"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	_ "modernc.org/sqlite"

	"consentry/app"
	"consentry/app/secret"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/storage/folder"
)

// pseudo is the pseudo-language: each entry of the catalogue stands in brackets. It
// is made of the catalogue alone, as any further language is.
func pseudo(t *testing.T) *words.Language {
	t.Helper()
	english, err := os.ReadFile(filepath.Join("words", "catalogue", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := words.Pseudo(english)
	if err != nil {
		t.Fatal(err)
	}
	l, err := words.Read(words.PseudoTag+".json", made)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestEveryWordIsInTheCatalogue draws every screen in a made-up language, in which every
// word stands in brackets: what stands outside of them comes from the example's banks.
func TestEveryWordIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	made := pseudo(t)
	given := givenByExamples(t)
	ctx := ui.WithReader(words.With(t.Context(), made), ui.Reader{Locale: "sv-SE", Now: now})
	all := screens(ctx)
	for _, more := range []map[string]templ.Component{activityScreens(), definitionScreens(), singleConsentScreens(), consentScreens(ctx), keepingScreens()} {
		maps.Copy(all, more)
	}
	for name, screen := range all {
		for _, word := range outside(t, string(render(t, ctx, screen)), given) {
			t.Errorf("%s: %q is not in the catalogue", name, word)
		}
	}
}

// TestEarlierFolderInAnotherLanguage asks the program for pages of a data folder with
// consents in every state: what its handlers say is in the catalogue, too.
func TestEarlierFolderInAnotherLanguage(t *testing.T) {
	t.Parallel()
	dir, log := earlierFolder(t), slog.New(slog.DiscardHandler)
	key, err := secret.LoadWithoutKeyring(dir, log)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return earlierDay }
	store, err := storage.Open(t.Context(), dir, key, clock)
	if err != nil {
		t.Fatal(err)
	}
	program := app.New(app.Config{Store: store, Now: clock, Log: log, CallbackURL: "http://127.0.0.1:8999/callback"})
	t.Cleanup(func() { program.Close(); store.Close() })
	s := &Server{app: program, log: log, zone: time.UTC, speech: Speech{Languages: words.Languages{pseudo(t)}}}
	mux := http.NewServeMux()
	for pattern, handler := range s.routes() {
		mux.Handle(pattern, s.adapt(handler))
	}
	handler := s.spoken(mux)
	given := givenByFolder(t, filepath.Join(dir, folder.Database))
	addGiven(given, "march 2026, nothing is called so") // typed below
	visits := map[string]int{}                          // by route
	seen, next := map[string]bool{}, []string{"/", "/settings", "/banks", "/activity", "/environments/new", "/consents", "/accounts", "/no-such-page",
		"/transactions?q=kino+%3E5+march+2026", "/transactions?q=100..200+..2026-03", "/transactions?q=12,90&filter=open", "/transactions?q=%3C5+2026-04+2026-05", "/transactions?from=2026-03-01&way=out", "/transactions?q=nothing-is-called-so"}
	for len(next) > 0 && len(seen) < 400 {
		address := next[0]
		next = next[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		r, w := httptest.NewRequest(http.MethodGet, address, nil), httptest.NewRecorder()
		_, route := mux.Handler(r)
		if visits[route]++; visits[route] > 30 || strings.HasPrefix(address, "/banks/") && visits[route] > 2 { // whose directory is not there
			continue
		}
		handler.ServeHTTP(w, r)
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		for _, word := range outside(t, w.Body.String(), given) {
			t.Errorf("%s: %q is not in the catalogue", address, word)
		}
		next = append(next, links(t, w.Body.String())...)
	}
	if len(visits) < 20 {
		t.Errorf("%d kinds of pages were seen", len(visits))
	}
}

// links are a page's own addresses, without places within it.
func links(t *testing.T, page string) (all []string) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for node := range document.Descendants() {
		if node.DataAtom == atom.A {
			address, _, _ := strings.Cut(attribute(node, "href"), "#")
			if strings.HasPrefix(address, "/") && !strings.HasSuffix(address, "/page") { // which leads to a bank
				all = append(all, address)
			}
		}
	}
	return all
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// outside returns the words of a page that stand in no brackets and were given by nobody.
func outside(t *testing.T, page string, given map[string]bool) (left []string) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	look := func(text string) {
		if strings.HasPrefix(text, "/") { // a path
			return
		}
		for inBrackets.MatchString(text) {
			text = inBrackets.ReplaceAllString(text, " ")
		}
		for _, word := range letters(text) {
			if !given[word] && !sameEverywhere[word] && strings.Trim(word, "x") != "" && // a masked number
				!isOperation(word) && !slices.Contains(left, word) {
				left = append(left, word)
			}
		}
	}
	for node := range document.Descendants() {
		switch {
		case node.Type == html.TextNode && node.Parent.Data == "noscript": // read as a text, and holds none
		case node.Type == html.TextNode && !untranslated(node.Parent):
			look(node.Data)
		case node.Type == html.ElementNode:
			for _, name := range []string{"title", "aria-label", "placeholder", "alt", "aria-description"} {
				if !untranslated(node) {
					look(attribute(node, name))
				}
			}
		}
	}
	return left
}

// isOperation reports whether a word is the id of an operation.
func isOperation(word string) bool {
	for id := range operations {
		if strings.EqualFold(id, word) {
			return true
		}
	}
	return false
}

var inBrackets = regexp.MustCompile(`\[[^\[\]]*\]`)

// untranslated reports whether what stands in an element is no word of a language:
// code, a path, what came over the wire.
func untranslated(node *html.Node) bool {
	for ; node != nil; node = node.Parent {
		switch node.DataAtom {
		case atom.Script, atom.Style, atom.Pre, atom.Code, atom.Kbd:
			return true
		}
		if class := attribute(node, "class"); strings.Contains(class, "logo") || attribute(node, "translate") == "no" {
			return true
		}
	}
	return false
}

// sameEverywhere is what is called the same in every language: the program, protocols, codes
// and units.
var sameEverywhere = map[string]bool{}

func init() {
	for status := 100; status < 600; status++ { // as the line says them
		for _, word := range letters(http.StatusText(status)) {
			sameEverywhere[word] = true
		}
	}
	var same map[string][]string // as translations may have them, too
	text, err := os.ReadFile(filepath.Join("words", "same.json"))
	if err == nil {
		err = json.Unmarshal(text, &same)
	}
	if err != nil {
		panic(err)
	}
	for _, name := range append(same["*"], strings.Fields("XChaCha Poly QSealC QWAC redacted English ქართული "+folder.Key+" "+folder.KeyEntry)...) {
		addGiven(sameEverywhere, name)
	}
}

// letters are the words of a text in small letters, two letters or longer.
func letters(text string) []string {
	var all []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(word) > 1 {
			all = append(all, strings.ToLower(word))
		}
	}
	return all
}

// givenByExamples are the words of the data that the examples of the tests are made of.
func givenByExamples(t *testing.T) map[string]bool {
	t.Helper()
	given := map[string]bool{}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			if f, is := declared.(*ast.FuncDecl); is && !strings.HasPrefix(f.Name.Name, "example") && !strings.HasSuffix(strings.ToLower(f.Name.Name), "screens") {
				continue
			}
			ast.Inspect(declared, func(node ast.Node) bool {
				if literal, is := node.(*ast.BasicLit); is && literal.Kind == token.STRING {
					if text, err := strconv.Unquote(literal.Value); err == nil {
						addGiven(given, text)
					}
				}
				return true
			})
		}
	}
	return given
}

// givenByFolder are the words of all that a database holds.
func givenByFolder(t *testing.T, path string) map[string]bool {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	given := map[string]bool{}
	for _, table := range column(t, db, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`) {
		for _, name := range column(t, db, `SELECT name FROM pragma_table_info('`+table+`')`) {
			for _, text := range column(t, db, `SELECT CAST("`+name+`" AS TEXT) FROM "`+table+`" WHERE typeof("`+name+`") = 'text'`) {
				addGiven(given, text)
			}
		}
	}
	return given
}

func column(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text.String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func addGiven(given map[string]bool, text string) {
	for _, word := range letters(text) {
		given[word] = true
	}
}
