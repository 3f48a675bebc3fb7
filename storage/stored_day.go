package storage

import (
	"cmp"
	"hash/maphash"
	"slices"

	"consentry/xs2a"
)

// storedDay is what was stored of one day of an account, or of what is pending there,
// before a reading, and was not claimed in it. It is looked through in memory: a day is
// read once in a reading, and it takes no index of ids and contents to find the same
// transaction again.
type storedDay struct {
	rows      []storedRow
	byContent map[int64]int32 // the first of equal content, see storedRow.next
	byID      map[uint64]int32
	left      int // of them are not claimed
	imported  int // of all of them are known from files alone
}

// storedRow is a stored transaction by what it is known by.
type storedRow struct {
	id            int64
	content, said int64  // see contentOf and saidOf
	key           uint64 // see idKey
	next          int32  // the next of the same content; as in the maps of storedDay, counted from 1
	several       bool   // there are others of the same content
	claimed       bool
	missed        bool // the bank did not list it when it was read last
	imported      bool // it is known from files alone
}

// ambiguous is in byID of an id that several bear.
const ambiguous = -1

// newStoredDay returns a day of which rows are stored, which came in the order of their ids.
func newStoredDay(rows []storedRow) *storedDay {
	d := &storedDay{rows: rows, left: len(rows)}
	if len(rows) == 0 {
		return d
	}
	d.byContent, d.byID = make(map[int64]int32, len(rows)), make(map[uint64]int32, len(rows))
	for i := len(rows) - 1; i >= 0; i-- { // the first is the first of its content
		row := &rows[i]
		row.next, d.byContent[row.content] = d.byContent[row.content], int32(i+1)
		if row.next != 0 {
			row.several, d.rows[row.next-1].several = true, true
		}
		if row.imported {
			d.imported++
		}
		if row.key == 0 {
			continue
		}
		if d.byID[row.key] != 0 {
			d.byID[row.key] = ambiguous
		} else {
			d.byID[row.key] = int32(i + 1)
		}
	}
	return d
}

// withID returns the row that bears an id and is not claimed, if it is the only one that does.
func (d *storedDay) withID(key uint64) *storedRow {
	if i := d.byID[key]; key != 0 && i > 0 && !d.rows[i-1].claimed {
		return &d.rows[i-1]
	}
	return nil
}

// withContent returns the first row of a content that is not claimed.
func (d *storedDay) withContent(content int64) *storedRow {
	for i := d.byContent[content]; i != 0; i = d.byContent[content] {
		row := &d.rows[i-1]
		if !row.claimed {
			return row
		}
		d.byContent[content] = row.next // nobody need pass it again
	}
	return nil
}

// claim notes that a row came in the reading. A day of which all came takes no room.
func (d *storedDay) claim(row *storedRow) {
	row.claimed = true
	if d.left--; d.left == 0 {
		d.rows, d.byContent, d.byID = nil, nil, nil
	}
}

// withRow returns the row of a transaction.
func (d *storedDay) withRow(id int64) *storedRow {
	i, _ := slices.BinarySearchFunc(d.rows, id, func(row storedRow, id int64) int { return cmp.Compare(row.id, id) })
	return &d.rows[i]
}

// unclaimed lists the rows that did not come.
func (d *storedDay) unclaimed() (rows []storedRow) {
	for _, row := range d.rows {
		if !row.claimed {
			rows = append(rows, row)
		}
	}
	return rows
}

var idSeed = maphash.MakeSeed()

// idKey is what a transaction of a day is known by where its bank's ids tell: its id and its
// amount. It is of this run of the program alone, so that nobody can choose ids that meet.
// Zero: it has no id.
func idKey(id string, amount xs2a.Amount) uint64 {
	if !tells(id) {
		return 0
	}
	var h maphash.Hash
	h.SetSeed(idSeed)
	h.WriteString(id)
	h.WriteByte(0)
	h.WriteString(reduced(amount))
	h.WriteByte(0)
	h.WriteString(amount.Currency)
	return cmp.Or(h.Sum64(), 1)
}
