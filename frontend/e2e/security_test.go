package e2e

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What protects the person's data from other pages and programs on the
// machine, as a browser sees it.
func TestOnlyTheSessionSeesAnything(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	johan := opens(consentry)
	johan.links("Norrsken Bank", "Johan Bergvall")
	home := johan.home()

	johan.story(t, "the printed address works once", func(johan *person) {
		other := somebody(johan.t)
		other.visit(consentry.address)
		other.see("This browser has no session with Consentry.")
		johan.visit(consentry.address) // in the browser that used it, it leads to the overview
		johan.at("/")
		johan.see("Latest transactions")
	})

	johan.story(t, "an open page says that it is there", func(johan *person) {
		if _, err := ask[bool](johan, "document.dispatchEvent(new Event('visibilitychange'))"); err != nil {
			t.Fatal(err)
		}
		johan.until("have the page say so", func() error {
			said, err := ask[int](johan, "performance.getEntriesByName(location.origin + document.querySelector('.nav-brand').pathname + 'presence').length")
			if err == nil && said == 0 {
				err = errNotYet
			}
			return err
		})
	})

	johan.story(t, "without a session no page shows data", func(johan *person) {
		other := somebody(johan.t)
		for _, path := range []string{"/", "/accounts", "/accounts/1", "/transactions", "/transactions/1", "/consents", "/banks", "/settings", "/nothing", "/banks/sandbox/NRSKSEP0/logo"} {
			other.visit(consentry.origin() + path)
			other.see("This browser has no session with Consentry.")
			other.seeNot("Norrsken")
			other.seeNot("SEK")
		}
		other.visit(consentry.origin() + "/callback?state=guessed")
		other.seeNot("Norrsken")
		if other.finds("Continue in this tab") {
			t.Error("a browser without a session is led into the program")
		}
	})

	johan.story(t, "a form on another site changes nothing", func(johan *person) {
		johan.visit(elsewhere(johan.t, `<form method="post" action="`+home+`/settings/theme"><button name="theme" value="dark">Win a prize</button></form>`))
		johan.click("Win a prize")
		johan.see("This request came from another site and was not carried out.")
		johan.visit(home + "/settings")
		johan.title("Settings")
		if theme, err := ask[string](johan, "document.documentElement.dataset.theme ?? ''"); err != nil || theme == "dark" {
			t.Errorf("another site has set the theme to %q (%v)", theme, err)
		}
	})

	johan.story(t, "another site cannot show the program in a frame", func(johan *person) {
		johan.leave() // the browser complains, rightly
		johan.visit(elsewhere(johan.t, `<h1>Elsewhere</h1><iframe src="`+home+`/accounts"></iframe>`))
		johan.title("Elsewhere")
		shown, err := ask[bool](johan, "document.querySelector('iframe').contentDocument !== null")
		if err != nil || shown {
			t.Errorf("the frame can be read by the page around it (%v)", err)
		}
		johan.seeNot("Norrsken")
	})

	johan.story(t, "another host or origin is refused", func(johan *person) {
		johan.t.Helper()
		session := johan.cookie(home)
		for _, refused := range []struct {
			host, origin, method string
			status               int
		}{
			{"", "", http.MethodGet, http.StatusOK},
			{"", consentry.origin(), http.MethodPost, http.StatusOK},
			{"consentry.example", "", http.MethodGet, http.StatusMisdirectedRequest},
			{"localhost", "", http.MethodGet, http.StatusMisdirectedRequest},
			{"", "http://evil.example", http.MethodPost, http.StatusForbidden},
			{"", "null", http.MethodPost, http.StatusForbidden},
		} {
			status, body := send(johan.t, refused.method, home+"/settings/theme", refused.host, refused.origin, session)
			if refused.method == http.MethodGet {
				status, body = send(johan.t, refused.method, home+"/accounts", refused.host, refused.origin, session)
			}
			if status != refused.status {
				johan.t.Errorf("%s with host %q and origin %q got %d, want %d", refused.method, refused.host, refused.origin, status, refused.status)
			}
			if status != http.StatusOK && strings.Contains(body, "Norrsken") {
				johan.t.Errorf("the refusal of host %q and origin %q shows data", refused.host, refused.origin)
			}
		}
	})
}

// elsewhere is a page of another origin.
func elsewhere(t *testing.T, body string) string {
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src *")
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>Elsewhere</title>"+body) // nobody is left to tell
	}))
}

// send makes a request with a session that a page could not make.
func send(t *testing.T, method, address, host, origin, cookie string) (int, string) {
	t.Helper()
	form := url.Values{"theme": {"system"}}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
