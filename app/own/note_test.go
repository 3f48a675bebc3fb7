package own

import (
	"slices"
	"strings"
	"testing"

	"consentry/app/failure"
)

func TestReadTags(t *testing.T) {
	for typed, want := range map[string]struct {
		tags []string
		code string
	}{
		"":                          {nil, ""},
		" , # ":                     {nil, ""},
		"holiday":                   {[]string{"holiday"}, ""},
		"#Holiday, #summer-house":   {[]string{"Holiday", "summer-house"}, ""},
		"party#gift;ada":            {[]string{"party", "gift", "ada"}, ""},
		"Åre are ÅRE":               {[]string{"Åre"}, ""},
		"თბილისი tbilisi":           {[]string{"თბილისი"}, ""},
		"summer-house summerhouse":  {[]string{"summer-house"}, ""},
		"a\u202eb":                  {[]string{"ab"}, ""},
		"ok !!":                     {nil, failure.TagWithoutLetter},
		strings.Repeat("x", 30):     {[]string{strings.Repeat("x", 30)}, ""},
		strings.Repeat("x", 31):     {nil, failure.TagTooLong},
		"a b c d e f g h i j":       {[]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}, ""},
		"a b c d e f g h i j k":     {nil, failure.TooManyTags},
		"a b c d e f g h i j A b c": {[]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}, ""},
	} {
		tags, wrong := ReadTags(typed)
		if wrong.Code != want.code || want.code == "" && !slices.Equal(tags, want.tags) {
			t.Errorf("%q: got %q, %q, want %q, %q", typed, tags, wrong.Code, want.tags, want.code)
		}
	}
}

func TestReadNote(t *testing.T) {
	for typed, want := range map[string]string{
		"":                               "",
		"  two \r\n lines\t\x00\u202e ":  "two \n lines",
		"e\u0301t\u00e9":                 "été",
		"\xff\xfeok":                     "ok",
		"👩\u200d🚀":                       "👩\u200d🚀",
		strings.Repeat("ä", LongestNote): strings.Repeat("ä", LongestNote),
	} {
		if note, err := readNote(typed, ""); err != nil || note.Text != want {
			t.Errorf("%q: got %q (%v), want %q", typed, note.Text, err, want)
		}
	}
	if _, err := readNote(strings.Repeat("ä", LongestNote+1), "!"); err == nil || !strings.Contains(err.Error(), failure.TextTooLong) || !strings.Contains(err.Error(), failure.TagWithoutLetter) {
		t.Errorf("too long, and no tag: %v", err)
	}
}
