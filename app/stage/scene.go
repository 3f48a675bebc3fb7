package stage

import (
	"embed"
	"slices"
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

// Told returns the scene with each text that a person reads as tell has it: in another language.
func (s Scene) Told(tell func(string) string) Scene {
	s.Title, s.About = tell(s.Title), tell(s.About)
	return s
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
	case a.needsLink() && linked(a.Bank) == 0:
		return mistake(a.Line, failure.StageNotLinked, a.Bank)
	}
	return nil
}

//go:embed scenes/*.txt
var sceneFiles embed.FS

// sceneOrder is how the program's scenes are listed.
var sceneOrder = []string{"one-bank", "three-banks", "eight-banks", "half-a-year", "ends-in-a-week", "renewed", "payments", "salary-day", "withdrawal-refused", "taken-back", "bank-down"}

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
