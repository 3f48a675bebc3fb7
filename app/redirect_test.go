package app_test

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// TestSecondQuestionMark comes back from banks that append "?…" to a return
// address that has a query, by the browser and by hand.
func TestSecondQuestionMark(t *testing.T) {
	words, err := os.ReadFile("testdata/cases/28-second-question-mark.txt")
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`http\S+\?\S+\?\S+`).FindString(string(words))
	w := newWorld(t)
	for _, pasted := range []bool{false, true} {
		flow := w.begin(xs2a.StepRedirect)
		w.visit(flow.ID, false)
		back := strings.Replace(address, "state=S?", "state="+flow.Secret.State+"?", 1)
		if pasted {
			w.must(w.SCA().Pasted(t.Context(), flow.ID, back, person))
		} else {
			u, err := url.Parse(back)
			w.must(err)
			w.returned(u.Query(), sca.ReturnTaken)
		}
		w.outcome(flow.ID, storage.Succeeded)
	}
	flow := w.begin(xs2a.StepRedirect)
	w.returned(url.Values{"state": {flow.Secret.State}, "result": {"nok?error=access_denied&state=another"}}, sca.ReturnDenied)
}

// TestReturnNamesItsServer takes a code only from the server the person was sent
// to: named to the letter, once, and always where that server said that it does
// (RFC 9207 section 2.4). Whatever else is refused, and no code is redeemed.
func TestReturnNamesItsServer(t *testing.T) {
	t.Parallel()
	const none = "-"
	for name, test := range map[string]struct {
		bank  string // empty: one whose link says nothing about its server
		iss   []string
		taken bool
	}{
		"as announced":              {bank: "oststern", iss: []string{"ISSUER"}, taken: true},
		"missing though announced":  {bank: "oststern", iss: []string{none}},
		"empty":                     {bank: "oststern", iss: []string{""}},
		"twice the same":            {bank: "oststern", iss: []string{"ISSUER", "ISSUER"}},
		"twice":                     {bank: "oststern", iss: []string{"ISSUER", "https://other.example"}},
		"another server":            {bank: "oststern", iss: []string{"https://other.example"}},
		"another one of its host":   {bank: "oststern", iss: []string{"ISSUERx"}},
		"with a slash more":         {bank: "oststern", iss: []string{"ISSUER/"}},
		"in capitals":               {bank: "oststern", iss: []string{"UPPER"}},
		"not announced, missing":    {iss: []string{none}, taken: true},
		"not announced, right":      {iss: []string{"ISSUER"}, taken: true},
		"not announced, another":    {iss: []string{"https://other.example"}},
		"not announced, empty":      {iss: []string{""}},
		"not announced, same host+": {iss: []string{"ISSUER/tenant"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var id string
			if test.bank == "" {
				id = w.begin(xs2a.StepOAuth).ID
			} else {
				w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
				id = w.ask(storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: test.bank}, EnvironmentID: bank.SandboxID}).ID
			}
			back := w.visit(id, false)
			issuer := back.Get("iss")
			back.Del("iss")
			for _, iss := range test.iss {
				if iss != none {
					back.Add("iss", strings.NewReplacer("ISSUER", issuer, "UPPER", strings.ToUpper(issuer)).Replace(iss))
				}
			}
			redeemed := w.network.count("POST", "/token")
			if test.taken {
				w.returned(back, sca.ReturnTaken)
				w.outcome(id, storage.Succeeded)
				return
			}
			w.returned(back, sca.ReturnFailed)
			w.outcome(id, storage.Failed)
			if n := w.network.count("POST", "/token"); n != redeemed {
				t.Error("the code was redeemed")
			}
			if got := w.flow(id).Reason.Code; !slices.Contains([]string{failure.SaidTwice, failure.IssuerMissing, failure.IssuerOther}, got) {
				t.Errorf("the person is told %q", got)
			}
		})
	}
}

// TestReturnSaysNothingTwiceBehindAQuestionMark sees what stands once more behind a
// second question mark.
func TestReturnSaysNothingTwiceBehindAQuestionMark(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	back := w.visit(flow.ID, false)
	back.Set("state", back.Get("state")+"?iss="+url.QueryEscape(back.Get("iss"))+"&code=other")
	w.returned(back, sca.ReturnFailed)
	w.outcome(flow.ID, storage.Failed)
}

// TestReturnSaysNothingTwice refuses a return in which what decides stands twice
// (RFC 6749 section 3.1).
func TestReturnSaysNothingTwice(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"code", "state", "error"} {
		flow := w.begin(xs2a.StepOAuth)
		back := w.visit(flow.ID, false)
		back[name] = append(back[name], back.Get(name), "other")
		w.returned(back, sca.ReturnFailed)
		w.outcome(flow.ID, storage.Failed)
		w.must(w.Withdraw(t.Context(), flow.Consent.ID, false, person))
	}
}

// TestRedirectSaysNothingTwice is the same for a return that is none of OAuth.
func TestRedirectSaysNothingTwice(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"confirmationCode", "code", "state", "error"} {
		flow := w.begin(xs2a.StepRedirect)
		w.returned(url.Values{"state": {flow.Secret.State}, name: {flow.Secret.State, "other"}}, sca.ReturnFailed)
		w.outcome(flow.ID, storage.Failed)
	}
}
