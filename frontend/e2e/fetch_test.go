package e2e

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"
)

// A second fetch asks for what is there already, and adds nothing.
func TestJourneyFetchTwice(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	nino := opens(consentry)
	nino.links("Kolkheti Bank", "ნინო ბერიძე")
	before, fetched := consentry.holdings(""), consentry.newest("Kolkheti Bank").FetchedAt

	nino.click("See the consent")
	nino.title("Kolkheti Bank")
	nino.click("Update now")
	consentry.fetchedAfter(nino, fetched)
	same(t, "what is kept", consentry.holdings(""), before)
}

// The machine goes off in the middle of a fetch. What is in the data file is an
// account with all it has, or one that is known not to have been read in full: the
// next fetch reads the rest of it, and nothing twice.
func TestJourneyKilledWhileFetching(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	network := newPausableNetwork(t, banks.base())
	consentry := start(t, "-sandbox=false")
	giorgi := opens(consentry)
	giorgi.adds(banks, network.address)

	network.hold()
	giorgi.asks("Rioni Bank") // whose pages of transactions follow each other by relative links, which stay on the line
	tab := giorgi.goesTo("Rioni Bank")
	tab.logsIn("ნინო ბერიძე")
	tab.approves()
	network.held()
	giorgi.leave()
	tab.leave()
	consentry.kill()
	network.release()

	left := consentry.statements("") // before the program goes on with it by itself
	consentry.run()

	giorgi = opens(consentry)
	giorgi.visit("/consents")
	giorgi.click("Rioni Bank")
	giorgi.click("Update now")
	consentry.fetchedAfter(giorgi, time.Time{})
	all := map[int64]statement{}
	for _, each := range consentry.statements("") {
		all[each.ID] = each
	}
	read := 0
	for _, each := range left {
		whole := all[each.ID]
		if each.FetchedAt.IsZero() {
			if len(each.Booked) >= len(whole.Booked) {
				t.Errorf("%d entries of %s were there after the kill, %d after a whole fetch: the kill came too late", len(each.Booked), each.Name, len(whole.Booked))
			}
			continue
		}
		read++
		same(t, "entries of an account after the kill", len(each.Booked)+len(each.Pending), len(whole.Booked)+len(whole.Pending))
		same(t, "its balances", len(each.Balances), len(whole.Balances))
		same(t, "the day to which it is complete", each.BookedTo, whole.BookedTo)
	}
	if read == 0 || read >= len(all) {
		t.Errorf("%d of %d accounts were read in full before the kill", read, len(all))
	}
	for _, each := range all {
		if each.FetchedAt.IsZero() || len(each.Gaps) > 0 {
			t.Errorf("%s is not whole after all: read %v, missing %v", each.Name, each.FetchedAt, each.Gaps)
		}
	}
}

// fetchedAfter waits until the one consent was read anew.
func (c *program) fetchedAfter(p *person, before time.Time) {
	c.t.Helper()
	p.until("have the accounts read", func() error {
		if c.newest("").FetchedAt.Equal(before) {
			return errNotYet
		}
		return nil
	})
}

// pausableNetwork lies between the program and the banks. It can be held in the
// middle of an account.
type pausableNetwork struct {
	t       *testing.T
	address string

	mu       sync.Mutex
	holding  bool
	accounts []string // whose transactions were asked for
	stopped  chan struct{}
	free     chan struct{}
}

func newPausableNetwork(t *testing.T, banks string) *pausableNetwork {
	t.Helper()
	target, err := url.Parse(banks)
	if err != nil {
		t.Fatal(err)
	}
	n := &pausableNetwork{t: t, stopped: make(chan struct{}), free: make(chan struct{})}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {
		panic(http.ErrAbortHandler) // a network says nothing of its own when an end is gone: it breaks
	}
	n.address = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.stops(r.URL.Path) {
			select {
			case <-n.free:
			case <-r.Context().Done():
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	return n
}

// hold stops it at a second page, in the middle of an account that is
// not the first.
func (n *pausableNetwork) hold() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.holding = true
}

// stops reports whether a request goes no further, and says so to held.
func (n *pausableNetwork) stops(address string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	account, isTransactions := strings.CutSuffix(address, "/transactions")
	if !n.holding || !isTransactions {
		return false
	}
	account = path.Base(account)
	again := len(n.accounts) > 0 && n.accounts[len(n.accounts)-1] == account
	if !again {
		n.accounts = append(n.accounts, account)
	}
	if !again || len(n.accounts) < 2 {
		return false
	}
	n.holding = false
	close(n.stopped)
	return true
}

// held waits until the network has stopped.
func (n *pausableNetwork) held() {
	n.t.Helper()
	select {
	case <-n.stopped:
	case <-time.After(patience):
		n.t.Fatal("no second page of a later account was asked for")
	}
}

func (n *pausableNetwork) release() { close(n.free) }
