// Package words says things in the reader's language. It is the one place where
// sentences, dates, counts and lists are made: what app and storage keep are
// kinds with arguments, and screens name what they say as a [Text].
//
// A Text is the English sentence itself, so a screen reads as it looks. The
// catalogue (catalogue/en.json) lists them all; it is written by
//
//	go run ./build/words
//
// and a test fails where it and the code differ. The names of countries are in it, and the letters in their
// order: see [Order]. A language is a file beside it,
// named by its BCP 47 tag and written like it, in the form of
// github.com/nicksnyder/go-i18n, whose tool merges; nothing else has to know of it.
package words

import (
	"context"
	"fmt"
)

// Text is a sentence or word of the screens, in English, with the verbs of
// package fmt where something stands in it. A constant of this type is an entry of
// the catalogue; other strings cannot become one.
type Text string

// T returns a text in the reader's language with its arguments. A number is
// grouped as the language does it, and an argument that is a Text is said in the
// same language.
func T(ctx context.Context, text Text, args ...any) string {
	l := Of(ctx)
	return l.format(l.find(text), args)
}

// softHyphen stands in a catalogue where a long word may be divided.
const softHyphen = "\u00ad"

// Divided returns a text with its soft hyphens, for a place hardly as wide as a word. Everywhere else they are left out:
// menus, notifications and files would show them.
func Divided(ctx context.Context, text Text) string {
	l := Of(ctx)
	return l.mark(l.raw(text))
}

// N returns a text that counts something, in the form that belongs to the number:
// "%d account" or "%d accounts". The number is the first argument.
func N(ctx context.Context, n int, one, many Text, args ...any) string {
	l := Of(ctx)
	return l.format(l.findCount(n, one, many), append([]any{n}, args...))
}

// List returns several things as one enumeration: "a, b and c".
func List(ctx context.Context, things []string) string {
	last := len(things) - 1
	if last < 1 {
		return Row(ctx, things)
	}
	return T(ctx, "%s and %s", Row(ctx, things[:last]), things[last])
}

// Row returns several things one behind the other: "a, b, c".
func Row(ctx context.Context, things []string) string {
	if len(things) == 0 {
		return ""
	}
	row := things[0]
	for _, thing := range things[1:] {
		row = T(ctx, "%s, %s", row, thing)
	}
	return row
}

// Figure returns a count alone: 1,488.
func Figure(ctx context.Context, n int) string { return Of(ctx).format("%d", []any{n}) }

// Decimal returns a number with so many decimals: 1,488.5. Amounts of money are exact, and written by ui.Money.
func Decimal(ctx context.Context, number float64, places int) string {
	return Of(ctx).printer.Sprintf("%.*f", places, number)
}

type languageKey struct{}

// With returns a context in which what is made for a page is in its reader's language.
func With(ctx context.Context, l *Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// Of returns the language of [With]; English without one.
func Of(ctx context.Context) *Language {
	if l, _ := ctx.Value(languageKey{}).(*Language); l != nil {
		return l
	}
	return english
}

// format puts arguments in the place of a text's verbs.
func (l *Language) format(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	numbers := false
	for i, arg := range args {
		switch arg := arg.(type) {
		case Text:
			args[i] = l.find(arg)
		case int:
			numbers = true
		}
	}
	if numbers {
		return l.printer.Sprintf(text, args...)
	}
	return fmt.Sprintf(text, args...)
}
