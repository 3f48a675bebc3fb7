package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Time passes at the practice banks as the settings say: the person is reminded
// before a consent ends, can put that off, and it ends on its day, whatever
// nobody did.
func TestJourneyTimePasses(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	ingrid := opens(consentry)
	ingrid.visit("/banks")
	ingrid.see("Norway")
	given := ingrid.shares(consentry, vidda, "ingrid")

	ingrid.story(t, "a month before, and put off", func(ingrid *person) {
		ingrid.seeNot("The practice banks’ clock is")
		ingrid.passDays(150)
		ingrid.visit("/")
		ingrid.see("The practice banks’ clock is 150 days ahead: there it is " + inDays(150).Format("2 January 2006"))
		ingrid.see("Needs you")
		ingrid.see("30 days left")
		ingrid.called("(1) Overview")
		ingrid.nextTo(vidda.name, "Later")
		ingrid.nextTo(vidda.name, "At the next reminder ("+inDays(173).Format("2 Jan 2006")+")")
		ingrid.until("need nothing any more", func() error {
			if ingrid.says("Needs you") {
				return errNotYet
			}
			return nil
		})
		ingrid.called("Overview")
	})

	ingrid.story(t, "a week before", func(ingrid *person) {
		ingrid.passDays(22)
		ingrid.visit("/")
		ingrid.seeNot("Needs you")
		ingrid.passDays(1)
		ingrid.visit("/")
		ingrid.see("Needs you")
		ingrid.see("7 days left")
		ingrid.called("(1) Overview")
		ingrid.nextTo(vidda.name, "Renew")
		ingrid.title("Renew or change")
		ingrid.opensConsent(given)
		ingrid.see("Renew by " + inDays(180).Format("2 Jan 2006") + ", 7 days left")
	})

	ingrid.story(t, "the day itself and the day after", func(ingrid *person) {
		ingrid.passDays(7)
		ingrid.opensConsent(given)
		ingrid.see("today is the last day")
		ingrid.fetchesAgain(given)
		ingrid.passDays(1)
		ingrid.opensConsent(given)
		ingrid.see("This consent ran out on " + inDays(180).Format("2 Jan 2006"))
		ingrid.seeNot("Update now")
	})

	ingrid.story(t, "181 days at once", func(ingrid *person) {
		other := ingrid.shares(consentry, nordlys, "ingrid")
		ingrid.passDays(181)
		ingrid.see("362 days ahead")
		ingrid.opensConsent(other)
		ingrid.see("This consent ran out on")
		ingrid.see("Its last day, " + inDays(361).Format("2 January 2006") + ", has passed") // in its history
		ingrid.visit("/consents")
		ingrid.see("Ended · 2")
		ingrid.nextTo(nordlys.name, "Ask again")
		ingrid.title("Ask again")
		for _, each := range []*grant{given, other} {
			if there := each.seen(); there.AfterEnd != 0 {
				t.Errorf("%s was asked %d times after the end", each.name, there.AfterEnd)
			}
		}
	})
}

// inDays is a day from now on.
func inDays(days int) time.Time { return time.Now().AddDate(0, 0, days) }

// called holds what a window is called.
func (p *person) called(title string) {
	p.t.Helper()
	p.until("have a window called "+title, func() error {
		is, err := ask[string](p, "document.title")
		if err == nil && !strings.HasPrefix(is, title) {
			err = errNotYet
		}
		return err
	})
}

// The program reads by itself as often as the person lets it and never more
// often than the bank does, whatever happens to it in between.
func TestJourneyQuota(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	given := astrid.shares(consentry, dalabanken, "astrid")
	astrid.opensConsent(given)
	astrid.see("0 of 4 used")
	astrid.see("Planned while Consentry runs: tomorrow")
	astrid.selects("Update automatically", "4 times a day")
	astrid.click("Save")
	astrid.see("You let Consentry update automatically 4 times a day")
	if planned := astrid.planned(); len(planned) != 4 && len(planned) != 3 { // the fourth is a day away to the minute
		t.Errorf("planned are %q", planned)
	}

	for _, used := range []string{"1", "2", "3", "4"} {
		astrid = sixHoursLater(consentry, astrid)
		astrid.opensUntil(given, used+" of 4 used")
		for of, reads := range given.byItself() {
			same(t, "reads of "+of, strconv.Itoa(len(reads)), used)
		}
	}
	var first time.Time // of those that count no longer soonest
	for _, reads := range given.byItself() {
		if last := reads[len(reads)-1]; len(reads) == 4 && last.After(first) {
			first = last
		}
	}
	// A minute more than a day, should the bank's clock be behind.
	if next := first.Local().Add(24*time.Hour + time.Minute).Format("15:04"); !regexp.MustCompile("4 of 4 used, next (at|tomorrow) " + next).MatchString(astrid.text()) {
		t.Errorf("the next read is possible at %s; the page says:\n%s", next, astrid.text())
	}
	unattended := given.seen().Unattended
	consentry.controls("clock", `{"advance": "3h"}`)
	astrid = again(consentry, astrid)
	astrid.opensUntil(given, "4 of 4 used")
	astrid.fetchesAgain(given) // while somebody is there, there is no limit
	astrid.see("4 of 4 used")
	if there := given.seen(); there.Unattended != unattended || there.AfterEnd != 0 {
		t.Errorf("the bank was read %d times without the person, not %d", there.Unattended, unattended)
	}
	same(t, "the fetch's failure", given.stored().FetchError.Code, "")

	astrid.click("All reads")
	astrid.title("Every read")
	astrid.see("you asked")
	astrid.see("automatically")
	astrid.visit("/consents")
	astrid.see("4 of 4 used")
}

// sixHoursLater the practice banks have moved on, and the program is started
// again, whereupon it does what is due.
func sixHoursLater(c *program, p *person) *person {
	c.t.Helper()
	c.controls("clock", `{"advance": "6h1m"}`)
	return again(c, p)
}

// again ends the program hard and starts it on the same data.
func again(c *program, p *person) *person {
	c.t.Helper()
	p.leave()
	_ = chromedp.Do(p.tab, chromedp.Navigate("about:blank")) // so that nothing asks while it is away
	c.kill()
	c.run()
	return opens(c)
}

// planned are the moments at which the program says it will read by itself.
func (p *person) planned() []string {
	p.t.Helper()
	_, rest, found := strings.Cut(p.text(), "Planned while Consentry runs: ")
	if !found {
		return nil
	}
	list, _, _ := strings.Cut(rest, ". ")
	return strings.Split(list, ", ")
}
