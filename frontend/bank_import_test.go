package frontend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// listOf is a file with a bank that is known, one that is new, one that is changed, and
// what cannot be read.
const listOf = `id,name,country,city,dialect,api,auth,owner
HAMNSEG0,Hamnbanken,SE,Göteborg,,,,x
RIONGE22,Rioni Bank,GE,,,,,
neu,Neue Bank,DE,Berlin,berlingroup,https://api.neu.example,https://auth.neu.example/{bank},
alt,Alte Bank,DE,,berlingroup,https://api.neu.example,,
kaputt,Kaputte Bank,DE,,berlingroup,http://api.neu.example,,
`

// exampleImport is a file that brings everything a file can.
func exampleImport() importView {
	return importView{
		Environment: exampleEnvironment().Environment, Content: hostile, Taken: 2, Failure: unconfirmed(1), Confirmed: []xs2a.Origin{"https://api.neu.example"},
		Import: bank.Import{
			Proxy: "socks5://relay.example:1080",
			Changes: []bank.Change{
				{Bank: storage.Bank{ID: "neu", Name: longName, Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, Login: xs2a.LoginPerson}}, Line: 2, New: true},
				{Bank: storage.Bank{ID: "alt", Name: arabic}, Line: 3, Columns: []string{"name", "dialect"}},
				{Bank: storage.Bank{ID: "same", Name: hostile}, Line: 4},
			},
			Faults: []bank.FileFault{{Line: 1, Column: hostile, Problem: storage.Reason{Code: failure.ColumnUnknown}}, {Line: 5, Problem: storage.TextReason(hostile)}},
			Hosts: []bank.FiledHost{
				{Origin: "https://api.neu.example", Banks: []string{longName, arabic, georgian, hostile, "E", "F", "G"}},
				{Origin: "http://127.0.0.1:8080", Banks: []string{hostile}, Local: true},
			},
			Stays: 3,
		},
	}
}

// exampleBankProfile is a bank with a profile of its own.
func exampleBankProfile() bankProfileView {
	profile := xs2a.Profile{Dialect: xs2a.BankOfGeorgia.Name, APIURL: hostile, Signing: xs2a.SignDetached, MTLS: true, Reports: "mt940 json"}
	return bankProfileView{
		Environment: exampleEnvironment().Environment, Bank: storage.Bank{ID: "b", Name: georgian, Profile: profile},
		Spoken: profileView{Profile: profile, One: true},
	}
}

// upload posts a file of banks.
func (d *desk) upload(address, file string) (status int, page string) {
	d.Helper()
	answer := d.post(address, nil, "file", []byte(file))
	return answer.Code, answer.Body.String()
}

func newDeskWithBanks(t *testing.T) (d *desk, page string) {
	t.Helper()
	d = newDesk(t)
	own := issue(t, "Own")
	if answer := d.post("/environments", berlin(map[string]string{"certificate": own.key + own.certificate}), "", nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d", answer.Code)
	}
	return d, "/environments/" + d.only().ID
}

// TestBanksFromAFile shows what a file would change and where it leads. Nothing is
// stored before, and no bank whose hosts are not confirmed.
func TestBanksFromAFile(t *testing.T) {
	d, page := newDeskWithBanks(t)
	before := d.only()
	status, shown := d.upload(page+"/import", listOf)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, shown)
	}
	for _, words := range []string{
		"2 new · 1 changed · 1 unchanged · 2 problems", "owner", "No column has this name", `<td class="end">6</td>`, "begins with https",
		`value="https://api.neu.example"`, `value="https://auth.neu.example"`, "For Neue Bank, Alte Bank",
	} {
		if !strings.Contains(shown, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if strings.Contains(shown, `example" checked`) || strings.Count(shown, `name="host"`) != 2 {
		t.Error("each host is to be confirmed by the person")
	}
	same(t, d.only(), before)

	take := map[string]string{"content": listOf, "take": "yes", "host": "https://api.neu.example"}
	answer := d.post(page+"/import", take, "", nil)
	if body := answer.Body.String(); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "1 bank was not taken over") || !strings.Contains(body, "2 banks were taken over") {
		t.Errorf("%d %s", answer.Code, body)
	}
	known := before
	profile := xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "https://api.neu.example", Signing: xs2a.SignHTTP}
	known.Banks = []storage.Bank{before.Banks[0], {ID: "RIONGE22", Name: "Rioni Bank", CountryCode: "GE"}, {ID: "alt", Name: "Alte Bank", CountryCode: "DE", Profile: profile}}
	same(t, d.only(), known)

	take["host"] = "https://auth.neu.example"
	if answer := d.post(page+"/import", take, "", nil); answer.Code != http.StatusUnprocessableEntity {
		t.Errorf("one of two hosts is enough: %d", answer.Code)
	}
	same(t, d.only(), known)
	if banks, err := d.app.Banks().List(t.Context(), storage.ASPSPQuery{CountryCode: "DE"}); err != nil || len(banks) != 1 || banks[0].BIC != "alt" {
		t.Errorf("the list of banks has %v, %v", banks, err)
	}
}

// TestBanksToAFileAndBack writes an environment's banks to a file that changes nothing
// when it is read again.
func TestBanksToAFileAndBack(t *testing.T) {
	d, page := newDeskWithBanks(t)
	if _, _, err := d.app.Banks().Import(t.Context(), d.only().ID, []byte(listOf), []xs2a.Origin{"https://api.neu.example", "https://auth.neu.example"}); err != nil {
		t.Fatal(err)
	}
	before := d.only()
	if len(before.Banks) != 4 {
		t.Fatalf("%d banks", len(before.Banks))
	}
	file := d.get(page + "/banks.csv")
	if !strings.HasPrefix(file, "id,name,bic,country,city,dialect,") || strings.Contains(file, before.ClientID) || strings.Contains(file, "KEY") {
		t.Errorf("the file is %s", file)
	}
	plan, err := d.app.Banks().PlanImport(t.Context(), before.ID, []byte(file))
	if err != nil || plan.Count(bank.Change.Changed) > 0 || len(plan.Faults) > 0 || len(plan.Hosts) > 0 || len(plan.Changes) != 4 {
		t.Errorf("%+v, %v", plan, err)
	}
	if _, shown := d.upload(page+"/import", file); !strings.Contains(shown, "There is nothing to take over.") {
		t.Errorf("the page says %s", shown)
	}
	same(t, d.only(), before)
}

// TestFilesThatAreRefused leave everything as it was, and the form at hand.
func TestFilesThatAreRefused(t *testing.T) {
	d, page := newDeskWithBanks(t)
	before := d.only()
	for file, says := range map[string]string{
		"": "The file is empty.", "x": "no column", "id,name,country\n" + strings.Repeat("x", bank.MaxFile): "larger than 512 KB",
	} {
		status, shown := d.upload(page+"/import", file)
		if status != http.StatusUnprocessableEntity || !strings.Contains(shown, says) || !strings.Contains(shown, `type="file"`) {
			t.Errorf("%.20q: %d %s", file, status, shown)
		}
	}
	same(t, d.only(), before)
}

// TestPracticeBanksStay: they are saved as a file, and none is read into them.
func TestPracticeBanksStay(t *testing.T) {
	d := newDesk(t)
	practice := practiceBanks().Environments[0]
	if err := d.app.UseSandbox(t.Context(), practice); err != nil {
		t.Fatal(err)
	}
	if file := d.get("/environments/sandbox/banks.csv"); !strings.Contains(file, "einhafen") {
		t.Errorf("the file is %s", file)
	}
	if _, _, err := d.app.Banks().Import(t.Context(), "sandbox", []byte(listOf), nil); err == nil || len(d.only().Banks) != 1 {
		t.Errorf("banks were taken over: %v", err)
	}
	if err := d.app.Banks().SetProfile(t.Context(), "sandbox", "einhafen", xs2a.Profile{}); err == nil {
		t.Error("a practice bank got another profile")
	}
}

// postForm sends a form whose fields may stand there several times.
func (d *desk) postForm(address string, form url.Values) *httptest.ResponseRecorder {
	d.Helper()
	r, w := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode())), httptest.NewRecorder()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.mux.ServeHTTP(w, r)
	return w
}

// TestTooManyHostsToLookAt: what a person could not look at is not asked of them, and
// what they can look at they can confirm.
func TestTooManyHostsToLookAt(t *testing.T) {
	d, page := newDeskWithBanks(t)
	file := "id,name,country,dialect,api\n"
	confirm := url.Values{"take": {"yes"}}
	for i := range 500 {
		file += fmt.Sprintf("b%d,B,SE,berlingroup,https://b%d.example\n", i, i)
		confirm.Add("host", fmt.Sprintf("https://b%d.example", i))
	}
	if _, shown := d.upload(page+"/import", file+"more,B,SE,berlingroup,https://more.example\n"); !strings.Contains(shown, "more than 500 hosts") {
		t.Errorf("the page says %.2000s", shown)
	}
	confirm.Set("content", file)
	if answer := d.postParts(page+"/import", confirm); answer.Code != http.StatusSeeOther || len(d.only().Banks) != 502 { // two were there
		t.Errorf("%d, and %d banks are there", answer.Code, len(d.only().Banks))
	}
}

// postParts sends a form as a page with a file does: each field is a part of it.
func (d *desk) postParts(address string, form url.Values) *httptest.ResponseRecorder {
	d.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			if err := parts.WriteField(name, value); err != nil {
				d.Fatal(err)
			}
		}
	}
	if err := parts.Close(); err != nil {
		d.Fatal(err)
	}
	r, w := httptest.NewRequest(http.MethodPost, address, &body), httptest.NewRecorder()
	r.Header.Set("Content-Type", parts.FormDataContentType())
	d.mux.ServeHTTP(w, r)
	return w
}

// TestFaultsArePartlyNamed: of a file that is broken throughout, the page says how much
// was not read, and stays a page.
func TestFaultsArePartlyNamed(t *testing.T) {
	d, page := newDeskWithBanks(t)
	for name, file := range map[string]string{
		"lines":   "id,name,country\n" + strings.Repeat("x\n", 200_000),
		"columns": "id,name,country" + strings.Repeat(",", 200_000) + "\n",
	} {
		_, shown := d.upload(page+"/import", file)
		if !strings.Contains(shown, "200,000 problems") || !strings.Contains(shown, "199,800 more are not named here.") {
			t.Errorf("%s: how much is not read is not said: %.2000s", name, shown)
		}
		if size := len(shown) - len(file); size > 256<<10 {
			t.Errorf("%s: the page has %d bytes beside the file", name, size)
		}
	}
}

// TestWarningStandsApart: no name that is written from the right stands in one line with
// what warns of a host.
func TestWarningStandsApart(t *testing.T) {
	d, page := newDeskWithBanks(t)
	_, shown := d.upload(page+"/import", "id,name,country,dialect,api\na,"+arabic+",SE,berlingroup,https://10.0.0.1\n")
	for _, part := range []string{
		`aria-describedby="host-https://10.0.0.1-caution host-https://10.0.0.1-hint"`, `-hint">For ` + arabic + `</span>`,
		`<span class="caution" id="host-https://10.0.0.1-caution">`, `It lies on this machine, or in a private network.</span>`,
	} {
		if !strings.Contains(shown, part) {
			t.Errorf("%s is not on the page: %s", part, shown)
		}
	}
}

// TestFormKeepsWhatItDoesNotAsk: of a bank's profile from a file, saving the form changes
// what was changed in it.
func TestFormKeepsWhatItDoesNotAsk(t *testing.T) {
	d, page := newDeskWithBanks(t)
	before := d.only()
	at, _ := before.Bank("HAMNSEG0")
	filed := xs2a.Profile{Dialect: xs2a.BankOfGeorgia.Name, APIURL: "https://hamn.example", Signing: xs2a.SignDetached, Approaches: "redirect decoupled", Reports: "camt json"}
	if err := d.app.Banks().SetProfile(t.Context(), before.ID, at.ID, filed); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"dialect": {filed.Dialect}, "api_url": {filed.APIURL}, "signing": {string(filed.Signing)}, "reports": {"json", "camt"}}
	if answer := d.postForm(page+"/banks/HAMNSEG0", form); answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d %s", answer.Code, answer.Body)
	}
	if bank, _ := d.only().Bank("HAMNSEG0"); bank.Profile != filed {
		t.Errorf("%+v", bank.Profile)
	}
	form.Set("prefix_consents", "%zz?x#y")
	if answer := d.postForm(page+"/banks/HAMNSEG0", form); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "begins with a slash") {
		t.Errorf("a path that is none: %d", answer.Code)
	}
}

// TestBankDepartsFromItsEnvironment gives a bank a profile of its own, and takes it back.
func TestBankDepartsFromItsEnvironment(t *testing.T) {
	d, page := newDeskWithBanks(t)
	before := d.only()
	address := page + "/banks/RIONGE22"
	shown := d.get(address)
	if !strings.Contains(shown, "This bank is spoken to as My bank says.") || !strings.Contains(shown, `value="https://bank.example"`) {
		t.Errorf("the page says %s", shown)
	}
	form := map[string]string{"dialect": xs2a.BankOfGeorgia.Name, "api_url": "https://rioni.example/", "signing": "jws", "login": "", "mtls": "yes", "reports": "mt940", "prefix_products": "/p"}
	if answer := d.post(address, form, "", nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d %s", answer.Code, answer.Body)
	}
	want := xs2a.Profile{Dialect: xs2a.BankOfGeorgia.Name, APIURL: "https://rioni.example", Signing: xs2a.SignDetached, MTLS: true, Reports: "mt940", Prefix: xs2a.Prefixes{Products: "/p"}}
	e := d.only()
	if bank, _ := e.Bank("RIONGE22"); bank.Profile != want || !reflect.DeepEqual(e.Profile, before.Profile) || e.ProfileOf("HAMNSEG0") != before.Profile {
		t.Errorf("%+v", e)
	}
	if shown := d.get(page); !strings.Contains(shown, "Bank of Georgia\u00a0· client certificate") {
		t.Errorf("the environment says %s", shown)
	}

	// A list typed anew keeps what is known of its banks.
	d.post(page, berlin(map[string]string{"name": "Renamed"}), "", nil)
	if bank, _ := d.only().Bank("RIONGE22"); bank.Profile != want {
		t.Errorf("the profile was lost: %+v", bank)
	}

	answer := d.post(address, map[string]string{"dialect": xs2a.BerlinGroup.Name, "api_url": "nowhere"}, "", nil)
	if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "begins with https") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	d.post(address, map[string]string{"as": asEnvironment}, "", nil)
	if bank, _ := d.only().Bank("RIONGE22"); bank.Profile != (xs2a.Profile{}) {
		t.Errorf("%+v", bank)
	}
}

// TestFileChosen tells a file that is empty from none, and says at its field what keeps
// a file from being read.
func TestFileChosen(t *testing.T) {
	d, page := newDeskWithBanks(t)
	for _, test := range []struct {
		name, fileName string
		file           []byte
		says           string
	}{
		{"none", "", nil, "Choose a file."},
		{"an empty one", "file", []byte{}, "The file is empty."},
		{"one too large", "file", make([]byte, bank.MaxFile+1), "The file is larger than 512 KB."},
	} {
		answer := d.post(page+"/import", nil, test.fileName, test.file)
		_, at, marked := strings.Cut(answer.Body.String(), `id="file-error"`)
		if message, _, _ := strings.Cut(at, "</span>"); answer.Code != http.StatusUnprocessableEntity || !marked || !strings.Contains(message, test.says) {
			t.Errorf("%s: %d %s", test.name, answer.Code, message)
		}
	}
}

// TestFileIsReadBeforeTheWrite says what is wrong with a file without waiting for the
// store: nobody who writes waits for a file to be read either.
func TestFileIsReadBeforeTheWrite(t *testing.T) {
	d, _ := newDeskWithBanks(t)
	over, end := context.WithCancel(t.Context())
	end() // nothing can be written any more
	var refused *app.Error
	if _, _, err := d.app.Banks().Import(over, d.only().ID, []byte("nothing"), nil); !errors.As(err, &refused) || refused.Code != failure.BankFileUnreadable {
		t.Errorf("%v", err)
	}
}
