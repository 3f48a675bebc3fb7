package own

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"consentry/app/failure"
	"consentry/storage"
)

// Bounds of what is written on one transaction.
const (
	LongestNote = 500 // characters
	LongestTag  = 30
	MostTags    = 10
)

// tagsOffered is how many of the tags used before are offered.
const tagsOffered = 12

// SetNote writes a note and tags on a transaction, in the place of what was written before. Tags are
// divided by blanks and commas, may bear the sign # before them, and are one where they are written
// alike. The fields of a failure are "note" and "tags".
func (o *Things) SetNote(ctx context.Context, id int64, text, tags string) error {
	t, err := o.store.Transaction(ctx, id)
	if err != nil {
		return err
	}
	note, failed := readNote(text, tags)
	if failed != nil {
		return failed
	}
	return o.storeAt(t.EnvironmentID).SetNote(ctx, id, note)
}

func readNote(text, tags string) (storage.Note, error) {
	note, wrong := NoteIn(text, tags)
	if len(wrong) > 0 {
		return note, failure.Unchanged(wrong)
	}
	return note, nil
}

// NoteIn returns the note and the tags in texts, and why they cannot be taken, by "note" and "tags".
func NoteIn(text, tags string) (storage.Note, map[string]storage.Reason) {
	note := storage.Note{Text: cleaned(text)}
	wrong := map[string]storage.Reason{}
	if n := utf8.RuneCountInString(note.Text); n > LongestNote {
		wrong["note"] = storage.Reason{Code: failure.TextTooLong, Number: n, Of: LongestNote}
	}
	var reason storage.Reason
	if note.Tags, reason = ReadTags(tags); reason.Code != "" {
		wrong["tags"] = reason
	}
	return note, wrong
}

// ReadTags returns the tags in what was typed, each once. A reason says why they cannot be taken.
func ReadTags(typed string) (tags []string, wrong storage.Reason) {
	for _, one := range strings.FieldsFunc(cleaned(typed), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;#", r) }) {
		switch n := utf8.RuneCountInString(one); {
		case storage.FoldTag(one) == "":
			return tags, storage.Reason{Code: failure.TagWithoutLetter, Name: one}
		case n > LongestTag:
			return tags, storage.Reason{Code: failure.TagTooLong, Name: one, Number: n, Of: LongestTag}
		case !storage.HasTag(tags, one):
			tags = append(tags, one)
		}
	}
	if n := len(tags); n > MostTags {
		return tags, storage.Reason{Code: failure.TooManyTags, Number: n, Of: MostTags}
	}
	return tags, storage.Reason{}
}

// cleaned is a text without what nobody sees, but for the ends of its lines.
func cleaned(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\u200d' || unicode.IsPrint(r) {
			return r
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return -1
	}, norm.NFC.String(text)))
}

// oneLine is a text cleaned, on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(cleaned(text)), " ") }

// Tags lists the tags that transactions have, by name.
func (o *Things) Tags(ctx context.Context) ([]storage.Tag, error) { return o.store.Tags(ctx) }

// OfferedTags lists those of a transaction and the tags that most others have, by name.
func (o *Things) OfferedTags(ctx context.Context, has []string) ([]string, error) {
	all, err := o.store.Tags(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b storage.Tag) int { return cmp.Compare(b.Uses, a.Uses) })
	offered := slices.Clone(has)
	for _, tag := range all {
		if len(offered) < max(tagsOffered, len(has)) && !storage.HasTag(offered, tag.Name) {
			offered = append(offered, tag.Name)
		}
	}
	slices.SortFunc(offered, func(a, b string) int { return strings.Compare(storage.FoldTag(a), storage.FoldTag(b)) })
	return offered, nil
}

// LeftNotes lists the notes on transactions of an account that are gone, of which it cannot be told what they
// became, or whose file was undone, the latest first.
func (o *Things) LeftNotes(ctx context.Context, accountID int64) ([]storage.LeftNote, error) {
	return o.store.LeftNotes(ctx, accountID)
}

// RemoveLeftNote forgets one of them, if it is there.
func (o *Things) RemoveLeftNote(ctx context.Context, accountID, id int64) error {
	return o.store.RemoveLeftNote(ctx, accountID, id)
}
