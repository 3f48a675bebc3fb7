package app_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"consentry/app"
	"consentry/storage"
	"consentry/xs2a"
)

var practiceCode = regexp.MustCompile(`id="practice-code">(\d+)<`)

// TestVisitToAPage goes through the pages of practice banks without a browser of this machine,
// to a yes and to a no, and the return is taken.
func TestVisitToAPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step xs2a.Step
		deny bool
		want storage.Outcome
	}{
		"redirect":         {xs2a.StepRedirect, false, storage.Succeeded},
		"redirect, denied": {xs2a.StepRedirect, true, storage.Denied},
		"OAuth":            {xs2a.StepOAuth, false, storage.Succeeded},
		"OAuth, denied":    {xs2a.StepOAuth, true, storage.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			flow := w.begin(test.step)
			if !w.AsksOnPage(flow) || w.AsksOnPhone(flow) {
				t.Fatal("it does not wait on a page")
			}
			visit := w.VisitPage(flow.ID, person)
			does := func(form url.Values, want string) app.PhoneScreen {
				t.Helper()
				shown, err := visit.Do(t.Context(), form, "en")
				w.must(err)
				if !strings.Contains(shown.Page, want) {
					t.Fatalf("after %v %q is not on the page:\n%s", form, want, shown.Page)
				}
				for _, leads := range []string{"href=\"/", "action=", "src=\"/", "http://"} {
					if strings.Contains(shown.Page, leads) {
						t.Errorf("after %v the page leads elsewhere, by %s", form, leads)
					}
				}
				return shown
			}
			does(nil, "Log in")
			does(url.Values{"action": {"approve"}, "code": {w.psu.Code}}, "Log in") // no step is left out
			does(url.Values{"action": {"next"}, "login": {w.psu.Login}, "password": {"wrong"}}, "The password is wrong")
			does(url.Values{"as": {w.psu.Login}}, w.psu.Password)
			shown := does(url.Values{"action": {"next"}, "login": {w.psu.Login}, "password": {w.psu.Password}}, "Step 2 of 3")
			if now := w.flow(flow.ID); now.OpenedAt.IsZero() || !now.ReturnedAt.IsZero() || shown.Over {
				t.Errorf("in the middle: %+v", now.Authorisation)
			}
			if test.deny {
				if shown = does(url.Values{"action": {"deny"}}, "Go back to the app."); !shown.Over {
					t.Error("it is not over")
				}
				w.outcome(flow.ID, test.want)
				return
			}
			accounts := url.Values{"action": {"next"}}
			for _, box := range regexp.MustCompile(`name="(accounts|balances|transactions)" value="([^"]+)"`).FindAllStringSubmatch(shown.Page, -1) {
				accounts.Add(box[1], box[2])
			}
			shown = does(accounts, "Step 3 of 3")
			code := practiceCode.FindStringSubmatch(shown.Page)
			if code == nil {
				t.Fatal("there is no code")
			}
			if shown = does(url.Values{"action": {"approve"}, "code": {code[1]}}, "Go back to the app."); !shown.Over {
				t.Error("it is not over")
			}
			w.outcome(flow.ID, test.want)
			w.fetched(flow.Consent.ID)
			if _, err := w.VisitPage(flow.ID, person).Do(t.Context(), nil, "en"); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("a visit to what is over: %v", err)
			}
		})
	}
}

// TestVisitsToAPageKeepApart opens the page in a browser while it is shown elsewhere: the bank
// ends the visit before, as it does with two browsers. And no address but that of a page begins one.
func TestVisitsToAPageKeepApart(t *testing.T) {
	w := newWorld(t)
	flow := w.begin(xs2a.StepRedirect)
	visit := w.VisitPage(flow.ID, person)
	_, err := visit.Do(t.Context(), nil, "en")
	w.must(err)
	page, err := w.SCA().Redirect(t.Context(), flow.ID, person)
	w.must(err)
	res, err := http.Get(page)
	w.must(err)
	res.Body.Close()
	shown, err := visit.Do(t.Context(), url.Values{"action": {"deny"}}, "en")
	w.must(err)
	if !strings.Contains(shown.Page, "This visit has ended") || shown.Over {
		t.Errorf("%+v", shown)
	}
	if now := w.flow(flow.ID); now.Ended() {
		t.Errorf("the other visit's no ended it: %q", now.Outcome)
	}
}
