package storage

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"

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

// markCurrency is one word, whatever a bank calls a currency.
func markCurrency(code string) string {
	return mark + "c" + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, code)
}

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
	words := newWordList()
	for _, text := range []string{
		t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.EndToEndID, t.EntryReference, t.ID, t.BankCode,
	} {
		words.add(text)
	}
	way, state := markIn, markBooked
	if t.Amount.Negative() {
		way = markOut
	}
	if pending {
		state = markPending
	}
	for _, one := range []string{markAccount(account), markAmount(t.Amount), markSize(sizeOf(t.Amount)), markCurrency(t.Amount.Currency), way, state} {
		words.text = append(append(words.text, one...), ' ')
	}
	return string(words.text[1:])
}

// wordList is words, folded, each once and with a blank before and after it.
type wordList struct {
	text []byte
	has  map[string]bool // nil as long as it takes no longer to look through them
}

// mostLooked is how many bytes of words are looked through for another.
const mostLooked = 2048

func newWordList() *wordList { return &wordList{text: append(make([]byte, 0, 512), ' ')} }

// add adds the words of a text.
func (l *wordList) add(text string) {
	for run := range fold.Runs(text) {
		begun := len(l.text)
		if l.text = fold.Append(l.text, run); len(l.text) == begun {
			continue
		}
		if l.text = append(l.text, ' '); l.again(begun) {
			l.text = l.text[:begun]
		}
	}
}

// again reports whether the last word, which begins at a place, is there before it.
func (l *wordList) again(begun int) bool {
	if begun <= mostLooked {
		return bytes.Contains(l.text[:begun], l.text[begun-1:])
	}
	if l.has == nil {
		l.has = map[string]bool{}
		for word := range strings.FieldsSeq(string(l.text[:begun])) {
			l.has[word] = true
		}
	}
	word := string(l.text[begun : len(l.text)-1])
	again := l.has[word]
	l.has[word] = true
	return again
}

// unindexOne takes a transaction out of the index of words.
const unindexOne = `INSERT INTO entry_text (entry_text, rowid, words) VALUES ('delete', ?, ?)`
