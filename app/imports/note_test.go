package imports

import (
	"errors"
	"strings"
	"testing"

	"consentry/storage"
)

// noted are lines of a table that Consentry saved, with notes and tags.
func noted(lines ...string) string {
	const heading = "Account,Bank,Status,Booking date,Value date,Amount,Currency,Creditor,Creditor account,Debtor,Debtor account,Text,Additional,Bank code,Transaction id,Entry reference,End-to-end id,No longer listed since,Note,Tags"
	file := heading + "\r\n"
	for _, one := range lines {
		day, rest, _ := strings.Cut(one, " ")
		file += "SE4550000000058398257466,Norrsken Bank,Booked," + day + ",,-12.50,SEK,Kiosk,,,,,,,,,,," + rest + "\r\n"
	}
	return file
}

// notes are those on the transactions of the account, the newest first.
func (w *world) notes() string {
	w.Helper()
	var all []string
	for _, one := range w.booked(w.account) {
		all = append(all, one.Note.Text+"#"+strings.Join(one.Tags, "#"))
	}
	return strings.Join(all, ", ")
}

// TestNotesOfOwnTable reads notes and tags of a table that Consentry saved back in: on what is new, and on what is
// there without one. Undoing it takes them out again, and nothing that a person has written since.
func TestNotesOfOwnTable(t *testing.T) {
	w := newWorld(t)
	w.add(noted("2026-03-01 ,"))
	file := noted("2026-03-01 theirs,lunch", `2026-03-02 "'=two`+"\n"+`lines",holiday summer`, "2026-03-03 ,", "2026-03-04 kept,")
	p, err := w.look(file, nil)
	w.must(err)
	if p.Brings != (storage.Brought{Notes: 3, Tags: 3}) || p.New != 3 || p.UnreadAll != 0 {
		t.Fatalf("%+v", p)
	}
	of := w.add(file)
	if got, want := w.notes(), "kept#, #, =two\nlines#holiday#summer, theirs#lunch"; got != want {
		t.Fatalf("%q, want %q", got, want)
	}
	all := w.booked(w.account)
	w.must(w.store.SetNote(t.Context(), all[0].ID, storage.Note{Text: "kept, and mine now"}))
	if again := w.add(file); again.Added != 0 {
		t.Errorf("the second time it brought %+v", again)
	} else {
		w.must(w.Undo(t.Context(), again.ID))
	}
	if got, want := w.notes(), "kept, and mine now#, #, =two\nlines#holiday#summer, theirs#lunch"; got != want {
		t.Errorf("after the second was undone %q, want %q", got, want)
	}
	w.must(w.Undo(t.Context(), of.ID))
	if got, want := w.notes(), "#"; got != want {
		t.Errorf("after it was undone %q, want %q", got, want)
	}
	tags, err := w.store.Tags(t.Context())
	if w.must(err); len(tags) != 0 {
		t.Errorf("tags %v", tags)
	}
	left, err := w.store.LeftNotes(t.Context(), w.account.ID)
	if w.must(err); len(left) != 1 || left[0].Text != "kept, and mine now" || left[0].File != "file" {
		t.Errorf("left %+v", left)
	}
}

// TestDaysOfATable reads a table whose days are in no order, with lines between them that cannot be read: each day's
// transactions are found again, in the order of the file.
func TestDaysOfATable(t *testing.T) {
	w := newWorld(t)
	file := "\ufeff" + noted("2026-03-02 a,", "2026-03-01 b,", "never c,", "2026-03-01 \"d\r\nd\",", "2026-03-02 e,", "2026-03-02 \"f\"g,", "2026-03-03 h,", "2026-03-01 i,")
	p, err := w.look(file, nil)
	w.must(err)
	if p.Total+p.UnreadAll < 7 || p.Total != p.New || p.From != "2026-03-01" || len(p.First) != p.Total {
		t.Errorf("%+v", p)
	}
	w.add(file)
	if got := w.notes(); !strings.HasSuffix(got, "e#, a#, i#, d\nd#, b#") {
		t.Errorf("%q", got)
	}
}

// TestNotesOnKnownTransactions brings notes and tags back to transactions that have neither any more, and leaves one as it
// is of which a person took out the note or the tags alone. What comes, stays and goes is counted.
func TestNotesOnKnownTransactions(t *testing.T) {
	w := newWorld(t)
	file := noted("2026-03-01 a,one two three", "2026-03-02 b,four", "2026-03-03 c,five", "2026-03-04 d,six")
	w.add(file)
	all := w.booked(w.account) // the newest first
	w.must(w.store.SetNote(t.Context(), all[3].ID, storage.Note{}))
	w.must(w.store.SetNote(t.Context(), all[2].ID, storage.Note{Tags: []string{"four"}}))
	w.must(w.store.SetNote(t.Context(), all[1].ID, storage.Note{Text: "c"}))
	p, err := w.look(file, nil)
	w.must(err)
	if p.New != 0 || p.Brings != (storage.Brought{Notes: 1, Tags: 3}) || p.NotesStay != 2 {
		t.Errorf("it is to bring %+v, and leaves %d", p.Brings, p.NotesStay)
	}
	again := w.add(file)
	if got, want := w.notes(), "d#six, c#, #four, a#one#two#three"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	from, err := w.NotesFrom(t.Context(), again.ID)
	if w.must(err); from != p.Brings {
		t.Errorf("%+v came, not %+v", from, p.Brings)
	}
	w.must(w.Undo(t.Context(), again.ID))
	if got, want := w.notes(), "d#six, c#, #four, #"; got != want {
		t.Errorf("after it was undone %q, want %q", got, want)
	}
	if u, known := w.Undone(again.ID); !known || !u.Ended || u.Rest || u.Removed != p.Brings {
		t.Errorf("undone: %+v", u)
	}
}

// TestUndoneIsCounted tells what an undo removed, each once, however often it is asked for; and of
// one that a program before began that it was the rest.
func TestUndoneIsCounted(t *testing.T) {
	w := newWorld(t)
	first := w.add(noted("2026-03-01 a,one", "2026-03-02 ,"))
	second := w.add(noted("2026-03-02 ,", "2026-03-03 c,"))
	w.must(w.Undo(t.Context(), first.ID))
	if u, known := w.Undone(first.ID); !known || !u.Ended || u.Rest || u.Removed != (storage.Brought{Transactions: 1, Notes: 1, Tags: 1}) {
		t.Errorf("undone: %+v", u)
	}
	if err := w.Undo(t.Context(), first.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("it is undone once more: %v", err)
	}
	w.must(w.store.BeginUndo(t.Context(), second.ID))
	of, err := w.Import(t.Context(), second.ID)
	w.must(err)
	<-w.undo(of)
	if u := w.UndoneOf(w.account.ID)[second.ID]; !u.Ended || !u.Rest || u.Removed != (storage.Brought{Transactions: 2, Notes: 1}) {
		t.Errorf("the rest: %+v", u)
	}
	if all := w.UndoneOf(w.account.ID + 1); len(all) != 0 {
		t.Errorf("of another account: %v", all)
	}
}

// TestNoteTooLong holds a note of a table to the bounds of one that is written.
func TestNoteTooLong(t *testing.T) {
	w := newWorld(t)
	p, err := w.look(noted("2026-03-01 "+strings.Repeat("x", 501)+",", "2026-03-02 ,!!", "2026-03-03 fine,"), nil)
	if w.must(err); p.Total != 1 || p.UnreadAll != 2 || p.Unread[0].Line != 2 {
		t.Errorf("%+v", p)
	}
}
