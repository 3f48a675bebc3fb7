//go:build desktop && webkit2_41

package shell

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1
#include <stdlib.h>
#include "inside_linux.h"
*/
import "C"

import (
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
)

// inside is what the window may show. There is one window per process, and C cannot carry a Go value.
var inside atomic.Pointer[fence]

// fence knows which addresses belong to the program.
type fence struct {
	origin string // scheme and host with port, as in "http://127.0.0.1:4711"
	log    *slog.Logger
}

// keepInside makes the window's web view refuse every page that is not the program's own, and open it in the system's
// browser instead: links, forms, redirects and new windows alike. It may be called from any goroutine.
func keepInside(o Options) {
	address, err := url.Parse(o.URL)
	if err != nil { // Run has checked it
		return
	}
	inside.Store(&fence{origin: address.Scheme + "://" + address.Host, log: o.Log})
	C.keep_inside()
}

// mayShow is asked by the web view, on GTK's thread, before it goes anywhere.
//
//export mayShow
func mayShow(address *C.char) C.int {
	f, target := inside.Load(), C.GoString(address)
	if f.holds(target) {
		return 1
	}
	go func() {
		if err := OpenBrowser(target); err != nil {
			f.log.Warn("a page outside the program was not opened", "error", withoutAddress(err))
		}
	}()
	return 0
}

// holds reports whether the address is the program's own, the window's first page, or made by a page of the program.
func (f *fence) holds(address string) bool {
	switch {
	case address == f.origin, strings.HasPrefix(address, f.origin+"/"), strings.HasPrefix(address, "blob:"+f.origin+"/"):
		return true
	default:
		return address == "about:blank" || strings.HasPrefix(address, "wails://wails/")
	}
}
