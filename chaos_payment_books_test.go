package main

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"consentry/app"
	"consentry/storage"
	"consentry/xs2a"
)

// bookedHere is a payment as it stands in the banks' books.
type bookedHere struct {
	ID        string                 `json:"id"`
	RequestID string                 `json:"requestId"`
	Status    xs2a.TransactionStatus `json:"status"`
	Transfers []struct {
		EndToEnd string `json:"endToEnd"`
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
		From     string `json:"from"`
	} `json:"transfers"`
}

// heldHere is an account as the banks' control shows it.
type heldHere struct {
	IBAN      string `json:"iban"`
	Currency  string `json:"currency"`
	Available string `json:"available"`
}

// control reads what a control shows.
func (c *payingChaos) control(address string, into any) {
	c.Helper()
	res, err := http.Get(address)
	c.must(err)
	defer res.Body.Close()
	c.must(json.NewDecoder(res.Body).Decode(into))
}

// booked are all payments that the banks have.
func (c *payingChaos) booked() (all []bookedHere) {
	c.Helper()
	c.control(c.info.Control+"/payments", &all)
	return all
}

// bookedAs is the payment that a bank has with a reference.
func (c *payingChaos) bookedAs(reference string) (one bookedHere, has bool) {
	for _, one := range c.booked() {
		if one.Transfers[0].EndToEnd == reference {
			return one, true
		}
	}
	return bookedHere{}, false
}

// heldAt are the accounts of a person at a bank.
func (c *payingChaos) heldAt(control, bank, login string) (all []heldHere) {
	c.Helper()
	c.control(control+"/accounts?bank="+bank+"&psu="+login, &all)
	return all
}

// mostRounds bounds what a payment takes to come to its end when nothing goes wrong.
const mostRounds = 12

// finish has the person bring each payment to the end that they want, now that nothing goes
// wrong any more. One that does not get there is stuck.
func (c *payingChaos) finish() {
	c.Helper()
	for range mostRounds {
		under := slices.DeleteFunc(slices.Clone(c.open), func(o *chaosOrder) bool { return !o.unfinished() })
		if len(under) == 0 {
			return
		}
		for _, o := range under {
			c.goTowardsTheEnd(o)
		}
		c.forward(10 * time.Second)
	}
	for _, o := range c.open {
		if o.unfinished() {
			c.violated("%s is stuck: it stays %q, wanted %v: %.1500s", o.reference, o.word, o.wanted, plain(c.look(o).body))
		}
	}
}

// goTowardsTheEnd does the one thing that brings a payment further.
func (c *payingChaos) goTowardsTheEnd(o *chaosOrder) {
	c.Helper()
	d := c.dice
	if o.id == "" {
		if !o.posted || !o.wanted { // the program may have it; the person knows of none
			o.left = true
			return
		}
		c.compose(o, d, 1)
	}
	page := c.look(o)
	flow := ""
	switch o.word {
	case wordHome:
		if !o.wanted {
			c.drop(o, d)
			break
		}
		flow = firstOf(flowRef, c.post(o.path(c)+"/send", url.Values{"shown": {firstOf(shownField, page.body)}}).location)
	case wordUnknown:
		if !o.repeats {
			if o.left = o.wanted; !o.left {
				c.drop(o, d)
			}
			break
		}
		o.repeats = false // once, now that nothing goes wrong; of a refusal nothing follows for what was sent before
		c.decides(o, page.body, true)
		flow = firstOf(flowRef, c.post(o.path(c)+"/send", url.Values{"shown": {firstOf(shownField, page.body)}}).location)
	case wordWaits:
		if !o.wanted { // some banks do not cancel it: it waits for ever then
			o.left = !strings.Contains(page.body, o.path(c)+`/cancel"`) || strings.Contains(page.body, "does not cancel")
			c.cancel(o, d)
			break
		}
		flow = firstOf(flowRef, c.post(o.path(c)+"/continue", nil).location)
	case wordCancelling:
		flow = firstOf(flowRef, c.post(o.path(c)+"/cancel", nil).location)
	case wordUnderWay:
		o.left = o.dated
		c.check(o, d)
	}
	c.approve(o, flow, d, true)
	c.look(o)
}

// compareBooked holds what the program says of payments, on its pages and in its file,
// against the banks' books:
//
//   - a form made one payment at most here, and one at most at a bank: the one known here,
//     under the same X-Request-ID, of what the person entered last;
//   - what was not sent, or refused, no bank has; what was taken, one has;
//   - each page and the board say of it what its bank does, and that nobody knows where
//     the program does not;
//   - it was sent again as often as the person said so, and no oftener;
//   - the file is whole.
func (c *payingChaos) compareBooked() {
	c.Helper()
	pages := map[string]string{}
	for _, o := range c.open {
		if o.id != "" {
			pages[o.id] = c.look(o).body
		}
	}
	board := c.board()
	if c.dice.IntN(2) == 0 {
		c.kill()
	} else {
		c.end()
	}
	c.wholeFile()
	c.inside(func(a *app.App, _ *storage.Store) {
		known, err := a.Payments().All(c.Context())
		c.must(err)
		booked := map[string][]bookedHere{}
		for _, one := range c.booked() {
			reference := one.Transfers[0].EndToEnd
			booked[reference] = append(booked[reference], one)
		}
		here := map[string][]storage.Payment{}
		for _, one := range known {
			reference := one.Order.Transfers[0].EndToEnd
			here[reference] = append(here[reference], one)
		}
		for _, o := range c.orders {
			c.holdOrder(o, here[o.reference], booked[o.reference])
			delete(here, o.reference)
			delete(booked, o.reference)
		}
		if len(here)+len(booked) > 0 {
			c.violated("nobody asked for %v here, %v at the banks", here, booked)
		}
		for _, o := range c.open {
			if o.id == "" {
				continue
			}
			one, err := a.Payments().Payment(c.Context(), o.id)
			c.must(err)
			events, err := a.Payments().Events(c.Context(), o.id)
			c.must(err)
			at, _ := c.bookedAs(o.reference)
			c.holdPage(o, one, at, pages[o.id])
			c.holdBoard(o, board)
			c.holdEvents(o, one, events)
		}
	})
	if len(c.wrong) > 0 {
		c.Fatalf("seed %d, after %s:\n%s\nthe program said:\n%s", c.seed, c.story(), strings.Join(c.wrong, "\n"), c.problem)
	}
}

// holdOrder holds what is known of an order here against what the banks have.
func (c *payingChaos) holdOrder(o *chaosOrder, here []storage.Payment, booked []bookedHere) {
	c.Helper()
	if len(here) > 1 || len(booked) > len(here) || o.id != "" && len(here) == 0 {
		c.violated("%s is %d payments here and %d at its bank", o.reference, len(here), len(booked))
		return
	}
	if len(here) == 0 {
		return
	}
	one := here[0]
	if o.id != "" && one.ID != o.id || !o.amounts[one.Order.Transfers[0].Amount.Number] {
		c.violated("%s is %s of %s here: entered were %v as %q", o.reference, one.ID, one.Order.Transfers[0].Amount.Number, o.amounts, o.id)
	}
	if len(booked) == 0 {
		if one.Fate == storage.FateTaken {
			c.violated("%s was taken, says the program; no bank has it", o.reference)
		}
		return
	}
	at := booked[0]
	if at.RequestID != one.RequestID || at.Transfers[0].Amount != one.Order.Transfers[0].Amount.Number || at.Transfers[0].From != o.payer.iban {
		c.violated("%s is %+v here and %+v at its bank", o.reference, one, at)
	}
	switch {
	case one.Fate == storage.FateTaken && one.BankID != at.ID:
		c.violated("%s is %s, says the program, and %s, says its bank", o.reference, one.BankID, at.ID)
	case one.SentAt.IsZero(), one.Fate == storage.FateRefused:
		c.violated("%s is %q here, sent %v; its bank has it: %q", o.reference, one.Fate, one.SentAt, at.Status)
	}
}

// chaosWords is which statuses of a bank agree with a word on the screen; empty: it does not
// have the payment.
var chaosWords = map[string][]xs2a.TransactionStatus{
	wordHome: {""}, wordRefused: {""}, wordDropped: {""},
	wordWaits: {"RCVD", "PATC"}, wordUnderWay: {"ACTC", "ACSP"}, wordCancelling: {"ACTC", "ACSP", "RCVD", "PATC"},
	wordCancelled: {"CANC"}, wordRejected: {"RJCT"}, wordDone: {"ACSC"},
}

// holdPage holds what a payment's page says against what its bank does.
func (c *payingChaos) holdPage(o *chaosOrder, one storage.Payment, at bookedHere, page string) {
	c.Helper()
	if o.word == wordUnknown || o.word == wordLeft {
		if !strings.Contains(page, "Nobody knows whether") {
			c.violated("%s is unknown, and its page does not say what that means: %.1000s", o.reference, plain(page))
		}
		return
	}
	if agrees, known := chaosWords[o.word]; !known || !slices.Contains(agrees, at.Status) {
		c.violated("%s is %q on its page; its bank says %q; the program has %q, %q: %.1000s", o.reference, o.word, at.Status, one.Fate, one.Status, plain(page))
	}
}

// chaosGroups is in which group of the board a payment stands by its word.
var chaosGroups = map[string]string{
	wordHome: "needs", wordUnknown: "needs", wordWaits: "needs", wordCancelling: "needs",
	wordSending: "underway", wordUnderWay: "underway", wordDone: "done",
	wordRefused: "notdone", wordDropped: "notdone", wordCancelled: "notdone", wordRejected: "notdone", wordLeft: "unknown",
}

var olderOnBoard = regexp.MustCompile(`rel="next" href="[^"]*(/payments\?[^"]+)"`)

// board is the board of payments with all that follows in each group.
func (c *payingChaos) board() string {
	c.Helper()
	var all strings.Builder
	pages := []string{"/payments"}
	for ; len(pages) > 0; pages = pages[1:] {
		page := c.get(pages[0]).body
		for _, next := range olderOnBoard.FindAllStringSubmatch(page, -1) {
			pages = append(pages, html.UnescapeString(next[1]))
		}
		all.WriteString(page)
	}
	return all.String()
}

var boardGroup = regexp.MustCompile(`<section class="card" id="([a-z]+)"`)

// holdBoard holds that the board says of a payment what its page does.
func (c *payingChaos) holdBoard(o *chaosOrder, board string) {
	c.Helper()
	before, after, found := strings.Cut(board, "/payments/"+o.id+`"`)
	groups := boardGroup.FindAllStringSubmatch(before, -1)
	if !found || len(groups) == 0 {
		c.violated("%s is not on the board", o.reference)
		return
	}
	if word, group := firstOf(stateTag, after), groups[len(groups)-1][1]; word != o.word || group != chaosGroups[o.word] {
		c.violated("%s is %q on its page; the board has it as %q among %q", o.reference, o.word, word, group)
	}
}

// holdEvents holds that nothing was sent but by the person's word.
func (c *payingChaos) holdEvents(o *chaosOrder, one storage.Payment, events []storage.PaymentEvent) {
	c.Helper()
	n := map[storage.PaymentEventKind]int{}
	for _, event := range events {
		n[event.Kind]++
	}
	if n[storage.PayConfirmedAgain] > o.again {
		c.violated("%s was sent again %d times, by %d words of the person", o.reference, n[storage.PayConfirmedAgain], o.again)
	}
	if arrived := c.line.arrived(one.RequestID); arrived > n[storage.PaySent] {
		c.violated("%s was sent %d times, and %d times by its history", o.reference, arrived, n[storage.PaySent])
	}
}

// compareMoney lets the days pass on which something is to be paid, and holds that each
// account holds less than its twin's by what was carried out from it.
func (c *payingChaos) compareMoney() {
	c.Helper()
	c.calm()
	c.forward(10 * 24 * time.Hour) // over bank holidays, too
	c.open = nil
	for _, o := range c.orders {
		if o.word == wordUnderWay {
			c.check(o, c.dice)
			o.left = false
			c.open = append(c.open, o)
		}
	}
	c.finish()
	c.compareBooked()
	settled := map[string]int{} // in cents, by account
	for _, one := range c.booked() {
		if one.Status == xs2a.PaymentSettled {
			settled[one.Transfers[0].From] += c.cents(one.Transfers[0].Amount)
		}
	}
	for _, payer := range c.payers {
		if gone := c.spent(payer); gone != settled[payer.iban] {
			c.Errorf("seed %d: at %s %d cents are gone; carried out were %d", c.seed, payer.bank.Name, gone, settled[payer.iban])
		}
	}
}

// spent is by how much less an account holds than its twin does, in cents.
func (c *payingChaos) spent(payer chaosPayer) int {
	c.Helper()
	held := func(control string) int {
		for _, one := range c.heldAt(control, payer.bank.BIC, payer.login) {
			if one.IBAN == payer.iban {
				return c.cents(one.Available)
			}
		}
		c.Fatalf("%s has no account %s", payer.bank.Name, payer.iban)
		return 0
	}
	for {
		before, here, after := held(c.twin.Info().Control), held(c.info.Control), held(c.twin.Info().Control)
		if before == after { // nothing was booked meanwhile
			return before - here
		}
	}
}

func (c *payingChaos) cents(amount string) int {
	c.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(amount, ".", ""))
	c.must(err)
	return n
}

// composed is how many payments the program has said that it keeps.
func (c *payingChaos) composed() (n int) {
	for _, o := range c.orders {
		if o.id != "" {
			n++
		}
	}
	return n
}

// paymentTally says what came of it all.
type paymentTally struct {
	mu      sync.Mutex
	numbers map[string]int
}

func newPaymentTally() *paymentTally { return &paymentTally{numbers: map[string]int{}} }

// add adds what came of a world.
func (t *paymentTally) add(world map[string]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for what, n := range world {
		t.numbers[what] += n
	}
}

// String lists what was counted, the rows of one kind together.
func (t *paymentTally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(t.numbers)) {
		fmt.Fprintf(&b, "\n%6d %s", t.numbers[what], what)
	}
	return b.String()
}

// count is what came of this world.
func (c *payingChaos) count() map[string]int {
	c.Helper()
	n := map[string]int{"forms": len(c.orders), "kills": c.kills, "times that the disk was full": c.fills, "times without a network": c.cuts}
	for what, times := range c.killed {
		n["kills: while the person did: "+what] = times
	}
	c.inside(func(a *app.App, _ *storage.Store) {
		all, err := a.Payments().All(c.Context())
		c.must(err)
		for _, one := range all {
			n["payments"]++
			n["payments that ended "+string(one.Fate)+" "+string(one.Status)]++
			events, err := a.Payments().Events(c.Context(), one.ID)
			c.must(err)
			for _, event := range events {
				if event.Kind != storage.PayStatus {
					n["history: "+string(event.Kind)]++
				}
			}
		}
	})
	for _, one := range c.booked() {
		n["books"]++
		n["books: "+string(one.Status)]++
	}
	c.line.count(n)
	return n
}
