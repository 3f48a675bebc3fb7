package words

import (
	"encoding/json"
	"strings"
)

// PseudoTag is the tag of the pseudo-language, one of those kept for private use (ISO 639-3): made of English by
// [Pseudo], it finds what is in no catalogue, and what has no room for longer words.
const PseudoTag = "qps"

// IsPseudo reports whether it is the pseudo-language.
func (l *Language) IsPseudo() bool { return l.Tag() == PseudoTag }

// Pseudo makes the catalogue of the pseudo-language of the English one: letters bear accents, vowels stand twice, which makes
// words half as long again, and what is ours stands in brackets, which arguments do not: so that an argument
// that is in no catalogue stands outside of them.
func Pseudo(english []byte) ([]byte, error) {
	var entries map[Text]any
	if err := json.Unmarshal(english, &entries); err != nil {
		return nil, err
	}
	for text, entry := range entries {
		switch entry := entry.(type) {
		case string:
			entries[text] = pseudo(entry, KindOf(text))
		case map[string]any:
			for form, said := range entry {
				if said, is := said.(string); is {
					entry[form] = pseudo(said, Sentence)
				}
			}
		}
	}
	return json.MarshalIndent(entries, "", "  ")
}

func pseudo(text string, kind Kind) string {
	switch kind {
	case Alphabet:
		return text
	case NameList: // each stands in a layout's brackets
		return lengthened.Replace(text)
	case Layout:
		return "[" + text + "]"
	}
	var b strings.Builder
	for part, ours := range pieces(text) {
		if !ours || strings.IndexFunc(part, isLetter) < 0 {
			b.WriteString(part)
			continue
		}
		inner := strings.Trim(part, " \u00a0")
		before, after, _ := strings.Cut(part, inner)
		b.WriteString(before + "[" + lengthened.Replace(inner) + "]" + after)
	}
	return b.String()
}

// lengthened writes letters as the pseudo-language has them.
var lengthened = strings.NewReplacer(
	"Consentry", "Consentry", // a name
	"a", "àà", "e", "éé", "i", "îî", "o", "ôô", "u", "ûû", "A", "Àà", "E", "Éé", "I", "Îî", "O", "Ôô", "U", "Ûû",
	"c", "ç", "d", "ð", "g", "ĝ", "h", "ĥ", "j", "ĵ", "k", "ķ", "l", "ļ", "n", "ñ", "r", "ŕ", "s", "š", "t", "ţ", "w", "ŵ", "y", "ý", "z", "ž",
	"C", "Ç", "D", "Ð", "G", "Ĝ", "H", "Ĥ", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "N", "Ñ", "R", "Ŕ", "S", "Š", "T", "Ţ", "W", "Ŵ", "Y", "Ý", "Z", "Ž",
)
