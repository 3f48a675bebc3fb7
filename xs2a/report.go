package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrPage says that a page for people came where data was asked for: something
// between this program and the bank answered in its place.
var ErrPage = errors.New("the bank's gateway answered with a page")

// DecodeReport reads a transaction report in any of the forms a bank may
// choose: JSON, camt.052 or camt.053, MT940 or MT942
// (BG 1.3.12 section 6.4.4). The content decides: media types lie, and three
// of them are used for text. The type gives the encoding and stands in the
// error for what is none of these; ErrPage is the one for HTML.
func DecodeReport(mediaType string, body []byte) (TransactionPage, error) {
	text := bytes.TrimSpace(toUTF8(body, mediaType))
	switch {
	case len(text) == 0:
		return TransactionPage{}, errors.New("the answer is empty")
	case isPage(text):
		return TransactionPage{}, ErrPage
	case text[0] == '<':
		return decodeCamt(text)
	case isMT(text):
		return decodeMT(text)
	case text[0] == '{' || text[0] == '[':
		return DecodeTransactions(text)
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

// DecodeTransactions reads a page of transactions in JSON. The lists stand
// under transactions, bare, or as one list without a division. An entry that
// cannot be read is left out; without any list there is no page.
func DecodeTransactions(body []byte) (TransactionPage, error) {
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '[' {
		return undivided(body, "")
	}
	var w struct {
		Transactions json.RawMessage
		Balances     []json.RawMessage
		Links        Links `json:"_links"`
	}
	if err := unmarshal(body, &w); err != nil {
		return TransactionPage{}, err
	}
	page, err := decodeEntries(body, w.Transactions)
	if err != nil {
		return TransactionPage{}, err
	}
	if page.Next == "" { // BG has it inside, some banks beside
		page.Next = w.Links["next"]
	}
	page.Balances = eachReadable(&page, w.Balances, "balances", decodeBalance)
	return page, nil
}

// decodeEntries reads the lists of a report from what stands under
// transactions or, where nothing does, beside it.
func decodeEntries(body, inner json.RawMessage) (TransactionPage, error) {
	switch {
	case len(inner) == 0 || bytes.Equal(inner, []byte("null")):
		return divided(body, "")
	case inner[0] == '[':
		return undivided(inner, "transactions")
	}
	return divided(inner, "transactions")
}

// divided reads booked and pending entries from lists of their own.
func divided(raw json.RawMessage, path string) (TransactionPage, error) {
	page, err := decodeLists(raw, path, decodeTransaction)
	inferSigns(page.Booked)
	inferSigns(page.Pending)
	return page, err
}

// decodeLists reads the lists of an object. One that the bank names and gives
// as null is empty; where it names none, there is none.
func decodeLists(raw json.RawMessage, path string, decode func(json.RawMessage) (Transaction, error)) (TransactionPage, error) {
	var w wireEntries
	if err := unmarshal(raw, &w); err != nil {
		return TransactionPage{}, within(path, err)
	}
	if !names(raw, "booked", "pending", "information") {
		return TransactionPage{}, errNoList
	}
	if path != "" {
		path += "."
	}
	page := TransactionPage{Information: w.Information, Next: w.Links["next"]}
	page.Booked = eachReadable(&page, w.Booked, path+"booked", decode)
	page.Pending = eachReadable(&page, w.Pending, path+"pending", decode)
	return page, nil
}

// names reports whether an object has one of these members.
func names(raw json.RawMessage, members ...string) bool {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object) // what is no object has none
	for name := range object {
		if slices.ContainsFunc(members, func(member string) bool { return strings.EqualFold(name, member) }) {
			return true
		}
	}
	return false
}

// undivided reads a list that holds booked and pending entries alike. An
// entry that neither says that it is booked nor when counts as pending: those
// are forgotten with the next fetch, booked ones never.
func undivided(raw json.RawMessage, path string) (TransactionPage, error) {
	var elements []json.RawMessage
	if err := unmarshal(raw, &elements); err != nil {
		return TransactionPage{}, within(path, err)
	}
	var page TransactionPage
	for _, t := range eachReadable(&page, elements, path, decodeTransaction) {
		if t.booked() {
			page.Booked = append(page.Booked, t)
		} else {
			page.Pending = append(page.Pending, t)
		}
	}
	inferSigns(page.Booked)
	inferSigns(page.Pending)
	return page, nil
}

// booked tells what an entry says of itself, in its own status or by the day
// it was booked on.
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
