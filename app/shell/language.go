package shell

import (
	"cmp"
	"os"
	"strings"
)

// Languages returns the languages of who uses the system, as BCP 47 tags, the best first; none where it does not say.
// What is set for programs in the environment (POSIX, and LANGUAGE of GNU gettext) goes before what the desktop says.
func Languages() []string {
	if tags := environmentLanguages(os.Getenv); tags != nil {
		return tags
	}
	return desktopLanguages()
}

// environmentLanguages are those of the environment. The locales "C" and "POSIX" have no language.
func environmentLanguages(variable func(string) string) (tags []string) {
	locale := cmp.Or(variable("LC_ALL"), variable("LC_MESSAGES"), variable("LANG"))
	if tag := tagOf(locale); tag != "" {
		for each := range strings.SplitSeq(variable("LANGUAGE"), ":") { // holds only where there is a locale
			if each := tagOf(each); each != "" {
				tags = append(tags, each)
			}
		}
		return append(tags, tag)
	}
	return nil
}

// tagOf is the tag of a locale's name, such as sv_SE.UTF-8 or ca_ES@valencia; empty where that has no language.
func tagOf(locale string) string {
	name, _, _ := strings.Cut(locale, ".")
	name, _, _ = strings.Cut(name, "@")
	if name == "C" || name == "POSIX" {
		return ""
	}
	return strings.ReplaceAll(name, "_", "-")
}
