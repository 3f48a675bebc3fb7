package script

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options are what a script is written with, whatever the format.
type Options struct {
	Title string
	Flow  func(id string) string // names a flow; nil: its id does

	// Known returns the value of a secret that is to stand in what is written; nil:
	// none does.
	Known func(*Variable) (string, bool)

	// Control says that the banks are for practice: their control approves, where
	// the person did so on another device.
	Control bool
}

// FlowName names a flow.
func (o Options) FlowName(id string) string {
	if o.Flow == nil {
		return cmp.Or(id, "Other exchanges")
	}
	return cmp.Or(o.Flow(id), "Other exchanges")
}

// Value is what a variable has before anything was sent; empty where it is to be filled
// in.
func (o Options) Value(v *Variable) string {
	if v.Kind != Secret && v.Secret == "" {
		return v.Value
	}
	if o.Known != nil {
		if value, known := o.Known(v); known {
			return value
		}
	}
	if v.Secret == State {
		return anyText
	}
	return ""
}

// anyText is for a secret that whoever sends a request makes up.
const anyText = "any-text-of-your-own"

// About says of a secret what to do with it.
func (o Options) About(v *Variable) string {
	switch {
	case v.Secret == State:
		return "any text"
	case o.Value(v) != "":
		return "has a value, which is as good as a password"
	}
	return "to be filled in; it is not kept"
}

// Name is what a step is for.
func (s Step) Name() string { return cmp.Or(s.Recorded.Step, s.Method) }

// About says what was recorded, what of the request is missing, and which of its
// headers have to be made anew.
func (s Step) About() (sentences []string) {
	e := s.Recorded
	said := "Recorded " + e.Started.UTC().Format(time.RFC3339)
	if e.Status != 0 {
		said += ", answered with " + strconv.Itoa(e.Status)
	}
	sentences = append(sentences, said+".")
	if e.Status == 0 {
		sentences = append(sentences, "No answer came: "+e.Error)
	}
	sentences = append(sentences, e.Request.Missing()...)
	if signed := s.Signed(); len(signed) > 0 {
		sentences = append(sentences, "It was signed. Where the bank wants that, these headers have to be made anew: "+strings.Join(signed, ", ")+".")
	}
	return sentences
}

// Approval is the variable with the id of what the person approved on another device,
// where this step began that; else nil.
func (s Step) Approval() *Variable { return s.approval }

// findApprovals notes which steps began an approval on another device: the first of each,
// whether it started the authorisation or chose the way of it.
func (s Script) findApprovals() {
	begun := map[*Variable]bool{}
	for _, step := range s.Steps {
		if v := step.elsewhere(); v != nil && !begun[v] {
			step.approval, begun[v] = v, true
		}
	}
}

// elsewhere is the id of the authorisation that a step has the bank ask on another device
// for; nil where it does not.
func (s Step) elsewhere() *Variable {
	if s.Method == "GET" || s.Recorded.Status >= 300 || !strings.EqualFold(s.Recorded.Answer.Get("Aspsp-Sca-Approach"), "DECOUPLED") {
		return nil
	}
	named := slices.Clone(s.Takes)
	for _, part := range s.Address {
		if part.Variable != nil {
			named = append(named, part.Variable)
		}
	}
	for _, v := range named {
		if strings.HasPrefix(v.Name, "authorisation_id") {
			return v
		}
	}
	return nil
}

// ApprovalName says what the request to the control of practice banks is for.
const ApprovalName = "approve, as the person on the other device"

// ApprovalPath is its address, below that of the banks.
func ApprovalPath(id string) string { return "/_control/authorisations/" + id + "/approve" }
