//go:build desktop

package shell

import (
	"context"
	"encoding/json"
	"html/template"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	wailsruntime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// Window says whether this program was built with a window.
const Window = true

// Shows reports whether there is a window to bring forward, or a display to open one on.
func Shows() bool { return hasDisplay() }

// firstPage goes on to the program's address and leaves no entry in the history, so that Back does not lead to it:
// the token in the address is good for one visit.
var firstPage = template.Must(template.New("first page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{{.Title}}</title>
<style>html { background: #f5f6f4 } @media (prefers-color-scheme: dark) { html { background: #0e1413 } }</style>
</head><body><script>location.replace({{.URL}})</script></body></html>
`))

// window is the one that the program has, from Run on.
type window struct {
	Options
	program context.Context                 // ends with the program
	by      atomic.Pointer[context.Context] // what Wails knows the window by; nil until its first page is there
	ended   chan struct{}                   // closed when the window is no more

	mu       sync.Mutex
	place    Place // where it was last seen
	hidden   bool
	loaded   sync.Once
	quitting atomic.Bool
	closing  atomic.Bool
}

// Run opens the window on o.URL and returns when the person has closed it for good or ctx is done. It is to be called from
// the main goroutine, as systems want windows on the process's first thread, and once in a process.
func Run(ctx context.Context, o Options) error {
	if err := checkAddress(o.URL); err != nil {
		return err
	}
	if !hasDisplay() {
		return ErrNoDisplay
	}
	clearNotes() // of banks' pages: the program's own address never leaves this process
	defer clearNotes()
	w := &window{Options: o, program: ctx, ended: make(chan struct{}), place: o.Place.within(nil)}
	defer close(w.ended)
	state := options.Normal
	if o.Place.Maximised {
		state = options.Maximised
	}
	return runWails(&options.App{
		Title: o.Title,
		Width: w.place.Width, Height: w.place.Height,
		MinWidth: leastWidth, MinHeight: leastHeight,
		WindowStartState:         state,
		BackgroundColour:         background(),
		AssetServer:              &assetserver.Options{Handler: o.page()},
		EnableDefaultContextMenu: true, // copy and paste by mouse
		Menu:                     w.menu(),
		Logger:                   wailsLog{o.Log},
		LogLevelProduction:       logger.WARNING,
		OnStartup:                func(context.Context) { native.begin(w) },
		OnDomReady:               w.ready,
		OnBeforeClose:            func(context.Context) (prevent bool) { return w.staysOpen() },
		Linux:                    &linux.Options{Icon: icon, ProgramName: "consentry", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Windows:                  &windows.Options{Theme: windows.SystemDefault},
	})
}

// page serves the window's only page.
func (o Options) page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := firstPage.Execute(w, o); err != nil {
			o.Log.Error("write the window's first page", "error", err)
		}
	})
}

// ready is called with each page that has loaded. Before the first is there the window's loop may not run yet, and nothing
// would hear a call.
func (w *window) ready(by context.Context) {
	w.loaded.Do(func() {
		w.by.Store(&by)
		native.restore(w, w.Place)
		go w.follow()
		go w.keepTitle()
	})
	native.zoom(w, w.zoom())
}

func (w *window) there() bool            { return w.by.Load() != nil }
func (w *window) wails() context.Context { return *w.by.Load() }

// follow does what others ask of the window, until it is no more.
func (w *window) follow() {
	every := time.NewTicker(w.every())
	defer every.Stop()
	for {
		select {
		case <-w.ended:
			return
		case <-w.program.Done():
			w.quit()
			return
		case activation := <-w.Raise:
			w.show(activation)
		case <-every.C:
			w.look()
		}
	}
}

// show brings the window forward, with a page of its own again where it was closed.
func (w *window) show(activation string) {
	w.mu.Lock()
	hidden := w.hidden
	w.hidden = false
	w.mu.Unlock()
	if hidden && w.Fresh != nil {
		w.goTo(w.Fresh())
	}
	native.raise(w, activation)
	if hidden {
		native.restore(w, w.kept())
	}
}

// hide closes the window for a person, and takes its page away: nobody is there who reads it.
func (w *window) hide() {
	w.look()
	w.mu.Lock()
	w.hidden = true
	w.mu.Unlock()
	wailsruntime.WindowHide(w.wails())
	w.goTo("about:blank")
	if w.Hidden != nil {
		w.Hidden()
	}
}

// signalWait is how long a signal may take from Wails, which hears it too and asks for the window to be closed, to the program.
const signalWait = 100 * time.Millisecond

// staysOpen decides what becomes of the window that is to be closed, whoever asks.
func (w *window) staysOpen() bool {
	if !w.there() { // nothing was shown yet
		return w.closing.Swap(true)
	}
	if !w.quitting.Load() && w.GoesOn != nil && w.GoesOn() {
		select {
		case <-w.program.Done():
		case <-time.After(signalWait):
			w.hide()
			return true
		}
	}
	if w.closing.Swap(true) {
		return true
	}
	w.look()
	return false
}

// quit ends the window for good, and with it the program.
func (w *window) quit() {
	w.quitting.Store(true)
	wailsruntime.Quit(w.wails())
}

// look notes where the window is, and has it kept where that has changed.
func (w *window) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hidden {
		return
	}
	now := native.where(w)
	now.Zoom = w.place.Zoom
	if now.Maximised { // as large as it would be otherwise is what it was
		now.X, now.Y, now.Width, now.Height = w.place.X, w.place.Y, w.place.Width, w.place.Height
	}
	w.keep(now)
}

// keep has a place kept that is another than before; the lock is held.
func (w *window) keep(now Place) {
	if now == w.place {
		return
	}
	w.place = now
	if w.Keep != nil {
		w.Keep(now)
	}
}

func (w *window) kept() Place {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.place
}

func (w *window) zoom() float64 { return w.kept().Zoom }

// setZoom shows everything larger or smaller, from now on and at the next start.
func (w *window) setZoom(from func(now float64) float64) {
	w.mu.Lock()
	now := w.place
	now.Zoom = from(now.Zoom)
	w.keep(now)
	w.mu.Unlock()
	native.zoom(w, now.Zoom)
}

// goTo leads the window to an address, without an entry in its history.
func (w *window) goTo(address string) { w.script("location.replace(" + quoted(address) + ")") }

// tell hands the page something to show: see frontend/static/window.js.
func (w *window) tell(event string, detail any) {
	w.script("dispatchEvent(new CustomEvent(" + quoted("consentry:"+event) + ", {detail: " + quoted(detail) + "}))")
}

func (w *window) script(text string) { wailsruntime.WindowExecJS(w.wails(), text) }

// quoted is a value as a script has it.
func quoted(value any) string {
	text, err := json.Marshal(value)
	if err != nil { // no such value is passed
		return "null"
	}
	return string(text)
}

// runWails turns the panic with which Wails reports an unusable display into an error.
func runWails(app *options.App) (err error) {
	defer func() {
		problem := recover()
		if failed, ok := problem.(error); ok && failed.Error() == "failed to init GTK" {
			err = ErrNoDisplay
		} else if problem != nil {
			panic(problem)
		}
	}()
	return wails.Run(app)
}

func hasDisplay() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// background is what shows before the first page does. GTK's own follows the system's light or dark, so under Linux
// nothing is painted over it; the other systems take one colour, the light paper's.
func background() *options.RGBA {
	if runtime.GOOS == "linux" {
		return options.NewRGBA(0, 0, 0, 0)
	}
	return options.NewRGB(0xf5, 0xf6, 0xf4)
}
