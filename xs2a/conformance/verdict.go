package conformance

import "strconv"

// Verdict says whether an exchange keeps to the official definition of its interface.
type Verdict struct {
	Source     *Source // the definition; nil: none is known for the dialect
	Operation  string  // of the definition, as in "GET /v1/accounts"; empty: it has none for this
	Clause     string  // where that stands in the definition, as a JSON pointer
	Violations []Violation
	More       int // violations beyond those
	Unseen     []Unseen
}

// Outcome is a verdict in a word.
type Outcome string

// The outcomes. A verdict with something that was not looked at is Kept where the rest
// keeps to the definition.
const (
	Kept      Outcome = "kept"
	Departs   Outcome = "departs"
	Undefined Outcome = "undefined" // the definition has no such operation
	NotJudged Outcome = "notJudged" // nothing of it could be looked at
)

// Outcome returns the verdict in a word.
func (v Verdict) Outcome() Outcome {
	switch {
	case len(v.Violations) > 0:
		return Departs
	case v.Operation == "":
		return Undefined
	}
	return Kept
}

// Side is one of the two sides of an exchange.
type Side string

// The sides.
const (
	Request Side = "request"
	Answer  Side = "answer"
)

// In is a part of a message.
type In string

// The parts. A place in a body is a JSON pointer (RFC 6901); of all others a name.
const (
	InAddress In = "address"
	InPath    In = "path"
	InQuery   In = "query"
	InHeader  In = "header"
	InStatus  In = "status"
	InBody    In = "body"
)

// Place is where something stands.
type Place struct {
	Side Side
	In   In
	Name string
}

func (p Place) String() string {
	text := string(p.Side) + " " + string(p.In)
	if p.Name != "" {
		text += " " + p.Name
	}
	return text
}

// Rule is a kind of rule of a definition.
type Rule string

// The rules.
const (
	RuleMethod    Rule = "method"    // the address is defined, with other methods
	RuleStatus    Rule = "status"    // the answer's status is one of those defined
	RuleMediaType Rule = "mediaType" // the body is of a media type that is defined
	RuleBody      Rule = "body"      // there is a body
	RuleNoBody    Rule = "noBody"    // there is none
	RuleJSON      Rule = "json"      // the body is JSON
	RuleRequired  Rule = "required"  // it is there
	RuleType      Rule = "type"      // a text, a number, a list, an object
	RuleNull      Rule = "nullable"  // it is not null
	RuleEnum      Rule = "enum"      // it is one of few values
	RulePattern   Rule = "pattern"   // it has a form
	RuleFormat    Rule = "format"    // it is a day, a time, a UUID
	RuleShort     Rule = "minLength" // it is at least so long
	RuleLong      Rule = "maxLength" // it is at most so long
	RuleFew       Rule = "minItems"  // it has at least so many
	RuleMany      Rule = "maxItems"  // it has at most so many
	RuleLow       Rule = "minimum"   // it is at least that much
	RuleForm      Rule = "oneOf"     // it has one of several forms
)

// Rules are all of them. The definitions have no others.
var Rules = []Rule{
	RuleMethod, RuleStatus, RuleMediaType, RuleBody, RuleNoBody, RuleJSON, RuleRequired, RuleType, RuleNull, RuleEnum, RulePattern, RuleFormat,
	RuleShort, RuleLong, RuleFew, RuleMany, RuleLow, RuleForm,
}

// Violation is one departure from a definition.
type Violation struct {
	Place
	Rule   Rule
	Wants  string // what the rule has: the pattern, the number, the values; may be empty
	Value  string // what stood there, shortened; empty where nothing did
	Clause string // where the rule stands in the definition, as a JSON pointer
}

func (v Violation) String() string {
	return v.Place.String() + ": " + string(v.Rule) + " " + v.Wants + ", has " + strconv.Quote(v.Value) + " (" + v.Clause + ")"
}

// Unseen is something that could not be held to the definition.
type Unseen struct {
	Place
	Why Why
}

// Why is a reason for which something was not looked at.
type Why string

// The reasons.
const (
	WhySecret   Why = "secret"   // it was taken out of the record
	WhyCut      Why = "cut"      // the record ends before it does
	WhyLetGo    Why = "letGo"    // it went to make room
	WhyBinary   Why = "binary"   // it is no text and was not kept
	WhyNotJSON  Why = "notJSON"  // it has a schema of its own: camt, pain, MT940
	WhyOwnWords Why = "ownWords" // the interface takes the definition's requests, and answers in words of its own
	WhyNoAnswer Why = "noAnswer" // none came, or not a whole one
)

// Reasons are all of them.
var Reasons = []Why{WhySecret, WhyCut, WhyLetGo, WhyBinary, WhyNotJSON, WhyOwnWords, WhyNoAnswer}
