package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a/field"
)

// Amount is an exact decimal with its currency (BG 1.3.12 section 14.1).
type Amount struct {
	Number   string `json:"amount"`   // canonical decimal such as "-12.50"; the scale is the bank's
	Currency string `json:"currency"` // ISO 4217 code as sent
}

// UnmarshalJSON takes the number as text or as a JSON number; neither passes
// through floating point.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var wire struct {
		Amount   json.RawMessage `json:"amount"`
		Currency text            `json:"currency"`
	}
	if err := unmarshal(b, &wire); err != nil {
		return err
	}
	if len(wire.Amount) == 0 || bytes.Equal(wire.Amount, []byte("null")) {
		return field.Missing("amount")
	}
	number := string(wire.Amount)
	if number[0] == '"' {
		if err := json.Unmarshal(wire.Amount, &number); err != nil {
			return field.Within("amount", err)
		}
	}
	canonical, err := field.Number(strings.TrimSpace(number))
	if err != nil {
		return field.Within("amount", err)
	}
	a.Number, a.Currency = canonical, strings.ToUpper(string(wire.Currency))
	return nil
}

// negated is the amount with the other sign; zero has none.
func (a Amount) negated() Amount { return Amount{field.Negated(a.Number), a.Currency} }

// Decimal returns the number for arithmetic.
func (a Amount) Decimal() *apd.Decimal { return field.Decimal(a.Number) }

// Negative reports whether money left the account.
func (a Amount) Negative() bool { return strings.HasPrefix(a.Number, "-") }

// text is a string that banks also send as a number or null, with blanks at
// its ends.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")):
		*t = ""
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = text(strings.TrimSpace(s))
	default: // numbers, flags, and objects nobody expected: kept as they came
		*t = text(b)
	}
	return nil
}

// flag is a boolean that banks also send as text.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(bare(b)) {
	case "true":
		*f = true
	case "false", "null", "":
		*f = false
	default:
		return fmt.Errorf("%s is neither true nor false", b)
	}
	return nil
}

// count is an integer that banks also send as text.
type count int

func (c *count) UnmarshalJSON(b []byte) error {
	s := bare(b)
	if s == "null" || s == "" {
		*c = 0
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return fmt.Errorf("%s is not a whole number", b)
	}
	*c = count(n)
	return nil
}

// bare is a scalar without the quotes some banks put around it.
func bare(b []byte) string { return strings.TrimSpace(strings.Trim(string(b), `"`)) }

// Links are the hyperlinks of an answer by name (BG 1.3.12 section 4.10).
// They say what may come next.
type Links map[string]string

// UnmarshalJSON takes links as objects and as bare text, by name or in a list,
// and leaves out empty ones. Of two with one name in a list the first stands.
// What is no collection of links holds none.
func (l *Links) UnmarshalJSON(b []byte) error {
	*l = Links{}
	var several []json.RawMessage
	if json.Unmarshal(b, &several) != nil {
		several = []json.RawMessage{b}
	}
	if len(several) > maxFew {
		return field.TooMuch("has more than %d links", maxFew)
	}
	for _, one := range several {
		wire, err := fewMembers(one)
		if limit := (*field.LimitError)(nil); errors.As(err, &limit) {
			return err
		}
		if err != nil {
			continue
		}
		if name, href := readText(wire["rel"]), readText(wire["href"]); name != "" && href != "" { // RFC 8288 section 3.3
			l.add(name, href)
			continue
		}
		for name, raw := range wire {
			l.add(name, readLink(raw))
		}
	}
	return nil
}

func (l Links) add(name, href string) {
	if l[name] == "" && href != "" {
		l[name] = href
	}
}

// readLink reads a link in any of its forms; what is no link links to nothing.
func readLink(raw json.RawMessage) string {
	if address := readText(raw); address != "" {
		return address
	}
	var object struct{ Href json.RawMessage }
	if json.Unmarshal(raw, &object) == nil {
		return readText(object.Href)
	}
	var several []struct{ Href json.RawMessage }
	if json.Unmarshal(raw, &several) == nil {
		for _, one := range several {
			if href := readText(one.Href); href != "" {
				return href
			}
		}
	}
	return ""
}

// readText is a JSON text without blanks at its ends; empty for what is none.
func readText(raw json.RawMessage) string {
	var plain string
	if json.Unmarshal(raw, &plain) != nil {
		return ""
	}
	return strings.TrimSpace(plain)
}

// list reads a JSON array that stands bare or in an envelope under name, one
// raw element each. A member that is null holds none; without the member there
// is no list, and the error is errNoList.
func list(body []byte, name string) ([]json.RawMessage, error) {
	var elements []json.RawMessage
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '[' {
		err := json.Unmarshal(body, &elements)
		return bounded(elements, name, err)
	}
	raw, err := member(body, name)
	switch {
	case err != nil:
		return nil, err
	case raw == nil:
		return nil, errNoList
	case bytes.Equal(raw, []byte("null")):
		return nil, nil
	}
	if err := json.Unmarshal(raw, &elements); err != nil {
		return nil, field.Errorf(name, "not a list")
	}
	return bounded(elements, name, nil)
}

// bounded refuses a list of more elements than are taken.
func bounded(elements []json.RawMessage, name string, err error) ([]json.RawMessage, error) {
	if err == nil && len(elements) > maxListed {
		return nil, field.TooMany(maxListed, name)
	}
	return elements, err
}

// each decodes every element of a list but those that are null; the error
// names the element.
func each[T any](elements []json.RawMessage, name string, decode func(json.RawMessage) (T, error)) ([]T, error) {
	return eachOr(elements, name, decode, func(at string, _ json.RawMessage, err error) error { return field.Within(at, err) })
}

// eachOr is each that asks what is to be done with an element that cannot be
// read: an error ends the list, none passes over the element.
func eachOr[T any](elements []json.RawMessage, name string, decode func(json.RawMessage) (T, error),
	unreadable func(at string, raw json.RawMessage, err error) error) ([]T, error) {
	all := make([]T, 0, len(elements))
	for i, raw := range elements {
		if bytes.Equal(raw, []byte("null")) {
			continue
		}
		one, err := decode(raw)
		if err != nil {
			if err := unreadable(fmt.Sprintf("%s[%d]", name, i), raw, err); err != nil {
				return nil, err
			}
			continue
		}
		all = append(all, one)
	}
	return all, nil
}
