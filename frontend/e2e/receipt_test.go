package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// What a person keeps of a consent, while it lasts and after its end: a page
// to print, a file, and a day in their calendar.
func TestJourneyReceipt(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	mette := opens(consentry)
	mette.visit("/banks")
	mette.see("Norway")
	folder := mette.downloads()
	given := mette.shares(consentry, klitbanken, "mette")
	number := consentry.statements(klitbanken.name)[0].IBAN

	mette.story(t, "while it lasts", func(mette *person) {
		mette.visit("/consents")
		mette.click("Add expiry dates to your calendar")
		all := mette.event(folder)
		mette.opensConsent(given)
		mette.click("Add expiry date to your calendar")
		event := mette.event(folder)
		if all.Id() != event.Id() {
			t.Errorf("a calendar would hold it twice, as %s and %s", all.Id(), event.Id())
		}
		if day, err := event.GetAllDayStartAt(); err != nil || day.Format(time.DateOnly) != given.stored().ValidUntil {
			t.Errorf("the day in the calendar is %v (%v)", day, err)
		}
		if alarms := len(event.Alarms()); alarms != 3 {
			t.Errorf("the event has %d alarms, want 30, 7 and 1 days before", alarms)
		}

		mette.click("Receipt as a file (JSON)")
		record := mette.saved(folder, ".json")
		if !json.Valid([]byte(record)) || !strings.Contains(record, given.id) || strings.Contains(record, number) {
			t.Errorf("the receipt is no record of the consent, or gives a whole account number away:\n%s", record)
		}
	})

	mette.story(t, "after its end", func(mette *person) {
		mette.opensConsent(given)
		mette.click("Withdraw")
		mette.click("Withdraw and erase")
		mette.see("What was read under it was erased")
		mette.click("Receipt")
		mette.title("Receipt")
		mette.see("Klitbanken")
		mette.see("You withdrew")
		mette.see(given.id)
		mette.see("Erased on")
		mette.seeNot(number)
		mette.click("Save as a file")
		record := mette.saved(folder, ".json")
		if !json.Valid([]byte(record)) || !strings.Contains(record, given.id) || !strings.Contains(strings.ToLower(record), "withdr") || strings.Contains(record, number) {
			t.Errorf("the receipt does not tell of the end, or gives a whole account number away:\n%s", record)
		}
	})
}

// event is the one event in the calendar that was saved.
func (p *person) event(folder string) *ics.VEvent {
	p.t.Helper()
	calendar, err := ics.ParseCalendar(strings.NewReader(p.saved(folder, ".ics")))
	if err != nil || len(calendar.Events()) != 1 {
		p.t.Fatalf("the calendar holds no event (%v)", err)
	}
	return calendar.Events()[0]
}

// downloads is a folder into which this browser profile saves files.
func (p *person) downloads() string {
	p.t.Helper()
	folder := p.t.TempDir()
	_, err := chromedp.Call(p.tab, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(p.tab).BrowserContextID, DownloadPath: folder,
	})
	if err != nil {
		p.fail("set the folder for downloads", err)
	}
	return folder
}

// saved waits for the one file of a kind in a folder, and takes it out.
func (p *person) saved(folder, kind string) string {
	p.t.Helper()
	var content []byte
	p.until("have a file saved", func() error {
		found, err := filepath.Glob(filepath.Join(folder, "*"+kind))
		if err != nil || len(found) == 0 {
			return errNotYet
		}
		if content, err = os.ReadFile(found[0]); err != nil || len(content) == 0 {
			return errNotYet
		}
		return os.Remove(found[0])
	})
	return string(content)
}
