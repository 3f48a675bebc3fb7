package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
// under transactions, bare, or as one list without a division.
func DecodeTransactions(body []byte) (TransactionPage, error) {
	var w struct {
		Transactions json.RawMessage
		Balances     []json.RawMessage
		wireEntries
	}
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '[' {
		return undivided(body, "")
	}
	if err := unmarshal(body, &w); err != nil {
		return TransactionPage{}, err
	}
	page, err := divided(w.wireEntries, "")
	switch {
	case len(w.Transactions) == 0 || bytes.Equal(w.Transactions, []byte("null")):
	case w.Transactions[0] == '[':
		page, err = undivided(w.Transactions, "transactions")
	default:
		var inner wireEntries
		if err := unmarshal(w.Transactions, &inner); err != nil {
			return TransactionPage{}, within("transactions", err)
		}
		page, err = divided(inner, "transactions")
	}
	if err != nil {
		return TransactionPage{}, err
	}
	if page.Next == "" { // BG has it inside, some banks beside
		page.Next = w.Links["next"]
	}
	page.Balances, err = each(w.Balances, "balances", decodeBalance)
	return page, err
}

func divided(w wireEntries, path string) (TransactionPage, error) {
	booked, err := each(w.Booked, "booked", decodeTransaction)
	if err != nil {
		return TransactionPage{}, within(path, err)
	}
	pending, err := each(w.Pending, "pending", decodeTransaction)
	if err != nil {
		return TransactionPage{}, within(path, err)
	}
	inferSigns(booked)
	inferSigns(pending)
	return TransactionPage{Booked: booked, Pending: pending, Information: w.Information, Next: w.Links["next"]}, nil
}

// undivided reads a list that holds booked and pending entries alike. An
// entry that neither says that it is booked nor when counts as pending: those
// are forgotten with the next fetch, booked ones never.
func undivided(raw json.RawMessage, path string) (TransactionPage, error) {
	var elements []json.RawMessage
	if err := unmarshal(raw, &elements); err != nil {
		return TransactionPage{}, within(path, err)
	}
	entries, err := each(elements, "", decodeTransaction)
	if err != nil {
		return TransactionPage{}, within(path, err)
	}
	var page TransactionPage
	for _, t := range entries {
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
