package mask

import "consentry/storage/fold"

// part is a piece of a text: a word with how it is folded, or what stands between words.
type part struct{ text, word string }

// partsOf splits a text into all it is made of; put together again the pieces are the text.
func partsOf(text string) (parts []part) {
	end := 0
	for begun, word := range fold.Places(text) {
		if begun > end {
			parts = append(parts, part{text: text[end:begun]})
		}
		end = begun + len(word)
		parts = append(parts, part{word, fold.Word(word)})
	}
	if end < len(text) {
		parts = append(parts, part{text: text[end:]})
	}
	return parts
}
