package xs2a

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// fieldCase is an answer a bank was reported to give.
func fieldCase(t testing.TB, name string) answer {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "cases", name))
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: http.StatusOK, header: http.Header{}, body: body}
}

// TestLinksInAList takes links that come as a list of objects.
func TestLinksInAList(t *testing.T) {
	said, err := decodeSCA(request{}, fieldCase(t, "11-links-as-array.json"))
	if err != nil {
		t.Fatal(err)
	}
	next := NextStep(said)
	if said.AuthorisationID != "a1" || next.Step != StepChooseMethod || len(next.Methods) != 1 || next.To != "/v1/consents/7/authorisations/a1" {
		t.Errorf("got %+v, then %+v", said, next)
	}
	for wire, want := range map[string]string{
		`[{"rel":"scaStatus","href":"/s"}]`:                    "/s",
		`[{"scaStatus":"/s"},{"scaStatus":"/other"}]`:          "/s",
		`{"scaStatus":[{"href":null},{"href":"/s"}]}`:          "/s",
		`[null,1,"x",[],{"scaStatus":{"href":"/s"}}]`:          "/s",
		`[{"rel":"scaStatus"}]`:                                "",
		`{"scaStatus":{"href":"/s","title":"status of it"}}`:   "/s",
		`[{"rel":"scaStatus","method":"GET","href":" /s\n "}]`: "/s",
	} {
		var links Links
		if err := links.UnmarshalJSON([]byte(wire)); err != nil || links["scaStatus"] != want {
			t.Errorf("%s: got %v, %v", wire, links, err)
		}
	}
}

// TestIDInAnotherLink starts an authorisation whose id stands in a link alone.
func TestIDInAnotherLink(t *testing.T) {
	body := fieldCase(t, "12-start-without-authorisationid.json").body
	said, err := sends(t, http.StatusCreated, string(body)).Continue(t.Context(), Call{}, ConsentResource("7"), "",
		Next{Step: StepPassword, Start: true}, PSUData{Password: "x"}, Return{})
	if err != nil || said.AuthorisationID != "PSDDE-0001AU" || NextStep(said).Step != StepChooseMethod {
		t.Errorf("got %+v, %v", said, err)
	}
}

// TestIDInLocation finds ids that stand in the Location header alone.
func TestIDInLocation(t *testing.T) {
	client := bank(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Path+"/%C3%A4%2F1?from=location")
		w.WriteHeader(http.StatusCreated)
		w.Write([]byte(`{"scaStatus":"received","transactionStatus":"RCVD","consentStatus":"received"}`))
	})
	said, err := client.Continue(t.Context(), Call{}, ConsentResource("7"), "", Next{Step: StepStart, Start: true}, PSUData{}, Return{})
	if err != nil || said.AuthorisationID != "ä/1" || NextStep(said).Step != StepWait {
		t.Errorf("authorisation: %+v, %v", said, err)
	}
	if id, _, err := client.CreateConsent(t.Context(), Call{}, ConsentRequest{}, Return{}); err != nil || id != "ä/1" {
		t.Errorf("consent: %q, %v", id, err)
	}
	if id, _, err := client.InitiatePayment(t.Context(), Call{}, SinglePayment, "sepa-credit-transfers", JSON([]byte(`{}`)), Return{}); err != nil || id != "ä/1" {
		t.Errorf("payment: %q, %v", id, err)
	}
}

// TestLinksAreAddresses: a link is gone to as it stands when it is whole or
// begins with the service's prefix, else under the prefix, or where the dialect
// says; and to another host never.
func TestLinksAreAddresses(t *testing.T) {
	at := func(dialect Dialect, api string, prefix string) *Client {
		client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: api, Prefix: Prefixes{Consents: prefix}}}, http.DefaultTransport)
		if err != nil {
			t.Fatal(err)
		}
		dialect.Prefix = client.dialect.Prefix
		client.dialect = dialect
		return client
	}
	const host = "https://bank.example"
	plain, deep, rooted := at(BerlinGroup, host, ""), at(BerlinGroup, host+"/gate", "/{bank}/v1"), at(Dialect{LinksFromRoot: true}, host, "/psd2/v1")
	bare := at(Dialect{}, host, "/") // a prefix of nothing
	for _, test := range []struct {
		client     *Client
		link, want string
	}{
		{plain, "https://bank.example/own/path;v=1/7?step=%2F2&x", host + "/own/path;v=1/7?step=%2F2&x"},
		{plain, "HTTPS://Bank.Example:443/own", "https://Bank.Example:443/own"},
		{plain, "//bank.example/own#part", host + "/own"},
		{plain, "/v1/sca/7?step=2", host + "/v1/sca/7?step=2"},
		{plain, "/v1/consents/a%2Fb/authorisations/1", host + "/v1/consents/a%2Fb/authorisations/1"},
		{plain, "/consents/7/authorisations/1", host + "/v1/consents/7/authorisations/1"},
		{plain, "consents/7/authorisations/1?y=2", host + "/v1/consents/7/authorisations/1?y=2"},
		{plain, "sca/7", host + "/v1/sca/7"},
		{plain, "/sca/7", host + "/v1/sca/7"},
		{plain, "/v2/consents/7", host + "/v1/consents/7"},
		{deep, "/gate/oslo/v1/consents/7", host + "/gate/oslo/v1/consents/7"},
		{deep, "/oslo/v1/sca/7", host + "/gate/oslo/v1/sca/7"},
		{deep, "/sca/7", host + "/gate/oslo/v1/sca/7"},
		{rooted, "/sca/v2/consents/7?z=1", host + "/sca/v2/consents/7?z=1"},
		{rooted, "/psd2/v1/sca", host + "/psd2/v1/sca"},
		{rooted, "consents/7", host + "/psd2/v1/consents/7"},
		// Nothing is joined as text.
		{bare, "@127.0.0.1/x", host + "/@127.0.0.1/x"},
		{bare, ".evil.example/x", host + "/.evil.example/x"},
		{bare, "////evil.example/x", host + "////evil.example/x"},
		{bare, `/\evil.example/x`, host + "/%5Cevil.example/x"},
		{plain, "@127.0.0.1/x", host + "/v1/@127.0.0.1/x"},
		// What leads elsewhere, or nowhere, is refused.
		{plain, "https://evil.example/v1/consents/7", ""},
		{plain, "https://bank.example.evil.example/x", ""},
		{plain, "https://bank.example@127.0.0.1/x", ""},
		{plain, "https://person@bank.example/x", ""},
		{plain, "https://bank.example:8443/x", ""},
		{plain, "http://bank.example/x", ""},
		{plain, "//evil.example/x", ""},
		{plain, "https:/v1/x", ""},
		{plain, "https:v1/x", ""},
		{plain, "javascript:alert(1)", ""},
		{plain, "bank.example:443/x", ""},
		{plain, "?x=1", ""},
		{plain, "#x", ""},
		{plain, "%zz", ""},
	} {
		got, err := test.client.address(request{service: ConsentService, path: "/built", link: test.link, call: Call{BIC: "oslo"}})
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: got %q, %v, want %q", test.link, got, err, test.want)
		}
	}
}

// TestStoredLinksOfAFormerHost: what was stored before the environment's host was
// another one is not gone to, and does not keep the person from going on.
func TestStoredLinksOfAFormerHost(t *testing.T) {
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://bank.example"}}, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	stored := Addresses{
		Self: "https://bank.example/own/7", Status: "https://former.example/own/7/status", Start: "/v1/consents/7/authorisations",
		SCAStatus: "http://127.0.0.1:8080/x", Confirmation: "https://bank.example.evil.example/x",
	}
	want := Addresses{Self: stored.Self, Start: stored.Start}
	if kept := client.Kept(stored); kept != want {
		t.Errorf("kept %+v, want %+v", kept, want)
	}
}

// TestBuiltWithoutALink: where the bank gives no link, the path is the framework's.
func TestBuiltWithoutALink(t *testing.T) {
	client := bank(t, func(http.ResponseWriter, *http.Request) {})
	client.dialect.LinksFromRoot = true
	got, err := client.address(request{service: ConsentService, path: ConsentResource("accounts/1").authorisation("2")})
	if want := client.reach.APIURL + "/psd2/consent/v1/consents/accounts%2F1/authorisations/2"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
