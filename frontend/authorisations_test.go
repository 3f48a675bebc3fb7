package frontend

import (
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// Every end of an attempt says which it was, and what can be done now.
func TestEndOfAnAttemptIsTold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcome storage.Outcome
		status  xs2a.ConsentStatus
		says    string
		retry   bool
	}{
		{storage.Denied, xs2a.ConsentRejected, "You declined at Hamnbanken.", false},
		{storage.Denied, xs2a.ConsentReceived, "The consent was not approved at Hamnbanken.", true},
		{storage.Partial, xs2a.ConsentPartiallyAuthorised, "You have approved your part.", true},
		{storage.Expired, xs2a.ConsentReceived, "It timed out.", true},
		{storage.Failed, xs2a.ConsentReceived, "Hamnbanken ended the approval.", true},
		{storage.GivenUp, xs2a.ConsentTerminatedByTPP, "You cancelled this request.", false},
		{storage.Replaced, xs2a.ConsentReceived, "You started this once more.", true},
	} {
		view := linkingView{Flow: flowOf(storage.Authorisation{Outcome: test.outcome}, storage.Consent{BankName: "Hamnbanken", Status: test.status})}
		if html := string(render(t, t.Context(), view.content())); !strings.Contains(html, test.says) {
			t.Errorf("%s, %s: %q is not said: %s", test.outcome, test.status, test.says, html)
		}
		if view.retry() != test.retry {
			t.Errorf("%s, %s: can be started once more: %v", test.outcome, test.status, !test.retry)
		}
	}
}

// Whoever comes back from a bank reads what became of it, and that it was not
// this program that sent them where nothing was begun.
func TestReturnIsTold(t *testing.T) {
	t.Parallel()
	for outcome, says := range map[sca.Return]string{
		sca.ReturnTaken:   "You are back from the bank.",
		sca.ReturnDenied:  "The consent was not approved.",
		sca.ReturnTwice:   "You came back from the bank before.",
		sca.ReturnLate:    "You came back too late.",
		sca.ReturnOver:    "This approval had ended before you came back.",
		sca.ReturnUnknown: "This return does not belong to anything you started here.",
		sca.ReturnEmpty:   "The bank sent you back without saying what became of it.",
	} {
		view := callbackView{Notice: returnNotice(t.Context(), outcome, "")}
		if html := string(render(t, t.Context(), view.content())); !strings.Contains(html, says) {
			t.Errorf("%q is not said: %s", says, html)
		}
	}
}

// TestMisledIsTold says of a bank's link that was not followed where it led, and
// that it was the bank's.
func TestMisledIsTold(t *testing.T) {
	t.Parallel()
	view := linkingView{Flow: flowOf(storage.Authorisation{Outcome: storage.Misled, Reason: storage.Reason{Code: failure.LinkElsewhere, Bank: "Hamnbanken", Name: "evil.example"}}, storage.Consent{BankName: "Hamnbanken", Status: xs2a.ConsentReceived})}
	page := string(render(t, t.Context(), view.content()))
	for _, words := range []string{"leads elsewhere: to evil.example.", "Nothing was sent there", "a mistake in the bank’s answer"} {
		if !strings.Contains(page, words) {
			t.Errorf("%q is not said: %s", words, page)
		}
	}
	if !view.retry() || strings.Contains(page, "ended the approval") {
		t.Error("it is told as the bank's end")
	}
}

// TestPageIsNamedAfterWhatIsDone names a tab after what its page is about: a renewal
// is no first link.
func TestPageIsNamedAfterWhatIsDone(t *testing.T) {
	t.Parallel()
	flow := flowOf(storage.Authorisation{}, storage.Consent{ID: "c2", BankName: "Norrsken Bank", Renews: "c1"})
	page := linkingView{Flow: flow}.page(t.Context())
	if page.Title != "Renew or change a consent: Norrsken Bank" || page.Section != SectionConsents {
		t.Errorf("a renewal: %+v", page)
	}
	flow.Consent.Renews = ""
	if page := (linkingView{Flow: flow}).page(t.Context()); page.Title != "Link Norrsken Bank" || page.Section != SectionBanks {
		t.Errorf("a first link: %+v", page)
	}
}

// TestLoginComesFirst says where the bank wants to know who asks that they log in
// there: nothing can be approved yet.
func TestLoginComesFirst(t *testing.T) {
	t.Parallel()
	flow := flowOf(storage.Authorisation{ID: "a1", Step: xs2a.StepOAuth, Link: "/", Secret: storage.Secret{PreStep: true}}, storage.Consent{BankName: "Norrsken Bank"})
	for first, want := range map[bool]string{true: "Log in at Norrsken Bank", false: "Approve at Norrsken Bank"} {
		flow.Secret.PreStep = first
		view := linkingView{Flow: flow}
		html := string(render(t, t.Context(), view.content()))
		if !strings.Contains(html, "<h2>"+want+"</h2>") || strings.Contains(html, "approve the consent") == first || strings.Contains(view.steps(t.Context()).Who, "log in") != first {
			t.Errorf("the bank wants the login first: %v; %s", first, html)
		}
	}
}

// flowOf is an authorisation of a consent as a screen gets it.
func flowOf(auth storage.Authorisation, c storage.Consent) app.Flow {
	return app.Flow{Flow: sca.Flow{Authorisation: auth, Facts: sca.Facts{Dealings: sca.UnderConsent(c)}}, Consent: c}
}
