package sandbox

import (
	"fmt"
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
	var p *page.Answer
	_, err := s.locked(func() (_ answer, err error) {
		p, err = do()
		return answer{}, err
	})
	if err != nil {
		s.log.Error("sandbox page", "path", r.URL.Path, "error", err)
		http.Error(w, "The bank cannot answer right now.", http.StatusInternalServerError)
		return
	}
	if err := p.Write(w); err != nil {
		s.log.Error("sandbox page", "step", p.Step, "error", err)
	}
}

// asks says in plain words what a consent gives. Below tells that its accounts stand
// there: before somebody has said who they are, nobody knows them.
func (c *consent) asks(below bool) []string {
	which := "All your accounts here"
	switch {
	case below:
		which = "The accounts below"
	case c.Asked.named():
		which = "The accounts it named, " + strings.Join(c.Asked.numbers(), ", ")
	}
	list := []string{which + ": name, number and currency"}
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
