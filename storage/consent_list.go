package storage

import (
	"context"
	"sync/atomic"
)

// Group sorts consents by what the person has to do about them.
type Group string

// The groups, in the order in which they concern the person.
const (
	NeedsPerson Group = "needs"   // begun and not finished, waiting for another person, or to be renewed soon
	Active      Group = "active"  // may be used
	Waiting     Group = "waiting" // asked for, and nobody is approving it
	Ended       Group = "ended"
)

// Groups are all groups in their order.
var Groups = []Group{NeedsPerson, Active, Waiting, Ended}

// ConsentSort is an order within a group.
type ConsentSort string

// The orders. Of equals the newer comes first.
const (
	ByNeed   ConsentSort = ""     // by what is due first; of ended ones those that ended last
	ByEnd    ConsentSort = "end"  // by last day
	ByBank   ConsentSort = "bank" // by the bank's name
	Newest   ConsentSort = "new"  // by when they were asked for
	LastRead ConsentSort = "read" // by last access
)

// ConsentQuery chooses consents. Empty fields choose all.
type ConsentQuery struct {
	Text          string // words of a bank's name or BIC, of the purpose, or of an account's name or number
	EnvironmentID string
	BIC           string
	AccountID     int64
	Group         Group
	Sort          ConsentSort
	Offset, Limit int
}

// Reached is an account under a consent, with what it can be found by.
type Reached struct {
	ConsentID string
	AccountID int64
	Words     string // name and numbers
}

// ReachedAccounts lists which accounts are reached by which consents.
func (s *Store) ReachedAccounts(ctx context.Context) ([]Reached, error) {
	return collect(ctx, s.db, func(row scanner) (Reached, error) {
		var r Reached
		err := row.Scan(&r.ConsentID, &r.AccountID, &r.Words)
		return r, err
	}, `SELECT l.consent_id, a.id, a.name || ' ' || a.iban || ' ' || a.bban || ' ' || a.masked_pan
		FROM consent_account l JOIN account a ON a.id = l.account_id`)
}

// changes counts the writes that a list of consents may have to follow.
type changes struct{ atomic.Int64 }

// Changes is another number after each change of a consent, an authorisation
// or an account, so that what was read of them can be kept until then.
func (s *Store) Changes() int64 { return s.changes.Load() }
