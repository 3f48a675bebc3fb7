package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// composed puts a payment that was composed into the store.
func (w *world) composed(id, list string) {
	w.Helper()
	_, err := w.store.AddPayment(w.Context(), storage.Payment{ID: id, EnvironmentID: bank.SandboxID, BIC: "TESTSE00", BankName: "Norrsken Bank", RequestID: "r" + id, ListID: list,
		Order: xs2a.Order{Service: xs2a.SinglePayment, Product: "sepa-credit-transfers", Transfers: []xs2a.Transfer{{Creditor: "Somebody", Amount: xs2a.Amount{Number: "1", Currency: "EUR"}}}}})
	w.must(err)
}

// TestNeeds has everything at once that waits for a person, some of it about one thing: each thing is listed once,
// the most urgent first, and what passes by itself is not.
func TestNeeds(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.clock.noon()
	today := w.Clock().Now()
	inDays := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	refused, unreachable := storage.Reason{Code: failure.ConsentNotAccepted}, storage.Reason{Code: failure.Unreachable}

	due := w.valid("due", "Due", inDays(6)) // due, could not be read, reading was stopped, and its renewal is under way
	w.must(w.store.SetTried(ctx, due.ID))
	w.must(w.store.StopJob(ctx, due.ID))
	w.must(w.store.SetFetched(ctx, due.ID, refused))
	w.must(w.store.SetTried(ctx, due.ID))
	w.must(w.store.StopJob(ctx, due.ID))
	renewal := storage.Consent{ID: "renewal", EnvironmentID: bank.SandboxID, BIC: "TESTSE00", BankName: "Due", RequestID: "renewal", Renews: due.ID, Recurring: true, ValidUntil: inDays(90)}
	w.must(w.store.AddConsent(ctx, renewal))
	w.must(w.store.AddAuthorisation(ctx, storage.Authorisation{ID: "a1", Subject: storage.ConsentSubject(renewal.ID), Step: xs2a.StepRedirect}))

	w.valid("later", "Later", inDays(20)) // due
	w.valid("fine", "Fine", inDays(100))
	w.valid("revoked", "Revoked", inDays(100))
	w.must(w.store.SetConsentStatus(ctx, "revoked", "", xs2a.ConsentRevokedByPSU))
	w.valid("withdrawn", "Withdrawn", inDays(100))
	_, err := w.store.EndConsent(ctx, "withdrawn", storage.EndWithdrawn, storage.FromPerson, storage.Event{})
	w.must(err)

	w.valid("again", "Again", inDays(100)) // its bank could not be reached, and is tried again by itself
	w.must(w.store.SetSchedule(ctx, "again", 2))
	w.must(w.store.SetTried(ctx, "again"))
	w.must(w.store.SetFetched(ctx, "again", unreachable))
	w.valid("byhand", "By hand", inDays(100)) // and one that is not
	w.must(w.store.SetTried(ctx, "byhand"))
	w.must(w.store.SetFetched(ctx, "byhand", unreachable))

	w.composed("p1", "")
	w.composed("p2", "list")
	w.composed("p3", "list")

	needs, err := w.Needs(ctx)
	w.must(err)
	var got []string
	for _, need := range needs.All {
		one := fmt.Sprint(need.Kind, " ", need.Consent.BankName)
		if need.Payments > 0 {
			one = fmt.Sprint(need.Kind, " ", need.Payments)
		}
		for _, also := range need.Also {
			one += fmt.Sprint(" + ", also.Kind)
		}
		got = append(got, one)
	}
	want := []string{"payment 2", "payment 1", "approval Due + read + renewal + unfinished", "read By hand", "ended Revoked", "renewal Later"}
	slices.Sort(got[:min(2, len(got))]) // both of a moment
	slices.Sort(want[:2])
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if all := needs.All; len(all) > 2 && (all[2].Consent.ID != "renewal" || all[2].Has(app.NeedRenewal) == nil || all[2].Has(app.NeedRenewal).Days != 6 || all[2].Has(app.NeedEnded) != nil) {
		t.Errorf("got %+v", all[2])
	}

	lately, err := w.Lately(ctx)
	w.must(err)
	var happened []string
	for _, one := range lately {
		happened = append(happened, fmt.Sprint(one.Kind, " ", one.Consent.BankName))
		if one.Kind == app.HappenedRead && one.Next.Sub(w.Clock().Now()) < 11*time.Hour {
			t.Errorf("it is tried again %s", one.Next)
		}
	}
	slices.Sort(happened)
	if want := []string{"end Withdrawn", "read Again"}; !slices.Equal(happened, want) {
		t.Errorf("happened %q, want %q", happened, want)
	}

	w.must(w.store.Snooze(ctx, inDays(7), "later"))
	w.must(w.store.EndJob(ctx, due.ID))
	w.must(w.store.SetFetched(ctx, "byhand", storage.Reason{}))
	needs, err = w.Needs(ctx)
	w.must(err)
	for _, need := range needs.All {
		if need.Consent.BankName == "Later" || need.Consent.BankName == "By hand" || need.Has(app.NeedUnfinished) != nil {
			t.Errorf("it is listed though nothing waits: %s %s", need.Kind, need.Consent.BankName)
		}
	}
	w.clock.pass(40)
	needs, err = w.Needs(ctx)
	w.must(err)
	for _, need := range needs.All {
		if need.Consent.BankName == "Revoked" {
			t.Error("what ended 40 days ago is listed")
		}
	}
}
