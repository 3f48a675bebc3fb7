package fetch

import "consentry/storage"

// Correction is what a person says of how a bank is read, instead of what reads have shown. It says
// what is asked for first: what the bank refuses is asked for as without it.
type Correction struct {
	Days  int   // how many days back the bank serves; 0: nothing is said
	Apart *bool // booked and pending transactions are asked for apart; nil: nothing is said
	JSON  *bool // reports are asked for in JSON first, else in what else there is; nil: nothing is said
}

// over returns habits with what a person says.
func (c Correction) over(h storage.ReportHabits) storage.ReportHabits {
	if c.Apart != nil {
		h.Apart = *c.Apart
	}
	if c.JSON != nil {
		h.Accept = c.accept()
	}
	return h
}

// without returns the habits that a fetch has shown, as they are kept: what it did as a person says
// shows nothing, so that nothing of it is left when they take it back.
func (c Correction) without(h, shown storage.ReportHabits) storage.ReportHabits {
	if c.Apart != nil && h.Apart == *c.Apart {
		h.Apart = shown.Apart
	}
	if c.JSON != nil && h.Accept == c.accept() {
		h.Accept = shown.Accept
	}
	return h
}

func (c Correction) accept() string {
	if *c.JSON {
		return ""
	}
	return statements
}
