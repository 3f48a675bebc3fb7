package fault

import (
	"context"
	"net/url"
	"slices"
	"time"
)

// Board is what is set at a bank or at all of them, what it hit, and what there is to be
// changed there.
type Board struct {
	Faults     []Fault // the next request takes the first that fits
	Hits       []Hit   // the newest first
	Operations []Operation
	Consents   []Consent  // that have not ended, the newest first
	Approvals  []Approval // that wait for the customer, the newest first
	Accounts   []Account  // of those who gave the consents; only of one bank
	FlatPhones []string   // BICs
}

// Hit is a request that went wrong because it was told to.
type Hit struct {
	Fault     Fault     `json:"fault"` // as it was then, without what its body was
	At        time.Time `json:"at"`
	Bank      string    `json:"bank"` // BIC; empty: of all of them
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	RequestID string    `json:"requestId"`
}

// Operation is one that a fault may be for.
type Operation struct {
	Name  string `json:"name"`
	Group string `json:"group"`
}

// Consent is one as the bank has it.
type Consent struct {
	ID         string    `json:"id"` // the bank's
	Bank       string    `json:"bank"`
	PSU        string    `json:"psu"` // login; empty: nobody yet
	Status     string    `json:"status"`
	ValidUntil string    `json:"validUntil"` // 2027-01-31
	Created    time.Time `json:"created"`
	Accounts   int       `json:"accounts"`
	Ended      time.Time `json:"ended"`
	Forgotten  bool      `json:"forgotten"`
}

// Approval is an authorisation that waits for the customer.
type Approval struct {
	ID       string    `json:"id"` // the bank's
	Bank     string    `json:"bank"`
	PSU      string    `json:"psu"`
	Approach string    `json:"approach"`
	Waits    bool      `json:"waits"`
	Created  time.Time `json:"created"`
}

// Account is one that a person has at a bank.
type Account struct {
	PSU      string `json:"-"`
	Number   int    `json:"number"`
	IBAN     string `json:"iban"`
	BBAN     string `json:"bban"`
	Name     string `json:"name"`
	Currency string `json:"currency"`
	Closed   bool   `json:"closed"`
}

// Board returns what there is at a bank, by its BIC; at all of them where it is empty.
// A fault of no bank fits any, and is on each bank's board.
func (f *Faults) Board(ctx context.Context, bank string) (Board, error) {
	board, err := f.Now(ctx, bank)
	if err != nil {
		return board, err
	}
	if err := f.ask(ctx, "/hits", &board.Hits); err != nil {
		return board, notRead(err)
	}
	if err := f.ask(ctx, "/operations", &board.Operations); err != nil {
		return board, notRead(err)
	}
	board.Hits = slices.DeleteFunc(board.Hits, func(h Hit) bool { return bank != "" && h.Bank != bank })
	if bank == "" {
		return board, nil
	}
	return board, f.readAccounts(ctx, bank, &board)
}

// Now returns of a board what is set, what waits and what can be changed: without what was hit, the
// operations and the accounts. It is asked for each second.
func (f *Faults) Now(ctx context.Context, bank string) (board Board, err error) {
	var state struct {
		Faults         []Fault
		Consents       []Consent
		Authorisations []Approval
		FlatPhones     []string
	}
	if err := f.ask(ctx, "/state", &state); err != nil {
		return board, notRead(err)
	}
	here := func(at string) bool { return bank == "" || at == bank }
	board.Faults = slices.DeleteFunc(state.Faults, func(f Fault) bool { return f.Bank != "" && !here(f.Bank) })
	board.Consents = slices.DeleteFunc(state.Consents, func(c Consent) bool { return !here(c.Bank) || !c.Ended.IsZero() })
	board.Approvals = slices.DeleteFunc(state.Authorisations, func(a Approval) bool { return !here(a.Bank) || !a.Waits })
	board.FlatPhones = slices.DeleteFunc(state.FlatPhones, func(at string) bool { return !here(at) })
	return board, nil
}

// readAccounts adds the accounts of those who gave consents.
func (f *Faults) readAccounts(ctx context.Context, bank string, board *Board) error {
	var known []string
	for _, c := range board.Consents {
		if c.PSU == "" || slices.Contains(known, c.PSU) {
			continue
		}
		known = append(known, c.PSU)
		var theirs []Account
		if err := f.ask(ctx, "/accounts?"+url.Values{"bank": {bank}, "psu": {c.PSU}}.Encode(), &theirs); err != nil {
			return notRead(err)
		}
		for _, account := range theirs {
			account.PSU = c.PSU
			board.Accounts = append(board.Accounts, account)
		}
	}
	return nil
}
