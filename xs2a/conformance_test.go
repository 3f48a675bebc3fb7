package xs2a_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"consentry/xs2a"
	"consentry/xs2a/conformance"
	"consentry/xs2a/sandbox"
	"consentry/xs2a/sandbox/visitor"
)

// TestOpenPaymentsConformance drives every operation of the client against the
// sandbox, the good ways and the bad, and holds both sides to Open Payments'
// own definition.
func TestOpenPaymentsConformance(t *testing.T) {
	v := openPayments(t, nil)
	server, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	info := server.Info()
	client := openPaymentsClient(t, info, v)
	drive := driver{t: t, client: client, psu: info.PSUs[0]}
	banks := drive.directory()
	for _, bank := range banks {
		drive.bank(bank)
	}
	drive.refusals(banks[0])
	drive.decoupled("BLXTSES0")

	seen := v.Seen()
	for _, operation := range []string{
		"GET /aspspinformation/v1/countries 200", "GET /aspspinformation/v1/countries/{isoCountryCode} 200",
		"GET /aspspinformation/v1/cities 200", "GET /aspspinformation/v1/cities/{city-id} 200",
		"GET /aspspinformation/v1/aspsps 200", "GET /aspspinformation/v1/aspsps/{bicFi} 200", "GET /aspspinformation/v1/aspsps/{bicFi} 404",
		"POST /consent/v1/consents 201", "POST /consent/v1/consents 400", "GET /consent/v1/consents/{consentId} 200",
		"GET /consent/v1/consents/{consentId}/status 200", "DELETE /consent/v1/consents/{consentId} 204",
		"POST /consent/v1/consents/{consentId}/authorisations 201", "GET /consent/v1/consents/{consentId}/authorisations 200",
		"GET /consent/v1/consents/{consentId}/authorisations/{authorisationId} 200", "PUT /consent/v1/consents/{consentId}/authorisations/{authorisationId} 200",
		"GET /accountinformation/v1/accounts 200", "GET /accountinformation/v1/accounts/{account-id} 200",
		"GET /accountinformation/v1/accounts/{account-id}/balances 200", "GET /accountinformation/v1/accounts/{account-id}/transactions 200",
		"GET /accountinformation/v1/accounts/{account-id}/transactions 400", "GET /accountinformation/v1/accounts/{account-id}/transactions/{transactionId} 200",
		"GET /accountinformation/v1/accounts 401",
	} {
		if seen[operation] == 0 {
			t.Errorf("%s was never exchanged", operation)
		}
	}
	t.Logf("%d kinds of exchanges were held to the definition", len(seen))
}

// openPayments holds exchanges to Open Payments' definition: to a given reading of it, or
// nil for the one that is rid of its known mistakes.
func openPayments(t *testing.T, definition *conformance.Definition) *conformance.Watcher {
	t.Helper()
	return &conformance.Watcher{
		Dialect: "openpayments", Definition: definition, Network: http.DefaultTransport, Report: t.Errorf,
		Ours: func(path string) bool { return strings.HasPrefix(path, "/psd2") },
	}
}

func openPaymentsClient(t *testing.T, info sandbox.Info, network http.RoundTripper) *xs2a.Client {
	t.Helper()
	client, err := xs2a.New(xs2a.Reach{
		Identity: xs2a.Identity{ClientID: info.ClientID, ClientSecret: info.ClientSecret},
		Profile:  xs2a.Profile{Dialect: "openpayments", Context: "private", AuthURL: info.Addresses["openpayments"]["auth"], APIURL: info.Addresses["openpayments"]["api"]},
	}, network)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestDirectoryListsBareToo: the practice directory sends them as the definition's
// schema has them, mistake and all, when it is told to, and the client reads them
// the same.
func TestDirectoryListsBareToo(t *testing.T) {
	content, err := conformance.OpenPayments.Content()
	if err != nil {
		t.Fatal(err)
	}
	published, err := conformance.Read(content)
	if err != nil {
		t.Fatal(err)
	}
	v := openPayments(t, published)
	server, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	info := server.Info()
	res, err := http.Post(info.Control+"/directory", "application/json", strings.NewReader(`{"bareLists": true}`))
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	driver{t: t, client: openPaymentsClient(t, info, v)}.directory()
	for _, list := range []string{"countries", "cities", "aspsps"} {
		if v.Seen()["GET /aspspinformation/v1/"+list+" 200"] == 0 {
			t.Errorf("%s were never asked for", list)
		}
	}
}

// driver calls the operations of a client one after the other.
type driver struct {
	t      *testing.T
	client *xs2a.Client
	psu    sandbox.PSUInfo
}

func (d driver) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d driver) directory() []xs2a.ASPSP {
	ctx := context.Background()
	countries, err := d.client.Countries(ctx)
	d.must(err)
	cities, err := d.client.Cities(ctx, xs2a.DirectoryFilter{})
	d.must(err)
	_, err = d.client.Country(ctx, countries[0].Code)
	d.must(err)
	_, err = d.client.City(ctx, cities[0].ID)
	d.must(err)
	all, err := d.client.ASPSPs(ctx, xs2a.DirectoryFilter{})
	d.must(err)
	if len(countries) < 6 || len(cities) < 12 || len(all) < 24 {
		d.t.Errorf("%d countries, %d cities, %d banks", len(countries), len(cities), len(all))
	}
	for _, bank := range all {
		if strings.TrimSpace(bank.Name) != bank.Name {
			d.t.Errorf("blanks are left around %q", bank.Name)
		}
		_, err := d.client.ASPSP(ctx, bank.BIC)
		d.must(err)
	}
	union, err := d.client.ASPSPs(ctx, xs2a.DirectoryFilter{CountryCodes: []string{countries[0].Code}, CityIDs: []string{cities[len(cities)-1].ID}})
	d.must(err)
	one, err := d.client.ASPSPs(ctx, xs2a.DirectoryFilter{CountryCodes: []string{countries[0].Code}})
	d.must(err)
	if len(union) <= len(one) {
		d.t.Errorf("a country with a city of another gives %d banks, the country alone %d: no union", len(union), len(one))
	}
	return all
}

const callback = "http://127.0.0.1:8123/callback"

// bank links one bank, reads all there is, and ends the consent.
func (d driver) bank(bank xs2a.ASPSP) {
	ctx := context.Background()
	call := xs2a.Call{BIC: bank.BIC, PSU: &xs2a.PSU{IPAddress: "127.0.0.1", UserAgent: "Test"}}
	id := d.consent(call)
	call.ConsentID = id
	_, err := d.client.Consent(ctx, call, id)
	d.must(err)
	accounts, err := d.client.Accounts(ctx, call, true)
	d.must(err)
	if len(accounts) == 0 {
		d.t.Errorf("%s: no accounts", bank.Name)
	}
	for _, account := range accounts {
		_, err := d.client.Account(ctx, call, account.ResourceID)
		d.must(err)
		_, err = d.client.Balances(ctx, call, account.ResourceID)
		d.must(err)
		d.transactions(call, account.ResourceID)
	}
	_, err = d.client.DeleteConsent(ctx, call, id)
	d.must(err)
	if status, err := d.client.ConsentStatus(ctx, call, id); err != nil || status != xs2a.ConsentTerminatedByTPP {
		d.t.Errorf("%s: after the end the status is %q, %v", bank.Name, status, err)
	}
}

func (d driver) consent(call xs2a.Call) (id string) {
	ctx := context.Background()
	all := &[]xs2a.AccountReference{}
	state, verifier := xs2a.NewState(), xs2a.NewVerifier()
	back := xs2a.Return{URI: callback + "?state=" + state, NokURI: callback + "?result=nok&state=" + state}
	id, answer, err := d.client.CreateConsent(ctx, call, xs2a.ConsentRequest{
		Access:    xs2a.Access{Accounts: all, Balances: all, Transactions: all},
		Recurring: true, ValidUntil: "9999-12-31", FrequencyPerDay: 4,
	}, back)
	d.must(err)
	next := xs2a.NextStep(answer)
	if next.Step != xs2a.StepStart {
		d.t.Fatalf("after the consent comes %q", next.Step)
	}
	consent := xs2a.ConsentResource(id)
	answer, err = d.client.Continue(ctx, call, consent, "", next, xs2a.PSUData{}, back)
	d.must(err)
	auth := answer.AuthorisationID
	if next = xs2a.NextStep(answer); next.Step == xs2a.StepChooseMethod {
		answer, err = d.client.Continue(ctx, call, consent, auth, next, xs2a.PSUData{MethodID: next.Methods[0].ID}, back)
		d.must(err)
	}
	_, err = d.client.Authorisations(ctx, call, consent)
	d.must(err)
	grant := xs2a.Grant{Resource: consent, AuthorisationID: auth, State: state, Verifier: verifier, RedirectURI: callback}
	page, oauth := d.page(answer, grant)
	returned := d.visit(page)
	if returned.Get("state") != state {
		d.t.Fatalf("came back with state %q", returned.Get("state"))
	}
	if oauth {
		_, err = d.client.ExchangeCode(ctx, returned.Get("code"), grant)
		d.must(err)
		if _, err = d.client.ExchangeCode(ctx, returned.Get("code"), grant); err == nil {
			d.t.Error("a code was taken twice")
		}
	}
	sca, err := d.client.SCAStatus(ctx, call, consent, auth)
	d.must(err)
	status, err := d.client.ConsentStatus(ctx, call, id)
	d.must(err)
	if sca.SCAStatus != xs2a.SCAFinalised || status != xs2a.ConsentValid {
		d.t.Fatalf("after the approval: %s, %s", sca.SCAStatus, status)
	}
	return id
}

func (d driver) page(answer xs2a.SCAAnswer, grant xs2a.Grant) (address string, oauth bool) {
	switch next := xs2a.NextStep(answer); next.Step {
	case xs2a.StepOAuth:
		address, _, err := d.client.AuthorizePage(context.Background(), next.Link, grant)
		d.must(err)
		return address, true
	case xs2a.StepRedirect:
		return next.Link, false
	default:
		d.t.Fatalf("no page to go to, but %q", next.Step)
		return "", false
	}
}

func (d driver) visit(page string) url.Values {
	person := visitor.Person{Login: d.psu.Login, Password: d.psu.Password, Code: d.psu.Code}
	back, err := person.Visit(page)
	d.must(err)
	return back.Query()
}

// transactions reads all pages, and the details of the first entry.
func (d driver) transactions(call xs2a.Call, resourceID string) {
	ctx := context.Background()
	from := time.Now().AddDate(0, -6, 0).Format(time.DateOnly)
	page, err := d.client.Transactions(ctx, call, resourceID, xs2a.TransactionQuery{Status: xs2a.Both, DateFrom: from})
	d.must(err)
	if len(page.Booked) == 0 {
		return // a card nobody used
	}
	// Some banks give no ids, some the same for all: nothing can be asked by those.
	if id := page.Booked[0].ID; id != "" && id != "NOTPROVIDED" {
		_, err := d.client.Transaction(ctx, call, resourceID, id)
		d.must(err)
	}
	for page.Next != "" {
		page, err = d.client.NextTransactions(ctx, call, page.Next)
		d.must(err)
	}
}

// refusals sends what a bank refuses; the refusals are held to the definition, too.
func (d driver) refusals(bank xs2a.ASPSP) {
	ctx := context.Background()
	call := xs2a.Call{BIC: bank.BIC, PSU: &xs2a.PSU{IPAddress: "127.0.0.1"}}
	refused := func(err error) {
		d.t.Helper()
		if err == nil {
			d.t.Error("was not refused")
		}
	}
	_, err := d.client.ASPSP(ctx, "NOBADEFF")
	refused(err)
	_, _, err = d.client.CreateConsent(ctx, call, xs2a.ConsentRequest{ValidUntil: "2020-01-01", FrequencyPerDay: 1}, xs2a.Return{URI: callback})
	refused(err)
	_, err = d.client.Accounts(ctx, xs2a.Call{BIC: call.BIC, PSU: call.PSU, ConsentID: d.ended(call)}, false)
	refused(err)
	id := d.consent(call)
	call.ConsentID = id
	accounts, err := d.client.Accounts(ctx, call, false)
	d.must(err)
	_, err = d.client.Transactions(ctx, call, accounts[0].ResourceID, xs2a.TransactionQuery{Status: xs2a.Both, DateFrom: "2001-01-01"})
	refused(err)
}

// ended returns the id of a consent that was valid and is not any more.
func (d driver) ended(call xs2a.Call) string {
	id := d.consent(call)
	_, err := d.client.DeleteConsent(context.Background(), call, id)
	d.must(err)
	return id
}

// decoupled approves on another device, and says no there: the person does not want
// to leave for the bank's page, and every call says so (OP: decoupled).
func (d driver) decoupled(bic string) {
	ctx := context.Background()
	call := xs2a.Call{BIC: bic, PSU: &xs2a.PSU{IPAddress: "127.0.0.1", UserAgent: "Test"}, Decoupled: true}
	back := xs2a.Return{URI: callback, Decoupled: true}
	all := &[]xs2a.AccountReference{}
	for method, deny := range map[string]bool{"mbid_animated_qr_token": false, "mbid_animated_qr_image": true} {
		id, answer, err := d.client.CreateConsent(ctx, call, xs2a.ConsentRequest{
			Access: xs2a.Access{Accounts: all, Balances: all, Transactions: all}, Recurring: true, ValidUntil: "9999-12-31", FrequencyPerDay: 4,
		}, back)
		d.must(err)
		consent := xs2a.ConsentResource(id)
		begun, err := d.client.Continue(ctx, call, consent, "", xs2a.NextStep(answer), xs2a.PSUData{}, back)
		d.must(err)
		answer, err = d.client.Continue(ctx, call, consent, begun.AuthorisationID, xs2a.NextStep(begun), xs2a.PSUData{MethodID: method}, back)
		d.must(err)
		if next := xs2a.NextStep(answer).Step; next != xs2a.StepDecoupled || answer.Approach != "DECOUPLED" || !answer.Challenge.Shown() {
			d.t.Fatalf("after the choice of %s comes %q with %+v", method, next, answer)
		}
		look := func() xs2a.SCAAnswer {
			answer, err := d.client.SCAStatus(ctx, call, consent, begun.AuthorisationID)
			d.must(err)
			return answer
		}
		if first, second := look().Challenge, look().Challenge; (first.Image == second.Image) == (first.Image != "") {
			d.t.Errorf("%s: the picture has to move, and the token to stay", method)
		}
		_, phone, _ := strings.Cut(answer.Message, "your telephone is at ")
		d.must(visitor.Person{Login: d.psu.Login, Password: d.psu.Password, Deny: deny}.Answer(phone))
		status, err := d.client.ConsentStatus(ctx, call, id)
		d.must(err)
		if deny {
			if got := look().SCAStatus; got != xs2a.SCAFailed || status != xs2a.ConsentRejected {
				d.t.Errorf("after the no: %s, %s", got, status)
			}
			continue
		}
		if got := look().SCAStatus; got != xs2a.SCAFinalised || status != xs2a.ConsentValid {
			d.t.Errorf("after the approval: %s, %s", got, status)
		}
		reading := call
		reading.ConsentID = id
		accounts, err := d.client.Accounts(ctx, reading, false)
		if err != nil || len(accounts) == 0 {
			d.t.Errorf("%d accounts, %v", len(accounts), err)
		}
		reading.Decoupled = false // the bank wants to hear it with every call
		var refused *xs2a.Error
		if _, err := d.client.Accounts(ctx, reading, false); !errors.As(err, &refused) || refused.Field != "TPP-Redirect-Preferred" {
			d.t.Errorf("a call that does not say so is answered %v", err)
		}
	}
}
