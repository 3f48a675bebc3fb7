//go:build desktop && linux

package shell

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// TestProgram builds the whole program with its window, as "make desktop" does, and uses it as a person does: starts it,
// sees the first screen, closes it.
func TestProgram(t *testing.T) {
	binary := builtProgram(t)
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
	second := exec.Command(binary)
	second.Env = command.Env
	if said, err := second.CombinedOutput(); err != nil || !bytes.Contains(said, []byte("runs already")) || bytes.Contains(said, []byte("token=")) {
		t.Errorf("a second start: %v, %s", err, said)
	}
	screen.press(t, window, keyControl, keyF) // no field of a search is on the first screen
	screen.types(t, window, keyB, keyA, keyN, keyK)
	eventually(t, "what was found to be marked", func() bool {
		picture = screen.picture(t, window)
		return shareOf(picture, found) > 0.0002
	})
	keep(t, "program-find.png", picture)
	screen.close(t, window)
	consentry.endsWell(t)
}

// found is what words are marked with that are found on a page, but for the one that is shown.
var found = color.RGBA{0xfb, 0xf0, 0xd9, 0xff}

// builds is the program with its window, which is built once.
var builds struct {
	sync.Mutex
	folder string
}

func builtProgram(t *testing.T) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if builds.folder == "" {
		folder, err := os.MkdirTemp("", "consentry-window-")
		if err != nil {
			t.Fatal(err)
		}
		build := exec.Command("go", "build", "-tags", "desktop,production,webkit2_41", "-ldflags", "-s -w", "-o", filepath.Join(folder, "consentry"), "consentry")
		if output, err := build.CombinedOutput(); err != nil {
			_ = os.RemoveAll(folder)
			t.Fatalf("build: %v\n%s", err, output)
		}
		builds.folder = folder
	}
	return filepath.Join(builds.folder, "consentry")
}

// TestProgramInTheBackground starts the program as at login: there is no window until somebody wants one, it goes on when that
// is closed, and says so once, and ends when that is wanted.
func TestProgramInTheBackground(t *testing.T) {
	binary, screen, bus := builtProgram(t), newDisplay(t), newBus(t)
	told := newNotifier(t, bus)
	environment := screen.environment(t, "DBUS_SESSION_BUS_ADDRESS="+bus)
	command := exec.Command(binary, "-background", "-sandbox=false", "-v")
	command.Env = environment
	consentry := startProgram(t, command)
	open := func() error {
		opens := exec.Command(binary, "open")
		opens.Env = environment
		return opens.Run()
	}
	eventually(t, "the program to be reached", func() bool { return open() == nil })
	window := screen.window(t, "Consentry")
	if consentry.output.String() == "" || token.MatchString(consentry.output.String()) {
		t.Errorf("it logs nothing, or an address:\n%s", consentry.output)
	}
	for i := range 2 {
		eventually(t, "the first screen to be drawn", func() bool { return shareOf(screen.picture(t, window), teal) > 0.0005 })
		visits := len(firstScreen.FindAllString(consentry.output.String(), -1))
		screen.close(t, window)
		eventually(t, "the window to be gone", func() bool { return !screen.isShown(window) })
		if i == 0 {
			if got := <-told; !strings.Contains(got, "goes on in the background") {
				t.Errorf("the desktop showed %q", got)
			}
		}
		if err := open(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a new session in the window", func() bool {
			return screen.isShown(window) && len(firstScreen.FindAllString(consentry.output.String(), -1)) > visits
		})
	}
	screen.press(t, window, keyControl, keyQ)
	consentry.endsWell(t)
	select {
	case again := <-told:
		t.Errorf("it was said again: %q", again)
	default:
	}
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
