package frontend

import (
	"strings"
	"testing"

	"consentry/app/draft"
)

// What is not kept is named at the field in which it stands.
func TestHintsNameWhatIsNotKeptWhereItStands(t *testing.T) {
	t.Parallel()
	view := draftView{
		From:  draft.From{Names: []string{"«state»", "«password»", "«code»"}},
		Draft: draft.Draft{Address: "https://bank.example/«code»", Header: "TPP-Redirect-URI: https://tpp.example?state=«state»", Body: `{"psuData": {"password": "«password»"}}`},
	}
	for hint, want := range map[string]string{view.addressHint(t.Context()): "«code»", view.headerHint(t.Context()): "«state»", view.bodyHint(t.Context()): "«password»"} {
		if !strings.HasSuffix(hint, "Type in what is not kept: "+want+".") {
			t.Errorf("the hint is %q, want it to name %s alone", hint, want)
		}
	}
	view.Draft.Body = `{"psuData": {"password": "typed"}}`
	if hint := view.bodyHint(t.Context()); hint != "" {
		t.Errorf("once it is typed in, the hint is %q", hint)
	}
}
