package quirk

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/storage"
	"consentry/xs2a/record"
)

// mostReports bounds the lists of transactions that are looked into, the newest: each has as much
// as all else of a flow together.
const mostReports = 300

// mostRead bounds, in bytes, the bodies that are read as JSON, the newest: a person waits for it.
const mostRead = 16 << 20

// learner learns of a bank from exchanges with it. They come the newest first.
type learner struct {
	moments  map[string]time.Time // by X-Request-ID: when a read was, at the bank
	findings map[Kind]map[string]*Finding
	took     [24][]time.Duration
	reports  int
	bytes    int // of bodies that were read

	reads    []read               // of the ledger's kind, for quotas
	granted  map[string]int       // frequencyPerDay, by flow
	next     map[string]bool      // addresses that pages led to
	single   []seen               // lists without a further page
	entries  map[string]idsOf     // by the path of the list
	accounts map[string]accountID // by number
	periods  []period
}

// seen is an exchange that shows something, without what it said.
type seen struct {
	id int64
	at time.Time
	of string // the address that was asked for
}

func newLearner(moments map[string]time.Time) *learner {
	return &learner{
		moments: moments, findings: map[Kind]map[string]*Finding{}, granted: map[string]int{}, next: map[string]bool{},
		entries: map[string]idsOf{}, accounts: map[string]accountID{},
	}
}

// exchange is an exchange that is being looked at.
type exchange struct {
	storage.Exchange
	operation string
	request   any // bodies, where they are JSON
	answer    any
}

// add learns from an exchange.
func (l *learner) add(e storage.Exchange) {
	if e.Status == 0 {
		return // what did not come shows nothing of a bank's form
	}
	of := record.OperationOf(e.Method, e.URL, e.Request.Body)
	x := exchange{Exchange: e, operation: of.ID}
	if of.Token {
		l.refusal(x)
		return
	}
	l.took[e.Started.UTC().Hour()] = append(l.took[e.Started.UTC().Hour()], e.Took)
	if e.Status >= http.StatusBadRequest {
		l.refusal(x)
	}
	if x.lists() {
		if l.reports++; l.reports > mostReports {
			return
		}
	}
	if l.full() {
		return
	}
	l.bytes += len(x.Request.Body) + len(x.Answer.Body)
	x.request, _ = treeOf(e.Request)
	x.answer, _ = treeOf(e.Answer)
	l.approval(x)
	l.consent(x)
	l.forms(x)
	l.account(x)
	l.report(x)
}

// full reports whether no more bodies are read.
func (l *learner) full() bool { return l.bytes >= mostRead }

// lists reports whether an exchange is about a list of transactions.
func (x exchange) lists() bool {
	return x.operation == "getTransactionList" || x.operation == "getCardAccountTransactionList"
}

// worked reports whether the bank did what was asked.
func (x exchange) worked() bool { return x.Status < http.StatusBadRequest }

// saw notes that an exchange showed a value.
func (l *learner) saw(k Kind, value string, e storage.Exchange) *Finding {
	return l.sawAt(k, value, seen{id: e.ID, at: e.Started})
}

func (l *learner) sawAt(k Kind, value string, by seen) *Finding {
	of := l.findings[k]
	if of == nil {
		of = map[string]*Finding{}
		l.findings[k] = of
	}
	one := of[value]
	if one == nil {
		one = &Finding{Value: value, First: by.at, Latest: by.at}
		of[value] = one
	}
	if one.last == by.id {
		return one // an exchange shows a value once
	}
	one.last = by.id
	one.Times++
	if by.at.Before(one.First) {
		one.First = by.at
	}
	if by.at.After(one.Latest) {
		one.Latest = by.at
	}
	if len(one.Exchanges) < mostShown {
		one.Exchanges = append(one.Exchanges, by.id)
	}
	return one
}

// cards returns what was learned, in the order of the kinds.
func (l *learner) cards() (cards []Card) {
	l.lone()
	l.served()
	l.counted()
	for _, k := range kinds {
		card := Card{Kind: k.Kind, Use: useOf(k.Kind)}
		for _, one := range l.findings[k.Kind] {
			card.Learned = append(card.Learned, *one)
		}
		slices.SortFunc(card.Learned, surest)
		if k.Kind == Latency {
			card.Learned, card.Hours = l.latency()
		}
		if len(card.Learned) > 0 {
			cards = append(cards, card)
		}
	}
	return cards
}

// surest puts what was seen most often first, and of that what was seen last.
func surest(a, b Finding) int {
	return cmp.Or(b.Times-a.Times, b.Latest.Compare(a.Latest), strings.Compare(a.Value, b.Value))
}

// latency is how long answers took.
func (l *learner) latency() (all []Finding, hours []Hour) {
	var every []time.Duration
	for hour, took := range l.took {
		if len(took) == 0 {
			continue
		}
		every = append(every, took...)
		median := medianOf(took)
		hours = append(hours, Hour{Hour: hour, Times: len(took), Median: median, Millis: median.Milliseconds()})
	}
	if len(every) == 0 {
		return nil, nil
	}
	return []Finding{{Value: strconv.FormatInt(max(medianOf(every).Milliseconds(), 1), 10), Times: len(every)}}, hours
}

func medianOf(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2]
}
