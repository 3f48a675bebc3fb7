package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a"
)

// stranger is a server that belongs to no bank, until the person says so. It
// remembers what it was asked, forms included.
type stranger struct {
	URL   string
	mu    sync.Mutex
	asked []string
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	s := &stranger{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.String()+" "+string(body))
		s.mu.Unlock()
		if r.Method == http.MethodPost {
			fmt.Fprint(w, `{"access_token":"a","refresh_token":"r","expires_in":600}`)
			return
		}
		fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q}`, s.URL, s.URL+"/authorize", s.URL+"/token")
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// heard returns what came since the last look.
func (s *stranger) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// leading is a bank over real HTTP whose answer to a request for a consent holds
// the links a test sets.
type leading struct {
	*world
	links string // JSON
	also  string // further members, each with a comma before it
}

func newLeading(t *testing.T) *leading {
	t.Helper()
	b := &leading{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/status") || r.Method == http.MethodGet {
			fmt.Fprint(w, `{"consentStatus":"received","scaStatus":"received"}`)
			return
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"consentId":"k","consentStatus":"received","authorisationId":"1","scaMethods":[{"authenticationMethodId":"m"}]%s,"_links":%s}`, b.also, b.links)
	}))
	t.Cleanup(server.Close)
	t.Parallel()
	b.world = &world{T: t, clock: &testClock{}, wrong: new(atomic.Int64), network: &network{}, dir: t.TempDir()}
	var err error
	b.key, err = secret.LoadWithoutKeyring(b.dir, slog.New(slog.DiscardHandler))
	b.must(err)
	b.start(here)
	b.must(b.UseSandbox(t.Context(), storage.Environment{ID: "leading", Name: "Leading", Identity: xs2a.Identity{ClientID: "id", ClientSecret: "hidden-secret"},
		Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: server.URL}, Banks: []storage.Bank{{ID: "bank", Name: "Leading Bank", CountryCode: "DE"}, {ID: "other", Name: "Other Bank", CountryCode: "DE"}}}))
	return b
}

// begun asks for a consent.
func (b *leading) begun(bank string) app.Flow {
	b.Helper()
	return b.ask(storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: bank}, EnvironmentID: "leading"})
}

// TestNewHostIsNamedByThePerson: the bank's link leads to a server nobody named. It
// hears nothing until the person has said that it is this bank's; then the step goes
// on, and that is remembered, for this bank, until it is taken back.
func TestNewHostIsNamedByThePerson(t *testing.T) {
	b, s := newLeading(t), newStranger(t)
	b.links = `{"scaOAuth":{"href":"` + s.URL + `/.well-known/oauth-authorization-server"}}`
	flow := b.begun("bank")
	refused := func(id string) *app.NewHost {
		t.Helper()
		_, err := b.SCA().Redirect(t.Context(), id, person)
		var failed *app.Error
		if !errors.As(err, &failed) || failed.Host == nil || string(failed.Host.Origin) != s.URL || failed.Code == failure.Inside {
			t.Fatalf("not refused: %v", err)
		}
		if asked := s.heard(); len(asked) > 0 {
			t.Fatalf("it was asked: %q", asked)
		}
		return failed.Host
	}
	host := refused(flow.ID)
	sends := map[string]bool{}
	for _, part := range host.Sends {
		sends[part.Code] = true
		if strings.Contains(part.Name, "hidden") {
			t.Errorf("a secret is shown: %+v", part)
		}
	}
	if !sends[failure.SendsCode] || !sends[failure.SendsSecret] || sends[failure.SendsCertificate] {
		t.Errorf("it is said to be sent: %v", sends)
	}
	if now := b.flow(flow.ID); now.Ended() || now.PageHost != host.Origin.Host() {
		t.Errorf("the step does not wait: %q, at %q", now.Outcome, now.PageHost)
	}

	b.must(b.SCA().NameHost(t.Context(), flow.ID, string(host.Origin)))
	page, err := b.SCA().Redirect(t.Context(), flow.ID, person)
	if err != nil || !strings.HasPrefix(page, s.URL+"/authorize?") {
		t.Fatalf("named: %s, %v", page, err)
	}
	s.heard()
	b.returned(url.Values{"state": {flow.Secret.State}, "code": {"given"}}, sca.ReturnTaken)
	if asked := s.heard(); len(asked) != 1 || !strings.Contains(asked[0], "code=given") || !strings.Contains(asked[0], "hidden-secret") {
		t.Errorf("the code went: %q", asked)
	}
	refused(b.begun("other").ID) // of another bank nothing was said

	b.restart(here)
	again := b.begun("bank")
	if _, err := b.SCA().Redirect(t.Context(), again.ID, person); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	named, err := b.Banks().NamedHosts(t.Context(), "leading")
	if err != nil || len(named) != 1 || named[0].BIC != "bank" || named[0].Origin != host.Origin {
		t.Errorf("%+v, %v", named, err)
	}
	b.must(b.Banks().ForgetHost(t.Context(), "leading", "bank", string(host.Origin)))
	s.heard()
	refused(again.ID)
}

// TestHostsThatCannotBeNamed keeps what no bank may lead to from being named by a
// form.
func TestHostsThatCannotBeNamed(t *testing.T) {
	b := newLeading(t)
	b.links = `{"scaOAuth":{"href":"http://127.0.0.1:1/m"}}`
	flow := b.begun("bank")
	for _, origin := range []string{"", "bank.example", "http://bank.example", "https://user@bank.example", "ftp://bank.example", "https://3232235777", "https:bank.example"} {
		if err := b.SCA().NameHost(t.Context(), flow.ID, origin); err == nil {
			t.Errorf("%q was named", origin)
		}
	}
	if named, err := b.Banks().NamedHosts(t.Context(), "leading"); err != nil || len(named) > 0 {
		t.Errorf("%+v, %v", named, err)
	}
}

// TestLinkElsewhereIsTheBanksFault: whatever link of an answer leads elsewhere, the
// server there hears nothing, and the person reads that it is the bank's doing; never
// that something is wrong with the program, nor that the bank did not answer.
func TestLinkElsewhereIsTheBanksFault(t *testing.T) {
	b, s := newLeading(t), newStranger(t)
	host := strings.TrimPrefix(s.URL, "http://")
	links := []string{
		s.URL + "/x", "//" + host + "/x", "http://bank.example@" + host + "/x", "http:" + host, "http:/" + host + "/x", "http://login.example/x",
		"javascript:alert(1)", "ftp://" + host + "/x", "http://2130706433/x", "%zz", "http://a b/x", "https://%zz",
	}
	blamed := func(what string, told storage.Reason) {
		t.Helper()
		if told.Bank != "Leading Bank" || told.Code == failure.Inside || told.Code == failure.Unreachable {
			t.Errorf("%s: told as %+v", what, told)
		}
	}
	for _, kind := range []string{
		"scaRedirect", "scaOAuth", "startAuthorisation", "startAuthorisationWithPsuAuthentication", "startAuthorisationWithPsuIdentification",
		"updatePsuIdentification", "updatePsuAuthentication", "selectAuthenticationMethod", "authoriseTransaction", "scaStatus", "status", "self",
	} {
		for _, link := range links {
			if kind == "scaRedirect" && (link == s.URL+"/x" || link == "//"+host+"/x") {
				continue // a browser may be led to any host, and the person sees which
			}
			what := kind + " " + link
			b.links = fmt.Sprintf(`{%q:{"href":%q}}`, kind, link)
			flow := b.begun("bank")
			if flow.Outcome == storage.Misled {
				blamed(what, flow.Reason)
			}
			if flow.Unanswered() {
				t.Errorf("%s: told as silence", what)
			}
			if !flow.Ended() {
				_, paged := b.SCA().Redirect(t.Context(), flow.ID, person)
				tried := []error{paged, b.SCA().Poll(t.Context(), flow.ID, person)}
				if strings.HasPrefix(kind, "update") || strings.Contains(kind, "With") || kind == "selectAuthenticationMethod" || kind == "authoriseTransaction" {
					var given sca.Given
					given.PSUID, given.Password, given.Code, given.MethodID = "hidden", "hidden", "hidden", "m"
					tried = append(tried, b.SCA().Update(t.Context(), flow.ID, flow.Step, given, person))
				}
				for _, err := range tried {
					var failed *app.Error
					if errors.As(err, &failed) && failed.Code != failure.NoPage && failed.Code != failure.Overtaken {
						blamed(what, failed.Reason)
					} else if err != nil && failed == nil {
						t.Errorf("%s: %v", what, err)
					}
				}
			}
			b.must(b.SCA().GiveUp(t.Context(), flow.ID, person))
			if asked := s.heard(); len(asked) > 0 {
				t.Fatalf("%s: the other server heard %q", what, asked)
			}
		}
	}
}

// TestLogosOfADirectory reads a bank's picture without what the program proves
// itself with, and none from this machine for a bank elsewhere.
func TestLogosOfADirectory(t *testing.T) {
	var heard []http.Header
	paint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		heard = append(heard, r.Header)
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte("picture"))
	}))
	t.Cleanup(paint.Close)
	b := newLeading(t)
	for id, api := range map[string]string{"near": "http://127.0.0.1:8021", "far": "https://bank.example"} {
		b.must(b.UseSandbox(t.Context(), storage.Environment{ID: id, Name: id, Identity: xs2a.Identity{ClientSecret: "hidden-secret"},
			Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: api}, Banks: []storage.Bank{{ID: "b", Name: "B", CountryCode: "DE", LogoURL: paint.URL + "/logo.png"}}}))
		logo, err := b.Banks().Logo(t.Context(), id, "b")
		if id == "near" && (err != nil || !bytes.Equal(logo.Image, []byte("picture"))) || id == "far" && !app.NotFound(err) {
			t.Errorf("%s: %q, %v", id, logo.Image, err)
		}
	}
	if len(heard) != 1 || heard[0].Get("Authorization") != "" || heard[0].Get("Cookie") != "" {
		t.Errorf("it heard %v", heard)
	}
}

// TestNextPageElsewhere keeps what came, asks nobody else for the rest, and says that
// the bank led elsewhere.
func TestNextPageElsewhere(t *testing.T) {
	b, s := newSmallBank(t), newStranger(t)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"transactions":{"booked":[{"transactionId":"1","bookingDate":"2026-03-01","transactionAmount":{"amount":"-1","currency":"SEK"}}],"_links":{"next":{"href":%q}}}}`, s.URL+"/next")
	})
	b.read()
	if asked := s.heard(); len(asked) > 0 {
		t.Fatalf("the other server heard %q", asked)
	}
	failures := b.account(firstIBAN).Failures
	if len(failures) != 1 || failures[0].Kind != storage.FailedElsewhere || b.countBooked() != 1 {
		t.Fatalf("%d transactions, %+v", b.countBooked(), failures)
	}
	if told := failure.OfPart("Small Bank", failures[0]); told.Code != failure.PartElsewhere || told.Bank != "Small Bank" {
		t.Errorf("told as %+v", told)
	}
}
