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
	"log/slog"
	"time"
)

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
	// TitleEvery is how often Waiting is asked; 0: each 10 s.
	TitleEvery time.Duration
}
