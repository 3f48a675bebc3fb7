package record

import (
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// argumentsOf runs a command in the system's shell, with a curl that prints
// its arguments, each ended by a byte 0, and the variables set to their names.
func argumentsOf(t *testing.T, e Exchange) []string {
	t.Helper()
	script := `curl() { for a in "$@"; do printf '%s\0' "$a"; done; }` + "\n"
	for _, name := range e.CurlVariables() {
		script += name + "='value of " + name + "'\n"
	}
	command := exec.CommandContext(t.Context(), "sh", "-c", script+e.Curl())
	command.Dir = t.TempDir()
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil || problems.Len() > 0 {
		t.Fatalf("%v %s\n%s", err, problems.String(), e.Curl())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

var hostileTexts = []string{
	"plain", "'", "''", `"`, `\`, `\'`, "$HOME", "${PATH}", "$(touch pwned)", "`touch pwned`", "'; touch pwned; '", `'"${PATH}"'`, `'"$(id)"'`,
	"a\nb", "a\\\nb", "!!", "*", "~", "-o pwned", "@/etc/passwd", "#x", "&", "|", ">pwned", "<x", "%s\\0", "åÅЖ日", " lead and trail ", "[1-3]{a,b}", "code=«redacted»' $(id)", "«redacted»", "",
}

// TestCurlQuotes holds that the shell hands curl exactly what was sent,
// whatever stands in it.
func TestCurlQuotes(t *testing.T) {
	unredacted := strings.NewReplacer("code=«redacted»", "code=value of CODE", "«redacted»", "value of SECRET")
	for _, hostile := range hostileTexts {
		t.Run(hostile, func(t *testing.T) {
			line := oneLine(hostile)
			e := Exchange{
				Method: "POST", URL: "https://b.example/" + hostile,
				Request: Message{Header: []HeaderField{{"X-Hostile", hostile}, {"No Name: x", "y"}, {"@/etc/passwd", "y"}}, Body: "{" + hostile + "}"},
			}
			header := "X-Hostile: " + line
			if hostile == "" {
				header = "X-Hostile;"
			}
			want := []string{"--globoff", "--path-as-is", "--request", "POST", "--url", "https://b.example/" + line, "--header", header, "--data-raw", "{" + hostile + "}"}
			got := argumentsOf(t, e)
			if len(got) != len(want) {
				t.Fatalf("%d arguments %q, want %d", len(got), got, len(want))
			}
			for i := range want {
				if got[i] != unredacted.Replace(want[i]) {
					t.Errorf("argument %d is %q, want %q", i, got[i], unredacted.Replace(want[i]))
				}
			}
		})
	}
}

// TestCurlVariables names what has to be set before.
func TestCurlVariables(t *testing.T) {
	e := redact("https://b.example/token?state=hidden-state-1", http.Header{
		"Authorization": {"Bearer hidden-token-1"}, "Content-Type": {"application/x-www-form-urlencoded"}, "Digest": {"SHA-256=abc="},
	}, "grant_type=authorization_code&code=hidden-code-1&client_secret=hidden-secret-1", nil, "")
	if got := fmt.Sprint(e.CurlVariables()); got != "[STATE TOKEN DIGEST CODE CLIENT_SECRET]" {
		t.Errorf("%s in\n%s", got, e.Curl())
	}
	got := strings.Join(argumentsOf(t, e), " ")
	for _, want := range []string{"state=value of STATE", "Authorization: Bearer value of TOKEN", "&code=value of CODE&client_secret=value of CLIENT_SECRET"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	e = redact("https://b.example/", nil, `{"psuData": {"password": "hidden-pw-1"}}`, nil, "")
	if want := `{"psuData": {"password": "value of PASSWORD"}}`; argumentsOf(t, e)[7] != want {
		t.Errorf("%q, want %q", argumentsOf(t, e), want)
	}
	e = Exchange{Method: "GET", URL: "https://b.example/?PATH=" + Redacted}
	if got := fmt.Sprint(e.CurlVariables()); got != "[SECRET]" {
		t.Errorf("a bank's text reaches for %s", got)
	}
}

// TestCurlSaysWhatIsMissing holds that a command that is not the whole request
// says so where it is pasted, and runs all the same.
func TestCurlSaysWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		request Message
		want    string
	}{
		"cut":            {Message{Body: "{", Cut: true, Left: 12345, Size: 70000}, "# The body is cut: 12345 bytes at its end are missing.\n"},
		"cut, unknown":   {Message{Body: "{", Cut: true}, "# The body is cut: its end is missing.\n"},
		"let go":         {Message{BodyLetGo: true, Cut: true, Size: 70000}, "# The body is missing: it was let go to make room.\n"},
		"no text":        {Message{Binary: true}, "# The body is missing: it is no text and was not kept.\n"},
		"all let go":     {Message{HeaderLetGo: true, BodyLetGo: true}, "# The header is missing: it was let go to make room.\n# The body is missing: it was let go to make room.\n"},
		"nothing is":     {Message{Body: "{}", Size: 2}, ""},
		"nothing to say": {Message{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := Exchange{Method: "POST", URL: "https://b.example/", Request: test.request}
			said, _, _ := strings.Cut(e.Curl(), "curl ")
			if said != test.want || test.request.Incomplete() != (test.want != "") {
				t.Errorf("%q, want %q", said, test.want)
			}
			if got := argumentsOf(t, e); got[5] != "https://b.example/" {
				t.Errorf("%q", got)
			}
		})
	}
}
