package words

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language is a language the screens speak. It is safe for concurrent use.
type Language struct {
	tag     language.Tag
	rules   language.Tag // whose plural forms it has
	texts   func() texts // nil: English, which stands in the code
	printer *message.Printer
	marked  bool // see Marked
}

// texts are what a language says, by the English.
type texts map[Text]entry

// entry is what a language says for a text: one form, or one for each kind of number
// that it tells apart (CLDR plural categories).
type entry struct {
	Zero, One, Two, Few, Many, Other string
}

// UnmarshalJSON takes a text, or an object of forms. What else stands in that, such as
// a description for translators, is none.
func (e *entry) UnmarshalJSON(text []byte) error {
	if err := json.Unmarshal(text, &e.Other); err == nil {
		return nil
	}
	type forms entry
	return json.Unmarshal(text, (*forms)(e))
}

// form returns the form for a kind of number; the one for all others where there is none.
func (e entry) form(kind plural.Form) string {
	return cmp.Or(*e.place(kind), e.Other)
}

// place is where the form for a kind of number stands.
func (e *entry) place(kind plural.Form) *string {
	switch kind {
	case plural.Zero:
		return &e.Zero
	case plural.One:
		return &e.One
	case plural.Two:
		return &e.Two
	case plural.Few:
		return &e.Few
	case plural.Many:
		return &e.Many
	}
	return &e.Other
}

// english is the language of the code. Its figures are grouped as in Britain.
var english = &Language{tag: language.English, rules: language.English, printer: message.NewPrinter(language.BritishEnglish)}

// Read returns the language of a catalogue's file, whose name begins with its
// BCP 47 tag: "sv.json".
func Read(name string, text []byte) (*Language, error) {
	spelled, _, _ := strings.Cut(name, ".")
	var said texts
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, fmt.Errorf("words: catalogue %s: %w", name, err)
	}
	l, err := newLanguage(spelled, func() texts { return said })
	if err != nil {
		return nil, fmt.Errorf("words: catalogue %s is named after no language: %w", name, err)
	}
	return l, nil
}

// newLanguage returns a language that asks for its texts when it says the first.
func newLanguage(spelled string, read func() texts) (*Language, error) {
	tag, err := language.Parse(spelled)
	if err != nil {
		return nil, err
	}
	l := &Language{tag: tag, rules: tag, texts: sync.OnceValue(read), printer: message.NewPrinter(tag)}
	if l.IsPseudo() {
		l.rules, l.printer = english.rules, english.printer
	}
	return l, nil
}

// Tag is the language's BCP 47 tag, as a page names it.
func (l *Language) Tag() string { return l.tag.String() }

// ownName is what a language calls itself: "svenska".
const ownName Text = "The name of this language in itself"

// Name is the language's own name for itself.
func (l *Language) Name() string {
	if l.texts == nil {
		return "English"
	}
	return cmp.Or(l.texts()[ownName].Other, l.Tag())
}

// find returns a text as the catalogue has it. What it lacks is said in English:
// build/words holds every catalogue to be whole.
func (l *Language) find(text Text) string {
	return l.mark(l.said(text))
}

// said is find without marks.
func (l *Language) said(text Text) string { return strings.ReplaceAll(l.raw(text), softHyphen, "") }

// raw is said with soft hyphens.
func (l *Language) raw(text Text) string {
	if l.texts == nil {
		return string(text)
	}
	return cmp.Or(l.texts()[text].Other, string(text))
}

// findCount is find for a text that has a form for each kind of number.
func (l *Language) findCount(n int, one, many Text) string {
	if l.texts != nil {
		kind := plural.Cardinal.MatchPlural(l.rules, max(n, -n), 0, 0, 0, 0)
		if said := l.texts()[many].form(kind); said != "" {
			return l.mark(strings.ReplaceAll(said, softHyphen, ""))
		}
	}
	if n == 1 {
		return l.mark(string(one))
	}
	return l.mark(string(many))
}
