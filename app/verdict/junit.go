package verdict

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"consentry/app/quirk"
	"consentry/xs2a/conformance"
)

// The report as JUnit XML, as build servers read it: a suite is an operation, a case an
// exchange. What departs from the definition is a failure, an exchange without an answer an
// error; what was not seen, or is no matter of the definition, was skipped.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    string        `xml:"time,attr"`
		Skipped *junitText    `xml:"skipped"`
		Error   *junitText    `xml:"error"`
		Failure *junitText    `xml:"failure"`
		Output  *junitContent `xml:"system-out"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
	junitContent struct {
		Text string `xml:",chardata"`
	}
)

// WriteJUnit writes the report as JUnit XML.
func (r Report) WriteJUnit(w io.Writer) error {
	suites := junitSuites{Name: strings.TrimSpace(r.EnvironmentName + " " + r.BankName)}
	var took time.Duration
	for _, name := range r.suiteNames() {
		suite, spent := r.suite(name)
		took += spent
		suites.add(suite)
	}
	for _, one := range r.Interfaces {
		suites.add(r.describedSuite(one))
	}
	if len(suites.Suites) > 0 {
		first := &suites.Suites[0]
		first.Properties = append(first.Properties, r.quirkProperties()...)
	}
	suites.Time = seconds(took)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// beyondSuite has the exchanges that are no matter of the definition.
const beyondSuite = "beyond the definition"

func (r Report) suiteNames() (names []string) {
	for _, one := range r.Operations {
		names = append(names, one.Name)
	}
	if r.Undefined > 0 {
		names = append(names, beyondSuite)
	}
	return names
}

func (r Report) newSuite(name string) junitSuite {
	suite := junitSuite{Name: name, Timestamp: r.MadeAt.UTC().Format("2006-01-02T15:04:05"), Hostname: "localhost", Properties: []junitProperty{
		{"environment", r.Environment}, {"bic", r.BIC},
	}}
	for _, one := range r.Definitions {
		suite.Properties = append(suite.Properties, junitProperty{"definition", one.Name + " " + one.Version})
	}
	return suite
}

func (r Report) suite(name string) (junitSuite, time.Duration) {
	suite := r.newSuite(name)
	var took time.Duration
	for _, one := range r.Cases {
		if beyond := one.Outcome == conformance.Undefined; beyond != (name == beyondSuite) || !beyond && one.Operation != name {
			continue
		}
		suite.add(caseOf(one))
		took += time.Duration(one.Took)
	}
	if suite.Tests == 0 {
		suite.add(junitCase{Name: "not seen", Class: name, Time: seconds(0), Skipped: &junitText{Message: "no exchange of this operation was recorded"}})
	}
	suite.Time = seconds(took)
	return suite, took
}

// quirkProperties are the quirks seen. They are of no operation, and stand in the first suite.
func (r Report) quirkProperties() (all []junitProperty) {
	for _, deck := range r.Quirks {
		for _, card := range deck.Cards {
			says, from := card.Says()
			all = append(all, junitProperty{"quirk." + deck.BIC + "." + string(card.Kind), strings.Join(says, " ")})
			if from == quirk.ByHand {
				all = append(all, junitProperty{"quirk." + deck.BIC + "." + string(card.Kind) + ".corrected", "true"})
			}
		}
	}
	return all
}

func (s *junitSuites) add(suite junitSuite) {
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Errors += suite.Errors
	s.Skipped += suite.Skipped
}

// describedSuite has the operations that the description of an interface lists: those that were
// seen and held to a definition passed here, as their failures stand with their exchanges; all
// others were skipped, with the reason.
func (r Report) describedSuite(of Interface) junitSuite {
	suite := r.newSuite("described operations of " + of.Name)
	suite.Time = seconds(0)
	for _, one := range of.Operations {
		test := junitCase{Name: one.Name, Class: "described." + of.Dialect, Time: seconds(0)}
		if why := skippedBecause(of, one); why != "" {
			test.Skipped = &junitText{Message: why}
		}
		suite.add(test)
	}
	return suite
}

// skippedBecause is why an operation was not held to a definition; empty: it was.
func skippedBecause(of Interface, one Described) string {
	switch {
	case !of.Spoken:
		return "not of this dialect"
	case one.Seen == 0:
		return "not seen"
	case one.Held == conformance.HoldsRequests:
		return fmt.Sprintf("seen %d times; the requests were held to the definition, the answers have words of their own", one.Seen)
	case one.Held == conformance.HoldsNothing:
		return fmt.Sprintf("seen %d times; no official definition has it", one.Seen)
	}
	return ""
}

func (s *junitSuite) add(one junitCase) {
	s.Tests++
	switch {
	case one.Skipped != nil:
		s.Skipped++
	case one.Error != nil:
		s.Errors++
	case one.Failure != nil:
		s.Failures++
	}
	s.Cases = append(s.Cases, one)
}

func caseOf(c Case) junitCase {
	name := fmt.Sprintf("exchange %d, %s, status %d", c.Exchange, c.Started.UTC().Format(time.RFC3339), c.Status)
	if c.Bank != "" {
		name += ", " + c.Bank
	}
	one := junitCase{Name: name, Class: c.Operation, Time: seconds(time.Duration(c.Took))}
	switch {
	case c.Outcome == conformance.Undefined:
		one.Skipped = &junitText{Message: "the definition has no such operation"}
	case len(c.Violations) > 0:
		one.Failure = &junitText{Message: c.Violations[0], Type: "departure", Text: strings.Join(c.Violations, "\n")}
	case c.Status == 0:
		one.Error = &junitText{Message: "no answer came", Type: "no answer"}
	}
	if len(c.Unseen) > 0 {
		one.Output = &junitContent{"not looked at:\n" + strings.Join(c.Unseen, "\n")}
	}
	return one
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
