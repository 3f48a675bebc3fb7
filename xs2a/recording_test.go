package xs2a_test

import (
	"net/url"
	"path/filepath"
	"testing"

	"consentry/xs2a"
	"consentry/xs2a/replay"
)

// Banks are played from recordings: each test walks a consent and a payment to
// the end, by what the bank's answers say.

// recorded is a recorded bank, and the resource that is being authorised there.
type recorded struct {
	*testing.T
	bank   *replay.Bank
	client *xs2a.Client
	call   xs2a.Call
	of     xs2a.Resource
	id     string // of the authorisation
}

func play(t *testing.T, file string, env xs2a.Reach) *recorded {
	t.Helper()
	b := &recorded{T: t, bank: replay.Play(t, filepath.Join("testdata", "recordings", file))}
	env.Dialect, env.APIURL, env.ClientID, env.Login = xs2a.BerlinGroup.Name, b.bank.URL, "tpp", xs2a.LoginNone
	if env.OAuth.Token != "" {
		env.OAuth.Token = b.bank.Other + env.OAuth.Token
	}
	var err error
	if b.client, err = xs2a.New(env, nil); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *recorded) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// know notes where the answer says that things lie, and returns what is to come.
func (b *recorded) know(answer xs2a.SCAAnswer, step xs2a.Step) xs2a.Next {
	b.Helper()
	b.call.At = b.call.At.After(answer)
	if answer.AuthorisationID != "" {
		b.id = answer.AuthorisationID
	}
	next := xs2a.NextStep(answer)
	if next.Step != step {
		b.Fatalf("the bank asks for %q, not %q", next.Step, step)
	}
	return next
}

// ask asks for a consent.
func (b *recorded) ask(step xs2a.Step) xs2a.Next {
	b.Helper()
	b.call, b.id = xs2a.Call{RequestID: "r"}, ""
	id, answer, err := b.client.CreateConsent(b.Context(), b.call, xs2a.ConsentRequest{ValidUntil: "2099-12-31", FrequencyPerDay: 4}, xs2a.Return{URI: "http://127.0.0.1/callback"})
	b.must(err)
	b.of = xs2a.ConsentResource(id)
	return b.know(answer, step)
}

// pay sends a payment.
func (b *recorded) pay(product, body string, step xs2a.Step) xs2a.Next {
	b.Helper()
	b.call, b.id = xs2a.Call{RequestID: "r"}, ""
	id, answer, err := b.client.InitiatePayment(b.Context(), b.call, xs2a.SinglePayment, product, xs2a.JSON([]byte(body)), xs2a.Return{URI: "http://127.0.0.1/callback"})
	b.must(err)
	b.of = xs2a.PaymentResource(xs2a.SinglePayment, product, id)
	return b.know(answer, step)
}

// give does a step.
func (b *recorded) give(next xs2a.Next, data xs2a.PSUData, step xs2a.Step) xs2a.Next {
	b.Helper()
	answer, err := b.client.Continue(b.Context(), b.call, b.of, b.id, next, data, xs2a.Return{})
	b.must(err)
	return b.know(answer, step)
}

// approved asks how far the authorisation is, once the person has approved.
func (b *recorded) approved() {
	b.Helper()
	answer, err := b.client.SCAStatus(b.Context(), b.call, b.of, b.id)
	b.must(err)
	if answer.SCAStatus != xs2a.SCAFinalised {
		b.Fatalf("SCA status %q", answer.SCAStatus)
	}
}

func (b *recorded) consentIs(want xs2a.ConsentStatus) {
	b.Helper()
	if got, err := b.client.ConsentStatus(b.Context(), b.call, b.of.ID); err != nil || got != want {
		b.Fatalf("the consent is %q, not %q; %v", got, want, err)
	}
}

func (b *recorded) paymentIs(want xs2a.TransactionStatus) {
	b.Helper()
	if got, err := b.client.PaymentStatus(b.Context(), b.call, b.of); err != nil || got.Status != want {
		b.Fatalf("the payment is %q, not %q; %v", got.Status, want, err)
	}
}

// TestRecordedDeletion does not take the word of an end for the end: the consent is
// valid until the person has approved its deletion, and a payment goes on until
// they have approved its cancellation.
func TestRecordedDeletion(t *testing.T) {
	b := play(t, "deletion-to-approve.http", xs2a.Reach{})
	b.ask(xs2a.StepRedirect)
	b.approved()
	b.consentIs(xs2a.ConsentValid)
	said, err := b.client.DeleteConsent(t.Context(), b.call, b.of.ID)
	if err != nil || said.Ended() || said.Step != xs2a.StepIdentify || said.Wants.Message != "Bitte geben Sie die Löschung frei." {
		t.Fatalf("%+v, %v", said, err)
	}
	b.consentIs(xs2a.ConsentValid)
	b.consentIs(xs2a.ConsentTerminatedByTPP)

	b.pay("sepa-credit-transfers", `{"creditorAccount":{"iban":"DE02500105170137075030"},"creditorName":"Blumen Adler","instructedAmount":{"amount":"12.50","currency":"EUR"}}`, xs2a.StepRedirect)
	b.approved()
	b.paymentIs("ACTC")
	answer, err := b.client.CancelPayment(t.Context(), b.call, b.of)
	b.must(err)
	payment := b.of
	b.of, b.call.At = b.of.Cancellation(), xs2a.Addresses{}
	b.give(b.know(answer, xs2a.StepStart), xs2a.PSUData{}, xs2a.StepRedirect)
	b.approved()
	b.of = payment
	b.paymentIs("CANC")
}

// TestRecordedLinksWithoutHost follows links that are addresses in parts: without
// a host, without the prefix, with a query.
func TestRecordedLinksWithoutHost(t *testing.T) {
	b := play(t, "links-without-host.http", xs2a.Reach{Profile: xs2a.Profile{Prefix: xs2a.Prefixes{Consents: "/psd2/consent/v1", Payments: "/psd2/pay/v1"}}})
	page := b.give(b.ask(xs2a.StepStart), xs2a.PSUData{}, xs2a.StepRedirect)
	if u, err := b.client.PageURL(page.Link, ""); err != nil || u.String() != b.bank.URL+"/login?ticket=8841&for=k-1" {
		t.Errorf("the person is sent to %v, %v", u, err)
	}
	b.approved()
	b.consentIs(xs2a.ConsentValid)
	b.give(b.pay("domestic", `{"creditorAccount":{"iban":"SE4550000000058398257466"},"creditorName":"Frisör Klippet","instructedAmount":{"amount":"410","currency":"SEK"}}`, xs2a.StepStart), xs2a.PSUData{}, xs2a.StepRedirect)
	b.approved()
	b.paymentIs("ACSC")
	if payment, err := b.client.Payment(t.Context(), b.call, b.of); err != nil || payment.Status != "ACSC" {
		t.Errorf("%+v, %v", payment, err)
	}
}

// TestRecordedIDsElsewhere finds ids in the header and in links.
func TestRecordedIDsElsewhere(t *testing.T) {
	b := play(t, "ids-elsewhere.http", xs2a.Reach{})
	password := xs2a.PSUData{Password: "Klee-am-Hang"}
	b.give(b.give(b.ask(xs2a.StepPassword), password, xs2a.StepCode), xs2a.PSUData{Code: "118204"}, xs2a.StepDone)
	b.approved()
	b.consentIs(xs2a.ConsentValid)
	next := b.pay("sepa-credit-transfers", `{"creditorAccount":{"iban":"DE02500105170137075030"},"creditorName":"Gärtnerei Moos","instructedAmount":{"amount":"80.00","currency":"EUR"}}`, xs2a.StepPassword)
	b.give(b.give(next, password, xs2a.StepCode), xs2a.PSUData{Code: "118205"}, xs2a.StepDone)
	b.approved()
	b.paymentIs("ACSC")
}

// TestRecordedMetadata approves at a server whose metadata leave out who it is and
// where codes are redeemed.
func TestRecordedMetadata(t *testing.T) {
	b := play(t, "metadata-without-tokens.http", xs2a.Reach{Profile: xs2a.Profile{OAuth: xs2a.OAuthServer{Token: "/realms/psd2/tokens"}}})
	approve := func(next xs2a.Next) {
		t.Helper()
		address, g, err := b.client.AuthorizePage(t.Context(), next.Link, xs2a.Grant{Resource: b.of, State: "s", Verifier: xs2a.NewVerifier(), RedirectURI: "http://127.0.0.1/callback"})
		b.must(err)
		page, err := url.Parse(address)
		b.must(err)
		if page.Path != "/realms/psd2/auth" || g.Issuer != b.bank.Other+"/realms/psd2" || !g.NamesIssuer || page.Query().Get("code_challenge") == "" {
			t.Fatalf("%s, issuer %q, named %v", address, g.Issuer, g.NamesIssuer)
		}
		token, err := b.client.ExchangeCode(t.Context(), "code", g)
		b.must(err)
		b.call.Token = token.AccessToken
	}
	approve(b.ask(xs2a.StepOAuth))
	b.approved()
	b.consentIs(xs2a.ConsentValid)
	approve(b.pay("sepa-credit-transfers", `{"creditorAccount":{"iban":"DE02500105170137075030"},"creditorName":"Buchladen Eck","instructedAmount":{"amount":"19.90","currency":"EUR"}}`, xs2a.StepOAuth))
	b.approved()
	b.paymentIs("ACSC")
}
