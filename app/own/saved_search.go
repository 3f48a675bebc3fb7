package own

import (
	"context"
	"errors"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/storage"
)

// Bounds of searches that are kept.
const (
	LongestName  = 40 // characters
	MostSearches = 50
)

// SavedSearches lists the searches that are kept, by name.
func (o *Things) SavedSearches(ctx context.Context) ([]storage.SavedSearch, error) {
	return o.store.SavedSearches(ctx)
}

// SaveSearch keeps a search under a name. The field of a failure is "name".
func (o *Things) SaveSearch(ctx context.Context, one storage.SavedSearch) (err error) {
	if one.Name, err = nameOf(one.Name); err != nil {
		return err
	}
	all, err := o.store.SavedSearches(ctx)
	if err != nil {
		return err
	}
	if len(all) >= MostSearches {
		return failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.TooManySearches, Of: MostSearches}})
	}
	return taken(o.store.AddSavedSearch(ctx, one))
}

// RenameSearch gives a search that is kept another name. The field of a failure is "name".
func (o *Things) RenameSearch(ctx context.Context, id int64, name string) error {
	name, err := nameOf(name)
	if err != nil {
		return err
	}
	return taken(o.store.RenameSavedSearch(ctx, id, name))
}

// RemoveSearch forgets a search, if it is there.
func (o *Things) RemoveSearch(ctx context.Context, id int64) error {
	return o.store.RemoveSavedSearch(ctx, id)
}

// nameOf is a name as it was typed, on one line.
func nameOf(typed string) (string, error) {
	name := oneLine(typed)
	switch n := utf8.RuneCountInString(name); {
	case name == "":
		return "", failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.NameMissing}})
	case n > LongestName:
		return "", failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.TextTooLong, Number: n, Of: LongestName}})
	}
	return name, nil
}

// taken says at the field that a name is taken.
func taken(err error) error {
	if errors.Is(err, storage.ErrNameTaken) {
		return failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.NameTaken}})
	}
	return err
}
