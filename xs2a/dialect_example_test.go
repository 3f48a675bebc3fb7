package xs2a

import (
	"net/http"
	"testing"
)

// FolkBank is the example of CONTRIBUTING: a bank that keeps to the Berlin
// Group but for its paths, a header of its own and the token it wants. This
// file is all it takes; nothing else names it.
var FolkBank = register(Dialect{
	Name:      "folkbank-example",
	Title:     "Folk Bank (example)",
	Prefix:    everywhere("/open/{bank}/v2"),
	Login:     LoginClient,
	TokenPath: "/oauth2/token",
	Scope:     berlinScope,
	SetHeader: func(h http.Header, service Service, call Call) {
		h.Set("X-Channel", "tpp")
	},
})

// TestOneFileIsEnough uses the example as any other dialect.
func TestOneFileIsEnough(t *testing.T) {
	client, err := New(Reach{Profile: Profile{Dialect: FolkBank.Name, AuthURL: "https://auth.folk.example", APIURL: "https://api.folk.example"}}, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	address, err := client.address(request{service: ConsentService, path: "/consents", call: Call{BIC: "oslo"}})
	if want := "https://api.folk.example/open/oslo/v2/consents"; err != nil || address != want {
		t.Errorf("got %q, %v, want %q", address, err, want)
	}
	if got, want := client.tokenURL("oslo"), "https://auth.folk.example/oauth2/token"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLinksOfPages follows links to further pages in all the forms banks write
// them, and none to another host.
func TestLinksOfPages(t *testing.T) {
	client, err := New(Reach{Profile: Profile{Dialect: FolkBank.Name, AuthURL: "https://auth.folk.example", APIURL: "https://api.folk.example"}}, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	const want = "https://api.folk.example/open/oslo/v2/accounts/1/transactions?page=2"
	for _, link := range []string{
		want, "/open/oslo/v2/accounts/1/transactions?page=2", "/accounts/1/transactions?page=2",
		"/v1/accounts/1/transactions?page=2", "/psd2/v1/accounts/1/transactions?page=2",
	} {
		address, err := client.address(request{service: AccountInformation, path: link, call: Call{BIC: "oslo"}})
		if err != nil || address != want {
			t.Errorf("%q: got %q, %v", link, address, err)
		}
	}
	for _, link := range []string{"https://evil.example/accounts/1", "//evil.example/accounts/1", "http://api.folk.example/accounts/1"} {
		if address, err := client.address(request{service: AccountInformation, path: link}); err == nil {
			t.Errorf("%q: the token would go to %q", link, address)
		}
	}
}
