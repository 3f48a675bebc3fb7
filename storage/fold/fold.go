// Package fold brings words into the form in which they are looked for: small Latin
// letters without marks, whatever script they were written in. Who types "vasterlan" finds
// Västerlånggatan, and who types "tbilisi" finds თბილისი.
//
// What is kept of folded words was made by these rules: a change of them needs the
// index of words to be made anew.
package fold

import (
	"iter"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// Longest is how many bytes of a word are kept; what is longer is known by its beginning.
const Longest = 64

// Words returns the words of a text, folded, in their order. A word is a run of letters
// and digits; what stands between them separates.
func Words(text string) []string {
	words := make([]string, 0, 8)
	for run := range Runs(text) {
		if word := Word(run); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// Runs goes through the words of a text as they are written.
func Runs(text string) iter.Seq[string] { return strings.FieldsFuncSeq(text, separates) }

// HasBeginning reports whether a word of a text begins with one that is folded and not empty. It folds
// no words of plain letters: lists ask it of every text they show.
func HasBeginning(text, folded string) bool {
	for begun, end := next(text, 0); begun < end; begun, end = next(text, end) {
		if BeginsWith(text[begun:end], folded) {
			return true
		}
	}
	return false
}

// Places goes through the words of a text as they are written, each with where it begins.
func Places(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for begun, end := next(text, 0); begun < end; begun, end = next(text, end) {
			if !yield(begun, text[begun:end]) {
				return
			}
		}
	}
}

// next is where the first word of a text begins that is not before a place, and where it ends; both
// are the end of the text where there is none.
func next(text string, from int) (begun, end int) {
	begun = from
	for begun < len(text) {
		is, size := inWord(text, begun)
		if is {
			break
		}
		begun += size
	}
	end = begun
	for end < len(text) {
		is, size := inWord(text, end)
		if !is {
			break
		}
		end += size
	}
	return begun, end
}

// inWord reports whether the character at a place of a text is of a word, and how long it is.
func inWord(text string, at int) (is bool, size int) {
	if c := text[at]; c < utf8.RuneSelf {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9', 1
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	return !separates(r), size
}

// BeginsWith reports whether a word as it is written begins with one that is folded and not empty.
// Plain letters and digits are folded one by one.
func BeginsWith(word, folded string) bool {
	for i := range len(folded) {
		switch {
		case i == len(word):
			return false
		case word[i] >= utf8.RuneSelf:
			return strings.HasPrefix(Word(word), folded)
		case word[i] != folded[i] && (word[i] > 'Z' || word[i]-'A'+'a' != folded[i]):
			return false
		}
	}
	return true
}

func separates(r rune) bool {
	return r < utf8.RuneSelf && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') ||
		r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// Word returns one word, folded: empty where nothing of it is a letter or a digit.
func Word(word string) string {
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return string(Append(nil, word))
		}
	}
	return word[:min(len(word), Longest)]
}

// Append appends one word, folded.
func Append(to []byte, word string) []byte {
	begun := len(to)
	for i := 0; i < len(word) && len(to) < begun+Longest; i++ {
		switch c := word[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			to = append(to, c)
		case c >= 'A' && c <= 'Z':
			to = append(to, c-'A'+'a')
		case c >= utf8.RuneSelf:
			return appendForeign(to[:begun], word)
		}
	}
	return to
}

// appendForeign is Append for a word that is not all ASCII.
func appendForeign(to []byte, word string) []byte {
	most := len(to) + Longest
	for _, r := range word {
		if to = append(to, inLatin(r)...); len(to) > most {
			return to[:most]
		}
	}
	return to
}

// inLatin is a letter or digit in small Latin ones, without its marks.
func inLatin(r rune) string {
	if r >= 0 && r < european {
		return europeans()[r]
	}
	return decomposed(r)
}

// european is the first character behind Latin letters with marks: those are what names are written
// with where they are not all ASCII, and a page of a search has some hundred of them.
const european = 0x250

var europeans = sync.OnceValue(func() *[european]string {
	var all [european]string
	for r := range all {
		all[r] = decomposed(rune(r))
	}
	return &all
})

// decomposed is inLatin, worked out. Marks are left out one by one, so what stands beside a character
// makes no difference.
func decomposed(r rune) string {
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		letter(&b, part)
	}
	return b.String()
}

// letter writes one letter or digit in small Latin ones.
func letter(b *strings.Builder, r rune) {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		b.WriteByte(byte(r))
	case r >= 'A' && r <= 'Z':
		b.WriteByte(byte(r) - 'A' + 'a')
	case r < utf8.RuneSelf || unicode.IsMark(r):
	case Georgian[unicode.ToLower(r)] != "":
		b.WriteString(Georgian[unicode.ToLower(r)])
	default:
		for _, c := range []byte(unidecode.Unidecode(string(r))) {
			if c < utf8.RuneSelf && unicode.IsLetter(rune(c)) || c >= '0' && c <= '9' {
				b.WriteByte(byte(unicode.ToLower(rune(c))))
			}
		}
	}
}

// Georgian are the letters of the Georgian alphabet in Latin ones, by the national system
// of 2002, without its apostrophes.
var Georgian = map[rune]string{
	'ა': "a", 'ბ': "b", 'გ': "g", 'დ': "d", 'ე': "e", 'ვ': "v", 'ზ': "z", 'თ': "t", 'ი': "i", 'კ': "k", 'ლ': "l", 'მ': "m",
	'ნ': "n", 'ო': "o", 'პ': "p", 'ჟ': "zh", 'რ': "r", 'ს': "s", 'ტ': "t", 'უ': "u", 'ფ': "p", 'ქ': "k", 'ღ': "gh", 'ყ': "q",
	'შ': "sh", 'ჩ': "ch", 'ც': "ts", 'ძ': "dz", 'წ': "ts", 'ჭ': "ch", 'ხ': "kh", 'ჯ': "j", 'ჰ': "h",
}
