package xs2a_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/xs2a"
	"consentry/xs2a/sandbox"
)

// meeting is a client at a practice bank, and the bank's control.
type meeting struct {
	*testing.T
	client *xs2a.Client
	call   xs2a.Call
	info   sandbox.Info
	wire   *statuses
}

// statuses notes what came back last.
type statuses struct{ last int }

func (s *statuses) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		s.last = res.StatusCode
	}
	return res, err
}

// meet goes to a practice bank of the Berlin Group's dialect, on one Friday.
func meet(t *testing.T, bank string) *meeting {
	t.Helper()
	at := time.Date(2026, time.November, 20, 10, 0, 0, 0, time.UTC)
	server, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	m := &meeting{T: t, info: server.Info(), wire: &statuses{}}
	prefix := m.info.Prefixes["berlingroup"]
	m.client, err = xs2a.New(xs2a.Reach{
		Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: m.info.Addresses["berlingroup"]["api"], Prefix: xs2a.Prefixes{Consents: prefix, Accounts: prefix, Payments: prefix}},
	}, m.wire)
	m.must(err)
	m.call = xs2a.Call{BIC: bank, PSU: &xs2a.PSU{IPAddress: "127.0.0.1"}, PSUID: "lukas"}
	return m
}

func (m *meeting) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// controls plays the bank's part.
func (m *meeting) controls(path, body string) {
	m.Helper()
	res, err := http.Post(m.info.Control+"/"+path, "application/json", strings.NewReader(body))
	m.must(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		m.Fatalf("%s: %s", path, res.Status)
	}
}

// asks asks for a consent to everything.
func (m *meeting) asks() (id string, answer xs2a.SCAAnswer, err error) {
	all := &[]xs2a.AccountReference{}
	return m.client.CreateConsent(m.Context(), m.call, xs2a.ConsentRequest{
		Access: xs2a.Access{Accounts: all, Balances: all, Transactions: all}, Recurring: true, ValidUntil: "2027-01-31", FrequencyPerDay: 4,
	}, xs2a.Return{URI: callback})
}

// links has a consent approved, and returns its first account.
func (m *meeting) links() xs2a.Account {
	m.Helper()
	id, _, err := m.asks()
	m.must(err)
	m.controls("consents/"+id+"/authorise", `{"psu": "lukas"}`)
	m.call.ConsentID, m.call.PSUID = id, ""
	accounts, err := m.client.Accounts(m.Context(), m.call, false)
	m.must(err)
	return accounts[0]
}

func (m *meeting) entries(account xs2a.Account, from string) (xs2a.TransactionPage, error) {
	return m.client.Transactions(m.Context(), m.call, account.ResourceID, xs2a.TransactionQuery{Status: xs2a.Both, DateFrom: from})
}

// refusedWith holds that an error is the bank's, with a code.
func (m *meeting) refusedWith(err error, status int, code string) {
	m.Helper()
	var refused *xs2a.Error
	if !errors.As(err, &refused) || refused.Status != status || refused.Code != code {
		m.Errorf("got %v, want %d %s", err, status, code)
	}
}

// TestStartWithTheCode: a bank that knows the person by their login wants the code
// with the start, and says before what it is the code of.
func TestStartWithTheCode(t *testing.T) {
	m := meet(t, "ziffernfels")
	id, answer, err := m.asks()
	m.must(err)
	next := xs2a.NextStep(answer)
	if next.Step != xs2a.StepCode || !next.Start || answer.Chosen == nil || answer.Challenge.CodeLength != 6 {
		t.Fatalf("first comes %+v with %+v", next, answer)
	}
	consent := xs2a.ConsentResource(id)
	_, err = m.client.Continue(t.Context(), m.call, consent, "", next, xs2a.PSUData{Code: "000000"}, xs2a.Return{})
	m.refusedWith(err, http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID")
	done, err := m.client.Continue(t.Context(), m.call, consent, "", next, xs2a.PSUData{Code: m.info.PSUs[3].Code}, xs2a.Return{})
	if err != nil || done.SCAStatus != xs2a.SCAFinalised || done.AuthorisationID == "" {
		t.Errorf("with the code: %+v, %v", done, err)
	}
}

// TestRefusedCertificates: some banks take no request with our certificate, and
// one takes none to pay.
func TestRefusedCertificates(t *testing.T) {
	for bank, code := range map[string]string{"sperrwerk": "CERTIFICATE_BLOCKED", "widerruf": "CERTIFICATE_REVOKE"} {
		m := meet(t, bank)
		_, _, err := m.asks()
		m.refusedWith(err, http.StatusUnauthorized, code)
		if at := slices.IndexFunc(m.info.Banks, func(b sandbox.BankInfo) bool { return b.ID == bank }); m.info.Banks[at].Refuses != code {
			t.Errorf("%s is said to refuse %q", bank, m.info.Banks[at].Refuses)
		}
	}
	m := meet(t, "rollenwacht")
	order := json.RawMessage(`{"debtorAccount":{"iban":"` + m.links().IBAN + `"},"instructedAmount":{"currency":"EUR","amount":"1.00"},
		"creditorAccount":{"iban":"DE89370400440532013000"},"creditorName":"Ausgedachte GmbH"}`)
	_, _, err := m.client.InitiatePayment(t.Context(), m.call, xs2a.SinglePayment, "sepa-credit-transfers", xs2a.JSON(order), xs2a.Return{URI: callback})
	m.refusedWith(err, http.StatusUnauthorized, "ROLE_INVALID")
}

// TestPagesUntilOneIsEmpty: each page leads to another by offset and limit, the
// last of them to nothing.
func TestPagesUntilOneIsEmpty(t *testing.T) {
	m := meet(t, "blaetterwald")
	account := m.links()
	page, err := m.entries(account, "2024-11-20")
	m.must(err)
	seen, pages := map[string]bool{}, 1
	for ; page.Next != "" && pages < 50; pages++ {
		if !strings.Contains(page.Next, "offset=") || !strings.Contains(page.Next, "limit=") {
			t.Errorf("the next page is at %q", page.Next)
		}
		for _, entry := range page.Booked {
			if seen[entry.ID] {
				t.Errorf("%s is on two pages", entry.ID)
			}
			seen[entry.ID] = true
		}
		page, err = m.client.NextTransactions(t.Context(), m.call, page.Next)
		m.must(err)
	}
	if len(page.Booked) != 0 || page.Next != "" || pages < 4 || len(seen) < 200 {
		t.Errorf("%d entries on %d pages, the last with %d", len(seen), pages, len(page.Booked))
	}
}

// TestNewIDsOnceBooked: what was pending is booked under another id.
func TestNewIDsOnceBooked(t *testing.T) {
	m := meet(t, "blaetterwald")
	account := m.links()
	before, err := m.entries(account, "2026-11-01")
	m.must(err)
	if len(before.Pending) == 0 {
		t.Fatal("nothing is pending on that day")
	}
	m.controls("clock", `{"advance": "168h"}`)
	after, err := m.entries(account, "2026-11-01")
	m.must(err)
	for _, pending := range before.Pending {
		same := func(t xs2a.Transaction) bool {
			return t.Amount == pending.Amount && t.CreditorName == pending.CreditorName && t.Remittance == pending.Remittance
		}
		at := slices.IndexFunc(after.Booked, same)
		if at < 0 || after.Booked[at].ID == pending.ID || pending.ID == "" || slices.ContainsFunc(before.Booked, same) {
			t.Errorf("%+v is not booked under another id", pending)
		}
	}
}

// TestOldestDayIsRefused: a bank that serves ninety days counts today among them,
// once the authorisation is not fresh any more.
func TestOldestDayIsRefused(t *testing.T) {
	m := meet(t, "kurzblick")
	account := m.links()
	m.controls("clock", `{"advance": "2h"}`)
	day := func(back int) string {
		return time.Date(2026, time.November, 20-back, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	_, err := m.entries(account, day(90))
	m.refusedWith(err, http.StatusBadRequest, "PERIOD_INVALID")
	_, err = m.entries(account, day(89))
	m.must(err)
}

// TestOneTypeInTwoCurrencies keeps both balances of a type apart.
func TestOneTypeInTwoCurrencies(t *testing.T) {
	m := meet(t, "zahlenwirr")
	balances, err := m.client.Balances(t.Context(), m.call, m.links().ResourceID)
	m.must(err)
	by := map[string][]string{}
	for _, b := range balances {
		by[b.Type] = append(by[b.Type], b.Amount.Currency)
	}
	for kind, currencies := range by {
		if !slices.Equal(currencies, []string{"EUR", "USD"}) {
			t.Errorf("%s comes in %v", kind, currencies)
		}
	}
	if len(by) == 0 {
		t.Error("no balance")
	}
}

// TestWithdrawalIsAccepted: 202 ends a consent as well as 204 does.
func TestWithdrawalIsAccepted(t *testing.T) {
	m := meet(t, "umleiter")
	m.links()
	_, err := m.client.DeleteConsent(t.Context(), m.call, m.call.ConsentID)
	m.must(err)
	if m.wire.last != http.StatusAccepted {
		t.Errorf("the bank answered %d", m.wire.last)
	}
	if status, err := m.client.ConsentStatus(t.Context(), m.call, m.call.ConsentID); err != nil || status != xs2a.ConsentTerminatedByTPP {
		t.Errorf("the consent is %q, %v", status, err)
	}
}
