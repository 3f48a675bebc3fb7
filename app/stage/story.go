package stage

import (
	"embed"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
)

// Story leads through the program, step by step. Its file is Markdown: between two lines of
// "---" its title, minutes and scene; then what it is about; then each step under a heading of
// its own, with lines that begin with Do, Say, Look, Seconds and Until.
type Story struct {
	Name    string // as addresses name it; empty for one from a file
	Title   string
	Minutes int
	Scene   string // which of the program's scenes it begins with; "start": with nothing done; "": as it stands
	About   string
	Steps   []StoryStep
}

// StoryStep is one cue: what the presenter does, says and points at, and by what it is done.
type StoryStep struct {
	Title   string
	Do      []string
	Say     []string
	Look    []string
	Seconds int
	Until   []Condition // all of them; none: the presenter says so
	Line    int
}

// Condition is what has to be so for a step to be done.
type Condition struct {
	Kind   ConditionKind
	Bank   string // a bank's name or id; "": any
	State  string
	Path   string // of a page; "*" stands for one part of it
	Number int
	Line   int
}

// Told returns the story with each text that a person reads as tell has it: in another language.
func (s Story) Told(tell func(string) string) Story {
	s.Title, s.About = tell(s.Title), tell(s.About)
	s.Steps = slices.Clone(s.Steps)
	for i := range s.Steps {
		step := &s.Steps[i]
		step.Title = tell(step.Title)
		for _, cue := range []*[]string{&step.Do, &step.Say, &step.Look} {
			*cue = slices.Clone(*cue)
			for k, line := range *cue {
				(*cue)[k] = tell(line)
			}
		}
	}
	return s
}

// ConditionKind is what a condition looks at.
type ConditionKind string

// The kinds of conditions, with the states of each.
const (
	OnPage    ConditionKind = "page"    // since the step began, a page of that path was opened
	OfConsent ConditionKind = "consent" // a consent at the bank is asked, valid, read, failed, withdrawn, confirmed, expired or ended
	OfPayment ConditionKind = "payment" // a payment from the bank is composed, sent, paid or refused
	OfClock   ConditionKind = "clock"   // the practice banks' clock is ahead by so many days
)

// states are those of conditions.
var states = map[ConditionKind][]string{
	OfConsent: {"asked", "valid", "read", "failed", "withdrawn", "confirmed", "expired", "ended"},
	OfPayment: {"composed", "sent", "paid", "refused"},
}

// StartScene stands for a practice world in which nothing was done.
const StartScene = "start"

const (
	mostSteps   = 40
	mostMinutes = 120
	mostSeconds = 900
)

// ParseStory reads a story. The error is a [Mistake].
func ParseStory(file []byte) (Story, error) {
	lines, err := linesOf(file)
	if err != nil {
		return Story{}, err
	}
	r := storyReader{}
	for _, l := range lines {
		if err := r.take(l); err != nil {
			return Story{}, err
		}
	}
	return r.story, r.end()
}

// storyReader takes a story's lines, one after the other.
type storyReader struct {
	story Story
	rules int       // lines of "---" that came
	cue   *[]string // which the next line goes on with
}

func (r *storyReader) take(l line) error {
	switch {
	case l.text == "---" && r.rules < 2:
		if r.rules++; r.rules == 1 && r.story.Title != "" {
			return mistake(l.number, failure.StageForm, l.text)
		}
		return nil
	case r.rules == 0 && l.text != "":
		return mistake(l.number, failure.StageNoTitle, "")
	case l.text == "":
		r.cue = nil
		return nil
	case r.rules == 1:
		return r.takeHead(l)
	case strings.HasPrefix(l.text, "## "):
		r.cue = nil
		r.story.Steps = append(r.story.Steps, StoryStep{Title: strings.TrimSpace(l.text[3:]), Line: l.number})
		if len(r.story.Steps) > mostSteps {
			return &Mistake{l.number, storage.Reason{Code: failure.StageTooMany, Name: "steps", Of: mostSteps}}
		}
		return nil
	case strings.HasPrefix(l.text, "#"):
		return mistake(l.number, failure.StageForm, "##")
	case len(r.story.Steps) == 0:
		r.story.About = strings.TrimSpace(r.story.About + " " + l.text)
		return nil
	}
	return r.takeCue(l, &r.story.Steps[len(r.story.Steps)-1])
}

func (r *storyReader) takeHead(l line) error {
	key, value, _ := strings.Cut(l.text, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "title":
		return once(&r.story.Title, l, key, value)
	case "scene":
		if _, err := SceneOf(value); err != nil && value != StartScene {
			return mistake(l.number, failure.StageNoScene, value)
		}
		return once(&r.story.Scene, l, key, value)
	case "minutes":
		return number(&r.story.Minutes, l, key, value, mostMinutes)
	}
	return mistake(l.number, failure.StageVerb, key)
}

// number takes over a number that a file says once.
func number(to *int, l line, key, value string, most int) error {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil || n < 1 || n > most:
		return mistake(l.number, failure.StageForm, key)
	case *to != 0:
		return mistake(l.number, failure.StageOnce, key)
	}
	*to = n
	return nil
}

func (r *storyReader) takeCue(l line, step *StoryStep) error {
	key, value, keyed := strings.Cut(l.text, ":")
	value = strings.TrimSpace(value)
	if cue := step.cue(key); keyed && cue != nil && value != "" {
		*cue, r.cue = append(*cue, value), cue
		return nil
	}
	switch {
	case keyed && key == "Seconds":
		r.cue = nil
		return number(&step.Seconds, l, key, value, mostSeconds)
	case keyed && key == "Until":
		r.cue = nil
		c, err := parseCondition(l, value)
		step.Until = append(step.Until, c)
		return err
	case r.cue != nil: // a sentence goes on in the next line
		(*r.cue)[len(*r.cue)-1] += " " + l.text
		return nil
	}
	return mistake(l.number, failure.StageVerb, key)
}

// cue is where what a presenter does, says or points at goes; nil for any other word.
func (s *StoryStep) cue(key string) *[]string {
	switch key {
	case "Do":
		return &s.Do
	case "Say":
		return &s.Say
	case "Look":
		return &s.Look
	}
	return nil
}

var (
	pagePattern = regexp.MustCompile(`^page (/(?:[A-Za-z0-9._*-]+/?)*)$`)
	statePart   = regexp.MustCompile(`^(consent|payment)(?: at (.+?))? (\S+)$`)
	clockPart   = regexp.MustCompile(`^clock (\d{1,4}) days? ahead$`)
)

func parseCondition(l line, text string) (Condition, error) {
	if parts := pagePattern.FindStringSubmatch(text); parts != nil {
		return Condition{Kind: OnPage, Path: parts[1], Line: l.number}, nil
	}
	if parts := clockPart.FindStringSubmatch(text); parts != nil {
		n, _ := strconv.Atoi(parts[1]) // digits
		return Condition{Kind: OfClock, Number: n, Line: l.number}, nil
	}
	parts := statePart.FindStringSubmatch(text)
	if parts == nil || !slices.Contains(states[ConditionKind(parts[1])], parts[3]) {
		return Condition{}, mistake(l.number, failure.StageForm, "Until")
	}
	return Condition{Kind: ConditionKind(parts[1]), Bank: parts[2], State: parts[3], Line: l.number}, nil
}

// end wants a story to be whole.
func (r *storyReader) end() error {
	switch {
	case r.story.Title == "" || r.rules < 2:
		return mistake(0, failure.StageNoTitle, "")
	case len(r.story.Steps) == 0:
		return mistake(0, failure.StageNoSteps, "")
	}
	for _, step := range r.story.Steps {
		if len(step.Do)+len(step.Say)+len(step.Look) == 0 {
			return mistake(step.Line, failure.StageForm, "##")
		}
	}
	return nil
}

// On reports whether a path is the one a condition names.
func (c Condition) On(path string) bool {
	want, is := strings.Split(c.Path, "/"), strings.Split(path, "/")
	return len(want) == len(is) && fits(want, is)
}

func fits(want, is []string) bool {
	for i, part := range want {
		if part != "*" && part != is[i] || part == "*" && is[i] == "" {
			return false
		}
	}
	return true
}

//go:embed stories/*.md
var storyFiles embed.FS

// storyOrder is how the program's stories are listed.
var storyOrder = []string{"consent", "payment", "trouble", "wire"}

// Stories returns the program's stories.
func Stories() []Story {
	all := make([]Story, 0, len(storyOrder))
	for _, name := range storyOrder {
		if s, err := StoryOf(name); err == nil { // a test reads each
			all = append(all, s)
		}
	}
	return all
}

// StoryOf returns the program's story of a name, or storage.ErrNotFound.
func StoryOf(name string) (Story, error) {
	if !slices.Contains(storyOrder, name) {
		return Story{}, storage.ErrNotFound
	}
	file, err := storyFiles.ReadFile("stories/" + name + ".md")
	if err != nil {
		return Story{}, err
	}
	s, err := ParseStory(file)
	s.Name = name
	return s, err
}
