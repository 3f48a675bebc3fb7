package storage

import (
	"strconv"
	"strings"

	"consentry/storage/fold"
	"consentry/xs2a"
)

// The index of words (FTS5, sqlite.org/fts5.html) knows of each transaction the folded words
// of what is said of it, and marks: its account, amount and currency, which way the money
// went, whether it is pending, and the tags a person gave it. It keeps no texts: what is taken out of it has to be
// named as it was put in.

// mark begins a mark. No folded word has it.
const mark = "§"

func markAccount(id int64) string { return mark + "a" + strconv.FormatInt(max(id, 0), 10) }

func markCurrency(code string) string { return mark + "c" + strings.ToLower(code) }

// markAmount is of all amounts that are so much, with or without a sign.
func markAmount(a xs2a.Amount) string {
	return mark + "v" + strings.ReplaceAll(strings.TrimPrefix(reduced(a), "-"), ".", "p")
}

// mostDigits is how many digits before its point an amount is told by; one that has more counts
// as having so many.
const mostDigits = 20

// markSize is of all amounts that are of so many digits before the point.
func markSize(digits int) string { return mark + "s" + strconv.Itoa(digits) }

// sizeOf is how many digits an amount has before the point; none, where it is less than one.
func sizeOf(a xs2a.Amount) int {
	whole, _, _ := strings.Cut(strings.TrimPrefix(reduced(a), "-"), ".")
	if whole == "0" {
		return 0
	}
	return min(len(whole), mostDigits)
}

const (
	markIn      = mark + "in"
	markOut     = mark + "out"
	markPending = mark + "pending"
	markBooked  = mark + "booked"
)

// IndexedWords returns what the index of words knows of a transaction, as it is given it.
func IndexedWords(t Transaction) string {
	return withNote(wordsOf(t.AccountID, t.Pending, t.Transaction), t.Note)
}

// wordsOf is what the index knows of a transaction, each word once: the index counts what is put
// in and taken out, and a change puts in and takes out what differs.
func wordsOf(account int64, pending bool, t xs2a.Transaction) string {
	var b strings.Builder
	b.Grow(256)
	has := make(map[string]bool, 16)
	for _, text := range []string{
		t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.EndToEndID, t.EntryReference, t.ID, t.BankCode,
	} {
		for _, word := range fold.Words(text) {
			if !has[word] {
				has[word] = true
				b.WriteString(word)
				b.WriteByte(' ')
			}
		}
	}
	way, state := markIn, markBooked
	if t.Amount.Negative() {
		way = markOut
	}
	if pending {
		state = markPending
	}
	for _, one := range []string{markAccount(account), markAmount(t.Amount), markSize(sizeOf(t.Amount)), markCurrency(t.Amount.Currency), way, state} {
		b.WriteString(one)
		b.WriteByte(' ')
	}
	return b.String()
}

// unindexOne takes a transaction out of the index of words.
const unindexOne = `INSERT INTO entry_text (entry_text, rowid, words) VALUES ('delete', ?, ?)`
