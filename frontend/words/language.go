package words

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language is a language the screens speak. It is safe for concurrent use.
type Language struct {
	tag       language.Tag
	catalogue map[Text]entry // nil: English, which stands in the code
	printer   *message.Printer
	marked    bool // see Marked
}

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
	forms := map[plural.Form]string{plural.Zero: e.Zero, plural.One: e.One, plural.Two: e.Two, plural.Few: e.Few, plural.Many: e.Many}
	return cmp.Or(forms[kind], e.Other)
}

// english is the language of the code. Its figures are grouped as in Britain.
var english = &Language{tag: language.English, printer: message.NewPrinter(language.BritishEnglish)}

//go:embed catalogue/*.json
var catalogues embed.FS

// Languages returns the languages of the catalogue, English first.
func Languages() ([]*Language, error) {
	files, err := catalogues.ReadDir("catalogue")
	if err != nil {
		return nil, err
	}
	all := []*Language{english}
	for _, file := range files {
		name := path.Join("catalogue", file.Name())
		text, err := catalogues.ReadFile(name)
		if err != nil {
			return nil, err
		}
		l, err := Read(file.Name(), text)
		if err != nil {
			return nil, err
		}
		if l.tag != language.English {
			all = append(all, l)
		}
	}
	return all, nil
}

// Read returns the language of a catalogue's file, whose name begins with its
// BCP 47 tag: "sv.json".
func Read(name string, text []byte) (*Language, error) {
	spelled, _, _ := strings.Cut(name, ".")
	tag, err := language.Parse(spelled)
	if err != nil {
		return nil, fmt.Errorf("words: catalogue %s is named after no language: %w", name, err)
	}
	l := &Language{tag: tag, printer: message.NewPrinter(tag)}
	if err := json.Unmarshal(text, &l.catalogue); err != nil {
		return nil, fmt.Errorf("words: catalogue %s: %w", name, err)
	}
	return l, nil
}

// Tag is the language's BCP 47 tag, as a page names it.
func (l *Language) Tag() string { return l.tag.String() }

// find returns a text as the catalogue has it. What it lacks is said in English:
// a test holds every catalogue to be whole.
func (l *Language) find(text Text) string {
	return l.mark(cmp.Or(l.catalogue[text].Other, string(text)))
}

// findCount is find for a text that has a form for each kind of number.
func (l *Language) findCount(n int, one, many Text) string {
	kind := plural.Cardinal.MatchPlural(l.tag, max(n, -n), 0, 0, 0, 0)
	said := l.catalogue[many].form(kind)
	switch {
	case said != "":
		return l.mark(said)
	case n == 1:
		return l.mark(string(one))
	}
	return l.mark(string(many))
}
