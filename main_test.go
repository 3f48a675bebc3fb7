package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a"
)

// built is where the program of all tests and benchmarks is; empty before the first
// that wants it.
var built struct {
	sync.Mutex
	folder string
}

func TestMain(m *testing.M) {
	_ = os.Setenv("LANGUAGE", "en") // what no page asks for is in English, whatever the machine's language: tests look for it
	code := m.Run()
	if built.folder != "" {
		_ = os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// program builds the real program once for all tests and benchmarks.
func program(tb testing.TB) string {
	tb.Helper()
	built.Lock()
	defer built.Unlock()
	if built.folder == "" {
		folder, err := os.MkdirTemp("", "consentry-test-")
		if err != nil {
			tb.Fatal(err)
		}
		build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", filepath.Join(folder, "consentry"), ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			_ = os.RemoveAll(folder)
			tb.Fatalf("building: %v\n%s", err, out)
		}
		built.folder = folder
	}
	return filepath.Join(built.folder, "consentry")
}

// start runs the program and returns the first line it prints.
func start(tb testing.TB, path string, args ...string) (first string, cmd *exec.Cmd) {
	tb.Helper()
	cmd = exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "CONSENTRY_KEYRING=off")
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	first, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("no first line: %v\n%s", err, problems.String())
	}
	return strings.TrimSpace(first), cmd
}

// home opens the first address as a browser does, and returns where its session is.
func home(tb testing.TB, browser *http.Client, first string) string {
	tb.Helper()
	res, err := browser.Get(first)
	if err != nil {
		tb.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s", first, res.Status)
	}
	return strings.TrimSuffix(res.Request.URL.String(), "/")
}

// get opens an address as a browser with cookies does.
func get(tb testing.TB, client *http.Client, address string) (status int, body string) {
	tb.Helper()
	res, err := client.Get(address)
	if err != nil {
		tb.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return res.StatusCode, string(content)
}

// TestServe starts the program as a person does: the address it prints first
// works once, and an interrupt ends it cleanly.
func TestServe(t *testing.T) {
	first, cmd := start(t, program(t), "serve", "-data", t.TempDir())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	if status, body := get(t, browser, first); status != http.StatusOK || !strings.Contains(body, "Link a bank") {
		t.Fatalf("%s: %d\n%.500s", first, status, body)
	}
	if status, _ := get(t, &http.Client{}, first); status != http.StatusUnauthorized {
		t.Errorf("the address worked a second time, in another browser: %d", status)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

// TestSandboxCommand reads what the sandbox says about itself and gets a token
// with it.
func TestSandboxCommand(t *testing.T) {
	path := program(t)
	cmd := exec.Command(path, "sandbox")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	var info struct {
		TokenEndpoint, ClientID, ClientSecret string
		Addresses                             map[string]map[string]string
		PSUs                                  []struct{ Login, Password, Code string }
	}
	if err := json.NewDecoder(out).Decode(&info); err != nil {
		t.Fatal(err)
	}
	if info.Addresses["openpayments"]["api"] == "" || len(info.PSUs) < 5 {
		t.Errorf("got %+v", info)
	}
	res, err := http.PostForm(info.TokenEndpoint, map[string][]string{
		"grant_type": {"client_credentials"}, "scope": {"aspspinformation private"},
		"client_id": {info.ClientID}, "client_secret": {info.ClientSecret},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the token endpoint says %s", res.Status)
	}
}

// TestCommandLine says what is wrong with a command.
func TestCommandLine(t *testing.T) {
	for args, want := range map[string]string{
		"dance":                      `there is no command "dance"`,
		"serve -addr 0.0.0.0:80":     "not a loopback address",
		"serve -addr nonsense":       "-addr",
		"serve -addr 192.168.1.1:80": "not a loopback address",
		"serve extra":                `"extra" is not understood`,
		"-no-such-option":            "no-such-option",
		"sandbox -no-such-option":    "no-such-option",
		"sandbox -addr 0.0.0.0:0":    "not a loopback address",
	} {
		var out bytes.Buffer
		if err := run(context.Background(), strings.Fields(args), &out, &out); err == nil || !strings.Contains(err.Error(), want) || exitCode(err) != exitUsage {
			t.Errorf("%s: ends with %d: %v, want %q", args, exitCode(err), err, want)
		}
	}
	var out bytes.Buffer
	if err := run(context.Background(), []string{"version"}, &out, &out); err != nil || !strings.HasPrefix(out.String(), "consentry ") {
		t.Errorf("version: %q, %v", out.String(), err)
	}
}

// BenchmarkStart measures a person's wait from starting the program to the
// first screen: a new data folder, the practice banks inside.
func BenchmarkStart(b *testing.B) {
	path := program(b)
	for _, kind := range []string{"new data", "old data"} {
		b.Run(strings.ReplaceAll(kind, " ", "-"), func(b *testing.B) {
			dir := b.TempDir()
			for i := 0; b.Loop(); i++ {
				if kind == "new data" {
					dir = filepath.Join(b.TempDir(), fmt.Sprint(i))
				}
				first, cmd := start(b, path, "serve", "-data", dir)
				jar, _ := cookiejar.New(nil)
				if status, _ := get(b, &http.Client{Jar: jar}, first); status != http.StatusOK {
					b.Fatal(status)
				}
				b.StopTimer()
				cmd.Process.Signal(syscall.SIGTERM)
				cmd.Wait()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkHello measures the least any screen can cost: a session, a page
// without data.
func BenchmarkHello(b *testing.B) {
	first, _ := start(b, program(b), "serve", "-data", b.TempDir())
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	base := home(b, browser, first)
	for _, page := range []string{"/settings", "/banks", "/consents", "/"} {
		b.Run(strings.TrimPrefix(page, "/")+"_", func(b *testing.B) {
			for b.Loop() {
				if status, _ := get(b, browser, base+page); status != http.StatusOK {
					b.Fatal(status)
				}
			}
		})
	}
}

// manyConsents are far more than a person ever gives.
const manyConsents = 2000

// mostBare is how many times as long as a bare handler of 30 KB lists of very many may take. It is
// what five times the emptiest screen was, until that became several times as fast.
const mostBare = 40

// bare is a handler that answers with 30 KB, as the one that build/bench compares pages with.
func bare(b *testing.B) tab {
	body := bytes.Repeat([]byte("hello, bank "), 30<<10/12)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }))
	b.Cleanup(server.Close)
	return tab{browser: server.Client(), base: server.URL}
}

// BenchmarkConsents measures the screen of all consents with a long life behind
// it, and fails when the median is more than mostBare times that of a bare handler
// in the same run.
func BenchmarkConsents(b *testing.B) {
	path, dir := program(b), b.TempDir()
	_, first := start(b, path, "serve", "-data", dir) // makes the environments
	first.Process.Signal(syscall.SIGTERM)
	first.Wait()
	addConsents(b, dir, manyConsents)
	took := map[string]time.Duration{}
	empty, full := open(b, path, b.TempDir()), open(b, path, dir)
	for _, screen := range []struct {
		name string
		tab
		page string
	}{
		{"bare", bare(b), "/"}, {"empty", empty, "/consents"}, {"all", full, "/consents"}, {"searched", full, "/consents?q=norr+18"},
		{"filtered", full, "/consents?filter=open&sort=bank"}, {"group", full, "/consents?group=ended&from=500"}, {"overview", full, "/"},
	} {
		b.Run(screen.name, func(b *testing.B) {
			took[screen.name] = median(b, screen.tab, screen.page)
		})
	}
	if many := took["all"]; many > mostBare*took["bare"] {
		b.Errorf("%d consents took %v, more than %d times the %v of a bare handler", manyConsents, many, mostBare, took["bare"])
	}
}

// manyPayments are far more than most people ever make here.
const manyPayments = 2000

// BenchmarkPaymentsBoard measures the board of payments with a long life behind it, and one
// of as many that are all open, and fails when a median is more than mostBare times that of a
// bare handler in the same run.
func BenchmarkPaymentsBoard(b *testing.B) {
	path := program(b)
	filled := func(unfinished int) tab {
		dir := b.TempDir()
		_, first := start(b, path, "serve", "-data", dir) // makes the environments
		first.Process.Signal(syscall.SIGTERM)
		first.Wait()
		addPayments(b, dir, manyPayments, unfinished)
		return open(b, path, dir)
	}
	empty, full, busy := open(b, path, b.TempDir()), filled(60), filled(manyPayments)
	took := map[string]time.Duration{}
	for _, screen := range []struct {
		name string
		tab
		page string
	}{
		{"bare", bare(b), "/"}, {"empty", empty, "/payments"}, {"all", full, "/payments"}, {"open", busy, "/payments"},
		{"older", full, "/payments?group=done&after=" + strconv.FormatInt(time.Now().AddDate(0, 0, -200).UnixMilli(), 10) + ".x"}, {"one", full, "/payments/payment-900"},
	} {
		b.Run(screen.name, func(b *testing.B) {
			took[screen.name] = median(b, screen.tab, screen.page)
		})
	}
	for _, name := range []string{"all", "open"} {
		if took[name] > mostBare*took["bare"] {
			b.Errorf("%d payments (%s) took %v, more than %d times the %v of a bare handler", manyPayments, name, took[name], mostBare, took["bare"])
		}
	}
}

// median asks for a page again and again, and reports how long it took in the middle.
func median(b *testing.B, t tab, page string) time.Duration {
	b.Helper()
	var each []time.Duration
	for b.Loop() {
		begun := time.Now()
		if status, _ := get(b, t.browser, t.base+page); status != http.StatusOK {
			b.Fatal(status)
		}
		each = append(each, time.Since(begun))
	}
	slices.Sort(each)
	middle := each[len(each)/2]
	b.ReportMetric(float64(middle.Microseconds()), "median-µs")
	return middle
}

// addPayments fills a data folder with payments, one each few hours, of which the latest are
// open: every second waits for its approval, the others are under way. Of the rest nine of
// ten were carried out.
func addPayments(tb testing.TB, dir string, n, open int) {
	tb.Helper()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	check(err)
	clock := time.Now()
	store, err := storage.Open(tb.Context(), dir, key, func() time.Time { return clock })
	check(err)
	defer store.Close()
	ctx, now := tb.Context(), time.Now()
	for i := range n {
		clock = now.Add(-time.Duration(i) * 7 * time.Hour)
		id := fmt.Sprintf("payment-%d", i)
		_, err := store.AddPayment(ctx, storage.Payment{
			ID: id, EnvironmentID: bank.SandboxID, BIC: fmt.Sprintf("BANK%04d", i%40), BankName: fmt.Sprintf("Norrbank %d", i%40), RequestID: id,
			Order: xs2a.Order{Service: xs2a.SinglePayment, Product: "domestic", Debtor: xs2a.OrderAccount{IBAN: "SE4550000000058398257466"}, Transfers: []xs2a.Transfer{{
				Creditor: fmt.Sprintf("Hyresbostäder %d", i), To: xs2a.OrderAccount{IBAN: "DE89370400440532013000"}, Amount: xs2a.Amount{Number: fmt.Sprintf("%d.50", i), Currency: "SEK"}, Text: "Rent",
			}}},
		})
		check(err)
		one, err := store.Payment(ctx, id)
		check(err)
		check(store.SetShown(ctx, one, "seen"))
		check(store.ConfirmPayment(ctx, id, "seen"))
		check(store.ClaimSending(ctx, id))
		check(store.SetTaken(ctx, id, storage.Answer{BankID: "bank-" + id, Status: xs2a.PaymentReceived}))
		status := xs2a.PaymentSettled
		switch {
		case i < open && i%2 == 0:
			continue
		case i < open:
			status = "ACSP"
		case i%10 == 0:
			status = xs2a.PaymentRejected
		}
		check(store.SetPaymentStatus(ctx, id, "", status))
	}
}

// tab is a browser with a session in a running program.
type tab struct {
	browser *http.Client
	base    string
}

func open(tb testing.TB, path, dir string) tab {
	tb.Helper()
	address, _ := start(tb, path, "serve", "-data", dir)
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	return tab{browser, home(tb, browser, address)}
}

// addConsents fills a data folder with consents in all states: of ten, seven
// have ended, some of them renewed, two are in use and one waits.
func addConsents(tb testing.TB, dir string, n int) {
	tb.Helper()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	check(err)
	clock := time.Now()
	store, err := storage.Open(tb.Context(), dir, key, func() time.Time { return clock })
	check(err)
	defer store.Close()
	ctx, today := tb.Context(), time.Now()
	none := &[]xs2a.AccountReference{}
	for i := range n {
		age, id := 3+i%170, fmt.Sprintf("consent-%d", i)
		if i%10 > 2 {
			age += 170 + i%560
		}
		clock = today.AddDate(0, 0, -age)
		c := storage.Consent{
			ID: id, EnvironmentID: bank.SandboxID, BIC: fmt.Sprintf("BANK%04d", i%40), BankName: fmt.Sprintf("Norrbank %d", i%40), RequestID: id,
			Asked:     xs2a.ConsentRequest{Access: xs2a.Access{Accounts: none, Balances: none, Transactions: none}, Recurring: true, ValidUntil: clock.AddDate(0, 0, 180).Format(time.DateOnly), FrequencyPerDay: 4},
			Recurring: true, FrequencyPerDay: 4,
		}
		c.ValidUntil = c.Asked.ValidUntil
		if i%10 == 1 { // renewed the one before, which has ended
			c.Renews = fmt.Sprintf("consent-%d", i-2)
			if i < 10 {
				c.Renews = ""
			}
		}
		check(store.AddConsent(ctx, c))
		check(store.SetBankConsent(ctx, id, "bank-"+id))
		if i%10 == 2 {
			continue // nobody approved it
		}
		check(store.SetConsentStatus(ctx, id, "", xs2a.ConsentValid))
		account := xs2a.Account{ResourceID: "r", IBAN: fmt.Sprintf("SE%022d", i%400), Currency: "SEK", Name: "Lönekonto"}
		_, err := store.PutAccount(ctx, c, account)
		check(err)
		if i%10 > 2 {
			clock = clock.AddDate(0, 0, 100)
			_, err := store.EndConsent(ctx, id, storage.EndWithdrawn, storage.FromPerson, storage.Event{Kind: storage.EventWithdrawn})
			check(err)
			continue
		}
		check(store.SetConsentStatus(ctx, id, "", xs2a.ConsentValid))
		for hour := range 2 { // twice today, without the person
			clock = today.Add(-time.Duration(hour*6+1) * time.Hour)
			for _, endpoint := range []storage.Endpoint{storage.ReadAccounts, storage.ReadBalances, storage.ReadTransactions} {
				read, err := store.BeginRead(ctx, storage.ConsentRead{ConsentID: id, Endpoint: endpoint, AccountKey: account.Key(), Account: "Lönekonto", RequestID: id})
				check(err)
				check(store.EndRead(ctx, read, storage.ReadOK))
			}
		}
		clock = today
		check(store.SetConsentStatus(ctx, id, "", xs2a.ConsentValid))
	}
}
