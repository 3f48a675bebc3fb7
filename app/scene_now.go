package app

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"consentry/app/bank"
	"consentry/app/stage"
	"consentry/storage"
)

// SceneNow returns the practice world as it stands as a scene: who linked which bank when, how
// far the clock went, what was withdrawn, and what is to go wrong. What a scene cannot hold it
// leaves out, and tells.
func (a *App) SceneNow(ctx context.Context, title string) (s stage.Scene, left LeftOut, err error) {
	s.Title = title
	all, err := a.store.Consents(ctx)
	if err != nil {
		return s, left, err
	}
	var state practiceState
	if err := a.atControl(ctx, http.MethodGet, "/state", nil, &state); err != nil {
		return s, left, err
	}
	ahead := a.clock.Ahead()
	now := a.clock.NowAt(bank.SandboxID)
	began := now.Add(-ahead) // what time it was there at the start
	var events []event
	for _, c := range slices.Backward(all) {
		if c.EnvironmentID != bank.SandboxID {
			continue
		}
		given, can := state.given(c, events)
		if !can {
			left.Banks = append(left.Banks, strings.TrimSpace(c.BankName))
			continue
		}
		given.on = daysBetween(began, c.GrantedAt)
		events = append(events, given)
		if c.End == storage.EndWithdrawn && c.Acknowledgement == storage.AckRefused {
			events = append(events, event{daysBetween(began, c.EndedAt), stage.Act{Verb: stage.Fault, Method: http.MethodDelete, Path: "/consents", Status: http.StatusMethodNotAllowed, Count: 1}})
		}
		if c.End == storage.EndWithdrawn {
			events = append(events, event{daysBetween(began, c.EndedAt), stage.Act{Verb: stage.Withdraw, Bank: given.act.Bank}})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.on, b.on) })
	s.Acts = played(events, daysBetween(began, now))
	s.Acts = append(s.Acts, state.faults()...)
	left.PracticeWorld, err = a.store.PracticeWorld(ctx)
	return s, left, err
}

// LeftOut is what of the practice world a scene does not hold: the banks at which a consent
// was given in a way that no act gives one, and of Practice the payments, templates, notes and names.
type LeftOut struct {
	Banks []string
	storage.PracticeWorld
}

// event is an act on a day, counted from the start.
type event struct {
	on  int
	act stage.Act
}

// played are events with the days between them, up to today.
func played(events []event, today int) (acts []stage.Act) {
	at := 0
	pass := func(to int) {
		for to > at {
			days := min(to-at, longestPass)
			acts = append(acts, stage.Act{Verb: stage.Pass, Days: days})
			at += days
		}
	}
	for _, e := range events {
		pass(e.on)
		acts = append(acts, e.act)
	}
	pass(today)
	return acts
}

// longestPass is the most days that pass at once.
const longestPass = 366

// daysBetween counts days, none below zero.
func daysBetween(from, to time.Time) int {
	return max(int((to.Sub(from)+12*time.Hour)/(24*time.Hour)), 0)
}

// practiceState is what the control tells of the practice banks.
type practiceState struct {
	Consents []struct{ ID, PSU string }
	Faults   []struct {
		Method, Path  string
		Count, Status int
		Drop          bool
	}
}

// given is the act in which a consent was given, if there is one: it gives each bank one, that is
// no renewal and names no account.
func (s practiceState) given(c storage.Consent, before []event) (e event, can bool) {
	i := slices.IndexFunc(s.Consents, func(one struct{ ID, PSU string }) bool { return one.ID == c.BankConsentID && one.ID != "" })
	access := c.Asked.Access
	again := slices.ContainsFunc(before, func(e event) bool { return e.act.Verb == stage.Link && e.act.Bank == c.BIC })
	until, err := time.ParseInLocation(time.DateOnly, c.Asked.ValidUntil, time.Local)
	if c.GrantedAt.IsZero() || i < 0 || s.Consents[i].PSU == "" || c.Renews != "" || again || err != nil || access.Accounts != nil && len(*access.Accounts) > 0 {
		return event{}, false
	}
	return event{act: stage.Act{
		Verb: stage.Link, Bank: c.BIC, Person: s.Consents[i].PSU, Days: min(max(daysBetween(c.GrantedAt, until.Add(12*time.Hour)), 1), longestPass),
		PerDay: max(c.Asked.FrequencyPerDay, 1), OneOff: !c.Recurring, NoBalances: access.Balances == nil, NoTransactions: access.Transactions == nil,
	}}, true
}

// faults are the acts by which requests go wrong still, as far as an act can say it.
func (s practiceState) faults() (acts []stage.Act) {
	for _, f := range s.Faults {
		act := stage.Act{Verb: stage.Fault, Method: f.Method, Path: cmp.Or(f.Path, "/"), Status: f.Status, Count: f.Count}
		if f.Status == 0 && !f.Drop {
			continue
		}
		if _, err := stage.ParseScene([]byte("title: x\n" + act.String())); err == nil {
			acts = append(acts, act)
		}
	}
	return acts
}
