//go:build desktop && !(linux && webkit2_41)

package shell

import (
	"fmt"

	wailsruntime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// native is what Wails has no portable word for; where it gives no hand on the system's own, it is done as well as it can be.
var native other

type other struct{}

// begin does nothing: on this system Wails gives no hand on where the web view goes. There the window stays on the
// program's own pages because those link to nothing else: what leads to a bank asks the program, which calls OpenBrowser.
func (other) begin(*window) {}

// restore gives the window its size, and its place where one screen is known to hold it: here Wails counts from the corner of
// the screen that the window is on.
func (other) restore(w *window, p Place) {
	var screens []Screen
	all, err := wailsruntime.ScreenGetAll(w.wails())
	for _, s := range all {
		if err == nil && s.IsCurrent {
			screens = append(screens, Screen{Width: s.Size.Width, Height: s.Size.Height})
		}
	}
	p = p.within(screens)
	wailsruntime.WindowSetSize(w.wails(), p.Width, p.Height)
	if len(screens) > 0 {
		wailsruntime.WindowSetPosition(w.wails(), p.X, p.Y)
	}
}

func (other) where(w *window) (p Place) {
	p.X, p.Y = wailsruntime.WindowGetPosition(w.wails())
	p.Width, p.Height = wailsruntime.WindowGetSize(w.wails())
	p.Maximised = wailsruntime.WindowIsMaximised(w.wails())
	return p
}

func (other) raise(w *window, _ string) {
	wailsruntime.WindowShow(w.wails())
	wailsruntime.WindowUnminimise(w.wails())
}

// zoom is the page's own: it does not become narrower with it, as in a browser.
func (other) zoom(w *window, to float64) {
	w.script(fmt.Sprintf("document.documentElement.style.zoom = %g", to))
}
