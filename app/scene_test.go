package app_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/app/stage"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a"
	"consentry/xs2a/sandbox"
)

// practising is a program with practice banks inside it, all of them, and a live bank
// beside them: that one is of banks of a process of their own, as the program sees it.
type practising struct {
	*app.App
	store *storage.Store
	dir   string
	live  sandbox.Info
}

func newPractising(t testing.TB) *practising {
	t.Helper()
	dir, key := fresh.Folder(t)
	clock := &testClock{}
	clock.noon() // days are counted
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1, Keys: keys(), Now: clock.Now, Opened: clock.Now().AddDate(0, -1, 0), State: filepath.Join(dir, folder.State)})
	if err != nil {
		t.Fatal(err)
	}
	live, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 2, Keys: keys(), Now: clock.Now, Opened: clock.Now().AddDate(0, -2, 0)})
	if err != nil {
		t.Fatal(err)
	}
	p := &practising{dir: dir, live: live.Info()}
	if p.store, err = storage.Open(t.Context(), dir, key, clock.Now); err != nil {
		t.Fatal(err)
	}
	p.App = app.New(app.Config{Store: p.store, Now: clock.Now, CallbackURL: here, Control: banks.Info().Control, Pause: 20 * time.Millisecond, Patience: patience})
	t.Cleanup(func() { p.App.Close(); p.store.Close(); banks.Close(); live.Close() })
	for _, err := range []error{p.UseSandbox(t.Context(), bank.Practice(banks.Info())), p.Banks().Refresh(t.Context(), bank.SandboxID)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// linksLive links the live bank, without SCA, and writes a note on a transaction there.
func (p *practising) linksLive(t testing.TB) {
	t.Helper()
	e := bank.Practice(p.live)
	e.ID, e.Name, e.Sandbox = "live", "Live", false
	if err := errors.Join(p.store.PutEnvironment(t.Context(), e), p.store.ListBanks(t.Context(), e.ID, xs2a.CountryName)); err != nil {
		t.Fatal(err)
	}
	share := p.DefaultShare("live")
	share.BIC, share.PSUID = "freipass", "lukas"
	id, err := p.Ask(t.Context(), share, person)
	if err != nil {
		t.Fatal(err)
	}
	flow, err := p.Flow(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); !p.fetched(flow.Consent.ID); time.Sleep(10 * time.Millisecond) {
		if err := p.SCA().Poll(t.Context(), id, person); err != nil || time.Now().After(deadline) {
			t.Fatalf("the live bank is not linked: %v", err)
		}
	}
	accounts, err := p.Holdings().Accounts(t.Context())
	if err != nil || len(accounts) == 0 {
		t.Fatalf("no account: %v", err)
	}
	found, err := p.store.Find(t.Context(), storage.Find{}, 0, 10)
	if err != nil || len(found.Transactions) == 0 {
		t.Fatalf("no transaction: %v", err)
	}
	if err := p.store.SetNote(t.Context(), found.Transactions[0].ID, storage.Note{Text: "of a live bank", Tags: []string{"mine"}}); err != nil {
		t.Fatal(err)
	}
}

func (p *practising) fetched(consentID string) bool {
	job := p.Reader().Job(consentID)
	return job != nil && !job.Running() && job.Err == nil
}

// rows are all that a database holds, by table, but for the inside of the index of words.
func (p *practising) rows(t testing.TB) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, folder.Database)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'entry_text%' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	all := map[string][]string{}
	for _, name := range names {
		found, err := db.QueryContext(t.Context(), `SELECT * FROM "`+name+`"`)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := found.Columns()
		for found.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			all[name] = append(all[name], fmt.Sprintf("%v", values))
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all[name])
	}
	return all
}

// TestReset sets a scene, writes on it, and takes the practice world back: every row of a live
// bank is as it was, byte for byte, and is found by its words; of the practice banks nothing is
// left, there or here, and they can be linked again.
func TestReset(t *testing.T) {
	t.Parallel()
	for _, beside := range []bool{false, true} {
		p := newPractising(t)
		if beside {
			p.linksLive(t)
		}
		if err := p.Record().Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := p.rows(t)
		three, err := stage.SceneOf("three-banks")
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetScene(t.Context(), three, person); err != nil {
			t.Fatal(err)
		}
		if err := p.Clock().Move(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		all, err := p.store.Find(t.Context(), storage.Find{}, 0, 10)
		if err != nil || len(all.Transactions) == 0 {
			t.Fatalf("no transaction: %v", err)
		}
		if err := p.store.SetNote(t.Context(), all.Transactions[0].ID, storage.Note{Text: "of a practice bank", Tags: []string{"show"}}); err != nil {
			t.Fatal(err)
		}
		if is, err := p.Practice(t.Context()); err != nil || is.Consents != 3 || is.Accounts == 0 || is.Transactions == 0 || is.Notes != 1 {
			t.Fatalf("%+v, %v", is, err)
		}
		if err := p.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		if is, err := p.Practice(t.Context()); err != nil || !is.Empty() {
			t.Errorf("left: %+v, %v", is, err)
		}
		if err := p.Record().Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := p.rows(t)
		// The directory of the practice banks was asked before; that is no part of a live bank.
		before["exchange"] = slices.DeleteFunc(before["exchange"], func(row string) bool { return strings.Contains(row, bank.DirectoryFlow) })
		for _, table := range slices.Sorted(maps.Keys(after)) {
			if table == "turnover_change" { // it counts that something changed, which it did
				continue
			}
			if !slices.Equal(before[table], after[table]) {
				t.Errorf("live bank %v, %s: %d rows before, %d after", beside, table, len(before[table]), len(after[table]))
			}
		}
		if ahead := p.Clock().Ahead(); ahead != 0 {
			t.Errorf("the clock is %s ahead", ahead)
		}
		want := 0
		if beside {
			want = 1
		}
		if found, err := p.store.Find(t.Context(), storage.Find{Terms: []storage.Term{{Tag: "mine"}}}, 0, 10); err != nil || len(found.Transactions) != want {
			t.Errorf("%d live transactions with the tag, %v", len(found.Transactions), err)
		}
		if found, err := p.store.Find(t.Context(), storage.Find{Terms: []storage.Term{{Tag: "show"}}}, 0, 10); err != nil || len(found.Transactions) != 0 {
			t.Errorf("%d practice transactions with the tag, %v", len(found.Transactions), err)
		}
		if err := p.SetScene(t.Context(), three, person); err != nil {
			t.Errorf("set again: %v", err)
		}
	}
}

// TestScenesStand sets each scene of the program and looks at what it leads to.
func TestScenesStand(t *testing.T) {
	t.Parallel()
	p := newPractising(t)
	for _, s := range stage.Scenes() {
		if err := p.SetScene(t.Context(), s, person); err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		ends, valid := map[storage.End]int{}, 0
		consents, err := p.Consents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range consents {
			if ends[c.End]++; !c.Ended() && c.Status == xs2a.ConsentValid {
				valid++
			}
			if c.FetchedAt.IsZero() {
				t.Errorf("%s: %s was not read: it is %s, %s, and has\n%+v", s.Name, c.BankName, c.Status, c.End, c)
			}
		}
		is := fmt.Sprint(valid, ends[storage.EndWithdrawn], ends[storage.EndExpired], int(p.Clock().Ahead().Hours()/24+0.1))
		if want := map[string]string{
			"one-bank": "1 0 0 0", "three-banks": "3 0 0 0", "eight-banks": "8 0 0 0", "half-a-year": "1 0 2 181", "ends-in-a-week": "2 0 0 173",
			"withdrawal-refused": "1 1 0 0", "salary-day": "1 0 0 30", "taken-back": "2 0 0 0", "bank-down": "1 0 0 0",
			"renewed": "2 0 0 175", "payments": "1 0 0 0",
		}[s.Name]; is != want {
			t.Errorf("%s: valid, withdrawn, expired, days: %s, want %s", s.Name, is, want)
		}
		switch s.Name {
		case "withdrawal-refused":
			if i := slices.IndexFunc(consents, func(c storage.Consent) bool { return c.Acknowledgement == storage.AckRefused }); i < 0 {
				t.Error("no bank has refused a withdrawal")
			}
		case "salary-day":
			if found, err := p.store.Find(t.Context(), storage.Find{Terms: []storage.Term{{Word: "nordvik"}}}, 0, 10); err != nil || len(found.Transactions) != 1 || found.Transactions[0].Note.Text == "" {
				t.Errorf("the salary came %d times, %v", len(found.Transactions), err)
			}
		case "payments":
			if stands := p.did(t); strings.Count(stands, "taken") != 4 || !strings.Contains(stands, "composed") || !strings.Contains(stands, "Monthly") {
				t.Errorf("payments: %s", stands)
			}
		}
	}
}

// TestSceneNow saves what stands as a scene, which leads to the same again.
func TestSceneNow(t *testing.T) {
	t.Parallel()
	p := newPractising(t)
	p.saves(t, "withdrawal-refused", "payments")
}

// saves sets scenes, saves each as it stands, sets what was saved, and wants the same to stand again.
func (p *practising) saves(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		s, err := stage.SceneOf(name)
		if err == nil {
			err = p.SetScene(t.Context(), s, person)
		}
		if err != nil {
			t.Fatal(err)
		}
		saved, left, err := p.SceneNow(t.Context(), "Mine")
		if err != nil || len(left.Banks) > 0 || left.Payments != 0 || left.Notes != 0 || left.Names != 0 {
			t.Fatalf("%s: %v, left out: %+v", name, err, left)
		}
		was := p.did(t)
		read, err := stage.ParseScene(saved.Write(nil))
		if err == nil {
			err = p.SetScene(t.Context(), read, person)
		}
		if err != nil {
			t.Fatalf("%s: %v", saved.Write(nil), err)
		}
		if is := p.did(t); is != was {
			t.Errorf("%s: it was\n%s\nis\n%s\nby\n%s", name, was, is, saved.Write(nil))
		}
	}
}

// told is what stands, in a few words.
func (p *practising) told(t testing.TB) string {
	t.Helper()
	consents, err := p.Consents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := []string{fmt.Sprint(int(p.Clock().Ahead().Hours()/24 + 0.1))}
	for _, c := range consents {
		all = append(all, fmt.Sprint(c.BIC, c.ValidUntil, c.Status, c.End, c.FrequencyPerDay))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestSceneThatCannotBe says which line is to blame, and why; nothing is done where the scene
// names a bank there is not.
func TestSceneThatCannotBe(t *testing.T) {
	t.Parallel()
	p := newPractising(t)
	one, err := stage.SceneOf("one-bank")
	if err == nil {
		err = p.SetScene(t.Context(), one, person)
	}
	if err != nil {
		t.Fatal(err)
	}
	story, err := stage.ParseStory([]byte("---\ntitle: T\n---\n## A\nDo: it\nUntil: consent at norrsken bank valid\nUntil: consent at Norsken Bank valid\n"))
	if err != nil {
		t.Fatal(err)
	}
	var mistake *stage.Mistake
	if err := p.CheckStory(t.Context(), story); !errors.As(err, &mistake) || mistake.Line != 7 || mistake.Problem.Code != failure.StageNoBank {
		t.Errorf("a story of a bank there is not: %v", err)
	}
	for _, each := range []struct {
		file string
		line int
		code string
		left int // consents
	}{
		{"title: a\nlink Norrsken Bank as astrid\nlink Elsewhere as astrid\n", 3, failure.StageNoBank, 1},
		{"title: a\nlink Norrsken Bank as nobody\n", 2, "", 1},
		{"title: a\npay 1.00 EUR at Rheintor Bank as lukas to DE89370400440532013001 B\n", 2, "ibanDigits", 0},
		{"title: a\npay 1.00 EUR at Rheintor Bank as lukas on account 99 to DE89370400440532013000 B\n", 2, failure.StageNoAccount, 0},
		{"title: a\nlink Rheintor Bank as lukas\nnote -0.01 at Rheintor Bank from B: c\n", 3, failure.StageNoEntry, 1},
		{"title: a\n\nlink Sperrwerk Bank as lukas\n", 3, failure.WrongCertificate, 0},
	} {
		s, err := stage.ParseScene([]byte(each.file))
		if err != nil {
			t.Fatal(err)
		}
		err = p.SetScene(t.Context(), s, person)
		var failed *app.Error
		if !errors.As(err, &failed) || failed.Code != failure.StageNotSet || failed.Number != each.line ||
			each.code != "" && (failed.Because == nil || failed.Because.Code != each.code) {
			t.Errorf("%q: %v", each.file, err)
		}
		if consents, err := p.Consents(t.Context()); err != nil || len(consents) != each.left {
			t.Errorf("%q: %d consents, %v", each.file, len(consents), err)
		}
	}
}

// TestResetWhileReading takes the practice world back while accounts are being read.
func TestResetWhileReading(t *testing.T) {
	t.Parallel()
	p := newPractising(t)
	one, err := stage.SceneOf("one-bank")
	if err == nil {
		err = p.SetScene(t.Context(), one, person)
	}
	if err != nil {
		t.Fatal(err)
	}
	consents, err := p.Consents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, wait := range []string{`{"path": "/accounts", "delay": "15s", "count": 9}`} {
		answer, err := http.Post(p.control(t)+"/faults", "application/json", strings.NewReader(wait))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	p.Reader().Fetch(consents[0].ID, person)
	if err := p.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if is, err := p.Practice(t.Context()); err != nil || !is.Empty() || !p.Reader().Idle() {
		t.Errorf("left: %+v, %v", is, err)
	}
}

// control is where the practice banks inside the program are played.
func (p *practising) control(t testing.TB) string {
	t.Helper()
	e, err := p.Banks().Environment(t.Context(), bank.SandboxID)
	if err != nil {
		t.Fatal(err)
	}
	return e.Profile.APIURL + "/_control"
}
