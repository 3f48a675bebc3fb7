package app_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/agreement"
)

// What tells the test binary to be the program that is killed: where its data lie, under which consent
// it is to do what, and how far its clock is ahead.
const (
	killDir     = "CONSENTRY_KILL_DIR"
	killConsent = "CONSENTRY_KILL_CONSENT"
	killWork    = "CONSENTRY_KILL_WORK"
	killAhead   = "CONSENTRY_KILL_AHEAD"
)

// TestMain runs the tests, or the program that TestKilledFetch kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		if err := workUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := os.Setenv("CONSENTRY_KEYRING", "off"); err != nil { // a backup's key goes where the machine has keys
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(severalAtOnce(m).Run())
}

// severalAtOnce lets four tests run for two processors, unless the command line says how many:
// they wait for banks as much as they work.
func severalAtOnce(m *testing.M) *testing.M {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if parallel := flag.Lookup("test.parallel"); !said && parallel != nil {
		_ = parallel.Value.Set(strconv.Itoa(2 * runtime.GOMAXPROCS(0))) // a number, which it takes
	}
	return m
}

// workUntilKilled fetches, or erases, and says when it begins and when all is done.
func workUntilKilled(dir string) error {
	ctx := context.Background()
	ahead, err := strconv.ParseInt(os.Getenv(killAhead), 10, 64)
	if err != nil {
		return err
	}
	now := func() time.Time { return time.Now().Add(time.Duration(ahead)) }
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, dir, key, now)
	if err != nil {
		return err
	}
	defer store.Close()
	a := app.New(app.Config{Store: store, Now: now, Uptime: func() time.Duration { return time.Duration(now().UnixNano()) }, CallbackURL: here, Pause: 20 * time.Millisecond, Patience: patience})
	defer a.Close()
	fmt.Println("begun")
	if err := work(ctx, a, os.Getenv(killConsent)); err != nil {
		return err
	}
	fmt.Println("done")
	return nil
}

func work(ctx context.Context, a *app.App, consent string) error {
	if os.Getenv(killWork) == "erase" {
		if err := a.Withdraw(ctx, consent, true, person); err != nil {
			return err
		}
		return a.LookAfter(ctx) // what a kill has left half done
	}
	a.Reader().Fetch(consent, person)
	for {
		if job := a.Reader().Job(consent); job != nil && !job.Running() {
			if job.Err != nil {
				return job.Err
			}
			return nil
		}
		time.Sleep(time.Millisecond)
	}
}

// TestKilledFetch kills a program with SIGKILL in the middle of fetching, and of erasing what it fetched.
// Each time the database opens and agrees with itself, and in the end what is resumed ends with
// exactly the bank's transactions, or with none of them.
func TestKilledFetch(t *testing.T) { killFetches(t, 3) }

// TestJourneyKilledFetch does so two hundred times.
func TestJourneyKilledFetch(t *testing.T) {
	journey(t)
	killFetches(t, 200)
}

func killFetches(t *testing.T, many int) {
	k := &killer{bookkeeper: &bookkeeper{world: newWorld(t), bank: "rheintor", dice: rand.New(rand.NewPCG(uint64(many), 12))}}
	k.clock.noon()
	k.must(k.UseSandbox(t.Context(), bank.Practice(k.info)))
	for k.kills < many {
		k.link()
		k.killUntilDone("fetch", min(25, max(many*4/5, 1)))
		k.start(here)
		k.compare()
		if gaps := k.account().Gaps; len(gaps) > 0 {
			t.Errorf("left unread: %v", gaps)
		}
		k.stop()
		k.killUntilDone("erase", min(6, max(many/5, 1)))
		k.start(here)
		if accounts := k.accounts(); len(accounts) > 0 || k.world.consent(k.bookkeeper.consent).ErasedAt.IsZero() {
			t.Errorf("%d accounts are left when all was erased", len(accounts))
		}
	}
	t.Logf("killed %d times: %v", k.kills, k.killed)
}

// killer kills a program that works on a world's data.
type killer struct {
	*bookkeeper
	kills  int
	killed map[string]int // by what it was at
}

// link links an account of many transactions, of which nothing can be read yet, and ends the program.
func (k *killer) link() {
	k.Helper()
	order := []string{"newest", "oldest", "runs"}[k.dice.IntN(3)]
	k.control(http.MethodPost, "/accounts", fmt.Sprintf(`{"bank":%q,"psu":%q,"entries":1500,"busiest":300,"order":%q,"page":40}`, k.bank, k.psu.Login, order))
	k.network.before(func(r *http.Request) {
		k.network.cut.Store(k.network.cut.Load() || strings.HasSuffix(r.URL.Path, "/transactions"))
	})
	share := k.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, k.bank, k.psu.Login
	id, err := k.Ask(k.Context(), share, person)
	k.must(err)
	flow := k.walk(id)
	k.fetched(flow.Consent.ID)
	k.network.before(nil)
	k.network.cut.Store(false)
	k.bookkeeper.consent = flow.Consent.ID
	k.stop()
}

// stop ends the program in this process.
func (k *killer) stop() {
	k.Helper()
	k.App.Close()
	k.must(k.store.Close())
}

// killUntilDone kills a program that works so many times at most, and lets it work to the end then.
func (k *killer) killUntilDone(work string, most int) {
	k.Helper()
	for n := 0; ; n++ {
		after := time.Duration(-1)
		if n < most {
			after = time.Duration(k.dice.IntN(400)) * time.Millisecond
		}
		done := k.run(work, after)
		if err := agreement.Check(k.Context(), filepath.Join(k.dir, storage.FileName)); err != nil {
			k.Fatalf("after %s, killed %v after it began: %v", work, after, err)
		}
		if done {
			return
		}
		if k.kills++; k.killed == nil {
			k.killed = map[string]int{}
		}
		k.killed[work]++
	}
}

// run runs the program, kills it so long after it began to work, negative for never, and
// reports whether it was done.
func (k *killer) run(work string, after time.Duration) (done bool) {
	k.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killDir+"="+k.dir, killConsent+"="+k.bookkeeper.consent, killWork+"="+work, killAhead+"="+fmt.Sprint(k.clock.ahead.Load()))
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	k.must(err)
	k.must(cmd.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		switch lines.Text() {
		case "begun":
			if after >= 0 {
				defer time.AfterFunc(after, func() { _ = cmd.Process.Kill() }).Stop()
			}
		case "done":
			done = true
		}
	}
	_ = cmd.Wait() // killed
	if problems.Len() > 0 {
		k.Fatalf("%s: %s", work, problems.String())
	}
	return done
}
