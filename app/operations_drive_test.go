package app_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"consentry/app/bank"
	"consentry/xs2a"
	"consentry/xs2a/conformance"
	"consentry/xs2a/sandbox/visitor"
)

// drive is a way through all operations.
type drive struct {
	*world
	came map[string]string // by document and operation
	held *definitions

	// The bank being driven.
	wire     *wire
	client   *xs2a.Client
	call     xs2a.Call
	consent  string // the bank's id
	document string
	prefix   string // of its paths
}

// wire notes what goes over the network.
type wire struct {
	base http.RoundTripper
	mu   sync.Mutex
	seen []passed
}

type passed struct {
	method, path string
	status       int
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := w.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, passed{req.Method, req.URL.Path, res.StatusCode})
	return res, nil
}

// under forgets and returns what went to paths below a prefix.
func (w *wire) under(prefix string) []passed {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := slices.DeleteFunc(w.seen, func(p passed) bool { return !strings.HasPrefix(p.path, prefix+"/") })
	w.seen = nil
	return seen
}

// at goes to a practice bank; an empty id is the directory.
func (d *drive) at(bic, prefix string) {
	d.Helper()
	practice := bank.Practice(d.info)
	if _, listed := practice.Bank(bic); !listed && bic != "" {
		d.Fatalf("no environment lists %q", bic)
	}
	reach := practice.Reach(bic)
	base, err := xs2a.Transport(reach)
	d.must(err)
	d.wire = &wire{base: d.held.around(base)}
	d.client, err = xs2a.New(reach, d.wire)
	d.must(err)
	d.prefix, d.call = prefix, xs2a.Call{BIC: bic, PSU: &person}
}

var placeholder = regexp.MustCompile(`\\\{[^}]*\\\}`)

// do drives one operation: it has to be that one exchange, it has to succeed,
// and what was decoded has to make sense, in a word.
func (d *drive) do(operation string, call func() (word string, err error)) {
	d.Helper()
	d.wire.under("")
	word, err := call()
	if err != nil {
		d.Fatalf("%s: %s: %v", d.document, operation, err)
	}
	method, path, _ := strings.Cut(operation, " ")
	want := regexp.MustCompile("^" + regexp.QuoteMeta(d.prefix) + placeholder.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
	seen := d.wire.under(d.prefix)
	if len(seen) != 1 || seen[0].method != method || !want.MatchString(seen[0].path) || seen[0].status/100 != 2 {
		d.Fatalf("%s: %s led to %+v", d.document, operation, seen)
	}
	if path := seen[0].path; d.held.hold(path) == conformance.Beyond(path) {
		d.Errorf("%s: %s is held to no definition", d.document, operation)
	}
	if word == "" {
		d.Errorf("%s: %s: nothing came back", d.document, operation)
	}
	key := d.document + " " + operation
	if d.came[key] != "" {
		d.Errorf("%s was driven twice", key)
	}
	d.came[key] = fmt.Sprintf("%d, %s", seen[0].status, word)
}

// plausible is the word for what was decoded, where it is as it has to be.
func plausible(err error, good bool, word string, got any) (string, error) {
	if err == nil && !good {
		err = fmt.Errorf("not plausible: %+v", got)
	}
	return word, err
}

func (d *drive) directory() {
	d.document = "000 directory"
	d.at("", "/psd2/aspspinformation/v1")
	ctx := d.Context()
	d.do("GET /countries", func() (string, error) {
		all, err := d.client.Countries(ctx)
		return plausible(err, slices.Contains(all, xs2a.Country{Code: "SE", Name: "Sweden"}), "a list with Sweden", all)
	})
	d.do("GET /countries/{isoCountryCode}", func() (string, error) {
		one, err := d.client.Country(ctx, "SE")
		return one.Name, err
	})
	var city xs2a.City
	d.do("GET /cities", func() (string, error) {
		all, err := d.client.Cities(ctx, xs2a.DirectoryFilter{CountryCodes: []string{"SE"}})
		if err != nil || len(all) == 0 {
			return "", err
		}
		city = all[slices.IndexFunc(all, func(c xs2a.City) bool { return c.Name == "Umeå" })]
		return "a list with " + city.Name, nil
	})
	d.do("GET /cities/{cityId}", func() (string, error) {
		one, err := d.client.City(ctx, city.ID)
		return one.Name, err
	})
	d.do("GET /aspsps", func() (string, error) {
		all, err := d.client.ASPSPs(ctx, xs2a.DirectoryFilter{CityIDs: []string{city.ID}})
		return plausible(err, slices.ContainsFunc(all, func(a xs2a.ASPSP) bool { return a.BIC == "NRSKSEP0" }), "a list with Norrsken Bank", all)
	})
	d.do("GET /aspsps/{bicFi}", func() (string, error) {
		one, err := d.client.ASPSP(ctx, "NRSKSEP0")
		return one.Name, err
	})
}

// openPayments drives a bank of the directory with a choice of methods and OAuth.
// Its services are in nobody's list but the platform's own definition.
func (d *drive) openPayments() {
	d.at("", "/psd2/consent/v1")
	d.call.BIC = "HAMNSEG0"
	d.document = "Open Payments consents"
	d.link(func(consent xs2a.Resource, next xs2a.Next) string {
		return d.authorise(consent, "/consents/{id}/authorisations", next)
	})
	d.document, d.prefix = "Open Payments accounts", "/psd2/accountinformation/v1"
	iban := d.accounts(true)
	d.document, d.prefix = "Open Payments payments", "/psd2/paymentinitiation/v1"
	d.payments("domestic", iban, "SEK")
	d.forms(iban)
	d.document, d.prefix = "Open Payments consents", "/psd2/consent/v1"
	d.end()
}

// georgian drives a bank with a choice of methods and OAuth.
func (d *drive) georgian() {
	d.at("mtkvari", "/bog/v1")
	d.document = "001 consents"
	d.link(func(consent xs2a.Resource, next xs2a.Next) string {
		return d.authorise(consent, "/consents/{id}/authorisations", next)
	})
	d.document = "001 accounts"
	iban := d.accounts(true)
	d.document = "001 products"
	d.products()
	d.document = "001 payments"
	token := d.call.Token
	d.call.Token = "" // it was given for accounts
	d.payments("domestic", iban, "GEL")
	d.call.Token = token
	d.document = "001 consents"
	d.end()
}

// berlin drives a bank with the embedded approach and card accounts.
func (d *drive) berlin() {
	d.at("kortland", "/berlingroup/kortland/v1")
	d.call.PSUID = d.psu.Login
	d.document = "002 consents"
	d.link(func(consent xs2a.Resource, _ xs2a.Next) string {
		// The bank began an authorisation itself; another may be started.
		return d.authorise(consent, "/consents/{id}/authorisations", xs2a.Next{Step: xs2a.StepStart, Start: true})
	})
	d.document = "002 accounts"
	iban := d.accounts(true)
	d.document = "002 card accounts"
	d.cards()
	d.document = "Berlin Group payments"
	d.payments("sepa-credit-transfers", iban, "EUR")
	d.document = "002 consents"
	d.end()
}

// saltEdge drives a bank with a redirect, whose data are refreshed first.
func (d *drive) saltEdge() {
	d.at("saltsjon_se", "/saltedge/saltsjon_se/api/berlingroup/v1")
	d.document = "003 consents"
	d.link(func(_ xs2a.Resource, next xs2a.Next) string {
		_, err := d.visitor().Visit(next.Link)
		d.must(err)
		return ""
	})
	d.document = "003 refresh"
	d.do("POST /accounts/refresh", func() (string, error) {
		status, err := d.client.Refresh(d.Context(), d.read())
		return plausible(err, status.Running(), string(status), status)
	})
	d.do("GET /accounts/refresh/status", func() (string, error) {
		status, err := d.client.RefreshStatus(d.Context(), d.read())
		return plausible(err, status.Running(), string(xs2a.RefreshProcessing), status)
	})
	d.document = "003 accounts"
	d.accounts(false)
	d.document = "003 consents"
	d.end()
}

func (d *drive) visitor() visitor.Person { return visitorOf(d.world) }

func (d *drive) back() xs2a.Return {
	return xs2a.Return{URI: here + "?state=known", NokURI: here + "?result=nok"}
}

// link asks for a consent, has it authorised and reads it back. The approval
// gives the id of the authorisation where it made one.
func (d *drive) link(approve func(xs2a.Resource, xs2a.Next) string) {
	ctx := d.Context()
	accounts := &[]xs2a.AccountReference{}
	var answer xs2a.SCAAnswer
	d.do("POST /consents", func() (word string, err error) {
		d.consent, answer, err = d.client.CreateConsent(ctx, d.call, xs2a.ConsentRequest{
			Access:    xs2a.Access{Accounts: accounts, Balances: accounts, Transactions: accounts},
			Recurring: true, ValidUntil: d.clock.Now().AddDate(0, 0, 90).Format(time.DateOnly), FrequencyPerDay: 4,
		}, d.back())
		return string(answer.ConsentStatus), err
	})
	consent := xs2a.ConsentResource(d.consent)
	authorisation := cmp.Or(approve(consent, xs2a.NextStep(answer)), answer.AuthorisationID)
	d.do("GET /consents/{id}/authorisations/{id}", func() (string, error) {
		sca, err := d.client.SCAStatus(ctx, d.call, consent, authorisation)
		return plausible(err, sca.SCAStatus == xs2a.SCAFinalised, string(sca.SCAStatus), sca)
	})
	d.do("GET /consents/{id}/status", func() (string, error) {
		status, err := d.client.ConsentStatus(ctx, d.call, consent.ID)
		return plausible(err, status == xs2a.ConsentValid, string(status), status)
	})
	d.do("GET /consents/{id}", func() (string, error) {
		info, err := d.client.Consent(ctx, d.call, consent.ID)
		return plausible(err, info.Recurring && info.FrequencyPerDay == 4 && info.Access.Accounts != nil, string(info.Status), info)
	})
}

// read is a call under the consent.
func (d *drive) read() xs2a.Call {
	call := d.call
	call.ConsentID = d.consent
	return call
}

// end withdraws the consent of a bank.
func (d *drive) end() {
	d.do("DELETE /consents/{id}", func() (string, error) {
		if said, err := d.client.DeleteConsent(d.Context(), d.call, d.consent); err != nil || !said.Ended() {
			return "", err
		}
		return "ended", nil
	})
	status, err := d.client.ConsentStatus(d.Context(), d.call, d.consent)
	if err != nil || status != xs2a.ConsentTerminatedByTPP {
		d.Errorf("%s: after the end the consent is %q, %v", d.document, status, err)
	}
}

// authorise starts an authorisation of whatever it is and goes to its end; the
// operations lie at path.
func (d *drive) authorise(of xs2a.Resource, path string, next xs2a.Next) (id string) {
	d.Helper()
	ctx := d.Context()
	var answer xs2a.SCAAnswer
	give := func() (word string, err error) {
		next = xs2a.NextStep(answer)
		data := xs2a.PSUData{Password: d.psu.Password, Code: d.psu.Code}
		if next.Step == xs2a.StepChooseMethod {
			data.MethodID = next.Methods[0].ID
		}
		answer, err = d.client.Continue(ctx, d.call, of, id, next, data, d.back())
		return string(answer.SCAStatus), err
	}
	d.do("POST "+path, func() (word string, err error) {
		answer, err = d.client.Continue(ctx, d.call, of, "", next, xs2a.PSUData{}, d.back())
		id = answer.AuthorisationID
		return string(answer.SCAStatus), err
	})
	d.do("GET "+path, func() (string, error) {
		ids, err := d.client.Authorisations(ctx, d.call, of)
		return plausible(err, slices.Contains(ids, id), "a list with it", ids)
	})
	d.do("PUT "+path+"/{id}", give)
	switch next = xs2a.NextStep(answer); next.Step {
	case xs2a.StepCode:
		_, err := give()
		d.must(err)
	case xs2a.StepOAuth:
		d.oauth(of, id, next.Link)
	default:
		d.Fatalf("%s: after the start comes %q", d.document, next.Step)
	}
	return id
}

// oauth has the person approve at the bank's page, and keeps the token.
func (d *drive) oauth(of xs2a.Resource, authorisation, link string) {
	d.Helper()
	page, grant, err := d.client.AuthorizePage(d.Context(), link, xs2a.Grant{
		BIC: d.call.BIC, Resource: of, AuthorisationID: authorisation, State: xs2a.NewState(), Verifier: xs2a.NewVerifier(), RedirectURI: here,
	})
	d.must(err)
	returned, err := d.visitor().Visit(page)
	d.must(err)
	token, err := d.client.ExchangeCode(d.Context(), returned.Query().Get("code"), grant)
	d.must(err)
	if of == xs2a.ConsentResource(of.ID) && d.client.Dialect().PersonsToken {
		d.call.Token = token.AccessToken
	}
}

// accounts reads all there is of the consent's accounts, and returns the IBAN of
// one that was used.
func (d *drive) accounts(details bool) (iban string) {
	ctx := d.Context()
	var account xs2a.Account
	d.do("GET /accounts", func() (string, error) {
		all, err := d.client.Accounts(ctx, d.read(), false)
		if err != nil || len(all) == 0 {
			return "", err
		}
		account = all[0]
		return plausible(nil, account.ResourceID != "" && len(account.IBAN) > 14 && len(account.Currency) == 3, "accounts with IBAN", all)
	})
	d.do("GET /accounts/{id}", func() (string, error) {
		one, err := d.client.Account(ctx, d.read(), account.ResourceID)
		return plausible(err, one.Key() == account.Key() && one.Name == account.Name, "the same account", one)
	})
	d.do("GET /accounts/{id}/balances", func() (string, error) {
		balances, err := d.client.Balances(ctx, d.read(), account.ResourceID)
		return plausible(err, len(balances) > 0 && balances[0].Amount.Currency == account.Currency, "balances in its currency", balances)
	})
	var entry xs2a.Transaction
	d.do("GET /accounts/{id}/transactions", func() (string, error) {
		page, err := d.client.Transactions(ctx, d.read(), account.ResourceID, d.period())
		if err != nil || len(page.Booked) == 0 {
			return "", err
		}
		entry = page.Booked[0]
		return plausible(nil, entry.ID != "" && entry.Date() >= d.period().DateFrom, "booked entries of the period", page)
	})
	if details {
		d.do("GET /accounts/{id}/transactions/{transactionId}", func() (string, error) {
			one, err := d.client.Transaction(ctx, d.read(), account.ResourceID, entry.ID)
			return plausible(err, one.Amount == entry.Amount && one.Date() == entry.Date(), "the same entry", one)
		})
	}
	return account.IBAN
}

func (d *drive) period() xs2a.TransactionQuery {
	return xs2a.TransactionQuery{Status: xs2a.Both, DateFrom: d.clock.Now().AddDate(0, -3, 0).Format(time.DateOnly)}
}

func (d *drive) cards() {
	ctx := d.Context()
	var card xs2a.Account
	d.do("GET /card-accounts", func() (string, error) {
		all, err := d.client.CardAccounts(ctx, d.read())
		if err != nil || len(all) == 0 {
			return "", err
		}
		card = all[0]
		return plausible(nil, card.MaskedPAN != "" && card.IBAN == "", "cards with a masked number", all)
	})
	d.do("GET /card-accounts/{id}", func() (string, error) {
		one, err := d.client.CardAccount(ctx, d.read(), card.ResourceID)
		return plausible(err, one.Key() == card.Key(), "the same card", one)
	})
	d.do("GET /card-accounts/{id}/balances", func() (string, error) {
		balances, err := d.client.CardBalances(ctx, d.read(), card.ResourceID)
		booked := slices.ContainsFunc(balances, func(b xs2a.Balance) bool {
			return b.Type == "interimBooked" && b.Amount.Currency == card.Currency // of either sign: after a refund it is the person's
		})
		return plausible(err, booked, "what is booked, in its currency", balances)
	})
	d.do("GET /card-accounts/{id}/transactions", func() (string, error) {
		page, err := d.client.CardTransactions(ctx, d.read(), card.ResourceID, d.period())
		bought := slices.ContainsFunc(page.Booked, func(t xs2a.Transaction) bool { return t.Amount.Negative() })
		return plausible(err, bought && page.Booked[0].ID != "", "purchases, negative", page)
	})
}

func (d *drive) products() {
	ctx := d.Context()
	for _, one := range []struct {
		path string
		read func() (xs2a.ProductPage, error)
		only string // category
		word string
	}{
		{"", func() (xs2a.ProductPage, error) {
			return d.client.Products(ctx, d.call, xs2a.ProductQuery{Locale: "en", Page: 2})
		}, "", "the third page"},
		{"/deposits", func() (xs2a.ProductPage, error) {
			return d.client.Deposits(ctx, d.call, xs2a.ProductQuery{Locale: "ge", Size: 5})
		}, "TERM_DEPOSITS", "five deposits, in Georgian"},
		{"/personal-loans", func() (xs2a.ProductPage, error) {
			return d.client.PersonalLoans(ctx, d.call, xs2a.ProductQuery{Locale: "en"})
		}, "PERS_LOANS", "loans"},
	} {
		d.do("GET /banking/products/{locale}"+one.path, func() (string, error) {
			page, err := one.read()
			stray := slices.ContainsFunc(page.Products, func(p xs2a.Product) bool {
				return p.Name == "" || one.only != "" && p.Category != one.only
			})
			return plausible(err, len(page.Products) > 0 && !stray, one.word, page)
		})
	}
}

// payments sends one, has it authorised, and cancels it before its day.
func (d *drive) payments(product, iban, currency string) {
	ctx := d.Context()
	const path = "/{service}/{product}"
	body, err := json.Marshal(map[string]any{
		"debtorAccount":    map[string]string{"iban": iban},
		"instructedAmount": map[string]string{"currency": currency, "amount": "12.50"},
		"creditorAccount":  map[string]string{"iban": "DE89370400440532013000"}, "creditorName": "Ausgedachte GmbH",
		"requestedExecutionDate": d.clock.Now().AddDate(0, 0, 7).Format(time.DateOnly),
	})
	d.must(err)
	var id string
	var answer xs2a.SCAAnswer
	d.do("POST "+path, func() (word string, err error) {
		id, answer, err = d.client.InitiatePayment(ctx, d.call, xs2a.SinglePayment, product, xs2a.JSON(body), d.back())
		return string(answer.Transaction), err
	})
	payment := xs2a.PaymentResource(xs2a.SinglePayment, product, id)
	d.approved(payment, path+"/{id}/authorisations", xs2a.NextStep(answer))
	d.do("GET "+path+"/{id}/status", func() (string, error) {
		p, err := d.client.PaymentStatus(ctx, d.call, payment)
		return plausible(err, p.Status == "ACTC", string(p.Status), p)
	})
	d.do("GET "+path+"/{id}", func() (string, error) {
		p, err := d.client.Payment(ctx, d.call, payment)
		return plausible(err, p.Status == "ACTC" && strings.Contains(string(p.Raw), "Ausgedachte"), "the same payment, "+string(p.Status), p)
	})
	d.do("DELETE "+path+"/{id}", func() (word string, err error) {
		answer, err = d.client.CancelPayment(ctx, d.call, payment)
		return plausible(err, xs2a.NextStep(answer).Step == xs2a.StepStart, "to be authorised", answer)
	})
	d.approved(payment.Cancellation(), path+"/{id}/cancellation-authorisations", xs2a.NextStep(answer))
	if p, err := d.client.PaymentStatus(ctx, d.call, payment); err != nil || p.Status != xs2a.PaymentCancelled {
		d.Errorf("after the cancellation the payment is %q, %v", p.Status, err)
	}
}

// forms sends the other forms of payments of Open Payments, for the definition to
// be held against.
func (d *drive) forms(iban string) {
	d.Helper()
	soon := d.clock.Now().AddDate(0, 0, 7).Format(time.DateOnly)
	type object = map[string]any
	debtor, amount := object{"iban": iban}, object{"currency": "SEK", "amount": "12.50"}
	one := object{"instructedAmount": amount, "creditorAccount": object{"iban": "SE4550000000058398257466"}, "creditorName": "Påhittat AB"}
	for _, form := range []struct {
		service xs2a.PaymentService
		product string
		body    object
	}{
		{xs2a.SinglePayment, "swedish-giro", object{"debtorAccount": debtor, "instructedAmount": amount, "creditorName": "Påhittat AB", "creditorGiro": object{"giroNumber": "5050-1055", "giroType": "BANKGIRO"}, "ocrRef": "12345674", "requestedExecutionDate": soon}},
		{xs2a.PeriodicPayment, "domestic", object{"debtorAccount": debtor, "instructedAmount": amount, "creditorAccount": one["creditorAccount"], "creditorName": "Påhittat AB", "startDate": soon, "frequency": "Monthly"}},
		{xs2a.BulkPayment, "domestic", object{"debtorAccount": debtor, "payments": []object{one, one}, "requestedExecutionDate": soon}},
	} {
		body, err := json.Marshal(form.body)
		d.must(err)
		id, _, err := d.client.InitiatePayment(d.Context(), d.call, form.service, form.product, xs2a.JSON(body), d.back())
		d.must(err)
		_, err = d.client.Payment(d.Context(), d.call, xs2a.PaymentResource(form.service, form.product, id))
		d.must(err)
	}
}

// approved has a payment or its cancellation authorised.
func (d *drive) approved(of xs2a.Resource, path string, next xs2a.Next) {
	d.Helper()
	if !next.Start { // the bank began an authorisation itself; another may be started
		next = xs2a.Next{Step: xs2a.StepStart, Start: true}
	}
	id := d.authorise(of, path, next)
	d.do("GET "+path+"/{id}", func() (string, error) {
		sca, err := d.client.SCAStatus(d.Context(), d.call, of, id)
		return plausible(err, sca.SCAStatus == xs2a.SCAFinalised, string(sca.SCAStatus), sca)
	})
}
