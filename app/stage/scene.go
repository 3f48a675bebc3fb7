package stage

import (
	"embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/storage"
)

// Scene is how the practice world is to stand: from the start of a practice world in which
// nothing was done, act by act. The banks and their people are drawn from a seed, so the
// same acts lead to the same scene on every machine, and a file of them holds no secret.
type Scene struct {
	Name  string // as addresses and stories name it; empty for one from a file
	Title string
	About string // what it shows
	Acts  []Act
}

// Act is one line of a scene: what somebody does.
type Act struct {
	Verb Verb
	Line int // in the file

	Bank    string // its name or id
	Person  string // a practice login
	Account int    // of the person there, the first is 1

	Days           int  // a consent's, or those that pass
	PerDay         int  // reads without the person; of a consent
	OneOff         bool // a consent for one look
	NoBalances     bool
	NoTransactions bool

	Amount, Other, Text string // of what is booked: the amount as -12.50, who, and what for

	Method, Path string // of requests that go wrong
	Status       int    // they are answered with; 0: the line is cut
	Count        int    // how many requests go wrong
}

// Verb is what an act does.
type Verb string

// The verbs of acts. Each begins a line.
const (
	Link     Verb = "link"     // a person gives a consent at a bank, and all is read under it
	Pass     Verb = "pass"     // days pass at the practice banks
	Update   Verb = "update"   // all accounts are read again
	Book     Verb = "book"     // a bank books something on an account today
	Withdraw Verb = "withdraw" // the consent at a bank is withdrawn, and the data kept
	Revoke   Verb = "revoke"   // the person takes it back at the bank, of which the program is not told
	Fault    Verb = "fault"    // the next requests go wrong
)

const (
	mostActs  = 60
	mostLinks = 20
	mostDays  = 366 // that pass at once, or that a consent lasts

	mostFaults = 100
)

// A line of each verb. The rest of a link's is a list of words.
var forms = map[Verb]*regexp.Regexp{
	Link:     regexp.MustCompile(`^link (.+?) as (\S+?)((?:,| for ).*)?$`),
	Pass:     regexp.MustCompile(`^pass (\d{1,4}) days?$`),
	Update:   regexp.MustCompile(`^update$`),
	Book:     regexp.MustCompile(`^book (-?\d{1,9}(?:\.\d{2})?) at (.+?) as (\S+?)(?: on account (\d{1,2}))? from ([^:]+?): (.+)$`),
	Withdraw: regexp.MustCompile(`^withdraw (.+)$`),
	Revoke:   regexp.MustCompile(`^revoke (.+)$`),
	Fault:    regexp.MustCompile(`^fault (GET|POST|PUT|DELETE) (/[A-Za-z0-9/_-]{0,80}) (?:(\d{3})|(cut))(?: (\d{1,3}) times)?$`),
}

// ParseScene reads a scene. The error is a [Mistake].
func ParseScene(file []byte) (Scene, error) {
	lines, err := linesOf(file)
	if err != nil {
		return Scene{}, err
	}
	var s Scene
	for _, l := range lines {
		if err := s.take(l); err != nil {
			return Scene{}, err
		}
	}
	if s.Title == "" {
		return Scene{}, mistake(0, failure.StageNoTitle, "")
	}
	return s, nil
}

func (s *Scene) take(l line) error {
	key, value, keyed := strings.Cut(l.text, ":")
	value = strings.TrimSpace(value)
	switch {
	case l.text == "" || strings.HasPrefix(l.text, "#"):
		return nil
	case keyed && key == "title":
		return once(&s.Title, l, key, value)
	case keyed && key == "about":
		return once(&s.About, l, key, value)
	}
	act, err := parseAct(l)
	if err != nil {
		return err
	}
	if s.Acts = append(s.Acts, act); len(s.Acts) > mostActs {
		return &Mistake{l.number, storage.Reason{Code: failure.StageTooMany, Name: "acts", Of: mostActs}}
	}
	if links := len(s.links()); links > mostLinks {
		return &Mistake{l.number, storage.Reason{Code: failure.StageTooMany, Name: string(Link), Of: mostLinks}}
	}
	return s.fits(act)
}

// once takes over what a file says once.
func once(to *string, l line, key, value string) error {
	switch {
	case *to != "" || value == "":
		return mistake(l.number, failure.StageOnce, key)
	case key == "title" && utf8.RuneCountInString(value) > longestTitle:
		return &Mistake{l.number, storage.Reason{Code: failure.LongerThan, Of: longestTitle}}
	}
	*to = value
	return nil
}

// links are the acts in which a bank is linked.
func (s *Scene) links() []Act {
	return slices.DeleteFunc(slices.Clone(s.Acts), func(a Act) bool { return a.Verb != Link })
}

// fits wants what an act speaks of to be there by then.
func (s *Scene) fits(a Act) error {
	linked := func(bank string) (n int) {
		for _, one := range s.links() {
			if one.Bank == bank {
				n++
			}
		}
		return n
	}
	switch {
	case a.Verb == Link && linked(a.Bank) > 1:
		return mistake(a.Line, failure.StageTwice, a.Bank)
	case (a.Verb == Withdraw || a.Verb == Revoke) && linked(a.Bank) == 0:
		return mistake(a.Line, failure.StageNotLinked, a.Bank)
	}
	return nil
}

func parseAct(l line) (Act, error) {
	word, _, _ := strings.Cut(l.text, " ")
	form, known := forms[Verb(word)]
	if !known {
		return Act{}, mistake(l.number, failure.StageVerb, word)
	}
	parts := form.FindStringSubmatch(l.text)
	if parts == nil {
		return Act{}, mistake(l.number, failure.StageForm, word)
	}
	a := Act{Verb: Verb(word), Line: l.number}
	switch a.Verb {
	case Link:
		a.Bank, a.Person, a.Days, a.PerDay = parts[1], parts[2], 180, 4
		return a.with(strings.ReplaceAll(parts[3], " for ", ", for "))
	case Pass:
		return a.lasting(parts[1])
	case Book:
		a.Amount, a.Bank, a.Person, a.Other, a.Text, a.Account = parts[1], parts[2], parts[3], parts[5], parts[6], 1
		if parts[4] != "" {
			a.Account, _ = strconv.Atoi(parts[4]) // digits
		}
	case Withdraw, Revoke:
		a.Bank = parts[1]
	case Fault:
		a.Method, a.Path, a.Count = parts[1], parts[2], 1
		a.Status, _ = strconv.Atoi(parts[3]) // digits, or none
		if parts[5] != "" {
			a.Count, _ = strconv.Atoi(parts[5])
		}
		if a.Status != 0 && (a.Status < 400 || a.Status > 599) || a.Count < 1 || a.Count > mostFaults {
			return a, mistake(l.number, failure.StageForm, word)
		}
	}
	return a, nil
}

// lasting takes over a number of days.
func (a Act) lasting(days string) (Act, error) {
	a.Days, _ = strconv.Atoi(days) // digits
	if a.Days < 1 || a.Days > mostDays {
		return a, &Mistake{a.Line, storage.Reason{Code: failure.DaysAhead, Of: mostDays}}
	}
	return a, nil
}

var (
	forDays = regexp.MustCompile(`^for (\d{1,4}) days?$`)
	perDay  = regexp.MustCompile(`^(\d{1,2}) a day$`)
)

// with takes over what a link says of the consent, between commas.
func (a Act) with(list string) (Act, error) {
	for _, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		switch {
		case word == "":
		case word == "once":
			a.OneOff = true
		case word == "without balances":
			a.NoBalances = true
		case word == "without transactions":
			a.NoTransactions = true
		case forDays.MatchString(word):
			var err error
			if a, err = a.lasting(forDays.FindStringSubmatch(word)[1]); err != nil {
				return a, err
			}
		case perDay.MatchString(word):
			a.PerDay, _ = strconv.Atoi(perDay.FindStringSubmatch(word)[1]) // digits
			if a.PerDay < 1 {
				return a, mistake(a.Line, failure.StageForm, string(Link))
			}
		default:
			return a, mistake(a.Line, failure.StageForm, string(Link))
		}
	}
	return a, nil
}

//go:embed scenes/*.txt
var sceneFiles embed.FS

// sceneOrder is how the program's scenes are listed.
var sceneOrder = []string{"one-bank", "three-banks", "eight-banks", "half-a-year", "ends-in-a-week", "withdrawal-refused", "salary-day", "taken-back", "bank-down"}

// Scenes returns the program's scenes.
func Scenes() []Scene {
	all := make([]Scene, 0, len(sceneOrder))
	for _, name := range sceneOrder {
		if s, err := SceneOf(name); err == nil { // a test reads each
			all = append(all, s)
		}
	}
	return all
}

// SceneOf returns the program's scene of a name. The error is storage.ErrNotFound where
// there is none.
func SceneOf(name string) (Scene, error) {
	if !slices.Contains(sceneOrder, name) {
		return Scene{}, storage.ErrNotFound
	}
	file, err := sceneFiles.ReadFile("scenes/" + name + ".txt")
	if err != nil {
		return Scene{}, err
	}
	s, err := ParseScene(file)
	s.Name = name
	return s, err
}
