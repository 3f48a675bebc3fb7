package storage

import (
	"errors"
	"maps"
	"testing"
)

// TestSavedSearches keeps searches under names of their own, and says of one that its account is gone.
func TestSavedSearches(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	got, err := s.PutFetch(t.Context(), c, Fetch{ConsentID: c.ID, Account: salary})
	if err != nil {
		t.Fatal(err)
	}
	keep := func(name string, account int64) error {
		return s.AddSavedSearch(t.Context(), SavedSearch{Name: name, Chosen: map[string]string{"q": "ica >500"}, AccountID: account})
	}
	if err := errors.Join(keep("Groceries", 0), keep("Åkturer", got.AccountID)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"groceries", "GROCERIES", "akturer"} {
		if err := keep(name, 0); !errors.Is(err, ErrNameTaken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, err := s.SavedSearches(t.Context())
	if err != nil || len(all) != 2 || !maps.Equal(all[0].Chosen, map[string]string{"q": "ica >500"}) {
		t.Fatalf("kept are %+v (%v)", all, err)
	}
	if err := s.RenameSavedSearch(t.Context(), all[0].ID, "AKTURER"); !errors.Is(err, ErrNameTaken) {
		t.Errorf("two of one name: %v", err)
	}
	if err := s.RenameSavedSearch(t.Context(), all[0].ID, all[0].Name+" 2"); err != nil {
		t.Error(err)
	}
	if err := s.RenameSavedSearch(t.Context(), 99, "Nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
	if done, err := s.WithdrawConsent(t.Context(), c.ID, true); err != nil || !done {
		t.Fatal(done, err)
	}
	if err := s.Erase(t.Context(), c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	if all, err = s.SavedSearches(t.Context()); err != nil || len(all) != 2 || all[0].AccountGone || all[1].AccountID != 0 || !all[1].AccountGone {
		t.Errorf("after the account went: %+v (%v)", all, err)
	}
}
