package storage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// matcher puts the transactions that come in a reading to those that are stored of the
// same day.
//
// Of n with equal content, n are there when n stored ones of that content were not claimed
// in this reading, first those that bear the same id. Of the rest, one is there when one
// with the same id and amount is, if the id is its own: its words have changed; or one is that
// only a file listed and that says the same in other words (see import_match.go). Only those
// beyond are new. What is claimed is claimed for the whole reading, so it makes no
// difference how the transactions of a day are spread over pages.
type matcher struct {
	*entryWriter
	reading *Reading
	pending bool
}

// put keeps transactions and counts those that are new.
func (m *matcher) put(ctx context.Context, transactions []xs2a.Transaction) (added int, err error) {
	all := make([]comer, len(transactions))
	own := ownIDs(transactions)
	for i := range transactions {
		one := &all[i]
		one.Transaction = &transactions[i]
		one.content = contentOf(*one.Transaction)
		if own[one.ID] {
			one.key = idKey(one.ID, one.Amount)
		}
		one.on = listedUnder(m.pending, one.Date())
		if one.day, err = m.storedDay(ctx, one.on); err != nil {
			return 0, err
		}
	}
	claims := []func(context.Context, *comer) error{m.claimSame, m.claimEqual, m.claimReworded}
	if m.reading.delta && !m.pending {
		claims = []func(context.Context, *comer) error{m.claimSame, m.claimReworded}
	}
	for _, claim := range claims {
		for i := range all {
			if all[i].claimed {
				continue
			}
			if err := claim(ctx, &all[i]); err != nil {
				return 0, err
			}
		}
	}
	if m.reading.delta && !m.pending {
		err = m.sureAllNew(ctx, all)
	} else {
		err = m.claimImported(ctx, all)
	}
	if err != nil {
		return 0, err
	}
	return m.addAll(ctx, slices.DeleteFunc(all, func(one comer) bool { return one.claimed }))
}

// addAll writes those that are new, in the order in which they stand in the file. What of them can be
// worked out beside it is: to write them is what takes longest in a fetch.
func (m *matcher) addAll(ctx context.Context, all []comer) (added int, err error) {
	slices.SortStableFunc(all, func(a, b comer) int { return cmp.Compare(a.on, b.on) })
	workedOut := make(chan newcomer, len(all))
	go func() {
		defer close(workedOut)
		for _, one := range all {
			workedOut <- newcomerOf(m.reading.AccountID, m.pending, one.Transaction)
		}
	}()
	defer func() {
		for range workedOut { // after an error: the transactions are the caller's again
		}
	}()
	for _, one := range all {
		if err := m.putNewcomer(ctx, <-workedOut, one.content, m.at); err != nil {
			return added, err
		}
		added++
	}
	return added, nil
}

// comer is a transaction that comes.
type comer struct {
	*xs2a.Transaction
	content int64
	key     uint64 // see idKey; 0 where the id tells nothing
	on      day    // it is listed under
	day     *storedDay
	claimed bool
}

// claimSame claims what is stored with the same content and id.
func (m *matcher) claimSame(ctx context.Context, one *comer) error {
	if row := one.day.withID(one.key); row != nil && row.content == one.content {
		if !row.imported { // of the bank's ids a file says nothing
			m.reading.sameID++
		}
		return m.claim(ctx, one, row, true)
	}
	return nil
}

const (
	// mostRenamed bounds the transactions whose new ids are taken over in a reading.
	mostRenamed = 20_000
	// mostRenamings bounds the readings, one after the other, in which new ids are taken over: a bank that
	// gives others each time tells nothing by them, and what is taken over is work.
	mostRenamings = 2
)

// claimEqual claims what is stored with the same content. A bank that has begun to give other ids is
// known by these from now on: they tell what it rewords, or moves to another day. Where several are stored
// of one content, what the bank says of one may be meant for another.
func (m *matcher) claimEqual(ctx context.Context, one *comer) error {
	row := one.day.withContent(one.content)
	if row == nil {
		return nil
	}
	if one.key == 0 || one.key == row.key || row.imported {
		return m.claim(ctx, one, row, false)
	}
	if row.key != 0 && len(m.reading.otherIDs) <= mostUnlisted {
		m.reading.otherIDs = append(m.reading.otherIDs, row.id)
	}
	if row.several {
		return m.claim(ctx, one, row, false)
	}
	m.reading.renamed++
	return m.claim(ctx, one, row, m.reading.renamed <= mostRenamed && m.reading.renamings < mostRenamings)
}

// claimReworded claims what is stored with the same id. Pending transactions bear none that
// last.
func (m *matcher) claimReworded(ctx context.Context, one *comer) error {
	if row := one.day.withID(one.key); row != nil && !m.pending {
		return m.claim(ctx, one, row, true)
	}
	return nil
}

// claim notes that a stored transaction came, and takes over what the bank says of it now
// where that is meant for it.
func (m *matcher) claim(ctx context.Context, one *comer, row *storedRow, meant bool) error {
	one.claimed = true
	stored := *row
	one.day.claim(row)
	if stored.missed {
		if err := m.setListed(ctx, stored.id); err != nil {
			return err
		}
	}
	if stored.imported {
		return m.takeOver(ctx, stored, *one.Transaction, one.content)
	}
	if meant && !m.pending && stored.said != saidOf(*one.Transaction) {
		return m.reword(ctx, stored, *one.Transaction, one.content)
	}
	return nil
}

// storedDay returns what is stored of a day, or of what is pending, read once in a reading.
func (m *matcher) storedDay(ctx context.Context, on day) (*storedDay, error) {
	if m.pending {
		on = pendingDay
	}
	return m.reading.storedDay(ctx, m.page, on)
}

// storedDay returns what was stored of a day before the reading, or of what is pending.
func (r *Reading) storedDay(ctx context.Context, tx querier, on day) (*storedDay, error) {
	if r.stored == nil {
		r.stored = map[day]*storedDay{}
	}
	if known := r.stored[on]; known != nil {
		return known, nil
	}
	before, after := on.before(), on.after()
	if on == pendingDay {
		before = 0 // of whatever day
	}
	rows, err := collect(ctx, tx, readStoredRow, storedRows, r.AccountID, on == pendingDay, before, after)
	if err == nil && on != pendingDay {
		err = markImported(ctx, tx, rows, on)
	}
	if err != nil {
		return nil, err
	}
	r.stored[on] = newStoredDay(rows)
	return r.stored[on], nil
}

const storedRows = `SELECT id, content, said, transaction_id, amount, currency, missed_at <> '' FROM entry
	WHERE account_id = ? AND pending = ? AND id > ? AND id < ? ORDER BY id`

func readStoredRow(row scanner) (storedRow, error) {
	var r storedRow
	var id string
	var amount xs2a.Amount
	err := row.Scan(&r.id, &r.content, &r.said, &id, &amount.Number, &amount.Currency, &r.missed)
	r.key = idKey(id, amount)
	return r, err
}

// ownIDs returns the ids among the transactions that tell them apart. Banks send
// the same id for all, or none; such ids tell nothing.
func ownIDs(transactions []xs2a.Transaction) map[string]bool {
	own := make(map[string]bool, len(transactions))
	for _, t := range transactions {
		_, again := own[t.ID]
		own[t.ID] = !again && tells(t.ID)
	}
	return own
}

// tells reports whether an id tells anything.
func tells(id string) bool { return id != "" && !strings.EqualFold(id, "NOTPROVIDED") }

// contentOf is a digest of what tells a transaction from others, without the bank's
// ids, which some banks change or leave out. Amounts count by value: "1.5" is "1.50".
func contentOf(t xs2a.Transaction) int64 {
	return digestOf(t.BookingDate, t.ValueDate, reduced(t.Amount), t.Amount.Currency,
		t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.EndToEndID)
}

// saidOf is a digest of all that is stored of what the bank says of a transaction.
func saidOf(t xs2a.Transaction) int64 {
	return digestOf(t.ID, t.EntryReference, t.EndToEndID, t.BookingDate, t.ValueDate, t.Amount.Number, t.Amount.Currency, t.CreditorName,
		t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.BankCode, strconv.FormatBool(t.Inferred), string(t.Raw))
}

// digestOf is a digest of fields. Of two transactions of one day it is the same by chance
// once in 2^64; who wants it to be would have to be the bank they are at.
func digestOf(fields ...string) int64 {
	var room [1024]byte // most are shorter
	all := room[:0]
	for _, field := range fields {
		all = append(binary.LittleEndian.AppendUint32(all, uint32(len(field))), field...)
	}
	sum := sha256.Sum256(all)
	return int64(binary.LittleEndian.Uint64(sum[:]))
}

// reduced writes an amount without zeros that say nothing: -12.5.
func reduced(a xs2a.Amount) string {
	if text, is := withoutZeros(a.Number); is {
		return text
	}
	var n apd.Decimal
	n.Reduce(a.Decimal())
	return n.Text('f')
}

// withoutZeros is reduced for a number as amounts are written, which takes no arithmetic; false for
// one that is written otherwise.
func withoutZeros(number string) (text string, is bool) {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	if whole == "" || !digitsOnly(whole) || !digitsOnly(fraction) || point != (fraction != "") {
		return "", false
	}
	if text = number; point {
		text = strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
	}
	if whole[0] == '0' && (len(whole) > 1 || text == "-0") {
		return "", false
	}
	return text, true
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
