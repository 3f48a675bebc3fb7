package ui

import (
	"bytes"
	"context"
	"flag"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
)

var update = flag.Bool("update", false, "write what is rendered to testdata")

var (
	now  = time.Date(2026, 11, 20, 9, 41, 0, 0, time.UTC)
	hour = time.Hour
	day  = 24 * hour
)

const (
	longName = "Sparbanken Skaraborg-Västra Götaland-och-Norra Bohuslän Ekonomisk Förening (publ) med begränsad ansvarighet"
	georgian = "ნინო ბერიძე"
	arabic   = "مصرف الشمال"
	hostile  = `<script>alert("1")</script>"><img src=x onerror=alert(2)>`
)

// gallery is every component with the data that is hardest on it.
func gallery() map[string]templ.Component {
	sek := func(n string) Money { return Money{n, "SEK"} }
	choices := []Option{
		{Value: "balances", Label: "Balances", Hint: "How much is there", Chosen: true},
		{Value: "transactions", Label: "Transactions", Hint: "What came in and went out", Chosen: true},
	}
	return map[string]templ.Component{
		"amounts": group(
			Amount(sek("184233.10")), Movement(sek("38650.00")), Movement(sek("-1020.5")), Movement(sek("0.00")), LargeAmount(sek("-62418.22")),
			Amount(Money{"5166", "XXX"}), Amount(Money{"12,50", "EUR"}), Amount(Money{hostile, hostile}), Amount(Money{"1500", "JPY"}), Amount(Money{"0.12345678", "EUR"})),
		"dates": group(
			Date(now), Date(time.Time{}), Moment(now.Add(-2*hour)), Moment(now.Add(-day)), Moment(now.Add(-40*day)), Moment(now.Add(-400*day)), Moment(time.Time{}),
			DayHeading(now), DayHeading(now.Add(-day)), DayHeading(now.Add(-2*day)), DayHeading(now.Add(-400*day))),
		"ibans":  group(IBAN("SE4550000000058398257466"), MaskedIBAN("SE4550000000058398257466"), MaskedIBAN("12345678"), MaskedIBAN("123"), MaskedIBAN(""), MaskedIBAN(hostile)),
		"badges": group(Badge(Good, "Active"), Badge(Warn, "Ends soon"), Badge(Bad, "Refused"), Badge(Info, "At the bank"), Badge(Neutral, "Withdrawn"), Badge(Info, "aStatusNobodyKnowsYet")),
		"actions": in(Actions(),
			Button(Action{Label: "Link a bank", Href: "/banks", Weight: Primary, Icon: IconPlus}), Button(Action{Label: "Save"}), FormButton("/consents/1/withdraw", Action{Label: "Withdraw", Weight: Danger}),
			Button(Action{Label: "Show all", Href: "/accounts", Weight: Subtle}), ConfirmButton("withdraw", Action{Label: "Withdraw", Href: "/consents/1/withdraw", Weight: Danger}),
			Button(Action{Label: "Renew", Small: true, Name: "do", Value: "renew"}), Button(Action{Label: "Website", Href: "javascript:alert(1)"})),
		"head": group(
			in(Head(Heading{Title: "Lönekonto", Sub: "Norrsken Bank · updated 09:41", Back: Link{"Accounts", "/accounts"}}, Logo{Name: "Norrsken Bank"}.Draw(), Badge(Warn, "Ends soon")),
				Button(Action{Label: "Save as…"}), Button(Action{Label: "Update now", Weight: Primary, Icon: IconRefresh})),
			Head(Heading{Title: longName}, nil, nil)),
		"rows": in(Rows("Consents"),
			in(Line(Row{Picture: Logo{Name: "Hamnbanken", Size: LogoSmall}.Draw(), Title: "Hamnbanken", Sub: "Balances, transactions · until 14 May", Href: "/consents/1"}), Badge(Good, "Active")),
			in(Line(Row{Picture: Logo{Name: longName}.Draw(), Title: longName, Sub: strings.Repeat("lång", 40)}), Button(Action{Label: "Renew", Href: "/consents/2/renew", Small: true})),
			in(Line(Row{Picture: Logo{Name: georgian}.Draw(), Title: georgian, Sub: arabic, Href: "/x"}), Movement(Money{"-1200.00", "GEL"})),
			in(Line(Row{Title: hostile, Sub: hostile, Href: "javascript:alert(1)"}), Movement(sek("38650")))),
		"postings": Postings("Today", []Posting{
			{Row: Row{Title: hostile, Sub: hostile, Href: "/transactions/1", Note: hostile, Tags: []Tag{{Name: "holiday", Marked: true}, {Name: arabic}}}, Amount: Money{"-1200.00", "GEL"}, New: true, Dropped: true},
			{Row: Row{Picture: Logo{Name: georgian}.Draw(), Title: longName, Href: "/transactions/2"}, Amount: sek("38650")},
			{Row: Row{Title: arabic, Sub: "A · B", Href: "javascript:alert(1)", Marks: func(text string) iter.Seq2[string, bool] { return maps.All(map[string]bool{text: true}) }}, Amount: sek("0"), Found: true},
		}),
		"table": in(Table("Who read it, and when", Column{Title: "When"}, Column{Title: "What"}, Column{Title: "Amount", Figure: true}),
			templ.Raw(`<tr><td>today 09:41</td><td>Transactions, SE45 ···· 4466</td><td class="end">`), Movement(sek("-248.90")), templ.Raw(`</td></tr><tr><td>19 Nov 20:05</td><td>Balances</td><td class="end">`), Movement(sek("38650.00")), templ.Raw("</td></tr>")),
		"logos": group(
			Logo{Name: "Norrsken Bank"}.Draw(), Logo{Name: "hamnbanken", Size: LogoSmall}.Draw(), Logo{Name: georgian, Size: LogoLarge}.Draw(), Logo{Name: arabic}.Draw(), Logo{Name: "  "}.Draw(), Logo{Name: hostile}.Draw(),
			Logo{Name: "Kolkheti Bank", Src: "/banks/KOLKGE22/logo"}.Draw()),
		"stepper": group(
			Stepper(Steps{Names: []string{"Bank", "What to share", "At the bank", "Fetching", "Done"}, Now: 2, Who: "You act next, at the bank.", Leave: "You can close this window: the consent waits here and you can continue later."}),
			Stepper(Steps{Names: []string{"Bank", "What to share", "At the bank"}, Now: 2, Failed: true, Who: "The bank refused."}),
			Stepper(Steps{Names: []string{"Bank", "Done"}, Now: 2})),
		"fields": group(
			Input(Field{Name: "until", Label: "Valid until", Hint: "At most 180 days from today", Type: "date", Value: "2027-05-19", Short: true}),
			Input(Field{Name: "perday", Label: "Automatic updates a day", Error: "A number from 1 to 4", Hint: "Most banks allow 4", Value: hostile, Required: true}),
			TextArea(Field{Name: "ibans", Label: "Account numbers", Hint: "One per line", Value: "SE45 5000 0000 0583 9825 7466", Error: "The second line is no IBAN"}),
			Select(Field{Name: "locale", Label: "Figures"}, []Option{{Value: "en-GB", Label: "1,234.56"}, {Value: "sv-SE", Label: "1 234,56", Chosen: true}}),
			AnyOf(Field{Name: "share", Label: "What to share", Error: "Choose at least one"}, choices), OneOf(Field{Name: "which", Label: "Which accounts"}, choices)),
		"chips": group(
			Chips("country", "Country", []Chip{{Label: "Sweden", Href: "/banks?country=SE", Current: true, Picture: Flag("SE")}, {Label: "Georgia", Href: "/banks?country=GE", Picture: Flag("GE")}, {Label: "Atlantis", Href: "/banks?country=XX", Picture: Flag("XX")}}),
			Chips("city", "City", []Chip{{Label: "All of Sweden", Href: "/banks?country=SE"}, {Label: "Göteborg", Href: "/banks?country=SE&city=2", Current: true}})),
		"search":   Find(Search{Action: "/banks", Name: "q", Value: hostile, Label: "Name, BIC or city", Target: "#found", Hidden: map[string]string{"country": "SE", "city": ""}}),
		"progress": group(Progress{What: "Reading transactions", Done: 3, Total: 7, Unit: "accounts"}.Bar("job"), Progress{What: "Asking the bank"}.Bar("job2"), Used("2 of 4 reads used", 2, 4)),
		"empty":    in(Empty(IconBank, "No account yet", "Link a bank to see balances and transactions here. It takes about two minutes."), Button(Action{Label: "Link a bank", Href: "/banks", Weight: Primary})),
		"notices": group(
			in(Alert(Notice{ID: "n1", Tone: Bad, Title: "Norrsken Bank did not answer.", Lost: "Nothing was lost: you see the data of 09:41.", Next: "Try again in a few minutes.", Detail: "504 Gateway Timeout\n" + hostile}), Button(Action{Label: "Try again", Href: "/"})),
			Alert(Notice{Tone: Warn, Title: "You have no network.", Next: "The list is of 18 Nov."}), Alert(Notice{Tone: Good, Title: "Saved."}), Alert(Notice{Tone: Info, Title: "Fetching goes on in the background."}), Alert(Notice{Tone: Neutral, Title: "This consent has ended."})),
		"dialog": in(Dialog("withdraw-dialog", "Withdraw this consent?"), templ.Raw("<p>Hamnbanken will be told to stop.</p>"), in(Actions(), FormButton("/consents/1/withdraw", Action{Label: "Withdraw", Weight: Danger}), Cancel("Keep it", "/consents/1"))),
		"card":   in(Card("its-life", "Timeline"), in(More("More choices"), Raw("raw-1", "{\n  \"name\": \""+hostile+"\"\n}"))),
		"life": group(
			Life{From: now.Add(-174 * day), Until: now.Add(6 * day), Now: now, Marks: []Mark{{At: now.Add(-174 * day), Word: "granted"}, {At: now.Add(-84 * day), Word: "renewed"}, {At: now, Word: "today"}, {At: now.Add(6 * day), Word: "renew by", Due: true}}}.Line(),
			Life{From: now.Add(-90 * day), Until: now.Add(-10 * day), Now: now, Ended: true, Marks: []Mark{{At: now.Add(-90 * day), Word: "granted"}, {At: now.Add(-89 * day), Word: "first read"}, {At: now.Add(-10 * day), Word: "withdrawn"}}}.Line()),
		"timeline": group(lives(4).Chart(), in(lives(1).Chart(), Button(Action{Label: "Draw the rest", Href: "/"})), Timeline{Now: now}.Chart()),
		"balance":  group(balances().Chart("Booked balance"), balances().Spark(), Balances{}.Chart("Nothing yet"), balances()[:1].Chart("One day")),
		"months":   months().Chart("In and out"),
		"flags":    flagsOfAll(),
		"older":    Older("Older", "/accounts/1?before=abc"),
		"brand":    Brand(),
	}
}

// TestGallery compares what is rendered with the files a person has looked at.
func TestGallery(t *testing.T) {
	ctx := WithReader(t.Context(), Reader{Locale: "sv-SE", Now: now})
	for name, component := range gallery() {
		t.Run(name, func(t *testing.T) {
			got := render(t, ctx, component)
			file := filepath.Join("testdata", name+".html")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s; look at it, then run with -update\n%s", file, got)
			}
		})
	}
}

// The content security policy forbids these, and a bank's text must not bring
// any in.
func TestNothingInline(t *testing.T) {
	for name, component := range gallery() {
		html := strings.ToLower(string(render(t, t.Context(), component)))
		for _, forbidden := range []string{" style=", "<script", " onclick=", "<img src=x", `href="javascript:`, "<style"} {
			if strings.Contains(html, forbidden) {
				t.Errorf("%s contains %s", name, forbidden)
			}
		}
	}
}

// render breaks lines between elements, so that a difference can be read.
func render(t *testing.T, ctx context.Context, component templ.Component) []byte {
	t.Helper()
	var html bytes.Buffer
	if err := component.Render(ctx, &html); err != nil {
		t.Fatal(err)
	}
	return append(bytes.ReplaceAll(html.Bytes(), []byte("><"), []byte(">\n<")), '\n')
}

func group(parts ...templ.Component) templ.Component { return templ.Join(parts...) }

// in puts children into a component, as templ's braces do.
func in(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func balances() Balances {
	var points Balances
	balance := 40_000
	for i := range 90 {
		balance -= 450 + i*37%300
		if i%30 == 4 {
			balance += 38_650
		}
		points = append(points, Point{now.Add(time.Duration(i-89) * day), Money{whole(balance), "SEK"}})
	}
	return points
}

// lives are consents in all their states, the first renewed twice.
func lives(n int) Timeline {
	line := Timeline{Now: now}
	for i := range n {
		line.Lanes = append(line.Lanes, [...]Lane{
			{Name: "Hamnbanken", Href: "/consents/1", Spells: []Spell{
				{From: now.Add(-330 * day), Until: now.Add(-160 * day), Kind: SpellOver, Words: "Ended: replaced."},
				{From: now.Add(-161 * day), Until: now.Add(19 * day), Kind: SpellLive, Due: now.Add(19 * day), Words: "Renew by 9 Dec 2026."},
				{From: now.Add(-hour), Until: now, Kind: SpellWaiting, Words: hostile},
			}},
			{Name: longName, Href: "/consents/2", Spells: []Spell{{From: now.Add(-9 * day), Until: now.Add(-9*day + time.Minute), Kind: SpellNever, Words: "Refused."}}},
			{Name: arabic, Href: "javascript:alert(1)", Spells: []Spell{{From: now.Add(-2000 * day), Until: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), Kind: SpellLive}}},
			{Name: hostile, Href: "/consents/4", Spells: []Spell{{From: now.Add(-2000 * day), Until: now.Add(-1500 * day), Kind: SpellOver, Words: "Longer ago than the picture reaches."}}},
		}[i%4])
	}
	return line
}

func months() Months {
	var all Months
	for i := range 6 {
		all = append(all, Month{First: time.Date(2026, time.Month(6+i), 1, 0, 0, 0, 0, time.UTC), In: Money{whole(38_000 + i*700), "SEK"}, Out: Money{whole(31_000 - i*i*900), "SEK"}, Unread: i == 1})
	}
	return all
}

func flagsOfAll() templ.Component {
	var parts []templ.Component
	for _, country := range []string{"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO", "GB", "CH", "GE", "ge", "XX", ""} {
		parts = append(parts, Flag(country))
	}
	return templ.Join(parts...)
}

func whole(n int) string { return strconv.Itoa(n) }
