package brought

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"

	"consentry/xs2a/record"
)

// divide tells the flows of a file apart. Where it does so itself (pages of a HAR,
// folders of a collection) that holds. Else each consent and each payment is a flow:
// what names none belongs to the one before it, and what comes before all to the first.
func (r *reading) divide() {
	named := false
	for _, e := range r.Exchanges {
		named = named || e.FlowID != ""
	}
	numbers := map[string]string{}
	current := ""
	for i, e := range r.Exchanges {
		key := e.FlowID
		if !named {
			key = subject(e)
		}
		switch {
		case key == "" && current == "":
			continue
		case key != "" && numbers[key] == "":
			numbers[key] = strconv.Itoa(len(numbers) + 1)
		}
		if key != "" {
			current = numbers[key]
		}
		r.Exchanges[i].FlowID = current
	}
	for i := range r.Exchanges {
		if r.Exchanges[i].FlowID == "" {
			r.Exchanges[i].FlowID = "1"
		}
	}
}

// subjectPath is the part of a path that names a consent or payment.
var subjectPath = regexp.MustCompile(`/(consents|payments/[^/]+|bulk-payments/[^/]+|periodic-payments/[^/]+)(?:/([^/]+))?`)

// subject is the consent or payment an exchange is about; empty where it names none.
func subject(e record.Exchange) string {
	if id := e.Request.Get("Consent-ID"); id != "" && id != record.Redacted {
		return id
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	found := subjectPath.FindStringSubmatch(u.EscapedPath())
	if found == nil {
		return ""
	}
	if found[2] != "" {
		return found[2]
	}
	var created struct{ ConsentID, PaymentID text }
	if json.Unmarshal([]byte(e.Answer.Body), &created) != nil || e.Method != "POST" {
		return ""
	}
	if created.ConsentID != "" {
		return string(created.ConsentID)
	}
	return string(created.PaymentID)
}
