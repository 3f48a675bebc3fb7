package record

import (
	"regexp"
	"testing"
)

// What replaceEach finds is what these say, read by a library.
var (
	parameterByLibrary = regexp.MustCompile(`([A-Za-z0-9_.\-\[\]%+]+)=("[^"]*"?|'[^']*'?|[^&#\s"'<>]*)`)
	escapedByLibrary   = regexp.MustCompile(`(?i)[^\s"'<>&=]*%(?:25)*(?:3d|22)[^\s"'<>&]*`)
	schemeByLibrary    = regexp.MustCompile(`(?i)bearer|basic|dpop`)
)

func marked(found string) string { return "[" + found + "]" }

func comparedWithLibrary(t *testing.T, s string) {
	t.Helper()
	if got, want := replaceEach(s, parameter, marked), parameterByLibrary.ReplaceAllStringFunc(s, marked); got != want {
		t.Errorf("parameters of %q: %q, want %q", s, got, want)
	}
	if got, want := replaceEach(s, escaped, marked), escapedByLibrary.ReplaceAllStringFunc(s, marked); got != want {
		t.Errorf("encoded in %q: %q, want %q", s, got, want)
	}
	if got, want := credentials(s), schemeByLibrary.MatchString(s); got != want {
		t.Errorf("credentials in %q: %v", s, got)
	}
}

// TestParametersAreFound compares the finding by signs with a reading by rules, in
// texts of up to six of the signs that matter.
func TestParametersAreFound(t *testing.T) {
	t.Parallel()
	signs := []string{"a", "=", "%", "25", "3D", "22", `"`, "'", "&", " ", "#"}
	var all func(s string, more int)
	all = func(s string, more int) {
		comparedWithLibrary(t, s)
		if more == 0 || t.Failed() {
			return
		}
		for _, sign := range signs {
			all(s+sign, more-1)
		}
	}
	all("", 5)
	for _, s := range []string{
		"", "=", "a=", "a=b=c", "?a=b&c=\"d e\"&f='g", "%253d%3D", "x%2522y=z%22", "a%3db=c%3Dd&e%25253D", "Bearer abcdefgh", "bASic", "the BASICs", "dp", "DPoP", "basi", "\xff=\xff%3d\xff",
		"https://bank.example/x?state=a%3Db%26c%3Dd#e=f", `{"href":"/v1/x?y=z&code=1"}`, "a=\"b", "a=''b=c", "\u017f=x", "bea\u017fic",
	} {
		comparedWithLibrary(t, s)
	}
}
