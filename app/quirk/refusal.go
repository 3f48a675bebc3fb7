package quirk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/storage"
)

// refusal learns in which form a bank refuses.
func (l *learner) refusal(x exchange) {
	if x.Status < http.StatusBadRequest || x.Answer.BodyLetGo || x.Answer.Binary {
		return
	}
	l.saw(Errors, errorForm(x.Exchange), x.Exchange)
	if x.Status != http.StatusTooManyRequests && x.Status != http.StatusServiceUnavailable || x.Answer.HeaderLetGo {
		return
	}
	form, again := "date", x.Answer.Get("Retry-After")
	if _, err := strconv.Atoi(again); err == nil {
		form = "seconds"
	} else if again == "" {
		form = "absent"
	}
	l.saw(RetryAfter, form, x.Exchange)
}

func errorForm(e storage.Exchange) string {
	body, is := treeOf(e.Answer)
	media := strings.ToLower(e.Answer.Get("Content-Type"))
	switch value := body.(type) {
	case []any:
		return "list"
	case map[string]any:
		return errorObject(value, media)
	}
	switch {
	case is:
		return "json"
	case strings.TrimSpace(e.Answer.Body) == "" && !e.Answer.SizeUntold:
		return "empty"
	case strings.Contains(media, "html"):
		return "html"
	}
	return "text"
}

func errorObject(object map[string]any, media string) string {
	_, listed := object["tppMessages"].([]any)
	switch {
	case strings.Contains(media, "problem+json"):
		return "problem"
	case listed:
		return "tppMessages"
	case object["tppMessage"] != nil, object["tppMessages"] != nil:
		return "tppMessage"
	case object["error_class"] != nil:
		return "errorClass"
	case textIn(object, "error") != "":
		return "oauth"
	}
	return "json"
}

// read is a read that a bank may count.
type read struct {
	seen
	flow     string
	address  string
	attended bool
	refused  bool // as one too many
}

// noteRead keeps a read for the quotas.
func (l *learner) noteRead(x exchange) {
	l.reads = append(l.reads, read{
		seen: seen{x.ID, l.at(x.Exchange), pathOf(x.URL)}, flow: x.FlowID, address: x.URL, attended: x.Attended,
		refused: x.Status == http.StatusTooManyRequests,
	})
}

// at is when an exchange was, at the bank where that is known.
func (l *learner) at(e storage.Exchange) time.Time {
	if at, known := l.moments[e.RequestID()]; known {
		return at
	}
	return e.Started
}

// counted learns what a bank counts, from what came before each read that was one too many.
func (l *learner) counted() {
	for i, refused := range l.reads {
		if !refused.refused {
			continue
		}
		by := refused.seen
		if refused.attended {
			l.sawAt(QuotaCount, "person", by)
			continue
		}
		granted := l.granted[refused.flow]
		if granted == 0 {
			continue
		}
		var same, pages, all int
		for _, before := range l.reads[i+1:] { // the newest comes first
			if before.flow != refused.flow || before.attended || before.refused || refused.at.Sub(before.at) >= storage.QuotaWindow {
				continue
			}
			if all++; before.of != refused.of {
				continue
			}
			if pages++; !l.next[before.address] { // none that another page led to
				same++
			}
		}
		switch {
		case same >= granted:
			l.sawAt(QuotaCount, "endpoint", by)
		case pages >= granted:
			l.sawAt(QuotaCount, "pages", by)
		case all >= granted:
			l.sawAt(QuotaCount, "consent", by)
		default:
			l.sawAt(QuotaCount, "fewer", by)
		}
	}
}

// counted are the operations that banks count.
var counted = []string{
	"getAccountList", "readAccountDetails", "getBalances", "getTransactionList", "getTransactionDetails",
	"getCardAccountList", "readCardAccountDetails", "getCardAccountBalances", "getCardAccountTransactionList",
}

func (x exchange) counts() bool { return slices.Contains(counted, x.operation) }

// pathOf is an address without what narrows it.
func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}
