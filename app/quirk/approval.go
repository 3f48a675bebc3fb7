package quirk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// creating are the operations whose answer says that something was created.
var creating = []string{"createConsent", "initiatePayment", "startConsentAuthorisation", "startPaymentAuthorisation", "startPaymentInitiationCancellationAuthorisation"}

// approval learns how a person approves, and how the bank says that something was created.
func (l *learner) approval(x exchange) {
	if !x.worked() {
		if x.Status == http.StatusNotFound && asksSCA(x.operation) {
			l.saw(SCAStatus, "forgotten", x.Exchange)
		}
		return
	}
	if approach := x.approach(); approach != "" {
		l.saw(Approach, approach, x.Exchange)
	}
	if status := textIn(x.answer, "scaStatus"); asksSCA(x.operation) && slices.Contains([]string{"finalised", "failed", "exempted"}, status) {
		l.saw(SCAStatus, "kept", x.Exchange)
	}
	if !slices.Contains(creating, x.operation) {
		return
	}
	if status := strconv.Itoa(x.Status); slices.Contains(CreatedStatus.Values(), status) {
		l.saw(CreatedStatus, status, x.Exchange)
	}
	switch to := x.Answer.Get("Location"); {
	case x.Answer.HeaderLetGo || x.operation != "createConsent" && x.operation != "initiatePayment": // BG 1.3.12 has it of those alone
	case to == "":
		l.saw(Location, "absent", x.Exchange)
	case strings.HasPrefix(to, "{"):
		l.saw(Location, "json", x.Exchange)
	default:
		l.saw(Location, "address", x.Exchange)
	}
}

func asksSCA(operation string) bool {
	return slices.Contains([]string{"getConsentScaStatus", "getPaymentInitiationScaStatus", "getPaymentCancellationScaStatus"}, operation)
}

// approach is the one an answer tells, by its links and its header.
func (x exchange) approach() string {
	links, _ := within(x.answer, "_links").(map[string]any)
	header := strings.ToLower(x.Answer.Get("ASPSP-SCA-Approach"))
	switch {
	case links["scaOAuth"] != nil:
		return "oauth"
	case links["scaRedirect"] != nil:
		return "redirect"
	case header == "redirect": // which the header calls OAuth too, while the link is still to come
		if x.Status == http.StatusFound {
			return header
		}
	case header == "decoupled", header == "embedded":
		return header
	}
	return ""
}

// consent learns what a bank grants, and how it takes a withdrawal.
func (l *learner) consent(x exchange) {
	if !x.worked() {
		return
	}
	switch x.operation {
	case "deleteConsent":
		if status := strconv.Itoa(x.Status); slices.Contains(EndStatus.Values(), status) {
			l.saw(EndStatus, status, x.Exchange)
		}
	case "getConsentInformation":
		if n, err := strconv.Atoi(plain(within(x.answer, "frequencyPerDay"))); err == nil && n >= 1 && n <= 1000 && within(x.answer, "recurringIndicator") != false {
			l.saw(Quota, strconv.Itoa(n), x.Exchange)
			if l.granted[x.FlowID] == 0 { // the newest comes first
				l.granted[x.FlowID] = n
			}
		}
	}
}

// plain is a number or text as text.
func plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return ""
}
