package fold

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                              nil,
		" – · / ":                       nil,
		"Västerlånggatan 12":            {"vasterlanggatan", "12"},
		"ICA SUPERMARKET, Malmö/SE":     {"ica", "supermarket", "malmo", "se"},
		"Straße, STRASSE":               {"strasse", "strasse"},
		"Smørrebrød ÆØÅ":                {"smorrebrod", "aeoa"},
		"Łódź Đặng İstanbul ısı":        {"lodz", "dang", "istanbul", "isi"},
		"Va\u0308sterås":                {"vasteras"}, // the mark by itself
		"თბილისი":                       {"tbilisi"},
		"ᲗᲑᲘᲚᲘᲡᲘ":                       {"tbilisi"}, // capitals
		"Москва Щука":                   {"moskva", "shchuka"},
		"Καλημέρα":                      {"kalemera"},
		"1234-5678 SE45 5000":           {"1234", "5678", "se45", "5000"},
		"ﬁnance ２０２６":                   {"finance", "2026"},
		"O'Brien & Sons":                {"o", "brien", "sons"},
		strings.Repeat("a", Longest+10): {strings.Repeat("a", Longest)},
		strings.Repeat("Щ", Longest):    {strings.Repeat("shch", Longest/4)},
		"\xff\xfeabc":                   {"abc"},
	} {
		if got := Words(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzWords holds that a folded word is in letters that are looked for, and stays as it is
// when it is folded once more: a word that is typed as it was found is found.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"Västerås", "თბილისი Щ", "ﬁ Ⅷ \u0308", "a\x00b\xff", "İıſK"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var words []string
		for at, run := range Places(text) {
			if text[at:at+len(run)] != run {
				t.Errorf("%q does not hold %q at %d", text, run, at)
			}
			if word, want := Word(run), atOnce(run); word != want {
				t.Errorf("%q is %q letter by letter, and %q at once", run, word, want)
			}
			if word := Word(run); word != "" {
				words = append(words, word)
			}
		}
		if !slices.Equal(words, Words(text)) {
			t.Errorf("%q has the words %q", text, words)
		}
		for _, word := range words {
			for _, begins := range []string{word, word[:1], word[:(len(word)+1)/2], word[:len(word)-1] + "q", word + "a"} {
				want := slices.ContainsFunc(words, func(one string) bool { return strings.HasPrefix(one, begins) })
				if has := HasBeginning(text, begins); len(begins) <= Longest && has != want {
					t.Errorf("%q has a word beginning with %q: %v, want %v", text, begins, has, want)
				}
			}
		}
		for _, word := range Words(text) {
			if word == "" || len(word) > Longest || !utf8.ValidString(word) {
				t.Errorf("%q has the word %q", text, word)
			}
			for _, c := range []byte(word) {
				if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
					t.Errorf("%q has the word %q", text, word)
				}
			}
			if again := Words(word); len(again) != 1 || again[0] != word {
				t.Errorf("%q folds to %q, and that to %q", text, word, again)
			}
		}
	})
}

// atOnce folds a word that is decomposed as a whole.
func atOnce(word string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		letter(&b, r)
	}
	folded := b.String()
	return folded[:min(len(folded), Longest)]
}
