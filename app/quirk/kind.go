package quirk

import (
	"slices"
	"strconv"
	"strings"
)

// Kind is something in which banks differ. Its text stands in profiles and in the file.
type Kind string

// The kinds, in the order in which cards are shown.
const (
	Approach      Kind = "approach"      // how a person approves
	CreatedStatus Kind = "createdStatus" // of an answer to what was to be created
	Location      Kind = "location"      // the header Location of such an answer
	EndStatus     Kind = "endStatus"     // of an answer to the withdrawal of a consent
	SCAStatus     Kind = "scaStatus"     // what the bank knows of an authorisation that is over
	EntryIDs      Kind = "entryIds"      // transactionId
	AccountIDs    Kind = "accountIds"    // resourceId
	Paging        Kind = "paging"        // how a list of transactions goes on
	Period        Kind = "period"        // days of transactions it serves
	BookingStatus Kind = "bookingStatus" // whether booked and pending ones come together
	ReportForm    Kind = "reportForm"    // the media types of transactions
	Delta         Kind = "delta"         // how what is new alone is told
	Quota         Kind = "quota"         // reads without the person it grants in a day
	QuotaCount    Kind = "quotaCount"    // what it counts
	RetryAfter    Kind = "retryAfter"    // the header of a 429 or 503
	Dates         Kind = "dates"         // forms of days
	Times         Kind = "times"         // forms of moments
	Amounts       Kind = "amounts"       // forms of numbers
	Signs         Kind = "signs"         // whether money that goes out has a minus
	Balances      Kind = "balances"      // types of balances
	Remittance    Kind = "remittance"    // forms of what a payment is for
	Links         Kind = "links"         // forms of links
	Envelopes     Kind = "envelopes"     // whether lists of accounts stand in an object
	Flags         Kind = "flags"         // forms of flags and counts
	Nulls         Kind = "nulls"         // whether what is absent is sent as null
	Errors        Kind = "errors"        // forms of refusals
	Latency       Kind = "latency"       // how long answers take, in milliseconds
)

// kind is what is known of a Kind.
type kind struct {
	Kind
	several bool     // a bank may have several of its values at once; else all but one contradict it
	values  []string // those it can have; nil: whole numbers
	least   int      // of numbers
	most    int      // likewise
}

// kinds are all of them. What is not among the values cannot be learned, typed or imported:
// so nothing that a bank or a person wrote can get into a profile as a value.
var kinds = []kind{
	{Kind: Approach, several: true, values: []string{"redirect", "oauth", "decoupled", "embedded"}},
	{Kind: CreatedStatus, values: []string{"201", "200", "302"}},
	{Kind: Location, values: []string{"address", "json", "absent"}},
	{Kind: EndStatus, values: []string{"204", "200", "202"}},
	{Kind: SCAStatus, values: []string{"kept", "forgotten"}},
	{Kind: EntryIDs, several: true, values: []string{"own", "missing", "blank", "placeholder", "double", "renamed", "renamedOnBooking"}},
	{Kind: AccountIDs, values: []string{"kept", "changed"}},
	{Kind: Paging, several: true, values: []string{"whole", "inside", "beside", "offset", "emptyLast", "self"}},
	{Kind: Period, least: 1, most: 3660},
	{Kind: BookingStatus, several: true, values: []string{"together", "apart", "noPending"}},
	{Kind: ReportForm, several: true, values: []string{"json", "xml", "text", "other"}},
	{Kind: Delta, several: true, values: []string{"deltaList", "entryReferenceFrom", "refused"}},
	{Kind: Quota, least: 1, most: 1000},
	{Kind: QuotaCount, several: true, values: []string{"endpoint", "pages", "consent", "fewer", "person"}},
	{Kind: RetryAfter, values: []string{"seconds", "date", "absent"}},
	{Kind: Dates, several: true, values: []string{"day", "time", "zone", "other"}},
	{Kind: Times, several: true, values: []string{"zone", "time", "day", "other"}},
	{Kind: Amounts, several: true, values: []string{"text", "short", "long", "comma", "blank", "number", "other"}},
	{Kind: Signs, values: []string{"signed", "unsigned"}},
	{Kind: Balances, several: true, values: []string{"typed", "untyped", "double"}},
	{Kind: Remittance, several: true, values: []string{"text", "long", "list", "structured", "object"}},
	{Kind: Links, several: true, values: []string{"object", "text", "null", "absolute", "relative"}},
	{Kind: Envelopes, values: []string{"object", "bare"}},
	{Kind: Flags, several: true, values: []string{"plain", "text"}},
	{Kind: Nulls, values: []string{"null"}},
	{Kind: Errors, several: true, values: []string{"tppMessages", "tppMessage", "list", "problem", "oauth", "errorClass", "json", "html", "text", "empty"}},
	{Kind: Latency, least: 1, most: 600_000},
}

// Kinds returns all kinds, in the order in which cards are shown.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i, each := range kinds {
		all[i] = each.Kind
	}
	return all
}

// known returns what is known of a kind.
func (k Kind) known() (kind, bool) {
	at := slices.IndexFunc(kinds, func(each kind) bool { return each.Kind == k })
	if at < 0 {
		return kind{}, false
	}
	return kinds[at], true
}

// Several reports whether a bank may have several values of a kind at once.
func (k Kind) Several() bool { of, _ := k.known(); return of.several }

// Values returns those a kind can have; nil where they are whole numbers.
func (k Kind) Values() []string { of, _ := k.known(); return of.values }

// Bounds returns the least and the most of a kind whose values are whole numbers.
func (k Kind) Bounds() (least, most int) { of, _ := k.known(); return of.least, of.most }

// takes reports whether a text is a value of the kind.
func (k kind) takes(value string) bool {
	if k.values != nil {
		return slices.Contains(k.values, value)
	}
	n, err := strconv.Atoi(value)
	return err == nil && n >= k.least && n <= k.most && strconv.Itoa(n) == value
}

// joined returns values in the order of the kind, each once, as they are kept; ok is false
// where one is none of the kind's, where there is none, or several where one is all there can be.
func (k kind) joined(values []string) (text string, ok bool) {
	for _, each := range values {
		if !k.takes(each) {
			return "", false
		}
	}
	if k.values == nil {
		return strings.Join(values, " "), len(values) == 1
	}
	ordered := slices.DeleteFunc(slices.Clone(k.values), func(value string) bool { return !slices.Contains(values, value) })
	return strings.Join(ordered, " "), len(ordered) == 1 || len(ordered) > 1 && k.several
}
