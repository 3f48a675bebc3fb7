package frontend

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/activity"
	"consentry/app/fault"
	"consentry/app/fresh"
	"consentry/app/mask"
	"consentry/app/quirk"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/storage/fold"
	"consentry/xs2a"
	"consentry/xs2a/record"
	"consentry/xs2a/sandbox"
)

// Those who are to be masked, and their numbers.
var (
	realNames = []string{"Astrid Lindqvist", "Björn Åkerström", "ნინო ბერიძე", "Overview", "Müller & Söhne GmbH", "Skatteverket", "Karin Överby", "Mum Lindqvist", "astrid-psu-17", "Zoë van der Ödla", "Sixten Ekwall", "sixten-psu-4"}
	realIBANs = []string{"SE4550000000058398257466", "DE89370400440532013000", "DE97535700008337724498", "GE29NB0000000101904917"}
	realBBAN  = "5051-690671"
)

// presenting serves the screens over a store in which all of them stand, wherever names and numbers are kept.
func presenting(t *testing.T) (*Server, *httptest.Server, *storage.Store) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	store := fresh.Store(t, func() time.Time { return now })
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	must(err)
	t.Cleanup(func() { banks.Close() })
	program := app.New(app.Config{Store: store, Now: func() time.Time { return now }, Control: banks.Info().Control})
	must(program.Banks().UsePractice(ctx, storage.Environment{ID: "sandbox", Name: "Practice", Sandbox: true, Banks: []storage.Bank{{ID: "HAMNSEG0", Name: "Hamnbanken", CountryCode: "SE", Note: "embedded"}}, Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "https://b.example", AuthURL: "https://b.example"}}))
	must(store.ListBanks(ctx, "sandbox", xs2a.CountryName))
	live, _, _, _ := exampleConsents()
	live.BankName, live.Purpose = "Hamnbanken", "For Karin Överby"
	must(store.AddConsent(ctx, live))
	if _, err := store.BeginRound(ctx, "", true, "r1", []string{"c1"}); err != nil {
		t.Fatal(err)
	}
	must(store.SetConsentStatus(ctx, "c1", "", xs2a.ConsentValid))
	must(store.SetCredentials(ctx, storage.Subject{Kind: storage.SubjectConsent, ID: "c1"}, storage.Credentials{PSUID: realNames[8]}))
	must(store.AddAuthorisation(ctx, storage.Authorisation{ID: "a1", Subject: storage.Subject{Kind: storage.SubjectConsent, ID: "c1"}, Secret: storage.Secret{State: "s"}, Step: xs2a.StepRedirect}))
	raw := fmt.Sprintf(`{"iban":%q,"ownerName":"ASTRID LINDQVIST","name":"Bj\u00f6rn \u00c5kerstr\u00f6m","creditorAccount":{"bban":%q}}`, realIBANs[0], realBBAN)
	account, err := store.PutAccount(ctx, live, xs2a.Account{ResourceID: "r", IBAN: realIBANs[0], Currency: "SEK", Name: "Astrids lön, Lindqvist", OwnerName: realNames[0], Raw: []byte(raw)})
	must(err)
	must(store.Arrange(ctx, account.ID, storage.Arrangement{Nickname: "Karin Överby’s"}))
	must(store.PutBalances(ctx, "c1", account.ID, []xs2a.Balance{{Type: "interimBooked", Amount: xs2a.Amount{Number: "98765.43", Currency: "SEK"}, ReferenceDate: "2026-11-20"}}))
	span := storage.Span{From: "2026-11-01", To: "2026-11-20"}
	reading, err := store.BeginReading(ctx, "c1", account.ID, span, span, "")
	must(err)
	var some []xs2a.Transaction
	for i, name := range realNames[:8] {
		some = append(some, xs2a.Transaction{ID: fmt.Sprint(i), BookingDate: fmt.Sprintf("2026-11-%02d", 2+i), Amount: xs2a.Amount{Number: fmt.Sprintf("-%d.77", 4321+i), Currency: "SEK"},
			CreditorName: name, CreditorAccount: []string{realIBANs[1], realBBAN, ""}[i%3], DebtorName: "LINDQVIST ASTRID", DebtorAccount: realIBANs[0],
			Remittance: fmt.Sprintf("Hyra från Björn Åkerström (%s) till %s", ui.GroupIBAN(realIBANs[3]), strings.ToUpper(name)), Raw: []byte(raw)})
	}
	_, err = store.PutTransactions(ctx, reading, false, some, span)
	must(err)
	booked, err := store.BookedTransactions(ctx, account.ID, 0, 1)
	must(err)
	must(store.SetNote(ctx, booked[0].ID, storage.Note{Text: "For Nino: ნინო ბერიძე", Tags: []string{"Skatteverket"}}))
	rule, err := store.AddAlertRule(ctx, storage.AlertRule{Kind: storage.AlertIncome, AccountID: account.ID, Amount: xs2a.Amount{Number: "30000.77", Currency: "SEK"}, Name: realNames[6], Since: "2026-11-01"})
	must(err)
	must(store.SetAlertState(ctx, storage.AlertState{RuleID: rule, Since: now}, storage.Alert{Rule: storage.AlertRule{ID: rule}, AccountID: account.ID, At: now, Amount: xs2a.Amount{Number: "31000.77", Currency: "SEK"}, Name: realNames[6]}))
	must(store.AddOwnName(ctx, storage.OwnName{AccountID: account.ID, Name: realNames[7], Number: realIBANs[1]}))
	must(store.AddSavedSearch(ctx, storage.SavedSearch{Name: "By Karin Överby", Chosen: map[string]string{"q": "skatteverket"}}))
	payment := paymentIn(storage.FateTaken, xs2a.PaymentSettled)
	payment.Order.Transfers[0].Creditor, payment.Order.Transfers[0].Text, payment.BIC, payment.BankName = realNames[9], "Invoice of Zoë van der Ödla", "HAMNSEG0", "Hamnbanken"
	_, err = store.AddPayment(ctx, payment)
	must(err)
	must(store.AddPaymentTemplate(ctx, storage.PaymentTemplate{ID: "t1", EnvironmentID: "sandbox", BIC: "HAMNSEG0", BankName: "Hamnbanken", Name: "Rent to Karin Överby", Order: payment.Order}))
	done, err := store.BeginImport(ctx, storage.Import{AccountID: account.ID, FileName: "Astrid Lindqvist 2020.csv", Format: "csv", Digest: "d"})
	must(err)
	must(store.PutImported(ctx, done, []storage.Imported{{Transaction: xs2a.Transaction{BookingDate: "2020-04-03", Amount: xs2a.Amount{Number: "-1", Currency: "SEK"}, CreditorName: realNames[6]}}}, nil))
	must(store.EndImport(ctx, done.ID))
	e := exampleExchange(1, "Read transactions of Astrids lön", "GET", "https://b.example/v1/accounts?iban="+realIBANs[0]+"&name=Bj%C3%B6rn+%C3%85kerstr%C3%B6m", 200).Exchange
	e.Request.Header = append(e.Request.Header, record.HeaderField{Name: "Psu-Id", Value: realNames[8]})
	e.Answer.Body = raw
	must(store.AddExchange(ctx, e))
	e.Answer = record.Message{Header: []record.HeaderField{{Name: "Content-Type", Value: "application/xml"}}, Body: "<Nm>Müller &amp; Söhne GmbH</Nm><IBAN>" + realIBANs[1] + "</IBAN><Amt Ccy=\"SEK\">4321.77</Amt>"}
	must(store.AddExchange(ctx, e))
	practised := exampleExchange(3, "getAccountList", "GET", banks.Info().Control+"/berlingroup/HAMNSEG0/v1/accounts/"+realIBANs[0]+"?withBalance="+url.QueryEscape(realNames[0]), 200).Exchange
	practised.FlowID, practised.Answer.Header, practised.Answer.Body = "c1", []record.HeaderField{{Name: "Content-Type", Value: "application/json"}}, raw
	must(store.AddExchange(ctx, practised))
	fork := storage.Fork{FlowID: storage.ForkID("1"), Origin: "c1", Root: "c1", ExchangeID: 3, Step: "Read accounts of Astrids lön, Lindqvist", Done: 2, EnvironmentID: "sandbox", BIC: "HAMNSEG0"}
	must(store.AddFork(ctx, fork))
	must(store.AddHandmade(ctx, storage.Handmade{Kind: storage.HandmadeConsent, FlowID: fork.FlowID, ExchangeID: 4, EnvironmentID: "sandbox", BIC: "HAMNSEG0", BankName: "Hamnbanken", BankID: realIBANs[0], Status: "told by " + realNames[2]}))
	asked := exampleExchange(4, "createConsent", "POST", "https://b.example/v1/consents", 201).Exchange
	asked.FlowID, asked.Former, asked.Answer.Header = fork.FlowID, 3, practised.Answer.Header
	asked.Answer.Body = fmt.Sprintf(`{"consentId":%q,"psuMessage":"Dear %s","_links":{"scaRedirect":{"href":"https://b.example/for/%s"}}}`, realIBANs[0], realNames[6], realIBANs[3])
	must(store.AddExchange(ctx, asked))
	must(program.Faults().Set(ctx, fault.Fault{Name: "As Björn Åkerström saw it", Bank: "HAMNSEG0", Operation: fault.Reads, Count: 1, Status: 503}))
	_, err = program.Recordings().Bring(ctx, realNames[0]+".har", []byte(recordedHAR(raw)))
	must(err)
	s := &Server{app: program, log: slog.New(slog.DiscardHandler), about: About{SandboxLogins: []Login{{Name: "Nils"}}}}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	server := httptest.NewServer(s.presented(mux))
	send(t, server, "/stage/story", "---\ntitle: A day with Astrid Lindqvist\nminutes: 1\n---\nAbout Karin Överby.\n\n## Björn Åkerström pays\nDo: Send it to "+realIBANs[1]+"\n\n## The end\nSay: Thank you\n")
	t.Cleanup(func() { server.Close(); program.Close(); store.Close() })
	return s, server, store
}

// recordedHAR is a file in which somebody's accounts stand.
func recordedHAR(body string) string {
	text, _ := json.Marshal(strings.Replace(body, "ASTRID LINDQVIST", realNames[10], 1))
	return fmt.Sprintf(`{"log":{"entries":[{"startedDateTime":"2026-03-01T10:00:00Z","request":{"method":"GET","url":"https://api.bank.example/v1/accounts?iban=%s","headers":[{"name":"PSU-ID","value":%q}]},
		"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"mimeType":"application/json","text":%s}}}]}}`, realIBANs[0], realNames[11], text)
}

// send sends a file as a form does.
func send(t *testing.T, server *httptest.Server, address, file string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "story.md")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, file)
	form.Close()
	res, err := server.Client().Post(server.URL+address, form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", address, res.StatusCode, said)
	}
}

// searched are addresses of every GET route, with what may stand in it.
func searched(t *testing.T, s *Server, store *storage.Store) (addresses []string) {
	t.Helper()
	booked, err := store.BookedTransactions(t.Context(), 1, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string][]string{
		"/accounts/{id}": {"1"}, "/consents/{id}": {"c1"}, "/payments/{id}": {"p1"}, "/authorisations/{id}": {"a1"}, "/environments/{id}": {"sandbox"},
		"/imports/{id}": {"1"}, "/activity/exchanges/{id}": {"1", "2", "3", "-1"}, "/transactions/{id}": {},
	}
	brought, err := store.Recordings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string][]string{ // of those that show nothing by themselves
		"/activity/comparison": {"?a=1", "?a=1&b=3", "?a=3&b=-1"}, "/activity/comparison/flows": {"?a=c1", "?a=c1&b=" + brought[0].ID + ".1"}, "/activity/take": {"?exchange=1", "?flow=c1", "?q=iban"},
		"/activity/report": {"?flow=c1", "?environment=sandbox"}, "/activity/report/{format}": {"?flow=c1", "?environment=sandbox&bank=HAMNSEG0"}, "/faults": {"", "?bank=HAMNSEG0", "?exchange=3"},
	}
	for _, one := range booked {
		ids["/transactions/{id}"] = append(ids["/transactions/{id}"], fmt.Sprint(one.ID))
	}
	others := strings.NewReplacer("{$}", "", "{env}", "sandbox", "{bic}", "HAMNSEG0", "{bank}", "HAMNSEG0", "{product}", "p", "{kind}", "period", "{purpose}", "signatures", "{list}", "l", "{file}", "f", "{flow}", "c1", "{request}", "77f0-1", "{round}", "r1", "{recording}", brought[0].ID)
	for pattern := range s.routes() {
		path, isGet := strings.CutPrefix(pattern, "GET ")
		if !isGet {
			continue
		}
		paths := []string{path}
		for begun, all := range ids {
			if rest, of := strings.CutPrefix(path, begun); of && (rest == "" || rest[0] == '/') {
				paths = nil
				for _, id := range all {
					paths = append(paths, strings.Replace(begun, "{id}", id, 1)+rest)
				}
			}
		}
		for _, path := range paths {
			if queries, known := asked[path]; known {
				formats := []string{""}
				if strings.Contains(path, "{format}") {
					formats = slices.Sorted(maps.Keys(reportFormats))
				}
				for _, query := range queries {
					for _, format := range formats {
						addresses = append(addresses, strings.Replace(path, "{format}", format, 1)+query)
					}
				}
				continue
			}
			if strings.Contains(path, "{format}") {
				for name := range exportWords {
					addresses = append(addresses, strings.Replace(path, "{format}", name, 1)+"?account=1", strings.Replace(path, "{format}", name, 1)+"?q=skatteverket")
				}
				continue
			}
			if path = others.Replace(path); strings.Contains(path, "{") {
				t.Fatalf("no address of %s is searched: say what stands in it", pattern)
			}
			addresses = append(addresses, path)
		}
	}
	for _, key := range []string{"skatteverket", "bjorn akerstrom", "nino beridze", "#" + strings.ToLower(realIBANs[1]), "#" + strings.Replace(realBBAN, "-", " ", 1)} {
		for _, page := range []string{"/counterparty?of=", "/transactions?own=apart&counterparty=", "/transactions/export?counterparty=", "/insights?counterparty="} {
			addresses = append(addresses, page+url.QueryEscape(key))
		}
	}
	return append(addresses, "/transactions?q=Lindqvist", "/transactions?q="+url.QueryEscape("Björn Åkerström"), "/transactions?q="+realIBANs[1], "/transactions?q=no+such+thing", "/consents?q=Lindqvist",
		"/activity?q=iban", "/activity/flows/"+brought[0].ID+".1", forkedAddress, forkedAddress+"/next", "/activity/exchanges/4", "/activity/exchanges/4/again?act=end", "/activity/exchanges/3/fork", "/names/new?transaction="+fmt.Sprint(booked[0].ID), "/payments/new", "/banks/sandbox/HAMNSEG0/pay?template=t1", "/nowhere/"+realIBANs[0])
}

// forkedAddress is that of a fork.
var forkedAddress = flowPath(storage.ForkID("1"))

// spellings are how a value may stand in what is sent: as it is, in capitals, small or folded, grouped, and spelled for addresses,
// HTML and JSON.
func spellings(value string) (all []string) {
	plain := []string{value, strings.ToUpper(value), strings.ToLower(value), strings.Join(fold.Words(value), " "), ui.GroupIBAN(value)}
	for _, one := range plain {
		all = append(all, one, html.EscapeString(one), html.EscapeString(html.EscapeString(one)), url.QueryEscape(one), url.PathEscape(one), strings.ReplaceAll(fmt.Sprintf("%+q", one), `"`, ""), strings.ReplaceAll(one, "&", `\u0026`))
	}
	return all
}

// presentedPage is what came of asking for a page.
type presentedPage struct {
	status int
	header http.Header
	body   string
}

// visit asks for a page as a browser does, and follows where it is led unless it is to stay.
func visit(t *testing.T, server *httptest.Server, address string, stay bool) presentedPage {
	t.Helper()
	client := *server.Client()
	if stay {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	res, err := client.Get(server.URL + address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return presentedPage{res.StatusCode, res.Header, string(body)}
}

// TestPresenterModeShowsNobody searches the bytes of every page, part and file, and their headers, for all names and numbers in every
// spelling; and finds them there outside of that mode.
func TestPresenterModeShowsNobody(t *testing.T) {
	t.Parallel()
	s, server, store := presenting(t)
	if err := s.app.Quirks().Correct(t.Context(), "sandbox", "HAMNSEG0", quirk.Period, []string{"180"}, "Told by "+realNames[0]); err != nil {
		t.Fatal(err)
	}
	addresses := searched(t, s, store)
	real := append(append([]string{realBBAN}, realNames...), realIBANs...)
	statuses := map[string]int{}
	tells := map[string]bool{} // addresses at which any of them stands
	search := func() map[string]string {
		found := map[string]string{}
		for _, address := range addresses {
			got := visit(t, server, address, false)
			if got.status >= 500 && got.status != http.StatusBadGateway {
				t.Errorf("%s: %d", address, got.status)
			}
			if before, asked := statuses[address]; asked && got.status != before { // an address means the same in either mode
				t.Errorf("%s: %d, and %d without masking", address, got.status, before)
			}
			statuses[address] = got.status
			said := got.sent(t)
			if strings.ContainsAny(said, "\ufdd0\ufdd1") {
				t.Errorf("%s holds marks of our words", address)
			}
			for _, value := range real {
				for _, spelled := range spellings(value) {
					if at := strings.Index(said, spelled); at >= 0 && !(value == "Overview") {
						tells[address] = true
						found[value] = fmt.Sprintf("%s: …%s…", address, said[max(at-80, 0):min(at+len(spelled)+40, len(said))])
					}
				}
			}
		}
		return found
	}
	found := search()
	for _, value := range real {
		if found[value] == "" && value != "Overview" {
			t.Errorf("%s stands nowhere, so that nothing is shown by its absence", value)
		}
	}
	for _, begun := range []string{
		"/activity/recordings", "/activity/recordings/recording-", "/activity/flows/recording-", "/activity/exchanges/-1", "/activity/comparison?a=1&b=3", "/activity/comparison?a=3&b=-1", "/activity/comparison/flows?a=c1&b=",
		"/activity/exchanges/1/again", forkedAddress, forkedAddress + "/next", "/activity/exchanges/4/again?act=end", "/activity/exchanges/3/fork", "/activity/report?", "/activity/report/json?", "/activity/report/junit?", "/faults?exchange=3", "/stage", "/stage/panel", "/banks/sandbox/HAMNSEG0/quirks",
	} {
		if !slices.ContainsFunc(addresses, func(address string) bool { return strings.HasPrefix(address, begun) && tells[address] }) {
			t.Errorf("%s tells nothing, so that nothing is shown by its absence", begun)
		}
	}
	for _, how := range []app.Presenting{{On: true}, {On: true, HideAmounts: true}} {
		if err := s.app.SetPresenting(t.Context(), how); err != nil {
			t.Fatal(err)
		}
		for value, where := range search() {
			t.Errorf("%+v: %s stands in %s", how, value, where)
		}
	}
	for _, address := range addresses {
		got := visit(t, server, address, false)
		if why := unreadable(got); why != nil {
			t.Errorf("%s: %v", address, why)
		}
		said := got.sent(t)
		for _, amount := range []string{"4321.77", "4,321.77", "98765.43", "98,765.43"} {
			if at := strings.Index(said, amount); at >= 0 {
				t.Errorf("%s: …%s… tells an amount", address, said[max(at-80, 0):at+20])
			}
		}
	}
}

// unreadable is why an answer of JSON or XML is none.
func unreadable(a presentedPage) error {
	switch kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); {
	case strings.HasSuffix(kind, "json"):
		return json.Unmarshal([]byte(a.body), new(any))
	case strings.HasSuffix(kind, "xml"):
		return xml.Unmarshal([]byte(a.body), new(struct {
			Time float64 `xml:"time,attr"`
		}))
	}
	return nil
}

// TestHiddenAmountsLeaveFilesWhole hides amounts in files that programs can still read.
func TestHiddenAmountsLeaveFilesWhole(t *testing.T) {
	p := presentation{mask.New([]byte("key"), nil, nil, nil), true}
	for file, want := range map[string]string{
		`{"tookMs": 3.25,"a":12.5,"took":-1e3,"n":7,"amount": 1200,"amount":"1300","said":"of \"4321.77\" EUR","body":"{\"amount\": 1200,\"amount\":\"-1300\"}","instructedAmount":-5.00}`: `{"tookMs": 3.25,"a":"•••","took":"•••","n":7,"amount": "•••","amount":"•••","said":"of \"•••\" EUR","body":"{\"amount\": •••,\"amount\":\"•••\"}","instructedAmount":"•••"}`,
	} {
		if got := p.json(file); got != want || !json.Valid([]byte(got)) {
			t.Errorf("%s became\n%s, want\n%s", file, got, want)
		}
	}
	if got, want := p.xml(`<testcase name="12.50 EUR" time="0.123"/>`), `<testcase name="••• EUR" time="0.123"/>`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// sent is all that was sent in an answer: headers, and a body, unpacked where it is a workbook.
func (a presentedPage) sent(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for name, values := range a.header {
		fmt.Fprintln(&all, name, values)
	}
	body := []byte(a.body)
	packed, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		all.Write(body)
		return all.String()
	}
	for _, file := range packed.File {
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, opened); err != nil {
			t.Fatal(err)
		}
		opened.Close()
	}
	return all.String()
}

// TestTakenAlongIsMasked finds none of the names and numbers in files of exchanges that are taken in presenter mode, whose names say so;
// no secrets are in them, and while amounts are hidden there are none.
func TestTakenAlongIsMasked(t *testing.T) {
	t.Parallel()
	s, server, _ := presenting(t)
	real := append(append([]string{realBBAN}, realNames...), realIBANs...)
	take := func(format activity.Format) presentedPage {
		client := *server.Client()
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, err := client.PostForm(server.URL+"/activity/take", url.Values{"q": {"iban"}, "format": {string(format)}, "secrets": {"yes"}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return presentedPage{res.StatusCode, res.Header, string(body)}
	}
	stands := func(file presentedPage) (all []string) {
		said := file.sent(t)
		for _, value := range real {
			if slices.ContainsFunc(spellings(value), func(spelled string) bool { return strings.Contains(said, spelled) }) && value != "Overview" {
				all = append(all, value)
			}
		}
		return all
	}
	for _, format := range activity.Formats() {
		if err := s.app.SetPresenting(t.Context(), app.Presenting{}); err != nil {
			t.Fatal(err)
		}
		if file := take(format); len(stands(file)) == 0 || strings.Contains(file.header.Get("Content-Disposition"), "masked") {
			t.Errorf("%s: %s holds none of them", format, file.header.Get("Content-Disposition"))
		}
		if err := s.app.SetPresenting(t.Context(), app.Presenting{On: true}); err != nil {
			t.Fatal(err)
		}
		file := take(format)
		if left, name := stands(file), file.header.Get("Content-Disposition"); file.status != http.StatusOK || len(left) > 0 || !strings.Contains(name, `"masked-consentry`) || strings.Contains(name, "secrets") {
			t.Errorf("%s: %d %s holds %q", format, file.status, name, left)
		}
		if said := file.sent(t); !strings.Contains(said, "b.example") || strings.ContainsAny(said, "\ufdd0\ufdd1") || format == activity.HAR && !json.Valid([]byte(file.body)) {
			t.Errorf("%s is not what it is to be: %s", format, said)
		}
		if err := s.app.SetPresenting(t.Context(), app.Presenting{On: true, HideAmounts: true}); err != nil {
			t.Fatal(err)
		}
		if file := take(format); file.status != http.StatusSeeOther {
			t.Errorf("%s: %d though amounts are hidden", format, file.status)
		}
	}
}

// TestPresentedPageKeepsItsWords leaves alone what the program says, whatever somebody is called.
func TestPresentedPageKeepsItsWords(t *testing.T) {
	t.Parallel()
	s, server, _ := presenting(t)
	before := strings.Count(visit(t, server, "/", false).body, "Overview")
	if err := s.app.SetPresenting(t.Context(), app.Presenting{On: true}); err != nil {
		t.Fatal(err)
	}
	page := visit(t, server, "/", false).body
	for _, want := range []string{">Overview<", "data-presenting", "Presenter mode.", "Hamnbanken"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is gone", want)
		}
	}
	if strings.Count(page, "Overview") >= before {
		t.Error("the counterparty called Overview is shown")
	}
}

// TestPresentedFormsMeanTheReal finds by an invented name what the real one stands in, stores the real one where an invented one is
// sent back, and leads who types a real one to an address that does not tell.
func TestPresentedFormsMeanTheReal(t *testing.T) {
	t.Parallel()
	s, server, store := presenting(t)
	if err := s.app.SetPresenting(t.Context(), app.Presenting{On: true}); err != nil {
		t.Fatal(err)
	}
	m, err := s.app.Mask(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fake := m.Text("Björn Åkerström")
	if page := visit(t, server, "/transactions?q="+url.QueryEscape(fake), true); page.status != http.StatusOK || !strings.Contains(page.body, `value="`+fake+`"`) || strings.Contains(page.body, "No transaction found") {
		t.Errorf("%d: %s is not found", page.status, fake)
	}
	if led := visit(t, server, "/transactions?q="+url.QueryEscape("Björn Åkerström"), true); led.header.Get("Location") != "/transactions?q="+url.QueryEscape(fake) {
		t.Errorf("the address becomes %q", led.header.Get("Location"))
	}
	booked, err := store.BookedTransactions(t.Context(), 1, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"note": {"From " + fake + ", " + m.Text(realIBANs[1])}}
	res, err := server.Client().PostForm(fmt.Sprintf("%s/transactions/%d/note", server.URL, booked[0].ID), form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if booked, err = store.BookedTransactions(t.Context(), 1, 0, 1); err != nil || booked[0].Note.Text != "From Björn Åkerström, "+realIBANs[1] {
		t.Errorf("%q is stored, %v", booked[0].Note.Text, err)
	}
}

// TestBanksWordsPassForNoneOfOurs does not believe a bank that puts marks around a name.
func TestBanksWordsPassForNoneOfOurs(t *testing.T) {
	t.Parallel()
	ours := words.T(words.Marked(t.Context()), "Overview")
	if pieces := words.Pieces(ours); len(pieces) != 1 || !pieces[0].Ours || pieces[0].Text != "Overview" {
		t.Errorf("%+v", pieces)
	}
	if pieces := words.Pieces("\ufdd0Astrid\ufdd1"); len(pieces) != 1 || pieces[0].Ours {
		t.Errorf("%+v", pieces)
	}
}

// TestNobodyIsNamedOutsideASession comes back from a bank in every way, with names in what the bank says, and asks for all
// addresses without a session, which presenter mode does not mask: no name or number is there, in that mode or out of it, nor
// that of a bank.
func TestNobodyIsNamedOutsideASession(t *testing.T) {
	t.Parallel()
	s, _, store := presenting(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var logged bytes.Buffer
	outside := New(Config{App: s.app, Log: slog.New(slog.NewTextHandler(&logged, nil)), About: s.about}, listener)
	seen := map[string]bool{} // titles of notices
	var real []string
	for _, value := range append(append([]string{realBBAN, "Hamnbanken", "Lindqvist"}, realNames...), realIBANs...) {
		real = append(real, spellings(value)...)
	}
	slices.Sort(real)
	real = slices.Compact(real)
	ask := func(address string) {
		t.Helper()
		request, answer := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil), httptest.NewRecorder()
		request.Host = listener.Addr().String()
		outside.ServeHTTP(answer, request)
		page := presentedPage{answer.Code, answer.Header(), answer.Body.String()}
		if _, title, found := strings.Cut(page.body, "<p><b>"); found {
			title, _, _ = strings.Cut(title, "<")
			seen[title] = true
		}
		said := page.sent(t)
		for _, spelled := range real {
			if at := strings.Index(said, spelled); at >= 0 {
				t.Errorf("%s: …%s… tells", address, said[max(at-80, 0):min(at+len(spelled)+40, len(said))])
			}
		}
	}
	told := "&code=" + url.QueryEscape("for Karin Överby") + "&error_description=" + url.QueryEscape(realNames[0]+" "+realIBANs[0]) + "&iss=" + url.QueryEscape("https://hamnbanken.example/"+realNames[1])
	round := 0
	comeBack := func() {
		round++
		for _, subject := range []storage.Subject{{Kind: storage.SubjectConsent, ID: "c1"}, {Kind: storage.SubjectPayment, ID: "p1"}} {
			for i, outcome := range []storage.Outcome{"", "", "", storage.Denied, storage.Expired, storage.GivenUp, storage.Succeeded, storage.Failed} {
				for _, step := range []xs2a.Step{xs2a.StepRedirect, xs2a.StepOAuth} {
					state := fmt.Sprintf("%d-%s-%d-%s", round, subject.ID, i, step)
					if err := store.AddAuthorisation(t.Context(), storage.Authorisation{ID: state, Subject: subject, Secret: storage.Secret{State: state, Verifier: "v"}, Step: step}); err != nil {
						t.Fatal(err)
					}
					if outcome != "" {
						if err := store.EndAuthorisation(t.Context(), state, outcome, storage.TextReason(realNames[0])); err != nil {
							t.Fatal(err)
						}
					}
					ask("/callback?state=" + state + []string{"", told, told + "&error=access_denied"}[i%3])
					ask("/callback?state=" + state + told)
				}
			}
		}
		ask("/callback?" + told)
		ask("/callback?state=" + url.QueryEscape(realNames[0]) + told)
	}
	comeBack()
	for _, address := range append(searched(t, s, store), "/start?token="+url.QueryEscape(realNames[0])) {
		ask(address)
	}
	if err := s.app.SetPresenting(t.Context(), app.Presenting{On: true}); err != nil {
		t.Fatal(err)
	}
	comeBack()
	for _, title := range []string{
		"You are back from the bank.", "The consent was not approved.", "The payment was not approved.", "You came back from the bank before.", "You came back too late.", "This approval had ended before you came back.",
		"This return does not belong to anything you started here.", "The bank sent you back without saying what became of it.", "The bank’s confirmation could not be used.", "This browser has no session with Consentry.",
	} {
		if !seen[title] {
			t.Errorf("nothing says %q, so that nothing is shown by what it does not tell", title)
		}
	}
	for _, spelled := range real {
		if strings.Contains(logged.String(), spelled) {
			t.Errorf("%s stands in the log: %s", spelled, logged.String())
		}
	}
}
