package xs2a

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// overheard is a server that keeps what came to it, whole.
func overheard(t testing.TB, answer http.HandlerFunc) (address string, heard *counter) {
	t.Helper()
	heard = &counter{answer: func(_ int, w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if answer != nil {
			answer(w, r)
		}
	}}
	server := httptest.NewServer(heard)
	t.Cleanup(server.Close)
	return server.URL, heard
}

// leadingTo are the ways in which a link of the bank's can be written to lead, by
// one reading or another, to a server that is not the bank's.
func leadingTo(bank, other string) map[string]string {
	b, _ := url.Parse(bank)
	o, _ := url.Parse(other)
	port := ":" + o.Port()
	return map[string]string{
		"whole":                  other + "/x",
		"another scheme":         "https://" + o.Host + "/x",
		"no scheme":              "//" + o.Host + "/x",
		"after an at":            "@" + o.Host + "/x",
		"with user":              "http://" + b.Host + "@" + o.Host + "/x",
		"with user and password": "http://" + b.Hostname() + ":80@" + o.Host + "/x",
		"own host as user":       "http://person@" + b.Host + "/x",
		"after a dot":            ".evil.example/x",
		"dot and port":           "." + o.Host + "/x",
		"backslashes":            `\\` + o.Host + `\x`,
		"slash and backslash":    `/\` + o.Host + "/x",
		"backslash in the host":  "http://" + b.Host + `\@` + o.Host + "/x",
		"many slashes":           "////" + o.Host + "/x",
		"scheme alone":           "http:" + o.Host + "/x",
		"scheme and one slash":   "http:/" + o.Host + "/x",
		"upper case":             "HTTP://" + o.Host + "/x",
		"a trailing dot":         "http://127.0.0.1." + port + "/x",
		"localhost":              "http://localhost" + port + "/x",
		"below localhost":        "http://bank.localhost" + port + "/x",
		"as a number":            "http://2130706433" + port + "/x",
		"in octal":               "http://0177.0.0.1" + port + "/x",
		"in hexadecimal":         "http://0x7f000001" + port + "/x",
		"shortened":              "http://127.1" + port + "/x",
		"IPv6":                   "http://[::1]" + port + "/x",
		"IPv4 in IPv6":           "http://[::ffff:127.0.0.1]" + port + "/x",
		"nothing":                "http://0.0.0.0" + port + "/x",
		"wide digits":            "http://１２７.0.0.1" + port + "/x",
		"another script":         "https://bаnk.example/x",
		"own host below another": "http://" + b.Hostname() + ".evil.example" + port + "/x",
		"a tab":                  "http://" + b.Host + "\t@" + o.Host + "/x",
		"a line":                 "http://" + o.Host + "\r\n/x",
		"a zero":                 "http://" + o.Host + "\x00/x",
		"a script":               "javascript:fetch('" + other + "')",
		"a file":                 "file://" + o.Host + "/x",
		"percent signs":          "http://%31%32%37.0.0.1" + port + "/x",
		"dots":                   "/../../@" + o.Host + "/x",
	}
}

// TestNoLinkLeadsElsewhere follows every kind of link of every dialect, written in
// every way that leads elsewhere, with a token and a consent: either it is refused
// as the bank's fault, or it goes to the bank. The other server hears nothing.
func TestNoLinkLeadsElsewhere(t *testing.T) {
	t.Parallel()
	other, heard := overheard(t, nil)
	bank, _ := overheard(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"consentStatus":"received","scaStatus":"received","transactionStatus":"RCVD","authorisationId":"1","transactions":{"booked":[]}}`)
	})
	call := func(at Addresses) Call {
		return Call{BIC: "b", Token: "hidden-token", ConsentID: "hidden-consent", At: at, PSU: &PSU{IPAddress: "127.0.0.1"}}
	}
	of := ConsentResource("7")
	proceed := func(c *Client, next Next) error {
		data := PSUData{Password: "hidden", Code: "hidden", ConfirmationCode: "hidden", MethodID: "m"}
		_, err := c.Continue(t.Context(), call(Addresses{}), of, "1", next, data, Return{})
		return err
	}
	kinds := map[string]func(*Client, string) error{
		"next": func(c *Client, l string) error {
			_, err := c.NextTransactions(t.Context(), call(Addresses{}), l)
			return err
		},
		"self": func(c *Client, l string) error {
			_, err := c.Consent(t.Context(), call(Addresses{Self: l}), "7")
			return err
		},
		"status": func(c *Client, l string) error {
			_, err := c.ConsentStatus(t.Context(), call(Addresses{Status: l}), "7")
			return err
		},
		"scaStatus": func(c *Client, l string) error {
			_, err := c.SCAStatus(t.Context(), call(Addresses{SCAStatus: l}), of, "1")
			return err
		},
		"payment": func(c *Client, l string) error {
			_, err := c.PaymentStatus(t.Context(), call(Addresses{Status: l}), PaymentResource(SinglePayment, "p", "7"))
			return err
		},
		"confirm": func(c *Client, l string) error { return proceed(c, Next{Step: StepConfirm, To: l}) },
		"start, kept": func(c *Client, l string) error {
			_, err := c.Continue(t.Context(), call(Addresses{Start: l}), of, "", Next{Step: StepStart, Start: true}, PSUData{}, Return{})
			return err
		},
	}
	for _, w := range wanted {
		if w.next.Step != StepOAuth && w.next.Step != StepRedirect && !w.next.Encrypted {
			kinds[w.link] = func(c *Client, l string) error { next := w.next; next.To = l; return proceed(c, next) }
		}
	}
	for _, dialect := range Dialects {
		for _, prefix := range []string{"", "/", "/psd2/{bank}/v1"} {
			client, err := New(Reach{Profile: Profile{Dialect: dialect.Name, APIURL: bank, Prefix: everywhere(prefix), Login: LoginNone}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for kind, follow := range kinds {
				for way, link := range leadingTo(bank, other) {
					err := follow(client, link)
					var refused *LinkError
					if err != nil && (!errors.As(err, &refused) || strings.Contains(err.Error(), "hidden")) {
						t.Errorf("%s, prefix %q, %s %s (%q): %v", dialect.Name, prefix, kind, way, link, err)
					}
				}
			}
		}
	}
	if came := heard.came(); len(came) > 0 {
		t.Errorf("the other server heard %d requests, of them %s %v", len(came), came[0].URL, came[0].Header)
	}
}

// TestPagesInABrowser gives a browser no address that it may read otherwise than
// the program did, and none on this machine unless the environment lives here.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	at := func(api string) *Client {
		client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: api}}, http.DefaultTransport)
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
	far, here := at("https://bank.example"), at("http://127.0.0.1:8021")
	for _, test := range []struct {
		client     *Client
		link, want string
	}{
		{far, "https://login.bank.example/a?b=c", "https://login.bank.example/a?b=c"},
		{far, "HTTPS://Login.Bank.Example.:0443/a", "https://login.bank.example/a"},
		{far, "https://bänk.example/a", "https://xn--bnk-qla.example/a"},
		{far, "/login?x=1", "https://bank.example/login?x=1"},
		{far, "//login.example/a", "https://login.example/a"},
		{far, `/\login.example/a`, "https://bank.example/%5Clogin.example/a"},
		{far, `\\login.example/a`, "https://bank.example/%5C%5Clogin.example/a"},
		{far, "@login.example/a", "https://bank.example/@login.example/a"},
		{far, "http://login.example/a", ""},
		{far, "https:login.example", ""},
		{far, "https:/login.example", ""},
		{far, "https://bank.example@login.example/a", ""},
		{far, "javascript:alert(1)", ""},
		{far, "data:text/html,x", ""},
		{far, "http://127.0.0.1:631/a", ""},
		{far, "https://127.0.0.1/a", ""},
		{far, "https://localhost:9/a", ""},
		{far, "https://192.168.1.1/a", ""},
		{far, "https://[fe80::1]/a", ""},
		{far, "https://3232235777/a", ""},
		{here, "http://127.0.0.1:8022/a", "http://127.0.0.1:8022/a"},
		{here, "/a", "http://127.0.0.1:8021/a"},
		{here, "http://login.example/a", ""},
	} {
		u, err := test.client.PageURL(test.link, "")
		var refused *LinkError
		switch {
		case test.want == "" && !errors.As(err, &refused):
			t.Errorf("%q: got %v, %v", test.link, u, err)
		case test.want != "" && (err != nil || u.String() != test.want):
			t.Errorf("%q: got %v, %v", test.link, u, err)
		}
	}
}

// TestHostsOfABank: what the environment names is the bank's, whatever way it is
// written, and so is what the person named; nothing else is.
func TestHostsOfABank(t *testing.T) {
	t.Parallel()
	far := Profile{
		APIURL: "https://API.bank.example:443/gate", AuthURL: "https://{bank}.auth.example/x", MoreHosts: "https://more.example:8443\nhttps://xn--bnk-qla.example",
		OAuth: OAuthServer{Authorization: "https://page.example/a", Token: "https://token.example/{bank}/t", Issuer: "https://issuer.example"}, PasswordKey: "https://keys.example/jwks",
	}
	here := Profile{APIURL: "http://localhost:8021", AuthURL: "http://127.0.0.1:8022"}
	for _, test := range []struct {
		env     Profile
		bank    string
		address string
		named   bool
		mayName bool
	}{
		{far, "b", "https://api.bank.example/elsewhere", true, false},
		{far, "b", "https://API.BANK.EXAMPLE.:0443", true, false},
		{far, "b", "https://b.auth.example", true, false},
		{far, "b", "https://c.auth.example", false, true},
		{far, "evil.example/", "https://evil.example", false, true},
		{far, "evil.example#", "https://evil.example", false, true},
		{far, "x@evil.example:443", "https://evil.example", false, true},
		{far, "b", "https://more.example:8443", true, false},
		{far, "b", "https://more.example", false, true},
		{far, "b", "https://bänk.example", true, false},
		{far, "b", "https://page.example", true, false},
		{far, "b", "https://token.example", true, false},
		{far, "b", "https://issuer.example", true, false},
		{far, "b", "https://keys.example", true, false},
		{far, "b", "https://said.example", true, false}, // by the person
		{far, "b", "https://api.bank.example.evil.example", false, true},
		{far, "b", "https://evilapi.bank.example", false, true},
		{far, "b", "http://api.bank.example", false, false},
		{far, "b", "https://user@api.bank.example", false, false},
		{far, "b", "https://127.0.0.1", false, false},
		{far, "b", "http://127.0.0.1:631", false, false},
		{far, "b", "https://localhost", false, false},
		{far, "b", "https://10.0.0.5", false, false},
		{far, "b", "https://169.254.169.254", false, false},
		{far, "b", "https://[::ffff:10.0.0.5]", false, false},
		{far, "b", "https://[fd00::1]", false, false},
		{far, "b", "https://[64:ff9b::7f00:1]", false, false},
		{here, "b", "http://127.0.0.1:8022", true, false},
		{here, "b", "http://127.0.0.1:8023", false, true},
		{here, "b", "http://[::1]:8021", false, true},
	} {
		u, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		err = test.env.Hosts(test.bank, "https://said.example").Check(u)
		var refused *LinkError
		errors.As(err, &refused)
		if (err == nil) != test.named || refused != nil && refused.MayName != test.mayName {
			t.Errorf("%s for %q: %v, may be named %v", test.address, test.bank, err, refused != nil && refused.MayName)
		}
	}
}

// TestBankInAnAddress fills a bank's id, which a directory may have sent, into the
// addresses of an environment without leading elsewhere.
func TestBankInAnAddress(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ template, bank, want string }{
		{"https://auth.example/{bank}/x", "a/b?c#d", "https://auth.example/a%2Fb%3Fc%23d/x"},
		{"https://auth.example?b={bank}", "evil.example/", "https://auth.example?b=evil.example%2F"},
		{"https://{bank}.auth.example", "nord-1", "https://nord-1.auth.example"},
		{"https://{bank}", "evil.example", ""},
		{"https://{bank}/", "x@evil.example", ""},
		{"https://{bank}:443/", "", ""},
		{"https://auth.example:{bank}/", "1@evil", ""},
	} {
		if got := forBank(test.template, test.bank); got != test.want {
			t.Errorf("%s with %q: got %q, want %q", test.template, test.bank, got, test.want)
		}
	}
}

// TestConnectionsOfNames: a name leads where a name may: not to this machine and
// not into a private network, unless the environment names the address itself.
func TestConnectionsOfNames(t *testing.T) {
	t.Parallel()
	far := Reach{Profile: Profile{APIURL: "https://bank.example", MoreHosts: "https://10.0.0.5"}}.Hosts("b")
	here := Profile{APIURL: "http://localhost:8021", AuthURL: "http://127.0.0.1:8022"}.Hosts("b")
	for _, test := range []struct {
		hosts Hosts
		to    string
		good  bool
	}{
		{far, "93.184.216.34:443", true},
		{far, "[2606:2800::1]:443", true},
		{far, "[64:ff9b::5db8:d822]:443", true},
		{far, "127.0.0.1:443", false},
		{far, "127.8.8.8:443", false},
		{far, "[::1]:443", false},
		{far, "[::ffff:127.0.0.1]:443", false},
		{far, "0.0.0.0:443", false},
		{far, "[::]:443", false},
		{far, "10.0.0.5:443", true},
		{far, "10.0.0.5:631", false},
		{far, "10.0.0.6:443", false},
		{far, "192.168.1.1:443", false},
		{far, "172.16.0.1:443", false},
		{far, "169.254.169.254:443", false},
		{far, "100.64.0.1:443", false},
		{far, "224.0.0.1:443", false},
		{far, "255.255.255.255:443", false},
		{far, "[fe80::1%eth0]:443", false},
		{far, "[fd00::1]:443", false},
		{far, "[64:ff9b::7f00:1]:443", false},
		{far, "[2002:7f00:1::]:443", false},
		{here, "127.0.0.1:8021", true},
		{here, "[::1]:8021", true},
		{here, "127.0.0.1:8022", true},
		{here, "127.0.0.1:8023", false},
		{here, "[::1]:8022", false},
	} {
		if got := test.hosts.reachable(netip.MustParseAddrPort(test.to)); got != test.good {
			t.Errorf("%s: %v", test.to, got)
		}
	}
}

// elsewhere is a bank whose authorisation server lies on a second host, which
// counts who asks it for what.
func elsewhere(t *testing.T, metadata string) (client *Client, server string, heard *counter) {
	t.Helper()
	server, heard = overheard(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprint(w, strings.ReplaceAll(metadata, "HERE", "http://"+r.Host))
			return
		}
		fmt.Fprint(w, `{"access_token":"a","refresh_token":"r"}`)
	})
	bank, _ := overheard(t, nil)
	client, err := New(Reach{Identity: Identity{ClientID: "id", ClientSecret: "hidden-secret"}, Profile: Profile{Dialect: BerlinGroup.Name, APIURL: bank}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return client, server, heard
}

// TestNewServerIsNotAsked: an authorisation server on a host that nobody named is
// asked for nothing, its metadata included, and gets no code and no secret. Once
// the person has named it, it does.
func TestNewServerIsNotAsked(t *testing.T) {
	t.Parallel()
	client, server, heard := elsewhere(t, `{"authorization_endpoint":"HERE/a","token_endpoint":"HERE/t"}`)
	grant := Grant{BIC: "b", Resource: ConsentResource("7"), Verifier: "hidden-verifier"}
	_, _, err := client.AuthorizePage(t.Context(), server+wellKnownOAuth, grant)
	var refused *LinkError
	if !errors.As(err, &refused) || !refused.MayName || string(refused.Origin) != server || refused.Name != "scaOAuth" {
		t.Errorf("metadata: %v", err)
	}
	stale := grant
	stale.TokenURL = server + "/t"
	if _, err := client.ExchangeCode(t.Context(), "hidden-code", stale); !errors.As(err, &refused) {
		t.Errorf("a code: %v", err)
	}
	if _, err := client.RefreshToken(t.Context(), "hidden-refresh", stale); !errors.As(err, &refused) {
		t.Errorf("a refresh token: %v", err)
	}
	if came := heard.came(); len(came) > 0 {
		t.Fatalf("it was asked: %s %s %v", came[0].Method, came[0].URL, came[0].Form)
	}

	grant.Named = []Origin{refused.Origin}
	page, grant, err := client.AuthorizePage(t.Context(), server+wellKnownOAuth, grant)
	if err != nil || !strings.HasPrefix(page, server+"/a?") || grant.TokenURL != server+"/t" {
		t.Fatalf("named: %s, %+v, %v", page, grant, err)
	}
	if _, err := client.ExchangeCode(t.Context(), "code", grant); err != nil {
		t.Error(err)
	}
	if _, err := client.RefreshToken(t.Context(), "refresh", grant); err != nil {
		t.Error(err)
	}
	other := Grant{BIC: "c", TokenURL: grant.TokenURL} // another bank's word does not count
	if _, err := client.ExchangeCode(t.Context(), "code", other); !errors.As(err, &refused) {
		t.Errorf("another bank: %v", err)
	}
}

// TestTokenEndpointElsewhere: metadata of a named server name a third host for the
// code. It is refused before the person goes to the bank.
func TestTokenEndpointElsewhere(t *testing.T) {
	t.Parallel()
	third, heard := overheard(t, nil)
	for endpoint, mayName := range map[string]bool{third + "/t": true, "https://thief.example/t": true, "http://person@127.0.0.1/t": false} {
		client, server, _ := elsewhere(t, `{"authorization_endpoint":"HERE/a","token_endpoint":"`+endpoint+`"}`)
		_, g, err := client.AuthorizePage(t.Context(), server+wellKnownOAuth, Grant{BIC: "b", Named: []Origin{Origin(server)}})
		var refused *LinkError
		if errors.As(err, &refused) != mayName || err == nil || mayName && (!refused.MayName || refused.Name != "token_endpoint") {
			t.Errorf("%s: %+v, %v", endpoint, g, err)
		}
	}
	if came := heard.came(); len(came) > 0 {
		t.Errorf("it was asked: %v", came[0].URL)
	}
}

// TestKnownServerInPlaceOfANewOne: where the environment tells both endpoints, a
// link to a host nobody named is not needed, and not followed.
func TestKnownServerInPlaceOfANewOne(t *testing.T) {
	t.Parallel()
	other, heard := overheard(t, nil)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "http://127.0.0.1:8021", OAuth: OAuthServer{Authorization: "https://known.example/a", Token: "https://known.example/t"}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	page, g, err := client.AuthorizePage(t.Context(), other+wellKnownOAuth, Grant{BIC: "b"})
	if err != nil || !strings.HasPrefix(page, "https://known.example/a?") || g.TokenURL != "https://known.example/t" {
		t.Errorf("%s, %+v, %v", page, g, err)
	}
	if came := heard.came(); len(came) > 0 {
		t.Errorf("it was asked: %v", came[0].URL)
	}
}

// TestRedirectsCarryNothing: whatever a bank's server answers with, the client
// follows no redirect, and no header, code or certificate goes on to where it leads.
func TestRedirectsCarryNothing(t *testing.T) {
	t.Parallel()
	other, heard := overheard(t, nil)
	for _, status := range []int{301, 302, 303, 307, 308} {
		bank, _ := overheard(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other+"/x", status) })
		client, err := New(Reach{Identity: Identity{ClientID: "id", ClientSecret: "hidden"}, Profile: Profile{Dialect: OpenPayments.Name, APIURL: bank, AuthURL: bank, Login: LoginNone}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		call := Call{BIC: "b", Token: "hidden", ConsentID: "7"}
		for name, ask := range map[string]func(context.Context) error{
			"accounts": func(ctx context.Context) error { _, err := client.Accounts(ctx, call, false); return err },
			"consent":  func(ctx context.Context) error { _, err := client.DeleteConsent(ctx, call, "7"); return err },
			"token": func(ctx context.Context) error {
				_, err := client.ExchangeCode(ctx, "hidden", Grant{BIC: "b"})
				return err
			},
			"metadata": func(ctx context.Context) error {
				_, _, err := client.AuthorizePage(ctx, bank+"/m", Grant{BIC: "b"})
				return err
			},
		} {
			if err := ask(t.Context()); err == nil && name != "consent" {
				t.Errorf("%d, %s: no error", status, name)
			}
		}
	}
	if came := heard.came(); len(came) > 0 {
		t.Errorf("redirected to the other server: %s %v", came[0].URL, came[0].Header)
	}
}

// TestLogosLeadNowhereElse reads pictures without credentials, and follows them to
// the bank's hosts and their own alone.
func TestLogosLeadNowhereElse(t *testing.T) {
	t.Parallel()
	other, heard := overheard(t, nil)
	paint := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "image/png")
		fmt.Fprint(w, "picture")
	}
	cdn, cdnHeard := overheard(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large.png":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(make([]byte, maxPicture+1))
		case "/away.png":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, other+"/x", http.StatusFound)
		case "/round.png":
			http.Redirect(w, r, "/round.png", http.StatusFound)
		case "/on.png":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, "/logo.png", http.StatusFound)
		default:
			paint(w)
		}
	})
	here, err := New(Reach{Identity: Identity{ClientSecret: "hidden"}, Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "http://127.0.0.1:8021"}}.WithoutCredentials(), nil)
	if err != nil {
		t.Fatal(err)
	}
	far, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://bank.example"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		client  *Client
		address string
		found   bool
	}{
		{here, cdn + "/logo.png", true},
		{here, cdn + "/on.png", true},
		{here, cdn + "/away.png", false},
		{here, cdn + "/round.png", false},
		{here, cdn + "/large.png", false},
		{far, other + "/x", false},
		{far, strings.Replace(other, "http://127.0.0.1", "https://localhost", 1), false},
		{here, "ftp://cdn.example/x", false},
		{here, "@127.0.0.1/x", false},
	} {
		mediaType, image, err := test.client.Picture(t.Context(), "b", test.address)
		if err != nil || (string(image) == "picture" && mediaType == "image/png") != test.found {
			t.Errorf("%s: %q, %d bytes, %v", test.address, mediaType, len(image), err)
		}
	}
	if came := heard.came(); len(came) > 0 {
		t.Errorf("led elsewhere: %v", came[0].URL)
	}
	for _, r := range cdnHeard.came() {
		if slices.ContainsFunc([]string{"Cookie", "Authorization", "Signature"}, func(name string) bool { return r.Header.Get(name) != "" }) {
			t.Errorf("%s came with %v", r.URL, r.Header)
		}
	}
}

// TestRefusedLinksKeepTheirCodes: what is said of a link that is not followed holds
// nothing of its query or fragment.
func TestRefusedLinksKeepTheirCodes(t *testing.T) {
	t.Parallel()
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://bank.example"}}, canned{})
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"http://login.example/a", "http://10.0.0.1/a", "https://person:hidden@login.example/a", "https:login.example", "https://%zz/", "https://2130706433/a"} {
		for _, rest := range []string{"?code=hidden", "#access_token=hidden", ""} {
			_, page := client.PageURL(base+rest, "b")
			_, link := client.address(request{service: ConsentService, path: "/x", link: base + rest})
			_, checked := OriginOf(base + rest)
			for _, err := range []error{page, link, checked} {
				if err == nil || strings.Contains(err.Error(), "code=") || strings.Contains(err.Error(), "access_token") || strings.Contains(err.Error(), "hidden") {
					t.Errorf("%s: %v", base+rest, err)
				}
			}
		}
	}
}
