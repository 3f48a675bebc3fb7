package quirk

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The names of members whose forms differ.
var (
	dayNames    = []string{"bookingDate", "valueDate", "transactionDate", "referenceDate"}
	momentNames = []string{"lastChangeDateTime", "acceptorTransactionDateTime"}
	flagNames   = []string{"recurringIndicator", "frequencyPerDay", "combinedServiceIndicator"}
)

// mostOdd is how long a text about what a payment is for may be (BG 1.3.12 Max140Text).
const mostOdd = 140

// forms learns in which forms a bank writes what it tells.
func (l *learner) forms(x exchange) {
	if !x.worked() || x.answer == nil {
		return
	}
	each(x.answer, func(name string, value any) {
		see := func(k Kind, form string) {
			if form != "" {
				l.saw(k, form, x.Exchange)
			}
		}
		text, isText := value.(string)
		switch {
		case isText && hidden(text):
		case value == nil:
			see(Nulls, "null")
		case slices.Contains(dayNames, name):
			see(Dates, dateForm(text))
		case slices.Contains(momentNames, name):
			see(Times, dateForm(text))
		case name == "amount":
			see(Amounts, amountForm(value))
		case slices.Contains(flagNames, name):
			see(Flags, flagForm(value))
		case strings.HasPrefix(name, "remittanceInformation"):
			see(Remittance, remittanceForm(name, value))
		}
		if name == "_links" {
			l.links(x, value)
		}
	})
}

func dateForm(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	for _, form := range []struct{ layout, name string }{
		{time.DateOnly, "day"}, {time.RFC3339Nano, "zone"}, {"2006-01-02T15:04:05.999999999Z0700", "zone"}, {"2006-01-02T15:04:05", "time"}, {"2006-01-02T15:04", "time"},
	} {
		if _, err := time.Parse(form.layout, text); err == nil {
			return form.name
		}
	}
	return "other"
}

var (
	usualAmount = regexp.MustCompile(`^[+-]?\d+\.\d\d$`)
	shortAmount = regexp.MustCompile(`^[+-]?\d+(\.\d)?$`)
	longAmount  = regexp.MustCompile(`^[+-]?\d+\.\d{3,}$`)
	commaAmount = regexp.MustCompile(`^[+-]?[\d.]*\d,\d*$`)
)

func amountForm(value any) string {
	if _, is := value.(json.Number); is {
		return "number"
	}
	text, is := value.(string)
	switch {
	case !is || text == "":
		return ""
	case strings.TrimSpace(text) != text:
		return "blank"
	case usualAmount.MatchString(text):
		return "text"
	case shortAmount.MatchString(text):
		return "short"
	case longAmount.MatchString(text):
		return "long"
	case commaAmount.MatchString(text):
		return "comma"
	}
	return "other"
}

func flagForm(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case bool, json.Number:
		return "plain"
	}
	return ""
}

func remittanceForm(name string, value any) string {
	switch value := value.(type) {
	case []any:
		return "list"
	case map[string]any:
		return "object"
	case string:
		switch {
		case name == "remittanceInformationStructured":
			return "structured"
		case len([]rune(value)) > mostOdd:
			return "long"
		}
		return "text"
	}
	return ""
}

// links learns in which forms a bank writes links.
func (l *learner) links(x exchange, value any) {
	all, _ := value.(map[string]any)
	for _, link := range all {
		href, form := link, "text"
		if object, is := link.(map[string]any); is {
			href, form = object["href"], "object"
		}
		text, is := href.(string)
		if !is {
			form = "null"
		}
		l.saw(Links, form, x.Exchange)
		switch {
		case !is || text == "" || hidden(text) && !strings.Contains(text, "/"):
		case strings.Contains(text, "://"):
			l.saw(Links, "absolute", x.Exchange)
		default:
			l.saw(Links, "relative", x.Exchange)
		}
	}
}
