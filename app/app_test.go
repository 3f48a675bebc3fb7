package app_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/fetch"
	"consentry/app/fresh"
	"consentry/app/sca"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox"
	"consentry/xs2a/sandbox/visitor"
)

// person is the one before the screen in all tests.
var person = app.Person{IPAddress: "127.0.0.1", UserAgent: "Test"}

// testClock is a clock that tests move; program and sandbox go by it.
type testClock struct {
	ahead atomic.Int64
	looks atomic.Int64                  // at it
	zone  atomic.Pointer[time.Location] // nil: the machine's
}

func (c *testClock) Now() time.Time {
	c.looks.Add(1)
	now := time.Now().Add(time.Duration(c.ahead.Load()))
	if zone := c.zone.Load(); zone != nil {
		return now.In(zone)
	}
	return now
}

func (c *testClock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

// noon moves on to the next noon: no midnight passes while a test counts days.
func (c *testClock) noon() {
	now := c.Now()
	noon := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, now.Location())
	if noon.Before(now) {
		noon = noon.AddDate(0, 0, 1)
	}
	c.forward(noon.Sub(now))
}

// pass moves on by days of the calendar: not each has 24 hours.
func (c *testClock) pass(days int) {
	now := c.Now()
	c.forward(now.AddDate(0, 0, days).Sub(now))
}

// world is a program with a real store, and practice banks over real HTTP
// behind a network that can be cut.
type world struct {
	*testing.T
	*app.App
	store   *storage.Store
	clock   *testClock
	wrong   *atomic.Int64 // how far this machine's clock is ahead of the banks'
	network *network
	info    sandbox.Info
	psu     sandbox.PSUInfo
	banks   []storage.ASPSP
	dir     string
	key     *secret.Box
	whole   bool // the record keeps answers whole
}

// network lies between program and banks.
type network struct {
	cut atomic.Bool

	mu   sync.Mutex
	sent []string            // method and path of every request that got through
	on   func(*http.Request) // called before a request goes through
	// after is called with the answer, nil for none, before the program gets it
	after func(*http.Request, *http.Response)
	wrap  func(http.RoundTripper) http.RoundTripper // put around the network
}

// wrapTransport puts the network between the program and an environment's own transport.
func (n *network) wrapTransport(base http.RoundTripper) http.RoundTripper {
	if n.wrap != nil {
		base = n.wrap(base)
	}
	return &tappedTransport{n, base}
}

type tappedTransport struct {
	*network
	base http.RoundTripper
}

func (t *tappedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.cut.Load() {
		return nil, errors.New("the network is down")
	}
	t.mu.Lock()
	t.sent = append(t.sent, req.Method+" "+req.URL.Path)
	on := t.on
	t.mu.Unlock()
	if on != nil {
		on(req)
	}
	res, err := t.base.RoundTrip(req)
	t.mu.Lock()
	after := t.after
	t.mu.Unlock()
	if after != nil {
		after(req, res)
	}
	return res, err
}

// before has something done before each request goes through.
func (n *network) before(do func(*http.Request)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.on = do
}

// then has something done after each answer, nil for none, before the program
// gets it.
func (n *network) then(do func(*http.Request, *http.Response)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.after = do
}

// count returns how many requests with the method and end of path were sent.
func (n *network) count(method, end string) (count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.sent {
		if len(s) >= len(end) && s[:len(method)] == method && s[len(s)-len(end):] == end {
			count++
		}
	}
	return count
}

const here = "http://127.0.0.1:8999/callback"

// keys are the practice banks' keys of all worlds: RSA keys are slow to make.
var keys = sync.OnceValue(func() *sandbox.Server {
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		panic(err)
	}
	return banks
})

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	return newWorldBeside(t)
}

// newWorldBeside is a further one of a test that has one.
func newWorldBeside(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, clock: &testClock{}, wrong: new(atomic.Int64), network: &network{}}
	w.dir, w.key = fresh.Folder(t)
	banks, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1, Now: w.clock.Now, Opened: w.clock.Now().AddDate(0, -6, 0), Keys: keys()})
	w.must(err)
	t.Cleanup(func() { banks.Close() })
	info := banks.Info()
	w.info, w.psu = info, info.PSUs[0]
	w.start(here)
	w.must(w.UseSandbox(t.Context(), storage.Environment{ID: bank.SandboxID, Name: "Sandbox", Identity: xs2a.Identity{ClientID: info.ClientID, ClientSecret: info.ClientSecret},
		Profile: xs2a.Profile{Dialect: "openpayments", Context: "private", AuthURL: info.Addresses["openpayments"]["auth"], APIURL: info.Addresses["openpayments"]["api"]}}))
	w.must(w.Banks().Refresh(t.Context(), bank.SandboxID))
	w.banks, err = w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	return w
}

// start opens the store and the program on it, as at the program's start.
func (w *world) start(callback string) {
	w.Helper()
	var err error
	now := func() time.Time { return w.clock.Now().Add(time.Duration(w.wrong.Load())) }
	passed := func() time.Duration { return time.Duration(w.clock.Now().UnixNano()) }
	w.store, err = storage.Open(context.Background(), w.dir, w.key, now)
	w.must(err)
	w.App = app.New(app.Config{Store: w.store, Now: now, Uptime: passed, WrapTransport: w.network.wrapTransport, CallbackURL: callback, Control: w.info.Control, Pause: 20 * time.Millisecond, Patience: patience, WholeAnswers: w.whole})
	application, store := w.App, w.store
	w.Cleanup(func() { application.Close(); store.Close() })
}

// restart ends the program and starts it with another return address.
func (w *world) restart(callback string) {
	w.Helper()
	w.App.Close()
	w.must(w.store.Close())
	w.start(callback)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// step gives the first bank whose linking begins with that step, and the flow.
func (w *world) begin(want xs2a.Step) app.Flow {
	w.Helper()
	for _, bank := range w.banks {
		flow := w.ask(bank)
		if flow.Step == want {
			return flow
		}
		w.must(w.SCA().GiveUp(w.Context(), flow.ID, person))
	}
	w.Fatalf("no bank of the sandbox begins with %q", want)
	return app.Flow{}
}

// ask begins a consent; one that is under way there is given up for it.
func (w *world) ask(listed storage.ASPSP) app.Flow {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = listed.EnvironmentID, listed.BIC
	id, err := w.Ask(w.Context(), share, person)
	if underWay := (*app.UnderWayError)(nil); errors.As(err, &underWay) {
		share.Anew = underWay.Consent.ID
		id, err = w.Ask(w.Context(), share, person)
	}
	w.must(err)
	return w.flow(id)
}

func (w *world) flow(id string) app.Flow {
	w.Helper()
	flow, err := w.Flow(w.Context(), id)
	w.must(err)
	return flow
}

// visit goes to the bank's page of a flow and returns what the person comes back with.
func (w *world) visit(id string, deny bool) url.Values {
	w.Helper()
	page, err := w.SCA().Redirect(w.Context(), id, person)
	w.must(err)
	back, err := visitor.Person{Login: w.psu.Login, Password: w.psu.Password, Code: w.psu.Code, Deny: deny}.Visit(page)
	w.must(err)
	return back.Query()
}

func (w *world) returned(values url.Values, want sca.Return) {
	w.Helper()
	got, _, err := w.SCA().Returned(w.Context(), values, person)
	if err != nil || got != want {
		w.Fatalf("the return led to %q (%v), want %q", got, err, want)
	}
}

// patience is how long is waited for what is to happen: long enough for a machine
// that is busy with other things. No test that passes waits for it.
const patience = 2 * time.Minute

// await waits until something is true.
func (w *world) await(what string, true func() bool) {
	w.Helper()
	deadline := time.Now().Add(patience)
	for !true() {
		if time.Now().After(deadline) {
			w.Fatalf("did not happen: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// fetched waits for the fetch under a consent to end and returns it.
func (w *world) fetched(consentID string) fetch.Job {
	w.Helper()
	var job fetch.Job
	w.await("the fetch ends", func() bool {
		j := w.Reader().Job(consentID)
		if j != nil {
			job = *j
		}
		return j != nil && !j.Running()
	})
	return job
}

func (w *world) outcome(id string, want storage.Outcome) {
	w.Helper()
	w.await("outcome "+string(want), func() bool { return w.flow(id).Outcome == want })
}

// link links a bank to the end of the first fetch.
func (w *world) link() app.Flow {
	w.Helper()
	flow := w.begin(xs2a.StepOAuth)
	w.returned(w.visit(flow.ID, false), sca.ReturnTaken)
	w.outcome(flow.ID, storage.Succeeded)
	if job := w.fetched(flow.Consent.ID); job.Err != nil {
		w.Fatalf("the first fetch: %v", job.Err)
	}
	return w.flow(flow.ID)
}

// countBooked counts all booked transactions.
func (w *world) countBooked() (n int) {
	w.Helper()
	accounts, err := w.Holdings().Accounts(w.Context())
	w.must(err)
	for _, a := range accounts {
		c, err := w.Holdings().CountTransactions(w.Context(), a.ID)
		w.must(err)
		n += c
	}
	return n
}

func (w *world) status(consentID string) xs2a.ConsentStatus {
	w.Helper()
	c, err := w.Consent(w.Context(), consentID)
	w.must(err)
	return c.Status
}

func visitorOf(w *world) visitor.Person {
	return visitor.Person{Login: w.psu.Login, Password: w.psu.Password, Code: w.psu.Code}
}

// journeys reports whether there is time for long tests.
func journeys() bool { return os.Getenv("CONSENTRY_JOURNEYS") == "1" }

// journey leaves a long test to make journeys: the four minutes of make test have no
// room for it.
func journey(t *testing.T) {
	t.Helper()
	if !journeys() {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
}
