package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/pay"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox"
)

var chaosPayments = flag.Int("chaos.payments", 4, "payments of TestChaosPayments, and how many faults they meet at least")

const (
	// paymentsPerWorld is the number of payments in one data folder, with the same banks.
	paymentsPerWorld = 40

	// paymentsAtOnce are those that a person has under way in one sequence.
	paymentsAtOnce = 8
)

// TestChaosPayments lets a person pay in two windows of the real program over HTTP, while
// the line to the banks breaks, dawdles and delivers twice, and the program is killed at
// each point between the click and the final status. After each sequence the screens are
// compared with the banks' books, see compareBooked. make chaos makes two thousand payments.
func TestChaosPayments(t *testing.T) {
	path := os.Getenv(chaosProgram)
	if path == "" {
		path = program(t)
		if onItsOwnDisks(t, path) {
			return
		}
	}
	all := newPaymentTally()
	t.Cleanup(func() { t.Log(all) })
	for done := 0; done < *chaosPayments; done += paymentsPerWorld {
		first, most := *chaosSeed+uint64(done), min(paymentsPerWorld, *chaosPayments-done)
		t.Run(fmt.Sprint(first), func(t *testing.T) {
			t.Parallel()
			c := newPayingChaos(t, path)
			for seed := first; c.composed() < most || c.line.strokes() < most; seed++ {
				c.sequence(seed)
			}
			c.compareMoney()
			all.add(c.count())
		})
	}
}

// payingChaos is a data folder with its banks, and a person who pays.
type payingChaos struct {
	*chaos
	line   *chaosLine
	twin   *sandbox.Server // the same banks, where nobody pays
	payers []chaosPayer
	died   atomic.Bool // the program was killed and nobody has noticed yet

	orders []*chaosOrder  // of this world
	open   []*chaosOrder  // of the sequence, which the person looks after
	cuts   int            // of the line, for a while
	doing  []string       // what the person is doing in each window; guarded by the lock of chaos
	killed map[string]int // in the middle of what the person was doing
}

// chaosPayer is an account that is paid from.
type chaosPayer struct {
	bank     storage.ASPSP
	product  pay.Product
	login    string
	iban     string
	currency string
}

// payingBanks are the banks that are paid from: each way of approving is among them, those
// that cancel at once, after an approval, and never, one that asks for no approval and one
// that refuses. Two of the directory come to these.
var payingBanks = []string{
	"rheintor", "elbufer", "siegelhaus", twoSign, "freipass", "oststern", "sandvik", "vielweg", "einhafen", "lindwurm", "rollenwacht",
}

// twoSign is the bank at which two people have to approve a payment.
const twoSign = "zwillingsbach"

// newPayingChaos makes a world in which the program meets the banks over a line.
func newPayingChaos(t *testing.T, path string) *payingChaos {
	t.Helper()
	c := &payingChaos{killed: map[string]int{}}
	c.chaos = newChaos(t, path, func(info sandbox.Info) storage.Environment {
		var err error
		c.line, err = newChaosLine(info.Addresses[xs2a.OpenPayments.Name]["api"], c.strike)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.line.cut)
		t.Cleanup(c.line.rest)
		practice := bank.Practice(c.line.known(t, info))
		practice.Banks = slices.DeleteFunc(practice.Banks, func(b storage.Bank) bool { return !slices.Contains(payingBanks, b.ID) })
		return practice
	})
	var err error
	c.twin, err = sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1, Keys: c.server})
	c.must(err)
	t.Cleanup(func() { c.twin.Close() })
	y, m, d := time.Now().Date()
	c.forward(time.Until(time.Date(y, m, d+1, 12, 0, 0, 0, time.Local))) // to noon: what is paid before a bank opens waits for that
	c.inside(func(a *app.App, _ *storage.Store) {
		listed := 0
		for _, at := range c.banks {
			if at.Dialect == xs2a.OpenPayments.Name {
				if listed++; listed > 2 {
					continue
				}
			}
			c.payers = append(c.payers, c.payerAt(a, at))
		}
	})
	if len(c.payers) != len(payingBanks)+2 {
		t.Fatalf("there are %d banks to pay from", len(c.payers))
	}
	return c
}

// known is how the practice banks are reached over the line.
func (l *chaosLine) known(t *testing.T, info sandbox.Info) sandbox.Info {
	t.Helper()
	text, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(bytes.ReplaceAll(text, []byte(l.banks), []byte(l.here)), &info); err != nil {
		t.Fatal(err)
	}
	return info
}

// payerAt is the person's account at a bank, with a product that is paid by from it.
func (c *payingChaos) payerAt(a *app.App, at storage.ASPSP) chaosPayer {
	c.Helper()
	offer, err := a.Payments().Offer(c.Context(), at.EnvironmentID, at.BIC)
	c.must(err)
	one := chaosPayer{bank: at, login: c.info.PSUs[0].Login}
	held := c.heldAt(c.info.Control, at.BIC, one.login)
	one.iban, one.currency = held[0].IBAN, held[0].Currency
	i := slices.IndexFunc(offer.Products, func(p pay.Product) bool { // without a conversion, so that the sums are plain
		return p.To != pay.ByGiro && !xs2a.XML(p.Name) && (p.Currency == "" || p.Currency == one.currency)
	})
	if i < 0 {
		c.Fatalf("%s cannot be paid from in %s: %+v", at.Name, one.currency, offer.Products)
	}
	one.product = offer.Products[i]
	return one
}

// strike ends the program as a power cut does, in the middle of something.
func (c *payingChaos) strike() {
	c.died.Store(true)
	_ = c.program.Process.Kill() // which may have ended by then
}

// sequence lets a person pay while things go wrong, brings all to an end, and compares.
func (c *payingChaos) sequence(seed uint64) {
	c.Helper()
	c.seed, c.said, c.open, c.dice = seed, nil, nil, rand.New(rand.NewPCG(seed, 1))
	for begun := 0; begun < paymentsAtOnce || c.dice.IntN(6) > 0 && slices.ContainsFunc(c.open, (*chaosOrder).unfinished); {
		if begun < paymentsAtOnce && c.dice.IntN(2) == 0 {
			c.begin()
			begun++
		}
		c.running()
		c.happen()
	}
	c.calm()
	c.finish()
	c.compareBooked()
}

// begin has the person think of another payment.
func (c *payingChaos) begin() {
	o := newChaosOrder(c.payers[c.dice.IntN(len(c.payers))], fmt.Sprintf("chaos %d %d", c.seed, len(c.open)), c.dice)
	c.orders, c.open = append(c.orders, o), append(c.open, o)
}

// happen lets the person do something in one window or two, and something go wrong.
func (c *payingChaos) happen() {
	c.Helper()
	c.unsettle()
	for range 1 + c.dice.IntN(2) {
		c.line.arm(someFault(c.dice))
	}
	c.doing = nil
	var windows sync.WaitGroup
	for range 1 + c.dice.IntN(2) {
		if len(c.open) == 0 {
			break
		}
		o := c.open[c.dice.IntN(len(c.open))]
		seed := c.dice.Uint64()
		windows.Go(func() { c.deed(o, rand.New(rand.NewPCG(seed, 0))) })
	}
	if c.dice.IntN(6) == 0 {
		struck := make(chan struct{})
		timer := time.AfterFunc(time.Duration(c.dice.IntN(100_000))*time.Microsecond, func() { c.strike(); close(struck) })
		windows.Wait()
		if !timer.Stop() {
			<-struck
		}
	}
	windows.Wait()
	c.line.disarm()
	if c.died.Swap(false) {
		c.tell("(killed)")
		c.kills++
		for _, what := range c.doing {
			c.killed[what]++
		}
		c.gone()
	}
}

// unsettle changes what lasts for longer than one thing that the person does.
func (c *payingChaos) unsettle() {
	c.Helper()
	switch at := c.dice.IntN(40); {
	case at == 0:
		c.tell("restart")
		c.end()
		c.running()
	case at == 1:
		c.fill()
	case at == 2:
		c.tell("there is no network")
		c.line.cut()
		c.cuts++
	case at < 12:
		c.empty()
		c.must(c.line.mend())
	}
}

// calm lets nothing go wrong any more.
func (c *payingChaos) calm() {
	c.Helper()
	c.empty()
	c.must(c.line.mend())
	c.line.rest()
	c.running()
}

// forward moves the banks' clock on, and that of their twins.
func (c *payingChaos) forward(by time.Duration) {
	c.Helper()
	body := fmt.Sprintf(`{"advance":%q}`, by)
	c.play("POST", "/clock", body)
	res, err := http.Post(c.twin.Info().Control+"/clock", "application/json", strings.NewReader(body))
	c.must(err)
	c.must(res.Body.Close())
}
