package words

import (
	"cmp"
	"context"
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"consentry/storage/fold"
)

// alphabet are the letters of English in their order; the catalogue of another language has its own,
// in small letters: "abcdefghijklmnopqrstuvwxyzåäö".
const alphabet Text = "abcdefghijklmnopqrstuvwxyz"

// Order returns the order in which the reader's language lists names: letters by its alphabet, whatever marks they
// bear, those of other scripts as they sound, and what is no letter before them.
func Order(ctx context.Context) func(a, b string) int {
	places := map[rune]rune{}
	for _, letter := range norm.NFC.String(T(ctx, alphabet)) {
		places[letter] = unicode.MaxRune + 1 + rune(len(places))
	}
	return func(a, b string) int {
		return cmp.Or(slices.Compare(keyOf(a, places), keyOf(b, places)), cmp.Compare(a, b))
	}
}

// keyOf are the places of a name's letters in an alphabet. What has none there has its own number, which is before all.
func keyOf(name string, places map[rune]rune) (key []rune) {
	for _, letter := range norm.NFC.String(name) {
		letter = unicode.ToLower(letter)
		if place := places[letter]; place != 0 {
			key = append(key, place)
			continue
		}
		folded := fold.Word(string(letter))
		if folded == "" {
			folded = string(letter)
		}
		for _, each := range folded {
			key = append(key, cmp.Or(places[each], each))
		}
	}
	return key
}
