package sandbox

import (
	"net/http"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/page"
)

func (s *Sandbox) pageRoutes() {
	s.mux.HandleFunc("GET /bank/open/{link}", s.openLink)
	s.mux.HandleFunc("GET /bank/phone/{phone}", s.showPhone)
	s.mux.HandleFunc("POST /bank/phone/{phone}", s.takePhone)
	s.mux.HandleFunc("GET /bank/{authorisation}/{step}", s.showStep)
	s.mux.HandleFunc("POST /bank/{authorisation}/{step}", s.takeStep)
}

// page performs do alone, saves, and writes what it gave.
func (s *Sandbox) page(w http.ResponseWriter, r *http.Request, do func() (*page.Answer, error)) {
	if p := page.Choose(w, r); p != nil {
		do = func() (*page.Answer, error) { return p, nil }
	}
	var p *page.Answer
	_, err := s.locked(func() (_ answer, err error) {
		p, err = do()
		return answer{}, err
	})
	if err != nil {
		s.log.Error("sandbox page", "path", r.URL.Path, "error", err)
		http.Error(w, page.Unable(r), http.StatusInternalServerError)
		return
	}
	if err := p.Write(w, r); err != nil {
		s.log.Error("sandbox page", "step", p.Step, "error", err)
	}
}

// asks says in plain words what a consent gives. Below tells that its accounts stand
// there: before somebody has said who they are, nobody knows them.
func (c *consent) asks(below bool) []page.Said {
	which := page.Say("All your accounts here: name, number and currency")
	switch {
	case below:
		which = page.Say("The accounts below: name, number and currency")
	case c.Asked.named():
		which = page.Say("The accounts it named, %s: name, number and currency", strings.Join(c.Asked.numbers(), ", "))
	}
	list := []page.Said{which}
	if c.Asked.wantsBalances() {
		list = append(list, page.Say("Their balances"))
	}
	if c.Asked.wantsTransactions() {
		list = append(list, page.Say("Their transactions, up to %d months back", historyMonths))
	}
	return list
}

func (c *consent) often() page.Said {
	switch {
	case !c.Recurring:
		return page.Say("Once, within %d minutes of your approval", int(oneOffLife/time.Minute))
	case c.Frequency == 1:
		return page.Say("Whenever you ask for it, and once a day without you")
	}
	return page.Say("Whenever you ask for it, and up to %d times a day without you", c.Frequency)
}

// logo draws GET /logo/{bic}.svg.
func (s *Sandbox) logo(w http.ResponseWriter, r *http.Request) {
	b, ok := s.bankOfFile(r, ".svg")
	if !ok || b.Logo == bank.BrokenLogo {
		http.NotFound(w, r)
		return
	}
	page.Logo(w, b)
}

// style answers GET /style/{bic}.css: the one stylesheet in the bank's colours.
func (s *Sandbox) style(w http.ResponseWriter, r *http.Request) {
	l := page.PlainLook
	if b, ok := s.bankOfFile(r, ".css"); ok {
		l = b.Look
	} else if r.PathValue("file") != "plain.css" {
		http.NotFound(w, r)
		return
	}
	page.Style(w, l)
}

// bankOfFile finds the bank that a file is named after.
func (s *Sandbox) bankOfFile(r *http.Request, suffix string) (*bank.Bank, bool) {
	bic, ok := strings.CutSuffix(r.PathValue("file"), suffix)
	b := s.bank(bic)
	return b, ok && b != nil
}
