package app_test

import (
	"bytes"
	"errors"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/remind"
	"consentry/app/sca"
	"consentry/xs2a"
)

// inCalendar is what the tests' calendars say.
func inCalendar(renewals []remind.Renewal) (summary, description string) {
	var banks []string
	for _, renewal := range renewals {
		banks = append(banks, renewal.Bank)
	}
	return "Renew the consent at " + strings.Join(banks, " and "), "Or let it end."
}

// TestCalendar reads the file as a calendar does.
func TestCalendar(t *testing.T) {
	const hostile = "საქართველოს ბანკი, Sparbanken; \\n \r\nEND:VEVENT \"Norr\""
	w := newWorld(t)
	c := w.valid("c1", hostile, w.inDays(100))
	file, err := w.Reminders().Calendar(t.Context(), "c1", inCalendar)
	w.must(err)
	for line := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") { // RFC 5545 3.1
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
	calendar, err := ics.ParseCalendar(bytes.NewReader(file))
	w.must(err)
	if len(calendar.Events()) != 1 {
		t.Fatalf("%d events:\n%s", len(calendar.Events()), file)
	}
	event := calendar.Events()[0]
	from, err := event.GetAllDayStartAt()
	w.must(err)
	to, err := event.GetAllDayEndAt()
	w.must(err)
	if from.Format(time.DateOnly) != c.RenewBy || to.Sub(from) != 24*time.Hour {
		t.Errorf("from %v to %v, want the day %s", from, to, c.RenewBy)
	}
	var alarms []string
	for _, alarm := range event.Alarms() {
		alarms = append(alarms, alarm.GetProperty(ics.ComponentPropertyTrigger).Value)
	}
	if got := strings.Join(alarms, " "); got != "-P29DT15H -P6DT15H -PT15H" {
		t.Errorf("alarms %s: nine in the morning, 30, 7 and 1 days before", got)
	}
	if got := event.GetProperty(ics.ComponentPropertySummary).Value; !strings.HasPrefix(got, "Renew the consent at საქართველოს ბანკი, Sparbanken; ") {
		t.Errorf("summary %q", got)
	}
}

// TestCalendarMoves gives a renewed consent the same id in the calendar.
func TestCalendarMoves(t *testing.T) {
	w := newWorld(t)
	first := w.link()
	before, err := w.Reminders().Calendar(t.Context(), first.Consent.ID, inCalendar)
	w.must(err)
	share, err := w.Renewal(t.Context(), first.Consent.ID)
	w.must(err)
	w.clock.forward(48 * time.Hour)
	share.ValidUntil = w.Clock().NowAt(bank.SandboxID).AddDate(0, 0, 180).Format(time.DateOnly)
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	w.returned(w.visit(id, false), sca.ReturnTaken)
	second := w.flow(id).Consent.ID
	w.await("the new one is valid", func() bool { return w.status(second) == xs2a.ConsentValid })
	after, err := w.Reminders().Calendar(t.Context(), second, inCalendar)
	w.must(err)
	uid := func(file []byte) string { return regexp.MustCompile(`UID:(\S+)`).FindString(string(file)) }
	if uid(before) != uid(after) || uid(after) == "" || bytes.Equal(before, after) {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	all, err := w.Reminders().Calendars(t.Context(), inCalendar)
	w.must(err)
	if n := strings.Count(string(all), "BEGIN:VEVENT"); n != 1 {
		t.Errorf("%d events for one series", n)
	}
}

// TestCalendarNamesNoAccount looks at what people read in it. Four digits of a
// number may well stand in a day or in an id.
func TestCalendarNamesNoAccount(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	file, err := w.Reminders().Calendar(t.Context(), id, inCalendar)
	w.must(err)
	calendar, err := ics.ParseCalendar(bytes.NewReader(file))
	w.must(err)
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), id)
	w.must(err)
	read := 0
	for _, component := range append([]ics.Component{calendar.Events()[0]}, calendar.Events()[0].SubComponents()...) {
		for _, property := range component.UnknownPropertiesIANAProperties() {
			if property.IANAToken == string(ics.PropertySummary) || property.IANAToken == string(ics.PropertyDescription) {
				read++
				for _, account := range accounts {
					if ends := account.IBAN[len(account.IBAN)-4:]; strings.Contains(property.Value, ends) || strings.Contains(property.Value, account.Name) {
						t.Errorf("%s stands in %q", account.Name, property.Value)
					}
				}
			}
		}
	}
	for _, account := range accounts {
		if strings.Contains(string(file), account.IBAN) {
			t.Errorf("%s stands in the calendar:\n%s", account.IBAN, file)
		}
	}
	if read < 5 || len(accounts) == 0 {
		t.Errorf("%d texts of the calendar were read for %d accounts", read, len(accounts))
	}
}

// TestNoCalendar says so where there is nothing to renew.
func TestNoCalendar(t *testing.T) {
	w := newWorld(t)
	var told *app.Error
	if _, err := w.Reminders().Calendars(t.Context(), inCalendar); !errors.As(err, &told) {
		t.Errorf("without consents: %v", err)
	}
	w.valid("c1", "Norrsken Bank", w.inDays(10))
	w.must(w.Withdraw(t.Context(), "c1", false, person))
	if _, err := w.Reminders().Calendar(t.Context(), "c1", inCalendar); !errors.As(err, &told) {
		t.Errorf("of a withdrawn one: %v", err)
	}
	if _, err := w.Reminders().Calendar(t.Context(), "no such", inCalendar); !app.NotFound(err) {
		t.Errorf("of none: %v", err)
	}
}

// TestCalendarTogether has days within two weeks of the earliest as one event on that, and the others as
// events of their own.
func TestCalendarTogether(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	for bank, days := range map[string]int{"Fjordbanken": 50, "Norrsken Bank": 40, "Skärgårdsbanken": 54, "Vidda": 55} {
		w.valid(bank, bank, in(days))
	}
	file, err := w.Reminders().Calendars(t.Context(), inCalendar)
	w.must(err)
	calendar, err := ics.ParseCalendar(bytes.NewReader(file))
	w.must(err)
	got := map[string]string{}
	for _, event := range calendar.Events() {
		day, err := event.GetAllDayStartAt()
		w.must(err)
		got[event.GetProperty(ics.ComponentPropertySummary).Value] = day.Format(time.DateOnly)
	}
	want := map[string]string{"Renew the consent at Norrsken Bank and Fjordbanken and Skärgårdsbanken": in(40), "Renew the consent at Vidda": in(55)}
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
