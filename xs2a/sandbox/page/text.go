package page

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"consentry/xs2a/sandbox/people"
)

// Text is what a page says, in English, with the verbs of package fmt where something stands in it. A language says it as
// words.json has it.
type Text string

// Said is a text with what stands in it. An argument that is a Text is said in the same language, a day and an amount are written
// as it writes them.
type Said struct {
	Text Text
	Args []any
}

// Say returns a text with what stands in it, to be said in the language of whoever sees the page.
func Say(text Text, args ...any) Said { return Said{text, args} }

// Amount is a sum of a currency.
type Amount struct {
	Minor    int64
	Currency string
}

// Given reports whether there is something to say.
func (s Said) Given() bool { return s.Text != "" }

// in says it in the language of a page.
func (s Said) in(ctx context.Context) string { return spoken(ctx).say(s.Text, s.Args...) }

// say says a text in the language of a page.
func say(ctx context.Context, text Text, args ...any) string { return spoken(ctx).say(text, args...) }

//go:embed words.json
var wordsFile []byte

// translated is what each language says for a text, by their tags; the file is read when something is first said in one.
var translated = sync.OnceValue(func() (all map[Text]map[string]string) {
	if err := json.Unmarshal(wordsFile, &all); err != nil {
		panic("page: words.json: " + err.Error()) // it is part of the program
	}
	return all
})

// language is one that a bank speaks; the zero value is English, which stands in the code.
type language struct {
	tag    string
	months []string
	point  string // before decimals
	group  string // between groups of three figures
	date   string // with the verbs of package fmt for day, month and year
}

var english = &language{
	tag: "en", point: ".", group: ",", date: "%d %s %d",
	months: strings.Fields("January February March April May June July August September October November December"),
}

// languages are those that the banks speak beside English, each that of a country they stand in.
var languages = map[string]*language{
	"SE": written("sv", ",", "\u00a0", "%d %s %d", "januari februari mars april maj juni juli augusti september oktober november december"),
	"DE": written("de", ",", ".", "%d. %s %d", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
	"GE": written("ka", ",", "\u00a0", "%d %s, %d", "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი"),
	"DK": written("da", ",", ".", "%d. %s %d", "januar februar marts april maj juni juli august september oktober november december"),
	"NO": written("nb", ",", "\u00a0", "%d. %s %d", "januar februar mars april mai juni juli august september oktober november desember"),
	"FI": written("fi", ",", "\u00a0", "%d. %s %d", "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta"),
}

// written returns a language as it writes days and amounts.
func written(tag, point, group, date, months string) *language {
	return &language{tag: tag, point: point, group: group, date: date, months: strings.Fields(months)}
}

// say says a text. What the language lacks is said in English: a test holds it to be whole.
func (l *language) say(text Text, args ...any) string {
	said := string(text)
	if l != english {
		said = cmp.Or(translated()[text][l.tag], said)
	}
	if len(args) == 0 {
		return said
	}
	args = slices.Clone(args)
	for i, arg := range args {
		switch arg := arg.(type) {
		case Text:
			args[i] = l.say(arg)
		case people.Day:
			args[i] = l.day(arg)
		case Amount:
			args[i] = l.amount(arg)
		}
	}
	return fmt.Sprintf(said, args...)
}

func (l *language) day(day people.Day) string {
	t := day.Time()
	return fmt.Sprintf(l.date, t.Day(), l.months[t.Month()-1], t.Year())
}

// amount writes a sum, with the code of its currency behind it.
func (l *language) amount(a Amount) string {
	whole, cents, _ := strings.Cut(people.Decimal(a.Minor), ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + l.group + whole[at:]
	}
	return whole + l.point + cents + "\u00a0" + a.Currency
}

// name is what the language calls itself, for who reads no other.
func (l *language) name() string { return l.say("English") }

type languageKey struct{}

// spoken is the language of a page.
func spoken(ctx context.Context) *language {
	if l, _ := ctx.Value(languageKey{}).(*language); l != nil {
		return l
	}
	return english
}

// offered are the languages in which a bank's pages can be read: that of its country, and English.
func (b *Bank) offered() []*language {
	switch {
	case b == nil: // a page of no bank: any of them
		all := []*language{english}
		for _, country := range slices.Sorted(maps.Keys(languages)) {
			all = append(all, languages[country])
		}
		return all
	case languages[b.Country] == nil:
		return []*language{english}
	}
	return []*language{languages[b.Country], english}
}

// in returns a context with the language of a bank's pages: the one that was chosen on them, else the one that a browser asks for first,
// and the country's where it asks for neither. Who asks for nothing is no browser, and gets English.
func (b *Bank) in(chosen, header string) context.Context {
	l, offered := english, b.offered()
	if header != "" {
		l = offered[0]
	}
	for _, tag := range append([]string{chosen}, wanted(header)...) {
		if at := slices.IndexFunc(offered, func(l *language) bool { return l.tag == tag }); at >= 0 {
			l = offered[at]
			break
		}
	}
	return context.WithValue(context.Background(), languageKey{}, l)
}

// emphasised says a text of somebody, whose name, its first argument, stands out.
func emphasised(text Text, name string, args ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		const here = "\x00"
		before, after, _ := strings.Cut(say(ctx, text, append([]any{here}, args...)...), here)
		_, err := io.WriteString(w, templ.EscapeString(before)+"<strong>"+templ.EscapeString(name)+"</strong>"+templ.EscapeString(after))
		return err
	})
}
