package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// delta is what a TPP asks for of a report in which only what is new stands.
type delta struct {
	habit     people.DeltaHabit // empty: it asks for days
	reference string
	after     *people.Entry // that has it
	since     people.Mark   // of the last report
}

// deltasOf is how a bank tells what is new of an account.
func deltasOf(b *bank.Bank, acc *people.Account) people.DeltaHabit {
	usual := people.NoDeltas
	if b.Behaviour != nil {
		usual = cmp.Or(b.Behaviour.Deltas, usual)
	}
	return cmp.Or(acc.Books().Conduct.Deltas, usual)
}

// delta reads what is asked for of a delta, where the bank has any.
func (s *Sandbox) delta(c *call, acc shared) (d delta, err error) {
	values := c.request.URL.Query()
	byReport, err := flag(values, "deltaList")
	if err != nil {
		return d, err
	}
	d.reference = values.Get("entryReferenceFrom")
	if !byReport && d.reference == "" {
		return d, nil
	}
	if byReport && d.reference != "" {
		return d, refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "deltaList", "one of entryReferenceFrom and deltaList can be asked for")
	}
	d.habit = deltasOf(c.bank, acc.Account)
	if byReport {
		if d.habit != people.ByReport {
			return d, noDeltas("deltaList")
		}
		d.since, err = s.lastReport(c, acc)
		return d, err
	}
	if d.habit != people.ByReference && d.habit != people.ByBookingDay {
		return d, noDeltas("entryReferenceFrom")
	}
	if d.after = acc.referred(s.now(), d.reference); d.after == nil {
		return d, formatError("entryReferenceFrom", "the account has no such entry")
	}
	return d, nil
}

// flag reads a parameter that is true or false.
func flag(values url.Values, name string) (bool, error) {
	switch values.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, formatError(name, "true or false")
}

func noDeltas(name string) error {
	return refuseField(http.StatusBadRequest, "PARAMETER_NOT_SUPPORTED", name, "the bank has no such delta reports")
}

// referred returns the booked entry of a reference; nil where there is none.
func (acc shared) referred(now time.Time, reference string) *people.Entry {
	for _, e := range acc.Statement(now, true) {
		if acc.reference(e) == reference {
			return e
		}
	}
	return nil
}

// tells reports whether an entry belongs to the delta.
func (d delta) tells(e *people.Entry, booked bool) bool {
	switch {
	case d.habit == "":
		return true
	case d.after != nil: // what is pending comes after all that is booked
		return !booked || e.Follows(d.after, d.habit)
	}
	return e.PostedAfter(d.since)
}

// parameters name the delta in the links of its pages.
func (d delta) parameters(to url.Values) {
	switch {
	case d.habit == "":
	case d.after != nil:
		to.Set("entryReferenceFrom", d.reference)
	default:
		to.Set("deltaList", "true")
		to.Set("since", d.since.At.UTC().Format(time.RFC3339)+"/"+strconv.Itoa(d.since.Posted))
	}
}

// text tells the delta from others, in what is signed.
func (d delta) text() string { return fmt.Sprint(d.reference, d.since.At.Unix(), d.since.Posted) }

// lastReport is the last report of an account that a person's TPP got before this one; of a page
// that follows, the one before its first.
func (s *Sandbox) lastReport(c *call, acc shared) (people.Mark, error) {
	if sent := c.request.URL.Query().Get("since"); sent != "" {
		at, posted, _ := strings.Cut(sent, "/")
		var m people.Mark
		var failed error
		if m.At, failed = time.Parse(time.RFC3339, at); failed == nil {
			m.At = m.At.In(s.now().Location())
			m.Posted, failed = strconv.Atoi(posted)
		}
		if failed != nil {
			return m, formatError("since", "this page belongs to no list of the bank")
		}
		return m, nil
	}
	if last := s.state.Reports[reportKey(c, acc)]; last != nil {
		m := *last
		m.At = m.At.In(s.now().Location())
		return m, nil
	}
	return people.Mark{}, nil
}

// noteReport notes that a report of an account is being told, whether it arrives or not.
func (s *Sandbox) noteReport(c *call, acc shared) {
	if s.state.Reports == nil { // a state file of before
		s.state.Reports = map[string]*people.Mark{}
	}
	m := acc.Posting(s.now())
	s.state.Reports[reportKey(c, acc)] = &m
	s.state.touch()
}

func reportKey(c *call, acc shared) string {
	return c.bank.BIC + " " + c.consent.PSU + " " + strconv.Itoa(acc.Number)
}
