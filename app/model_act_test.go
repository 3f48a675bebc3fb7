package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"consentry/app"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// act lets somebody do something.
func (m *model) act() {
	actions := []struct {
		name   string
		weight int
		do     func()
	}{
		{"ask and approve", 6, func() { m.approve(m.ask("")) }},
		{"ask", 2, func() { m.ask("") }},
		{"approve", 3, func() { m.approve(m.open()) }},
		{"renew", 4, func() { m.approve(m.ask(m.any(usable))) }},
		{"ask for a renewal", 2, func() { m.ask(m.any(usable)) }},
		{"fetch", 4, func() { m.fetch(m.any(always)) }},
		{"schedule", 4, func() { m.try(m.Reader().SetSchedule(m.Context(), m.any(usable), 1+m.dice.IntN(4))) }},
		{"schedule more than the bank grants", 4, func() { m.try(m.store.SetSchedule(m.Context(), m.any(usable), 24)) }}, // as a bank lowers what it granted
		{"a busy morning", 4, func() {
			for range 3 + m.dice.IntN(4) {
				m.pass(time.Hour)
				m.try(m.FetchDue(m.Context()))
			}
		}},
		{"pass hours, fetch what is due", 10, func() { m.pass(time.Duration(1+m.dice.IntN(12)) * time.Hour); m.try(m.FetchDue(m.Context())) }},
		{"pass days", 2, func() { m.pass(time.Duration(1+m.dice.IntN(40)) * 24 * time.Hour) }},
		{"pass half a year", 1, func() { m.pass(181 * 24 * time.Hour) }},
		{"look after", 3, func() { m.try(m.LookAfter(m.Context())) }},
		{"refresh", 3, func() { m.try(m.RefreshConsent(m.Context(), m.any(always), person)) }},
		{"withdraw", 3, func() { m.try(m.Withdraw(m.Context(), m.any(always), m.dice.IntN(3) == 0, person)) }},
		{"withdraw twice at once", 1, m.withdrawTwice},
		{"the bank wants deletions approved", 2, func() { m.atBank("", `{"authoriseDeletion":true}`) }},
		{"the person approves the deletion at the bank", 2, m.approveDeletion},
		{"ask whether it has ended", 2, func() { m.try(m.AskEnded(m.Context(), m.any(unconfirmed), person)) }},
		{"type what a bank asks for", 4, func() { m.give(1) }},
		{"type it in two windows at once", 4, func() { m.give(2) }},
		{"two windows ask for news at once", 2, m.checkTwice},
		{"the bank refuses a read as if all were over", 3, m.refuseOnce},
		{"tell the bank again", 1, func() { m.try(m.TellBank(m.Context(), m.any(always), person)) }},
		{"the person revokes it at the bank", 2, func() { m.atBank("/revoke", "") }},
		{"the bank forgets it", 1, func() { m.atBank("", `{"forget":true}`) }},
		{"the bank ends it sooner", 1, func() { m.atBank("", `{"validUntil":"2020-01-01"}`) }},
		{"the bank says valid for ever", 1, func() { m.atBank("", `{"stuckValid":true,"validUntil":"2020-01-01"}`) }},
		{"the bank refuses the withdrawal", 1, func() { m.world.fault(`{"method":"DELETE","status":500}`) }},
		{"the line breaks once", 2, func() { m.world.fault(`{"drop":true,"after":true}`) }},
		{"the bank fails once", 1, func() { m.world.fault(`{"status":503}`) }},
		{"no network", 1, func() { m.network.cut.Store(true) }},
		{"network", 3, func() { m.network.cut.Store(false) }},
		{"restart", 1, func() { m.restart(here) }},
		{"crash at the next answer", 3, func() { m.crash = true }},
	}
	total := 0
	for _, action := range actions {
		total += action.weight
	}
	at := m.dice.IntN(total)
	for _, action := range actions {
		if at -= action.weight; at < 0 {
			m.said = append(m.said, action.name)
			action.do()
			break
		}
	}
	m.idle()
}

// try takes any failure: what counts is what is true afterwards.
func (m *model) try(error) {}

func (m *model) ask(renews string) (authorisationID string) {
	bank := m.banks[m.dice.IntN(len(m.banks))]
	share := m.DefaultShare(bank.EnvironmentID)
	share.BIC, share.Transactions, share.Recurring = bank.BIC, m.dice.IntN(20) == 0, m.dice.IntN(6) > 0
	if bank.BIC == typedAt {
		share.PSUID = m.psu.Login
	}
	if renews != "" {
		var err error
		if share, err = m.Renewal(m.Context(), renews); err != nil {
			return ""
		}
	}
	id, err := m.Ask(m.Context(), share, person)
	var underWay *app.UnderWayError
	switch {
	case !errors.As(err, &underWay):
	case m.dice.IntN(2) == 0:
		share.Anew = underWay.Consent.ID
		id, err = m.Ask(m.Context(), share, person)
	default:
		id, err = m.SCA().Resume(m.Context(), storage.ConsentSubject(underWay.Consent.ID), person)
	}
	m.try(err)
	return id
}

// approve approves at the bank what an authorisation is for, and lets the
// program find out.
func (m *model) approve(authorisationID string) {
	flow, err := m.Flow(m.Context(), authorisationID)
	if err != nil || flow.Consent.BankConsentID == "" {
		return
	}
	psu := m.info.PSUs[m.dice.IntN(2)]
	path := "/consents/" + flow.Consent.BankConsentID + "/authorise"
	if m.dice.IntN(4) > 0 || !m.play(path, `{"psu":"`+psu.Login+`","grants":`+m.grants()+`}`) {
		m.play(path, `{"psu":"`+psu.Login+`"}`)
	}
	m.try(m.SCA().Poll(m.Context(), authorisationID, person))
}

// grants is a part of what a person may have been asked for.
func (m *model) grants() string {
	var list []string
	for account := range 1 + m.dice.IntN(3) {
		list = append(list, fmt.Sprintf(`{"account":%d,"balances":%v,"transactions":false}`, account, m.dice.IntN(2) == 0))
	}
	return "[" + strings.Join(list, ",") + "]"
}

// fetchLarge links an account with a great many transactions and fetches them: each is
// there once, also after a second fetch.
func (m *model) fetchLarge(seed uint64) {
	m.Helper()
	m.said = append(m.said, "fetch a large account")
	bank, psu := m.banks[0], m.info.PSUs[0]
	order := []string{"newest", "oldest", "runs"}[m.dice.IntN(3)]
	res, err := http.Post(m.info.Control+"/accounts", "application/json", strings.NewReader(
		fmt.Sprintf(`{"bank":%q,"psu":%q,"entries":%d,"busiest":2000,"page":1000,"order":%q}`, bank.BIC, psu.Login, largeTransactions, order)))
	m.must(err)
	m.must(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		m.Fatal(res.Status)
	}
	defer m.play("/accounts", fmt.Sprintf(`{"bank":%q,"psu":%q}`, bank.BIC, psu.Login))
	share := m.DefaultShare(bank.EnvironmentID)
	share.BIC, share.Transactions, share.Recurring = bank.BIC, true, true
	id, err := m.Ask(m.Context(), share, person)
	m.must(err)
	flow := m.flow(id)
	m.play("/consents/"+flow.Consent.BankConsentID+"/authorise", `{"psu":"`+psu.Login+`"}`)
	m.try(m.SCA().Poll(m.Context(), id, person))
	for range 2 {
		m.Reader().Fetch(flow.Consent.ID, person)
		m.idle()
		if n, twice := m.invoices(flow.Consent.ID); n != largeTransactions || twice > 0 {
			m.violated("%d of %d transactions are there, %d of them twice, in order %q; %+v", n, largeTransactions, twice, order, m.Reader().Job(flow.Consent.ID))
		}
		m.report(seed)
	}
}

// invoice is the number by which each of many transactions is told from the others.
var invoice = regexp.MustCompile(`[0-9]{6}$`)

// invoices counts the transactions of a large account that are there, and those that are
// there more than once.
func (m *model) invoices(consentID string) (n, twice int) {
	m.Helper()
	accounts, err := m.Holdings().ConsentAccounts(m.Context(), consentID)
	m.must(err)
	numbers, seen := map[string]bool{}, map[string]bool{}
	for _, account := range accounts {
		for after, more := storage.Cursor(0), true; more; {
			page, err := m.store.BookedTransactions(m.Context(), account.ID, after, 5_000)
			m.must(err)
			for _, transaction := range page {
				number := invoice.FindString(transaction.Remittance)
				if number >= "100000" && number < fmt.Sprint(100_000+largeTransactions) {
					one := number + transaction.Date() + transaction.Amount.Number // the person has bills of their own, too
					if seen[one] {
						twice++
					}
					numbers[number], seen[one] = true, true
				}
			}
			if more = len(page) == 5_000; more {
				after = storage.Cursor(page[len(page)-1].ID)
			}
		}
	}
	return len(numbers), twice
}

func (m *model) fetch(id string) {
	if id != "" {
		m.Reader().Fetch(id, person)
	}
}

// pass moves the clock; a page stays open meanwhile, and what runs goes on.
func (m *model) pass(d time.Duration) {
	m.SeenAt(m.clock.Now().Add(d))
	m.clock.forward(d)
}

func (m *model) withdrawTwice() {
	id := m.any(always)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { m.try(m.Withdraw(m.Context(), id, false, person)) })
	}
	both.Wait()
}

// give types what a bank asks for, in so many windows at once. The bank gets it
// once at most.
func (m *model) give(windows int) {
	flow, err := m.Flow(m.Context(), m.open())
	if err != nil || !slices.Contains([]xs2a.Step{xs2a.StepPassword, xs2a.StepCode}, flow.Step) {
		return
	}
	sent := func() int {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.updates
	}
	before := sent()
	given := sca.Given{PSUID: m.psu.Login, PSUData: xs2a.PSUData{Password: m.psu.Password, Code: m.psu.Code}}
	var all sync.WaitGroup
	for range windows {
		all.Go(func() { m.try(m.SCA().Update(m.Context(), flow.ID, flow.Step, given, person)) })
	}
	all.Wait()
	if n := sent() - before; n > 1 {
		m.violated("what was typed at %q was sent %d times", flow.Step, n)
	}
}

func (m *model) checkTwice() {
	id := m.open()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { m.try(m.SCA().Poll(m.Context(), id, person)) })
	}
	both.Wait()
}

func unconfirmed(_ *model, c storage.Consent) bool {
	return c.Acknowledgement == storage.AckUnconfirmed
}

func (m *model) approveDeletion() {
	c, err := m.Consent(m.Context(), m.any(unconfirmed))
	if err == nil {
		m.play("/consents/"+c.BankConsentID+"/delete", "")
	}
}

// refuseOnce lets a bank refuse one read, of the list or of an account, with a
// code that says that the consent is over. It is not.
func (m *model) refuseOnce() {
	code := []string{"CONSENT_INVALID", "CONSENT_EXPIRED", "CONSENT_UNKNOWN"}[m.dice.IntN(3)]
	path := []string{"/accounts", "/balances"}[m.dice.IntN(2)]
	m.world.fault(`{"method":"GET","path":"` + path + `","status":401,"code":"` + code + `"}`)
}

func (m *model) atBank(action, body string) {
	c, err := m.Consent(m.Context(), m.any(usable))
	if err == nil {
		m.play("/consents/"+c.BankConsentID+action, body)
	}
}

// play plays the bank's part; what it cannot do any more is not done.
func (m *model) play(path, body string) (done bool) {
	m.Helper()
	res, err := http.Post(m.info.Control+path, "application/json", strings.NewReader(body))
	m.must(err)
	m.must(res.Body.Close())
	return res.StatusCode == http.StatusOK
}
