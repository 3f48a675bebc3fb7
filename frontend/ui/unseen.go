package ui

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What banks and people write may hold characters without a shape of their own
// that act on what stands beside them: marks that turn the direction of writing
// (UAX 9 section 2), controls, fillers. A name must not turn round an amount.

// Seen is a text without them. Joiners stay between letters of scripts that are written with
// them, and in emoji.
func Seen(text string) string {
	return replaceUnseen(text, func(rune) string { return "" })
}

// SeenPage is Seen of a whole page, which has them seldom: it is looked through byte by byte, and
// returned as it is where it has none.
func SeenPage(page []byte) []byte {
	for i := 0; i < len(page); {
		for i+8 <= len(page) && printed(binary.LittleEndian.Uint64(page[i:])) {
			i += 8
		}
		if i == len(page) {
			break
		}
		if c := page[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
				return []byte(Seen(string(page)))
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(page[i:])
		if unseen(r) {
			return []byte(Seen(string(page)))
		}
		i += size
	}
	return page
}

// printed reports whether eight bytes are all of ASCII and no controls: none has its highest bit, taking ' '
// from each borrows from none, and none is 0x7f.
func printed(eight uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	deleted := eight ^ 0x7f*each
	return (eight|(eight-' '*each)|(deleted-each))&high == 0
}

// spelled is a text with them written out, as for testers: \u202E.
func spelled(text string) string {
	return replaceUnseen(text, func(r rune) string { return fmt.Sprintf(`\u%04X`, r) })
}

func replaceUnseen(text string, with func(rune) string) string {
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	all := []rune(text)
	var b strings.Builder
	for i, r := range all {
		if !unseen(r) || joiner(r) && i > 0 && i+1 < len(all) && joins(all[i-1]) && joins(all[i+1]) {
			b.WriteRune(r)
		} else {
			b.WriteString(with(r))
		}
	}
	return b.String()
}

// unseen reports whether a character is drawn as nothing: Unicode's formats and
// controls but for those that part lines and words, its separators of lines and
// paragraphs, and the letters that only fill.
func unseen(r rune) bool {
	switch r {
	case '\n', '\t', '\r':
		return false
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u3164', '\uffa0', '\ufffc':
		return true
	}
	switch {
	case r < '\u00ad': // before the first of the formats there are controls alone
		return r < ' ' || r >= '\u007f' && r < '\u00a0'
	case r < '\u0600': // and to the next there are letters of Europe
		return r == '\u00ad'
	}
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Zl, unicode.Zp)
}

func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// joins reports whether a character may stand beside a joiner: letters and marks
// of the scripts that know one, and symbols such as emoji.
func joins(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk, unicode.Mn, unicode.Mc) || unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}
