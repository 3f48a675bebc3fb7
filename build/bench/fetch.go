package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/heap"
	"consentry/app/sca"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a/sandbox"
	"consentry/xs2a/sandbox/visitor"
)

// fetchTimes is what a process measured that fetched.
type fetchTimes struct {
	Rows, Dropped      int
	First, FirstCPU    time.Duration
	Again, AgainCPU    time.Duration
	Merged             time.Duration // of putting the index of words together, when nothing is fetched
	Waited             time.Duration // longest, of another write during the first
	Peak               int64         // bytes of memory at most
	Accounts, Accesses int

	bank time.Duration // of processor, both times together
}

// fetchChild links a bank whose account has so many transactions, fetches them twice, and prints
// what that took.
func fetchChild(args []string) error {
	data, order, words := args[0], args[3], args[5] == withWords
	rows, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	page, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	var info sandbox.Info
	if err := json.Unmarshal([]byte(args[4]), &info); err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	heap.Make() // as the program does
	ctx, log := context.Background(), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	key, err := secret.LoadWithoutKeyring(data, log)
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, data, key, time.Now)
	if err != nil {
		return err
	}
	program := app.New(app.Config{Store: store, Log: log, Control: info.Control, CallbackURL: "http://127.0.0.1:1/callback", Pause: 50 * time.Millisecond})
	defer store.Close()
	defer program.Close()
	if !words {
		if err := leaveWordsOut(data); err != nil {
			return err
		}
	}
	consent, err := link(ctx, program, info, rows, page, order)
	if err != nil {
		return err
	}
	var took fetchTimes
	stop := make(chan struct{})
	waited := make(chan time.Duration)
	go otherWrites(ctx, store, stop, waited)
	if err := profile(""); err != nil {
		return err
	}
	if took.First, took.FirstCPU, err = fetch(program, consent, nil); err != nil {
		return err
	}
	pprof.StopCPUProfile()
	close(stop)
	took.Waited = <-waited
	took.Peak = peak()
	if err := forgetRead(data); err != nil {
		return err
	}
	if err := profile(".again"); err != nil {
		return err
	}
	if took.Again, took.AgainCPU, err = fetch(program, consent, func() { program.Reader().Fetch(consent, person) }); err != nil {
		return err
	}
	pprof.StopCPUProfile()
	if took.Dropped, err = withoutRow(ctx, program, data, 2*rows/page); err != nil {
		return err
	}
	if words {
		begun := time.Now()
		if err := store.MergeWords(ctx); err != nil {
			return err
		}
		took.Merged = time.Since(begun)
	}
	accounts, err := program.Holdings().Accounts(ctx)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		n, err := program.Holdings().CountTransactions(ctx, account.ID)
		if err != nil {
			return err
		}
		took.Rows += n
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

// profile begins to keep a profile of the processor in BENCH_PROFILE, if that is set.
func profile(suffix string) error {
	file := os.Getenv("BENCH_PROFILE")
	if file == "" {
		return nil
	}
	out, err := os.Create(file + suffix)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(out)
}

var person = app.Person{IPAddress: "127.0.0.1", UserAgent: "Bench"}

// link links a bank up to the moment at which its fetch begins.
func link(ctx context.Context, program *app.App, info sandbox.Info, rows, page int, order string) (consent string, err error) {
	environment := bank.Practice(info)
	if err := program.UseSandbox(ctx, environment); err != nil {
		return "", err
	}
	if err := program.Banks().Refresh(ctx, bank.SandboxID); err != nil {
		return "", err
	}
	psu := info.PSUs[0]
	banks, err := program.Banks().List(ctx, storage.ASPSPQuery{})
	if err != nil {
		return "", err
	}
	for _, listed := range banks {
		if listed.Dialect != "openpayments" {
			continue
		}
		share := program.DefaultShare(bank.SandboxID)
		share.EnvironmentID, share.BIC = listed.EnvironmentID, listed.BIC
		flow, err := program.Ask(ctx, share, person)
		if err != nil {
			return "", err
		}
		asked, err := program.Flow(ctx, flow)
		if err != nil {
			return "", err
		}
		if asked.Step != "oauth" {
			continue
		}
		body := fmt.Sprintf(`{"bank":%q,"psu":%q,"account":0,"entries":%d,"page":%d,"order":%q}`, listed.BIC, psu.Login, rows, page, order)
		res, err := http.Post(info.Control+"/accounts", "application/json", bytes.NewBufferString(body))
		if err != nil {
			return "", err
		}
		if res.Body.Close(); res.StatusCode != http.StatusOK {
			return "", fmt.Errorf("the practice banks answered %s", res.Status)
		}
		page, err := program.SCA().Redirect(ctx, flow, person)
		if err != nil {
			return "", err
		}
		back, err := visitor.Person{Login: psu.Login, Password: psu.Password, Code: psu.Code}.Visit(page)
		if err != nil {
			return "", err
		}
		came, _, err := program.SCA().Returned(ctx, back.Query(), person)
		if err != nil || came != sca.ReturnTaken {
			return "", fmt.Errorf("the return was not taken: %v, %v", came, err)
		}
		return asked.Consent.ID, nil
	}
	return "", errors.New("no practice bank has a page to log in")
}

// fetch waits for a fetch that begins, and measures it.
func fetch(program *app.App, consent string, begin func()) (time.Duration, time.Duration, error) {
	cpu := used()
	if begin != nil {
		begin()
	} else {
		for program.Reader().Job(consent) == nil {
			time.Sleep(time.Millisecond)
		}
	}
	begun := time.Now()
	for {
		if job := program.Reader().Job(consent); job != nil && !job.Running() {
			took, processor := time.Since(begun), used()-cpu
			if job.Err != nil {
				return took, processor, job.Err
			}
			return took, processor, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// forgetRead makes all days of all accounts be asked for once more.
func forgetRead(data string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, storage.FileName)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`UPDATE account SET booked_to = ''`)
	return err
}

// withWords and rowsAlone say whether a fetch has its index of words.
const withWords, rowsAlone = "words", "rows"

// leaveWordsOut puts something in the place of the index of words that takes what it is given and
// keeps nothing: so the fetch is compared with a command line that imports rows alone.
func leaveWordsOut(data string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, storage.FileName)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`DROP TABLE entry_text;
		CREATE VIEW entry_text AS SELECT 0 AS rowid, '' AS words, '' AS entry_text, 0 AS rank WHERE 0;
		CREATE TRIGGER entry_text_none INSTEAD OF INSERT ON entry_text BEGIN SELECT 1; END`)
	return err
}

// withoutRow counts the exchanges that have no row in the record: those that were lost, and what is
// missing to so many as the two fetches need at least, by the numbers that rows have.
func withoutRow(ctx context.Context, program *app.App, data string, least int) (int, error) {
	if err := program.Record().Flush(ctx); err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, storage.FileName)+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var last int // ids rise by one, and the oldest go
	if err := db.QueryRow(`SELECT coalesce(max(id), 0) FROM exchange WHERE method = 'GET'`).Scan(&last); err != nil {
		return 0, err
	}
	return int(program.Record().Lost()) + max(least-last, 0), nil
}

// otherWrites writes again and again, as a person does, and tells how long that took at most.
func otherWrites(ctx context.Context, store *storage.Store, stop chan struct{}, waited chan time.Duration) {
	var longest time.Duration
	for {
		select {
		case <-stop:
			waited <- longest
			return
		case <-time.After(20 * time.Millisecond):
		}
		begun := time.Now()
		if err := store.NoteSeen(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "another write:", err)
		}
		longest = max(longest, time.Since(begun))
	}
}

// used is the processor time of this process.
func used() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peak is the most memory this process had, in bytes.
func peak() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(line, "VmHWM:"); is {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}
