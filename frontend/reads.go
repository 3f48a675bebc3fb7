package frontend

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
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
	found, err := s.app.Reads(ctx, id, view.Before, readsAtOnce+1)
	if err != nil {
		return err
	}
	view.Reads, view.More = found[:min(len(found), readsAtOnce)], len(found) > readsAtOnce
	if view.Before > 0 && wantsFragment(r) {
		return s.fragment(w, r, ui.At(view.Now, readsPage(view)))
	}
	return s.page(w, r, Page{Title: "Reads at " + view.BankName, Section: SectionConsents}, ui.At(view.Now, readsScreen(view)))
}

// older is the address of the next page; empty on the last one.
func (view readsView) older() string {
	if !view.More {
		return ""
	}
	return fmt.Sprintf("%s?before=%d", readsPath(view.ID), view.Reads[len(view.Reads)-1].ID)
}

func readsPath(id string) string { return consentPath(id) + "/reads" }

// endpointWords name what was read.
var endpointWords = map[storage.Endpoint]string{
	storage.ReadConsent: "The permission itself", storage.ReadAccounts: "List of accounts", storage.ReadCards: "List of cards", storage.ReadDetails: "Account details",
	storage.ReadBalances: "Balances", storage.ReadTransactions: "Transactions", storage.ReadTransaction: "One transaction",
	storage.RefreshAccounts: "List of accounts, made anew",
}

func endpointWord(endpoint storage.Endpoint) string {
	if word := endpointWords[endpoint]; word != "" {
		return word
	}
	return string(endpoint)
}

// outcomeBadge is how a read ended; that nobody knows is said, too.
func outcomeBadge(read storage.ConsentRead) (ui.Tone, string) {
	switch read.Outcome {
	case "":
		return ui.Info, "Not known"
	case storage.ReadOK:
		return ui.Good, "Answered"
	case "unreachable":
		return ui.Bad, "No answer"
	case "failed", "not understood":
		return ui.Bad, "Not understood"
	}
	return ui.Bad, "Refused"
}

// readNote is about what a read was, and who wanted it.
func readNote(ctx context.Context, read storage.ConsentRead) string {
	parts := []string{words.T(ctx, attendedWord(read.Attended))}
	if read.Account != "" {
		parts = append([]string{read.Account}, parts...)
	}
	if _, word := outcomeBadge(read); word == "Refused" {
		parts = append(parts, outcomeWords(read.Outcome))
	}
	return strings.Join(parts, "\u00a0· ")
}

// refusals say in a few words why a bank refused a read. Its code stands in the
// exchange the row leads to.
var refusals = map[string]string{
	"PERIOD_INVALID": "not for days that long ago", "ACCESS_EXCEEDED": "read too often",
	"CONSENT_EXPIRED":  "the permission has expired",
	"CONSENT_INVALID":  "not under this permission",
	"CONSENT_UNKNOWN":  "the permission is not known",
	"RESOURCE_UNKNOWN": "not known there", "SERVICE_INVALID": "not offered for it", "SERVICE_BLOCKED": "blocked at the bank",
	"TOKEN_EXPIRED": "the access had run out", "TOKEN_INVALID": "the access was not accepted",
}

func outcomeWords(code string) string {
	return cmp.Or(refusals[code], "for a reason the exchange names")
}

// readPath leads to the exchange of a read.
func readPath(read storage.ConsentRead) string {
	return "/activity/requests/" + url.PathEscape(read.RequestID)
}
