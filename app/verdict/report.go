package verdict

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"consentry/app/bank"
	"consentry/app/quirk"
	"consentry/storage"
	"consentry/xs2a/conformance"
	"consentry/xs2a/record"
)

// Scope is what a report is about. What is empty does not narrow; an environment or a
// flow is named.
type Scope struct {
	Environment string
	BIC         string // a bank of the environment
	Flow        string // a consent or payment, in place of an environment
	After       int64  // exchanges recorded after this one
}

// MostReported is how many exchanges a report looks at, the newest.
const MostReported = 5000

// Report sums up what a bank or an environment did, held to the official definition.
type Report struct {
	Environment     string `json:"environment"`
	EnvironmentName string `json:"environmentName"`
	BIC             string `json:"bic,omitempty"`
	BankName        string `json:"bankName,omitempty"`
	Flow            string `json:"flow,omitempty"`

	Definitions []Definition `json:"definitions"` // that the exchanges were held to
	MadeAt      time.Time    `json:"madeAt"`
	From        time.Time    `json:"from,omitzero"` // of the first exchange
	To          time.Time    `json:"to,omitzero"`   // of the last
	Exchanges   int          `json:"exchanges"`
	Older       bool         `json:"older"` // there are older ones that were not looked at

	Kept      int `json:"kept"`
	Departing int `json:"departing"`
	Undefined int `json:"undefined"` // of operations the definition does not have

	Banks      []Bank       `json:"banks,omitempty"` // of an environment, those that depart most first
	Operations []Operation  `json:"operations"`      // of the definition, those that were seen first
	Beyond     []Beyond     `json:"beyond,omitempty"`
	Interfaces []Interface  `json:"interfaces"`       // what their descriptions list, those that are spoken first
	Quirks     []quirk.Deck `json:"quirks,omitempty"` // of the banks in them, as far as these exchanges show them
	Cases      []Case       `json:"cases"`            // the exchanges, the oldest first
}

// Definition names a published definition.
type Definition struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Publisher string `json:"publisher"`
}

// Bank sums up the exchanges with a bank of an environment.
type Bank struct {
	BIC       string `json:"bic"` // empty: its directory, and where tokens are given out
	Name      string `json:"name,omitempty"`
	Exchanges int    `json:"exchanges"`
	Departing int    `json:"departing"`
}

// Operation is one of the definition's, with what was seen of it.
type Operation struct {
	Name       string      `json:"name"`
	Seen       int         `json:"seen"`
	Departing  int         `json:"departing"`
	Median     Millis      `json:"medianMs"`
	Slowest    Millis      `json:"slowestMs"`
	Statuses   []Status    `json:"statuses,omitempty"`
	Departures []Departure `json:"departures,omitempty"`

	took []time.Duration
}

// Status counts the answers with a status; 0: none came.
type Status struct {
	Status int `json:"status"`
	Count  int `json:"count"`
}

// Departure is a way in which exchanges of an operation depart from the definition.
type Departure struct {
	Side   conformance.Side `json:"side"`
	In     conformance.In   `json:"in"`
	Name   string           `json:"name,omitempty"` // elements of lists are *
	Rule   conformance.Rule `json:"rule"`
	Wants  string           `json:"wants,omitempty"`
	Value  string           `json:"value"` // of the latest
	Clause string           `json:"clause"`
	Count  int              `json:"count"`
	Latest int64            `json:"latestExchange"` // 0 in those of one exchange
}

// Beyond counts exchanges of something the definition does not have.
type Beyond struct {
	Operation string `json:"operation"` // as record.OperationOf names it
	Count     int    `json:"count"`
	Latest    int64  `json:"latestExchange"`
}

// Case is one exchange.
type Case struct {
	Exchange   int64               `json:"exchange"`
	Bank       string              `json:"bank,omitempty"` // its BIC or id; empty for the directory
	Operation  string              `json:"operation"`
	Started    time.Time           `json:"started"`
	Took       Millis              `json:"tookMs"`
	Status     int                 `json:"status"`
	Outcome    conformance.Outcome `json:"outcome"`
	Violations []string            `json:"violations,omitempty"`
	Unseen     []string            `json:"notLookedAt,omitempty"`
}

// Millis is a time that is told in milliseconds.
type Millis time.Duration

// MarshalJSON implements json.Marshaler.
func (m Millis) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(m).Microseconds()) / 1000)
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Millis) UnmarshalJSON(text []byte) error {
	var ms float64
	err := json.Unmarshal(text, &ms)
	*m = Millis(ms * float64(time.Millisecond))
	return err
}

// Write writes the report as JSON.
func (r Report) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// SeenOperations counts the operations of the definition that were seen.
func (r Report) SeenOperations() (n int) {
	for _, one := range r.Operations {
		if one.Seen > 0 {
			n++
		}
	}
	return n
}

// Described counts the 62 operations that the descriptions of the interfaces list, and how
// many of them were seen.
func (r Report) Described() (seen, all int) {
	for _, one := range r.Interfaces {
		s, n := one.Of(false)
		seen, all = seen+s, all+n
	}
	return seen, all
}

// Reports reports whether a report can be made of a flow: with which bank it was is known.
func (v *Verdicts) Reports(ctx context.Context, flow string) (bool, error) {
	if flow == "" || flow == bank.DirectoryFlow || storage.RecordingOf(flow) != "" {
		return false, nil
	}
	at, err := v.places(ctx)
	if err != nil {
		return false, err
	}
	of, err := at.ofWhole(ctx, flow)
	return of.environment != "", err
}

// Report makes a report, or returns ErrNotFound where there is no such environment or flow.
func (v *Verdicts) Report(ctx context.Context, scope Scope) (Report, error) {
	if err := v.Flush(ctx); err != nil {
		return Report{}, err
	}
	at, err := v.places(ctx)
	if err != nil {
		return Report{}, err
	}
	if scope.Flow != "" {
		of, err := at.ofWhole(ctx, scope.Flow)
		if err != nil {
			return Report{}, err
		}
		scope.Environment, scope.BIC = of.environment, of.bic
	}
	environment, known := at.environment(scope.Environment)
	if !known {
		return Report{}, storage.ErrNotFound
	}
	s := &summary{Report: Report{
		Environment: environment.ID, EnvironmentName: environment.Name, BIC: scope.BIC, Flow: scope.Flow, MadeAt: v.Now(), Definitions: []Definition{}, Operations: []Operation{}, Cases: []Case{},
	}, at: at, scope: scope, operations: map[string]*Operation{}, described: described{}, quirks: v.Quirks.Learn()}
	s.heldTo(conformance.SourceOf(environment.ProfileOf(scope.BIC).Dialect))
	if err := s.read(ctx, v.Store); err != nil {
		return Report{}, err
	}
	if s.Quirks, err = s.quirks.Decks(ctx, environment.ID); err != nil {
		return Report{}, err
	}
	return s.Report, s.finish(spoken(environment, scope.BIC))
}

// spoken are the dialects of a bank, or of an environment.
func spoken(e storage.Environment, bic string) []string {
	dialects := []string{e.ProfileOf(bic).Dialect}
	if bic != "" {
		return dialects
	}
	for _, one := range e.Banks {
		if dialect := e.ProfileFor(one).Dialect; !slices.Contains(dialects, dialect) {
			dialects = append(dialects, dialect)
		}
	}
	return dialects
}

// summary is a report that is being made.
type summary struct {
	Report
	at         *places
	scope      Scope
	operations map[string]*Operation
	described
	quirks *quirk.Learning
}

// step is how many exchanges are read at once: each may have bodies of 64 KB.
const step = 50

func (s *summary) read(ctx context.Context, store *storage.Store) error {
	flows, err := s.flows(ctx, store)
	if err != nil {
		return err
	}
	for before := int64(0); ; {
		page, err := store.Exchanges(ctx, storage.ExchangeQuery{FlowIDs: flows, Before: before, After: s.scope.After}, step)
		if err != nil {
			return err
		}
		for _, e := range page {
			before = e.ID
			if s.Exchanges == MostReported {
				s.Older = true
				return nil
			}
			if err := s.add(ctx, e); err != nil {
				return err
			}
		}
		if len(page) < step {
			return nil
		}
	}
}

// flows are those in which exchanges of the scope may be: also those that left nothing, as
// where a bank refused to make the consent.
func (s *summary) flows(ctx context.Context, store *storage.Store) ([]string, error) {
	if s.scope.Flow != "" {
		return []string{s.scope.Flow}, nil
	}
	flows := []string{}
	consents, err := store.Consents(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range consents {
		if c.EnvironmentID == s.scope.Environment && (s.scope.BIC == "" || s.scope.BIC == c.BIC) {
			flows = append(flows, c.ID)
			s.at.flows[c.ID] = place{environment: c.EnvironmentID, bic: c.BIC, bank: c.BankName}
		}
	}
	payments, err := store.Payments(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range payments {
		if p.EnvironmentID == s.scope.Environment && (s.scope.BIC == "" || s.scope.BIC == p.BIC) {
			flows = append(flows, p.ID)
			s.at.flows[p.ID] = place{environment: p.EnvironmentID, bic: p.BIC, bank: p.BankName}
		}
	}
	others, err := store.OtherFlows(ctx) // such as those of refused requests for a consent
	return append(flows, others...), err
}

// add adds one exchange; they come the newest first.
func (s *summary) add(ctx context.Context, e storage.Exchange) error {
	of, err := s.at.of(ctx, e)
	if err != nil || of.environment != s.scope.Environment || s.scope.BIC != "" && of.bic != s.scope.BIC {
		return err
	}
	verdict, err := s.at.judge(ctx, e)
	if err != nil {
		return err
	}
	if of.bic != "" {
		if err := s.quirks.Add(ctx, of.bic, of.bank, e); err != nil {
			return err
		}
	}
	if s.scope.BIC != "" {
		s.BankName = cmp.Or(s.BankName, of.bank)
	} else {
		s.addBank(of, verdict)
	}
	if s.Exchanges++; s.Exchanges == 1 {
		s.To = e.Started
	}
	s.From = e.Started
	environment, _ := s.at.environment(of.environment)
	s.described.count(environment.ProfileOf(of.bic).Dialect, e.Method, e.URL)
	outcome := verdict.Outcome()
	one := Case{Exchange: e.ID, Bank: of.bic, Operation: verdict.Operation, Started: e.Started, Took: Millis(e.Took), Status: e.Status, Outcome: outcome}
	if outcome == conformance.Undefined {
		s.Undefined++
		s.addBeyond(e)
		one.Operation = record.OperationOf(e.Method, e.URL, e.Request.Body).ID
	} else {
		s.heldTo(verdict.Source)
		s.count(e, verdict)
		for _, each := range verdict.Violations {
			one.Violations = append(one.Violations, each.String())
		}
		for _, each := range verdict.Unseen {
			one.Unseen = append(one.Unseen, each.Place.String()+": "+string(each.Why))
		}
	}
	s.Cases = append(s.Cases, one)
	return nil
}

// heldTo notes a definition; there may be several in one environment.
func (s *summary) heldTo(source *conformance.Source) {
	if source == nil {
		return
	}
	if one := (Definition{source.Name, source.Version, source.Publisher}); !slices.Contains(s.Definitions, one) {
		s.Definitions = append(s.Definitions, one)
	}
}

func (s *summary) addBeyond(e storage.Exchange) {
	id := record.OperationOf(e.Method, e.URL, e.Request.Body).ID
	at := slices.IndexFunc(s.Beyond, func(b Beyond) bool { return b.Operation == id })
	if at < 0 {
		s.Beyond = append(s.Beyond, Beyond{Operation: id, Latest: e.ID})
		at = len(s.Beyond) - 1
	}
	s.Beyond[at].Count++
}

func (s *summary) count(e storage.Exchange, verdict conformance.Verdict) {
	one := s.operations[verdict.Operation]
	if one == nil {
		one = &Operation{Name: verdict.Operation}
		s.operations[verdict.Operation] = one
	}
	one.Seen++
	one.took = append(one.took, e.Took)
	at := slices.IndexFunc(one.Statuses, func(s Status) bool { return s.Status == e.Status })
	if at < 0 {
		one.Statuses = append(one.Statuses, Status{Status: e.Status})
		at = len(one.Statuses) - 1
	}
	one.Statuses[at].Count++
	if len(verdict.Violations) == 0 {
		s.Kept++
		return
	}
	s.Departing++
	one.Departing++
	for _, each := range verdict.Violations {
		one.depart(e.ID, each)
	}
}

// element is the number of an element in a pointer.
var element = regexp.MustCompile(`/[0-9]+(/|$)`)

func (s *summary) addBank(of place, verdict conformance.Verdict) {
	at := slices.IndexFunc(s.Banks, func(one Bank) bool { return one.BIC == of.bic })
	if at < 0 {
		s.Banks = append(s.Banks, Bank{BIC: of.bic})
		at = len(s.Banks) - 1
	}
	one := &s.Banks[at]
	one.Name = cmp.Or(one.Name, of.bank)
	one.Exchanges++
	if len(verdict.Violations) > 0 {
		one.Departing++
	}
}

func (o *Operation) depart(id int64, v conformance.Violation) {
	name := v.Name
	if v.In == conformance.InBody {
		name = element.ReplaceAllString(name, "/*$1")
	}
	at := slices.IndexFunc(o.Departures, func(d Departure) bool {
		return d.Side == v.Side && d.In == v.In && d.Name == name && d.Rule == v.Rule && d.Clause == v.Clause
	})
	if at < 0 {
		o.Departures = append(o.Departures, Departure{Side: v.Side, In: v.In, Name: name, Rule: v.Rule, Wants: v.Wants, Value: v.Value, Clause: v.Clause, Latest: id})
		at = len(o.Departures) - 1
	}
	o.Departures[at].Count++
}

// Departures sums up the violations of one exchange: those that differ in the element of a
// list alone are one.
func Departures(v conformance.Verdict) []Departure {
	var all Operation
	for _, each := range v.Violations {
		all.depart(0, each)
	}
	return all.Departures
}

// finish puts in order what was counted, and adds what was not seen.
func (s *summary) finish(dialects []string) error {
	slices.Reverse(s.Cases)
	for _, dialect := range dialects {
		names, err := conformance.Operations(dialect)
		if err != nil {
			return err
		}
		for _, name := range names {
			if s.operations[name] == nil {
				s.operations[name] = &Operation{Name: name}
			}
		}
	}
	s.Interfaces = s.described.interfaces(func(dialect string) bool { return slices.Contains(dialects, dialect) })
	slices.SortFunc(s.Banks, func(a, b Bank) int {
		return cmp.Or(b.Departing-a.Departing, strings.Compare(a.Name, b.Name), strings.Compare(a.BIC, b.BIC))
	})
	for _, one := range s.operations {
		slices.Sort(one.took)
		if n := len(one.took); n > 0 {
			one.Median, one.Slowest = Millis(one.took[n/2]), Millis(one.took[n-1])
		}
		slices.SortFunc(one.Statuses, func(a, b Status) int { return a.Status - b.Status })
		s.Operations = append(s.Operations, *one)
	}
	slices.SortFunc(s.Operations, func(a, b Operation) int {
		if (a.Seen > 0) != (b.Seen > 0) {
			if a.Seen > 0 {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return nil
}
