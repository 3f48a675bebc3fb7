package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// splitReport is a report in JSON taken apart in one go: its entries are not read yet.
type splitReport struct {
	entries  wireEntries // of what stands under transactions, or beside it
	path     string      // of what holds them: "transactions", or empty
	balances []json.RawMessage
	links    Links // beside
}

// errUnusual is that a report is not as most are. It is read by looking at it several times,
// which tells what is wrong with it, and where.
var errUnusual = errors.New("the report is unusual")

// split takes a report apart that is as most are: an object in which each name that is looked
// for stands once, and lists are lists. All else is errUnusual.
func split(body []byte) (report splitReport, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	outer, inner := wireEntries{}, wireEntries{}
	named, within := false, false
	if err := members(d, func(name string) error {
		switch name {
		case "transactions":
			within = true
			return members(d, func(name string) error { return takeEntries(d, &inner, &named, name) })
		case "balances":
			return takeList(d, &report.balances)
		case "_links":
			return d.Decode(&report.links)
		}
		return takeEntries(d, &outer, &named, name)
	}); err != nil {
		return report, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) || !named {
		return report, errUnusual
	}
	report.entries = outer
	if within {
		report.entries, report.path = inner, "transactions"
		if outer.Booked != nil || outer.Pending != nil || outer.Information != nil {
			return report, errUnusual
		}
	}
	return report, nil
}

// members goes through the members of an object. Their names come in small letters, and none
// that is looked for twice.
func members(d *json.Decoder, take func(name string) error) error {
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return errUnusual
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		text, is := name.(string)
		if err != nil || !is || len(seen) > maxFew {
			return errUnusual
		}
		folded := strings.ToLower(text)
		if seen[folded] || folded != strings.ToLower(strings.ToUpper(folded)) { // letters that are others in capitals
			return errUnusual
		}
		seen[folded] = true
		if err := take(folded); err != nil {
			return errUnusual
		}
	}
	_, err := d.Token()
	return err
}

// takeEntries takes a member that holds entries, and passes over one that does not.
func takeEntries(d *json.Decoder, into *wireEntries, named *bool, name string) error {
	list := map[string]*[]json.RawMessage{"booked": &into.Booked, "pending": &into.Pending, "information": &into.Information}[name]
	switch {
	case list != nil:
		*named = true
		return takeList(d, list)
	case name == "_links":
		return d.Decode(&into.Links)
	}
	return d.Decode(&passedOver{})
}

// takeList takes the elements of a list.
func takeList(d *json.Decoder, list *[]json.RawMessage) error {
	if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
		return errUnusual
	}
	*list = []json.RawMessage{}
	for d.More() {
		var element json.RawMessage
		if len(*list) > maxListed {
			return errUnusual
		}
		if err := d.Decode(&element); err != nil {
			return err
		}
		*list = append(*list, element)
	}
	_, err := d.Token()
	return err
}
