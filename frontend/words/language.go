package words

import (
	"embed"
	"fmt"
	"path"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language is a language the screens speak. It is safe for concurrent use.
type Language struct {
	tag       language.Tag
	catalogue *i18n.Localizer // nil: English, which stands in the code
	printer   *message.Printer
	found     sync.Map // what the catalogue says, by entry; a screen asks for the same texts over and over
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
	bundle := i18n.NewBundle(language.English)
	file, err := bundle.ParseMessageFileBytes(text, name)
	if err != nil {
		return nil, fmt.Errorf("words: catalogue %s: %w", name, err)
	}
	return &Language{
		tag: file.Tag, catalogue: i18n.NewLocalizer(bundle, file.Tag.String()), printer: message.NewPrinter(file.Tag),
	}, nil
}

// Tag is the language's BCP 47 tag, as a page names it.
func (l *Language) Tag() string { return l.tag.String() }

// find returns a text as the catalogue has it. What it lacks is said in English:
// a test holds every catalogue to be whole.
func (l *Language) find(text Text) string {
	if l.catalogue == nil {
		return string(text)
	}
	if said, known := l.found.Load(text); known {
		return said.(string)
	}
	said := l.localized(i18n.LocalizeConfig{DefaultMessage: &i18n.Message{ID: string(text), Other: string(text)}})
	l.found.Store(text, said)
	return said
}

// findCount is find for a text that has a form for each kind of number.
func (l *Language) findCount(n int, one, many Text) string {
	if l.catalogue == nil {
		if n == 1 {
			return string(one)
		}
		return string(many)
	}
	return l.localized(i18n.LocalizeConfig{
		DefaultMessage: &i18n.Message{ID: string(many), One: string(one), Other: string(many)}, PluralCount: n,
	})
}

func (l *Language) localized(asked i18n.LocalizeConfig) string {
	asked.TemplateParser = template.IdentityParser{}
	said, err := l.catalogue.Localize(&asked)
	if said == "" && err != nil {
		return asked.DefaultMessage.Other
	}
	return said
}
