package frontend

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// TestEveryFailureHasWords holds each code of a failure to have a sentence, and each
// sentence to be whole: what it names stands in it, and nothing else does.
func TestEveryFailureHasWords(t *testing.T) {
	ctx := t.Context()
	for _, code := range failureCodes(t) {
		said, known := sayings[code]
		if !known {
			t.Errorf("nothing is said of %q", code)
			continue
		}
		reason := storage.Reason{
			Code: code, Bank: "Norrsken Bank", Name: "name", Names: []string{"one", "two"}, Number: 2, Of: 3, At: time.Now(), Text: "text",
		}
		if said.what == notConfirmed || said.why {
			reason.Because = &storage.Reason{Code: failure.Unreachable, Bank: "Norrsken Bank"}
		}
		words := sayFailure(ctx, &app.Error{Reason: reason})
		for _, sentence := range []string{words.What, words.Lost, words.Next} {
			if wrong := unfilled.FindString(sentence); wrong != "" {
				t.Errorf("%s: %q holds %q", code, sentence, wrong)
			}
		}
		if words.What == "" || said.of && said.whole != nil {
			t.Errorf("%s: %+v", code, words)
		}
	}
}

// unfilled is what package fmt leaves where text and arguments do not fit.
var unfilled = regexp.MustCompile(`%[a-z!(\[]`)

// failureCodes are the constants of the file that lists them.
func failureCodes(t *testing.T) (codes []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "app", "failure", "code.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	who := []string{failure.TheDirectory, failure.TheInterface, failure.SomeBank}
	ast.Inspect(file, func(node ast.Node) bool {
		literal, is := node.(*ast.BasicLit)
		if is && literal.Kind == token.STRING {
			if code, err := strconv.Unquote(literal.Value); err == nil && code != "consentry/storage" && !slices.Contains(who, code) {
				codes = append(codes, code)
			}
		}
		return true
	})
	if len(codes) < 50 {
		t.Fatalf("%d codes were found", len(codes))
	}
	return codes
}

// TestLinkOfADirectory names both whose link it is and where it leads.
func TestLinkOfADirectory(t *testing.T) {
	evil, err := xs2a.OriginOf("https://evil.example")
	if err != nil {
		t.Fatal(err)
	}
	named := storage.Reason{Who: failure.TheDirectory, Name: "My banks"}
	for _, test := range []struct {
		name string
		of   storage.Reason
		want string
	}{
		{"unknown", failure.Of(named, &xs2a.LinkError{Origin: evil, MayName: true}, now).Reason,
			"The bank directory of “My banks” leads to a host that is not known as its own: evil.example."},
		{"elsewhere", failure.Of(named, &xs2a.LinkError{Origin: evil}, now).Reason,
			"The bank directory of “My banks” answered with a link that leads elsewhere: to evil.example."},
		{"a bank's", failure.Of(failure.By("Norrsken Bank"), &xs2a.LinkError{Origin: evil}, now).Reason,
			"Norrsken Bank answered with a link that leads elsewhere: to evil.example."},
		{"of an earlier version", storage.Reason{Code: failure.HostUnknown, Who: failure.TheDirectory, Name: "evil.example"},
			"The bank directory leads to a host that is not known as its own: evil.example."},
		{"a bank's of an earlier version", storage.Reason{Code: failure.LinkElsewhere, Bank: "Norrsken Bank", Name: "evil.example"},
			"Norrsken Bank answered with a link that leads elsewhere: to evil.example."},
	} {
		if got := reasonWords(t.Context(), test.of); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}

// TestComeBackAtATime tells the person a time, never before the bank's own.
func TestComeBackAtATime(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 30, 10, 0, time.Local)
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now, Zone: time.Local})
	for wait, want := range map[time.Duration]string{
		0: "Try again in a while.", 20 * time.Second: "Try again at 09:31.", 50 * time.Second: "Try again at 09:31.",
		51 * time.Second: "Try again at 09:32.", 85092 * time.Second: "Try again on 21 November at 09:09.",
	} {
		reason := storage.Reason{Code: failure.Pause}
		if wait > 0 {
			reason.At = now.Add(wait)
		}
		if got := sayFailure(ctx, &app.Error{Reason: reason}).Next; got != want {
			t.Errorf("%v: %q, want %q", wait, got, want)
		}
	}
}
