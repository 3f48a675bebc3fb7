// Package shell shows the program to a person: in a window of its own, or in the browser they already have.
//
// Both shells show the same thing, an address on 127.0.0.1 that this process serves. Which one is built in is decided by
// the tag desktop; [Window] tells. The window comes from Wails, which no other package imports. It holds nothing but a
// web view: its first page goes on to the address at once, because the asset server Wails has for windows knows no
// cookies and no redirects.
//
// Banks' pages never open in the window: a person shall see their bank's address in a browser they know. See [OpenBrowser].
package shell

import (
	"cmp"
	"errors"
	"log/slog"
	"os"
	"time"
)

// ErrNoDisplay says that there is nothing to open a window on, as over SSH or in a container.
var ErrNoDisplay = errors.New("there is no display to open a window on; start “consentry serve” and open the address it prints")

// Options say what to show.
type Options struct {
	URL   string // the program's address, with the token that lets the first visitor in; http or https
	Title string // the window's title
	Open  bool   // open the browser at URL; the window does not ask
	// Begun is closed once the token in URL was used: what leads there is of no use any more.
	Begun <-chan struct{}
	Log   *slog.Logger // never receives URL, because of the token
	// Waiting returns how many things wait for the person; the window's title begins with it, as in "(2) Consentry". It is
	// asked from time to time, from a goroutine of the window's; nil: the title stays as it is.
	Waiting func() int
	// TitleEvery is how often Waiting is asked, and looked where the window is; 0: each 10 s.
	TitleEvery time.Duration

	// What follows is the window's alone. Each may be missing.

	Words Words
	// Place is where the window was, and Keep keeps where it is now. Keep is called from one goroutine at a time.
	Place Place
	Keep  func(Place)
	// Fresh returns a URL for a window that is shown again, and FreshBrowser one for the browser beside it.
	Fresh, FreshBrowser func() string
	// Raise brings the window forward with what the desktop gave the other start; see [Activation].
	Raise <-chan string
	// GoesOn reports whether the program goes on when the window is closed, and Hidden is told each time it does.
	GoesOn func() bool
	Hidden func()
}

// Words are what the window's menu says. One that is missing leaves its entry out.
type Words struct {
	Program, OpenBrowser, Settings, Close, Quit string
	Edit, Find, FindNext                        string
	View, Reload, Back, Forward                 string
	Larger, Smaller, Usual, FullScreen          string
	Help, Keys                                  string
}

// Activation is what the desktop gave this process so that a window that it asks for may take the focus; empty where it gave
// nothing. It is a word for one use (Startup Notification Protocol 0.2; xdg-activation-v1).
func Activation() string {
	return cmp.Or(os.Getenv("XDG_ACTIVATION_TOKEN"), os.Getenv("DESKTOP_STARTUP_ID"))
}
