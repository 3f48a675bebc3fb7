package app_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

var (
	sequences = flag.Int("model.sequences", sequencesPerRun, "random sequences of TestModel")
	firstSeed = flag.Uint64("model.seed", 1, "seed of the first sequence")
)

// perWorld is the number of sequences in one world: its clock only goes on.
const perWorld = 25

// TestModel lets the person, the bank, the clock and crashes act in random
// order, with real banks and a real database, and holds what must hold
// whatever happens:
//
//   - without the person no account's endpoint is read more often in a rolling
//     day than the bank granted;
//   - no account data are asked for under a consent that is known to have ended;
//   - a consent that is renewed is ended only once the new one is valid;
//   - every change of a consent's status, and its end, stand in its history;
//   - what a crash left half done is finished afterwards.
func TestModel(t *testing.T) {
	for done := 0; done < *sequences; done += perWorld {
		t.Run(fmt.Sprint(*firstSeed+uint64(done)), func(t *testing.T) {
			m := newModel(t)
			for n := range min(perWorld, *sequences-done) {
				m.sequence(*firstSeed + uint64(done+n))
			}
		})
	}
}

// model is a world with what is known of what happened in it.
type model struct {
	*world
	dice  *rand.Rand
	said  []string // the actions of the sequence
	banks []storage.ASPSP
	known map[string]storage.Consent // as after the last action
	crash bool                       // the program is to die at the next answer of a bank
	dead  atomic.Bool                // it has

	mu    sync.Mutex
	reads map[string][]time.Time // without the person, by consent and address
	wrong []string
}

func newModel(t *testing.T) *model {
	m := &model{world: newWorld(t), known: map[string]storage.Consent{}, reads: map[string][]time.Time{}}
	m.banks = m.world.banks[:2]
	m.line.before(m.sending)
	m.line.then(m.answered)
	return m
}

func (m *model) sequence(seed uint64) {
	m.Helper()
	m.dice, m.said = rand.New(rand.NewPCG(seed, 0)), nil
	for range 3 + m.dice.IntN(8) {
		m.act()
		m.check(seed)
	}
	m.settle(seed)
}

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
		{"schedule", 4, func() { m.try(m.SetSchedule(m.Context(), m.any(usable), 1+m.dice.IntN(4))) }},
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
		{"tell the bank again", 1, func() { m.try(m.TellBank(m.Context(), m.any(always), person)) }},
		{"the person revokes it at the bank", 2, func() { m.atBank("/revoke", "") }},
		{"the bank forgets it", 1, func() { m.atBank("", `{"forget":true}`) }},
		{"the bank ends it sooner", 1, func() { m.atBank("", `{"validUntil":"2020-01-01"}`) }},
		{"the bank says valid for ever", 1, func() { m.atBank("", `{"stuckValid":true,"validUntil":"2020-01-01"}`) }},
		{"the bank refuses the withdrawal", 1, func() { m.world.fault(`{"method":"DELETE","status":500}`) }},
		{"the line breaks once", 2, func() { m.world.fault(`{"drop":true,"after":true}`) }},
		{"the bank fails once", 1, func() { m.world.fault(`{"status":503}`) }},
		{"no network", 1, func() { m.line.cut.Store(true) }},
		{"network", 3, func() { m.line.cut.Store(false) }},
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

func always(*model, storage.Consent) bool { return true }

func usable(m *model, c storage.Consent) bool { return c.Usable(m.clock.Now()) }

// any gives a consent's id; "" where there is none.
func (m *model) any(fits func(*model, storage.Consent) bool) string {
	all, err := m.Consents(m.Context())
	m.must(err)
	all = slices.DeleteFunc(all[:min(len(all), 6)], func(c storage.Consent) bool { return !fits(m, c) })
	if len(all) == 0 {
		return ""
	}
	return all[m.dice.IntN(len(all))].ID
}

// open gives an authorisation under way.
func (m *model) open() string {
	flows, err := m.Unfinished(m.Context())
	m.must(err)
	if len(flows) == 0 {
		return ""
	}
	return flows[m.dice.IntN(len(flows))].ID
}

// try takes any failure: what counts is what is true afterwards.
func (m *model) try(error) {}

func (m *model) ask(renews string) (authorisationID string) {
	bank := m.banks[m.dice.IntN(len(m.banks))]
	share := m.DefaultShare(bank.EnvironmentID)
	share.BIC, share.Transactions, share.Recurring = bank.BIC, m.dice.IntN(20) == 0, m.dice.IntN(6) > 0
	if renews != "" {
		var err error
		if share, err = m.Renewal(m.Context(), renews); err != nil {
			return ""
		}
	}
	id, err := m.Ask(m.Context(), share, person)
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
	m.play("/consents/"+flow.Consent.BankConsentID+"/authorise", `{"psu":"`+psu.Login+`"}`)
	m.try(m.Check(m.Context(), authorisationID, person))
}

func (m *model) fetch(id string) {
	if id != "" {
		m.Fetch(id, person)
	}
}

func (m *model) pass(d time.Duration) {
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

func (m *model) atBank(action, body string) {
	c, err := m.Consent(m.Context(), m.any(usable))
	if err == nil {
		m.play("/consents/"+c.BankConsentID+action, body)
	}
}

// play plays the bank's part; what it cannot do any more is not done.
func (m *model) play(path, body string) {
	res, err := http.Post(m.info.Control+path, "application/json", strings.NewReader(body))
	m.must(err)
	m.must(res.Body.Close())
}

// idle waits for what goes on in the background, or for the program to have died.
func (m *model) idle() {
	m.await("the program rests", func() bool {
		if m.dead.Load() {
			return true
		}
		for _, id := range m.jobs() {
			if job := m.Job(id); job != nil && job.Running() {
				return false
			}
		}
		return true
	})
	if m.dead.Swap(false) {
		m.said = append(m.said, "(it crashed)")
		m.crash = false
		m.App.Close()
		m.start(here)
		m.must(m.UseSandbox(m.Context()))
		m.try(m.LookAfter(m.Context()))
	}
}

func (m *model) jobs() []string {
	all, err := m.Consents(m.Context())
	if err != nil {
		return nil // it has just died
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

// sending looks at each request before it goes out.
func (m *model) sending(r *http.Request) {
	bankID := r.Header.Get("Consent-ID")
	all, err := m.store.Consents(m.Context())
	if err != nil {
		return
	}
	for _, c := range all {
		switch {
		case c.BankConsentID == "":
		case bankID == c.BankConsentID:
			m.sendingRead(r, c)
		case r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, c.BankConsentID) && c.ReplacedBy != "":
			if by, err := m.store.Consent(m.Context(), c.ReplacedBy); err == nil && by.GrantedAt.IsZero() {
				m.violated("%s was ended at the bank before its renewal was valid", c.ID)
			}
		}
	}
}

func (m *model) sendingRead(r *http.Request, c storage.Consent) {
	now := m.clock.Now()
	if c.Ended() || c.RunOut(now) {
		m.violated("%s %s under %s, which has ended (%s)", r.Method, r.URL.Path, c.ID, c.End)
	}
}

// counted counts a read without the person as its bank does: one whose token
// the bank refused was not done.
func (m *model) counted(r *http.Request, c storage.Consent) {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	key := c.ID + " " + r.URL.Path
	recent := slices.DeleteFunc(m.reads[key], func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour })
	if m.reads[key] = append(recent, now); len(m.reads[key]) > c.FrequencyPerDay {
		m.wrong = append(m.wrong, fmt.Sprintf("%s was read %d times in a day without the person", r.URL.Path, len(m.reads[key])))
	}
}

// answered looks at each answer before the program does. A crash happens here,
// between the bank's answer and the store.
func (m *model) answered(r *http.Request, res *http.Response) {
	if bankID := r.Header.Get("Consent-ID"); bankID != "" && r.Header.Get("PSU-IP-Address") == "" && (res == nil || res.StatusCode != http.StatusUnauthorized) {
		all, err := m.store.Consents(m.Context())
		if at := slices.IndexFunc(all, func(c storage.Consent) bool { return c.BankConsentID == bankID }); err == nil && at >= 0 {
			m.counted(r, all[at])
		}
	}
	if res == nil {
		return
	}
	if res.StatusCode == http.StatusTooManyRequests && r.Header.Get("PSU-IP-Address") == "" {
		m.violated("the bank refused %s: too many reads without the person", r.URL.Path)
	}
	if m.crash && !m.dead.Swap(true) {
		m.store.Close()
	}
}

func (m *model) violated(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wrong = append(m.wrong, fmt.Sprintf(format, args...))
}

// check holds the history against what changed.
func (m *model) check(seed uint64) {
	m.Helper()
	all, err := m.Consents(m.Context())
	m.must(err)
	byID := map[string]storage.Consent{}
	for _, c := range all {
		byID[c.ID] = c
	}
	for _, c := range all {
		before := m.known[c.ID]
		m.known[c.ID] = c
		if before.Status == c.Status && before.End == c.End {
			continue
		}
		events, err := m.ConsentEvents(m.Context(), c.ID)
		m.must(err)
		if c.Status != before.Status && !slices.ContainsFunc(events, func(e storage.ConsentEvent) bool { return e.Status == c.Status }) {
			m.violated("%s became %q, which its history does not tell", c.ID, c.Status)
		}
		if c.End != before.End && !slices.ContainsFunc(events, func(e storage.ConsentEvent) bool { return e.At.Equal(c.EndedAt) }) {
			m.violated("%s ended (%s), which its history does not tell", c.ID, c.End)
		}
		if before.Ended() && !c.Ended() {
			m.violated("%s came back", c.ID)
		}
		if c.End == storage.EndReplaced && byID[c.ReplacedBy].GrantedAt.IsZero() {
			m.violated("%s was replaced by what never was valid", c.ID)
		}
	}
	m.report(seed)
}

func (m *model) report(seed uint64) {
	m.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.wrong) > 0 {
		m.Fatalf("seed %d, after %s:\n%s", seed, strings.Join(m.said, "; "), strings.Join(m.wrong, "\n"))
	}
}

// settle lets everything come to rest with a working network.
func (m *model) settle(seed uint64) {
	m.Helper()
	m.line.cut.Store(false)
	m.crash = false
	m.control(http.MethodDelete, "/faults", "")
	m.must(m.LookAfter(m.Context()))
	all, err := m.Consents(m.Context())
	m.must(err)
	for _, c := range all {
		if c.Told == storage.TellingBank || c.Erasing && c.ErasedAt.IsZero() {
			m.violated("%s was left half done: told %q, erasing %v", c.ID, c.Told, c.Erasing)
		}
		if c.Status == xs2a.ConsentValid && !c.Ended() && c.RunOut(m.clock.Now()) {
			m.violated("%s goes on after its last day", c.ID)
		}
	}
	m.check(seed)
}
