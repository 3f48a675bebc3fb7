package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAccountRefusals(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	a := p.link("nino", consentBody(chosenAtBank()))
	waiting := p.ask(consentBody(chosenAtBank()), nil)
	id := p.read(a, accountPath).list("accounts")[0]["resourceId"].(string)
	list := accountPath + "/" + id + "/transactions"
	all := "?bookingStatus=booked&dateFrom=2024-11-20"

	for _, test := range []struct {
		name, path string
		change     map[string]string
		status     int
		code       string
	}{
		{"no consent", accountPath, map[string]string{"Consent-ID": ""}, 400, "FORMAT_ERROR"},
		{"unknown consent", accountPath, map[string]string{"Consent-ID": newID()}, 403, "CONSENT_UNKNOWN"},
		{"consent of another bank", accountPath, map[string]string{"X-BicFi": "HAMNSEG0"}, 403, "CONSENT_UNKNOWN"},
		{"consent that waits", accountPath, map[string]string{"Consent-ID": waiting.consent}, 401, "CONSENT_INVALID"},
		{"directory token", accountPath, map[string]string{"Authorization": "Bearer " + p.token("aspspinformation")}, 401, "TOKEN_INVALID"},
		{"PSU address is none", accountPath, map[string]string{"PSU-IP-Address": "somewhere"}, 400, "FORMAT_ERROR"},
		{"withBalance", accountPath + "?withBalance=yes", nil, 400, "FORMAT_ERROR"},
		{"unknown account", accountPath + "/" + newID(), nil, 404, "RESOURCE_UNKNOWN"},
		{"balances of an unknown account", accountPath + "/x/balances", nil, 404, "RESOURCE_UNKNOWN"},
		{"no bookingStatus", list + "?dateFrom=2026-10-01", nil, 400, "FORMAT_ERROR"},
		{"unknown bookingStatus", list + "?bookingStatus=all&dateFrom=2026-10-01", nil, 400, "FORMAT_ERROR"},
		{"no dateFrom", list + "?bookingStatus=booked", nil, 400, "FORMAT_ERROR"},
		{"dateFrom is none", list + "?bookingStatus=booked&dateFrom=yesterday", nil, 400, "FORMAT_ERROR"},
		{"dateTo is none", list + "?bookingStatus=booked&dateFrom=2026-10-01&dateTo=2026-02-30", nil, 400, "FORMAT_ERROR"},
		{"dates the wrong way round", list + "?bookingStatus=booked&dateFrom=2026-10-02&dateTo=2026-10-01", nil, 400, "PERIOD_INVALID"},
		{"too far back", list + "?bookingStatus=booked&dateFrom=2024-11-19", nil, 400, "PERIOD_INVALID"},
		{"delta", list + all + "&deltaList=true", nil, 400, "PARAMETER_NOT_SUPPORTED"},
		{"invented page", list + all + "&page=1-2-3", nil, 400, "FORMAT_ERROR"},
		{"unknown entry", list + "/x", nil, 403, "RESOURCE_UNKNOWN"},
	} {
		change := map[string]string{"Consent-ID": a.consent}
		for name, value := range test.change {
			change[name] = value
		}
		res := p.call("GET", test.path, nil, change)
		if res.status != test.status || res.code() != test.code {
			t.Errorf("%s: %d %s, want %d %s (%s)", test.name, res.status, res.code(), test.status, test.code, res.raw)
		}
	}

	first := p.read(a, list+all).want(http.StatusOK)
	next := first.text("transactions._links.next.href")
	if strings.HasPrefix(next, "/") || next == "" {
		t.Fatalf("next %q", next)
	}
	if res := p.read(a, strings.Replace(next, "bookingStatus=booked", "bookingStatus=both", 1)); res.code() != "FORMAT_ERROR" {
		t.Errorf("a page of another list: %d", res.status)
	}
	entry := first.list("transactions.booked")[3]
	single := p.read(a, list+"/"+entry["transactionId"].(string)).want(http.StatusOK)
	if fmt.Sprint(single.body) != fmt.Sprint(any(entry)) {
		t.Errorf("%s\n%v", single.raw, entry)
	}

	clock.pass(100 * 24 * time.Hour)
	p.bearer = p.token("accountinformation")
	if res := p.read(a, accountPath); res.status != 401 || res.code() != "CONSENT_EXPIRED" {
		t.Errorf("after validUntil: %d %s", res.status, res.code())
	}
}

func TestReadsAreCounted(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "HAMNSEG0")
	a := p.link("johan", consentBody(chosenAtBank()))
	accounts := p.read(a, accountPath).list("accounts")
	path := accountPath + "/" + accounts[0]["resourceId"].(string) + "/transactions?bookingStatus=booked&dateFrom=2025-01-01"
	alone := map[string]string{"Consent-ID": a.consent, "PSU-IP-Address": ""}

	var next string
	for range 4 {
		next = p.call("GET", path, nil, alone).want(http.StatusOK).text("transactions._links.next.href")
		clock.pass(10 * time.Minute)
	}
	if !strings.HasPrefix(next, "/psd2/") {
		t.Errorf("next %q is not host-relative", next)
	}
	p.call("GET", next, nil, alone).want(http.StatusOK) // a page of a read that was counted
	fifth := p.call("GET", path, nil, alone)
	if fifth.status != http.StatusTooManyRequests || fifth.code() != "ACCESS_EXCEEDED" {
		t.Fatalf("fifth: %d %s", fifth.status, fifth.raw)
	}
	if got := fifth.header.Get("Retry-After"); got != fmt.Sprint(24*3600-40*60+1) {
		t.Errorf("Retry-After %s", got)
	}
	p.read(a, path).want(http.StatusOK)
	p.call("GET", strings.Replace(path, accounts[0]["resourceId"].(string), accounts[1]["resourceId"].(string), 1), nil, alone).want(http.StatusOK)
	p.call("GET", accountPath, nil, alone).want(http.StatusOK)
	clock.pass(24*time.Hour - 39*time.Minute)
	p.bearer = p.token("accountinformation")
	p.call("GET", path, nil, alone).want(http.StatusOK)
}

func TestBanksHaveHabits(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	ids := func(bic string) map[any]int {
		p := newTPP(t, server.URL, bic)
		a := p.link("aino", consentBody(chosenAtBank()))
		acc := p.read(a, accountPath).list("accounts")[0]
		found := map[any]int{}
		for _, e := range p.read(a, accountPath+"/"+acc["resourceId"].(string)+"/transactions?bookingStatus=booked&dateFrom=2026-10-01").list("transactions.booked") {
			found[e["transactionId"]]++
		}
		return found
	}
	if got := ids("SKGDSES0"); len(got) != 1 || got[nil] == 0 {
		t.Errorf("bank without ids: %v", got)
	}
	if got := ids("VDDANOT0"); len(got) != 1 || got["NOTPROVIDED"] == 0 {
		t.Errorf("bank with one id: %v", got)
	}
	if got := ids("NRSKSEP0"); len(got) < 20 {
		t.Errorf("bank with ids: %v", got)
	}
}

func TestOneOffConsent(t *testing.T) {
	clock := newClock()
	server := startSandbox(t, Config{Now: clock.now})
	p := newTPP(t, server.URL, "NRSKSEP0")
	recurring := p.link("mette", consentBody(chosenAtBank()))
	body := consentBody(map[string]any{"availableAccounts": "allAccountsWithBalances"})
	body["recurringIndicator"], body["frequencyPerDay"] = false, 1
	a := p.link("mette", body)
	acc := p.read(a, accountPath+"?withBalance=true").want(http.StatusOK).list("accounts")[0]
	if acc["balances"] == nil {
		t.Errorf("%v", acc)
	}
	if res := p.read(a, accountPath+"/"+acc["resourceId"].(string)+"/transactions?bookingStatus=booked&dateFrom=2026-10-01"); res.code() != "CONSENT_INVALID" {
		t.Errorf("transactions: %d %s", res.status, res.code())
	}
	if got := p.consentStatus(recurring); got != consentValid {
		t.Errorf("a consent for one access made the recurring one %s", got)
	}
	clock.pass(oneOffLife + time.Minute)
	p.bearer = p.token("accountinformation")
	if got := p.consentStatus(a); got != consentExpired {
		t.Errorf("afterwards it is %s", got)
	}
}
