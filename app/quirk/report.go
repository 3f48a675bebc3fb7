package quirk

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// report learns how a bank tells of transactions.
func (l *learner) report(x exchange) {
	if x.counts() {
		l.noteRead(x)
	}
	if !x.lists() {
		return
	}
	asked, err := url.Parse(x.URL)
	if err != nil {
		return
	}
	query := asked.Query()
	l.period(x, query)
	l.status(x, query)
	l.delta(x, query)
	if !x.worked() {
		return
	}
	l.saw(ReportForm, mediaForm(x.Answer.Get("Content-Type")), x.Exchange)
	if x.answer == nil {
		return
	}
	booked, pending := entriesOf(x.answer)
	l.paging(x, asked, len(booked)+len(pending))
	l.signs(x, booked)
	l.ids(x, booked, pending)
}

func mediaForm(media string) string {
	for _, form := range []string{"json", "xml"} {
		if strings.Contains(strings.ToLower(media), form) {
			return form
		}
	}
	if strings.HasPrefix(media, "text/") {
		return "text"
	}
	return "other"
}

// entriesOf are the transactions of a page.
func entriesOf(answer any) (booked, pending []map[string]any) {
	report := within(answer, "transactions")
	if report == nil {
		report = answer
	}
	if list, is := report.([]any); is {
		return objects(map[string]any{"": list}, ""), nil
	}
	return objects(report, "booked"), objects(report, "pending")
}

// refuses reports whether the bank refused with a code, or for what is named.
func (x exchange) refuses(words ...string) bool {
	return x.Status >= http.StatusBadRequest && x.Status < http.StatusInternalServerError &&
		slices.ContainsFunc(words, func(word string) bool { return strings.Contains(x.Answer.Body, word) })
}

// status learns whether booked and pending transactions come together.
func (l *learner) status(x exchange, query url.Values) {
	refused := x.Status == http.StatusBadRequest && x.refuses("PARAMETER_NOT_SUPPORTED", "bookingStatus") && plainQuery(query)
	switch status := query.Get("bookingStatus"); {
	case status == "both" && x.worked():
		l.saw(BookingStatus, "together", x.Exchange)
	case status == "both" && refused:
		l.saw(BookingStatus, "apart", x.Exchange)
	case status == "pending" && refused:
		l.saw(BookingStatus, "noPending", x.Exchange)
	}
}

// plainQuery reports whether all of some days was asked for, and not what is new alone.
func plainQuery(query url.Values) bool {
	return query.Get("deltaList") == "" && query.Get("entryReferenceFrom") == ""
}

// delta learns how a bank tells what is new alone.
func (l *learner) delta(x exchange, query url.Values) {
	for _, way := range []string{"deltaList", "entryReferenceFrom"} {
		switch {
		case query.Get(way) == "":
		case x.worked():
			l.saw(Delta, way, x.Exchange)
		case x.Status == http.StatusBadRequest:
			l.saw(Delta, "refused", x.Exchange)
		}
	}
}

// period is how far back transactions were asked for.
type period struct {
	seen
	days    int
	refused bool
}

func (l *learner) period(x exchange, query url.Values) {
	from, err := time.Parse(time.DateOnly, query.Get("dateFrom"))
	at, known := l.moments[x.RequestID()]
	if err != nil || !known || !x.worked() && !x.refuses("PERIOD_INVALID") {
		return
	}
	on, err := time.Parse(time.DateOnly, at.UTC().Format(time.DateOnly))
	if days := int(on.Sub(from).Hours() / 24); err == nil && days > 0 && days <= 3660 {
		l.periods = append(l.periods, period{seen{id: x.ID, at: x.Started}, days, !x.worked()})
	}
}

// served learns how many days a bank serves: the most of those fewer than the fewest it refused.
// That it served more at another time, such as soon after an approval, speaks against it.
func (l *learner) served() {
	fewest := 0
	for _, each := range l.periods {
		if each.refused && (fewest == 0 || each.days < fewest) {
			fewest = each.days
		}
	}
	most := 0
	for _, each := range l.periods {
		if !each.refused && each.days < fewest {
			most = max(most, each.days)
		}
	}
	if most == 0 {
		return
	}
	for _, each := range l.periods {
		switch {
		case each.refused || each.days == most:
			l.sawAt(Period, strconv.Itoa(most), each.seen).Refused = fewest
		case each.days >= fewest:
			l.sawAt(Period, strconv.Itoa(each.days), each.seen)
		}
	}
}

// paging learns how a list goes on.
func (l *learner) paging(x exchange, asked *url.URL, entries int) {
	inside, beside := linkTo(within(x.answer, "transactions", "_links", "next")), linkTo(within(x.answer, "_links", "next"))
	if next := inside + beside; next != "" { // no bank has both
		if inside != "" {
			l.saw(Paging, "inside", x.Exchange)
		} else {
			l.saw(Paging, "beside", x.Exchange)
		}
		to, err := url.Parse(next)
		if err != nil {
			return
		}
		to = asked.ResolveReference(to)
		l.next[to.String()] = true
		if to.Query().Has("offset") || to.Query().Has("limit") {
			l.saw(Paging, "offset", x.Exchange)
		}
		if to.RequestURI() == asked.RequestURI() {
			l.saw(Paging, "self", x.Exchange)
		}
		return
	}
	if entries == 0 && !x.Answer.Cut {
		l.single = append(l.single, seen{x.ID, x.Started, asked.String() + " empty"})
	} else if !x.Answer.Cut {
		l.single = append(l.single, seen{x.ID, x.Started, asked.String()})
	}
}

func linkTo(link any) string {
	if object, is := link.(map[string]any); is {
		link = object["href"]
	}
	text, _ := link.(string)
	return text
}

// lone learns of lists without a further page: a last one that is empty, or whole lists where no
// page ever led to another.
func (l *learner) lone() {
	paged := len(l.findings[Paging]) > 0
	for _, each := range l.single {
		address, empty := strings.CutSuffix(each.of, " empty")
		switch {
		case empty && l.next[address]:
			l.sawAt(Paging, "emptyLast", each)
		case !paged && !empty:
			l.sawAt(Paging, "whole", each)
		}
	}
}

// signs learns whether money that goes out has a minus: who gets it says that it goes out.
func (l *learner) signs(x exchange, booked []map[string]any) {
	for _, each := range booked {
		amount := strings.TrimSpace(plain(within(each, "transactionAmount", "amount")))
		toOther := each["creditorName"] != nil && each["debtorName"] == nil && each["debtorAccount"] == nil
		switch {
		case strings.HasPrefix(amount, "-"):
			l.saw(Signs, "signed", x.Exchange)
			return
		case toOther && strings.Trim(amount, "0.,") != "":
			l.saw(Signs, "unsigned", x.Exchange)
			return
		}
	}
}

// idsOf are the ids that a list gave, by what they were given to.
type idsOf struct {
	booked map[string]string
	loose  map[string]string // likewise, by what stays when a transaction is booked
	days   map[string]string // on which those were booked
}

// mostIDs bounds those that are remembered of a list.
const mostIDs = 2000

// ids learns what transactionId is worth at a bank.
func (l *learner) ids(x exchange, booked, pending []map[string]any) {
	forms := idForms(booked)
	for _, form := range forms {
		l.saw(EntryIDs, form, x.Exchange)
	}
	own := slices.Equal(forms, []string{"own"})
	path := pathOf(x.URL)
	newer, known := l.entries[path]
	if !known {
		newer = idsOf{map[string]string{}, map[string]string{}, map[string]string{}}
		l.entries[path] = newer
	}
	if own {
		now := idsBy(booked, "transactionId", "entryReference", "_links")
		if common, renamed := differing(now, newer.booked); renamed > 1 && renamed*2 > common {
			l.saw(EntryIDs, "renamed", x.Exchange)
		}
		keep(newer.booked, now)
	}
	loose := []string{"transactionId", "entryReference", "_links", "bookingDate", "valueDate"}
	today := l.at(x.Exchange).UTC().Format(time.DateOnly)
	for content, id := range idsBy(pending, loose...) {
		if other, there := newer.loose[content]; there && other != id && newer.days[other] >= today {
			l.saw(EntryIDs, "renamedOnBooking", x.Exchange)
		}
	}
	if own {
		keep(newer.loose, idsBy(booked, loose...))
		for _, each := range booked {
			newer.days[textIn(each, "transactionId")] = textIn(each, "bookingDate")
		}
	}
}

// idForms says what the ids of a page are; nothing where it has no transactions.
func idForms(booked []map[string]any) (forms []string) {
	seen, ids := map[string]bool{}, map[string]bool{}
	for _, each := range booked {
		id, is := each["transactionId"].(string)
		form := "own"
		switch {
		case is && hidden(id):
			continue
		case !is || id == "":
			form = "missing"
		case strings.TrimSpace(id) == "":
			form = "blank"
		case id == "NOTPROVIDED":
			form = "placeholder"
		case ids[id]:
			form = "double"
		}
		seen[form], ids[id] = true, true
	}
	if len(seen) > 1 {
		delete(seen, "own") // which some have, so nothing can be built on it
	}
	return slices.Sorted(maps.Keys(seen))
}

// idsBy returns ids by what else a transaction says, but for some members; those that a page has
// twice are left out.
func idsBy(entries []map[string]any, without ...string) map[string]string {
	ids, twice := map[string]string{}, map[string]bool{}
	for _, each := range entries {
		rest := maps.Clone(each)
		for _, name := range without {
			delete(rest, name)
		}
		text, err := json.Marshal(rest)
		id := textIn(each, "transactionId")
		if err != nil || id == "" || hidden(id) {
			continue
		}
		content := string(text)
		if _, there := ids[content]; there {
			twice[content] = true
		}
		ids[content] = id
	}
	maps.DeleteFunc(ids, func(content, _ string) bool { return twice[content] })
	return ids
}

// differing counts what both have, and what of it has another id in each.
func differing(now, newer map[string]string) (common, renamed int) {
	for content, id := range now {
		if other, both := newer[content]; both {
			if common++; other != id {
				renamed++
			}
		}
	}
	return common, renamed
}

func keep(kept, more map[string]string) {
	for content, id := range more {
		if _, there := kept[content]; !there && len(kept) < mostIDs {
			kept[content] = id
		}
	}
}
