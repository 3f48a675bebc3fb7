package app

import (
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Count writes a number with its noun, or with noun and verb: 1 account was,
// 1,488 accounts were. It is grouped as the English words around it are.
func Count(n int, one, many string) string {
	noun := many
	if n == 1 {
		noun = one
	}
	return Figure(n) + " " + noun
}

// Figure writes a count alone: 1,488.
func Figure(n int) string { return message.NewPrinter(language.BritishEnglish).Sprintf("%d", n) }
