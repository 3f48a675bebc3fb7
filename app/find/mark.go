package find

import (
	"iter"
	"slices"
	"strings"

	"consentry/storage"
	"consentry/storage/fold"
	"consentry/xs2a"
)

// Unshown returns those of some texts that hold what was looked for, where none of those that are
// shown does. A text may be why a transaction was found, and stand on no list.
func Unshown(of storage.Find, shown, others []string) (texts []string) {
	for _, term := range of.Terms {
		if term.Word == "" {
			continue
		}
		has := func(text string) bool { return fold.HasBeginning(text, term.Word) }
		if slices.ContainsFunc(shown, has) || slices.ContainsFunc(texts, has) {
			continue
		}
		if at := slices.IndexFunc(others, has); at >= 0 {
			texts = append(texts, others[at])
		}
	}
	return texts
}

// IsAmount reports whether an amount was looked for as it is.
func IsAmount(of storage.Find, amount xs2a.Amount) bool {
	for i := range of.Terms {
		if wanted := of.Terms[i].Amount; wanted != nil {
			n := amount.Decimal()
			if n.Negative = false; wanted.Cmp(n) == 0 {
				return true
			}
		}
	}
	return false
}

// WithNames adds to what is looked for those whom the person calls so: of each word the names that
// have one beginning with it.
func WithNames(of storage.Find, names []storage.OwnName) storage.Find {
	of.Terms = slices.Clone(of.Terms)
	for i, term := range of.Terms {
		for _, name := range names {
			if term.Word != "" && fold.HasBeginning(name.Name, term.Word) {
				of.Terms[i].Names = append(of.Terms[i].Names, name)
			}
		}
	}
	return of
}

// IsTag reports whether a tag is one that was looked for, by itself or by how it begins.
func IsTag(of storage.Find, tag string) bool {
	folded := storage.FoldTag(tag)
	return slices.ContainsFunc(of.Terms, func(term storage.Term) bool {
		return term.Tag != "" && strings.HasPrefix(folded, term.Tag) || term.Word != "" && fold.HasBeginning(tag, term.Word)
	})
}

// Marks returns how texts are told in pieces, each with whether it is words that were looked for.
func Marks(of storage.Find) func(text string) iter.Seq2[string, bool] {
	var wanted []string
	for _, term := range of.Terms {
		if term.Word != "" {
			wanted = append(wanted, term.Word)
		}
	}
	return func(text string) iter.Seq2[string, bool] { return marked(text, wanted) }
}

// marked is a text in pieces, each with whether it is one of its words that begin with one of some.
func marked(text string, wanted []string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		from := 0
		for at, word := range fold.Places(text) {
			if !slices.ContainsFunc(wanted, func(one string) bool { return fold.BeginsWith(word, one) }) {
				continue
			}
			if at > from && !yield(text[from:at], false) || !yield(word, true) {
				return
			}
			from = at + len(word)
		}
		if from < len(text) {
			yield(text[from:], false)
		}
	}
}
