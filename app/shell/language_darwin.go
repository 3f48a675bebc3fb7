package shell

import (
	"context"
	"os/exec"
	"regexp"
	"time"
)

// desktopLanguages are those that macOS shows itself in, best first.
func desktopLanguages() []string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, "/usr/bin/defaults", "read", "-g", "AppleLanguages").Output()
	if err != nil {
		return nil
	}
	return languageTag.FindAllString(string(said), -1)
}

// languageTag is one in the list that is printed: ("sv-SE", "en-SE").
var languageTag = regexp.MustCompile(`[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*`)
