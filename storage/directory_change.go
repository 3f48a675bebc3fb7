package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"consentry/xs2a"
)

// ErrEmptyDirectory is returned where a list of banks that held some holds none: that no bank is
// left is less likely than that the list is not whole.
var ErrEmptyDirectory = errors.New("storage: the directory lists no bank")

// Of the readings of an environment's directory that differed from those before, so many are kept,
// and of each so many changes.
const (
	mostDirectoryReadings = 40
	mostDirectoryChanges  = 300
)

// DirectoryChangeKind is what a directory says otherwise of a bank.
type DirectoryChangeKind string

// The kinds of changes.
const (
	BankNew        DirectoryChangeKind = "new"
	BankGone       DirectoryChangeKind = "gone"
	BankRenamed    DirectoryChangeKind = "renamed"
	BankProducts   DirectoryChangeKind = "products"   // which payment products it has
	BankApproaches DirectoryChangeKind = "approaches" // how a person may authorise there
)

// DirectoryChange is one thing that a directory says otherwise than before.
type DirectoryChange struct {
	Kind          DirectoryChangeKind
	BIC, Name     string   // the bank, as it is called now or was last
	Before, After []string // a name, or products or approaches in their order; nil for none
}

// DirectoryReading is a reading of a directory that differed from the one before.
type DirectoryReading struct {
	Since, At time.Time // when it was read before, and when it was read
	Changes   []DirectoryChange
	LeftOut   int // of the changes, those there was no room for
}

// DirectoryReadings lists the readings of an environment's directory since a moment that differed from
// those before, the latest first.
func (s *Store) DirectoryReadings(ctx context.Context, environmentID string, since time.Time) ([]DirectoryReading, error) {
	type row struct {
		reading int64
		DirectoryReading
		change DirectoryChange
	}
	rows, err := collect(ctx, s.db, func(found scanner) (r row, err error) {
		err = found.Scan(&r.reading, stamp{&r.Since}, stamp{&r.At}, &r.LeftOut, &r.change.Kind, &r.change.BIC, &r.change.Name,
			jsonColumn{&r.change.Before}, jsonColumn{&r.change.After})
		return r, err
	}, `SELECT r.id, r.since, r.at, r.left_out, c.kind, c.bic, c.name, c.before, c.after
		FROM directory_reading r JOIN directory_change c ON c.reading_id = r.id
		WHERE r.environment_id = ? AND r.at >= ? ORDER BY r.at DESC, r.id DESC, c.place`, environmentID, formatTime(since))
	var all []DirectoryReading
	last := int64(0)
	for _, r := range rows {
		if r.reading != last {
			all, last = append(all, r.DirectoryReading), r.reading
		}
		reading := &all[len(all)-1]
		reading.Changes = append(reading.Changes, r.change)
	}
	return all, err
}

// jsonColumn reads a list of texts; an empty column is none.
type jsonColumn struct{ list *[]string }

func (c jsonColumn) Scan(stored any) error {
	text, _ := stored.(string)
	if *c.list = nil; text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), c.list)
}

// noteChanges notes what a directory that was just read says otherwise than the list in its place. The
// first list differs from none.
func (s *Store) noteChanges(ctx context.Context, tx *sql.Tx, environmentID string, now []xs2a.ASPSP) error {
	e, err := s.environmentIn(ctx, tx, environmentID)
	if err != nil {
		return err
	}
	listed, err := collect(ctx, tx, func(row scanner) (a xs2a.ASPSP, err error) { return a, row.Scan(&a.BIC, &a.Name) },
		`SELECT bic, name FROM aspsp WHERE environment_id = ? AND listed = ? AND gone_at = ''`, environmentID, byDirectory)
	if err != nil || len(listed) == 0 {
		return err
	}
	if len(now) == 0 {
		return ErrEmptyDirectory
	}
	own := map[string]bool{} // as the environment names them, whatever the directory says
	for _, bank := range e.Banks {
		own[bank.ID] = true
	}
	now = slices.DeleteFunc(slices.Clone(now), func(a xs2a.ASPSP) bool { return own[a.BIC] })
	return s.addDirectoryReading(ctx, tx, environmentID, DirectoryReading{Since: e.DirectoryAt, At: s.now(), Changes: changesBetween(listed, now)})
}

// changesBetween returns what tells two lists of banks apart: new banks, those gone and those renamed,
// each by name. Of a bank that a list names twice the last is taken.
func changesBetween(before, after []xs2a.ASPSP) []DirectoryChange {
	was, is := map[string]string{}, map[string]string{}
	for _, a := range before {
		was[a.BIC] = a.Name
	}
	for _, a := range after {
		is[a.BIC] = a.Name
	}
	var all []DirectoryChange
	for bic, name := range is {
		if former, known := was[bic]; !known {
			all = append(all, DirectoryChange{Kind: BankNew, BIC: bic, Name: name})
		} else if former != name {
			all = append(all, DirectoryChange{Kind: BankRenamed, BIC: bic, Name: name, Before: []string{former}, After: []string{name}})
		}
	}
	for bic, name := range was {
		if _, still := is[bic]; !still {
			all = append(all, DirectoryChange{Kind: BankGone, BIC: bic, Name: name})
		}
	}
	place := map[DirectoryChangeKind]int{BankGone: 1, BankRenamed: 2}
	slices.SortFunc(all, func(a, b DirectoryChange) int {
		if a.Kind != b.Kind {
			return place[a.Kind] - place[b.Kind]
		}
		return strings.Compare(a.Name+"\x00"+a.BIC, b.Name+"\x00"+b.BIC)
	})
	return all
}

// addDirectoryReading keeps a reading that differed, and of those before as many as there is room for.
func (s *Store) addDirectoryReading(ctx context.Context, tx *sql.Tx, environmentID string, r DirectoryReading) error {
	if len(r.Changes) == 0 {
		return nil
	}
	kept := r.Changes[:min(len(r.Changes), mostDirectoryChanges)]
	result, err := tx.ExecContext(ctx, `INSERT INTO directory_reading (environment_id, since, at, left_out) VALUES (?, ?, ?, ?)`,
		environmentID, formatTime(r.Since), formatTime(r.At), len(r.Changes)-len(kept))
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	for place, change := range kept {
		before, err := textList(change.Before)
		if err != nil {
			return err
		}
		after, err := textList(change.After)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO directory_change (reading_id, place, kind, bic, name, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, place, change.Kind, change.BIC, change.Name, before, after); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM directory_reading WHERE environment_id = ?1 AND id NOT IN (
		SELECT id FROM directory_reading WHERE environment_id = ?1 ORDER BY id DESC LIMIT ?2)`, environmentID, mostDirectoryReadings)
	return err
}

// PutASPSPDetails keeps freshly fetched details, and what they say otherwise than those before.
func (s *Store) PutASPSPDetails(ctx context.Context, environmentID, bic string, d xs2a.ASPSPDetails) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		before, at, err := detailsIn(tx.QueryRowContext(ctx, detailsQuery, environmentID, bic))
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return err
		default:
			reading := DirectoryReading{Since: at, At: s.now(), Changes: changedDetails(bic, before, d)}
			if err := s.addDirectoryReading(ctx, tx, environmentID, reading); err != nil {
				return err
			}
		}
		return changed(tx.ExecContext(ctx, `UPDATE aspsp SET details = ?, details_at = ? WHERE environment_id = ? AND bic = ?`,
			string(d.Raw), formatTime(s.now()), environmentID, bic))
	})
}

// changedDetails returns which products and approaches of a bank are other ones. That a bank tells
// none of a kind is no change: it may have left them out.
func changedDetails(bic string, before, after xs2a.ASPSPDetails) []DirectoryChange {
	var all []DirectoryChange
	note := func(kind DirectoryChangeKind, was, is []string) {
		if was, is = ordered(was), ordered(is); len(was) > 0 && len(is) > 0 && !slices.Equal(was, is) {
			all = append(all, DirectoryChange{Kind: kind, BIC: bic, Name: after.Name, Before: was, After: is})
		}
	}
	note(BankProducts, before.Products, after.Products)
	note(BankApproaches, approachNames(before.Methods), approachNames(after.Methods))
	return all
}

func ordered(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }

func approachNames(methods []xs2a.SCAMethod) (names []string) {
	for _, method := range methods {
		names = append(names, method.Name)
	}
	return names
}

// DetailedASPSPs lists the banks of an environment's directory whose details are kept, those first that
// a consent is valid at, and among these those fetched longest ago; so many at most.
func (s *Store) DetailedASPSPs(ctx context.Context, environmentID string, most int) (bics []string, err error) {
	return collect(ctx, s.db, func(row scanner) (bic string, err error) { return bic, row.Scan(&bic) },
		`SELECT bic FROM aspsp a WHERE environment_id = ? AND listed = ? AND gone_at = '' AND details <> ''
		ORDER BY NOT EXISTS (SELECT 1 FROM consent c WHERE c.environment_id = a.environment_id AND c.bic = a.bic AND c.status = 'valid'), details_at LIMIT ?`,
		environmentID, byDirectory, most)
}
