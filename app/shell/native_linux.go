//go:build desktop && webkit2_41

package shell

/*
#include <stdlib.h>
#include "native_linux.h"
*/
import "C"

import (
	"sync/atomic"
	"unsafe"
)

// native is what Wails has no word for, by GTK's and WebKit's own. Each waits for GTK's thread.
var native gtk

type gtk struct{}

// shown is the window whose view GTK tells of. There is one in a process, and C cannot carry a Go value.
var shown atomic.Pointer[window]

// begin keeps the web view on the program's own pages, and listens to its keys and downloads.
func (gtk) begin(w *window) {
	shown.Store(w)
	keepInside(w.Options)
}

// screens are the parts of the screens that windows may have.
func (gtk) screens() []Screen {
	var all [16]C.area
	n := int(C.window_screens(&all[0], C.int(len(all))))
	var screens []Screen
	for _, s := range all[:n] {
		screens = append(screens, Screen{int(s.x), int(s.y), int(s.width), int(s.height)})
	}
	return screens
}

func (g gtk) restore(_ *window, p Place) {
	known := p.Width > 0
	p = p.within(g.screens())
	if known && !p.Maximised {
		C.window_move(C.area{C.int(p.X), C.int(p.Y), C.int(p.Width), C.int(p.Height)})
	}
}

func (gtk) where(*window) Place {
	var at C.area
	maximised := C.window_where(&at)
	return Place{X: int(at.x), Y: int(at.y), Width: int(at.width), Height: int(at.height), Maximised: maximised != 0}
}

// raise brings the window forward. What the desktop gave the other start tells it that a person wants that: without, it may
// only mark the window as wanting attention.
func (gtk) raise(_ *window, activation string) {
	given := C.CString(activation)
	defer C.free(unsafe.Pointer(given))
	C.window_raise(given)
}

func (gtk) zoom(_ *window, to float64) { C.window_zoom(C.double(to)) }

// windowKey is told of keys that browsers have and a menu cannot: it has one for each entry.
//
//export windowKey
func windowKey(what C.int) {
	if w := shown.Load(); w != nil {
		go w.do(act(what))
	}
}

// fileSaved is told that a file lies where the person wanted it, or why it does not.
//
//export fileSaved
func fileSaved(path, why *C.char) {
	w, at, failed := shown.Load(), C.GoString(path), C.GoString(why)
	if w == nil || !w.there() {
		return
	}
	go w.tell("saved", map[string]string{"path": at, "failed": failed})
}
