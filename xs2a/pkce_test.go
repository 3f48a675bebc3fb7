package xs2a_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"testing"

	"consentry/xs2a"
	"consentry/xs2a/sandbox"
)

// TestClientSendsStateAndPKCEUnasked: Open Payments demands neither, and its links
// name no challenge.
func TestClientSendsStateAndPKCEUnasked(t *testing.T) {
	server, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	info := server.Info()
	var redeemed []url.Values
	client := openPaymentsClient(t, info, listening(func(r *http.Request, body []byte) {
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("grant_type") == "authorization_code" {
			redeemed = append(redeemed, form)
		}
	}))
	d := driver{t: t, client: client, psu: info.PSUs[0]}
	ctx, all := t.Context(), &[]xs2a.AccountReference{}
	call := xs2a.Call{BIC: "NRSKSEP0", PSU: &xs2a.PSU{IPAddress: "127.0.0.1", UserAgent: "Test"}}
	grant := xs2a.Grant{State: xs2a.NewState(), Verifier: xs2a.NewVerifier(), RedirectURI: callback}
	id, answer, err := client.CreateConsent(ctx, call, xs2a.ConsentRequest{
		Access: xs2a.Access{Balances: all}, Recurring: true, ValidUntil: "9999-12-31", FrequencyPerDay: 4,
	}, xs2a.Return{URI: callback})
	d.must(err)
	grant.Resource = xs2a.ConsentResource(id)
	answer, err = client.Continue(ctx, call, grant.Resource, "", xs2a.NextStep(answer), xs2a.PSUData{}, xs2a.Return{URI: callback})
	d.must(err)
	grant.AuthorisationID = answer.AuthorisationID
	next := xs2a.NextStep(answer)
	if next.Step != xs2a.StepOAuth {
		t.Fatalf("after the start comes %q", next.Step)
	}
	page, grant, err := client.AuthorizePage(ctx, next.Link, grant)
	d.must(err)
	address, err := url.Parse(page)
	d.must(err)
	sum := sha256.Sum256([]byte(grant.Verifier))
	for name, want := range map[string]string{
		"state": grant.State, "code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": "S256",
	} {
		if got := address.Query().Get(name); got != want || want == "" {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	back := d.visit(page)
	if back.Get("state") != grant.State {
		t.Errorf("came back with %v", back)
	}
	robbed := grant
	robbed.Verifier = xs2a.NewVerifier()
	if _, err := client.ExchangeCode(ctx, back.Get("code"), robbed); err == nil {
		t.Error("a code was redeemed with another's verifier")
	}
	_, err = client.ExchangeCode(ctx, back.Get("code"), grant)
	d.must(err)
	if len(redeemed) != 2 || redeemed[1].Get("code_verifier") != grant.Verifier {
		t.Errorf("redeemed with %v", redeemed)
	}
}

// listening is a network that lets somebody listen to what is sent.
type listening func(r *http.Request, body []byte)

func (l listening) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	l(r, body)
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(again)
}
