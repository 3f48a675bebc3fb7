package pay

import "consentry/storage"

// Group is what is to be done about a payment.
type Group string

// The groups.
const (
	NeedsPerson Group = "needs"    // it is not sent, not approved, or nobody knows
	UnderWay    Group = "underway" // the bank is at it
	Done        Group = "done"
	NotDone     Group = "notdone" // refused, rejected, cancelled or discarded
	NotKnown    Group = "unknown" // the person has left it, and nobody knows
)

// GroupOf returns the group of a payment.
func GroupOf(p storage.Payment) Group {
	switch {
	case p.Fate == storage.FateSending:
		return UnderWay
	case p.Fate == storage.FateDropped && p.Doubted:
		return NotKnown
	case p.Fate == storage.FateRefused, p.Fate == storage.FateDropped, p.Fate == storage.FateTaken && p.Status.Refused():
		return NotDone
	case p.Fate != storage.FateTaken:
		return NeedsPerson
	case !p.EndedAt.IsZero():
		return Done
	case p.Checked() && p.Cancellation != storage.CancelPending:
		return UnderWay
	}
	return NeedsPerson
}
