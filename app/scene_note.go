package app

import (
	"context"
	"slices"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/own"
	"consentry/app/stage"
	"consentry/storage"
)

// note writes a note on a transaction, as it says which.
func (t actor) note(ctx context.Context, act stage.Act) error {
	left := act.Earlier
	var on storage.Transaction
	err := t.app.entriesLike(ctx, t.cast[act.Bank].BIC, act.Amount, func(one storage.Transaction) (more bool) {
		if isLike(one, act) {
			on, left = one, left-1
		}
		return left >= 0
	})
	switch {
	case err != nil:
		return err
	case left >= 0:
		return failure.New(failure.StageNoEntry)
	}
	note := noteIn(act.Text)
	return t.app.own.SetNote(ctx, on.ID, note.Text, strings.Join(note.Tags, " "))
}

// isLike reports whether a transaction is one that a note's act speaks of, but for how many are
// later.
func isLike(one storage.Transaction, act stage.Act) bool {
	return one.Amount.Number == act.Amount && strings.TrimSpace(one.Named()) == act.Other
}

// entriesLike goes through the transactions at a practice bank that are of an amount, the newest first.
func (a *App) entriesLike(ctx context.Context, bic, amount string, each func(storage.Transaction) (more bool)) error {
	value, _, err := apd.NewFromString(strings.TrimPrefix(amount, "-"))
	if err != nil {
		return failure.New(failure.StageNoEntry)
	}
	accounts, err := a.accountsAt(ctx, bic)
	if err != nil || len(accounts) == 0 {
		return err
	}
	return a.through(ctx, storage.Find{Accounts: accounts, Least: value, Most: value}, each)
}

// through goes through what is found, the newest first.
func (a *App) through(ctx context.Context, f storage.Find, each func(storage.Transaction) (more bool)) error {
	var after storage.Cursor
	for {
		found, err := a.store.Find(ctx, f, after, notedAtOnce)
		if err != nil {
			return err
		}
		for _, one := range found.Transactions {
			if !each(one) {
				return nil
			}
		}
		if after = found.Older; after == 0 {
			return nil
		}
	}
}

// notedAtOnce is how many transactions are looked at at a time.
const notedAtOnce = 100

// accountsAt are the accounts at a practice bank.
func (a *App) accountsAt(ctx context.Context, bic string) (ids []int64, err error) {
	all, err := a.store.PlainAccounts(ctx)
	for _, one := range all {
		if one.EnvironmentID == bank.SandboxID && one.BIC == bic {
			ids = append(ids, one.ID)
		}
	}
	return ids, err
}

// name gives a name to those at the other end of transactions at a bank.
func (t actor) name(ctx context.Context, act stage.Act) error {
	accounts, err := t.app.accountsAt(ctx, t.cast[act.Bank].BIC)
	if err != nil {
		return err
	}
	called := storage.OwnName{Number: act.To, Begins: act.Other}
	var one storage.Transaction
	if len(accounts) > 0 {
		err = t.app.through(ctx, storage.Find{Accounts: accounts, Terms: []storage.Term{{Names: []storage.OwnName{called}}}}, func(found storage.Transaction) bool {
			one = found
			return false
		})
	}
	switch {
	case err != nil:
		return err
	case one.ID == 0:
		return failure.New(failure.StageNoEntry)
	case act.To != "":
		return t.app.own.GiveName(ctx, one.ID, act.Text, own.ByNumber, "")
	}
	return t.app.own.GiveName(ctx, one.ID, act.Text, own.ByName, act.Other)
}

// The words of a note stand on one line, with its tags at the end.

// noteIn is the note in such a line.
func noteIn(line string) storage.Note {
	var note storage.Note
	words := strings.Fields(line)
	for len(words) > 0 && strings.HasPrefix(words[len(words)-1], "#") {
		note.Tags = append(note.Tags, strings.TrimPrefix(words[len(words)-1], "#"))
		words = words[:len(words)-1]
		line = strings.TrimSpace(line[:strings.LastIndex(line, "#")])
	}
	slices.Reverse(note.Tags)
	note.Text = strings.ReplaceAll(line, `\n`, "\n")
	return note
}

// noteLine is the line of a note; ok is false where no line is read as it.
func noteLine(note storage.Note) (line string, ok bool) {
	line = strings.ReplaceAll(note.Text, "\n", `\n`)
	for _, tag := range note.Tags {
		line = strings.TrimSpace(line + " #" + tag)
	}
	read := noteIn(line)
	return line, read.Text == note.Text && slices.Equal(read.Tags, note.Tags)
}
