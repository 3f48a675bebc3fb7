// Package page has the banks' own pages: login, accounts, code. A person comes here
// from the TPP and leaves again for the TPP, having approved or not. No page needs a
// script.
//
// It is told what to show. What a person may do, and what follows from it, is the
// sandbox's.
package page

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// pages show the steps; the one without a name ends a visit.
var pages = map[string]func(*View) templ.Component{
	"":           closed,
	StepLogin:    login,
	StepAccounts: accounts,
	StepPayment:  payment,
	StepCode:     code,
	StepCancel:   cancel,
	StepPhone:    phone,
}

// Answer is a page or, with a location, a jump.
type Answer struct {
	Status   int
	location string
	Cookie   *http.Cookie
	Step     string // empty on a page that ends the visit
	View     View
}

// View is what the pages show.
type View struct {
	Title  Said
	Text   []Said // sentences
	Bank   *Bank
	Style  string
	Sheet  string // the style itself, on a page that stands alone
	Path   string // of the authorisation's pages; empty on a page that stands alone
	Back   string // where the TPP is, on a page that ends the visit
	CSRF   string
	Step   int
	App    string
	Asks   []Said
	Until  people.Day
	Often  Said
	Errors map[string]Said

	Logins   []*people.Person
	Login    string
	Password string

	Pay *Payment // nil where it is no payment

	Ends bool // it is the consent's end that is asked for

	Choose   bool // whether the person chooses among accounts
	Accounts []Account
	Missing  []string

	Method string
	Code   string
	Origin string // of the TPP, for form-action
}

// Bank is a bank as the head of its pages shows it.
type Bank struct {
	Name    string
	Logo    string
	Country string
}

// Account is an account that is asked for.
type Account struct {
	ID, Name, IBAN, Currency string
	Chosen                   bool
	Parts                    []Part // what may be left out of it; none at most banks
	Without                  Text   // what was
}

// Part is the box of one of the two.
type Part struct {
	Name   string // of the field
	Label  Text
	Chosen bool
}

// Payment is what a person is asked to pay or to cancel.
type Payment struct {
	Cancel  bool
	From    string
	Missing bool // the account is not the person's
	Orders  []Order
	When    Said
}

// Order is one of the sums of a payment.
type Order struct {
	Name, To, Text string
	Amount         Amount
}

// BankOf returns how a bank is shown.
func BankOf(b *bank.Bank) *Bank {
	v := &Bank{Name: b.Display(), Country: b.Country}
	if b.Logo == bank.DrawnLogo {
		v.Logo = "/logo/" + b.BIC + ".svg"
	}
	return v
}

// Write answers a request with a page in the language of who sent it, or with a jump. It fails where a page cannot be made, and has answered then.
func (p *Answer) Write(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+p.View.Origin))
	if p.Cookie != nil {
		http.SetCookie(w, p.Cookie)
	}
	if p.location != "" {
		h.Set("Location", p.location)
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}
	var page bytes.Buffer
	ctx := p.View.Bank.in(chosen(r), r.Header.Get("Accept-Language"))
	if err := pages[p.Step](&p.View).Render(ctx, &page); err != nil {
		http.Error(w, say(ctx, "The bank cannot show this page."), http.StatusInternalServerError)
		return err
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(p.Status)
	// The only error left is a person who closed the window.
	_, _ = page.WriteTo(w)
	return nil
}

// Alone returns a page of a bank that needs no other address of the banks: its style and its logo are
// part of it, its form goes to where it came from, and it leads to nobody. It is in the language that a header Accept-Language
// asks for. The style is returned as it stands in the page, too,
// for whoever has to name it in a content security policy.
func (p *Answer) Alone(b *bank.Bank, accepted string) (html, style string, err error) {
	v := p.View
	v.Path, v.Back, v.Sheet, v.Bank = "", "", styled(b.Look)+aloneSheet, BankOf(b)
	if v.Bank.Logo != "" {
		v.Bank.Logo = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(drawn(b)))
	}
	var page bytes.Buffer
	if err := pages[p.Step](&v).Render(v.Bank.in("", accepted), &page); err != nil {
		return "", "", err
	}
	return page.String(), v.Sheet, nil
}

// GoTo sends the browser on.
func GoTo(location string) *Answer { return &Answer{location: location} }

// Location is where an answer leads; empty where it is a page.
func (a *Answer) Location() string { return a.location }

// sentences are texts in which nothing stands.
func sentences(texts []Text) (all []Said) {
	for _, text := range texts {
		all = append(all, Say(text))
	}
	return all
}

// Closed ends a visit with sentences; b may be nil.
func Closed(b *bank.Bank, title Text, text ...Text) *Answer {
	p := &Answer{Status: http.StatusBadRequest, View: View{Title: Say(title), Text: sentences(text), Style: "/style/plain.css"}}
	if b != nil {
		p.View.Bank, p.View.Style = BankOf(b), "/style/"+b.BIC+".css"
	}
	return p
}

// Wrong shows a step again, with a message at a field.
func Wrong(p *Answer, field string, message Text) *Answer {
	p.Status = http.StatusUnprocessableEntity
	p.View.Errors[field] = Say(message)
	return p
}

// Done ends a visit well.
func Done(b *bank.Bank, title Text, text ...Text) *Answer {
	p := Closed(b, title, text...)
	p.Status = http.StatusOK
	return p
}

// Grouped returns an IBAN in fours.
func Grouped(iban string) string {
	var b strings.Builder
	for i, c := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// OriginOf returns what form-action has to name, since browsers check the jump that
// follows a form too.
func OriginOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
