package frontend

import (
	"regexp"
	"strings"
	"testing"

	"consentry/app/stage"
	"consentry/frontend/words"
)

// namedLabel is what a cue names of a screen.
var namedLabel = regexp.MustCompile(`“([^”]+)”`)

// labelNamed is the text of a label that a cue names, and what it is of.
func labelNamed(label string) (text words.Text, of []any) {
	for _, form := range []words.Text{"Send to %s", "Go to %s"} {
		if bank, found := strings.CutPrefix(label, strings.TrimSuffix(string(form), "%s")); found {
			return form, []any{bank}
		}
	}
	return words.Text(label), nil
}

// TestStoriesNameWhatIsThere tells the program's stories and scenes in each language: nothing stays in English, and a button
// that a cue names is called as it is on the screen. A file of the presenter's own is left as it is.
func TestStoriesNameWhatIsThere(t *testing.T) {
	t.Parallel()
	spoken, err := words.All()
	if err != nil {
		t.Fatal(err)
	}
	labels := 0
	for _, l := range spoken {
		ctx := words.With(t.Context(), l)
		var english, told []string
		keep := func(to *[]string) func(string) string {
			return func(text string) string { *to = append(*to, text); return text }
		}
		for _, scene := range stage.Scenes() {
			scene.Told(keep(&english))
			sceneTold(ctx, scene).Told(keep(&told))
		}
		for _, story := range stage.Stories() {
			story.Told(keep(&english))
			storyTold(ctx, story).Told(keep(&told))
			own := story
			if own.Name = ""; storyTold(ctx, own).Title != story.Title {
				t.Errorf("%s: a story of the presenter's own is told as %q", l.Tag(), storyTold(ctx, own).Title)
			}
		}
		for i, text := range english {
			if l != words.English() && told[i] == text {
				t.Errorf("%s: %q stays in English", l.Tag(), text)
			}
			for _, label := range namedLabel.FindAllStringSubmatch(text, -1) {
				form, of := labelNamed(label[1])
				if said := words.T(ctx, form, of...); !strings.Contains(told[i], said) {
					t.Errorf("%s: %q does not name %q", l.Tag(), told[i], said)
				}
				labels++
			}
		}
	}
	if labels < 10*len(spoken) {
		t.Errorf("%d labels are named", labels)
	}
}
