package xs2a

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestMetadataAsBanksGiveThem reads metadata that leave something out or name
// another host, and takes what is missing from the environment. HERE stands for
// the server they come from; it and auth.example are the bank's hosts.
func TestMetadataAsBanksGiveThem(t *testing.T) {
	const (
		page  = `"authorization_endpoint":"HERE/tenant/authorize"`
		token = `"token_endpoint":"HERE/tenant/token"`
	)
	full := OAuthServer{Authorization: "https://login.example/{bank}/go", Token: "https://login.example/{bank}/token", Issuer: "https://login.example/{bank}"}
	for name, test := range map[string]struct {
		metadata string // empty: there are none
		env      Profile
		page     string // without its query
		token    string
		issuer   string
		names    bool
		missing  []string
		leads    Origin // where the code would have gone
	}{
		"all of them":                   {metadata: `{"issuer":"HERE/tenant",` + page + `,` + token + `}`, page: "HERE/tenant/authorize", token: "HERE/tenant/token", issuer: "HERE/tenant"},
		"returns are named":             {metadata: `{"issuer":"HERE/tenant",` + page + `,` + token + `,"authorization_response_iss_parameter_supported":true}`, page: "HERE/tenant/authorize", token: "HERE/tenant/token", issuer: "HERE/tenant", names: true},
		"no issuer":                     {metadata: `{` + page + `,` + token + `}`, page: "HERE/tenant/authorize", token: "HERE/tenant/token", issuer: "HERE/tenant"},
		"issuer of another host":        {metadata: `{"issuer":"https://other.example",` + page + `,` + token + `}`, page: "HERE/tenant/authorize", token: "HERE/tenant/token", issuer: "HERE/tenant"},
		"all on another host":           {metadata: `{"issuer":"https://auth.example/x","authorization_endpoint":"https://auth.example/a","token_endpoint":"https://auth.example/t"}`, page: "https://auth.example/a", token: "https://auth.example/t", issuer: "https://auth.example/x"},
		"code elsewhere than the name":  {metadata: `{"issuer":"https://auth.example/x","authorization_endpoint":"https://auth.example/a","token_endpoint":"https://thief.example/t"}`, leads: "https://thief.example"},
		"code on another port":          {metadata: `{"authorization_endpoint":"https://auth.example/a","token_endpoint":"https://auth.example:8443/t"}`, leads: "https://auth.example:8443"},
		"code beyond a user":            {metadata: `{"authorization_endpoint":"https://auth.example/a","token_endpoint":"https://auth.example@thief.example/t"}`, missing: []string{"authorization_endpoint", "token_endpoint"}},
		"the environment names it":      {metadata: `{"issuer":"HERE/tenant",` + page + `,` + token + `}`, env: Profile{OAuth: OAuthServer{Issuer: "https://known.example/{bank}"}}, page: "HERE/tenant/authorize", token: "HERE/tenant/token", issuer: "https://known.example/STRDEB0"},
		"no token endpoint":             {metadata: `{"issuer":"HERE/tenant",` + page + `}`, missing: []string{"token_endpoint"}},
		"no token endpoint, base known": {metadata: `{"issuer":"HERE/tenant",` + page + `}`, env: Profile{AuthURL: "https://auth.example/{bank}"}, page: "HERE/tenant/authorize", token: "https://auth.example/STRDEB0/token", issuer: "HERE/tenant"},
		"no token endpoint, but here":   {metadata: `{"issuer":"HERE/tenant",` + page + `}`, env: Profile{OAuth: OAuthServer{Token: full.Token}}, page: "HERE/tenant/authorize", token: "https://login.example/STRDEB0/token", issuer: "HERE/tenant"},
		"no page":                       {metadata: `{"issuer":"HERE/tenant",` + token + `}`, missing: []string{"authorization_endpoint"}},
		"no page, but here":             {metadata: `{"issuer":"HERE/tenant",` + token + `}`, env: Profile{OAuth: OAuthServer{Authorization: full.Authorization}}, page: "https://login.example/STRDEB0/go", token: "HERE/tenant/token", issuer: "HERE/tenant"},
		"a page, but another here":      {metadata: `{"issuer":"HERE/tenant",` + page + `,` + token + `}`, env: Profile{OAuth: OAuthServer{Authorization: full.Authorization}}, page: "https://login.example/STRDEB0/go", token: "HERE/tenant/token", issuer: "HERE/tenant"},
		"a token end, but another here": {metadata: `{"issuer":"HERE/tenant",` + page + `,` + token + `}`, env: Profile{OAuth: OAuthServer{Token: full.Token}}, page: "HERE/tenant/authorize", token: "https://login.example/STRDEB0/token", issuer: "HERE/tenant"},
		"a token end, and a base here":  {metadata: `{"issuer":"HERE/tenant",` + page + `,` + token + `}`, env: Profile{AuthURL: "https://auth.example/{bank}"}, page: "HERE/tenant/authorize", token: "HERE/tenant/token", issuer: "HERE/tenant"},
		"none at all":                   {missing: []string{"authorization_endpoint", "token_endpoint"}},
		"none at all, but here":         {env: Profile{OAuth: full}, page: "https://login.example/STRDEB0/go", token: "https://login.example/STRDEB0/token", issuer: "https://login.example/STRDEB0"},
		"a page that is no address":     {metadata: `{"issuer":"HERE/tenant","authorization_endpoint":"javascript:alert(1)",` + token + `}`, missing: []string{"authorization_endpoint", "token_endpoint"}},
		"a token endpoint in the clear": {metadata: `{"issuer":"HERE/tenant",` + page + `,"token_endpoint":"http://auth.example/t"}`, missing: []string{"authorization_endpoint", "token_endpoint"}},
		"something else":                {metadata: `[]`, missing: []string{"authorization_endpoint", "token_endpoint"}},
	} {
		t.Run(name, func(t *testing.T) {
			var here string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if test.metadata == "" || !strings.Contains(r.URL.Path, wellKnownOAuth) {
					http.NotFound(w, r)
					return
				}
				fmt.Fprint(w, strings.ReplaceAll(test.metadata, "HERE", here))
			}))
			t.Cleanup(server.Close)
			here = server.URL
			env := test.env
			env.Dialect, env.APIURL, env.MoreHosts = BerlinGroup.Name, "https://api.example", here+" https://auth.example"
			client, err := New(Reach{Profile: env}, nil)
			if err != nil {
				t.Fatal(err)
			}
			address, g, err := client.AuthorizePage(t.Context(), here+"/tenant"+wellKnownOAuth, Grant{BIC: "STRDEB0", Resource: ConsentResource("c1")})
			if test.leads != "" {
				var elsewhere *LinkError
				if !errors.As(err, &elsewhere) || elsewhere.Origin != test.leads {
					t.Errorf("%v", err)
				}
				return
			}
			if test.missing != nil {
				var incomplete *IncompleteError
				if !errors.As(err, &incomplete) || !slices.Equal(incomplete.Missing, test.missing) {
					t.Errorf("%v", err)
				}
				return
			}
			page, _, _ := strings.Cut(address, "?")
			want := func(s string) string { return strings.ReplaceAll(s, "HERE", here) }
			if err != nil || page != want(test.page) || g.TokenURL != want(test.token) || g.Issuer != want(test.issuer) || g.NamesIssuer != test.names {
				t.Errorf("page %s, token %s, issuer %s, named %v, %v", page, g.TokenURL, g.Issuer, g.NamesIssuer, err)
			}
		})
	}
}

// TestIssuerOfAPageIsItsHost expects a page that a link leads to at once to be
// named by its host, or as the environment says.
func TestIssuerOfAPageIsItsHost(t *testing.T) {
	for name, test := range map[string]struct {
		env  OAuthServer
		want string
	}{
		"nothing known":            {OAuthServer{}, "https://auth.example"},
		"the environment names it": {OAuthServer{Issuer: "https://auth.example/{bank}"}, "https://auth.example/STRDEB0"},
	} {
		client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://api.example", OAuth: test.env}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, g, err := client.AuthorizePage(t.Context(), "https://auth.example/authorize?response_type=code&client_id=x", Grant{BIC: "STRDEB0"})
		if err != nil || g.Issuer != test.want || g.NamesIssuer {
			t.Errorf("%s: %q, %v", name, g.Issuer, err)
		}
	}
}

// TestMetadataFromElsewhereNameNothingHere lets no server elsewhere send a code or
// a secret to a port of this machine.
func TestMetadataFromElsewhereNameNothingHere(t *testing.T) {
	for from, good := range map[string]bool{"https://auth.example" + wellKnownOAuth: false, "http://127.0.0.1:8021" + wellKnownOAuth: true} {
		u, err := url.Parse(from)
		if err != nil {
			t.Fatal(err)
		}
		m := metadata{AuthorizationEndpoint: "https://auth.example/a", TokenEndpoint: "http://127.0.0.1:631/token"}
		if err := m.check(u); (err == nil) != good {
			t.Errorf("%s: %v", from, err)
		}
	}
}
