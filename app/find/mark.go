package find

import (
	"iter"
	"slices"
	"strings"

	"consentry/storage"
	"consentry/storage/fold"
)

// Marks returns a text in pieces, each with whether it is words that were looked for.
func Marks(text string, of storage.Find) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		piece, marked := "", false
		for _, part := range fold.Parts(text) {
			is := part.Word != "" && slices.ContainsFunc(of.Terms, func(term storage.Term) bool { return term.Word != "" && strings.HasPrefix(part.Word, term.Word) })
			if is != marked && piece != "" {
				if !yield(piece, marked) {
					return
				}
				piece = ""
			}
			piece, marked = piece+part.Text, is
		}
		if piece != "" {
			yield(piece, marked)
		}
	}
}
