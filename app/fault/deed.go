package fault

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// What a bank or its customer does without Consentry.
const (
	Revoke  = "revoke"  // the customer takes a consent back at the bank
	Shorten = "shorten" // the bank changes the last day of a consent
	Forget  = "forget"  // the bank knows nothing of a consent any more
	Fewer   = "fewer"   // the bank leaves so many accounts of a consent
	More    = "more"    // the bank adds accounts that nobody chose
	Deny    = "deny"    // the customer says no
	Expire  = "expire"  // the time for an approval runs out
	Flatten = "flatten" // the telephones of the bank's customers are flat
	Charge  = "charge"  // they work again
	Close   = "close"   // an account is closed
	Reopen  = "reopen"  // and opened again
)

// Deed is one of them.
type Deed struct {
	What     string
	Bank     string // BIC
	ID       string // of the consent or the approval, at the bank
	Until    string // of Shorten: the last day, as 2027-01-31
	Accounts string // of Fewer: how many are left, as typed
	PSU      string // of Close and Reopen: the login
	Account  string // likewise, the number of the account
}

// Do has a bank or its customer do something. What was typed wrongly fails at its field:
// until or accounts.
func (f *Faults) Do(ctx context.Context, d Deed) error {
	consent := "/consents/" + url.PathEscape(d.ID)
	switch d.What {
	case Revoke:
		return f.change(ctx, http.MethodPost, consent+"/revoke", nil)
	case Forget:
		return f.change(ctx, http.MethodPost, consent, map[string]bool{"forget": true})
	case More:
		return f.change(ctx, http.MethodPost, consent, map[string]bool{"others": true})
	case Shorten:
		return f.shorten(ctx, consent, d)
	case Fewer:
		return f.leave(ctx, consent, d)
	case Deny, Expire:
		return f.change(ctx, http.MethodPost, "/authorisations/"+url.PathEscape(d.ID)+"/"+d.What, nil)
	case Flatten, Charge:
		return f.change(ctx, http.MethodPost, "/phones", map[string]any{"bank": d.Bank, "flat": d.What == Flatten})
	case Close, Reopen:
		number, err := strconv.Atoi(d.Account)
		if err != nil {
			return failure.Field("account", failure.ChooseFromList)
		}
		return f.change(ctx, http.MethodPost, "/accounts", map[string]any{"bank": d.Bank, "psu": d.PSU, "account": number, "closed": d.What == Close})
	}
	return failure.Field("what", failure.ChooseFromList)
}

func (f *Faults) shorten(ctx context.Context, consent string, d Deed) error {
	until := strings.TrimSpace(d.Until)
	if _, err := time.Parse(time.DateOnly, until); err != nil {
		return failure.Unchanged(map[string]storage.Reason{"until": {Code: failure.EnterDate}})
	}
	return f.change(ctx, http.MethodPost, consent, map[string]string{"validUntil": until})
}

func (f *Faults) leave(ctx context.Context, consent string, d Deed) error {
	board, err := f.Now(ctx, d.Bank)
	if err != nil {
		return err
	}
	most := 0
	for _, c := range board.Consents {
		if c.ID == d.ID {
			most = c.Accounts
		}
	}
	left, err := strconv.Atoi(strings.TrimSpace(d.Accounts))
	if err != nil || left < 0 || left > most {
		return failure.Unchanged(map[string]storage.Reason{"accounts": numberBetween(0, most)})
	}
	return f.change(ctx, http.MethodPost, consent, map[string]int{"accounts": left})
}
