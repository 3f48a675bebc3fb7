package stage

import (
	"errors"
	"strings"
	"testing"

	"consentry/app/failure"
)

// TestScenes reads each scene of the program and writes it again: what is written is read as
// the same.
func TestScenes(t *testing.T) {
	t.Parallel()
	if n := len(Scenes()); n != len(sceneOrder) {
		t.Errorf("%d of %d scenes can be read", n, len(sceneOrder))
	}
	for _, name := range sceneOrder {
		s, err := SceneOf(name)
		if err != nil || s.Title == "" || s.About == "" || len(s.Acts) == 0 {
			t.Errorf("%s: %+v, %v", name, s, err)
			continue
		}
		again, err := ParseScene(s.Write([]string{"left out"}))
		if err != nil || len(again.Acts) != len(s.Acts) {
			t.Errorf("%s written again: %v", name, err)
			continue
		}
		for i := range s.Acts {
			s.Acts[i].Line, again.Acts[i].Line = 0, 0
			if s.Acts[i] != again.Acts[i] {
				t.Errorf("%s: %+v was written, %+v is read", name, s.Acts[i], again.Acts[i])
			}
		}
	}
}

// TestStories reads each story: it takes about as long as it says, begins with a scene there is,
// and each of its steps has an end that the program can see.
func TestStories(t *testing.T) {
	t.Parallel()
	if n := len(Stories()); n != len(storyOrder) {
		t.Errorf("%d of %d stories can be read", n, len(storyOrder))
	}
	for _, name := range storyOrder {
		s, err := StoryOf(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		seconds := 0
		for _, step := range s.Steps {
			if seconds += step.Seconds; len(step.Until) == 0 || step.Seconds == 0 || len(step.Do) == 0 || len(step.Say) == 0 || len(step.Look) == 0 {
				t.Errorf("%s, line %d: a step without an end or a cue: %+v", name, step.Line, step)
			}
		}
		if s.Scene == "" || s.About == "" || seconds > s.Minutes*60 || seconds < s.Minutes*60*2/3 {
			t.Errorf("%s: %d s of %d minutes, scene %q", name, seconds, s.Minutes, s.Scene)
		}
	}
}

// TestMistakes names the line of what cannot be taken, and the reason.
func TestMistakes(t *testing.T) {
	t.Parallel()
	const head = "---\ntitle: T\nminutes: 1\n---\n"
	for _, each := range []struct {
		name, file string
		story      bool
		line       int
		code       string
	}{
		{"no title", "pass 1 day\n", false, 0, failure.StageNoTitle},
		{"two titles", "title: a\ntitle: b\n", false, 2, failure.StageOnce},
		{"a title too long", "title: " + strings.Repeat("ö", longestTitle+1), false, 1, failure.LongerThan},
		{"another verb", "title: a\nrm -rf /\n", false, 2, failure.StageVerb},
		{"a link of nobody", "title: a\nlink Norrsken Bank\n", false, 2, failure.StageForm},
		{"a link with another word", "title: a\nlink Norrsken Bank as astrid, for ever\n", false, 2, failure.StageForm},
		{"a link for no day", "title: a\nlink Norrsken Bank as astrid for 0 days\n", false, 2, failure.DaysAhead},
		{"a bank twice", "title: a\nlink A as x\nlink A as y\n", false, 3, failure.StageTwice},
		{"withdrawn before it was linked", "title: a\nwithdraw A\nlink A as x\n", false, 2, failure.StageNotLinked},
		{"too many days", "title: a\n\npass 367 days\n", false, 3, failure.DaysAhead},
		{"a fault that is none", "title: a\nfault GET /accounts 200\n", false, 2, failure.StageForm},
		{"a fault without end", "title: a\nfault GET /accounts cut 101 times\n", false, 2, failure.StageForm},
		{"a path to elsewhere", "title: a\nfault GET /../x?y 500\n", false, 2, failure.StageForm},
		{"renewed before it was linked", "title: a\nrenew A as x\n", false, 2, failure.StageNotLinked},
		{"noted before it was linked", "title: a\nnote -1.00 at A from B: c\n", false, 2, failure.StageNotLinked},
		{"a name for nobody", "title: a\nlink A as x\nname at A: b\n", false, 3, failure.StageForm},
		{"a payment without a currency", "title: a\npay 12.50 at A as x to DE89 B: c\n", false, 2, failure.StageForm},
		{"a payment to a number with blanks", "title: a\npay 12.50 EUR at A as x to DE89-3704 B: c\n", false, 2, failure.StageForm},
		{"a payment of less than nothing", "title: a\npay -12.50 EUR at A as x to DE89370400440532013000 B\n", false, 2, failure.StageForm},
		{"a payment in too many days", "title: a\npay 12.50 EUR at A as x in 400 days to DE89370400440532013000 B\n", false, 2, failure.DaysAhead},
		{"too many acts", "title: a\n" + strings.Repeat("update\n", mostActs+1), false, mostActs + 2, failure.StageTooMany},
		{"a control character", "title: a\npass\x1b[2J 1 day\n", false, 2, failure.NotShowable},
		{"text that turns round", "title: a\nlink \u202eknaB as x\n", false, 2, failure.NotShowable},
		{"no UTF-8", "title: \xff\n", false, 0, failure.FileNotUTF8},
		{"too large", "title: a\n" + strings.Repeat("#", MaxFile), false, 0, failure.FileLarger},
		{"a long line", "title: a\n#" + strings.Repeat("x", longestLine) + "\n", false, 2, failure.LongerThan},

		{"a story without its head", "## A\nDo: it\n", true, 1, failure.StageNoTitle},
		{"a head without an end", "---\ntitle: a\n", true, 0, failure.StageNoTitle},
		{"another scene", "---\ntitle: a\nscene: nowhere\n---\n", true, 3, failure.StageNoScene},
		{"minutes that are none", "---\nminutes: soon\n---\n", true, 2, failure.StageForm},
		{"another key", "---\ncolour: red\n---\n", true, 2, failure.StageVerb},
		{"no steps", head + "About.\n", true, 0, failure.StageNoSteps},
		{"an empty step", head + "## A\n## B\nDo: it\n", true, 5, failure.StageForm},
		{"another cue", head + "## A\nDo: it\n\nSing: it\n", true, 8, failure.StageVerb},
		{"an end that is none", head + "## A\nDo: it\nUntil: consent happy\n", true, 7, failure.StageForm},
		{"an end elsewhere", head + "## A\nDo: it\nUntil: page https://x/\n", true, 7, failure.StageForm},
		{"too many steps", head + strings.Repeat("## A\n", mostSteps+1), true, 5 + mostSteps, failure.StageTooMany},
	} {
		var err error
		if each.story {
			_, err = ParseStory([]byte(each.file))
		} else {
			_, err = ParseScene([]byte(each.file))
		}
		var wrong *Mistake
		if !errors.As(err, &wrong) || wrong.Line != each.line || wrong.Problem.Code != each.code {
			t.Errorf("%s: %v, want line %d: %s", each.name, err, each.line, each.code)
		}
	}
}

// TestStoryIsRead takes over what a presenter wrote, also where a sentence goes on.
func TestStoryIsRead(t *testing.T) {
	t.Parallel()
	s, err := ParseStory([]byte("\ufeff---\r\ntitle: Mine\r\nscene: three-banks\r\n---\r\nWhat\r\nit is.\r\n\r\n## One\r\nDo: this\r\nand that\r\nDo: and more\r\nSay: a: b\r\nUntil: page /consents/*\r\nUntil: clock 7 days ahead\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	step := s.Steps[0]
	if s.About != "What it is." || strings.Join(step.Do, "|") != "this and that|and more" || step.Say[0] != "a: b" || len(step.Until) != 2 || step.Until[1].Number != 7 {
		t.Errorf("%+v", s)
	}
	for path, want := range map[string]bool{"/consents/x": true, "/consents/": false, "/consents": false, "/consents/x/y": false, "/accounts/x": false} {
		if step.Until[0].On(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

// TestActs reads each kind of line that is about what a person did, and writes it as it was.
func TestActs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"renew A Bank as x for 90 days, 4 a day",
		"draft 12.50 EUR at A Bank as x to DE89370400440532013000 Somebody & Sons: a text: with more",
		"send 1 JPY at A Bank as x on account 2 by domestic every Monthly in 3 days to 12345 Somebody",
		"decline 666.66 EUR at A Bank as x in 1 day to DE89370400440532013000 Somebody",
		"note -12.50 at A Bank from Somebody, 12 earlier: one\\nand \"two\": #x #y",
		"name Somebody Else at A Bank: Mum: and dad", "name number DE89 3704 at A Bank: Mum",
	} {
		act, err := parseAct(line{0, text})
		if err != nil || act.String() != text || !act.Stands() {
			t.Errorf("%s: %v, written %s, stands %v", text, err, act, act.Stands())
		}
	}
	for _, act := range []Act{
		{Verb: Note, Bank: "A", Amount: "-1", Other: "a: b", Text: "c"}, {Verb: Note, Bank: "A", Amount: "-1", Other: "a", Text: "b\nc"},
		{Verb: Name, Bank: "A", Other: "number a", Text: "b"}, {Verb: Pay, Bank: "A", Amount: "1", Currency: "EUR", To: "DE89370400440532013000", Other: "a: b", Person: "x", Account: 1},
		{Verb: Note, Bank: "A", Amount: "-1", Other: "a", Text: strings.Repeat("x", longestLine)},
	} {
		if act.Stands() {
			t.Errorf("%s stands", act)
		}
	}
}

// TestImpersonal leaves out each line in which somebody may be named, and counts it.
func TestImpersonal(t *testing.T) {
	t.Parallel()
	s, err := ParseScene([]byte("title: a\nlink A as x\nbook -1.00 at A as x from Mum: b\ndraft 1.00 EUR at A as x to DE89370400440532013000 Mum\npay 1.00 EUR at A as x to DE89370400440532013000 Mum\nnote -1.00 at A from B: Mum\nname B at A: Mum\nrenew A as x\npass 1 day\n"))
	if err != nil {
		t.Fatal(err)
	}
	plain, left := s.Impersonal()
	if file := string(plain.Write(nil)); strings.Contains(file, "Mum") || len(plain.Acts) != 3 || left[Book] != 1 || left[Draft]+left[Pay] != 2 || left[Note] != 1 || left[Name] != 1 {
		t.Errorf("%s, left out: %v", file, left)
	}
}

func FuzzStage(f *testing.F) {
	for _, s := range Scenes() {
		f.Add(s.Write(nil))
	}
	f.Add([]byte("title: a\nlink A as x\nrenew A as x\npay 1.00 EUR at A as x on account 2 by p every Monthly in 3 days to DE89 B: c\nnote -1.00 at A from B, 1 earlier: c #d\nname number 12 at A: B\n"))
	f.Add([]byte("---\ntitle: a\n---\n## A\nDo: it\nUntil: consent at B valid\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if s, err := ParseScene(file); err == nil {
			if _, err := ParseScene(s.Write(nil)); err != nil {
				t.Errorf("%q is written as what cannot be read: %v", file, err)
			}
		}
		_, _ = ParseStory(file)
	})
}
