package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app/fetch"
	"consentry/app/fresh"
	"consentry/storage"
	"consentry/xs2a"
)

// smallBank is a bank over real HTTP that does what a test says, and a program
// with a consent there. It begins with one account and nothing booked.
type smallBank struct {
	*world
	consent string // ours

	mu       sync.Mutex
	accounts []string // IBANs
	// each answers for what it is called after, where set
	transactions, balances, consents, cards http.HandlerFunc
	standing                                http.HandlerFunc // for one consent and its status
	asked                                   []string         // path below the service, query, and what was accepted
}

const (
	firstIBAN  = "SE4550000000058398257466"
	secondIBAN = "SE3550000000054910000003"
	thirdIBAN  = "SE7280000810340009783242"
)

// smallBankDay is when the tests with a small bank begin.
var smallBankDay = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newSmallBank(t *testing.T) *smallBank {
	t.Helper()
	b := &smallBank{accounts: []string{firstIBAN}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	t.Parallel()
	b.world = &world{T: t, clock: &testClock{}, wrong: new(atomic.Int64), network: &network{}}
	b.dir, b.key = fresh.Folder(t)
	b.clock.zone.Store(time.UTC)
	b.clock.forward(time.Until(smallBankDay))
	b.start(here)
	b.must(b.UseSandbox(t.Context(), storage.Environment{ID: "small", Name: "Small", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: server.URL, Context: "private"}, Banks: []storage.Bank{{ID: "small", Name: "Small Bank"}}}))
	b.consent = b.allow("c1", "")
	return b
}

// allow adds a valid consent; one that renews another ends it.
func (b *smallBank) allow(id, renews string) string {
	b.Helper()
	all := &[]xs2a.AccountReference{}
	asked := xs2a.ConsentRequest{Access: xs2a.Access{Accounts: all, Balances: all, Transactions: all}, Recurring: true, FrequencyPerDay: 4, ValidUntil: "2028-01-01"}
	store := b.store.At(b.clock.Now)
	b.must(store.AddConsent(b.Context(), storage.Consent{ID: id, EnvironmentID: "small", BIC: "small", BankName: "Small Bank", RequestID: id,
		Asked: asked, ValidUntil: asked.ValidUntil, FrequencyPerDay: 4, Recurring: true, Renews: renews}))
	b.must(store.SetBankConsent(b.Context(), id, "bank-"+id))
	b.must(store.SetConsentStatus(b.Context(), id, "", xs2a.ConsentValid))
	return id
}

// read fetches because the person asked, and waits for the end.
func (b *smallBank) read() fetch.Job {
	b.Helper()
	b.Reader().Fetch(b.consent, person)
	return b.fetched(b.consent)
}

// account returns the account of an IBAN.
func (b *smallBank) account(iban string) storage.Account {
	b.Helper()
	accounts, err := b.Holdings().Accounts(b.Context())
	b.must(err)
	for _, account := range accounts {
		if account.IBAN == iban {
			return account
		}
	}
	b.Fatalf("no account %s", iban)
	return storage.Account{}
}

// answer sets how the bank answers for transactions.
func (b *smallBank) answer(transactions http.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.transactions = transactions
}

// requests lists what the bank was asked since the last look.
func (b *smallBank) requests() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	asked := b.asked
	b.asked = nil
	return asked
}

func (b *smallBank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/v1")
	b.mu.Lock()
	b.asked = append(b.asked, strings.TrimSuffix(path+"?"+r.URL.RawQuery, "?")+" "+r.Header.Get("Accept"))
	transactions, balances, consents, cards, standing, accounts := b.transactions, b.balances, b.consents, b.cards, b.standing, b.accounts
	b.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case consents != nil && path == "/consents":
		consents(w, r)
	case standing != nil && strings.HasPrefix(path, "/consents/"):
		standing(w, r)
	case cards != nil && path == "/card-accounts":
		cards(w, r)
	case path == "/accounts":
		var list []string
		for i, iban := range accounts {
			list = append(list, fmt.Sprintf(`{"resourceId":"r%d","iban":%q,"currency":"SEK","name":"Account %d"}`, i+1, iban, i+1))
		}
		fmt.Fprintf(w, `{"accounts":[%s]}`, strings.Join(list, ","))
	case strings.HasSuffix(path, "/balances") && balances != nil:
		balances(w, r)
	case strings.HasSuffix(path, "/balances"):
		fmt.Fprint(w, `{"balances":[{"balanceType":"interimBooked","balanceAmount":{"amount":"100.00","currency":"SEK"}}]}`)
	case strings.Contains(path, "/transactions") && transactions != nil:
		transactions(w, r)
	case strings.Contains(path, "/transactions"):
		fmt.Fprint(w, `{"transactions":{"booked":[],"pending":[]}}`)
	default:
		refuse(w, http.StatusNotFound, "RESOURCE_UNKNOWN", "")
	}
}

// refuse answers with an error as the Berlin Group writes it.
func refuse(w http.ResponseWriter, status int, code, path string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"tppMessages":[{"category":"ERROR","code":%q,"path":%q}]}`, code, path)
}

// bookedOn is a transaction as the bank writes it.
func bookedOn(day, id, amount, text string) map[string]any {
	return map[string]any{"transactionId": id, "bookingDate": day, "valueDate": day,
		"transactionAmount": map[string]string{"amount": amount, "currency": "SEK"}, "remittanceInformationUnstructured": text}
}

// page writes a page of transactions; next is the number of the one that follows,
// negative for none.
func page(w http.ResponseWriter, r *http.Request, booked, pending []map[string]any, next int) {
	lists := map[string]any{"booked": append([]map[string]any{}, booked...), "pending": append([]map[string]any{}, pending...)}
	if next >= 0 {
		query := r.URL.Query()
		query.Set("page", fmt.Sprint(next))
		lists["_links"] = map[string]any{"next": map[string]string{"href": r.URL.Path + "?" + query.Encode()}}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"transactions": lists}) // a bank whose client has gone
}

// pageOf is the number of the page a request is for.
func pageOf(query url.Values) (n int) {
	_, _ = fmt.Sscan(query.Get("page"), &n) // none is the first
	return n
}

// long answers with many transactions, the newest first: so many a page and a day,
// each with an id, an amount and a text of its own.
func long(transactions, perPage, perDay int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		first := pageOf(r.URL.Query()) * perPage
		var booked []map[string]any
		for i := first; i < min(first+perPage, transactions); i++ {
			day := smallBankDay.AddDate(0, 0, -i/perDay).Format(time.DateOnly)
			booked = append(booked, bookedOn(day, fmt.Sprintf("id-%d", i), fmt.Sprintf("-%d.%02d", i, i%100), fmt.Sprintf("Purchase %d at a shop with a rather long name, card ending 4711", i)))
		}
		next := -1
		if first+perPage < transactions {
			next = pageOf(r.URL.Query()) + 1
		}
		page(w, r, booked, nil, next)
	}
}

func jsonOf(transaction map[string]any) string {
	text, _ := json.Marshal(transaction) // which holds nothing but texts
	return string(text)
}
