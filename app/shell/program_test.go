//go:build desktop && linux

package shell

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestProgram builds the whole program with its window, as "make desktop" does, and uses it as a person does: starts it,
// sees the first screen, closes it.
func TestProgram(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "consentry")
	build := exec.Command("go", "build", "-tags", "desktop,production,webkit2_41", "-ldflags", "-s -w", "-o", binary, "consentry")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, output)
	}
	screen := newDisplay(t)
	command := exec.Command(binary, "-v")
	command.Env = screen.environment(t)
	consentry := startProgram(t, command)

	window := screen.window(t, "Consentry")
	eventually(t, "the window to be given the first screen", func() bool {
		return firstScreen.MatchString(consentry.output.String())
	})
	var picture *image.RGBA
	eventually(t, "the first screen to be drawn", func() bool {
		picture = screen.picture(t, window)
		return colours(picture) > 100 && shareOf(picture, teal) > 0.0005
	})
	keep(t, "program.png", picture)

	notGivenToPrograms(t, token.FindStringSubmatch(consentry.output.String())[1])
	screen.close(t, window)
	consentry.endsWell(t)
}

// token is what the printed address lets the first visitor in by.
var token = regexp.MustCompile(`/start\?token=(\S{43})\n`)

// notGivenToPrograms looks for a secret in the arguments and environments of all processes that may be seen: the window's
// own helpers are among them.
func notGivenToPrograms(t *testing.T, secret string) {
	t.Helper()
	given, err := filepath.Glob("/proc/[0-9]*/[ce][mn][dv]*") // cmdline and environ
	if err != nil || len(given) < 4 {
		t.Fatalf("no processes are seen: %v", err)
	}
	for _, file := range given {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s holds the token", file)
		}
	}
}

// firstScreen is the log's line of the overview, given to the window after its token was taken.
var firstScreen = regexp.MustCompile(`msg=request method=GET path=/ status=200 .*AppleWebKit`)

// colours counts the different colours of a picture: a blank page has one, text has many, from its smooth edges.
func colours(picture *image.RGBA) int {
	seen := map[[3]uint8]bool{}
	for i := 0; i+3 < len(picture.Pix); i += 4 {
		seen[[3]uint8(picture.Pix[i:i+3])] = true
	}
	return len(seen)
}
