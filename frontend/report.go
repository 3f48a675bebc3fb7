package frontend

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app/verdict"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/conformance"
)

// scopeIn is what a report is asked for about.
func scopeIn(r *http.Request) verdict.Scope {
	asked := r.URL.Query()
	return verdict.Scope{Environment: asked.Get("environment"), BIC: asked.Get("bank"), Flow: asked.Get("flow"), After: placeIn(asked.Get("after"))}
}

// reportView is a report as a page that prints well.
type reportView struct {
	verdict.Report
	Scope verdict.Scope
}

// report sums up what a bank, an environment or a flow kept to of the official definitions.
func (s *Server) report(w http.ResponseWriter, r *http.Request) error {
	scope := scopeIn(r)
	report, err := s.app.Verdicts().Report(r.Context(), scope)
	if err != nil {
		return err
	}
	view := reportView{report, scope}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Report, %s", view.name(r.Context())), Section: SectionActivity}, reportScreen(view))
}

// reportFormats are the files a report is saved as.
var reportFormats = map[string]struct {
	mediaType, ending string
	write             func(verdict.Report, io.Writer) error
}{
	"json":  {"application/json", ".json", verdict.Report.Write},
	"junit": {"application/xml", "-junit.xml", verdict.Report.WriteJUnit},
}

// reportFile saves a report.
func (s *Server) reportFile(w http.ResponseWriter, r *http.Request) error {
	format, known := reportFormats[r.PathValue("format")]
	if !known {
		return storage.ErrNotFound
	}
	report, err := s.app.Verdicts().Report(r.Context(), scopeIn(r))
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := format.write(report, &text); err != nil {
		return err
	}
	name := "definition-report-" + fileWord(reportView{Report: report}.name(r.Context())) + "-" + report.MadeAt.Format(time.DateOnly) + format.ending
	return save(w, format.mediaType, name, text.Bytes())
}

// name is whom the report is about.
func (view reportView) name(ctx context.Context) string {
	if view.BankName != "" {
		return view.BankName
	}
	if view.BIC != "" {
		return view.BIC
	}
	return environmentName(ctx, view.EnvironmentName)
}

func (view reportView) heading(ctx context.Context) ui.Heading {
	h := ui.Heading{Title: words.T(ctx, "Report"), Sub: view.name(ctx) + " · " + words.T(ctx, "held to the official definition"), Back: ui.Link{Label: words.T(ctx, "Activity"), Href: "/activity"}}
	if view.Scope.Flow != "" {
		h.Back = ui.Link{Label: words.T(ctx, "The flow"), Href: flowPath(view.Scope.Flow)}
	}
	return h
}

// wider are the reports around this one.
func (view reportView) wider(ctx context.Context) (chips []ui.Chip) {
	add := func(label string, scope verdict.Scope) {
		chips = append(chips, ui.Chip{Label: label, Href: reportPath(scope), Current: scope == view.Scope})
	}
	if view.Scope.Flow != "" {
		add(words.T(ctx, "This flow"), view.Scope)
	}
	if view.Scope.After > 0 {
		if view.BIC != "" {
			add(words.T(ctx, "%s in this run", view.name(ctx)), view.Scope)
		}
		add(words.T(ctx, "This run"), verdict.Scope{Environment: view.Environment, After: view.Scope.After})
	}
	if view.BIC != "" {
		add(words.T(ctx, "All of %s", view.name(ctx)), verdict.Scope{Environment: view.Environment, BIC: view.BIC})
	}
	add(words.T(ctx, "All of %s", environmentName(ctx, view.EnvironmentName)), verdict.Scope{Environment: view.Environment})
	return chips
}

// definitionNames are the definitions in a line.
func (view reportView) definitionNames(ctx context.Context) string {
	names := make([]string, len(view.Definitions))
	for i, one := range view.Definitions {
		names[i] = one.Name + " " + one.Version
	}
	return words.List(ctx, names)
}

func (view reportView) seenWords(ctx context.Context) string {
	return words.T(ctx, "%d of %s", view.SeenOperations(), words.N(ctx, len(view.Operations), "%d operation that is defined", "%d operations that are defined"))
}

// bankRow leads to the same report about one bank alone.
func (view reportView) bankRow(ctx context.Context, one verdict.Bank) ui.Row {
	if one.BIC == "" {
		return ui.Row{Title: words.T(ctx, "No bank: directory and access tokens")}
	}
	return ui.Row{Title: cmp.Or(one.Name, one.BIC), Href: reportPath(verdict.Scope{Environment: view.Environment, BIC: one.BIC, After: view.Scope.After})}
}

func (view reportView) describedTitle(ctx context.Context) string {
	seen, all := view.Described()
	return words.N(ctx, all, "Seen of the %d operation described: %s", "Seen of the %d operations described: %s", words.Figure(ctx, seen))
}

// ofWords are how many operations of an interface were seen, of how many.
func ofWords(ctx context.Context, one verdict.Interface, further bool) string {
	seen, all := one.Of(further)
	if all == 0 || !one.Spoken {
		return "–"
	}
	return words.T(ctx, "%d of %d", seen, all)
}

// heldWords say how much of an interface an official definition has.
func heldWords(ctx context.Context, one verdict.Interface) string {
	if !one.Spoken {
		return words.T(ctx, "Another dialect: nothing of it can be seen here")
	}
	requests, nothing := 0, 0
	for _, each := range one.Operations {
		switch each.Held {
		case conformance.HoldsRequests:
			requests++
		case conformance.HoldsNothing:
			nothing++
		}
	}
	held := words.T(ctx, "Requests and answers")
	if requests > 0 {
		held = words.T(ctx, "Requests alone: the answers have words of their own")
	}
	if nothing > 0 {
		held += "; " + words.N(ctx, nothing, "%d is in no definition", "%d are in no definition")
	}
	return held
}

// describedWords say of an operation how often it was seen, and what is not held.
func describedWords(ctx context.Context, one verdict.Described) string {
	said := words.T(ctx, "not seen")
	if one.Seen > 0 {
		said = words.N(ctx, one.Seen, "seen %d time", "seen %d times")
	}
	switch one.Held {
	case conformance.HoldsRequests:
		said += ", " + words.T(ctx, "its answers are not held to a definition")
	case conformance.HoldsNothing:
		said += ", " + words.T(ctx, "in no definition")
	}
	return said
}

// seen are the operations that were exchanged, unseen the others.
func (view reportView) seen() []verdict.Operation   { return view.Operations[:view.SeenOperations()] }
func (view reportView) unseen() []verdict.Operation { return view.Operations[view.SeenOperations():] }

// departing are the operations with departures, those that depart most often first.
func (view reportView) departing() (all []verdict.Operation) {
	for _, one := range view.seen() {
		if len(one.Departures) > 0 {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b verdict.Operation) int { return b.Departing - a.Departing })
	return all
}

// statusesWords are the statuses of answers, with how often each came.
func statusesWords(ctx context.Context, all []verdict.Status) string {
	texts := make([]string, len(all))
	for i, one := range all {
		status := strconv.Itoa(one.Status)
		if one.Status == 0 {
			status = words.T(ctx, "No answer")
		}
		texts[i] = status + " × " + words.Figure(ctx, one.Count)
	}
	return strings.Join(texts, ", ")
}
