package frontend

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// readsAtOnce is a page of the ledger.
const readsAtOnce = 50

// reads lists every read under a consent, the newest first.
func (s *Server) reads(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	c, err := s.app.Consent(ctx, id)
	if err != nil {
		return err
	}
	view := readsView{consentLine: s.line(c, nil), Before: placeIn(r.URL.Query().Get("before"))}
	found, err := s.app.Reader().Reads(ctx, id, view.Before, readsAtOnce+1)
	if err != nil {
		return err
	}
	view.Reads, view.More = found[:min(len(found), readsAtOnce)], len(found) > readsAtOnce
	if view.Before > 0 && wantsFragment(r) {
		return s.fragment(w, r, ui.At(view.Now, readsPage(view)))
	}
	return s.page(w, r, Page{Title: words.T(ctx, "Reads at %s", view.BankName), Section: SectionConsents}, ui.At(view.Now, readsScreen(view)))
}

// older is the address of the next page; empty on the last one.
func (view readsView) older() string {
	if !view.More {
		return ""
	}
	return fmt.Sprintf("%s?before=%d", readsPath(view.ID), view.Reads[len(view.Reads)-1].ID)
}

// endpointWords name what was read.
var endpointWords = map[storage.Endpoint]words.Text{
	storage.ReadConsent: "The consent itself", storage.ReadAccounts: "List of accounts", storage.ReadCards: "List of cards", storage.ReadDetails: "Account details",
	storage.ReadBalances: "Balances", storage.ReadTransactions: "Transactions", storage.ReadTransaction: "One transaction",
	storage.RefreshAccounts: "Account list refreshed",
}

func endpointWord(ctx context.Context, endpoint storage.Endpoint) string {
	if word := endpointWords[endpoint]; word != "" {
		return words.T(ctx, word)
	}
	return string(endpoint)
}

// outcomeBadge is how a read ended; that nobody knows is said, too.
func outcomeBadge(read storage.ConsentRead) (ui.Tone, words.Text) {
	switch {
	case read.Outcome == "":
		return ui.Info, "Not known"
	case read.Outcome == storage.ReadOK:
		return ui.Good, "Answered"
	case read.Outcome == "unreachable":
		return ui.Bad, "No answer"
	case bankFailed(read):
		return ui.Bad, "Bank error"
	case refused(read):
		return ui.Bad, "Refused"
	}
	return ui.Bad, "Not understood"
}

// refused reports whether the bank answered a read with a code that says why not.
func refused(read storage.ConsentRead) bool {
	switch read.Outcome {
	case "", storage.ReadOK, "unreachable", "failed", "not understood":
		return false
	}
	return !bankFailed(read)
}

// bankFailed reports whether the bank answered a read with a failure of its own (RFC
// 9110 section 15.6), by its code or, without one, by what the status is called.
func bankFailed(read storage.ConsentRead) bool {
	if read.Outcome == "INTERNAL_SERVER_ERROR" {
		return true
	}
	for status := http.StatusInternalServerError; status <= http.StatusNetworkAuthenticationRequired; status++ {
		if read.Outcome == http.StatusText(status) && read.Outcome != "" {
			return true
		}
	}
	return false
}

// readNote is about what a read was, and who wanted it.
func readNote(ctx context.Context, read storage.ConsentRead) string {
	parts := []string{words.T(ctx, attendedWord(read.Attended))}
	if read.Account != "" {
		parts = append([]string{read.Account}, parts...)
	}
	if refused(read) {
		parts = append(parts, words.T(ctx, outcomeWords(read.Outcome)))
	}
	return strings.Join(parts, "\u00a0· ")
}

// refusals say in a few words why a bank refused a read. Its code stands in the
// exchange the row leads to.
var refusals = map[string]words.Text{
	"PERIOD_INVALID": "not for days that long ago", "ACCESS_EXCEEDED": "read too often",
	"CONSENT_EXPIRED":  "the consent has expired",
	"CONSENT_INVALID":  "not under this consent",
	"CONSENT_UNKNOWN":  "the consent is not known",
	"RESOURCE_UNKNOWN": "not known there", "SERVICE_INVALID": "not offered for it", "SERVICE_BLOCKED": "blocked at the bank",
	"TOKEN_EXPIRED": "the access had run out", "TOKEN_INVALID": "the access was not accepted",
}

func outcomeWords(code string) words.Text {
	return cmp.Or(refusals[code], "for a reason the exchange names")
}
