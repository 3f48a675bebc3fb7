package app_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/remind"
	"consentry/storage"
	"consentry/xs2a"
)

// states are those of a round's turns in their order.
func (w *world) states(id string) (all []app.TurnState) {
	w.Helper()
	round, err := w.Round(w.Context(), id)
	w.must(err)
	for _, turn := range round.Turns {
		all = append(all, turn.State)
	}
	return all
}

// linkedBanks links so many banks, and lets time pass until their consents have to be renewed.
func (w *world) linkedBanks(n int) (ids []string) {
	w.Helper()
	for _, listed := range w.banks[:n] {
		ids = append(ids, w.linkAt(listed.BIC))
	}
	w.clock.pass(155)
	return ids
}

// TestRound walks through all that is due: each turn ends in a way of its own, and nothing of it is lost
// with the program.
func TestRound(t *testing.T) {
	w := newWorld(t)
	ids := w.linkedBanks(6)
	round, err := w.BeginRound(t.Context())
	w.must(err)
	if len(round.Turns) != 6 || !round.UnderWay() || round.Next("") != 0 {
		t.Fatalf("it begins with %+v", round)
	}
	at := map[string]int{}
	for i, turn := range round.Turns {
		at[turn.ConsentID] = i
	}
	is := func(after, id string, want app.TurnState) {
		t.Helper()
		if got := w.states(round.ID)[at[id]]; got != want {
			t.Errorf("after %s the turn is %q, want %q", after, got, want)
		}
	}
	for _, id := range ids {
		is("the beginning", id, app.TurnOpen)
	}

	w.renew(ids[0])
	is("it was renewed", ids[0], app.TurnRenewed)
	w.must(w.PassTurn(t.Context(), round.ID, ids[0])) // from a second window
	is("it was passed after that", ids[0], app.TurnRenewed)

	w.must(w.PassTurn(t.Context(), round.ID, ids[1]))
	w.must(w.PassTurn(t.Context(), round.ID, ids[1]))
	is("it was skipped", ids[1], app.TurnSkipped)

	share, err := w.Renewal(t.Context(), ids[2])
	w.must(err)
	w.fault(`{"operation": "createConsent", "status": 400, "code": "FORMAT_ERROR", "count": 1}`)
	var told *app.Error
	if _, err := w.Ask(t.Context(), share, person); !errors.As(err, &told) {
		t.Fatalf("the bank refuses: %v", err)
	}
	is("the bank refused", ids[2], app.TurnFailed)
	if c := w.consent(ids[2]); !c.Usable(w.Clock().NowAt(bank.SandboxID)) {
		t.Error("the old consent does not work any more")
	}

	w.must(w.Withdraw(t.Context(), ids[3], false, person))
	is("it was withdrawn", ids[3], app.TurnOver)

	w.must(w.PutOffTurn(t.Context(), round.ID, ids[4], remind.SnoozeDay))
	is("it was put off", ids[4], app.TurnLater)

	share, err = w.Renewal(t.Context(), ids[5])
	w.must(err)
	begun, err := w.Ask(t.Context(), share, person)
	w.must(err)
	is("it was begun", ids[5], app.TurnBegun)

	before := w.states(round.ID)
	w.restart(here)
	if after := w.states(round.ID); !slices.Equal(after, before) {
		t.Errorf("after a restart %q, before %q", after, before)
	}
	again, err := w.BeginRound(t.Context())
	w.must(err)
	if again.ID != round.ID || len(again.Turns) != 6 || again.Left() != 2 {
		t.Errorf("it goes on with %s, %d turns, %d left", again.ID, len(again.Turns), again.Left())
	}

	w.must(w.SCA().GiveUp(t.Context(), begun, person))
	is("the person gave it up", ids[5], app.TurnFailed)
	w.must(w.PassTurn(t.Context(), round.ID, ids[5]))
	w.must(w.PassTurn(t.Context(), round.ID, ids[2]))
	ended, err := w.Round(t.Context(), round.ID)
	w.must(err)
	if ended.UnderWay() || ended.Count(app.TurnRenewed) != 1 || ended.Count(app.TurnFailed) != 2 {
		t.Errorf("in the end %q", w.states(round.ID))
	}

	next, err := w.BeginRound(t.Context())
	w.must(err)
	var still []string
	for _, turn := range next.Turns {
		still = append(still, turn.ConsentID)
	}
	if want := []string{ids[1], ids[2], ids[5]}; next.ID == round.ID || !sameSet(still, want) {
		t.Errorf("still due: %q, want %q", still, want)
	}
	w.must(w.EndRound(t.Context(), next.ID))
	if now, err := w.RoundUnderWay(t.Context()); err != nil || now != nil {
		t.Errorf("after it was stopped: %+v, %v", now, err)
	}
	if err := w.PassTurn(t.Context(), "no such", ids[1]); !app.NotFound(err) {
		t.Errorf("of no round: %v", err)
	}
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// TestRoundInTwoWindows begins one round, however many windows begin it at once.
func TestRoundInTwoWindows(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	for _, id := range []string{"a", "b", "c"} {
		w.valid(id, "Bank "+id, in(12))
	}
	const windows = 8
	rounds := make([]string, windows)
	var all sync.WaitGroup
	for i := range windows {
		all.Go(func() {
			round, err := w.BeginRound(t.Context())
			if err != nil || len(round.Turns) != 3 {
				t.Errorf("%d turns, %v", len(round.Turns), err)
			}
			rounds[i] = round.ID
		})
	}
	all.Wait()
	if ids := slices.Compact(slices.Sorted(slices.Values(rounds))); len(ids) != 1 {
		t.Errorf("%d rounds", len(ids))
	}
}

// TestRoundOfNothing has nothing to begin with.
func TestRoundOfNothing(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	w.valid("a", "A", in(60))
	var told *app.Error
	if _, err := w.BeginRound(t.Context()); !errors.As(err, &told) {
		t.Errorf("with nothing due: %v", err)
	}
}

// TestRoundOrder has all of one bank one behind the other, of two environments apart, and along with what
// is due what the same reminder names. What changes its day, or has it passed by, leaves the round.
func TestRoundOrder(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	w.must(w.store.PutEnvironment(t.Context(), storage.Environment{ID: "other", Name: "Other", Profile: xs2a.Profile{Dialect: "openpayments", APIURL: "https://xs2a.example"}}))
	put := func(id, environment, bic, name string, days int) {
		w.must(w.store.AddConsent(t.Context(), storage.Consent{ID: id, EnvironmentID: environment, BIC: bic, BankName: name, Recurring: true, FrequencyPerDay: 4, ValidUntil: in(days),
			Asked: xs2a.ConsentRequest{Recurring: true, ValidUntil: in(days), FrequencyPerDay: 4}}))
		w.must(w.store.SetConsentStatus(t.Context(), id, "", xs2a.ConsentValid))
	}
	put("n1", bank.SandboxID, "NRSKSESS", "Norrsken Bank", 20)
	put("f1", bank.SandboxID, "FJORNOKK", "Fjordbanken", 22)
	put("n2", bank.SandboxID, "NRSKSESS", "Norrsken Bank", 33)
	put("n3", "other", "NRSKSESS", "Norrsken Bank", 21)
	put("far", bank.SandboxID, "VIDDNOKK", "Vidda", 36)
	round, err := w.BeginRound(t.Context())
	w.must(err)
	var got []string
	for _, turn := range round.Turns {
		got = append(got, turn.ConsentID)
	}
	if want := []string{"n1", "n2", "n3", "f1"}; !slices.Equal(got, want) {
		t.Errorf("the order is %q, want %q", got, want)
	}
	w.must(w.store.SetGranted(t.Context(), "f1", xs2a.ConsentValid, xs2a.ConsentInformation{Status: xs2a.ConsentValid, ValidUntil: in(120), Recurring: true, FrequencyPerDay: 4, Raw: []byte(`{"validUntil":"` + in(120) + `"}`)}, nil))
	if got := w.states(round.ID)[3]; got != app.TurnNotDue {
		t.Errorf("the bank gave more time: %q", got)
	}
	w.clock.pass(21)
	if got := w.states(round.ID); got[0] != app.TurnOver || got[1] != app.TurnOpen {
		t.Errorf("its last day has passed: %q", got)
	}
}
