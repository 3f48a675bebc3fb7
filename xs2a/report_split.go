package xs2a

import (
	"encoding/json"
	"errors"
	"slices"
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
	t := taking{scan: scan{s: string(body)}, body: body}
	var outer, inner wireEntries
	within := false
	usual := t.members(func(name string) bool {
		switch name {
		case "transactions":
			within = true
			return t.members(func(name string) bool { return t.entries(&inner, name) })
		case "balances":
			return t.list(&report.balances)
		case "_links":
			return t.links(&report.links)
		}
		return t.entries(&outer, name)
	})
	if !usual || !t.ended() || !t.named {
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

// taking is how a report is taken apart.
type taking struct {
	scan
	body  []byte // of which what is taken is a part
	named bool   // a list of entries was there
}

// members goes through the members of an object. Their names come in small letters, and none twice.
func (t *taking) members(take func(name string) bool) bool {
	var seen []string
	return t.each(func(name string) bool {
		name = strings.ToLower(name)
		if len(seen) > maxFew || slices.Contains(seen, name) {
			return false
		}
		seen = append(seen, name)
		return take(name)
	})
}

// entries takes a member that holds entries, and passes over one that does not.
func (t *taking) entries(into *wireEntries, name string) bool {
	switch name {
	case "booked":
		t.named = true
		return t.list(&into.Booked)
	case "pending":
		t.named = true
		return t.list(&into.Pending)
	case "information":
		t.named = true
		return t.list(&into.Information)
	case "_links":
		return t.links(&into.Links)
	}
	return t.pass(maxDepth)
}

// list takes the elements of a list.
func (t *taking) list(list *[]json.RawMessage) bool {
	*list = []json.RawMessage{}
	return t.elements(func() bool {
		raw, is := t.raw()
		*list = append(*list, raw)
		return is && len(*list) <= maxListed
	})
}

// links takes links, in whatever form they are.
func (t *taking) links(into *Links) bool {
	raw, is := t.raw()
	return is && into.UnmarshalJSON(raw) == nil
}

// raw takes any value.
func (t *taking) raw() (json.RawMessage, bool) {
	t.next()
	begun := t.at
	is := t.pass(maxDepth)
	return json.RawMessage(t.body[begun:t.at:t.at]), is
}
