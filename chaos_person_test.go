package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"consentry/app"
	"consentry/xs2a/sandbox/visitor"
)

// chaosPerson is a person's browser in a running program.
type chaosPerson struct {
	browser *http.Client
	base    string // of the screens
}

// opens opens the address the program printed, as a browser does.
func opens(first string) (chaosPerson, error) {
	jar, _ := cookiejar.New(nil) // which cannot fail without options
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	res, err := browser.Get(first)
	if err != nil {
		return chaosPerson{}, err
	}
	defer res.Body.Close()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return chaosPerson{browser, strings.TrimSuffix(res.Request.URL.String(), "/")}, nil
}

// answer is what the program answered; nothing where it died of the question.
type chaosAnswer struct {
	status   int
	body     string
	location string
}

func (p chaosPerson) get(path string) chaosAnswer { return chaosRead(p.browser.Get(p.base + path)) }

func (p chaosPerson) post(path string, form url.Values) chaosAnswer {
	return chaosRead(p.browser.PostForm(p.base+path, form))
}

func chaosRead(res *http.Response, err error) chaosAnswer {
	if err != nil {
		return chaosAnswer{}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return chaosAnswer{}
	}
	return chaosAnswer{res.StatusCode, string(body), res.Header.Get("Location")}
}

// chaosAct is something the person does in a window.
type chaosAct struct {
	name   string
	weight int
	do     func(c *chaos, dice *rand.Rand)
}

var chaosActs = []chaosAct{
	{"ask and approve", 6, func(c *chaos, d *rand.Rand) { c.approve(c.ask(d, false), d) }},
	{"ask", 2, func(c *chaos, d *rand.Rand) { c.ask(d, false) }},
	{"ask with a double click", 3, func(c *chaos, d *rand.Rand) { c.ask(d, true) }},
	{"renew and approve", 4, func(c *chaos, d *rand.Rand) { c.approve(c.renew(d), d) }},
	{"renew", 3, func(c *chaos, d *rand.Rand) { c.renew(d) }},
	{"go on and approve", 4, func(c *chaos, d *rand.Rand) { c.approve(c.resume(d), d) }},
	{"withdraw", 5, func(c *chaos, d *rand.Rand) { c.withdraw(d) }},
	{"give up", 2, func(c *chaos, d *rand.Rand) {
		if flow := c.resume(d); flow != "" {
			c.person.post("/authorisations/"+flow+"/giveup", nil)
		}
	}},
	{"fetch", 2, func(c *chaos, d *rand.Rand) { c.onConsent(d, "fetch", nil) }},
	{"refresh", 3, func(c *chaos, d *rand.Rand) { c.onConsent(d, "refresh", nil) }},
	{"tell the bank again", 1, func(c *chaos, d *rand.Rand) { c.onConsent(d, "tell", nil) }},
	{"set how often", 1, func(c *chaos, d *rand.Rand) { c.onConsent(d, "schedule", url.Values{"schedule": {"2"}}) }},
	{"look around", 1, func(c *chaos, d *rand.Rand) {
		for _, page := range []string{"/", "/consents", "/accounts", "/activity"} {
			c.person.get(page)
		}
	}},
}

func (c *chaos) pickAct() chaosAct {
	total := 0
	for _, act := range chaosActs {
		total += act.weight
	}
	at := c.dice.IntN(total)
	for _, act := range chaosActs {
		if at -= act.weight; at < 0 {
			return act
		}
	}
	return chaosActs[0]
}

var (
	formField  = regexp.MustCompile(`name="form" value="([^"]+)"`)
	anewField  = regexp.MustCompile(`name="anew" value="([^"]+)"`)
	consentRef = regexp.MustCompile(`/consents/([0-9a-f]{8}-[0-9a-f-]{27})`)
	flowRef    = regexp.MustCompile(`/authorisations/([0-9a-f]{8}-[0-9a-f-]{27})$`)
)

func firstOf(pattern *regexp.Regexp, text string) string {
	if found := pattern.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// ask fills in the form for a bank and sends it, twice at once or again from another
// window. It returns the authorisation it led to, if any.
func (c *chaos) ask(d *rand.Rand, twice bool) (flow string) {
	bank := c.banks[d.IntN(len(c.banks))]
	return c.sendForm(d, "/banks/"+bank.EnvironmentID+"/"+bank.BIC+"/share", twice)
}

func (c *chaos) renew(d *rand.Rand) (flow string) {
	id := c.consentShown(d)
	if id == "" {
		return ""
	}
	return c.sendForm(d, "/consents/"+id+"/renew", d.IntN(3) == 0)
}

func (c *chaos) sendForm(d *rand.Rand, path string, twice bool) (flow string) {
	page := c.person.get(path)
	form := url.Values{
		"form": {firstOf(formField, page.body)}, "share": {"balances"}, "which": {"all"}, "recurring": {"yes"},
		"valid_until": {time.Now().AddDate(0, 0, 90).Format(time.DateOnly)}, "frequency": {"4"}, "purpose": {"Chaos"},
	}
	if form.Get("form") == "" {
		return "" // nothing to ask for, or the program has died
	}
	if d.IntN(5) == 0 {
		form.Add("share", "transactions")
	}
	if begun := firstOf(anewField, page.body); begun != "" {
		if d.IntN(2) == 0 {
			return firstOf(flowRef, c.person.post("/consents/"+begun+"/resume", nil).location)
		}
		form.Set("anew", begun)
	}
	c.formSent(form.Get("form"))
	if !twice {
		return firstOf(flowRef, c.person.post(path, form).location)
	}
	var clicks sync.WaitGroup
	led := make([]string, 2)
	for i := range led {
		clicks.Go(func() { led[i] = firstOf(flowRef, c.person.post(path, form).location) })
	}
	clicks.Wait()
	return led[1]
}

// approve goes to the bank's page, approves there or says no, and comes back, unless
// the browser is closed there.
func (c *chaos) approve(flow string, d *rand.Rand) {
	if flow == "" {
		return
	}
	page := c.person.get("/authorisations/" + flow + "/page")
	if page.location == "" {
		return
	}
	psu := c.info.PSUs[0]
	at := visitor.Person{Login: psu.Login, Password: psu.Password, Code: psu.Code, Deny: d.IntN(8) == 0}
	back, err := at.Visit(page.location)
	if err != nil || d.IntN(6) == 0 {
		return
	}
	chaosRead(c.person.browser.Get(back.String()))
	if d.IntN(2) == 0 { // and looks at once
		c.person.post("/authorisations/"+flow+"/check", nil)
	}
}

// consentShown returns one of the consents that are listed; empty for none.
func (c *chaos) consentShown(d *rand.Rand) string {
	var ids []string
	for _, found := range consentRef.FindAllStringSubmatch(c.person.get("/consents").body, -1) {
		if len(ids) == 0 || ids[len(ids)-1] != found[1] {
			ids = append(ids, found[1])
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ids[d.IntN(min(len(ids), 4))]
}

func (c *chaos) onConsent(d *rand.Rand, action string, form url.Values) chaosAnswer {
	id := c.consentShown(d)
	if id == "" {
		return chaosAnswer{}
	}
	return c.person.post("/consents/"+id+"/"+action, form)
}

func (c *chaos) resume(d *rand.Rand) (flow string) {
	return firstOf(flowRef, c.onConsent(d, "resume", nil).location)
}

// withdraw ends a permission: once that is answered with anything but a failure of the
// program's own, it is over.
func (c *chaos) withdraw(d *rand.Rand) {
	id := c.consentShown(d)
	if id == "" {
		return
	}
	form := url.Values{}
	if d.IntN(4) == 0 {
		form.Set("data", "erase")
		c.erased()
	}
	if answer := c.person.post("/consents/"+id+"/withdraw", form); answer.status == http.StatusSeeOther {
		c.withdrawalTaken(id)
	} else if answer.status == http.StatusInternalServerError && !c.full {
		c.violated("a withdrawal was answered with %d: %.300s", answer.status, answer.body)
	}
}

// bankActs lets a bank do something by itself, or the line break.
func (c *chaos) bankActs() {
	faults := []string{`{"drop":true,"after":true}`, `{"drop":true}`, `{"status":503}`, `{"method":"DELETE","status":500}`, `{"delay":"50ms","count":3}`}
	if c.dice.IntN(2) == 0 {
		fault := faults[c.dice.IntN(len(faults))]
		c.tell("fault %s", fault)
		c.play("POST", "/faults", fault)
		return
	}
	books := c.books()
	if len(books.Consents) == 0 {
		return
	}
	one := books.Consents[c.dice.IntN(len(books.Consents))]
	c.tell("the person revokes one at the bank")
	if c.play("POST", "/consents/"+one.ID+"/revoke", "") {
		c.touched(one.ID)
	}
}

// play plays the banks' part, and reports whether it could be done.
func (c *chaos) play(method, path, body string) bool {
	c.Helper()
	req, err := http.NewRequestWithContext(c.Context(), method, c.info.Control+path, strings.NewReader(body))
	c.must(err)
	res, err := http.DefaultClient.Do(req)
	c.must(err)
	c.must(res.Body.Close())
	return res.StatusCode == http.StatusOK
}

// chaosLooker is the person who looks, in the end, at what is not finished.
var chaosLooker = app.Person{IPAddress: "127.0.0.1"}
