package app_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// TestPastedFromAnotherDevice brings back by hand the address on which a phone ended, whole and
// in every way in which it is not. What was copied in part leaves the attempt as it was.
func TestPastedFromAnotherDevice(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepOAuth)
	if !w.flow(flow.ID).PageHere {
		t.Error("a practice bank's page is taken for one that a phone reaches")
	}
	once := w.DefaultShare(bank.SandboxID)
	once.BIC, once.Recurring = flow.Consent.BIC, false
	other, err := w.Ask(t.Context(), once, person)
	w.must(err)
	back := w.visit(flow.ID, false)
	tokens := func() int { return w.network.count(http.MethodPost, "/connect/token") }
	before := tokens() // the program's own
	address := func(change func(url.Values)) string {
		values := url.Values{}
		for name, all := range back {
			values[name] = all
		}
		change(values)
		return flow.RedirectURI + "?" + values.Encode()
	}
	for name, test := range map[string]struct{ pasted, code string }{
		"nothing":                   {"", failure.PasteWhole},
		"words":                     {"that page", failure.PasteWhole},
		"a path":                    {"/callback?code=1", failure.PasteWhole},
		"another host":              {"https://elsewhere.example/callback?" + back.Encode(), failure.OtherAddress},
		"another scheme":            {strings.Replace(address(func(url.Values) {}), "http:", "javascript:", 1), failure.OtherAddress},
		"another path":              {strings.Replace(address(func(url.Values) {}), "?", "/x?", 1), failure.OtherAddress},
		"cut off at the path":       {flow.RedirectURI, failure.OtherAttempt},
		"a made-up state":           {address(func(v url.Values) { v.Set("state", "made-up") }), failure.OtherAttempt},
		"the state of another flow": {address(func(v url.Values) { v.Set("state", w.flow(other).Secret.State) }), failure.OtherAttempt},
		"no code":                   {address(func(v url.Values) { v.Del("code") }), failure.PasteNoAnswer},
		"an empty code":             {address(func(v url.Values) { v.Set("code", "") }), failure.PasteNoAnswer},
		"too long":                  {address(func(v url.Values) { v.Set("more", strings.Repeat("x", 1<<14)) }), failure.TextTooLong},
	} {
		err := w.SCA().Pasted(t.Context(), flow.ID, test.pasted, person)
		var told *app.Error
		if !errors.As(err, &told) || told.Fields["address"].Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
		if now := w.flow(flow.ID); now.Ended() || !now.ReturnedAt.IsZero() {
			t.Fatalf("%s: changed the flow: %+v", name, now.Authorisation)
		}
	}
	if sent := tokens() - before; sent != 0 {
		t.Errorf("%d codes were sent", sent)
	}
	w.must(w.SCA().Pasted(t.Context(), flow.ID, "  "+strings.TrimPrefix(address(func(url.Values) {}), "http://")+"\n", person))
	w.outcome(flow.ID, storage.Succeeded)
	w.fetched(flow.Consent.ID)
	sent := tokens()
	w.must(w.SCA().Pasted(t.Context(), flow.ID, address(func(url.Values) {}), person)) // twice does nothing twice
	if tokens() != sent {
		t.Error("the code was sent again")
	}
	if w.flow(other).Ended() {
		t.Error("the other flow ended")
	}
}
