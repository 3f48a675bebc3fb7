package frontend

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// practiceBanks are two practice banks of different dialects, as the list shows them.
func practiceBanks() banksView {
	return banksView{
		Environments: []storage.Environment{{
			ID: "sandbox", Name: "Practice banks", Sandbox: true, Profile: xs2a.Profile{Dialect: xs2a.OpenPayments.Name},
			Banks: []storage.Bank{{ID: "einhafen", Note: "embedded: password, one method", Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name}}},
		}},
		Found: bank.Found{Here: []bank.Match{
			{ASPSP: storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "HAMNSEG0"}, EnvironmentID: "sandbox", EnvironmentName: "Practice banks", Sandbox: true, Dialect: xs2a.OpenPayments.Name}},
			{ASPSP: storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "einhafen"}, EnvironmentID: "sandbox", EnvironmentName: "Practice banks", Sandbox: true, Dialect: xs2a.BerlinGroup.Name, Note: "embedded: password, one method"}},
		}},
	}
}

// A card says how its bank is reached where those listed differ in it, and what
// is to be practised there in place of the BIC.
func TestBankCards(t *testing.T) {
	view := practiceBanks()
	op, bg := view.Found.Here[0].ASPSP, view.Found.Here[1].ASPSP
	for _, c := range []struct{ what, got, want string }{
		{"a bank of the directory", bankNote(t.Context(), op) + ", " + view.reachedBy(t.Context(), op), "HAMNSEG0, " + xs2a.OpenPayments.Title},
		{"a practice bank", bankNote(t.Context(), bg) + ", " + view.reachedBy(t.Context(), bg), "Embedded: password, one method, " + xs2a.BerlinGroup.Title},
	} {
		if c.got != c.want {
			t.Errorf("%s says %q, want %q", c.what, c.got, c.want)
		}
	}
	if got, want := view.practised(), []practice{{"embedded", "embedded"}}; !slices.Equal(got, want) {
		t.Errorf("to practise: %q, want %q", got, want)
	}

	alone := view
	alone.Found.Here = view.Found.Here[1:]
	if got := alone.reachedBy(t.Context(), bg); got != "" {
		t.Errorf("where all are reached alike, a card says %q", got)
	}

	beside := view
	beside.Environments = append(slices.Clone(view.Environments), storage.Environment{ID: "live", Name: "My bank"})
	if got := beside.reachedBy(t.Context(), bg); !strings.HasPrefix(got, "Practice") {
		t.Errorf("beside real banks a practice bank says %q", got)
	}
	if got := beside.reachedBy(t.Context(), storage.ASPSP{EnvironmentID: "live", EnvironmentName: "My bank"}); got != "My bank" {
		t.Errorf("a real bank says %q", got)
	}
}

// Without an environment there is no list to wait for.
func TestNoEnvironment(t *testing.T) {
	html := string(render(t, t.Context(), banksScreen(banksView{})))
	if !strings.Contains(html, `href="/environments/new"`) || strings.Contains(html, "on its way") {
		t.Error("with nothing to reach banks by, the screen does not lead to a new environment")
	}
}

// TestLastCountry looks for banks as several visits do: the country that was chosen last is there
// again, is no wall, and is left by choosing all.
func TestLastCountry(t *testing.T) {
	d, own := newDesk(t), issue(t, "Own")
	const banks = "norr; Norrsken Bank; SE; Kiruna\nfjord; Fjordbanken; NO; Bergen\nkruemel; Krümel Bank; DE; Hamburg"
	if answer := d.post("/environments", berlin(map[string]string{"certificate": own.key + own.certificate, "banks": banks}), "", nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d", answer.Code)
	}
	if err := d.app.Banks().Refresh(t.Context(), d.only().ID); err != nil { // which is done in the background otherwise
		t.Fatal(err)
	}
	for _, step := range []struct {
		what, address string
		says          []string
		not           []string
	}{
		{"nothing was chosen", "/banks", []string{"Norrsken Bank", "Kiruna · Sweden", "Fjordbanken", "Krümel Bank"}, nil},
		{"a country", "/banks?country=NO", []string{"Fjordbanken"}, []string{"Norrsken Bank"}},
		{"the next visit", "/banks", []string{"Fjordbanken", `value="NO"`}, []string{"Norrsken Bank"}},
		{"a search goes beyond it", "/banks?q=norr", []string{"1 bank for “norr”", "None in Norway", "Elsewhere", "Norrsken Bank"}, []string{"Fjordbanken"}},
		{"and forgives", "/banks?q=krumle", []string{"No bank is called “krumle”. Did you mean this one?", "Krümel Bank"}, []string{"Norrsken Bank"}},
		{"a country there is not", "/banks?country=XX", []string{"No bank is listed here.", "Show all banks"}, nil},
		{"is not kept", "/banks", []string{"Fjordbanken"}, []string{"Norrsken Bank"}},
		{"all", "/banks?country=all", []string{"Norrsken Bank", "Fjordbanken"}, nil},
		{"are kept, too", "/banks", []string{"Norrsken Bank", "Fjordbanken"}, nil},
	} {
		html := d.get(step.address)
		for _, words := range step.says {
			if !strings.Contains(html, words) {
				t.Errorf("%s: %s does not say %q", step.what, step.address, words)
			}
		}
		for _, words := range step.not {
			if strings.Contains(html, words) {
				t.Errorf("%s: %s says %q", step.what, step.address, words)
			}
		}
	}
}

// Of banks that share a BIC the person names theirs; none is linked unnamed.
func TestAffiliatedBankIsNamedFirst(t *testing.T) {
	html := string(render(t, t.Context(), bankScreen(bankView{Bank: exampleBank()})))
	if strings.Contains(html, `/share"`) {
		t.Error("the page offers to link without saying which bank")
	}
}

func TestTransactionNote(t *testing.T) {
	for _, c := range []struct{ creditor, remittance, additional, want string }{
		{"Bistro Sjöboden", "Kortköp 2026-11-18 Bistro Sjöboden", "", "Kortköp 2026\u201111\u201118"},
		{"Bistro Sjöboden", "Bistro Sjöboden", "Card", "Card"},
		{"Bistro", "Sjöbistro", "", "Sjöbistro"},
		{"", "Faktura 261175", "", ""},
	} {
		transaction := storage.Transaction{Transaction: xs2a.Transaction{Amount: xs2a.Amount{Number: "-1"}, CreditorName: c.creditor, Remittance: c.remittance, Additional: c.additional}}
		if got := transactionNote(transaction); got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.remittance, c.creditor, got, c.want)
		}
	}
}

// The link to approve on this device leads where a bank's words lead, if a
// page may lead there at all.
func TestDecoupledLink(t *testing.T) {
	for message, want := range map[string]string{
		"Approve at https://bank.example/app?a=1.":        "https://bank.example/app?a=1",
		"For practice: “http://127.0.0.1:8080/phone/1”":   "http://127.0.0.1:8080/phone/1",
		"See http://bank.example/app":                     "",
		"javascript://x/%0aalert(1) file:///etc/passwd":   "",
		"https://user:secret@bank.example/ and no other.": "",
		"Open the app.": "",
	} {
		here := xs2a.Reach{Profile: xs2a.Profile{APIURL: "http://127.0.0.1:8080"}}.Hosts("")
		view := linkingView{Flow: app.Flow{Flow: sca.Flow{Authorisation: storage.Authorisation{Message: message}, Hosts: here}}}
		if got := view.decoupledLink(); got != want {
			t.Errorf("%q leads to %q, want %q", message, got, want)
		}
	}
	far := xs2a.Reach{Profile: xs2a.Profile{APIURL: "https://bank.example"}}.Hosts("")
	for message, want := range map[string]string{
		"See http://127.0.0.1:631/admin":        "",
		"See https://localhost/ or nothing":     "",
		"See https://192.168.1.1/reboot":        "",
		"See https://go.bank.example/a?token=x": "Open it on this device (go.bank.example)",
	} {
		view := linkingView{Flow: app.Flow{Flow: sca.Flow{Authorisation: storage.Authorisation{Message: message}, Hosts: far}}}
		if got := view.decoupledLink(); (got == "") != (want == "") || want != "" && view.decoupledLabel(t.Context()) != want {
			t.Errorf("%q leads to %q, as %q", message, got, view.decoupledLabel(t.Context()))
		}
	}
}
