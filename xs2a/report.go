package xs2a

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"consentry/xs2a/field"
	"consentry/xs2a/statement"
)

// ErrPage says that a page for people came where data was asked for: something
// between this program and the bank answered in its place.
var ErrPage = errors.New("the bank's gateway answered with a page")

// decodeReport reads a transaction report in any of the forms a bank may
// choose: JSON, camt.052 or camt.053, MT940 or MT942
// (BG 1.3.12 section 6.4.4). The content decides: media types lie, and three
// of them are used for text. The type gives the encoding and stands in the
// error for what is none of these; ErrPage is the one for HTML.
func decodeReport(ctx context.Context, mediaType string, body []byte) (TransactionPage, error) {
	text := bytes.TrimSpace(toUTF8(body, mediaType))
	switch {
	case len(text) == 0:
		return TransactionPage{}, errors.New("the answer is empty")
	case isPage(text):
		return TransactionPage{}, ErrPage
	case text[0] == '<':
		return readStatement(ctx, text, statement.ReadCamt)
	case statement.IsSwift(text):
		return readStatement(ctx, text, statement.ReadSwift)
	case text[0] == '{' || text[0] == '[':
		return decodeTransactions(ctx, text)
	}
	return TransactionPage{}, fmt.Errorf("%q holds no transaction report in a form that is known", mediaType)
}

// isPage knows HTML by how it begins.
func isPage(body []byte) bool {
	head := strings.ToLower(string(bytes.TrimSpace(body[:min(len(body), 1000)])))
	if strings.HasPrefix(head, "<?xml") || strings.HasPrefix(head, "<!--") { // XHTML, or a comment before the page
		return strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html")
	}
	for _, start := range []string{"<!doctype html", "<html", "<head", "<body", "<title", "<script"} {
		if strings.HasPrefix(head, start) {
			return true
		}
	}
	return false
}

// wireEntries is the part of a report that holds entries.
type wireEntries struct {
	Booked, Pending, Information []json.RawMessage
	Links                        Links `json:"_links"`
}

// decodeTransactions reads a page of transactions in JSON. The lists stand
// under transactions, bare, or as one list without a division. An entry that
// cannot be read is left out; without any list there is no page.
func decodeTransactions(ctx context.Context, body []byte) (TransactionPage, error) {
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '[' {
		return undivided(ctx, body, "")
	}
	if report, err := split(body); err == nil {
		return report.page(ctx)
	}
	return decodeUnusual(ctx, body)
}

// page reads what a report holds that was taken apart.
func (r splitReport) page(ctx context.Context) (TransactionPage, error) {
	page, err := r.entries.page(ctx, r.path, decodeTransaction)
	if err != nil {
		return TransactionPage{}, err
	}
	inferSigns(page.Booked)
	inferSigns(page.Pending)
	if page.Next == "" { // BG has it inside, some banks beside
		page.Next = r.links["next"]
	}
	page.Balances, err = eachReadable(ctx, &page, r.balances, "balances", decodeBalance)
	return page, err
}

// decodeUnusual reads a report that is not as most are, and tells what is wrong with it.
func decodeUnusual(ctx context.Context, body []byte) (TransactionPage, error) {
	var w struct {
		Transactions json.RawMessage
		Balances     []json.RawMessage
		Links        Links `json:"_links"`
	}
	if err := unmarshal(body, &w); err != nil {
		return TransactionPage{}, err
	}
	page, err := decodeEntries(ctx, body, w.Transactions)
	if err != nil {
		return TransactionPage{}, err
	}
	if page.Next == "" { // BG has it inside, some banks beside
		page.Next = w.Links["next"]
	}
	page.Balances, err = eachReadable(ctx, &page, w.Balances, "balances", decodeBalance)
	return page, err
}

// decodeEntries reads the lists of a report from what stands under
// transactions or, where nothing does, beside it.
func decodeEntries(ctx context.Context, body, inner json.RawMessage) (TransactionPage, error) {
	switch {
	case len(inner) == 0 || bytes.Equal(inner, []byte("null")):
		return divided(ctx, body, "")
	case inner[0] == '[':
		return undivided(ctx, inner, "transactions")
	}
	return divided(ctx, inner, "transactions")
}

// divided reads booked and pending entries from lists of their own.
func divided(ctx context.Context, raw json.RawMessage, path string) (TransactionPage, error) {
	page, err := decodeLists(ctx, raw, path, decodeTransaction)
	inferSigns(page.Booked)
	inferSigns(page.Pending)
	return page, err
}

// decodeLists reads the lists of an object. One that the bank names and gives
// as null is empty; where it names none, there is none.
func decodeLists(ctx context.Context, raw json.RawMessage, path string, decode func(json.RawMessage) (Transaction, error)) (TransactionPage, error) {
	var w wireEntries
	if err := unmarshal(raw, &w); err != nil {
		return TransactionPage{}, field.Within(path, err)
	}
	if !names(raw, "booked", "pending", "information") {
		return TransactionPage{}, errNoList
	}
	return w.page(ctx, path, decode)
}

// page reads the entries of lists.
func (w wireEntries) page(ctx context.Context, path string, decode func(json.RawMessage) (Transaction, error)) (TransactionPage, error) {
	if path != "" {
		path += "."
	}
	page := TransactionPage{Information: w.Information, Next: w.Links["next"]}
	var err error
	if page.Booked, err = eachReadable(ctx, &page, w.Booked, path+"booked", decode); err != nil {
		return TransactionPage{}, err
	}
	page.Pending, err = eachReadable(ctx, &page, w.Pending, path+"pending", decode)
	return page, err
}

// names reports whether an object has one of these members.
func names(raw json.RawMessage, members ...string) bool {
	found := false
	_ = eachMember(raw, func(name string) bool {
		found = found || slices.ContainsFunc(members, func(member string) bool { return strings.EqualFold(name, member) })
		return false
	}, nil) // what is no object has none
	return found
}

// undivided reads a list that holds booked and pending entries alike. An
// entry that neither says that it is booked nor when counts as pending: those
// are forgotten with the next fetch, booked ones never.
func undivided(ctx context.Context, raw json.RawMessage, path string) (TransactionPage, error) {
	var elements []json.RawMessage
	if err := unmarshal(raw, &elements); err != nil {
		return TransactionPage{}, field.Within(path, err)
	}
	var page TransactionPage
	all, err := eachReadable(ctx, &page, elements, path, decodeTransaction)
	for _, t := range all {
		if t.booked() {
			page.Booked = append(page.Booked, t)
		} else {
			page.Pending = append(page.Pending, t)
		}
	}
	inferSigns(page.Booked)
	inferSigns(page.Pending)
	return page, err
}

// booked reports whether a transaction says of itself that it is booked, in its own
// status or by the day it was booked on.
func (t Transaction) booked() bool {
	var w struct{ BookingStatus, Status text }
	_ = json.Unmarshal(t.Raw, &w) // t was read from it
	switch strings.ToLower(string(w.BookingStatus + w.Status)) {
	case "booked", "book":
		return true
	case "pending", "pdng":
		return false
	}
	return t.BookingDate != ""
}
