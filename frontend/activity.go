package frontend

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/record"
)

const (
	// flowsAtOnce and exchangesAtOnce are one page of each list.
	flowsAtOnce, exchangesAtOnce = 30, 60

	// noFlow stands in addresses for exchanges that belong to none.
	noFlow = "-"
)

// activity lists flows or, once the person looks for something, exchanges.
func (s *Server) activity(w http.ResponseWriter, r *http.Request) error {
	view, err := s.activityOf(r)
	if err != nil {
		return err
	}
	switch {
	case stillSame(r, view.latest(), view.live()):
		w.WriteHeader(http.StatusNoContent)
		return nil
	case view.Before > 0 && wantsFragment(r):
		return s.fragment(w, r, foundPage(view))
	case aimsAt(r, "found"):
		return s.fragment(w, r, foundActivity(view))
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Activity"), Section: SectionActivity}, activityScreen(view))
}

func (s *Server) activityOf(r *http.Request) (activityView, error) {
	asked := r.URL.Query()
	view := activityView{Words: strings.TrimSpace(asked.Get("q")), Class: classIn(asked.Get("class")), Before: placeIn(asked.Get("before")), Lost: s.app.Record().Lost()}
	var err error
	if view.looking() {
		view.Exchanges, err = s.app.Record().Exchanges(r.Context(), storage.ExchangeQuery{Words: view.Words, Named: stepsNamed(r.Context()), Class: view.Class, Before: view.Before}, exchangesAtOnce)
		if err != nil {
			return view, err
		}
		view.Marks, err = s.app.Verdicts().Marks(r.Context(), view.Exchanges)
		return view, err
	}
	activities, err := s.app.Record().Flows(r.Context(), view.Before, flowsAtOnce)
	if err != nil {
		return view, err
	}
	if view.Before == 0 {
		if view.Made, err = s.app.Drafts().Handmade(r.Context(), ""); err != nil {
			return view, err
		}
	}
	waiting, err := s.unfinished(r.Context())
	if err != nil {
		return view, err
	}
	for _, one := range activities {
		view.Flows = append(view.Flows, s.flowLine(one, waiting[one.ID] != nil))
	}
	return view, nil
}

// stillSame reports whether a page that asks again would be shown what it shows.
func stillSame(r *http.Request, latest int64, live bool) bool {
	return wantsFragment(r) && live && r.URL.Query().Has("since") && placeIn(r.URL.Query().Get("since")) == latest
}

func (s *Server) flowLine(one activity.Flow, waiting bool) flowLine {
	line := flowLine{Flow: one}
	if one.Consent != nil {
		line.State = s.state(*one.Consent, waiting)
	}
	return line
}

// flowActivity shows the exchanges of one flow, as they happen.
func (s *Server) flowActivity(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("flow")
	if id == noFlow {
		id = ""
	}
	one, err := s.app.Record().Flow(r.Context(), id)
	if err != nil {
		return err
	}
	waiting, err := s.unfinished(r.Context())
	if err != nil {
		return err
	}
	asked := r.URL.Query()
	view := flowView{flowLine: s.flowLine(one, waiting[id] != nil), Class: classIn(asked.Get("class")), Before: exchangeIn(asked.Get("before"))}
	if stillSame(r, view.LatestID, view.Live) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	query := storage.ExchangeQuery{FlowID: &id, Class: view.Class, Before: view.Before}
	if view.Exchanges, err = s.app.Record().Exchanges(r.Context(), query, exchangesAtOnce); err != nil {
		return err
	}
	if view.Marks, err = s.app.Verdicts().Marks(r.Context(), view.Exchanges); err != nil {
		return err
	}
	if view.Reports, err = s.app.Verdicts().Reports(r.Context(), id); err != nil {
		return err
	}
	switch {
	case view.Before != 0 && wantsFragment(r):
		return s.fragment(w, r, olderExchanges(view.Exchanges, view.Marks, view.older(), forTesting(r.Context())))
	case asked.Has("since") && wantsFragment(r):
		return s.fragment(w, r, flowExchanges(view))
	}
	if err := s.forksOf(r.Context(), &view); err != nil {
		return err
	}
	return s.page(w, r, Page{Title: view.name(r.Context()), Section: SectionActivity}, flowScreen(view))
}

// exchange shows one exchange with everything that is kept of it.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	e, err := s.app.Record().Exchange(r.Context(), id)
	if err != nil {
		return err
	}
	verdict, err := s.app.Verdicts().Of(r.Context(), e)
	if err != nil {
		return err
	}
	view := exchangeView{Exchange: e, Operation: record.OperationOf(e.Method, e.URL, e.Request.Body), Verdict: verdict, Practised: s.practised(e)}
	if err := s.formerOf(r.Context(), &view); err != nil {
		return err
	}
	if from := storage.RecordingOf(e.FlowID); from != "" {
		one, _, err := s.app.Recordings().One(r.Context(), from)
		if err != nil {
			return err
		}
		view.Recording = &one
	}
	return s.page(w, r, Page{Title: stepWords(r.Context(), e.Step), Section: SectionActivity}, exchangeScreen(view))
}

// requestActivity leads to the exchange with an X-Request-ID. One that never
// went out, or is kept no more, leads to all exchanges.
func (s *Server) requestActivity(w http.ResponseWriter, r *http.Request) error {
	found, err := s.app.Record().Exchanges(r.Context(), storage.ExchangeQuery{RequestID: r.PathValue("request")}, 1)
	if err != nil {
		return err
	}
	address := "/activity"
	if len(found) > 0 {
		address = exchangePath(found[0].ID)
	}
	redirect(w, r, address)
	return nil
}

// classIn returns the class of an address; one that is none is all of them.
func classIn(text string) storage.Class {
	for _, known := range classes {
		if string(known.Class) == text {
			return known.Class
		}
	}
	return ""
}

func placeIn(text string) int64 {
	place, err := strconv.ParseInt(text, 10, 64)
	if err != nil || place < 0 {
		return 0
	}
	return place
}

// exchangeIn is the id of an exchange in an address, or 0: those of recordings lie below zero.
func exchangeIn(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// classes are the answers of the filter.
var classes = []struct {
	Class storage.Class
	Word  words.Text
}{{"", "All"}, {storage.Worked, "Worked"}, {storage.Refused, "Refused (4xx)"}, {storage.Broken, "Bank’s fault (5xx)"}, {storage.NoAnswer, "No answer"}}

// classChips filter the list at an address.
func classChips(ctx context.Context, address, text string, current storage.Class) []ui.Chip {
	chips := make([]ui.Chip, len(classes))
	for i, one := range classes {
		query := url.Values{}
		for name, value := range map[string]string{"q": text, "class": string(one.Class)} {
			if value != "" {
				query.Set(name, value)
			}
		}
		chips[i] = ui.Chip{Label: words.T(ctx, one.Word), Href: withQuery(address, query), Current: one.Class == current}
	}
	return chips
}

func withQuery(address string, query url.Values) string {
	if len(query) == 0 {
		return address
	}
	return address + "?" + query.Encode()
}

func (view activityView) looking() bool { return view.Words != "" || view.Class != "" }

func (view activityView) live() bool {
	for _, flow := range view.Flows {
		if flow.Live {
			return true
		}
	}
	return false
}

func (view activityView) latest() int64 {
	if len(view.Flows) > 0 {
		return view.Flows[0].LatestID
	}
	return 0
}

// polls reports whether the list asks again for what is new. What the person
// looks for, or leafed to, stays still.
func (view activityView) polls() bool { return view.live() && !view.looking() && view.Before == 0 }

func (view activityView) again() string {
	return "/activity?since=" + strconv.FormatInt(view.latest(), 10)
}

func (view activityView) older() string {
	query := url.Values{}
	switch {
	case view.looking() && len(view.Exchanges) == exchangesAtOnce:
		query.Set("before", strconv.FormatInt(view.Exchanges[exchangesAtOnce-1].ID, 10))
	case !view.looking() && len(view.Flows) == flowsAtOnce:
		query.Set("before", strconv.FormatInt(view.Flows[flowsAtOnce-1].LatestID, 10))
	default:
		return ""
	}
	if view.Words != "" {
		query.Set("q", view.Words)
	}
	if view.Class != "" {
		query.Set("class", string(view.Class))
	}
	return withQuery("/activity", query)
}

// found says what the list holds, for those who listen.
func (view activityView) found(ctx context.Context) string {
	if len(view.Exchanges) == exchangesAtOnce {
		return words.N(ctx, exchangesAtOnce, "The newest %d exchange of those that match", "The newest %d exchanges of those that match")
	}
	return words.N(ctx, len(view.Exchanges), "%d exchange matches", "%d exchanges match")
}

// back is where a flow hangs: in the activity, or in the recording it came with.
func (view flowView) back(ctx context.Context) ui.Link {
	if view.Recording != nil {
		return ui.Link{Label: words.T(ctx, "The recording"), Href: recordingPath(view.Recording.ID)}
	}
	return ui.Link{Label: words.T(ctx, "Activity"), Href: "/activity"}
}

// erased reports whether nothing is left of what was exchanged, since the data went.
func (view flowView) erased() bool {
	return view.Count == 0 && view.Consent != nil && !view.Consent.ErasedAt.IsZero()
}

// polls reports whether the list asks again for what is new: the newest page does,
// while the flow is under way.
func (view flowView) polls() bool { return view.Live && view.Before == 0 }

func (view flowView) again() string {
	query := url.Values{"since": {strconv.FormatInt(view.LatestID, 10)}}
	if view.Class != "" {
		query.Set("class", string(view.Class))
	}
	return withQuery(flowPath(view.ID), query)
}

func (view flowView) older() string {
	if len(view.Exchanges) < exchangesAtOnce {
		return ""
	}
	query := url.Values{"before": {strconv.FormatInt(view.Exchanges[len(view.Exchanges)-1].ID, 10)}}
	if view.Class != "" {
		query.Set("class", string(view.Class))
	}
	return withQuery(flowPath(view.ID), query)
}

// name is whom the flow is with.
func (line flowLine) name(ctx context.Context) string {
	switch {
	case line.Consent != nil:
		return line.Consent.BankName
	case line.Payment != nil:
		return line.Payment.BankName
	case line.Root != nil:
		return line.root().name(ctx)
	case line.ID == bank.DirectoryFlow:
		return words.T(ctx, "Bank directory")
	case line.Bank != "":
		return line.Bank
	case line.Host != "":
		return line.Host
	}
	return words.T(ctx, "Other exchanges")
}

// what is what the flow is about.
func (line flowLine) what(ctx context.Context) string {
	switch {
	case line.Recording != nil:
		return words.T(ctx, "Brought in from %s", line.Recording.FileName)
	case line.Consent != nil:
		return words.T(ctx, "Consent for %s", accessWithin(ctx, line.Consent.Asked.Access))
	case line.Payment != nil:
		return words.T(ctx, "Payment to %s", payeeOf(ctx, *line.Payment))
	case line.Fork != nil:
		return forkTitle(ctx, *line.Fork)
	case line.ID == bank.DirectoryFlow:
		return words.T(ctx, "Lists of banks, their details and logos")
	case line.ID == "":
		return words.T(ctx, "Not part of a consent")
	}
	return words.T(ctx, "A request that led to no consent")
}

// count says how many exchanges a flow has, and how many of them failed.
func (line flowLine) count(ctx context.Context) string {
	count := words.N(ctx, line.Count, "%d exchange", "%d exchanges")
	if line.Failed == 0 {
		return count
	}
	return words.T(ctx, "%s, %s", count, words.N(ctx, line.Failed, "%d failed", "%d failed"))
}

func (line flowLine) logo(ctx context.Context, size ui.LogoSize) templ.Component {
	if c := line.Consent; c != nil {
		return logoOf(c.EnvironmentID, c.BIC, c.BankName, size).Draw()
	}
	if p := line.Payment; p != nil {
		return logoOf(p.EnvironmentID, p.BIC, p.BankName, size).Draw()
	}
	if line.Root != nil {
		return line.root().logo(ctx, size)
	}
	return ui.Logo{Name: line.name(ctx), Size: size}.Draw()
}

// root is the flow in which a fork began.
func (line flowLine) root() flowLine { return flowLine{Flow: *line.Root} }

// badge is the outcome: the consent's state where there is one.
func (line flowLine) badge(ctx context.Context) templ.Component {
	switch {
	case line.Consent != nil:
		return line.State.badge()
	case line.Payment != nil:
		state := stateOfPayment(*line.Payment)
		return ui.Badge(state.Tone, words.T(ctx, state.Word))
	case line.Count > 0 && line.Failed == line.Count:
		return ui.Badge(ui.Bad, words.T(ctx, "All failed"))
	case line.Failed > 0:
		return ui.Badge(ui.Warn, words.T(ctx, "Some failed"))
	}
	return ui.Badge(ui.Good, words.T(ctx, "Worked"))
}

// exchangeBadge is how an exchange ended: the status as HTTP names it, where
// there is one.
func exchangeBadge(ctx context.Context, e record.Exchange) templ.Component {
	status := strings.TrimSpace(strconv.Itoa(e.Status) + " " + http.StatusText(e.Status))
	switch storage.ClassOf(e) {
	case storage.NoAnswer:
		if e.Status != 0 {
			return ui.Badge(ui.Bad, words.T(ctx, "Broke off"))
		}
		return ui.Badge(ui.Bad, words.T(ctx, "No answer"))
	case storage.Worked:
		return ui.Badge(ui.Good, status)
	}
	return ui.Badge(ui.Bad, status)
}

// requestLine is method and path, as people name an operation.
func requestLine(e record.Exchange) string {
	address := e.URL
	if _, rest, found := strings.Cut(address, "://"); found {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			address = rest[slash:]
		}
	}
	return e.Method + " " + address
}

// pathLine is the same without the query, for lists.
func pathLine(e record.Exchange) string {
	line, _, _ := strings.Cut(requestLine(e), "?")
	return line
}

// whenText is the exact time of today's exchanges, and the day of older ones.
func whenText(ctx context.Context, moment time.Time) string {
	if ui.IsToday(ctx, moment) {
		return ui.ClockText(ctx, moment)
	}
	return ui.MomentText(ctx, moment)
}

// tookWords is how long an exchange took, as exactly as it matters.
func tookWords(ctx context.Context, took time.Duration) string {
	switch {
	case took < time.Millisecond:
		return words.T(ctx, "under 1 ms")
	case took < 10*time.Second:
		return words.T(ctx, "%s ms", strconv.FormatInt(took.Milliseconds(), 10))
	}
	return words.T(ctx, "%s s", words.Decimal(ctx, took.Seconds(), 1))
}

// attendedWords say whether the bank was told that the person is there.
func attendedWords(e record.Exchange) words.Text {
	if e.Attended {
		return "You asked for it (PSU-IP-Address was sent)"
	}
	return "The bank was not told of you (no PSU-IP-Address)"
}
