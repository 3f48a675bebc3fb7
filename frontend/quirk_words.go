package frontend

import (
	"context"
	"strconv"

	"consentry/app/quirk"
	"consentry/frontend/words"
)

// kindWords say what a card is about; what they are called.
var kindWords = map[quirk.Kind]words.Text{
	quirk.Approach:      "How people approve",
	quirk.CreatedStatus: "Status of what was created",
	quirk.Location:      "Header Location of what was created",
	quirk.EndStatus:     "Status of a withdrawal",
	quirk.SCAStatus:     "Approvals that are over",
	quirk.EntryIDs:      "Ids of transactions",
	quirk.AccountIDs:    "Ids of accounts under another consent",
	quirk.Paging:        "Pages of transactions",
	quirk.Period:        "How far back transactions go",
	quirk.BookingStatus: "Booked and pending transactions",
	quirk.ReportForm:    "Media type of transactions",
	quirk.Delta:         "What is new alone",
	quirk.Quota:         "Reads a day without the person",
	quirk.QuotaCount:    "How reads are counted",
	quirk.RetryAfter:    "When to ask again",
	quirk.Dates:         "Form of days",
	quirk.Times:         "Form of moments",
	quirk.Amounts:       "Form of amounts",
	quirk.Signs:         "Sign of money paid",
	quirk.Balances:      "Types of balances",
	quirk.Remittance:    "Form of payment references",
	quirk.Links:         "Form of links",
	quirk.Envelopes:     "List of accounts",
	quirk.Flags:         "Form of flags and counts",
	quirk.Nulls:         "What is absent",
	quirk.Errors:        "Form of refusals",
	quirk.Latency:       "Time to answer",
}

// valueWords are the values of a kind in words; those of a kind that is a number have numberWords.
var valueWords = map[quirk.Kind]map[string]words.Text{
	quirk.Approach:      {"redirect": "on the bank’s page (redirect)", "oauth": "on the bank’s page (OAuth)", "decoupled": "in an app (decoupled)", "embedded": "login and code typed here (embedded)"},
	quirk.CreatedStatus: {"201": "201 Created", "200": "200 instead of 201", "302": "302 with a Location instead of a link"},
	quirk.Location:      {"address": "an address", "json": "JSON instead of an address", "absent": "left out"},
	quirk.EndStatus:     {"204": "204 No Content", "200": "200 instead of 204", "202": "202: not over yet, or 202 instead of 204"},
	quirk.SCAStatus:     {"kept": "can still be asked about", "forgotten": "are forgotten: 404"},
	quirk.EntryIDs: {
		"own": "each has its own", "missing": "missing", "blank": "a blank", "placeholder": "NOTPROVIDED", "double": "the same for several",
		"renamed": "others when read again", "renamedOnBooking": "another once booked",
	},
	quirk.AccountIDs:    {"kept": "stay the same", "changed": "change with the consent"},
	quirk.Paging:        {"whole": "all in one", "inside": "a link inside the list", "beside": "a link beside the list", "offset": "by offset and limit", "emptyLast": "the last page is empty", "self": "the last page’s next page is itself"},
	quirk.BookingStatus: {"together": "asked for together (both)", "apart": "have to be asked for apart", "noPending": "there are no pending ones"},
	quirk.ReportForm:    {"json": "JSON", "xml": "XML (camt)", "text": "text (MT940)", "other": "something else"},
	quirk.Delta:         {"deltaList": "since the last report (deltaList)", "entryReferenceFrom": "after a transaction (entryReferenceFrom)", "refused": "refused"},
	quirk.QuotaCount: {
		"endpoint": "for each account and endpoint", "pages": "each page counts", "consent": "all reads under a consent together",
		"fewer": "fewer are let through than were granted", "person": "the person’s own reads count, too",
	},
	quirk.RetryAfter: {"seconds": "Retry-After in seconds", "date": "Retry-After as a date", "absent": "Retry-After is left out"},
	quirk.Dates:      {"day": "2026-05-01", "time": "2026-05-01T00:00:00", "zone": "2026-05-01T00:00:00+01:00", "other": "another form"},
	quirk.Times:      {"zone": "with a time zone", "time": "without a time zone", "day": "a day alone", "other": "another form"},
	quirk.Amounts: {
		"text": "\"123.50\"", "short": "fewer decimals: \"123.5\", \"123\"", "long": "more decimals: \"123.500\"", "comma": "a comma: \"123,50\"", "blank": "a blank beside it: \"123.50 \"",
		"number": "a JSON number: 123.5", "other": "another form",
	},
	quirk.Signs:      {"signed": "a minus", "unsigned": "no minus: who got it tells"},
	quirk.Balances:   {"typed": "each has its own", "untyped": "left out", "double": "the same for several"},
	quirk.Remittance: {"text": "a text", "long": "a text of more than 140 characters", "list": "a list of texts", "structured": "a reference", "object": "a reference as an object"},
	quirk.Links:      {"object": "an object with href", "text": "a bare text", "null": "null", "absolute": "with the host", "relative": "without the host"},
	quirk.Envelopes:  {"object": "inside an object", "bare": "bare"},
	quirk.Flags:      {"plain": "true, 4", "text": "text: \"true\", \"4\""},
	quirk.Nulls:      {"null": "is sent as null"},
	quirk.Errors: {
		"tppMessages": "a list tppMessages", "tppMessage": "one tppMessage", "list": "a bare list", "problem": "a problem document", "oauth": "an OAuth error",
		"errorClass": "error_class", "json": "other JSON", "html": "HTML", "text": "other text", "empty": "nothing",
	},
}

// numberWords say a value of a kind that is a number.
var numberWords = map[quirk.Kind]func(ctx context.Context, n int) string{
	quirk.Period:  func(ctx context.Context, n int) string { return words.N(ctx, n, "%d day", "%d days") },
	quirk.Quota:   func(ctx context.Context, n int) string { return words.N(ctx, n, "%d read", "%d reads") },
	quirk.Latency: func(ctx context.Context, n int) string { return words.N(ctx, n, "%d millisecond", "%d milliseconds") },
}

// quirkValue is a value of a card in words.
func quirkValue(ctx context.Context, k quirk.Kind, value string) string {
	if say := numberWords[k]; say != nil {
		n, err := strconv.Atoi(value)
		if err != nil {
			return value
		}
		return say(ctx, n)
	}
	return words.T(ctx, valueWords[k][value])
}

// quirkValues are several, in a row.
func quirkValues(ctx context.Context, k quirk.Kind, values []string) string {
	said := make([]string, len(values))
	for i, value := range values {
		said[i] = quirkValue(ctx, k, value)
	}
	return words.Row(ctx, said)
}

// useWords say what the program does with a card.
var useWords = map[quirk.Use]words.Text{
	quirk.Noted:      "Only noted.",
	quirk.UsedReads:  "Used: automatic updates ask first as updates before have shown. What you correct is asked first in every update; if the bank refuses it, the other way is tried.",
	quirk.UsedPeriod: "Used once you correct it: if the bank refuses to go back further, so many days are asked for before 89.",
	quirk.UsedGrant:  "Only noted: the number a bank grants with each consent counts.",
}
