package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"consentry/xs2a/sandbox/people"
)

// entriesOf are the entries of the person's account at the bank, as a TPP reads them that
// they let see it: booked ones, or pending ones.
func (p *berlin) entriesOf(iban, status string) []map[string]any {
	p.t.Helper()
	body := consentBody(chosenAtBank())
	body["validUntil"] = "2027-05-31"
	consent := p.call("POST", "/consents", body, nil).want(http.StatusCreated)
	newBrowser(p.t).approve(consent.follow("scaRedirect"), people.Find("lukas"))
	with := map[string]string{"Consent-ID": consent.text("consentId")}
	for _, acc := range p.call("GET", "/accounts", nil, with).want(http.StatusOK).list("accounts") {
		if acc["iban"] == iban {
			var all []map[string]any
			for next := fmt.Sprint("/accounts/", acc["resourceId"], "/transactions?bookingStatus=", status, "&dateFrom=2026-11-20"); next != ""; {
				page := p.call("GET", next, nil, with).want(http.StatusOK)
				all, next = append(all, page.list("transactions."+status)...), page.text("transactions._links.next.href")
			}
			return all
		}
	}
	p.t.Fatalf("no account %s", iban)
	return nil
}

// paidOn are the days on which the payee got something, the first first.
func (p *berlin) paidOn(iban string) []string {
	p.t.Helper()
	var days []string
	for _, e := range p.entriesOf(iban, "booked") {
		if e["creditorName"] == "Ausgedachte GmbH" {
			days = append(days, e["bookingDate"].(string))
		}
	}
	slices.Sort(days)
	return days
}

// TestStandingOrdersAreMadeOnEachDay follows them over months: the days are those of the
// order, moved to bank days by its rule.
func TestStandingOrdersAreMadeOnEachDay(t *testing.T) {
	for name, test := range map[string]struct {
		order map[string]any
		want  []string
	}{
		"the last of each month": {
			map[string]any{"startDate": "2026-12-01", "frequency": "Monthly", "dayOfExecution": "31", "executionRule": "preceding"},
			[]string{"2026-12-31", "2027-01-29", "2027-02-26", "2027-03-31", "2027-04-30"},
		},
		"the last of each month, or after it": {
			map[string]any{"startDate": "2026-12-01", "frequency": "Monthly", "dayOfExecution": "31", "executionRule": "following"},
			[]string{"2026-12-31", "2027-02-01", "2027-03-01", "2027-03-31", "2027-04-30"},
		},
		"the day it begins with, in shorter months too": {
			map[string]any{"startDate": "2026-11-30", "frequency": "EveryTwoMonths"},
			[]string{"2026-11-30", "2027-01-30", "2027-03-30"},
		},
		"a day that is over in the month it begins in": {
			map[string]any{"startDate": "2026-11-24", "frequency": "Monthly", "dayOfExecution": "5", "endDate": "2027-03-04"},
			[]string{"2026-12-05", "2027-01-05", "2027-02-05"},
		},
		"over Christmas": {
			map[string]any{"startDate": "2026-12-11", "frequency": "Weekly", "endDate": "2027-01-08", "executionRule": "preceding"},
			[]string{"2026-12-11", "2026-12-18", "2026-12-24", "2026-12-31", "2027-01-08"},
		},
		"every two weeks": {
			map[string]any{"startDate": "2026-11-28", "frequency": "EveryTwoWeeks", "endDate": "2027-01-09"},
			[]string{"2026-11-28", "2026-12-12", "2026-12-26", "2027-01-09"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			server := startSandbox(t, Config{Now: c.now})
			p := newBerlin(t, server.URL, "rheintor")
			p.router = berlinDefinition(t)
			from := ownIBAN(t, c, "RHTRDEB0", "lukas")
			order := paymentOrder(from, "5.00")
			maps.Copy(order, test.order)
			p.pays("/periodic-payments/sepa-credit-transfers", order, nil)
			c.pass(163 * 24 * time.Hour) // to 2 May 2027
			if got := p.paidOn(from); !slices.Equal(got, test.want) {
				t.Errorf("made on %v, want %v", got, test.want)
			}
		})
	}
}

// TestStandingOrderThatIsCancelled is made no more from then on; what was made before
// stays.
func TestStandingOrderThatIsCancelled(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	from := ownIBAN(t, c, "RHTRDEB0", "lukas")
	order := paymentOrder(from, "5.00")
	maps.Copy(order, map[string]any{"startDate": "2026-11-23", "frequency": "Daily"})
	made := p.pays("/periodic-payments/sepa-credit-transfers", order, nil)
	c.pass(4 * 24 * time.Hour) // Tuesday, after the bank has booked
	p.call("DELETE", made.follow("self"), nil, nil).want(http.StatusNoContent)
	c.pass(10 * 24 * time.Hour)
	if got := p.paidOn(from); !slices.Equal(got, []string{"2026-11-23", "2026-11-24"}) {
		t.Errorf("made on %v", got)
	}
}

func TestStandingOrdersThatAreRefused(t *testing.T) {
	c := newClock()
	server := startSandbox(t, Config{Now: c.now})
	p := newBerlin(t, server.URL, "rheintor")
	for field, value := range map[string]string{"executionRule": "nearest", "dayOfExecution": "32", "frequency": "Hourly", "startDate": "soon", "endDate": "2026-11-22"} {
		order := paymentOrder(ownIBAN(t, c, "RHTRDEB0", "lukas"), "5.00")
		maps.Copy(order, map[string]any{"startDate": "2026-11-23", "frequency": "Daily"})
		order[field] = value
		if res := p.call("POST", "/periodic-payments/sepa-credit-transfers", order, nil); res.status != 400 || res.code() != "FORMAT_ERROR" {
			t.Errorf("%s %s: %d %s", field, value, res.status, res.raw)
		}
	}
}
