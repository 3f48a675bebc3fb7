package fault

import (
	"context"

	"consentry/app/failure"
)

// Preset is a fault that testers know by name.
type Preset struct {
	ID    string
	Fault Fault // of no bank yet
}

// Groups of operations that a fault may be for, as the control names them.
const (
	Reads     = "reads"
	Consents  = "consents"
	Approvals = "approvals"
	Payments  = "payments"
	Tokens    = "tokens"
)

// attempts is how often a client sends a read that failed in passing, with the person there: a
// fault of fewer would pass unseen.
const attempts = 3

// untilRemoved is more requests than anybody waits for.
const untilRemoved = 1_000_000

// loginPage is what a portal in between answers in the place of an interface.
const loginPage = "<!doctype html><title>Sign in</title><h1>Please sign in to continue</h1>"

// Presets are those that one click sets.
var Presets = []Preset{
	{"reads-503", Fault{Operation: Reads, Status: 503, Count: attempts}},
	{"reads-429-wait", Fault{Operation: Reads, Status: 429, Code: "ACCESS_EXCEEDED", RetryAfter: 60, Count: 1}},
	{"reads-429", Fault{Operation: Reads, Status: 429, Code: "ACCESS_EXCEEDED", Count: 1}},
	{"reads-late", Fault{Operation: Reads, Delay: "10s", Count: 1}},
	{"reads-slow", Fault{Operation: "getTransactionList", Slow: "10s", Count: 1}},
	{"reads-cut", Fault{Operation: "getTransactionList", Middle: true, Count: attempts}},
	{"reads-garbage", Fault{Operation: "getTransactionList", Garbage: true, Count: 1}},
	{"reads-html", Fault{Operation: Reads, Body: textOf(loginPage), MediaType: "text/html", Count: 1}},
	{"reads-type", Fault{Operation: Reads, MediaType: "application/octet-stream", Count: 1}},
	{"reads-expired", Fault{Operation: Reads, Status: 401, Code: "CONSENT_EXPIRED", Count: 1}},

	{"consent-503", Fault{Operation: "createConsent", Status: 503, Count: 1}},
	{"consent-cut", Fault{Operation: "createConsent", Drop: true, After: true, Count: 1}},
	{"consent-token", Fault{Operation: Tokens, Status: 503, Count: 1}},
	{"approval-503", Fault{Operation: Approvals, Status: 503, Count: attempts}},
	{"approval-late", Fault{Operation: Approvals, Delay: "5s", Count: 3}},
	{"withdrawal-500", Fault{Operation: "deleteConsent", Status: 500, Count: 1}},
	{"withdrawal-cut", Fault{Operation: "deleteConsent", Drop: true, Count: 1}},

	{"payment-cut-before", Fault{Operation: "initiatePayment", Drop: true, Count: 1}},
	{"payment-cut-after", Fault{Operation: "initiatePayment", Drop: true, After: true, Count: 1}},
	{"payment-500-after", Fault{Operation: "initiatePayment", Status: 500, After: true, Count: 1}},
	{"payment-status", Fault{Operation: "getPaymentInitiationStatus", Status: 503, Count: attempts}},

	{BankDown, Fault{Status: 503, Count: untilRemoved}},
}

func textOf(text string) *string { return &text }

// SetPreset sets a preset at a bank, by its BIC; at all banks where it is empty.
func (f *Faults) SetPreset(ctx context.Context, bank, id string) error {
	for _, preset := range Presets {
		if preset.ID == id {
			set := preset.Fault
			set.Name, set.Bank = preset.ID, bank
			return f.Set(ctx, set)
		}
	}
	return failure.Field("preset", failure.ChooseFromList)
}

// UntilRemoved reports whether a fault is for all requests until somebody takes it back.
func (fault Fault) UntilRemoved() bool { return fault.Count > untilRemoved/2 }
