package frontend

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"consentry/app/fault"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/xs2a"
)

// presetGroups are the presets as they are offered, by what they are about.
var presetGroups = []struct {
	title   words.Text
	presets []string
}{
	{"When accounts are read", []string{"reads-503", "reads-429-wait", "reads-429", "reads-late", "reads-slow", "reads-cut", "reads-garbage", "reads-html", "reads-type", "reads-expired"}},
	{"When a consent is asked for, approved and withdrawn", []string{"consent-503", "consent-cut", tokenPreset, "approval-503", "approval-late", "withdrawal-500", "withdrawal-cut"}},
	{"When a payment is sent and followed", []string{"payment-cut-before", "payment-cut-after", "payment-500-after", "payment-status"}},
	{"Everything", []string{fault.BankDown}},
}

// tokenPreset is of no use at the directory's banks, which have one token endpoint together.
const tokenPreset = "consent-token"

// presetWords are the presets by the names testers know.
var presetWords = map[string]words.Text{
	"reads-503":          "503 for the next 3 reads",
	"reads-429-wait":     "429 with Retry-After 60 for the next read",
	"reads-429":          "429 without Retry-After for the next read",
	"reads-late":         "10 seconds of silence before the next read is answered",
	"reads-slow":         "Slow bytes: 10 seconds for the next list of transactions",
	"reads-cut":          "Cut in the middle of the next 3 lists of transactions",
	"reads-garbage":      "Garbage for the next list of transactions",
	"reads-html":         "A login page in HTML for the next read",
	"reads-type":         "Wrong media type for the next read",
	"reads-expired":      "401 “consent expired” for the next read",
	"consent-503":        "503 when the next consent is asked for",
	"consent-cut":        "Cut after the next consent was stored",
	tokenPreset:          "503 for the next access token",
	"approval-503":       "503 for the next 3 steps of an approval",
	"approval-late":      "5 seconds before each of the next 3 steps of an approval",
	"withdrawal-500":     "500 for the next withdrawal",
	"withdrawal-cut":     "Cut before the next withdrawal was done",
	"payment-cut-before": "Cut before the payment was stored",
	"payment-cut-after":  "Cut after the payment was stored",
	"payment-500-after":  "500 although the payment was stored",
	"payment-status":     "503 for the next 3 questions for a payment’s status",
	fault.BankDown:       "The bank is down: 503 for everything, until taken back",
}

// presets are those of a group that can happen at the bank of a board.
func (view faultsView) presets(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(id string) bool {
		return id == tokenPreset && view.Bank.Dialect == xs2a.OpenPayments.Name
	})
}

// groupWords name groups of operations.
var groupWords = map[string]words.Text{
	fault.Reads: "All reads of accounts", fault.Consents: "All about consents", fault.Approvals: "All steps of approvals", fault.Payments: "All about payments",
	fault.Tokens: "Access tokens", "directory": "The list of banks", "products": "The product catalogue",
}

// groupOrder is how they are offered.
var groupOrder = []string{fault.Reads, fault.Consents, fault.Approvals, fault.Payments, fault.Tokens, "directory", "products"}

// operationName says what an operation or a group of them does, with the name that the
// control knows it by.
func operationName(ctx context.Context, name string) string {
	if name == "" {
		return words.T(ctx, "Every operation")
	}
	if group, is := groupWords[name]; is {
		return words.T(ctx, group)
	}
	if at, is := controlOperations[name]; is {
		return words.T(ctx, at) + " (" + name + ")"
	}
	if said := stepWords(ctx, name); said != name {
		return said + " (" + name + ")"
	}
	return name
}

// controlOperations are those that the control tells apart, or together, otherwise than the
// record of exchanges does.
var controlOperations = map[string]words.Text{
	"getToken": "Get or refresh an access token", "getCity": "Read a city", "getCountry": "Read a country",
	"getDeposits": "Read the catalogue of deposits", "getPersonalLoans": "Read the catalogue of loans",
}

// deedWords say what a bank or its customer has done.
var deedWords = map[string]words.Text{
	fault.Revoke: "The consent was revoked at the bank.", fault.Forget: "The bank knows nothing of the consent any more.", fault.More: "The bank added accounts to the consent.",
	fault.Shorten: "The bank changed the last day of the consent.", fault.Fewer: "The bank took accounts out of the consent.", fault.Deny: "The customer said no.",
	fault.Expire: "The time for the approval ran out.", fault.Flatten: "The customers’ phones are flat.", fault.Charge: "The customers’ phones work again.",
	fault.Close: "The account was closed.", fault.Reopen: "The account was opened again.",
}

// operationOptions are what a fault may be for: groups, each before its operations.
func (view faultsView) operationOptions(ctx context.Context) []ui.Option {
	option := func(name string) ui.Option {
		return ui.Option{Value: name, Label: operationName(ctx, name), Chosen: name == view.Form.Operation}
	}
	options := []ui.Option{option("")}
	for _, group := range groupOrder {
		options = append(options, option(group))
		for _, o := range view.Board.Operations {
			if o.Group == group {
				each := option(o.Name)
				each.Label = "– " + each.Label
				options = append(options, each)
			}
		}
	}
	return options
}

// faultKinds are what may be answered.
var faultKinds = []wordedOption{
	{Value: fault.AStatus, Label: "A status, without doing what was asked for"},
	{Value: fault.ABody, Label: "Another body"},
	{Value: fault.Garbage, Label: "Garbage"},
	{Value: fault.Cut, Label: "Nothing: the line is cut"},
	{Value: fault.CutMiddle, Label: "Half of what the bank answers: the line is cut in the middle"},
	{Value: fault.AsTheBank, Label: "What the bank answers, but late, slowly or as another media type"},
}

// kinds are they with the one that was chosen.
func (view faultsView) kinds(ctx context.Context) []ui.Option {
	return said(ctx, chosenOf(slices.Clone(faultKinds), view.Form.Kind))
}

// faultTitle says what goes wrong.
func faultTitle(ctx context.Context, f fault.Fault) string {
	if preset, is := presetWords[f.Name]; is {
		return words.T(ctx, preset)
	}
	var said []string
	add := func(is bool, text words.Text, args ...any) {
		if is {
			said = append(said, words.T(ctx, text, args...))
		}
	}
	add(f.Delay != "", "waits %s", f.Delay)
	add(f.Drop, "cuts the line")
	add(f.Middle, "cuts the line in the middle")
	add(f.Garbage, "answers garbage")
	add(f.Body != nil, "answers another body")
	add(f.Status != 0, "answers %s", strings.TrimSpace(strconv.Itoa(f.Status)+" "+f.Code))
	add(f.RetryAfter != 0, "Retry-After %s", strconv.Itoa(f.RetryAfter))
	add(f.MediaType != "", "media type %s", f.MediaType)
	add(f.Slow != "", "body over %s", f.Slow)
	add(f.After, "after it was done")
	return capital(strings.Join(said, ", "))
}

// faultSub says of which requests.
func (view faultsView) faultSub(ctx context.Context, f fault.Fault) string {
	where := words.T(ctx, "All practice banks")
	if f.Bank != "" {
		where = view.nameOf(f.Bank)
	}
	parts := []string{where, operationName(ctx, f.Operation)}
	if request := strings.TrimSpace(f.Method + " " + f.Path); request != "" {
		parts = append(parts, request)
	}
	return strings.Join(parts, " · ")
}

// requestsLeft say for how many requests more.
func requestsLeft(ctx context.Context, f fault.Fault) string {
	if f.UntilRemoved() {
		return words.T(ctx, "until taken back")
	}
	return words.N(ctx, f.Count, "%d request left", "%d requests left")
}

// hitSub says which request that was: by its operation, else by its address.
func (view faultsView) hitSub(ctx context.Context, h fault.Hit) string {
	what := h.Method + " " + h.Path
	if h.Operation != "" {
		what = operationName(ctx, h.Operation)
	}
	if h.Bank == "" {
		return what
	}
	return view.nameOf(h.Bank) + " · " + what
}

// hitPath leads to the exchange of a hit; "" where its request had no id.
func hitPath(h fault.Hit) string {
	if h.RequestID == "" {
		return ""
	}
	return "/activity/requests/" + url.PathEscape(h.RequestID)
}

// consentsShown is how many of the consents a board of all banks shows.
const consentsShown = 20

// consents are those of a board that are shown.
func (view faultsView) consents() []fault.Consent {
	if view.Bank.BIC != "" {
		return view.Board.Consents
	}
	return view.Board.Consents[:min(len(view.Board.Consents), consentsShown)]
}

// opens reports whether what is done to a consent is unfolded: it is the only one, or something
// was typed wrongly there.
func (view faultsView) opens(c fault.Consent) bool {
	return len(view.Board.Consents) == 1 || view.Failure != nil && view.Deed.ID == c.ID
}

// consentSub says of a consent at the bank what can be changed.
func (view faultsView) consentSub(ctx context.Context, c fault.Consent) string {
	who := c.PSU
	if who == "" {
		who = words.T(ctx, "not approved yet")
	}
	parts := []string{who, c.Status, words.T(ctx, "until %s", c.ValidUntil), words.N(ctx, c.Accounts, "%d account", "%d accounts")}
	if c.Forgotten {
		parts = append(parts, words.T(ctx, "forgotten"))
	}
	return strings.Join(parts, " · ")
}

// deedMistake is what is wrong with a field of what was to be done to a consent.
func (view faultsView) deedMistake(ctx context.Context, id, field string) string {
	if view.Deed.ID != id {
		return ""
	}
	return fieldWords(ctx, view.Failure, field)
}

// deedValue is what stands in a field of what is to be done to a consent: what was typed
// wrongly, or as it is.
func (view faultsView) deedValue(id, typed, is string) string {
	if view.Deed.ID == id && view.Failure != nil {
		return typed
	}
	return is
}

// general reports whether a failure is about no field.
func (view faultsView) general() bool { return view.Failure != nil && len(view.Failure.Fields) == 0 }

// approvalSub says of an approval how the customer is asked.
func approvalSub(ctx context.Context, a fault.Approval) string {
	parts := []string{ui.MomentText(ctx, a.Created)}
	for _, part := range []string{a.PSU, a.Approach} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// accountSub says whose account it is.
func accountSub(a fault.Account) string {
	return strings.Join([]string{a.PSU, ui.GroupIBAN(cmp.Or(a.IBAN, a.BBAN)), a.Currency}, " · ")
}
