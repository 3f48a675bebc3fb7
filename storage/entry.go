package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"consentry/xs2a"
)

// entryWriter writes transactions in one write: each into its table under an id of its day,
// into the index of words, and, if it is booked, into the sums of its day, into those of its
// counterparty and among the payees. It is used by one goroutine and closed before the write ends.
type entryWriter struct {
	tx        *sql.Tx
	page      writeTx // the same write, for what is asked again and again
	now       time.Time
	at        string // now, as it is stored
	sums      sums
	turnovers turnovers // nil: they are not kept yet
	codes     codes
	last      map[day]int64 // the highest id of a day
	known     *known

	indexed []indexedWords // what the index is given at the end

	newSince day     // what is booked of this day or later is new; zero: nothing is
	arrived  []int64 // what is

	watched []watched // rules that what is new is looked at by

	highest, insert, index, addPayee, addWord *sql.Stmt
}

// known is what writes have noted once and need not note again, as long as all of them are
// kept.
type known struct {
	payees map[payeeOf]bool
	words  map[wordAt]bool
}

// indexedWords are the words of a transaction.
type indexedWords struct {
	id, account int64
	words       string
}

// wordAt is a word of an account.
type wordAt struct {
	account int64
	word    string
}

// mostKnown bounds what is remembered of either.
const mostKnown = 50_000

// note adds one to those that are known.
func note[T comparable, V any](to *map[T]V, one T, as V) {
	if *to == nil || len(*to) >= mostKnown {
		*to = map[T]V{}
	}
	(*to)[one] = as
}

func newEntryWriter(ctx context.Context, tx *sql.Tx, now time.Time, known *known) (*entryWriter, error) {
	w := &entryWriter{tx: tx, page: tx}
	return w, w.begin(ctx, now, known)
}

// newPageWriter returns a writer of which the statements are kept prepared.
func newPageWriter(ctx context.Context, page preparedTx, now time.Time, known *known) (*entryWriter, error) {
	w := &entryWriter{tx: page.Tx, page: page}
	return w, w.begin(ctx, now, known)
}

func (w *entryWriter) begin(ctx context.Context, now time.Time, known *known) error {
	w.now, w.at, w.known = now, formatTime(now), known
	w.sums, w.turnovers, w.codes, w.last = sums{}, turnovers{}, codes{}, map[day]int64{}
	for _, one := range w.statements() {
		prepared, err := w.page.PrepareContext(ctx, one.text)
		if err != nil {
			w.close()
			return err
		}
		*one.into = prepared
	}
	return nil
}

// statement is one of a writer's, and where it is kept when it is prepared.
type statement struct {
	into **sql.Stmt
	text string
}

func (w *entryWriter) statements() []statement {
	return []statement{
		{&w.highest, `SELECT coalesce(max(id), ?1) FROM entry WHERE id > ?1 AND id < ?2`},
		{&w.insert, `INSERT INTO entry (id, account_id, pending, content, said, transaction_id, entry_reference, end_to_end_id,
			booking_date, value_date, amount, currency, creditor_name, creditor_account, debtor_name, debtor_account,
			remittance, additional, bank_code, inferred, first_seen_at, raw)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&w.index, `INSERT INTO entry_text (rowid, words) VALUES (?, ?)`},
		{&w.addPayee, `INSERT OR IGNORE INTO payee (account_id, number, name) VALUES (?, ?, ?)`},
		{&w.addWord, `INSERT OR IGNORE INTO word (word, account_id) VALUES (?, ?)`},
	}
}

func (w *entryWriter) close() {
	for _, one := range w.statements() {
		if prepared := *one.into; prepared != nil {
			prepared.Close()
		}
	}
}

// put writes a transaction of an account, and the words of a note on it.
func (w *entryWriter) put(ctx context.Context, account int64, pending bool, t xs2a.Transaction, n Note, content int64, firstSeen string) error {
	one := newcomerOf(account, pending, &t)
	one.words = withNote(one.words, n)
	return w.putNewcomer(ctx, one, content, firstSeen)
}

// newcomer is a transaction that is not stored yet, with what is worked out of it alone.
type newcomer struct {
	*xs2a.Transaction
	account int64
	pending bool
	said    int64
	words   string
	with    Counterparty // of a booked one
}

func newcomerOf(account int64, pending bool, t *xs2a.Transaction) newcomer {
	one := newcomer{Transaction: t, account: account, pending: pending, said: saidOf(*t), words: wordsOf(account, pending, *t)}
	if !pending {
		one.with = CounterpartyOf(*t)
	}
	return one
}

func (w *entryWriter) putNewcomer(ctx context.Context, t newcomer, content int64, firstSeen string) error {
	on := listedUnder(t.pending, t.Date())
	id, err := w.next(ctx, on)
	if err != nil {
		return err
	}
	if _, err := w.insert.ExecContext(ctx, id, t.account, t.pending, content, t.said, t.ID, t.EntryReference, t.EndToEndID,
		t.BookingDate, t.ValueDate, t.Amount.Number, t.Amount.Currency, t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount,
		t.Remittance, t.Additional, t.BankCode, t.Inferred, firstSeen, string(t.Raw)); err != nil {
		return err
	}
	w.codes.add(t.account, t.BankCode, 1)
	w.indexed = append(w.indexed, indexedWords{id, t.account, t.words})
	if err := w.watch(ctx, t, id); err != nil || t.pending {
		return err
	}
	w.countWith(t.account, on, t.with, t.Amount, false)
	w.sums.of(t.account, on, t.Amount.Currency).Count++
	if w.newSince > 0 && on >= w.newSince {
		w.arrived = append(w.arrived, id)
	}
	return w.addPayeeOf(ctx, t.account, *t.Transaction)
}

// count adds a booked transaction to the sums of its day and of its counterparty, or takes it out
// of them again.
func (w *entryWriter) count(account int64, on day, t xs2a.Transaction, again bool) {
	w.countWith(account, on, CounterpartyOf(t), t.Amount, again)
}

func (w *entryWriter) countWith(account int64, on day, with Counterparty, a xs2a.Amount, again bool) {
	w.sums.of(account, on, a.Currency).add(a, again)
	if w.turnovers != nil {
		w.turnovers.add(account, on, with, a, again)
	}
}

// addWords puts the words of a transaction into the index.
func (w *entryWriter) addWords(ctx context.Context, id, account int64, words string) error {
	if _, err := w.index.ExecContext(ctx, id, words); err != nil {
		return err
	}
	for word := range strings.FieldsSeq(words) {
		word = listedAs(word)
		if word == "" || w.known.words[wordAt{account, word}] {
			continue
		}
		note(&w.known.words, wordAt{account, strings.Clone(word)}, true) // and not all of the text
		if _, err := w.addWord.ExecContext(ctx, word, account); err != nil {
			return err
		}
	}
	return nil
}

// listedUnder is the day a transaction is listed under.
func listedUnder(pending bool, date string) day {
	on := dayOf(date)
	if on == noDay && pending {
		return pendingDay
	}
	return on
}

// next returns an id of a day that is higher than all others of it.
func (w *entryWriter) next(ctx context.Context, on day) (int64, error) {
	last, known := w.last[on]
	if !known {
		if err := w.highest.QueryRowContext(ctx, on.before(), on.after()).Scan(&last); err != nil {
			return 0, err
		}
		if on == pendingDay { // whose transactions go again and again: what had an id is not mixed up with what comes
			last = max(last, on.before()+w.now.Unix()&(1<<placeBits-1))
		}
	}
	w.last[on] = last + 1
	return last + 1, nil
}

// addPayeeOf notes whom money went to.
func (w *entryWriter) addPayeeOf(ctx context.Context, account int64, t xs2a.Transaction) error {
	if t.CreditorAccount == "" || !t.Amount.Negative() {
		return nil
	}
	to := payeeOf{account, Payee{t.CreditorName, t.CreditorAccount}}
	if w.known.payees[to] {
		return nil
	}
	note(&w.known.payees, payeeOf{account, Payee{strings.Clone(t.CreditorName), strings.Clone(t.CreditorAccount)}}, true)
	_, err := w.addPayee.ExecContext(ctx, account, to.Account, to.Name)
	return err
}

// end writes what the transactions add up to, and their words. Nothing is added after it.
func (w *entryWriter) end(ctx context.Context) error {
	if err := w.sums.write(ctx, w.page); err != nil {
		return err
	}
	if err := w.turnovers.write(ctx, w.page); err != nil {
		return err
	}
	if err := w.turnovers.noteChange(ctx, w.page); err != nil {
		return err
	}
	if err := w.codes.write(ctx, w.page); err != nil {
		return err
	}
	return w.indexAll(ctx)
}

// indexAll puts the words of what was added into the index, in the order of the ids. It writes to
// the file what it was given where an id comes that is lower, and before what SQLite may have to
// undo by itself: then it would have more to put together.
func (w *entryWriter) indexAll(ctx context.Context) error {
	slices.SortFunc(w.indexed, func(a, b indexedWords) int { return cmp.Compare(a.id, b.id) })
	for _, one := range w.indexed {
		if err := w.addWords(ctx, one.id, one.account, one.words); err != nil {
			return err
		}
	}
	w.indexed = nil
	return nil
}

// reword takes over what a bank says of a stored transaction now, and keeps what it said
// before where a person would see that it has changed.
func (w *entryWriter) reword(ctx context.Context, stored storedRow, t xs2a.Transaction, content int64) error {
	return w.rewordAs(ctx, stored, t, content, true)
}

// rewordAs is reword; what was said before is not kept where it was not the bank that said it.
func (w *entryWriter) rewordAs(ctx context.Context, stored storedRow, t xs2a.Transaction, content int64, keep bool) error {
	before, err := transactionIn(ctx, w.tx, stored.id)
	if err != nil {
		return err
	}
	changed := formatTime(before.ChangedAt)
	if keep && (content != stored.content || t.Additional != before.Additional) {
		changed = formatTime(w.now)
		if err := w.keepChange(ctx, before); err != nil {
			return err
		}
	}
	if _, err := w.tx.ExecContext(ctx, `UPDATE entry SET content = ?, said = ?, transaction_id = ?, entry_reference = ?, end_to_end_id = ?,
			booking_date = ?, value_date = ?, amount = ?, creditor_name = ?, creditor_account = ?, debtor_name = ?, debtor_account = ?,
			remittance = ?, additional = ?, bank_code = ?, inferred = ?, raw = ?, changed_at = ? WHERE id = ?`,
		content, saidOf(t), t.ID, t.EntryReference, t.EndToEndID, t.BookingDate, t.ValueDate, t.Amount.Number, t.CreditorName,
		t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.BankCode, t.Inferred, string(t.Raw), changed, stored.id); err != nil {
		return err
	}
	if err := w.reindex(ctx, before, IndexedWords(before), withNote(wordsOf(before.AccountID, false, t), before.Note)); err != nil {
		return err
	}
	w.codes.add(before.AccountID, before.BankCode, -1)
	w.codes.add(before.AccountID, t.BankCode, 1)
	if on := dayOfID(stored.id); before.DroppedAt.IsZero() {
		w.turnovers.add(before.AccountID, on, CounterpartyOf(before.Transaction), before.Amount, true)
		w.turnovers.add(before.AccountID, on, CounterpartyOf(t), t.Amount, false)
	}
	return w.addPayeeOf(ctx, before.AccountID, t)
}

// reindex takes the words out of the index that a transaction has no more, and adds those it has
// now. What it keeps stays as it is: an index of this kind (detail = none, with secure-delete)
// loses a word that is taken out and put in again in one go.
func (w *entryWriter) reindex(ctx context.Context, of Transaction, before, now string) error {
	gone, more := strings.Join(without(before, now), " "), strings.Join(without(now, before), " ")
	if gone == "" && more == "" {
		return nil
	}
	if err := w.indexAll(ctx); err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, unindexOne, of.ID, gone); err != nil {
		return err
	}
	return w.addWords(ctx, of.ID, of.AccountID, more)
}

// without lists the words of a text that another has not.
func without(text, other string) (words []string) {
	has := map[string]bool{}
	for word := range strings.FieldsSeq(other) {
		has[word] = true
	}
	for word := range strings.FieldsSeq(text) {
		if !has[word] {
			words = append(words, word)
		}
	}
	return words
}

// keepChange keeps what a bank said of a transaction, beside the latest of what it said before.
func (w *entryWriter) keepChange(ctx context.Context, before Transaction) error {
	if _, err := w.tx.ExecContext(ctx, `INSERT OR REPLACE INTO entry_change (entry_id, at, creditor_name, creditor_account, debtor_name, debtor_account,
			remittance, additional, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, before.ID, formatTime(w.now), before.CreditorName, before.CreditorAccount,
		before.DebtorName, before.DebtorAccount, before.Remittance, before.Additional, string(before.Raw)); err != nil {
		return err
	}
	_, err := w.tx.ExecContext(ctx, `DELETE FROM entry_change WHERE entry_id = ?1 AND at <= (SELECT at FROM entry_change
		WHERE entry_id = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)`, before.ID, MostChanges)
	return err
}

// setMissed notes that a bank does not list a booked transaction: one that it did not list before
// either is dropped, and no part of what the transactions of its day add up to.
func (w *entryWriter) setMissed(ctx context.Context, id int64) error {
	at := formatTime(w.now)
	dropped, err := w.changed(ctx, `UPDATE entry SET dropped_at = ?1 WHERE id = ?2 AND pending = 0 AND missed_at <> '' AND dropped_at = ''
		RETURNING `+partyColumns, at, id)
	if err != nil {
		return err
	}
	if dropped.id != 0 {
		w.count(dropped.AccountID, dayOfID(id), dropped.Transaction, true)
		return nil
	}
	_, err = w.tx.ExecContext(ctx, `UPDATE entry SET missed_at = ?1 WHERE id = ?2 AND pending = 0 AND missed_at = ''`, at, id)
	return err
}

// setListed notes that a bank lists a booked transaction again.
func (w *entryWriter) setListed(ctx context.Context, id int64) error {
	again, err := w.changed(ctx, `UPDATE entry SET missed_at = '', dropped_at = '' WHERE id = ? AND dropped_at <> ''
		RETURNING `+partyColumns, id)
	if err != nil {
		return err
	}
	if again.id != 0 {
		w.count(again.AccountID, dayOfID(id), again.Transaction, false)
		return nil
	}
	_, err = w.tx.ExecContext(ctx, `UPDATE entry SET missed_at = '' WHERE id = ?`, id)
	return err
}

// changed carries out a statement that changes one transaction at most, and returns it; none
// where it was not changed.
func (w *entryWriter) changed(ctx context.Context, statement string, args ...any) (parties, error) {
	of, err := one(readParties, w.tx.QueryRowContext(ctx, statement, args...))
	if errors.Is(err, ErrNotFound) {
		return parties{}, nil
	}
	return of, err
}

// transactionIn returns one transaction as a write sees it.
func transactionIn(ctx context.Context, tx *sql.Tx, id int64) (Transaction, error) {
	return one(readTransaction, tx.QueryRowContext(ctx, `SELECT `+entryColumns+` WHERE e.id = ?`, id))
}

// removeEntries removes transactions, and their words from the index. Notes on them stay on their
// account, if that is there.
func removeEntries(ctx context.Context, tx *sql.Tx, entries []Transaction, as leaving) error {
	if len(entries) == 0 {
		return nil
	}
	index, err := tx.PrepareContext(ctx, unindexOne)
	if err != nil {
		return err
	}
	defer index.Close()
	remove, err := tx.PrepareContext(ctx, `DELETE FROM entry WHERE id = ?`)
	if err != nil {
		return err
	}
	defer remove.Close()
	fewer := codes{}
	for _, t := range entries {
		fewer.add(t.AccountID, t.BankCode, -1)
		if _, err := index.ExecContext(ctx, t.ID, IndexedWords(t)); err != nil {
			return err
		}
		if err := leaveNote(ctx, tx, t, as); err != nil {
			return err
		}
		if _, err := remove.ExecContext(ctx, t.ID); err != nil {
			return err
		}
	}
	return fewer.write(ctx, tx)
}
