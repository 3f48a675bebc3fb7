package frontend

import (
	"slices"
	"testing"

	"consentry/frontend/words"
	"consentry/xs2a/sandbox/bank"
)

// What each practice bank says of itself can be said in another language, and nothing else is kept for that.
func TestPracticeNotes(t *testing.T) {
	var said []words.Text
	for _, b := range slices.Concat(bank.BerlinBanks(), bank.OpenBanks()) {
		if b.Behaviour != nil {
			said = append(said, words.Text(b.Behaviour.Words))
		}
	}
	for _, note := range said {
		if !slices.Contains(practiceNotes, note) {
			t.Errorf("%q is not among the notes", note)
		}
	}
	for _, note := range practiceNotes {
		if !slices.Contains(said, note) {
			t.Errorf("%q is said by no practice bank", note)
		}
	}
}
