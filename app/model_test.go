package app_test

import (
	"context"
	"encoding/json"
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

	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

var (
	sequences = flag.Int("model.sequences", sequencesPerRun, "random sequences of TestModel")
	firstSeed = flag.Uint64("model.seed", 1, "seed of the first sequence")
)

// typedAt is a bank that takes password and code here.
const typedAt = "einhafen"

// largeEvery is how many sequences there are for one that begins with an account of
// largeTransactions.
const (
	largeEvery        = 500
	largeTransactions = 20_000
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
//   - nothing is read of an account that the person did not give;
//   - a consent that is renewed is ended only once the new one is valid;
//   - a consent the bank calls valid ends only by the person, by time, or when the
//     bank has refused everything for good;
//   - a withdrawal counts as confirmed only when the bank has ended the consent;
//   - what a person types is sent once, whatever two windows do;
//   - every change of a consent's status, and its end, stand in its history;
//   - what a crash left half done is finished afterwards.
func TestModel(t *testing.T) {
	t.Parallel()
	for done := 0; done < *sequences; done += perWorld {
		t.Run(fmt.Sprint(*firstSeed+uint64(done)), func(t *testing.T) {
			m := newModel(t)
			for n := range min(perWorld, *sequences-done) {
				seed := *firstSeed + uint64(done+n)
				if seed%largeEvery == 0 { // at a bank of which nothing was read before
					m = newModelBeside(t)
				}
				m.sequence(seed)
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
	dying sync.Mutex                 // held while it does
	dead  atomic.Bool                // it has

	mu      sync.Mutex
	reads   map[string][]time.Time // without the person, by consent and address
	refused map[string]int         // lists of accounts the bank refused, by its id of the consent
	updates int                    // what a person typed and a bank took, or may have taken
	wrong   []string
}

func newModel(t *testing.T) *model {
	t.Parallel()
	return newModelBeside(t)
}

// newModelBeside begins anew in a test that has begun.
func newModelBeside(t *testing.T) *model {
	m := &model{world: newWorldBeside(t), known: map[string]storage.Consent{}, reads: map[string][]time.Time{}, refused: map[string]int{}}
	practice := bank.Practice(m.info)
	practice.Banks = slices.DeleteFunc(practice.Banks, func(b storage.Bank) bool { return b.ID != typedAt })
	m.must(m.UseSandbox(t.Context(), practice))
	m.banks = append(m.world.banks[:2:2], storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: typedAt}, EnvironmentID: practice.ID})
	m.network.before(m.sending)
	m.network.then(m.answered)
	return m
}

func (m *model) sequence(seed uint64) {
	m.Helper()
	m.dice, m.said = rand.New(rand.NewPCG(seed, 0)), nil
	if seed%largeEvery == 0 {
		m.fetchLarge(seed)
	}
	for range 3 + m.dice.IntN(8) {
		m.act()
		m.check(seed)
	}
	m.settle(seed)
}

func always(*model, storage.Consent) bool { return true }

func usable(m *model, c storage.Consent) bool { return c.Usable(m.clock.Now()) }

// any returns a consent's id; "" where there is none.
func (m *model) any(fits func(*model, storage.Consent) bool) string {
	all := m.consents()
	all = slices.DeleteFunc(all[:min(len(all), 6)], func(c storage.Consent) bool { return !fits(m, c) })
	if len(all) == 0 {
		return ""
	}
	return all[m.dice.IntN(len(all))].ID
}

// alive reads from the store, also where the program has died in this moment.
func alive[T any](m *model, read func(context.Context) (T, error)) T {
	m.Helper()
	got, err := read(m.Context())
	if err != nil && m.dead.Load() {
		m.idle()
		got, err = read(m.Context())
	}
	m.must(err)
	return got
}

// consents lists all.
func (m *model) consents() []storage.Consent {
	return alive(m, func(ctx context.Context) ([]storage.Consent, error) { return m.Consents(ctx) })
}

// open returns an authorisation under way.
func (m *model) open() string {
	flows := alive(m, func(ctx context.Context) ([]sca.Flow, error) { return m.SCA().Unfinished(ctx, storage.SubjectConsent) })
	if len(flows) == 0 {
		return ""
	}
	return flows[m.dice.IntN(len(flows))].ID
}

// idle waits for what goes on in the background, or for the program to have died.
func (m *model) idle() {
	m.await("the program rests", func() bool {
		if m.dead.Load() {
			return true
		}
		for _, id := range m.jobs() {
			if job := m.Reader().Job(id); job != nil && job.Running() {
				return false
			}
		}
		return true
	})
	if m.dead.Load() {
		m.said = append(m.said, "(it crashed)")
		m.dying.Lock()
		m.dead.Store(false)
		m.crash = false
		m.dying.Unlock()
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

// enteredBefore reports whether a request stood in the ledger before its consent
// ended: what ends in the very moment in which a read goes out does not call it back.
func (m *model) enteredBefore(r *http.Request, c storage.Consent) bool {
	reads, err := m.store.ConsentReads(m.Context(), c.ID, 0, 100)
	return err != nil || slices.ContainsFunc(reads, func(read storage.ConsentRead) bool {
		return read.RequestID == r.Header.Get("X-Request-ID") && c.Ended() && !read.At.After(c.EndedAt)
	})
}

func (m *model) sendingRead(r *http.Request, c storage.Consent) {
	now := m.clock.Now()
	if (c.Ended() || c.RunOut(now)) && !m.enteredBefore(r, c) {
		m.violated("%s %s under %s, which has ended (%s)", r.Method, r.URL.Path, c.ID, c.End)
	}
	// What was given may change while a fetch goes on.
	if !m.given(r, c, c.Granted) && !m.given(r, c, m.known[c.ID].Granted) {
		m.violated("%s was read under %s, which does not cover it: %s", r.URL.Path, c.ID, c.Granted)
	}
}

// given reports whether a read keeps to what the person gave by the bank's own word.
// An access that names no account gives all.
func (m *model) given(r *http.Request, c storage.Consent, granted json.RawMessage) bool {
	var told struct{ Access map[string]json.RawMessage }
	parts := strings.Split(r.URL.Path, "/")
	kind := parts[len(parts)-1]
	if json.Unmarshal(granted, &told) != nil || kind != "balances" && kind != "transactions" {
		return true
	}
	named := func(kind string) (list []xs2a.AccountReference) {
		if json.Unmarshal(told.Access[kind], &list) != nil {
			return nil
		}
		return list
	}
	if len(named("accounts"))+len(named("balances"))+len(named("transactions")) == 0 {
		return true
	}
	accounts, err := m.store.ConsentAccounts(m.Context(), c.ID)
	if err != nil {
		return true // it has just died
	}
	for _, account := range accounts {
		if id, err := m.store.ResourceID(m.Context(), c.ID, account.ID); err == nil && id == parts[len(parts)-2] {
			return slices.ContainsFunc(named(kind), func(ref xs2a.AccountReference) bool { return ref.IBAN == account.IBAN })
		}
	}
	return true // the first read of it
}

// counted counts a read without the person as its bank does: one whose token
// the bank refused was not done.
func (m *model) counted(r *http.Request, c storage.Consent) {
	if r.URL.Query().Has("page") || r.URL.Query().Has("offset") {
		return // which goes on with a read that was counted
	}
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
	if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/authorisations/") && (res == nil || res.StatusCode < 400) {
		m.mu.Lock()
		m.updates++ // after a refusal the person may try again
		m.mu.Unlock()
	}
	if bankID := r.Header.Get("Consent-ID"); bankID != "" && r.Header.Get("PSU-IP-Address") == "" && (res == nil || res.StatusCode != http.StatusUnauthorized) {
		all, err := m.store.Consents(m.Context())
		if at := slices.IndexFunc(all, func(c storage.Consent) bool { return c.BankConsentID == bankID }); err == nil && at >= 0 {
			m.counted(r, all[at])
		}
	}
	if res == nil {
		return
	}
	if res.StatusCode == http.StatusUnauthorized && strings.HasSuffix(r.URL.Path, "/accounts") {
		m.mu.Lock()
		m.refused[r.Header.Get("Consent-ID")]++
		m.mu.Unlock()
	}
	if res.StatusCode == http.StatusTooManyRequests && r.Header.Get("PSU-IP-Address") == "" {
		m.violated("the bank refused %s: too many reads without the person", r.URL.Path)
	}
	m.dying.Lock()
	defer m.dying.Unlock()
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
	all := m.consents()
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
		events := alive(m, func(ctx context.Context) ([]storage.ConsentEvent, error) { return m.ConsentEvents(ctx, c.ID) })
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
	m.network.cut.Store(false)
	m.crash = false
	m.control(http.MethodDelete, "/faults", "")
	m.must(m.LookAfter(m.Context()))
	all, err := m.Consents(m.Context())
	m.must(err)
	if slices.ContainsFunc(all, storage.Consent.Provisional) { // a clock that goes on for a day bears itself out
		m.pass(25 * time.Hour)
		m.must(m.LookAfter(m.Context()))
		all, err = m.Consents(m.Context())
		m.must(err)
	}
	atBank := m.consentsAtBanks()
	for _, c := range all {
		m.holdToBank(c, atBank[c.BankConsentID])
		if c.Acknowledgement == storage.AckPending || c.Erasing && c.ErasedAt.IsZero() {
			m.violated("%s was left half done: acknowledged %q, erasing %v", c.ID, c.Acknowledgement, c.Erasing)
		}
		if c.Status == xs2a.ConsentValid && !c.Ended() && c.RunOut(m.clock.Now()) {
			m.violated("%s goes on after its last day", c.ID)
		}
	}
	m.check(seed)
}

// consentAtBank is what the practice banks' control tells of a consent.
type consentAtBank struct {
	ID        string             `json:"id"`
	Status    xs2a.ConsentStatus `json:"status"`
	Forgotten bool               `json:"forgotten"`
}

// consentsAtBanks returns the truth about all consents, by the banks' ids.
func (m *model) consentsAtBanks() map[string]consentAtBank {
	m.Helper()
	res, err := http.Get(m.info.Control + "/state")
	m.must(err)
	defer res.Body.Close()
	var state struct {
		Consents []consentAtBank `json:"consents"`
	}
	m.must(json.NewDecoder(res.Body).Decode(&state))
	byID := map[string]consentAtBank{}
	for _, c := range state.Consents {
		byID[c.ID] = c
	}
	return byID
}

// holdToBank compares what is taken for an end with what the bank holds.
func (m *model) holdToBank(c storage.Consent, at consentAtBank) {
	over := at.Forgotten || at.Status.Final()
	m.mu.Lock()
	forGood := m.refused[c.BankConsentID] > 1 // when and how often is held by TestRefusedForGood
	m.mu.Unlock()
	switch {
	case c.BankConsentID == "":
	case c.Acknowledgement == storage.AckConfirmed && !over:
		m.violated("the end of %s counts as confirmed; the bank says %q", c.ID, at.Status)
	case forGood:
	case c.End == storage.EndUnknown && !at.Forgotten:
		m.violated("%s ended as unknown; the bank knows it", c.ID)
	case c.End == storage.EndRefused:
		m.violated("%s ended by a single refusal", c.ID)
	case c.End == storage.EndExpired && !over && !c.RunOut(m.clock.Now()):
		m.violated("%s ended as expired before its last day, %s; the bank says %q", c.ID, c.ValidUntil, at.Status)
	}
}
