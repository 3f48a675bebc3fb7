package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"consentry/xs2a/sandbox/people"
)

// references lists the accounts that a consent is told to have for a purpose.
func references(consent result, purpose string) string {
	list := ""
	for _, ref := range consent.list("access." + purpose) {
		list += fmt.Sprint(ref["iban"], ref["maskedPan"], " ")
	}
	return list
}

// TestPersonGrantsLess: what was left out at the control is told as left out, and
// cannot be read.
func TestPersonGrantsLess(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newBerlin(t, server.URL, "rheintor")
	asks := func() string {
		access := map[string]any{"accounts": []any{}, "balances": []any{}, "transactions": []any{}}
		return p.call("POST", "/consents", consentBody(access), nil).want(http.StatusCreated).text("consentId")
	}
	authorise := func(id string, grants any) result {
		return p.control("POST", "consents/"+id+"/authorise", map[string]any{"psu": "lukas", "grants": grants})
	}
	give := func(account int, balances, transactions bool) map[string]any {
		return map[string]any{"account": account, "balances": balances, "transactions": transactions}
	}
	id := asks()
	for name, wrong := range map[string]any{
		"nothing": []any{}, "no such account": []any{give(9, true, true)}, "below nought": []any{give(-1, true, true)},
		"twice": []any{give(0, true, true), give(0, true, false)}, "an unknown word": []any{map[string]any{"cards": true}},
	} {
		if res := authorise(id, wrong); res.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, res.status, res.raw)
		}
	}
	// The second account without its transactions, the first without its balances.
	authorise(id, []any{give(1, true, false), give(0, false, true)}).want(http.StatusOK)
	told, with := p.call("GET", "/consents/"+id, nil, nil).want(http.StatusOK), map[string]string{"Consent-ID": id}
	accounts := p.call("GET", "/accounts?withBalance=true", nil, with).want(http.StatusOK).list("accounts")
	if len(accounts) != 2 {
		t.Fatalf("accounts %v", accounts)
	}
	first, second := fmt.Sprint(accounts[0]["iban"], "<nil> "), fmt.Sprint(accounts[1]["iban"], "<nil> ")
	if references(told, "accounts") != first+second || references(told, "balances") != second || references(told, "transactions") != first {
		t.Errorf("the bank tells %s", told.raw)
	}
	if accounts[0]["balances"] != nil || accounts[1]["balances"] == nil {
		t.Errorf("balances came along with %v", accounts)
	}
	read := func(i int, what string) result {
		return p.call("GET", fmt.Sprint("/accounts/", accounts[i]["resourceId"], what), nil, with)
	}
	const entries = "/transactions?bookingStatus=booked&dateFrom=2026-11-01"
	read(0, entries).want(http.StatusOK)
	read(1, "/balances").want(http.StatusOK)
	for _, res := range []result{read(0, "/balances"), read(1, entries)} {
		if res.status != http.StatusUnauthorized || res.code() != "CONSENT_INVALID" {
			t.Errorf("what was left out: %d %s", res.status, res.raw)
		}
	}

	// Nothing of a kind is granted: its list is absent, since an empty one would
	// mean all accounts.
	id = asks()
	authorise(id, []any{give(0, false, false)}).want(http.StatusOK)
	told = p.call("GET", "/consents/"+id, nil, nil).want(http.StatusOK)
	if told.get("access.balances") != nil || told.get("access.transactions") != nil || references(told, "accounts") != first {
		t.Errorf("the bank tells %s", told.raw)
	}

	// Where two sign, the first says what is shared; nobody gives what was not asked.
	q := newBerlin(t, server.URL, "zwillingsbach")
	made := q.call("POST", "/consents", consentBody(map[string]any{"balances": []any{}}), nil).want(http.StatusCreated).text("consentId")
	two := func(psu string, grants any) result {
		return q.control("POST", "consents/"+made+"/authorise", map[string]any{"psu": psu, "grants": grants})
	}
	two("lukas", []any{give(0, true, true)}).want(http.StatusBadRequest)
	two("lukas", []any{give(0, true, false)}).want(http.StatusOK)
	two("nino", []any{give(1, true, false)}).want(http.StatusConflict)
	two("nino", nil).want(http.StatusOK)
	if got := q.call("GET", "/consents/"+made, nil, nil); got.text("consentStatus") != consentValid || len(got.list("access.balances")) != 1 {
		t.Errorf("%s", got.raw)
	}
}

// TestPersonGrantsOfNamedAccountsLess: the same where the TPP named the accounts, at
// each of the other platforms in its own words.
func TestPersonGrantsOfNamedAccountsLess(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	all := p.read(p.link("astrid", consentBody(chosenAtBank())), accountPath).list("accounts")
	refs := []any{map[string]any{"iban": all[0]["iban"]}, map[string]any{"iban": all[1]["iban"]}}
	id := p.call("POST", consentPath, consentBody(map[string]any{"accounts": refs, "balances": refs, "transactions": refs}), nil).text("consentId")
	control := &berlin{t: t, tpp: p}
	control.control("POST", "consents/"+id+"/authorise", map[string]any{"psu": "astrid", "grants": []any{map[string]any{"account": 1, "transactions": true}}}).want(http.StatusOK)
	told := p.call("GET", consentPath+"/"+id, nil, nil).want(http.StatusOK)
	if only := fmt.Sprint(all[1]["iban"], "<nil> "); references(told, "accounts") != only || told.get("access.balances") != nil || references(told, "transactions") != only {
		t.Errorf("the bank tells %s", told.raw)
	}
	a := asked{consent: id}
	accounts := p.read(a, accountPath).want(http.StatusOK).list("accounts")
	if len(accounts) != 1 || accounts[0]["iban"] != all[1]["iban"] {
		t.Fatalf("accounts %v", accounts)
	}
	if res := p.read(a, fmt.Sprint(accountPath, "/", accounts[0]["resourceId"], "/balances")); res.status != http.StatusUnauthorized || res.code() != "CONSENT_INVALID" {
		t.Errorf("balances: %d %s", res.status, res.raw)
	}
}

// TestBankRefusesOneAccountsBalances: the consent is valid and gives them, and the
// bank says CONSENT_INVALID to that one read all the same.
func TestBankRefusesOneAccountsBalances(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	id := with["Consent-ID"]
	bend := func(refuses any) result {
		return p.control("POST", "consents/"+id, map[string]any{"refuses": refuses})
	}
	accounts := p.call("GET", "/accounts", nil, with).want(http.StatusOK).list("accounts")
	before := p.call("GET", "/consents/"+id, nil, nil).want(http.StatusOK)
	bend([]any{map[string]any{"account": 1, "balances": true}}).want(http.StatusOK)
	for i, acc := range accounts {
		path := fmt.Sprint("/accounts/", acc["resourceId"])
		want, code := http.StatusOK, ""
		if i == 1 {
			want, code = http.StatusUnauthorized, "CONSENT_INVALID"
		}
		if res := p.call("GET", path+"/balances", nil, with); res.status != want || res.code() != code {
			t.Errorf("balances of account %d: %d %s", i, res.status, res.raw)
		}
		p.call("GET", path+"/transactions?bookingStatus=booked&dateFrom=2026-11-01", nil, with).want(http.StatusOK)
		if links, _ := acc["_links"].(map[string]any); links["balances"] == nil {
			t.Errorf("account %d has no link to balances that were granted", i)
		}
	}
	after := p.call("GET", "/consents/"+id, nil, nil).want(http.StatusOK)
	if string(after.raw) != string(before.raw) || after.text("consentStatus") != consentValid {
		t.Errorf("the bank tells %s, and told %s", after.raw, before.raw)
	}
	for name, wrong := range map[string]any{"no such account": []any{map[string]any{"account": 9, "balances": true}}, "no list": "all"} {
		if res := bend(wrong); res.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, res.status, res.raw)
		}
	}
	bend([]any{}).want(http.StatusOK)
	p.call("GET", fmt.Sprint("/accounts/", accounts[1]["resourceId"], "/balances"), nil, with).want(http.StatusOK)
}

// TestPersonLeavesPartsOutAtTheBank: on the pages of a bank that lets people.
func TestPersonLeavesPartsOutAtTheBank(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "KRNCDEB0")
	person := people.Find("lukas")
	whole := len(p.read(p.link("lukas", consentBody(chosenAtBank())), accountPath).list("accounts"))

	a := p.ask(consentBody(chosenAtBank()), nil)
	b := newBrowser(t)
	b.logIn(a.link, person)
	checkMarkup(t, "accounts", b.page)
	first, second := resourceID(a.consent, 0), resourceID(a.consent, 1)
	b.submit("next", url.Values{"accounts": {first, second}, "balances": {first}, "transactions": {second, resourceID(a.consent, 2)}})
	if got := b.text(); !strings.Contains(got, "without its transactions") || !strings.Contains(got, "without its balances") {
		t.Errorf("before the approval the bank shows %s", got)
	}
	b.submit("approve", url.Values{"code": {person.Code}})
	p.exchange(a, b.at, nil, nil).want(http.StatusOK)
	accounts := p.read(a, accountPath).want(http.StatusOK).list("accounts")
	told := p.call("GET", consentPath+"/"+a.consent, nil, nil).want(http.StatusOK)
	if whole < 2 || len(accounts) != 2 || references(told, "balances") != fmt.Sprint(accounts[0]["iban"], "<nil> ") || references(told, "transactions") != fmt.Sprint(accounts[1]["iban"], "<nil> ") {
		t.Errorf("%d accounts of %d; the bank tells %s", len(accounts), whole, told.raw)
	}
	if res := p.read(a, accountPath+"/"+second+"/balances"); res.code() != "CONSENT_INVALID" {
		t.Errorf("balances that were left out: %d %s", res.status, res.raw)
	}
	p.read(a, accountPath+"/"+first+"/balances").want(http.StatusOK)

	// Other banks have no such boxes, and take no notice of who makes them up.
	plain := newTPP(t, server.URL, "NRSKSEP0")
	a = plain.ask(consentBody(chosenAtBank()), nil)
	b.logIn(a.link, person)
	if strings.Contains(b.text(), "with its") {
		t.Errorf("a plain bank shows %s", b.text())
	}
	b.submit("next", url.Values{"accounts": {resourceID(a.consent, 0)}, "balances": {}})
	b.submit("approve", url.Values{"code": {person.Code}})
	plain.exchange(a, b.at, nil, nil).want(http.StatusOK)
	plain.read(a, accountPath+"/"+resourceID(a.consent, 0)+"/balances").want(http.StatusOK)
}
