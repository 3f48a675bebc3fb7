package words

import (
	"context"
	"crypto/rand"
	"iter"
	"regexp"
	"strings"
	"unicode"
)

// Marked returns a context in which the words of the screens bear marks that tell them from what banks and people
// wrote: "Payment" as a heading is none of a bank's. Whoever asks for it takes them out again, see [Pieces].
func Marked(ctx context.Context) context.Context {
	marked := *Of(ctx)
	marked.marked = true
	return With(ctx, &marked)
}

// The marks around the words of the screens: characters that Unicode keeps for a program's own use. Nobody outside
// knows which open: what a bank sends cannot pass for our words.
var (
	opening = newOpening()
	closing = "\ufdd1"
)

func newOpening() string {
	drawn := make([]byte, 4)
	rand.Read(drawn) // never fails, see crypto/rand
	mark := []rune{'\ufdd0'}
	for _, b := range drawn {
		mark = append(mark, '\ufdd2'+rune(b%30))
	}
	return string(mark)
}

// verb is where an argument stands in a text.
var verb = regexp.MustCompile(`%(?:\[\d+\])?[a-z%]`)

// mark puts marks around all of a text but its arguments.
func (l *Language) mark(text string) string {
	if !l.marked || text == "" {
		return text
	}
	var b strings.Builder
	for part, ours := range pieces(text) {
		if ours {
			part = opening + part + closing
		}
		b.WriteString(part)
	}
	return b.String()
}

// markWhole puts marks around a text that has no verbs.
func (l *Language) markWhole(text string) string {
	if !l.marked || text == "" {
		return text
	}
	return opening + text + closing
}

// pieces splits a text into what is said and where its arguments stand, which is not ours.
func pieces(text string) iter.Seq2[string, bool] {
	return func(yield func(part string, ours bool) bool) {
		begun := 0
		for _, at := range verb.FindAllStringIndex(text, -1) {
			if at[0] > begun && !yield(text[begun:at[0]], true) || !yield(text[at[0]:at[1]], false) {
				return
			}
			begun = at[1]
		}
		if begun < len(text) {
			yield(text[begun:], true)
		}
	}
}

func isLetter(r rune) bool { return unicode.IsLetter(r) }

// Piece is a part of a text with marks.
type Piece struct {
	Text string // without marks
	Ours bool   // it is the screens' words
}

// IsMark reports whether a character is of a mark.
func IsMark(r rune) bool { return r >= '\ufdd0' && r <= '\ufdef' }

// HasMarks reports whether a text has marks.
func HasMarks(text string) bool { return strings.Contains(text, opening) }

// Pieces splits a marked text.
func Pieces(text string) (pieces []Piece) {
	for text != "" {
		before, rest, found := strings.Cut(text, opening)
		if before != "" {
			pieces = append(pieces, Piece{Text: before})
		}
		if !found {
			break
		}
		ours, after, _ := strings.Cut(rest, closing)
		if ours != "" {
			pieces = append(pieces, Piece{Text: ours, Ours: true})
		}
		text = after
	}
	return pieces
}
