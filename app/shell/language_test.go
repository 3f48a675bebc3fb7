package shell

import (
	"slices"
	"testing"
)

// TestEnvironmentLanguages reads what POSIX and GNU gettext say of languages.
func TestEnvironmentLanguages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		set  map[string]string
		want []string
	}{
		{nil, nil},
		{map[string]string{"LANG": "sv_SE.UTF-8"}, []string{"sv-SE"}},
		{map[string]string{"LANG": "sv_SE.UTF-8", "LC_MESSAGES": "de_DE"}, []string{"de-DE"}},
		{map[string]string{"LANG": "sv_SE.UTF-8", "LC_MESSAGES": "de_DE", "LC_ALL": "ka_GE.UTF-8"}, []string{"ka-GE"}},
		{map[string]string{"LANG": "ca_ES.UTF-8@valencia"}, []string{"ca-ES"}},
		{map[string]string{"LANG": "sv_FI@euro", "LANGUAGE": "sv:fi:en_GB"}, []string{"sv", "fi", "en-GB", "sv-FI"}},
		{map[string]string{"LANG": "C.UTF-8", "LANGUAGE": "sv"}, nil},
		{map[string]string{"LC_ALL": "POSIX", "LANG": "sv_SE"}, nil},
	} {
		if got := environmentLanguages(func(name string) string { return test.set[name] }); !slices.Equal(got, test.want) {
			t.Errorf("%v: %q, not %q", test.set, got, test.want)
		}
	}
}
