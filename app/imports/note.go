package imports

import (
	"context"
	"slices"

	"consentry/storage"
)

// lookAtNotes counts the notes and tags that the transactions of a day bring, and those that stay
// as a person has them. A note and its tags are one: whoever took out the one and kept the other
// has written it so, and gets neither back.
func (i *Imports) lookAtNotes(ctx context.Context, p *Preview, day []storage.Imported, stored []int64) error {
	var noted []int64
	for at, one := range day {
		switch {
		case one.Note.Empty():
		case stored[at] == 0:
			p.Brings.Note(one.Note)
		default:
			noted = append(noted, stored[at])
		}
	}
	if len(noted) == 0 {
		return nil
	}
	has, err := i.store.NotesOn(ctx, noted)
	if err != nil {
		return err
	}
	for at, one := range day {
		if one.Note.Empty() || stored[at] == 0 {
			continue
		}
		if kept := has[stored[at]]; kept.Empty() {
			p.Brings.Note(one.Note)
		} else if says(one.Note, kept) {
			p.NotesStay++
		}
	}
	return nil
}

// says reports whether a note has something that another has not.
func says(one, other storage.Note) bool {
	return one.Text != "" && one.Text != other.Text ||
		slices.ContainsFunc(one.Tags, func(tag string) bool { return !storage.HasTag(other.Tags, tag) })
}

// NotesFrom counts the notes and tags that came with a file and that nobody has written anew since.
func (i *Imports) NotesFrom(ctx context.Context, id int64) (storage.Brought, error) {
	return i.store.NotesFrom(ctx, id)
}
