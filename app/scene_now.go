package app

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"consentry/app/bank"
	"consentry/app/stage"
	"consentry/storage"
)

// SceneNow returns the practice world as it stands as a scene: who linked and renewed which bank when,
// how far the clock went, what was withdrawn, booked, paid and written, and what is to go wrong. What a
// scene cannot hold it leaves out, and tells.
func (a *App) SceneNow(ctx context.Context, title string) (stage.Scene, LeftOut, error) {
	n := sceneWriter{app: a, scene: stage.Scene{Title: title}, linked: map[string]string{}, named: map[string]string{}}
	n.now = a.clock.NowAt(bank.SandboxID)
	n.began = n.now.Add(-a.clock.Ahead())
	err := a.atControl(ctx, http.MethodGet, "/state", nil, &n.state)
	if err == nil {
		n.left.PracticeWorld, err = a.store.PracticeWorld(ctx)
	}
	for _, part := range []func(context.Context) error{n.consents, n.books, n.payments, n.played, n.notes, n.names} {
		if err == nil {
			err = part(ctx)
		}
	}
	return n.scene, n.left, err
}

// LeftOut is what of the practice world a scene does not hold: the banks at which a consent
// was given in a way that no act gives one, bookings and faults of which it is the same, and the payments,
// templates, notes and names.
type LeftOut struct {
	Banks    []string
	Bookings int // on the books of banks
	Faults   int // with flat phones
	storage.PracticeWorld
}

// sceneWriter writes a scene of what stands.
type sceneWriter struct {
	app   *App
	state practiceState
	began time.Time // what time it was at the practice banks at the start
	now   time.Time // and is

	scene  stage.Scene
	left   LeftOut
	events []event
	linked map[string]string // who linked a bank, by BIC
	named  map[string]string // what it is called, likewise
	ids    []string          // consents that the scene has
	paid   []storage.Payment // payments that it has
}

// event is an act on a day, counted from the start.
type event struct {
	on  int
	act stage.Act
}

// add adds an act that happened at a time; it reports whether the scene can hold it.
func (n *sceneWriter) add(at time.Time, act stage.Act) bool {
	if !act.Stands() {
		return false
	}
	n.events = append(n.events, event{daysBetween(n.began, at), act})
	return true
}

// consents has the consents, with how each ended.
func (n *sceneWriter) consents(ctx context.Context) error {
	all, err := n.app.store.Consents(ctx)
	for _, c := range slices.Backward(all) {
		if c.EnvironmentID != bank.SandboxID {
			continue
		}
		act, can := n.given(c)
		if !can || !n.add(c.GrantedAt, act) {
			n.left.Banks = append(n.left.Banks, strings.TrimSpace(c.BankName))
			continue
		}
		n.ids, n.linked[c.BIC], n.named[c.BIC] = append(n.ids, c.ID), act.Person, act.Bank
		n.ended(c)
	}
	return err
}

// ended has how a consent ended, where that was not by time.
func (n *sceneWriter) ended(c storage.Consent) {
	if c.End == storage.EndWithdrawn {
		if c.Acknowledgement == storage.AckRefused {
			n.add(c.EndedAt, stage.Act{Verb: stage.Fault, Method: http.MethodDelete, Path: "/consents", Status: http.StatusMethodNotAllowed, Count: 1})
		}
		n.add(c.EndedAt, stage.Act{Verb: stage.Withdraw, Bank: strings.TrimSpace(c.BankName)})
		return
	}
	if at := n.state.consent(c.BankConsentID); at != nil && at.Status == revokedThere {
		n.add(at.Ended, stage.Act{Verb: stage.Revoke, Bank: strings.TrimSpace(c.BankName)})
		if c.End == storage.EndRevoked { // the program has found out
			n.add(c.EndedAt, stage.Act{Verb: stage.Update})
		}
	}
}

// revokedThere is what the practice banks call a consent that its person took back (BG 1.3.12 section 14.17).
const revokedThere = "revokedByPsu"

// given is the act in which a consent was given, if there is one: it gives each bank one, that names
// no account, or renews it.
func (n *sceneWriter) given(c storage.Consent) (act stage.Act, can bool) {
	at, access := n.state.consent(c.BankConsentID), c.Asked.Access
	until, err := time.ParseInLocation(time.DateOnly, c.Asked.ValidUntil, time.Local)
	if c.GrantedAt.IsZero() || at == nil || at.PSU == "" || err != nil || access.Accounts != nil && len(*access.Accounts) > 0 {
		return act, false
	}
	_, again := n.linked[c.BIC]
	renews := slices.Contains(n.ids, c.Renews)
	if again != renews {
		return act, false
	}
	act = stage.Act{
		Verb: stage.Link, Bank: strings.TrimSpace(c.BankName), Person: at.PSU, Days: min(max(daysBetween(c.GrantedAt, until.Add(12*time.Hour)), 1), longestPass),
		PerDay: max(c.Asked.FrequencyPerDay, 1), OneOff: !c.Recurring, NoBalances: access.Balances == nil, NoTransactions: access.Transactions == nil,
	}
	if renews {
		act.Verb = stage.Renew
	}
	if act.OneOff {
		act.PerDay = 4 // is not said of it
	}
	return act, true
}

// books has what the control booked, and the reading after it.
func (n *sceneWriter) books(ctx context.Context) error {
	var last time.Time
	for _, bic := range slices.Sorted(maps.Keys(n.linked)) {
		theirs, err := n.app.accountsOf(ctx, bic, n.linked[bic])
		if err != nil {
			return err
		}
		for _, account := range theirs {
			entries, err := n.app.booksOf(ctx, bic, n.linked[bic], account.Number)
			if err != nil {
				return err
			}
			for _, e := range slices.Backward(entries) {
				on, err := time.ParseInLocation(time.DateOnly, e.Date, time.Local)
				if err != nil || !e.Made || e.Status != "booked" {
					continue
				}
				if !n.add(on.Add(12*time.Hour), stage.Act{Verb: stage.Book, Bank: n.named[bic], Person: n.linked[bic], Account: account.Number + 1, Amount: e.Amount, Other: e.Name, Text: e.Text}) {
					n.left.Bookings++
				}
				last = maxTime(last, on)
			}
		}
	}
	if last.IsZero() {
		return nil
	}
	return n.reading(ctx, last)
}

// reading has the last reading, where it came after a booking.
func (n *sceneWriter) reading(ctx context.Context, booked time.Time) error {
	all, err := n.app.store.Consents(ctx)
	var read time.Time
	for _, c := range all {
		if c.EnvironmentID == bank.SandboxID {
			read = maxTime(read, c.FetchedAt)
		}
	}
	if !read.Before(booked) {
		n.add(read, stage.Act{Verb: stage.Update})
	}
	return err
}

// played puts the acts in order, with the days between them, up to today; then what is to go wrong.
func (n *sceneWriter) played(context.Context) error {
	slices.SortStableFunc(n.events, func(a, b event) int { return cmp.Compare(a.on, b.on) })
	at, today := 0, daysBetween(n.began, n.now)
	pass := func(to int) {
		for to > at {
			days := min(to-at, longestPass)
			n.scene.Acts = append(n.scene.Acts, stage.Act{Verb: stage.Pass, Days: days})
			at += days
		}
	}
	for _, e := range n.events {
		pass(e.on)
		n.scene.Acts = append(n.scene.Acts, e.act)
	}
	pass(today)
	goesOn := n.state.faults()
	n.scene.Acts = append(n.scene.Acts, goesOn...)
	n.left.Faults = len(n.state.Faults) - len(goesOn) + len(n.state.FlatPhones)
	return nil
}

// longestPass is the most days that pass at once.
const longestPass = 366

// daysBetween counts days, none below zero.
func daysBetween(from, to time.Time) int {
	return max(int((to.Sub(from)+12*time.Hour)/(24*time.Hour)), 0)
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// practiceState is what the control tells of the practice banks.
type practiceState struct {
	Consents       []practiceConsent
	Payments       []struct{ ID, PSU string }
	Authorisations []struct {
		ID, Of string
		Waits  bool
	}
	Faults []struct {
		Method, Path  string
		Count, Status int
		Drop          bool

		Bank, Operation, Delay, Slow, Code, MediaType string // of which an act says nothing
		RetryAfter                                    int
		Middle, Garbage, After                        bool
		Body                                          *string
	}
	FlatPhones []string
}

type practiceConsent struct {
	ID, PSU, Status string
	Ended           time.Time
}

// consent is one at a practice bank, by the bank's id; nil where there is none.
func (s practiceState) consent(id string) *practiceConsent {
	i := slices.IndexFunc(s.Consents, func(one practiceConsent) bool { return one.ID == id && id != "" })
	if i < 0 {
		return nil
	}
	return &s.Consents[i]
}

// faults are the acts by which requests go wrong still, as far as an act can say it.
func (s practiceState) faults() (acts []stage.Act) {
	for _, f := range s.Faults {
		act := stage.Act{Verb: stage.Fault, Method: f.Method, Path: cmp.Or(f.Path, "/"), Status: f.Status, Count: f.Count}
		plain := f.Bank+f.Operation+f.Delay+f.Slow+f.Code+f.MediaType == "" && f.RetryAfter == 0 && !f.Middle && !f.Garbage && !f.After && f.Body == nil
		if plain && (f.Status != 0 || f.Drop) && act.Stands() {
			acts = append(acts, act)
		}
	}
	return acts
}
