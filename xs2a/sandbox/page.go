package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
)

// The banks' own pages: login, accounts, code. A person comes here from the TPP
// and leaves again for the TPP, having approved or not. No page needs a script.

//go:embed page/*.html page/style.css
var pageFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"grouped": grouped,
}).ParseFS(pageFiles, "page/*.html"))

// pageAnswer is a page or, with a location, a jump.
type pageAnswer struct {
	status   int
	location string
	cookie   *http.Cookie
	template string
	view     view
}

// view is what the templates show.
type view struct {
	Title  string
	Text   string
	Bank   *bankView
	Style  string
	Path   string // of the authorisation's pages
	Back   string // where the TPP is, on a page that ends the visit
	CSRF   string
	Step   int
	App    string
	Asks   []string
	Until  string
	Often  string
	Errors map[string]string

	Logins   []PSUInfo
	Login    string
	Password string

	Pay *payView // nil where it is no payment

	Choose   bool // whether the person chooses among accounts
	Accounts []accountView
	Missing  []string

	Method string
	Code   string
	origin string // of the TPP, for form-action
}

type bankView struct {
	Name string
	Logo string
}

type accountView struct {
	ID, Name, IBAN, Currency string
	Chosen                   bool
	Parts                    []partView // what may be left out of it; none at most banks
	Without                  string     // what was, in words
}

// partView is the box of one of the two; Name is also the field's.
type partView struct {
	Name   string
	Chosen bool
}

func viewOf(b *bank.Bank) *bankView {
	v := &bankView{Name: b.Display()}
	if b.Logo == bank.DrawnLogo {
		v.Logo = "/logo/" + b.BIC + ".svg"
	}
	return v
}

func (s *Sandbox) pageRoutes() {
	s.mux.HandleFunc("GET /bank/open/{link}", s.openLink)
	s.mux.HandleFunc("GET /bank/phone/{phone}", s.showPhone)
	s.mux.HandleFunc("POST /bank/phone/{phone}", s.takePhone)
	s.mux.HandleFunc("GET /bank/{authorisation}/{step}", s.showStep)
	s.mux.HandleFunc("POST /bank/{authorisation}/{step}", s.takeStep)
}

// page performs do alone, saves, and writes what it gave.
func (s *Sandbox) page(w http.ResponseWriter, r *http.Request, do func() (*pageAnswer, error)) {
	var p *pageAnswer
	_, err := s.locked(func() (_ answer, err error) {
		p, err = do()
		return answer{}, err
	})
	if err != nil {
		s.log.Error("sandbox page", "path", r.URL.Path, "error", err)
		http.Error(w, "The bank cannot answer right now.", http.StatusInternalServerError)
		return
	}
	s.writePage(w, p)
}

func (s *Sandbox) writePage(w http.ResponseWriter, p *pageAnswer) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+p.view.origin))
	if p.cookie != nil {
		http.SetCookie(w, p.cookie)
	}
	if p.location != "" {
		h.Set("Location", p.location)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, p.template, p.view); err != nil {
		s.log.Error("sandbox page", "template", p.template, "error", err)
		http.Error(w, "The bank cannot show this page.", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.status)
	// The only error left is a person who closed the window.
	_, _ = page.WriteTo(w)
}

func goTo(location string) *pageAnswer { return &pageAnswer{location: location} }

// closedPage ends a visit with words; b may be nil.
func closedPage(b *bank.Bank, title, text string) *pageAnswer {
	p := &pageAnswer{status: http.StatusBadRequest, template: "closed.html", view: view{Title: title, Text: text, Style: "/style/plain.css"}}
	if b != nil {
		p.view.Bank, p.view.Style = viewOf(b), "/style/"+b.BIC+".css"
	}
	return p
}

// style answers GET /style/{bic}.css: the one stylesheet in the bank's colours.
func (s *Sandbox) style(w http.ResponseWriter, r *http.Request) {
	l := bank.Look{Ink: "#333333", Glow: "#dddddd", Font: "Georgia, serif"}
	if b, ok := s.bankOfFile(r, ".css"); ok {
		l = b.Look
	} else if r.PathValue("file") != "plain.css" {
		http.NotFound(w, r)
		return
	}
	sheet, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	fmt.Fprintf(w, ":root { --ink: %s; --glow: %s; --radius: %dpx; --head: %s; }\n%s", l.Ink, l.Glow, l.Radius, l.Font, sheet)
}

// grouped writes an IBAN in fours.
func grouped(iban string) string {
	var b strings.Builder
	for i, c := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// originOf is what form-action has to name, since browsers check the jump that
// follows a form too.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// asks says in plain words what a consent gives.
func (c *consent) asks() []string {
	list := []string{"The accounts below: name, number and currency"}
	if c.Asked.wantsBalances() {
		list = append(list, "Their balances")
	}
	if c.Asked.wantsTransactions() {
		list = append(list, fmt.Sprintf("Their transactions, up to %d months back", historyMonths))
	}
	return list
}

func (c *consent) often() string {
	switch {
	case !c.Recurring:
		return fmt.Sprintf("Once, within %d minutes of your approval", int(oneOffLife/time.Minute))
	case c.Frequency == 1:
		return "Whenever you ask for it, and once a day without you"
	}
	return fmt.Sprintf("Whenever you ask for it, and up to %d times a day without you", c.Frequency)
}
