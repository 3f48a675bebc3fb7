//go:build desktop && linux

package shell

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// patience is how long anything on the display may take on a slow machine.
const patience = 60 * time.Second

// display is a screen that nobody sees, and a hand on it.
type display struct {
	name string // as in DISPLAY
	conn *xgb.Conn
	root xproto.Window
}

// newDisplay starts Xvfb on a display number of its own choice and stops it when the test ends.
func newDisplay(t *testing.T) *display {
	t.Helper()
	numbers, told, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer numbers.Close()
	// Whenever its last client leaves, a server begins anew, and cuts off who has just come: -noreset.
	server := exec.Command("Xvfb", "-displayfd", "3", "-noreset", "-screen", "0", "1400x1000x24", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{told}
	if err := server.Start(); err != nil {
		t.Fatalf("the desktop's tests need Xvfb (on Debian and Ubuntu the package xvfb): %v", err)
	}
	told.Close()
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	numbers.SetReadDeadline(time.Now().Add(patience))
	number, err := bufio.NewReader(numbers).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not say its display: %v", err)
	}
	name := ":" + strings.TrimSpace(number)
	xgb.Logger.SetOutput(io.Discard) // what matters comes back as errors
	conn, err := xgb.NewConnDisplay(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		t.Fatal(err)
	}
	return &display{name, conn, xproto.Setup(conn).DefaultScreen(conn).Root}
}

// environment is what a program started on the display is given: a home of its own, and no other screen or keyring.
func (d *display) environment(t *testing.T, extra ...string) []string {
	t.Helper()
	home := t.TempDir()
	kept := []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + home, "XDG_RUNTIME_DIR=" + home,
		"DISPLAY=" + d.name, "NO_AT_BRIDGE=1", "CONSENTRY_KEYRING=off"}
	return append(kept, extra...)
}

// window waits until a window with this title is shown.
func (d *display) window(t *testing.T, title string) xproto.Window {
	t.Helper()
	var found xproto.Window
	eventually(t, "a window called "+title, func() bool {
		tree, err := xproto.QueryTree(d.conn, d.root).Reply()
		if err != nil {
			t.Fatal(err)
		}
		for _, child := range tree.Children {
			state, err := xproto.GetWindowAttributes(d.conn, child).Reply()
			if err == nil && state.MapState == xproto.MapStateViewable && d.title(child) == title {
				found = child
			}
		}
		return found != 0
	})
	return found
}

func (d *display) title(window xproto.Window) string {
	name, err := xproto.GetProperty(d.conn, false, window, xproto.AtomWmName, xproto.GetPropertyTypeAny, 0, 256).Reply()
	if err != nil {
		return ""
	}
	return string(name.Value)
}

// picture is what the window shows now.
func (d *display) picture(t *testing.T, window xproto.Window) *image.RGBA {
	t.Helper()
	drawable := xproto.Drawable(window)
	size, err := xproto.GetGeometry(d.conn, drawable).Reply()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := xproto.GetImage(d.conn, xproto.ImageFormatZPixmap, drawable, 0, 0, size.Width, size.Height, 1<<32-1).Reply()
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, int(size.Width), int(size.Height)))
	for i := 0; i+3 < len(raw.Data) && i+3 < len(picture.Pix); i += 4 {
		copy(picture.Pix[i:], []byte{raw.Data[i+2], raw.Data[i+1], raw.Data[i], 0xff}) // the server sends blue first
	}
	return picture
}

// keep writes the picture among the test's artifacts, which stay with go test -artifacts.
func keep(t *testing.T, name string, picture image.Image) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.ArtifactDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, picture); err != nil {
		t.Fatal(err)
	}
	t.Logf("screenshot: %s", file.Name())
}

// click presses the first mouse button in the middle of the window.
func (d *display) click(t *testing.T, window xproto.Window) {
	t.Helper()
	size, err := xproto.GetGeometry(d.conn, xproto.Drawable(window)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	at, err := xproto.TranslateCoordinates(d.conn, window, d.root, int16(size.Width/2), int16(size.Height/2)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []struct{ kind, detail byte }{{xproto.MotionNotify, 0}, {xproto.ButtonPress, 1}, {xproto.ButtonRelease, 1}} {
		if err := xtest.FakeInputChecked(d.conn, event.kind, event.detail, 0, d.root, at.DstX, at.DstY, 0).Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// enter presses the enter key with the pointer within a window, which has the keys where no window manager gives them to another.
func (d *display) enter(t *testing.T, window xproto.Window) {
	t.Helper()
	at, err := xproto.TranslateCoordinates(d.conn, window, d.root, 20, 20).Reply()
	if err != nil {
		return // it is closed
	}
	const enter = 36 // of the keyboard that Xvfb has
	for _, event := range []struct{ kind, detail byte }{{xproto.MotionNotify, 0}, {xproto.KeyPress, enter}, {xproto.KeyRelease, enter}} {
		if err := xtest.FakeInputChecked(d.conn, event.kind, event.detail, 0, d.root, at.DstX, at.DstY, 0).Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// Keys of the keyboard that Xvfb has.
const (
	keyControl, keyShift = 37, 50
	keyQ, keyW, keyR     = 24, 25, 27
	keyF, keyG, keyN     = 41, 42, 57
	keyComma             = 59
	keyPlus, keyMinus    = 21, 20 // "=" and "+" are one key
	key0, keyF1, keyF5   = 19, 67, 71
	keyF3                = 69
	keyA, keyB, keyK     = 38, 56, 45
)

// press presses keys together with the pointer within a window, which has the keys where no window manager gives them to another.
func (d *display) press(t *testing.T, window xproto.Window, keys ...byte) {
	t.Helper()
	at, err := xproto.TranslateCoordinates(d.conn, window, d.root, 40, 60).Reply()
	if err != nil {
		return // it is closed
	}
	fake := func(kind, detail byte) {
		if err := xtest.FakeInputChecked(d.conn, kind, detail, 0, d.root, at.DstX, at.DstY, 0).Check(); err != nil {
			t.Fatal(err)
		}
	}
	fake(xproto.MotionNotify, 0)
	for _, key := range keys {
		fake(xproto.KeyPress, key)
	}
	for i := range keys {
		fake(xproto.KeyRelease, keys[len(keys)-1-i])
	}
}

// types types with the pointer within a window.
func (d *display) types(t *testing.T, window xproto.Window, keys ...byte) {
	t.Helper()
	for _, key := range keys {
		d.press(t, window, key)
	}
}

// place is where a window is on the display, and how large.
func (d *display) place(t *testing.T, window xproto.Window) Screen {
	t.Helper()
	size, err := xproto.GetGeometry(d.conn, xproto.Drawable(window)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	at, err := xproto.TranslateCoordinates(d.conn, window, d.root, 0, 0).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return Screen{int(at.DstX), int(at.DstY), int(size.Width), int(size.Height)}
}

// isShown reports whether a window is on the display.
func (d *display) isShown(window xproto.Window) bool {
	state, err := xproto.GetWindowAttributes(d.conn, window).Reply()
	return err == nil && state.MapState == xproto.MapStateViewable
}

// close asks the window to close, as its title bar's cross does.
func (d *display) close(t *testing.T, window xproto.Window) {
	t.Helper()
	message := xproto.ClientMessageEvent{
		Format: 32, Window: window, Type: d.atom(t, "WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(d.atom(t, "WM_DELETE_WINDOW")), 0, 0, 0, 0}),
	}
	if err := xproto.SendEventChecked(d.conn, false, window, 0, string(message.Bytes())).Check(); err != nil {
		t.Fatal(err)
	}
}

func (d *display) atom(t *testing.T, name string) xproto.Atom {
	t.Helper()
	reply, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return reply.Atom
}

// shareOf is the part of a picture that has this colour.
func shareOf(picture *image.RGBA, colour color.RGBA) float64 {
	count := 0
	for i := 0; i+3 < len(picture.Pix); i += 4 {
		if picture.Pix[i] == colour.R && picture.Pix[i+1] == colour.G && picture.Pix[i+2] == colour.B {
			count++
		}
	}
	return float64(count) / float64(len(picture.Pix)/4)
}

// eventually polls until the condition holds, and fails the test if it never does.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Fatalf("waited %v in vain for %s", patience, what)
}

// program is a process under test and what it has printed so far.
type program struct {
	*exec.Cmd
	output *transcript
	ended  chan error
}

func startProgram(t *testing.T, command *exec.Cmd) *program {
	t.Helper()
	p := &program{Cmd: command, output: &transcript{}, ended: make(chan error, 1)}
	command.Stdout, command.Stderr = p.output, p.output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- command.Wait() }()
	t.Cleanup(func() {
		command.Process.Kill()
		if t.Failed() {
			t.Logf("the program said:\n%s", p.output)
		}
	})
	return p
}

// endsWell waits for the process to end by itself and without an error.
func (p *program) endsWell(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.ended:
		if err != nil {
			t.Errorf("the program ended with %v", err)
		}
	case <-time.After(patience):
		t.Errorf("the program still runs %v after it was asked to end", patience)
	}
}

// prints waits until the program has printed the text.
func (p *program) prints(t *testing.T, text string) {
	t.Helper()
	eventually(t, fmt.Sprintf("the program to print %q", text), func() bool { return strings.Contains(p.output.String(), text) })
}
