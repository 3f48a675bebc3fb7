package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"consentry/app/activity"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/record"
)

const (
	// comparisonPath lays two exchanges side by side, flowComparisonPath two flows.
	comparisonPath     = "/activity/comparison"
	flowComparisonPath = comparisonPath + "/flows"

	// alikeAtOnce is how many there are to choose from, of each kind.
	alikeAtOnce = 30

	// comparedAtOnce is how many exchanges of a flow are laid beside another's.
	comparedAtOnce = 300
)

// exchangesPath leads to two exchanges side by side; without the second, to the choice of it.
func exchangesPath(a, b int64) string {
	query := url.Values{"a": {strconv.FormatInt(a, 10)}}
	if b != 0 {
		query.Set("b", strconv.FormatInt(b, 10))
	}
	return withQuery(comparisonPath, query)
}

// flowsPath does the same of flows.
func flowsPath(a, b string) string {
	query := url.Values{"a": {a}}
	if b != "" {
		query.Set("b", b)
	}
	return withQuery(flowComparisonPath, query)
}

// comparisonView is two exchanges side by side, or one and those it may be laid beside.
type comparisonView struct {
	A, B  storage.Exchange
	Parts []comparedPart
	Alike []storage.Exchange // to choose from, where B is none
}

// comparedPart is a part of both exchanges, with what differs in it and what does not.
type comparedPart struct {
	Part         record.Part
	Differ, Same []record.Difference
}

// comparison lays two exchanges side by side.
func (s *Server) comparison(w http.ResponseWriter, r *http.Request) error {
	var view comparisonView
	var err error
	if view.A, err = s.exchangeNumbered(r, "a"); err != nil {
		return err
	}
	title := words.T(r.Context(), "Side by side")
	if !r.URL.Query().Has("b") {
		if view.Alike, err = s.app.Record().Alike(r.Context(), view.A, alikeAtOnce); err != nil {
			return err
		}
		return s.page(w, r, Page{Title: title, Section: SectionActivity}, chooseExchangeScreen(view))
	}
	if view.B, err = s.exchangeNumbered(r, "b"); err != nil {
		return err
	}
	view.Parts = comparedParts(record.Compare(view.A.Exchange, view.B.Exchange))
	return s.page(w, r, Page{Title: title, Section: SectionActivity}, comparisonScreen(view))
}

// exchangeNumbered is the exchange that an address names.
func (s *Server) exchangeNumbered(r *http.Request, name string) (storage.Exchange, error) {
	id, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	if err != nil {
		return storage.Exchange{}, storage.ErrNotFound
	}
	return s.app.Record().Exchange(r.Context(), id)
}

func comparedParts(all []record.Difference) (parts []comparedPart) {
	for _, d := range all {
		if len(parts) == 0 || parts[len(parts)-1].Part != d.Part {
			parts = append(parts, comparedPart{Part: d.Part})
		}
		last := &parts[len(parts)-1]
		if d.Same() {
			last.Same = append(last.Same, d)
		} else {
			last.Differ = append(last.Differ, d)
		}
	}
	return parts
}

// comparedPartWords name the parts of an exchange.
var comparedPartWords = map[record.Part]words.Text{
	record.PartAddress: "Address", record.PartRequestHeader: "Header of the request", record.PartRequestBody: "Body of the request",
	record.PartStatus: "How it ended", record.PartAnswerHeader: "Header of the answer", record.PartAnswerBody: "Body of the answer",
}

// comparedPlaceWords are the names of places that are the program's own.
var comparedPlaceWords = map[string]words.Text{"method": "Method", "host": "Host", "path": "Path", "address": "Address", "status": "Status", "error": "Error"}

// placeName names a place: as it stands in the exchange, or in words.
func placeName(ctx context.Context, d record.Difference) string {
	if d.Part == record.PartAddress || d.Part == record.PartStatus {
		if named := comparedPlaceWords[d.Place]; named != "" {
			return words.T(ctx, named)
		}
	}
	if d.Place == "" {
		return words.T(ctx, "The whole")
	}
	return d.Place
}

// differences says how many differences there are that may mean something.
func (view comparisonView) differences(ctx context.Context) string {
	count := 0
	for _, part := range view.Parts {
		count += record.Differ(part.Differ)
	}
	if count == 0 {
		return words.T(ctx, "They do not differ, but for what is another in each exchange.")
	}
	return words.N(ctx, count, "They differ in %d place.", "They differ in %d places.")
}

// differenceMark says of a place how it differs; nothing where that is to be seen.
func differenceMark(ctx context.Context, d record.Difference) string {
	switch {
	case d.Usual:
		return words.T(ctx, "another in each exchange")
	case !d.InB:
		return words.T(ctx, "only in the first")
	case !d.InA:
		return words.T(ctx, "only in the second")
	}
	return words.T(ctx, "differs")
}

// flowComparisonView is two flows side by side, or one and those it may be laid beside.
type flowComparisonView struct {
	A, B   flowLine
	Steps  []comparedStep
	More   bool       // one of them has more exchanges than are compared
	Choice []flowLine // to choose from, where B is none
}

// comparedStep is a step of both flows, or of one.
type comparedStep struct {
	A, B   *storage.Exchange // nil where there is none
	Differ int               // in how many places that may mean something
}

// flowComparison lays two flows side by side, step by step.
func (s *Server) flowComparison(w http.ResponseWriter, r *http.Request) error {
	var view flowComparisonView
	title := words.T(r.Context(), "Side by side")
	first, err := s.app.Record().Flow(r.Context(), r.URL.Query().Get("a"))
	if err != nil {
		return err
	}
	view.A = s.flowLine(first, false)
	if !r.URL.Query().Has("b") {
		if view.Choice, err = s.otherFlows(r.Context(), first.ID); err != nil {
			return err
		}
		return s.page(w, r, Page{Title: title, Section: SectionActivity}, chooseFlowScreen(view))
	}
	second, err := s.app.Record().Flow(r.Context(), r.URL.Query().Get("b"))
	if err != nil {
		return err
	}
	view.B = s.flowLine(second, false)
	a, err := s.exchangesOf(r.Context(), first.ID)
	if err != nil {
		return err
	}
	b, err := s.exchangesOf(r.Context(), second.ID)
	if err != nil {
		return err
	}
	view.More = first.Count > len(a) || second.Count > len(b)
	view.Steps = comparedSteps(a, b)
	return s.page(w, r, Page{Title: title, Section: SectionActivity}, flowComparisonScreen(view))
}

// otherFlows are those a flow may be laid beside: of recordings, and the latest of one's own.
func (s *Server) otherFlows(ctx context.Context, but string) (lines []flowLine, err error) {
	recorded, err := s.app.Record().RecordedFlows(ctx, alikeAtOnce)
	if err != nil {
		return nil, err
	}
	own, err := s.app.Record().Flows(ctx, 0, alikeAtOnce)
	for _, one := range slices.Concat(recorded, own) {
		if one.ID != but {
			lines = append(lines, s.flowLine(one, false))
		}
	}
	return lines, err
}

// exchangesOf are the exchanges of a flow, the first first: the latest of them, where there
// are more than are compared.
func (s *Server) exchangesOf(ctx context.Context, flow string) ([]storage.Exchange, error) {
	all, err := s.app.Record().Exchanges(ctx, storage.ExchangeQuery{FlowID: &flow}, comparedAtOnce)
	slices.Reverse(all)
	return all, err
}

func comparedSteps(a, b []storage.Exchange) (steps []comparedStep) {
	for _, at := range record.Align(recordedOf(a), recordedOf(b)) {
		var step comparedStep
		if at.A >= 0 {
			step.A = &a[at.A]
		}
		if at.B >= 0 {
			step.B = &b[at.B]
		}
		if step.A != nil && step.B != nil {
			step.Differ = record.Differ(record.Compare(step.A.Exchange, step.B.Exchange))
		}
		steps = append(steps, step)
	}
	return steps
}

func recordedOf(all []storage.Exchange) []record.Exchange {
	exchanges := make([]record.Exchange, len(all))
	for i, e := range all {
		exchanges[i] = e.Exchange
	}
	return exchanges
}

// name is what a step was for.
func (step comparedStep) name(ctx context.Context) string {
	if step.A != nil {
		return stepWords(ctx, step.A.Step)
	}
	return stepWords(ctx, step.B.Step)
}

// mark says how a step differs.
func (step comparedStep) mark(ctx context.Context) string {
	switch {
	case step.B == nil:
		return words.T(ctx, "only in the first")
	case step.A == nil:
		return words.T(ctx, "only in the second")
	case step.Differ == 0:
		return words.T(ctx, "the same")
	}
	return words.N(ctx, step.Differ, "%d difference", "%d differences")
}

// href leads to both exchanges side by side, or to the only one.
func (step comparedStep) href() string {
	switch {
	case step.B == nil:
		return exchangePath(step.A.ID)
	case step.A == nil:
		return exchangePath(step.B.ID)
	}
	return exchangesPath(step.A.ID, step.B.ID)
}

// from says where a flow is from, beside its name.
func from(ctx context.Context, flow activity.Flow) string {
	if flow.Recording != nil {
		return words.T(ctx, "from %s", flow.Recording.FileName)
	}
	return words.T(ctx, "your own activity")
}

// exchangeOrigin says when an exchange was, where that is known, and where it is from.
func exchangeOrigin(ctx context.Context, e storage.Exchange) string {
	origin := words.T(ctx, "your own activity")
	if e.ID < 0 {
		origin = words.T(ctx, "from a recording")
	}
	if e.Started.IsZero() {
		return origin
	}
	return whenText(ctx, e.Started) + " · " + origin
}
