package app_test

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/heap"
	"consentry/xs2a"
	"consentry/xs2a/record"
	"consentry/xs2a/sandbox/hostile"
)

var (
	hostileCall    = xs2a.Call{BIC: "b", ConsentID: "c"}
	hostileConsent = xs2a.ConsentResource("c")
	hostilePayment = xs2a.PaymentResource(xs2a.SinglePayment, "sepa-credit-transfers", "p")
)

// toHostile are all operations, as they go to a bank of which nothing good is known:
// those of the table, and what is asked of authorisation servers.
var toHostile = map[string]func(context.Context, *xs2a.Client, string) error{
	"GET /aspsps":                     directoryCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.ASPSPs(ctx, xs2a.DirectoryFilter{}) }),
	"GET /aspsps/{bicFi}":             directoryCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.ASPSP(ctx, "b") }),
	"GET /cities":                     directoryCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Cities(ctx, xs2a.DirectoryFilter{}) }),
	"GET /cities/{cityId}":            directoryCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.City(ctx, "b") }),
	"GET /countries":                  directoryCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Countries(ctx) }),
	"GET /countries/{isoCountryCode}": directoryCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Country(ctx, "SE") }),

	"POST /consents": func(ctx context.Context, c *xs2a.Client, _ string) error {
		_, _, err := c.CreateConsent(ctx, hostileCall, xs2a.ConsentRequest{}, xs2a.Return{URI: here})
		return err
	},
	"GET /consents/{id}":                     resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Consent(ctx, hostileCall, "c") }),
	"DELETE /consents/{id}":                  resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.DeleteConsent(ctx, hostileCall, "c") }),
	"GET /consents/{id}/status":              resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.ConsentStatus(ctx, hostileCall, "c") }),
	"POST /consents/{id}/authorisations":     startOf(hostileConsent),
	"GET /consents/{id}/authorisations":      listOf(hostileConsent),
	"GET /consents/{id}/authorisations/{id}": statusOf(hostileConsent),
	"PUT /consents/{id}/authorisations/{id}": updateOf(hostileConsent),

	"GET /accounts":               resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Accounts(ctx, hostileCall, true) }),
	"GET /accounts/{id}":          resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Account(ctx, hostileCall, "a") }),
	"GET /accounts/{id}/balances": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Balances(ctx, hostileCall, "a") }),
	"GET /accounts/{id}/transactions": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Transactions(ctx, hostileCall, "a", xs2a.TransactionQuery{})
	}),
	"GET /accounts/{id}/transactions/{transactionId}": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Transaction(ctx, hostileCall, "a", "t")
	}),
	"GET /card-accounts":               resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.CardAccounts(ctx, hostileCall) }),
	"GET /card-accounts/{id}":          resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.CardAccount(ctx, hostileCall, "a") }),
	"GET /card-accounts/{id}/balances": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.CardBalances(ctx, hostileCall, "a") }),
	"GET /card-accounts/{id}/transactions": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.CardTransactions(ctx, hostileCall, "a", xs2a.TransactionQuery{})
	}),

	"GET /banking/products/{locale}": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Products(ctx, hostileCall, xs2a.ProductQuery{Locale: "en"})
	}),
	"GET /banking/products/{locale}/deposits": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Deposits(ctx, hostileCall, xs2a.ProductQuery{Locale: "en"})
	}),
	"GET /banking/products/{locale}/personal-loans": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.PersonalLoans(ctx, hostileCall, xs2a.ProductQuery{Locale: "en"})
	}),
	"POST /accounts/refresh":       resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Refresh(ctx, hostileCall) }),
	"GET /accounts/refresh/status": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.RefreshStatus(ctx, hostileCall) }),

	"POST /{service}/{product}": func(ctx context.Context, c *xs2a.Client, _ string) error {
		_, _, err := c.InitiatePayment(ctx, hostileCall, xs2a.SinglePayment, "sepa-credit-transfers", xs2a.JSON([]byte(`{}`)), xs2a.Return{URI: here})
		return err
	},
	"GET /{service}/{product}/{id}": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Payment(ctx, hostileCall, hostilePayment)
	}),
	"DELETE /{service}/{product}/{id}": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.CancelPayment(ctx, hostileCall, hostilePayment)
	}),
	"GET /{service}/{product}/{id}/status": resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.PaymentStatus(ctx, hostileCall, hostilePayment)
	}),
	"POST /{service}/{product}/{id}/authorisations":                  startOf(hostilePayment),
	"GET /{service}/{product}/{id}/authorisations":                   listOf(hostilePayment),
	"GET /{service}/{product}/{id}/authorisations/{id}":              statusOf(hostilePayment),
	"PUT /{service}/{product}/{id}/authorisations/{id}":              updateOf(hostilePayment),
	"POST /{service}/{product}/{id}/cancellation-authorisations":     startOf(hostilePayment.Cancellation()),
	"GET /{service}/{product}/{id}/cancellation-authorisations":      listOf(hostilePayment.Cancellation()),
	"GET /{service}/{product}/{id}/cancellation-authorisations/{id}": statusOf(hostilePayment.Cancellation()),
	"PUT /{service}/{product}/{id}/cancellation-authorisations/{id}": updateOf(hostilePayment.Cancellation()),

	"a page that follows": func(ctx context.Context, c *xs2a.Client, at string) error {
		_, err := c.NextTransactions(ctx, hostileCall, at+"/v1/accounts/a/transactions?page=2")
		return err
	},
	"metadata of a server": func(ctx context.Context, c *xs2a.Client, at string) error {
		_, _, err := c.AuthorizePage(ctx, at+"/server", xs2a.Grant{BIC: "b"})
		return err
	},
	"a code's exchange": func(ctx context.Context, c *xs2a.Client, at string) error {
		_, err := c.ExchangeCode(ctx, "code", xs2a.Grant{BIC: "b", TokenURL: at + "/token"})
		return err
	},
	"a token's refresh": func(ctx context.Context, c *xs2a.Client, at string) error {
		_, err := c.RefreshToken(ctx, "refresh", xs2a.Grant{BIC: "b", TokenURL: at + "/token"})
		return err
	},
}

func directoryCall(call func(context.Context, *xs2a.Client) (any, error)) func(context.Context, *xs2a.Client, string) error {
	return resourceCall(call)
}

func resourceCall(call func(context.Context, *xs2a.Client) (any, error)) func(context.Context, *xs2a.Client, string) error {
	return func(ctx context.Context, c *xs2a.Client, _ string) error {
		_, err := call(ctx, c)
		return err
	}
}

func startOf(of xs2a.Resource) func(context.Context, *xs2a.Client, string) error {
	return resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Continue(ctx, hostileCall, of, "", xs2a.Next{Step: xs2a.StepStart, Start: true}, xs2a.PSUData{}, xs2a.Return{URI: here})
	})
}

func updateOf(of xs2a.Resource) func(context.Context, *xs2a.Client, string) error {
	return resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) {
		return c.Continue(ctx, hostileCall, of, "a", xs2a.Next{Step: xs2a.StepCode}, xs2a.PSUData{Code: "123456"}, xs2a.Return{URI: here})
	})
}

func listOf(of xs2a.Resource) func(context.Context, *xs2a.Client, string) error {
	return resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.Authorisations(ctx, hostileCall, of) })
}

func statusOf(of xs2a.Resource) func(context.Context, *xs2a.Client, string) error {
	return resourceCall(func(ctx context.Context, c *xs2a.Client) (any, error) { return c.SCAStatus(ctx, hostileCall, of, "a") })
}

// TestEveryOperationAtAHostileBank has operations meet every misbehaviour. Each
// ends, with an error of the client's that has words for the person or with an answer
// that may be taken, within 64 MB of memory, and leaves its row in the record. A
// misbehaviour meets a part of the operations, another than the one before it;
// TestJourneyHostileBank has each meet all.
func TestEveryOperationAtAHostileBank(t *testing.T) { hostileBanks(t, 8, 48) }

// TestJourneyHostileBank is TestEveryOperationAtAHostileBank with nothing left out.
func TestJourneyHostileBank(t *testing.T) {
	journey(t)
	hostileBanks(t, 1, 1)
}

// hostileBanks runs alone in its process, for the memory to be its own. Of small answers
// one of so many operations gets each, and of large ones.
func hostileBanks(t *testing.T, small, large int) {
	var names []string
	for name := range uses {
		if toHostile[name] == nil {
			t.Errorf("%s meets no hostile bank", name)
		}
	}
	names = slices.Sorted(maps.Keys(toHostile))
	part := func(i, each int) (some []string) {
		for at, name := range names {
			if name == mostAtRisk || (at+i)%each == 0 {
				some = append(some, name)
			}
		}
		return some
	}
	words := app.New(app.Config{})
	t.Cleanup(words.Close)
	var little sync.WaitGroup
	room := make(chan struct{}, 4) // banks at once, each asked for its operations together
	memory := watchMemory(t)
	for i, m := range slices.Concat(hostile.Lines, hostile.Bodies) {
		if !m.Large {
			little.Go(func() {
				room <- struct{}{}
				meet(t, words, m, part(i, small))
				<-room
			})
		}
	}
	little.Wait()
	memory("all that send little")
	for i, m := range hostile.Bodies {
		if m.Large {
			meet(t, words, m, part(i, large))
		}
	}
}

// mostAtRisk is the operation that every answer is given to.
const mostAtRisk = "GET /accounts/{id}/transactions"

// meet performs operations at a bank that misbehaves: one after the other where it
// sends much.
func meet(t *testing.T, words *app.App, m hostile.Misbehaviour, names []string) {
	bank, err := hostile.Start(m)
	if err != nil {
		t.Error(err)
		return
	}
	defer bank.Close()
	environment := xs2a.Reach{Identity: xs2a.Identity{ClientID: "id"}, Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: bank.Address}}
	network, err := xs2a.Transport(environment)
	if err != nil {
		t.Error(err)
		return
	}
	recorder := record.New(network, nil)
	var rows sync.Map // by operation
	recording, end := context.WithCancel(context.Background())
	var recorded sync.WaitGroup
	recorded.Go(func() {
		recorder.Run(recording, func(e record.Exchange) error { rows.Store(e.FlowID, e); return nil })
	})
	client, err := xs2a.New(environment, recorder)
	if err != nil {
		t.Error(err)
	}
	if client.Deadline = 250 * time.Millisecond; m.Large {
		client.Deadline = time.Minute // it is not to end by this
	}
	one := func(name string) {
		ended := make(chan error, 1)
		go func() {
			ended <- toHostile[name](context.Background(), client.For(name), bank.Address)
		}()
		select {
		case err := <-ended:
			judge(t, words, m, name, err)
		case <-time.After(90 * time.Second):
			t.Errorf("%s, %s: goes on far beyond its deadline", m.Name, name)
		}
	}
	var all sync.WaitGroup
	for _, name := range names {
		if !m.Large {
			all.Go(func() { one(name) })
			continue
		}
		memory := watchMemory(t)
		one(name)
		memory(m.Name + ", " + name)
	}
	all.Wait()
	end()
	recorded.Wait()
	for _, name := range names {
		if _, found := rows.Load(name); !found {
			t.Errorf("%s, %s: left no row in the record", m.Name, name)
		}
	}
}

// judge looks at how an operation ended.
func judge(t *testing.T, words *app.App, m hostile.Misbehaviour, name string, err error) {
	if err == nil {
		line := !slices.ContainsFunc(hostile.Bodies, func(b hostile.Misbehaviour) bool { return b.Name == m.Name })
		if !m.Taken && (line || name == mostAtRisk) {
			t.Errorf("%s, %s: was taken", m.Name, name)
		}
		return
	}
	var failed *xs2a.Error
	var incomplete *xs2a.IncompleteError
	if !errors.As(err, &failed) && !errors.As(err, &incomplete) {
		t.Errorf("%s, %s: a bare %T: %v", m.Name, name, err, err)
	}
	if said := words.Explain("The bank", err); said.Code == "" || said.Code == failure.Inside || len(said.Detail) > 32<<10 {
		t.Errorf("%s, %s: said as %q with %d bytes of detail", m.Name, name, said.Code, len(said.Detail))
	}
}

// watchMemory begins to look at how much memory is used, and returns what ends that
// and says whether it was too much. The collector is made to work for it: what
// counts is what is needed, not when it was last looked after.
func watchMemory(t *testing.T) (stop func(what string)) {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	percent := debug.SetGCPercent(100) // as the program runs; the suite collects less often
	limit := debug.SetMemoryLimit(int64(sample[1].Value.Uint64()-sample[2].Value.Uint64()) + mostMemory/2)
	var peak atomic.Uint64
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		own := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for {
			metrics.Read(own)
			peak.Store(max(peak.Load(), own[0].Value.Uint64()))
			select {
			case <-over:
				return
			case <-ticker.C:
			}
		}
	}()
	return func(what string) {
		close(over)
		<-ended
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
		if used := int64(peak.Load()) - int64(before); used > mostMemory+heap.ReadingRoom { // which is collected when it is full
			t.Errorf("%s: used %d MB", what, used>>20)
		} else if testing.Verbose() {
			t.Logf("%s: used %d MB", what, used>>20)
		}
	}
}
