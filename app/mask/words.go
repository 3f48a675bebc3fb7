package mask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"consentry/storage/fold"
)

// words are names by their first word, folded; of each the longest stand first.
type words map[string][]replacement

type replacement struct {
	words  []string // folded
	by     string
	number bool // by is compact: digit for digit, as it is grouped
}

func (w words) add(name, by string) { w.put(replacement{words: fold.Words(name), by: by}) }

func (w words) addNumber(number, by string) {
	w.put(replacement{words: fold.Words(number), by: by, number: true})
}

func (w words) put(one replacement) {
	if len(one.words) == 0 || w.has(one.words) {
		return
	}
	all := append(w[one.words[0]], one)
	slices.SortStableFunc(all, func(a, b replacement) int { return len(b.words) - len(a.words) })
	w[one.words[0]] = all
}

func (w words) has(name []string) bool {
	return len(name) > 0 && slices.ContainsFunc(w[name[0]], func(one replacement) bool { return slices.Equal(one.words, name) })
}

// farthest is how many characters may stand between two words of a name.
const farthest = 8

// in returns a text with what is known in it replaced, the longest first.
func (w words) in(text string) string {
	if len(w) == 0 {
		return text
	}
	parts := partsOf(text)
	var b strings.Builder
	for i := 0; i < len(parts); {
		one, end := w.at(parts, i)
		if end == i {
			b.WriteString(parts[i].text)
			i++
			continue
		}
		var like strings.Builder
		for _, part := range parts[i:end] {
			like.WriteString(part.text)
		}
		if one.number {
			b.WriteString(grouped(one.by, like.String()))
		} else {
			b.WriteString(styled(one.by, like.String()))
		}
		i = end
	}
	return b.String()
}

// at returns what is known that begins at a part of a text, and where it ends; that is where it begins if
// nothing does.
func (w words) at(parts []part, begun int) (replacement, int) {
	if parts[begun].word == "" {
		return replacement{}, begun
	}
	for _, one := range w[parts[begun].word] {
		if end := one.end(parts, begun); end > begun {
			return one, end
		}
	}
	return replacement{}, begun
}

// end returns the part behind the last word of a name that begins at a part; begun where it does not.
func (one replacement) end(parts []part, begun int) int {
	at := begun
	for _, word := range one.words {
		for at > begun && at < len(parts) && parts[at].word == "" && utf8.RuneCountInString(parts[at].text) <= farthest {
			at++
		}
		if at == len(parts) || parts[at].word != word {
			return begun
		}
		at++
	}
	return at
}
