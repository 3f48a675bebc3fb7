package app_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/relay"
)

// behindProxy is an environment whose bank lies on a host that a proxy alone leads to, which asks for a login.
func behindProxy(t *testing.T) (storage.Environment, *relay.Proxy) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"tppMessages":[{"category":"ERROR","code":"CONSENT_UNKNOWN"}]}`)
	}))
	t.Cleanup(server.Close)
	proxy, err := relay.Start("http", server.Listener.Addr().String(), "proxy-person", "proxy-secret-17", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	return storage.Environment{
		Name: "Behind", Identity: xs2a.Identity{RootCA: authority, Proxy: xs2a.Proxy{Address: proxy.Address + "/", User: "proxy-person", Password: "proxy-secret-17"}},
		Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "https://example.com", Login: xs2a.LoginNone},
		Banks:   []storage.Bank{{ID: "BEHINDB1", Name: "Behindbanken", CountryCode: "SE"}},
	}, proxy
}

// saved saves an environment as a form does, over the version that is stored.
func (w *world) saved(e storage.Environment) storage.Environment {
	w.Helper()
	shown := ""
	if e.ID != "" {
		stored, err := w.Banks().Environment(w.Context(), e.ID)
		w.must(err)
		shown = bank.Version(stored)
	}
	id, err := w.Banks().SaveEnvironment(w.Context(), e, shown, false)
	w.must(err)
	stored, err := w.Banks().Environment(w.Context(), id)
	w.must(err)
	return stored
}

// tried tries the connection, and returns what came of it.
func (w *world) tried(e storage.Environment) *app.Error {
	w.Helper()
	findings, err := w.Banks().Check(w.Context(), e.ID)
	w.must(err)
	if len(findings) != 1 {
		w.Fatalf("%+v", findings)
	}
	return findings[0].Failure
}

// TestProxyOfAnEnvironment tries a connection through a proxy, whose login lies sealed and is for that proxy alone; what
// the proxy refuses is told as the proxy's doing, and the record says what an exchange went through.
func TestProxyOfAnEnvironment(t *testing.T) {
	w := newWorld(t)
	given, proxy := behindProxy(t)
	e := w.saved(given)
	if e.Proxy.Address != proxy.Address {
		t.Errorf("stored as %q", e.Proxy.Address)
	}
	if failed := w.tried(e); failed != nil || !slices.Contains(proxy.Asked(), "example.com:443") {
		t.Errorf("%v, asked for %q", failed, proxy.Asked())
	}
	w.must(w.Record().Flush(t.Context()))
	exchanges, err := w.Record().Exchanges(t.Context(), storage.ExchangeQuery{Words: "example.com"}, 9)
	w.must(err)
	if len(exchanges) == 0 || exchanges[0].Request.Proxy != e.Proxy.Host() {
		t.Errorf("%+v", exchanges)
	}

	e.Proxy.Password = "wrong-secret-17"
	e = w.saved(e)
	if failed := w.tried(e); failed == nil || failed.Code != failure.ProxyLogin || failed.Text != e.Proxy.Host() {
		t.Errorf("a wrong password: %v", failed)
	}
	if failed := w.tried(w.saved(given.WithoutSecrets())); failed == nil || failed.Code != failure.ProxyLogin {
		t.Errorf("no login: %v", failed)
	}
	w.keepsLogins(given)

	w.App.Close()
	w.must(w.store.Close())
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	w.must(err)
	found := false
	for _, file := range files {
		content, err := os.ReadFile(file)
		w.must(err)
		found = found || bytes.Contains(content, []byte(e.Proxy.Host()))
		for _, secret := range []string{"proxy-person", "proxy-secret-17", "wrong-secret-17", "cHJveHktcGVyc29u"} { // the last as Basic sends it
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s stands in %s", secret, filepath.Base(file))
			}
		}
	}
	if !found {
		t.Error("the proxy stands nowhere, so that nothing is shown by the absence of its login")
	}
}

// keepsLogins keeps a login that a form does not show, as long as it is for the same proxy and nobody says otherwise; and has
// what is wrong with a proxy stand at its field.
func (w *world) keepsLogins(given storage.Environment) {
	w.Helper()
	for _, test := range []struct {
		name                 string
		change               func(*xs2a.Proxy)
		wantUser, wantSecret string
	}{
		{"nothing given", func(*xs2a.Proxy) {}, "proxy-person", "proxy-secret-17"},
		{"another password", func(p *xs2a.Proxy) { p.Password = "new" }, "proxy-person", "new"},
		{"another user", func(p *xs2a.Proxy) { p.User = "somebody" }, "somebody", ""},
		{"taken out", func(p *xs2a.Proxy) { p.User = bank.NoLogin }, "", ""},
		{"another proxy", func(p *xs2a.Proxy) { p.Address = "http://127.0.0.1:9" }, "", ""},
		{"another way of speaking to it", func(p *xs2a.Proxy) { p.Address = strings.Replace(p.Address, "http", "socks5", 1) }, "", ""},
		{"no proxy", func(p *xs2a.Proxy) { *p = xs2a.Proxy{} }, "", ""},
	} {
		stored := w.saved(given)
		shown := stored.WithoutSecrets()
		test.change(&shown.Proxy)
		if got := w.saved(shown).Proxy; got.User != test.wantUser || got.Password != test.wantSecret {
			w.Errorf("%s: %+v", test.name, got)
		}
	}
	w.travels(w.saved(given))
	for name, test := range map[string]struct {
		proxy       xs2a.Proxy
		field, code string
	}{
		"no port":              {xs2a.Proxy{Address: "http://relay.example"}, "proxy", failure.ProxyAddress},
		"a login in it":        {xs2a.Proxy{Address: "http://a:b@relay.example:1"}, "proxy", failure.ProxyLoginApart},
		"a login alone":        {xs2a.Proxy{User: "a"}, "proxy", failure.ProxyMissing},
		"a password alone":     {xs2a.Proxy{Address: "http://relay.example:1", Password: "b"}, "proxy_user", failure.ProxyUserForm},
		"a user with a colon":  {xs2a.Proxy{Address: "http://relay.example:1", User: "a:b"}, "proxy_user", failure.ProxyUserForm},
		"a proxy of no scheme": {xs2a.Proxy{Address: "relay.example:1"}, "proxy", failure.ProxyAddress},
	} {
		e := given
		e.Proxy = test.proxy
		_, err := w.Banks().SaveEnvironment(w.Context(), e, "", false)
		var refused *app.Error
		if !errors.As(err, &refused) || refused.Fields[test.field].Code != test.code {
			w.Errorf("%s: %v", name, err)
		}
	}
}

// travels has a proxy go with the file of an environment's banks, without its login, and into another where it is confirmed.
func (w *world) travels(e storage.Environment) {
	w.Helper()
	_, file, err := w.Banks().File(w.Context(), e.ID)
	w.must(err)
	if text := string(file); !strings.Contains(text, e.Proxy.Address) || strings.Contains(text, e.Proxy.User) || strings.Contains(text, e.Proxy.Password) {
		w.Errorf("the file is %s", file)
	}
	other := e.WithoutSecrets()
	other.ID, other.Name, other.Proxy = "", "Other", xs2a.Proxy{}
	other = w.saved(other)
	plan, err := w.Banks().PlanImport(w.Context(), other.ID, file)
	w.must(err)
	if plan.Proxy != e.Proxy.Address || len(plan.Faults) > 0 {
		w.Errorf("%+v", plan)
	}
	for _, test := range []struct{ confirmed, want string }{{"http://127.0.0.1:9", ""}, {e.Proxy.Address, e.Proxy.Address}} {
		w.must(w.Banks().TakeProxy(w.Context(), other.ID, file, test.confirmed))
		if got, err := w.Banks().Environment(w.Context(), other.ID); err != nil || got.Proxy != (xs2a.Proxy{Address: test.want}) {
			w.Errorf("confirmed %s: %+v, %v", test.confirmed, got.Proxy, err)
		}
	}
	if plan, err = w.Banks().PlanImport(w.Context(), other.ID, file); err != nil || plan.Proxy != "" {
		w.Errorf("once more: %q, %v", plan.Proxy, err)
	}
	lines := strings.SplitAfter(string(file), "\n")
	again := strings.Replace(strings.Replace(lines[1], "BEHINDB1", "BEHINDB2", 1), e.Proxy.Address, "http://127.0.0.1:9", 1)
	login := strings.Replace(strings.Replace(lines[1], "BEHINDB1", "BEHINDB3", 1), "http://127", "http://me:hidden@127", 1)
	plan, err = w.Banks().PlanImport(w.Context(), other.ID, []byte(lines[0]+lines[1]+again+login))
	w.must(err)
	if len(plan.Faults) != 2 || plan.Faults[0].Problem.Code != failure.ProxyOther || plan.Faults[1].Problem.Code != failure.ProxyLoginApart || len(plan.Changes) != 3 {
		w.Errorf("%+v", plan)
	}
}
