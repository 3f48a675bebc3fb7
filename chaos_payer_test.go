package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"consentry/xs2a/sandbox"
	"consentry/xs2a/sandbox/visitor"
)

// chaosOrder is something that the person wants to pay, or believes so. What changes of it
// is guarded by the lock of chaos.
type chaosOrder struct {
	payer     chaosPayer
	reference string // the person's own: it stands in the banks' books
	wanted    bool   // in the end; else it is cancelled, or discarded
	repeats   bool   // it is sent again in the end where nobody knows whether the bank has it
	dated     bool   // for a later day

	form    url.Values      // that is filled in; empty: the program has not shown one
	posted  bool            // it was sent, answered or not
	amounts map[string]bool // that were entered, first and in changes
	id      string          // the program's; empty until it has answered
	shown   string          // what the first page of it carried: an old window's still does
	again   int             // times that the person had it sent again
	page    string          // the bank's, which is open in a tab
	code    string          // the bank's, with which the person came back last
	left    bool            // as it is: the person looks after it no more
	word    string          // that the last page said of it
}

// confirmation is the code that the bank gave the person on the way back.
func (o *chaosOrder) confirmation(c *payingChaos) (code string) {
	c.note(func() { code = o.code })
	return code
}

func newChaosOrder(payer chaosPayer, reference string, d *rand.Rand) *chaosOrder {
	return &chaosOrder{
		payer: payer, reference: reference, amounts: map[string]bool{},
		wanted: d.IntN(6) > 0, repeats: d.IntN(3) > 0, dated: d.IntN(6) == 0,
	}
}

// The words of a page and of the board for a payment.
const (
	wordHome       = "Not sent yet"
	wordSending    = "On its way"
	wordUnknown    = "Unknown"
	wordRefused    = "Refused"
	wordDropped    = "Discarded"
	wordLeft       = "Left unknown"
	wordWaits      = "Waits for your approval"
	wordUnderWay   = "Under way"
	wordCancelling = "Being cancelled"
	wordCancelled  = "Cancelled"
	wordRejected   = "Rejected"
	wordDone       = "Carried out"
)

// final reports whether nothing more is to come of it.
func (o *chaosOrder) final() bool {
	switch o.word {
	case wordRefused, wordDropped, wordLeft, wordCancelled, wordRejected, wordDone:
		return true
	}
	return false
}

func (o *chaosOrder) unfinished() bool { return !o.final() && !o.left }

// chaosDeed is something the person does about a payment.
type chaosDeed struct {
	name   string
	weight int
	do     func(c *payingChaos, o *chaosOrder, d *rand.Rand)
}

// chaosDeeds are what they may do, by the word that the payment's page says; empty: it was
// not composed yet. What no page offers then, an old window still does.
var chaosDeeds = map[string][]chaosDeed{
	"": {
		{"compose", 4, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.compose(o, d, 1) }},
		{"compose with a double click", 2, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.compose(o, d, 2) }},
	},
	wordHome: {
		{"send", 5, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.send(o, d, 1, false) }},
		{"send with a double click", 3, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.send(o, d, 2, false) }},
		{"send from two windows", 3, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.send(o, d, 2, true) }},
		{"go on", 1, (*payingChaos).goOn},
		{"change", 1, (*payingChaos).change},
		{"back to the form", 1, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.compose(o, d, 1) }},
		{"discard", 1, (*payingChaos).drop},
	},
	wordUnknown: {
		{"send again", 4, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.send(o, d, 1, false) }},
		{"send again with a double click", 2, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.send(o, d, 2, false) }},
		{"send again from two windows", 2, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.send(o, d, 2, true) }},
		{"send from an old window", 1, (*payingChaos).sendAsSeen},
		{"go on", 1, (*payingChaos).goOn},
		{"approve elsewhere", 1, (*payingChaos).approveElsewhere},
		{"back to the form", 1, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.compose(o, d, 1) }},
		{"look", 2, (*payingChaos).lookAround},
		{"leave it", 1, (*payingChaos).drop},
	},
	wordWaits: {
		{"go on and approve", 8, (*payingChaos).goOn},
		{"approve elsewhere", 2, (*payingChaos).approveElsewhere},
		{"send from an old window", 1, (*payingChaos).sendAsSeen},
		{"back to the form", 1, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.compose(o, d, 1) }},
		{"cancel", 1, (*payingChaos).cancel},
		{"give up", 1, (*payingChaos).giveUp},
		{"discard in an old window", 1, (*payingChaos).drop},
	},
	wordUnderWay: {
		{"check", 4, (*payingChaos).check},
		{"cancel", 2, (*payingChaos).cancel},
		{"send from an old window", 1, (*payingChaos).sendAsSeen},
		{"the banks' time passes", 3, func(c *payingChaos, _ *chaosOrder, _ *rand.Rand) { c.forward(3 * time.Second) }},
	},
	wordCancelling: {
		{"go on with the cancellation", 4, (*payingChaos).cancel},
		{"check", 1, (*payingChaos).check},
		{"approve elsewhere", 1, (*payingChaos).approveElsewhere},
	},
	"anything else": {
		{"look", 4, (*payingChaos).lookAround},
		{"send from an old window", 1, (*payingChaos).sendAsSeen},
		{"back to the form", 1, func(c *payingChaos, o *chaosOrder, d *rand.Rand) { c.compose(o, d, 1) }},
		{"cancel in an old window", 1, (*payingChaos).cancel},
		{"discard in an old window", 1, (*payingChaos).drop},
	},
}

// deed has the person do something about a payment that its page suggests.
func (c *payingChaos) deed(o *chaosOrder, d *rand.Rand) {
	word := ""
	if o.program(c) != "" {
		page := c.look(o)
		if page.status == 0 {
			return // it has died
		}
		word = wordOf(page.body)
	}
	deeds := chaosDeeds[word]
	if deeds == nil {
		deeds = chaosDeeds["anything else"]
	}
	total := 0
	for _, deed := range deeds {
		total += deed.weight
	}
	at := d.IntN(total)
	for _, deed := range deeds {
		if at -= deed.weight; at < 0 {
			c.tell("%s %s", deed.name, o.reference)
			c.note(func() { c.doing = append(c.doing, deed.name) })
			deed.do(c, o, d)
			return
		}
	}
}

var (
	shownField   = regexp.MustCompile(`name="shown" value="([^"]+)"`)
	versionField = regexp.MustCompile(`name="version" value="([^"]+)"`)
	stepField    = regexp.MustCompile(`name="step" value="([^"]+)"`)
	methodField  = regexp.MustCompile(`name="method"\s+value="([^"]+)"`)
	paymentRef   = regexp.MustCompile(`/payments/([0-9a-f]{8}-[0-9a-f-]{27})$`)
	stateTag     = regexp.MustCompile(`<span class="tag [^"]*">\s*<svg.*?</svg>\s*([^<]+?)\s*</span>`)
)

// wordOf is what a payment's page says of it in its head.
func wordOf(page string) string {
	_, head, _ := strings.Cut(page, "<h1")
	return firstOf(stateTag, head)
}

// get and post hold that the program never fails by its own fault.
func (c *payingChaos) get(path string) chaosAnswer { return c.held(path, c.person.get(path)) }

func (c *payingChaos) post(path string, form url.Values) chaosAnswer {
	return c.held("POST "+path, c.person.post(path, form))
}

func (c *payingChaos) held(path string, answer chaosAnswer) chaosAnswer {
	if answer.status == http.StatusInternalServerError && !c.full {
		c.violated("%s was answered with %d: %.300s", path, answer.status, plain(answer.body))
	}
	return answer
}

// plain is what a page says, without how.
func plain(page string) string {
	_, main, _ := strings.Cut(page, "<main")
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(main, " ")), " ")
}

// program is the payment's id in the program; empty where that has not said it.
func (o *chaosOrder) program(c *payingChaos) (id string) {
	c.note(func() { id = o.id })
	return id
}

func (o *chaosOrder) path(c *payingChaos) string { return "/payments/" + o.program(c) }

// look opens a payment's page.
func (c *payingChaos) look(o *chaosOrder) chaosAnswer {
	page := c.get(o.path(c))
	if page.status == http.StatusOK {
		c.note(func() {
			o.word = wordOf(page.body)
			if shown := firstOf(shownField, page.body); o.shown == "" {
				o.shown = shown
			}
		})
	}
	return page
}

// lookAround looks at the payment's page and at those that lead there.
func (c *payingChaos) lookAround(o *chaosOrder, _ *rand.Rand) {
	for _, page := range []string{"/payments", o.path(c), "/"} {
		c.get(page)
	}
}

// compose fills in the form and sends it, or, from the back button, the one that was sent
// before. However often, it makes one payment.
func (c *payingChaos) compose(o *chaosOrder, d *rand.Rand, clicks int) {
	path := "/banks/" + o.payer.bank.EnvironmentID + "/" + o.payer.bank.BIC + "/pay"
	var form url.Values
	c.note(func() { form = o.form })
	if form == nil {
		id := firstOf(formField, c.get(path).body)
		if id == "" {
			return
		}
		amount := fmt.Sprintf("%d.%02d", 1+d.IntN(20), d.IntN(100))
		filled := url.Values{
			"form": {id}, "service": {"payments"}, "product": {o.payer.product.Name}, "from": {"other"}, "from_number": {o.payer.iban},
			"creditor": {"Ausgedachte GmbH"}, "to": {"DE89370400440532013000"}, "amount": {amount}, "currency": {o.payer.currency},
			"text": {"Chaos"}, "end_to_end": {o.reference}, "psu_id": {o.payer.login},
		}
		if o.dated {
			filled.Set("on", time.Now().AddDate(0, 0, 3).Format(time.DateOnly))
		}
		c.note(func() {
			if o.form == nil {
				o.form, o.amounts[amount] = filled, true
			}
			form = o.form
		})
	}
	c.note(func() { o.posted = true })
	c.clicks(clicks, func() {
		answer := c.post(path, form)
		if id := firstOf(paymentRef, answer.location); id != "" {
			c.note(func() {
				if o.id != "" && o.id != id {
					c.wrong = append(c.wrong, fmt.Sprintf("the form of %s made two payments, %s and %s", o.reference, o.id, id))
				}
				o.id = id
			})
			return
		}
		changed := false // since then: the form made a payment of other contents
		c.note(func() { changed = len(o.amounts) > 1 })
		if answer.status == http.StatusUnprocessableEntity || answer.status == http.StatusConflict && !changed {
			c.violated("the form of %s was not taken: %.2000s", o.reference, plain(answer.body))
		}
	})
}

// clicks does the same so many times at once.
func (c *payingChaos) clicks(n int, do func()) {
	var all sync.WaitGroup
	for range n {
		all.Go(do)
	}
	all.Wait()
}

// change enters another amount before the payment was sent.
func (c *payingChaos) change(o *chaosOrder, d *rand.Rand) {
	path := o.path(c) + "/change"
	page := c.get(path)
	version := firstOf(versionField, page.body)
	if version == "" {
		return
	}
	amount := fmt.Sprintf("%d.%02d", 1+d.IntN(20), d.IntN(100))
	form := url.Values{}
	c.note(func() {
		for name, value := range o.form {
			form[name] = value
		}
		o.amounts[amount] = true
	})
	form.Set("version", version)
	form.Set("amount", amount)
	c.post(path, form)
}

// send sends what the page shows, or, where nobody knows whether the bank has it, sends it
// again: with so many clicks, or from so many windows that show the same.
func (c *payingChaos) send(o *chaosOrder, d *rand.Rand, clicks int, windows bool) {
	page := c.look(o)
	flow := ""
	var mu sync.Mutex
	c.clicks(clicks, func() {
		page := page
		if windows {
			page = c.look(o)
		}
		c.decides(o, page.body, windows || clicks == 1)
		answer := c.post(o.path(c)+"/send", url.Values{"shown": {firstOf(shownField, page.body)}})
		if led := firstOf(flowRef, answer.location); led != "" {
			mu.Lock()
			defer mu.Unlock()
			flow = led
		}
	})
	if !windows && clicks > 1 {
		c.decides(o, page.body, true) // once, however often it was clicked
	}
	c.approve(o, flow, d, false)
}

// decides notes that the person has a payment sent again on a page that says that nobody
// knows whether the bank has it.
func (c *payingChaos) decides(o *chaosOrder, page string, counts bool) {
	if counts && wordOf(page) == wordUnknown {
		c.note(func() { o.again++ })
	}
}

// sendAsSeen clicks what a window shows that was opened before anything was sent.
func (c *payingChaos) sendAsSeen(o *chaosOrder, d *rand.Rand) {
	shown := ""
	c.note(func() { shown = o.shown })
	answer := c.post(o.path(c)+"/send", url.Values{"shown": {shown}})
	c.approve(o, firstOf(flowRef, answer.location), d, false)
}

func (c *payingChaos) goOn(o *chaosOrder, d *rand.Rand) {
	c.approve(o, firstOf(flowRef, c.post(o.path(c)+"/continue", nil).location), d, false)
}

func (c *payingChaos) cancel(o *chaosOrder, d *rand.Rand) {
	c.approve(o, firstOf(flowRef, c.post(o.path(c)+"/cancel", nil).location), d, false)
}

func (c *payingChaos) giveUp(o *chaosOrder, _ *rand.Rand) {
	if flow := firstOf(flowRef, c.post(o.path(c)+"/continue", nil).location); flow != "" {
		c.post("/authorisations/"+flow+"/giveup", nil)
	}
}

func (c *payingChaos) drop(o *chaosOrder, _ *rand.Rand) { c.post(o.path(c)+"/drop", nil) }

func (c *payingChaos) check(o *chaosOrder, _ *rand.Rand) { c.post(o.path(c)+"/check", nil) }

// approve does what the bank asks for, until there is nothing more to do. A person who is
// not patient may say no, close the browser, or leave it.
func (c *payingChaos) approve(o *chaosOrder, flow string, d *rand.Rand, patient bool) {
	who := c.info.PSUs[0]
	if flow != "" && o.payer.bank.BIC == twoSign && strings.Contains(c.get(o.path(c)).body, "Another person has to approve") {
		who = c.info.PSUs[1]
	}
	for range 12 {
		if flow == "" || !patient && d.IntN(8) == 0 {
			return
		}
		path := "/authorisations/" + flow
		page := c.get(path)
		switch step := firstOf(stepField, page.body); {
		case page.status == http.StatusSeeOther:
			flow = firstOf(flowRef, page.location) // none where it leads to the payment
		case page.status != http.StatusOK:
			return
		case step != "":
			c.post(path+"/give", url.Values{
				"step": {step}, "psu_id": {who.Login}, "password": {who.Password}, "code": {who.Code}, "method": {c.someOf(methodField, page.body, d)},
				"confirmation": {o.confirmation(c)},
			})
		case strings.Contains(page.body, path+`/page"`):
			at := c.get(path + "/page").location
			c.note(func() { o.page = at })
			c.visit(o, who, d, patient)
			c.post(path+"/check", nil)
		case strings.Contains(page.body, "Approve on your other device"):
			c.answerPhone(o, !patient && d.IntN(8) == 0)
			c.post(path+"/check", nil)
		case strings.Contains(page.body, path+`/check"`):
			c.post(path+"/check", nil)
		default:
			return
		}
	}
}

// someOf is one of what a pattern finds in a text; empty for nothing.
func (c *payingChaos) someOf(pattern *regexp.Regexp, text string, d *rand.Rand) string {
	found := pattern.FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		return ""
	}
	return found[d.IntN(len(found))][1]
}

// visit goes to the bank's page that is open, approves there or says no, and comes back,
// unless the browser is closed there.
func (c *payingChaos) visit(o *chaosOrder, who sandbox.PSUInfo, d *rand.Rand, patient bool) {
	address := ""
	c.note(func() { address = o.page })
	if address == "" {
		return
	}
	at := visitor.Person{Login: who.Login, Password: who.Password, Code: who.Code, Deny: !patient && d.IntN(8) == 0}
	back, err := at.Visit(address)
	if err != nil {
		return // the page is over, or the line is cut
	}
	c.note(func() { o.code = back.Query().Get("confirmationCode") })
	if !patient && d.IntN(6) == 0 {
		return
	}
	chaosRead(c.person.browser.Get(back.String()))
}

// answerPhone approves what a bank's app asks about a payment, or denies it.
func (c *payingChaos) answerPhone(o *chaosOrder, deny bool) {
	booked, has := c.bookedAs(o.reference)
	if !has {
		return
	}
	word := "/approve"
	if deny {
		word = "/deny"
	}
	for _, waits := range c.books().Authorisations {
		if waits.Of == booked.ID {
			c.play("POST", "/authorisations/"+waits.ID+word, "") // refused where none waits on a telephone
		}
	}
}

// approveElsewhere approves what the program may not know that the bank has: in the bank's
// app, or on its page in another tab.
func (c *payingChaos) approveElsewhere(o *chaosOrder, d *rand.Rand) {
	c.answerPhone(o, d.IntN(8) == 0)
	c.visit(o, c.info.PSUs[0], d, false)
}
