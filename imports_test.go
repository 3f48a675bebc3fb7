package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// importRules say what may not be imported by whom. Imports point one way:
// main → app/shell, frontend → app → its parts → storage → xs2a's types, app and its
// parts but app/remind → xs2a, and frontend, app/activity, app/bank, app/draft,
// app/fetch, app/quirk, app/verdict and storage → xs2a/record.
//
// A pattern names one package or, ending in "/...", a package and all below it.
var importRules = []struct {
	name, reason string
	who, except  []string // the packages the rule is for
	not, but     []string // what they may not import
}{
	{
		name: "the sandbox imports nothing of the module", reason: "code shared with the client would hide the same mistake on both sides",
		who: []string{"consentry/xs2a/sandbox/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/sandbox/..."},
	}, {
		name: "people import nothing of the module and speak no HTTP", reason: "what a seed gives hangs on the seed alone, not on a bank's ways or on what was asked",
		who: []string{"consentry/xs2a/sandbox/people"},
		not: []string{"consentry/...", "net/http/..."},
	}, {
		name: "sign imports nothing of the module", reason: "what a signature is worth hangs on the request and the keys, at every bank",
		who: []string{"consentry/xs2a/sandbox/sign"},
		not: []string{"consentry/..."},
	}, {
		name: "the practice banks as data import people and sign only", reason: "a bank is a line of a table; what becomes of a request is the server's",
		who: []string{"consentry/xs2a/sandbox/bank"},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/sandbox/people", "consentry/xs2a/sandbox/sign"},
	}, {
		name: "the banks' pages import people and banks only", reason: "a page shows what it is told; what a person may do there is decided in one place",
		who: []string{"consentry/xs2a/sandbox/page"},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/sandbox/people", "consentry/xs2a/sandbox/bank"},
	}, {
		name: "a recording is played with the record alone", reason: "what a client reads of answers must not decide which answer it gets",
		who: []string{"consentry/xs2a/playback"},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/record"},
	}, {
		name: "only main starts the sandbox, and only the banks read what it tells", reason: "nobody else may know that a bank is not a real one",
		who: []string{"consentry/..."}, except: []string{"consentry", "consentry/app/bank", "consentry/build/bench", "consentry/xs2a/sandbox/..."},
		not: []string{"consentry/xs2a/sandbox/..."},
	}, {
		name: "xs2a imports nothing above it", reason: "how a bank is spoken to does not depend on who speaks",
		who: []string{"consentry/xs2a/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/..."},
	}, {
		name: "eidas imports nothing of the module", reason: "what a certificate says is the same whoever asks for it and whoever reads it",
		who: []string{"consentry/xs2a/eidas"},
		not: []string{"consentry/...", "net/http/..."},
	}, {
		name: "the record imports nothing of the module", reason: "it takes secrets out of what anybody sends, and an exchange is shown without a client",
		who: []string{"consentry/xs2a/record/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/record/..."},
	}, {
		name: "statements import the fields only", reason: "an entry is what a document says, whoever asks; what it means to a person is decided in xs2a",
		who: []string{"consentry/xs2a/statement"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/xs2a/field"},
	}, {
		name: "fields import nothing of the module", reason: "JSON, XML and text lie on them alike",
		who: []string{"consentry/xs2a/field"},
		not: []string{"consentry/...", "net/http/..."},
	}, {
		name: "storage imports the types of xs2a and of its record only", reason: "what a person may do is decided in app",
		who: []string{"consentry/storage/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/storage/...", "consentry/xs2a", "consentry/xs2a/record"},
	}, {
		name: "storage speaks no HTTP", reason: "it keeps what others have fetched",
		who: []string{"consentry/storage/..."},
		not: []string{"net/http/...", "golang.org/x/oauth2/..."},
	}, {
		name: "app does not know its screens", reason: "the same actions serve the window, the browser and the tests",
		who: []string{"consentry/app/..."},
		not: []string{"consentry/frontend/..."},
	}, {
		name: "the phone in the room imports words only", reason: "what knows neither the screens nor the banks can show nothing of them, whatever is asked of it",
		who: []string{"consentry/frontend/room"},
		not: []string{"consentry/..."}, but: []string{"consentry/frontend/words"},
	}, {
		name: "the SCA process imports storage, xs2a and failures only", reason: "it is the same whatever is authorised: a subject comes to it, and app hands it the rest",
		who: []string{"consentry/app/sca/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/failure", "consentry/storage", "consentry/xs2a"},
	}, {
		name: "the banks import tables, storage, its folded words, xs2a, its record and failures only", reason: "which banks there are does not depend on what anybody shares there; app hands over the rest",
		who: []string{"consentry/app/bank/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/failure", "consentry/app/sheet", "consentry/storage", "consentry/storage/fold", "consentry/xs2a", "consentry/xs2a/eidas", "consentry/xs2a/httpsig", "consentry/xs2a/record", "consentry/xs2a/sandbox"},
	}, {
		name: "a script imports the record only, and a format that beside it", reason: "what is taken along holds what was recorded, whoever asks for it",
		who: []string{"consentry/xs2a/record/script", "consentry/xs2a/record/har", "consentry/xs2a/record/postman", "consentry/xs2a/record/httpfile", "consentry/xs2a/record/curl"},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/record", "consentry/xs2a/record/script"},
	}, {
		name: "the activity imports the store, the record and what names flows only", reason: "an exchange is shown as it was, whatever it was for",
		who: []string{"consentry/app/activity/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/bank", "consentry/app/sca", "consentry/storage", "consentry/xs2a/record/..."},
	}, {
		name: "drafts import the activity, the banks, the SCA process, reading, storage, xs2a, its record and failures only", reason: "whoever writes a request writes it to a bank; what the answer means is found out by those whose it is",
		who: []string{"consentry/app/draft/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/activity", "consentry/app/bank", "consentry/app/failure", "consentry/app/fetch", "consentry/app/sca", "consentry/storage", "consentry/xs2a", "consentry/xs2a/record", "consentry/xs2a/record/script"},
	}, {
		name: "recordings import the banks, storage, xs2a, its record, its playback and failures only", reason: "what others recorded is no consent and no payment here; what is done at a bank made of it is done as at any other",
		who: []string{"consentry/app/recording"},
		not: []string{"consentry/..."}, but: []string{"consentry/app/bank", "consentry/app/failure", "consentry/storage", "consentry/xs2a", "consentry/xs2a/playback", "consentry/xs2a/record", "consentry/xs2a/record/brought"},
	}, {
		name: "verdicts import the banks, reads, quirks, storage, xs2a, the definitions, the record and failures only", reason: "an exchange keeps to a definition or not whatever it was for; how a bank is asked, app hands over",
		who: []string{"consentry/app/verdict"},
		not: []string{"consentry/..."}, but: []string{"consentry/app/bank", "consentry/app/failure", "consentry/app/fetch", "consentry/app/quirk", "consentry/storage", "consentry/xs2a", "consentry/xs2a/conformance", "consentry/xs2a/record"},
	}, {
		name: "quirks import storage, the record and failures only", reason: "what a bank does is learned from what it sent, and not from what a client made of it",
		who: []string{"consentry/app/quirk"},
		not: []string{"consentry/..."}, but: []string{"consentry/app/failure", "consentry/storage", "consentry/xs2a/record"},
	}, {
		name: "the definitions import the record only", reason: "they look from outside: a mistake of the client is not to be shared",
		who: []string{"consentry/xs2a/conformance"},
		not: []string{"consentry/..."}, but: []string{"consentry/xs2a/record"},
	}, {
		name: "the clock imports storage, xs2a and failures only", reason: "what time it is does not depend on what is done at that time",
		who: []string{"consentry/app/clock/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/failure", "consentry/storage", "consentry/xs2a"},
	}, {
		name: "faults import storage and failures only", reason: "they are told to the practice banks' control over HTTP: what cannot reach a bank's client can do nothing to a live one",
		who: []string{"consentry/app/fault/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/failure", "consentry/storage"},
	}, {
		name: "the holdings import storage, xs2a, days, searches and the calendar of bank days only", reason: "what a person holds is read from the store; nothing is asked of a bank for a screen",
		who: []string{"consentry/app/holding/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/clock", "consentry/app/find", "consentry/app/pay/check", "consentry/storage", "consentry/xs2a"},
	}, {
		name: "what a person adds imports storage, searches, what they hold and failures only", reason: "it is kept whatever a bank says; nothing is asked of a bank for it",
		who: []string{"consentry/app/own"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/app/failure", "consentry/app/find", "consentry/app/holding", "consentry/storage", "consentry/storage/fold"},
	}, {
		name: "exports import the holdings, tables, storage and the types of xs2a only", reason: "a file holds what is stored; how it is asked for and handed out is the screens'",
		who: []string{"consentry/app/export"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/app/holding", "consentry/app/sheet", "consentry/storage", "consentry/xs2a"},
	}, {
		name: "a search imports storage, its letters and the types of xs2a only", reason: "what was typed means the same whoever looks",
		who: []string{"consentry/app/find"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/storage", "consentry/storage/fold", "consentry/xs2a"},
	}, {
		name: "the mask imports letters only", reason: "it works on any text, and knows neither what is stored nor what a page is",
		who: []string{"consentry/app/mask"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/storage/fold"},
	}, {
		name: "letters import nothing of the module", reason: "a word is folded alike where it is kept and where it is looked for",
		who: []string{"consentry/storage/fold"},
		not: []string{"consentry/...", "net/http/..."},
	}, {
		name: "reading imports the clock, the heap, the holdings, turns, storage, xs2a, its record and failures only", reason: "a read is the same whatever led to it; what a consent is and who approved it, app knows and hands over",
		who: []string{"consentry/app/fetch/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/clock", "consentry/app/failure", "consentry/app/heap", "consentry/app/holding", "consentry/app/turn", "consentry/storage", "consentry/xs2a", "consentry/xs2a/record"},
	}, {
		name: "files import the clock, tables, turns, what a person adds, storage, its letters, xs2a's readers and failures only", reason: "a file is read without a bank, and without a consent",
		who: []string{"consentry/app/imports"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/app/clock", "consentry/app/failure", "consentry/app/own", "consentry/app/sheet", "consentry/app/turn", "consentry/storage", "consentry/storage/fold", "consentry/xs2a", "consentry/xs2a/field"},
	}, {
		name: "scenes and stories import storage and failures only", reason: "they are texts; what is done by them is app's, and how it looks the screens'",
		who: []string{"consentry/app/stage"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/app/failure", "consentry/storage"},
	}, {
		name: "the lock imports the key, storage, the types of xs2a and failures only", reason: "when it is locked, and by what, hangs on nothing that is shown or asked of a bank",
		who: []string{"consentry/app/lock"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/app/failure", "consentry/app/secret", "consentry/storage", "consentry/storage/folder", "consentry/xs2a"},
	}, {
		name: "backups import the key and storage only", reason: "a backup is files and a passphrase; who asks for one, and what is closed for it, is main's and the screens'",
		who: []string{"consentry/app/backup"},
		not: []string{"consentry/...", "net/http/...", "database/sql/..."}, but: []string{"consentry/app/secret", "consentry/storage", "consentry/storage/folder"},
	}, {
		name: "profiles import the key, storage's letters and failures only", reason: "who is there is asked before any data are opened",
		who: []string{"consentry/app/profile"},
		not: []string{"consentry/...", "net/http/...", "database/sql/..."}, but: []string{"consentry/app/failure", "consentry/app/secret", "consentry/storage", "consentry/storage/fold"},
	}, {
		name: "the reminders import the clock, storage and failures only", reason: "they count days; what a consent is worth and how it is renewed is decided elsewhere",
		who: []string{"consentry/app/remind/..."},
		not: []string{"consentry/..."}, but: []string{"consentry/app/clock", "consentry/app/failure", "consentry/storage"},
	}, {
		name: "the alerts import what is held, fetches, the checks of amounts, storage, the types of xs2a and failures only", reason: "what a person is told of was read before; nothing is asked of a bank for it",
		who: []string{"consentry/app/alert"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/app/failure", "consentry/app/fetch", "consentry/app/holding", "consentry/app/pay/check", "consentry/storage", "consentry/xs2a"},
	}, {
		name: "payments import the banks, the clock, the SCA process, tables, turns, storage, xs2a, failures and their checks only", reason: "a payment needs no consent, and knows of none",
		who: []string{"consentry/app/pay"},
		not: []string{"consentry/..."}, but: []string{"consentry/app/bank", "consentry/app/clock", "consentry/app/failure", "consentry/app/pay/check", "consentry/app/sca", "consentry/app/sheet", "consentry/app/turn", "consentry/storage", "consentry/xs2a"},
	}, {
		name: "only tests begin with a fresh data folder", reason: "the program makes one of its own, and keys are not copied",
		who: []string{"consentry/..."},
		not: []string{"consentry/app/fresh"},
	}, {
		name: "tables import nothing of the module", reason: "a table is read alike whatever stands in it",
		who: []string{"consentry/app/sheet"},
		not: []string{"consentry/...", "net/http/..."},
	}, {
		name: "the checks of a payment import letters only", reason: "a number is right or wrong whoever asks",
		who: []string{"consentry/app/pay/check"},
		not: []string{"consentry/...", "net/http/..."}, but: []string{"consentry/storage/fold"},
	}, {
		name: "only main chooses the shell", reason: "one handler serves the window and the browser alike",
		who: []string{"consentry/..."}, except: []string{"consentry"},
		not: []string{"consentry/app/shell/..."},
	}, {
		name: "shell, secret and heap import nothing of the module", reason: "each can be read and tested by itself",
		who: []string{"consentry/app/shell/...", "consentry/app/secret/...", "consentry/app/heap"},
		not: []string{"consentry/..."},
	}, {
		name: "the rendezvous imports the data folder only", reason: "it answers whoever proves to be the same user, before there is a store, a session or a screen",
		who: []string{"consentry/app/instance"},
		not: []string{"consentry/..."}, but: []string{"consentry/storage/folder"},
	}, {
		name: "frontend and xs2a know no SQL", reason: "screens show what app gives them, and the client hands over values",
		who: []string{"consentry/frontend/...", "consentry/xs2a/..."},
		not: []string{"database/sql/...", "modernc.org/sqlite/...", "github.com/pressly/goose/..."},
	}, {
		name: "frontend does not talk to banks", reason: "what a screen wants of a bank is an action of app",
		who: []string{"consentry/frontend/..."},
		not: []string{"golang.org/x/oauth2/..."},
	}, {
		name: "nothing is found by its name while the program runs", reason: "for templates the linker keeps every method of every type; they, and letters of East Asia, were three megabytes of the program (decision 0057)",
		who: []string{"consentry/..."}, except: []string{"consentry/app/shell"}, // whose window is Wails', which uses them anyhow
		not: []string{"html/template", "text/template", "github.com/nicksnyder/go-i18n/...", "golang.org/x/net/html/charset", "golang.org/x/text/encoding/htmlindex", "golang.org/x/text/encoding/ianaindex"},
	}, {
		name: "the program does not hold what it uses a grain of", reason: "the names of countries and the order of letters of two hundred languages, and all of JOSE, were 4.6 megabytes of it (decision 0062)",
		who: []string{"consentry/..."}, except: []string{"consentry/build/words"},
		not: []string{"golang.org/x/text/collate/...", "golang.org/x/text/language/display/...", "github.com/lestrrat-go/..."},
	}, {
		name: "only the shell knows Wails", reason: "the program builds with Go alone, without cgo and a web view",
		who: []string{"consentry/..."}, except: []string{"consentry/app/shell"},
		not: []string{"github.com/wailsapp/..."},
	},
}

func TestImports(t *testing.T) {
	imports := map[string][]string{}
	for _, each := range append(list(t, "./..."), list(t, "-tags=desktop,production,webkit2_41", "./...")...) {
		both := slices.Sorted(slices.Values(append(each.Imports, imports[each.ImportPath]...)))
		imports[each.ImportPath] = slices.Compact(both)
	}
	for _, rule := range importRules {
		t.Run(rule.name, func(t *testing.T) {
			for path, imported := range imports {
				if !matches(path, rule.who) || matches(path, rule.except) {
					continue
				}
				for _, each := range imported {
					if matches(each, rule.not) && !matches(each, rule.but) {
						t.Errorf("%s imports %s; it may not: %s", path, each, rule.reason)
					}
				}
			}
		})
	}
}

// The program for the browser depends on Wails not even through others.
func TestBrowserBuildHasNoWails(t *testing.T) {
	for _, each := range list(t, "-deps", "./...") {
		if matches(each.ImportPath, []string{"github.com/wailsapp/..."}) {
			t.Errorf("without the tag desktop the program depends on %s", each.ImportPath)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string // those of tests are not among them: a test may use what it likes
}

func list(t *testing.T, arguments ...string) []listed {
	t.Helper()
	command := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, arguments...)...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	var problems strings.Builder
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var each listed
		err := decoder.Decode(&each)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, each)
	}
}

func matches(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		parent, below := strings.CutSuffix(pattern, "/...")
		return path == parent || below && strings.HasPrefix(path, parent+"/")
	})
}
