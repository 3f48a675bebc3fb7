package app_test

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/fresh"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
	"consentry/xs2a/record/har"
)

// walkedAgain are the banks whose linking is recorded and walked again: one of each dialect and
// approach. A bank at which the password is wrong until it has had enough is the failure.
var walkedAgain = []struct {
	bank  string // empty: the first of the directory
	wrong bool
	often bool // in ordinary tests, too
}{
	{bank: "", often: true}, {bank: "rheintor", often: true}, {bank: "einhafen", wrong: true, often: true}, {bank: "oststern"}, {bank: "lindwurm"}, {bank: "schlossgarten"},
	{bank: "sjalvgang"}, {bank: "ensinmaki"}, {bank: "vuorenpaa"}, {bank: "senebro"}, {bank: "salzhafen_de"}, {bank: "auszughof"}, {bank: "kartenhaus"}, {bank: "pfadlos"},
}

// TestRecordedFlowIsWalkedAgain links banks, writes what was exchanged into a HAR, and has a
// program with another data folder walk the same flow at the bank that is made of it: it ends
// as it ended, with what was read.
func TestRecordedFlowIsWalkedAgain(t *testing.T) { walkAgain(t, false) }

// TestJourneyRecordedFlows is the same with banks of every kind.
func TestJourneyRecordedFlows(t *testing.T) {
	journey(t)
	walkAgain(t, true)
}

func walkAgain(t *testing.T, all bool) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	colleague := newColleague(w)
	for _, each := range walkedAgain {
		if !all && !each.often {
			continue
		}
		t.Run(each.bank, func(t *testing.T) {
			w, c := *w, *colleague
			w.T, c.T = t, t
			flow := w.attempt(bank.SandboxID, cmp.Or(each.bank, w.banks[0].BIC), each.wrong)
			held := w.holds(flow)
			c.plays(w.archive(flow))
			again := c.attempt(c.at.EnvironmentID, c.at.ID, each.wrong)
			if again.Outcome != flow.Outcome || again.Consent.Status != flow.Consent.Status {
				t.Errorf("it ended %q (%s), and %q (%s) when it was walked again: %s", flow.Outcome, flow.Consent.Status, again.Outcome, again.Consent.Status, again.Message)
			}
			if (flow.Outcome == storage.Succeeded) == each.wrong {
				t.Errorf("it ended %q", flow.Outcome)
			}
			if got := c.holds(again); !slices.Equal(got, held) || len(held) == 0 == !each.wrong {
				t.Errorf("read again:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(held, "\n"))
			}
		})
	}
}

// colleague is a program without practice banks, on a data folder of its own.
type colleague struct {
	*world
	at struct{ EnvironmentID, ID string } // the bank that is played
}

func newColleague(beside *world) *colleague {
	w := &world{T: beside.T, clock: beside.clock, wrong: new(atomic.Int64), network: &network{}, psu: beside.psu}
	w.dir, w.key = fresh.Folder(w.T)
	w.start(here)
	return &colleague{world: w}
}

// plays brings a recording along and makes a bank of it.
func (c *colleague) plays(archive []byte) {
	c.Helper()
	one, err := c.Recordings().Bring(c.Context(), "flow.har", archive)
	c.must(err)
	banks, err := c.Recordings().Play(c.Context(), one.ID)
	c.must(err)
	c.at.EnvironmentID, c.at.ID = banks[0].EnvironmentID, banks[0].ID
}

// archive is what was exchanged in a flow, as a HAR.
func (w *world) archive(flow app.Flow) []byte {
	w.Helper()
	w.must(w.Record().Flush(w.Context()))
	all, err := w.store.Exchanges(w.Context(), storage.ExchangeQuery{FlowID: &flow.Consent.ID}, 1000)
	w.must(err)
	slices.Reverse(all)
	exchanges := make([]record.Exchange, len(all))
	for i, e := range all {
		exchanges[i] = e.Exchange
	}
	raw, err := json.Marshal(har.New(exchanges, func(id string) string { return id }, "test"))
	w.must(err)
	return raw
}

// attempt asks a bank for a consent and does what the screens ask for until it has ended,
// and what is read under it is there.
func (w *world) attempt(environment, id string, wrong bool) app.Flow {
	w.Helper()
	share := w.DefaultShare(environment)
	share.EnvironmentID, share.BIC, share.PSUID = environment, id, w.psu.Login
	attempt, err := w.Ask(w.Context(), share, person)
	w.must(err)
	who := *w
	if wrong {
		who.psu.Password = "wrong-" + who.psu.Password
	}
	flow := who.through(attempt)
	if flow.Outcome == storage.Succeeded {
		w.readAtOnce(flow.Consent.ID)
	}
	return w.flow(flow.ID)
}

// readAtOnce waits for the first fetch.
func (w *world) readAtOnce(consentID string) {
	w.Helper()
	if w.info.Control != "" {
		w.hurry(consentID)
	}
	if job := w.fetched(consentID); job.Err != nil {
		w.Fatalf("the first fetch: %v", job.Err)
	}
}

// through does what each step asks for, also at a page of a recording, until the flow has
// ended.
func (w *world) through(id string) app.Flow {
	w.Helper()
	for range 40 {
		flow := w.flow(id)
		switch {
		case flow.Outcome == storage.Replaced:
			latest, err := w.SCA().Latest(w.Context(), flow.Flow)
			w.must(err)
			id = latest
		case flow.Ended():
			return flow
		case flow.Step == xs2a.StepPassword && strings.HasPrefix(w.psu.Password, "wrong-"):
			err := w.SCA().Update(w.Context(), id, flow.Step, sca.Given{PSUID: w.psu.Login, PSUData: xs2a.PSUData{Password: w.psu.Password}}, person)
			if _, told := err.(*app.Error); err != nil && !told {
				w.Fatal(err)
			}
		case w.info.Control == "" && (flow.Step == xs2a.StepOAuth || flow.Step == xs2a.StepRedirect) && flow.ReturnedAt.IsZero():
			page, err := w.SCA().Redirect(w.Context(), flow.ID, person)
			w.must(err)
			w.returned(w.leave(page), sca.ReturnTaken)
			w.settle(flow)
		case w.info.Control == "" && flow.Step == xs2a.StepDecoupled:
			w.settle(flow) // nobody is asked on a telephone
		default:
			w.act(flow)
		}
	}
	w.Fatalf("the bank asks on and on: %+v", w.flow(id).Authorisation)
	return app.Flow{}
}

// leave follows the only link of the page that stands where the bank's was.
func (w *world) leave(page string) url.Values {
	w.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(address string) (*http.Response, string) {
		req, err := http.NewRequestWithContext(w.Context(), http.MethodGet, address, nil)
		w.must(err)
		req.Header.Set("Accept", "text/html")
		res, err := client.Do(req)
		w.must(err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		w.must(err)
		return res, string(body)
	}
	_, body := get(page)
	_, link, found := strings.Cut(body, `<a href="`)
	if !found {
		w.Fatalf("the page leads nowhere: %s", body)
	}
	link, _, _ = strings.Cut(link, `"`)
	at, err := url.Parse(page)
	w.must(err)
	next, err := at.Parse(strings.ReplaceAll(link, "&amp;", "&"))
	w.must(err)
	res, _ := get(next.String())
	back, err := url.Parse(res.Header.Get("Location"))
	w.must(err)
	return back.Query()
}

// holds lists what was read under a consent: each account with its transactions. Days are
// left out, which are moved.
func (w *world) holds(flow app.Flow) (all []string) {
	w.Helper()
	accounts, err := w.Holdings().Accounts(w.Context())
	w.must(err)
	for _, a := range accounts {
		if a.EnvironmentID != flow.Consent.EnvironmentID || a.BIC != flow.Consent.BIC {
			continue
		}
		count, err := w.Holdings().CountTransactions(w.Context(), a.ID)
		w.must(err)
		all = append(all, strings.Join([]string{a.IBAN, a.Name, string(rune('0' + min(count, 9)))}, " "))
	}
	slices.Sort(all)
	return all
}
