package fault_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"consentry/app/failure"
	"consentry/app/fault"
	"consentry/xs2a/sandbox"
)

// bench is the faults of practice banks that run, with a consent there.
type bench struct {
	*testing.T
	*fault.Faults
	base string
	sent int // requests
}

func newBench(t *testing.T) *bench {
	t.Helper()
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { banks.Close() })
	return &bench{T: t, Faults: fault.New(banks.Info().Control), base: strings.TrimSuffix(banks.Info().Control, "/_control")}
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) board(bank string) fault.Board {
	b.Helper()
	board, err := b.Board(b.Context(), bank)
	b.must(err)
	return board
}

// send sends a request to a bank and returns the status.
func (b *bench) send(method, path, body string) int {
	b.Helper()
	b.sent++
	req, err := http.NewRequest(method, b.base+path, strings.NewReader(body))
	b.must(err)
	for name, value := range map[string]string{
		"X-Request-ID": fmt.Sprintf("%08x-1111-4222-8333-444455556666", b.sent), "Content-Type": "application/json",
		"PSU-IP-Address": "192.0.2.7", "TPP-Redirect-URI": "http://127.0.0.1/callback", "PSU-ID": "astrid",
	} {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	b.must(err)
	defer res.Body.Close()
	return res.StatusCode
}

// asks has a consent wait for its customer.
func (b *bench) asks(bank string) {
	b.Helper()
	const consent = `{"access":{"accounts":[],"balances":[],"transactions":[]},"recurringIndicator":true,"validUntil":"9999-12-31","frequencyPerDay":4,"combinedServiceIndicator":false}`
	if status := b.send("POST", "/berlingroup/"+bank+"/v1/consents", consent); status != http.StatusCreated {
		b.Fatalf("a consent: %d", status)
	}
}

const rheintor = "RHTRDEB0"

// TestPresets has the control take each preset, at one bank, where the board has it; then all
// are taken back, but not what is set at another bank.
func TestPresets(t *testing.T) {
	b := newBench(t)
	b.must(b.SetPreset(t.Context(), "SZGHDEM0", "reads-503"))
	for _, preset := range fault.Presets {
		b.must(b.SetPreset(t.Context(), rheintor, preset.ID))
	}
	board := b.board(rheintor)
	for i, set := range board.Faults {
		if want := fault.Presets[i]; set.Name != want.ID || set.Bank != rheintor || set.Count != want.Fault.Count {
			t.Errorf("%s: %+v", want.ID, set)
		}
	}
	if len(board.Faults) != len(fault.Presets) || !board.Faults[len(board.Faults)-1].UntilRemoved() {
		t.Errorf("%d faults", len(board.Faults))
	}
	for _, operation := range []string{fault.Reads, fault.Consents, fault.Approvals, fault.Payments, fault.Tokens} {
		if !slices.ContainsFunc(board.Operations, func(o fault.Operation) bool { return o.Group == operation }) {
			t.Errorf("the control has no %s", operation)
		}
	}
	b.must(b.Remove(t.Context(), board.Faults[0].ID))
	b.must(b.Remove(t.Context(), board.Faults[0].ID)) // from another window
	b.must(b.Clear(t.Context(), rheintor))
	if left := b.board("").Faults; len(left) != 1 || left[0].Bank != "SZGHDEM0" {
		t.Errorf("left: %+v", left)
	}
	b.must(b.Clear(t.Context(), ""))
	if left := b.board("").Faults; len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
	fails(t, b.SetPreset(t.Context(), rheintor, "none"), failure.CheckFields, "preset")
}

// TestHits are told with what they met.
func TestHits(t *testing.T) {
	b := newBench(t)
	b.must(b.SetPreset(t.Context(), rheintor, "consent-503"))
	if status := b.send("POST", "/berlingroup/rheintor/v1/consents", "{}"); status != http.StatusServiceUnavailable {
		t.Errorf("%d", status)
	}
	board := b.board(rheintor)
	if len(board.Faults) != 0 || len(board.Hits) != 1 || len(b.board("SZGHDEM0").Hits) != 0 {
		t.Fatalf("%+v", board)
	}
	if hit := board.Hits[0]; hit.Fault.Name != "consent-503" || hit.Operation != "createConsent" || hit.RequestID != "00000001-1111-4222-8333-444455556666" || hit.At.IsZero() {
		t.Errorf("%+v", hit)
	}
}

// TestScenes are what a presenter lets go wrong.
func TestScenes(t *testing.T) {
	b := newBench(t)
	for _, scene := range []string{fault.SaysNo, fault.RunsOut} {
		fails(t, b.Play(t.Context(), rheintor, scene), failure.NothingWaits)
		b.asks("rheintor")
		if waiting := b.board(rheintor).Approvals; len(waiting) != 1 || len(b.board("SZGHDEM0").Approvals) != 0 {
			t.Fatalf("%s: %+v", scene, waiting)
		}
		b.must(b.Play(t.Context(), rheintor, scene))
		if waiting := b.board(rheintor).Approvals; len(waiting) != 0 {
			t.Errorf("%s: %+v", scene, waiting)
		}
	}
	for _, scene := range []string{fault.BankDown, fault.FlatPhone} {
		b.must(b.Play(t.Context(), rheintor, scene))
	}
	if board := b.board(rheintor); len(board.Faults) != 1 || !slices.Equal(board.FlatPhones, []string{rheintor}) {
		t.Errorf("%+v", board)
	}
	if status := b.send("GET", "/berlingroup/rheintor/v1/accounts", ""); status != http.StatusServiceUnavailable {
		t.Errorf("it is not down: %d", status)
	}
	b.must(b.SetPreset(t.Context(), "", fault.BankDown)) // of all banks, which is none of this one's
	b.must(b.SetPreset(t.Context(), rheintor, "reads-503"))
	for _, scene := range []string{fault.BankDown, fault.FlatPhone} {
		if now, err := b.Now(t.Context(), rheintor); err != nil || !now.Playing(rheintor, scene) || now.Playing("SZGHDEM0", scene) {
			t.Errorf("%s: %+v, %v", scene, now, err)
		}
		b.must(b.TakeBack(t.Context(), rheintor, scene))
		b.must(b.TakeBack(t.Context(), rheintor, scene)) // twice is no error
	}
	if board := b.board(rheintor); len(board.Faults) != 2 || board.Playing(rheintor, fault.BankDown) || len(board.FlatPhones) != 0 {
		t.Errorf("%+v", board)
	}
	fails(t, b.TakeBack(t.Context(), rheintor, fault.SaysNo), failure.CheckFields, "scene")
	if len(fault.Scenes) != 4 {
		t.Errorf("%v", fault.Scenes)
	}
	fails(t, b.Play(t.Context(), rheintor, "none"), failure.CheckFields, "scene")
}

// TestDeeds are what a bank does with a consent, and with the accounts of who gave it.
func TestDeeds(t *testing.T) {
	b := newBench(t)
	b.asks("sjalvgang") // whose customer approves by themselves, at the third look
	const at = "SJVGSES0"
	waiting := b.board(at)
	for range 3 {
		b.send("GET", "/berlingroup/sjalvgang/v1/consents/"+waiting.Consents[0].ID+"/authorisations/"+waiting.Approvals[0].ID, "")
	}
	board := b.board(at)
	if len(board.Consents) != 1 || board.Consents[0].PSU != "astrid" || board.Consents[0].Accounts < 2 || len(board.Accounts) < 2 {
		t.Fatalf("%+v", board)
	}
	given := board.Consents[0]
	do := func(d fault.Deed) {
		t.Helper()
		d.Bank, d.ID = at, given.ID
		b.must(b.Do(t.Context(), d))
	}
	do(fault.Deed{What: fault.Shorten, Until: "9998-01-31"})
	do(fault.Deed{What: fault.Fewer, Accounts: "1"})
	do(fault.Deed{What: fault.Close, PSU: "astrid", Account: "1"})
	board = b.board(at)
	if now := board.Consents[0]; now.ValidUntil != "9998-01-31" || now.Accounts != 1 || board.Accounts[0].Closed || !board.Accounts[1].Closed {
		t.Errorf("%+v", board)
	}
	do(fault.Deed{What: fault.More})
	do(fault.Deed{What: fault.Reopen, PSU: "astrid", Account: "1"})
	do(fault.Deed{What: fault.Forget})
	board = b.board(at)
	if now := board.Consents[0]; now.Accounts < 2 || !now.Forgotten || board.Accounts[1].Closed {
		t.Errorf("%+v", board)
	}
	fails(t, b.Do(t.Context(), fault.Deed{What: fault.Shorten, Bank: at, ID: given.ID, Until: "soon"}), failure.CheckFields, "until")
	fails(t, b.Do(t.Context(), fault.Deed{What: fault.Fewer, Bank: at, ID: given.ID, Accounts: "99"}), failure.CheckFields, "accounts")
	fails(t, b.Do(t.Context(), fault.Deed{What: fault.Close, Bank: at, Account: "x"}), failure.CheckFields, "account")
	fails(t, b.Do(t.Context(), fault.Deed{What: "else"}), failure.CheckFields, "what")
	fails(t, b.Do(t.Context(), fault.Deed{What: fault.Revoke, ID: "../clock"}), failure.FaultNotTaken)
	do(fault.Deed{What: fault.Revoke})
	if board := b.board(at); len(board.Consents) != 0 {
		t.Errorf("%+v", board)
	}
}

// TestForm reads what was typed, and the control takes each that is read.
func TestForm(t *testing.T) {
	b := newBench(t)
	for name, each := range map[string]struct {
		form  fault.Form
		wrong []string
	}{
		"a status":               {fault.Form{Kind: fault.AStatus, Status: "503", RetryAfter: "60", Requests: "3", Operation: "getAccountList"}, nil},
		"with a code":            {fault.Form{Kind: fault.AStatus, Status: " 429 ", Code: "ACCESS_EXCEEDED", Requests: "1"}, nil},
		"another body":           {fault.Form{Kind: fault.ABody, Body: "{}", MediaType: "text/html; charset=utf-8", Requests: "1"}, nil},
		"no body":                {fault.Form{Kind: fault.ABody, Status: "200", Requests: "1"}, nil},
		"garbage, late and slow": {fault.Form{Kind: fault.Garbage, Delay: "10", Slow: "10", Requests: "1000"}, nil},
		"cut in the middle":      {fault.Form{Kind: fault.CutMiddle, Slow: "2", Requests: "3"}, nil},
		"cut, after":             {fault.Form{Kind: fault.Cut, After: true, Requests: "1"}, nil},
		"late":                   {fault.Form{Delay: "20", After: true, Requests: "1", Bank: rheintor}, nil},
		"the wrong type":         {fault.Form{MediaType: "application/octet-stream", Requests: "1"}, nil},

		"nothing at all":        {fault.Form{}, []string{"requests", "kind"}},
		"too many":              {fault.Form{Kind: fault.Cut, Requests: "1001"}, []string{"requests"}},
		"no status":             {fault.Form{Kind: fault.AStatus, Requests: "1"}, []string{"status"}},
		"a status of none":      {fault.Form{Kind: fault.AStatus, Status: "199", Requests: "1"}, []string{"status"}},
		"a body with no status": {fault.Form{Kind: fault.ABody, Status: "0", Requests: "1"}, []string{"status"}},
		"a code that is fine":   {fault.Form{Kind: fault.AStatus, Status: "200", Code: "X", Requests: "1"}, []string{"code"}},
		"a long code":           {fault.Form{Kind: fault.AStatus, Status: "400", Code: strings.Repeat("X", 101), Requests: "1"}, []string{"code"}},
		"too late together":     {fault.Form{Delay: "15", Slow: "15", Requests: "1"}, []string{"slow"}},
		"not a number":          {fault.Form{Delay: "1.5", Slow: "-1", Requests: "1"}, []string{"delay", "slow", "kind"}},
		"not a media type":      {fault.Form{MediaType: "html", Requests: "1"}, []string{"media_type"}},
		"a header in it":        {fault.Form{MediaType: "text/html\r\nX: y", Requests: "1"}, []string{"media_type"}},
		"a slow cut":            {fault.Form{Kind: fault.Cut, Slow: "1", Requests: "1"}, []string{"slow"}},
		"a long body":           {fault.Form{Kind: fault.ABody, Body: strings.Repeat("x", 49<<10), Requests: "1"}, []string{"body"}},
		"bytes for a body":      {fault.Form{Kind: fault.ABody, Body: "\xff", Requests: "1"}, []string{"body"}},
		"another kind":          {fault.Form{Kind: "else", Requests: "1"}, []string{"kind"}},
	} {
		set, err := each.form.Fault()
		if each.wrong != nil {
			fails(t, err, failure.CheckFields, each.wrong...)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if err := b.Set(t.Context(), set); err != nil {
			t.Errorf("%s: the control does not take %+v: %v", name, set, err)
		}
	}
}

// TestStopped fails where there are no practice banks, or none answer.
func TestStopped(t *testing.T) {
	none := fault.New("")
	_, err := none.Board(t.Context(), "")
	fails(t, err, failure.PracticeStopped)
	fails(t, none.Clear(t.Context(), rheintor), failure.PracticeStopped)
	fails(t, none.Play(t.Context(), rheintor, fault.BankDown), failure.PracticeStopped)
	gone := fault.New("http://127.0.0.1:1/_control")
	_, err = gone.Board(t.Context(), "")
	fails(t, err, failure.FaultsNotRead)
	fails(t, gone.Remove(t.Context(), 1), failure.FaultNotTaken)
}

// fails holds an error to be a failure of a code, with these fields.
func fails(t *testing.T, err error, code string, fields ...string) {
	t.Helper()
	var failed *failure.Error
	if !errors.As(err, &failed) || failed.Code != code {
		t.Errorf("%v, not %s", err, code)
		return
	}
	slices.Sort(fields)
	if got := slices.Sorted(maps.Keys(failed.Fields)); !slices.Equal(got, fields) {
		t.Errorf("fields %v, not %v", got, fields)
	}
}
