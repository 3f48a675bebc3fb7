package frontend

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"consentry/app/verdict"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/xs2a/conformance"
)

// marks are the verdicts on the exchanges of a list, by their ids.
type marks map[int64]verdict.Mark

// badge is what a list says to testers of an exchange that departs from the definition; nothing of others.
func (m marks) badge(ctx context.Context, id int64) templ.Component {
	mark := m[id]
	if mark.Outcome != conformance.Departs || !forTesting(ctx) {
		return templ.NopComponent
	}
	return ui.Badge(ui.Warn, words.N(ctx, mark.Departures, "%d departure", "%d departures"))
}

// definitions shows the official definitions, and where they are not held to the letter.
func (s *Server) definitions(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, Page{Title: words.T(r.Context(), "Official definitions"), Section: SectionActivity}, definitionsScreen(conformance.Sources))
}

// verdictWords are a verdict in a word.
var verdictWords = map[conformance.Outcome]struct {
	ui.Tone
	Word words.Text
}{
	conformance.Kept:      {ui.Good, "Keeps to it"},
	conformance.Departs:   {ui.Warn, "Departs from it"},
	conformance.Undefined: {ui.Neutral, "Not defined there"},
}

func verdictBadge(ctx context.Context, outcome conformance.Outcome) templ.Component {
	said := verdictWords[outcome]
	return ui.Badge(said.Tone, words.T(ctx, said.Word))
}

// sourceName names a definition with its version.
func sourceName(source *conformance.Source) string { return source.Name + " " + source.Version }

// departureColumns are those of tables of departures.
func departureColumns(ctx context.Context) []ui.Column {
	return []ui.Column{{Title: words.T(ctx, "Where")}, {Title: words.T(ctx, "Rule")}, {Title: words.T(ctx, "What stood there")}, {Title: words.T(ctx, "How often"), Figure: true}}
}

// definedWords say what a rule asks for. Those with %s are followed by what exactly.
var definedWords = map[conformance.Rule]struct{ alone, with words.Text }{
	conformance.RuleMethod:    {"The address has no such method", "The address has %s alone"},
	conformance.RuleStatus:    {"This status is not defined for the operation", "The status is to be one of: %s"},
	conformance.RuleMediaType: {"This kind of content is not defined", "The content is to be of the kind %s"},
	conformance.RuleBody:      {"There is to be a body", "There is to be a body of the kind %s"},
	conformance.RuleNoBody:    {"No body is defined for it", ""},
	conformance.RuleJSON:      {"It is to be JSON", ""},
	conformance.RuleRequired:  {"It is required, and is not there", ""},
	conformance.RuleType:      {"It is of the wrong type", "It is to be of the type %s"},
	conformance.RuleNull:      {"It is not to be null", ""},
	conformance.RuleEnum:      {"It is none of the values defined", "It is to be one of: %s"},
	conformance.RulePattern:   {"It does not have the form defined", "It is to match %s"},
	conformance.RuleFormat:    {"It does not have the format defined", "It is to have the format %s"},
	conformance.RuleShort:     {"It is too short", "It is to have %s characters at least"},
	conformance.RuleLong:      {"It is too long", "It is to have %s characters at most"},
	conformance.RuleFew:       {"It has too few elements", "It is to have %s elements at least"},
	conformance.RuleMany:      {"It has too many elements", "It is to have %s elements at most"},
	conformance.RuleLow:       {"It is too small", "It is to be %s at least"},
	conformance.RuleForm:      {"It has none of the forms defined, or several at once", ""},
}

func ruleText(ctx context.Context, rule conformance.Rule, wants string) string {
	said := definedWords[rule]
	if wants == "" || said.with == "" {
		return words.T(ctx, said.alone)
	}
	return words.T(ctx, said.with, wants)
}

// placeWords say where in an exchange something stands.
func placeWords(ctx context.Context, p conformance.Place) string {
	switch {
	case p.Side == conformance.Request && p.In == conformance.InAddress:
		return words.T(ctx, "Address of the request")
	case p.Side == conformance.Request && p.In == conformance.InPath:
		return words.T(ctx, "%s in the path of the address", p.Name)
	case p.Side == conformance.Request && p.In == conformance.InQuery:
		return words.T(ctx, "%s behind the address", p.Name)
	case p.Side == conformance.Request && p.In == conformance.InHeader && p.Name == "":
		return words.T(ctx, "Header of the request")
	case p.Side == conformance.Request && p.In == conformance.InHeader:
		return words.T(ctx, "%s in the header of the request", p.Name)
	case p.Side == conformance.Request && p.Name == "":
		return words.T(ctx, "Body of the request")
	case p.Side == conformance.Request:
		return words.T(ctx, "%s in the body of the request", p.Name)
	case p.In == conformance.InStatus:
		return words.T(ctx, "Status of the answer")
	case p.In == conformance.InHeader && p.Name == "":
		return words.T(ctx, "Header of the answer")
	case p.In == conformance.InHeader:
		return words.T(ctx, "%s in the header of the answer", p.Name)
	case p.Name == "":
		return words.T(ctx, "Body of the answer")
	}
	return words.T(ctx, "%s in the body of the answer", p.Name)
}

// whyWords say why something was not looked at.
var whyWords = map[conformance.Why]words.Text{
	conformance.WhySecret:   "A secret was taken out of it",
	conformance.WhyCut:      "Its end was not kept: what is there was looked at",
	conformance.WhyLetGo:    "It was let go to make room",
	conformance.WhyBinary:   "It is no text and was not kept",
	conformance.WhyNotJSON:  "It is no JSON and has a schema of its own",
	conformance.WhyOwnWords: "This interface takes the definition’s requests and answers in words of its own",
	conformance.WhyNoAnswer: "No whole answer came",
}

// mistakeWords explain the known mistakes of the definitions.
var mistakeWords = map[string]struct{ name, why words.Text }{
	conformance.BareList: {"A list in an envelope",
		"The schema has a bare list. The example beside it, the publisher’s documentation and what it sends have the list in an envelope. The envelope is held."},
	conformance.Unanchored: {"Patterns hold for the whole value",
		"As published, a pattern matches anywhere in a value, so that “1,50” passes as an amount. Each is held to the whole value."},
	conformance.Overlap: {"One of several forms is enough",
		"A body is to have exactly one of several forms. The forms overlap, so that no filled body ever has one alone. One at least is held."},
	conformance.IPv4: {"A person’s address may be IPv6",
		"The definition has IPv4 alone for PSU-IP-Address. The guidelines name no version, and people have both. The version is not held."},
	conformance.Links: {"A link may be a path",
		"The definition calls links URIs. The guidelines have paths as well, and their examples show them. The form of links is not held."},
}
