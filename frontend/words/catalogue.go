package words

import (
	"cmp"
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// Languages are those that screens can speak, English first.
type Languages []*Language

// packed are the catalogues of all languages but English, which stands in the code. It is written by build/words.
//
//go:embed languages.pack
var packed string

// All returns the languages that are part of the program. Only of those in which something is said the texts
// are read.
var All = sync.OnceValues(func() (Languages, error) {
	more, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	return append(Languages{english}, more...), nil
})

// WithFolder returns the languages together with those of a folder of catalogues, which take the place of what is
// part of the program: who translates sees their work without building anything.
func (all Languages) WithFolder(folder string) (Languages, error) {
	files, err := fs.Glob(os.DirFS(folder), "*.json") // what the folder is called is no pattern
	if err != nil {
		return nil, err
	}
	all = slices.Clone(all)
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			return nil, err
		}
		l, err := Read(file, text)
		if err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(all, func(other *Language) bool { return other.tag == l.tag }); at < 0 {
			all = append(all, l)
		} else if at > 0 { // English stands in the code
			all[at] = l
		}
	}
	return all, nil
}

// Named returns the language of a tag; nil where none has it.
func (all Languages) Named(tag string) *Language {
	for _, l := range all {
		if l.Tag() == tag {
			return l
		}
	}
	return nil
}

// Wanted returns the language that somebody reads best who names, in the form of the header Accept-Language or of
// single BCP 47 tags, what they read, the best first; nil where they read none of these.
func (all Languages) Wanted(wanted ...string) *Language {
	var tags []language.Tag
	for _, header := range wanted {
		read, _, err := language.ParseAcceptLanguage(header)
		if err == nil {
			tags = append(tags, read...)
		}
	}
	supported := make([]language.Tag, len(all))
	for i, l := range all {
		supported[i] = l.tag
	}
	if len(tags) == 0 || len(all) == 0 {
		return nil
	}
	_, at, confidence := language.NewMatcher(supported).Match(tags...)
	if confidence == language.No {
		return nil
	}
	return all[at]
}

// Same reports whether two tags are of one language, whatever the country: "sv-FI" and "sv".
func Same(a, b string) bool {
	return cmp.Or(base(a), "a") == cmp.Or(base(b), "b")
}

// base is the language of a tag alone; empty where it is none.
func base(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	found, _ := parsed.Base()
	return found.String()
}

// Locale is how the language writes amounts, as a BCP 47 tag.
func (l *Language) Locale() string {
	if l.texts == nil || l.IsPseudo() {
		return "en-GB"
	}
	return l.Tag()
}

// English is the language that stands in the code.
func English() *Language { return english }

// Pack returns catalogues, by their tags, in the form in which they are part of the program.
func Pack(catalogues map[string][]byte) ([]byte, error) {
	read := map[string]texts{}
	for tag, catalogue := range catalogues {
		l, err := Read(tag+".json", catalogue)
		if err != nil {
			return nil, err
		}
		if strings.ContainsAny(string(catalogue), "\x00\x01") {
			return nil, fmt.Errorf("words: catalogue %s has characters that no text has", tag)
		}
		read[tag] = l.texts()
	}
	return pack(read)
}
