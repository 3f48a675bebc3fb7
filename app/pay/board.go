package pay

import (
	"context"

	"consentry/storage"
)

// Part is a part of the payments of a group, the newest first.
type Part struct {
	Group    Group
	Count    int // of all of the group
	Payments []storage.Payment
	Older    *storage.PaymentCursor // where the next part begins; nil on the last
}

// Groups are the groups in the order in which they concern the person.
var Groups = []Group{NeedsPerson, UnderWay, Done, NotDone, NotKnown}

// How many payments of a group stand on the board, and how many follow at a time. Of what
// is over a person wants the latest, and reads and draws it each time they look at what is not.
const (
	openOnBoard  = 25
	endedOnBoard = 10
	partSize     = 50
)

// onBoard returns how many payments of a group stand on the board.
func (g Group) onBoard() int {
	if g == NeedsPerson || g == UnderWay {
		return openOnBoard
	}
	return endedOnBoard
}

// Board returns the first part of each group that holds any.
func (p *Payments) Board(ctx context.Context) ([]Part, error) {
	counts, err := p.store.CountPayments(ctx)
	var board []Part
	for _, group := range Groups {
		if counts[string(group)] == 0 {
			continue
		}
		part, err := p.part(ctx, group, storage.PaymentCursor{}, group.onBoard(), counts)
		if err != nil {
			return nil, err
		}
		board = append(board, part)
	}
	return board, err
}

// Part returns what follows of a group after a cursor.
func (p *Payments) Part(ctx context.Context, group Group, after storage.PaymentCursor) (Part, error) {
	counts, err := p.store.CountPayments(ctx)
	if err != nil {
		return Part{}, err
	}
	return p.part(ctx, group, after, partSize, counts)
}

func (p *Payments) part(ctx context.Context, group Group, after storage.PaymentCursor, size int, counts map[string]int) (Part, error) {
	// One more than is shown tells whether there is another part.
	list, err := p.store.PaymentsOf(ctx, string(group), after, size+1)
	part := Part{Group: group, Count: counts[string(group)], Payments: list[:min(len(list), size)]}
	if len(list) > size {
		last := list[size-1]
		part.Older = &storage.PaymentCursor{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	return part, err
}
