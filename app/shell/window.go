//go:build desktop

package shell

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

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

// ErrNoDisplay says that there is nothing to open a window on, as over SSH or in a container.
var ErrNoDisplay = errors.New("there is no display to open a window on; start “consentry serve” and open the address it prints")

// firstPage goes on to the program's address and leaves no entry in the history, so that Back does not lead to it:
// the token in the address is good for one visit.
var firstPage = template.Must(template.New("first page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{{.Title}}</title>
<style>html { background: #f5f6f4 } @media (prefers-color-scheme: dark) { html { background: #0e1413 } }</style>
</head><body><script>location.replace({{.URL}})</script></body></html>
`))

// Run opens the window on o.URL and returns when the person has closed it or ctx is done. It is to be called from the
// main goroutine, as systems want windows on the process's first thread.
func Run(ctx context.Context, o Options) error {
	if err := checkAddress(o.URL); err != nil {
		return err
	}
	if !hasDisplay() {
		return ErrNoDisplay
	}
	clearNotes() // of banks' pages: the program's own address never leaves this process
	defer clearNotes()
	var loaded sync.Once
	var closing atomic.Bool
	ready, ended := make(chan context.Context, 1), make(chan struct{})
	defer close(ended)
	go quitWhenDone(ctx, ready, ended)
	return runWails(&options.App{
		Title: o.Title,
		Width: 1280, Height: 860,
		MinWidth: 360, MinHeight: 560,
		BackgroundColour:         background(),
		AssetServer:              &assetserver.Options{Handler: o.page()},
		EnableDefaultContextMenu: true, // copy and paste by mouse
		Logger:                   wailsLog{o.Log},
		LogLevelProduction:       logger.WARNING,
		OnStartup:                func(context.Context) { keepInside(o) },
		OnDomReady:               func(window context.Context) { loaded.Do(func() { ready <- window; go o.keepTitle(window, ended) }) },
		// Wails listens for signals too: the window is asked to close once, whoever asks.
		OnBeforeClose: func(context.Context) (prevent bool) { return closing.Swap(true) },
		Linux:         &linux.Options{Icon: icon, ProgramName: "consentry", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Windows:       &windows.Options{Theme: windows.SystemDefault},
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

// quitWhenDone closes the window when ctx is done. Before the first page is there the window's loop may not run yet,
// and nothing would hear the call.
func quitWhenDone(ctx context.Context, ready <-chan context.Context, ended <-chan struct{}) {
	var window context.Context
	select {
	case window = <-ready:
	case <-ended:
		return
	}
	select {
	case <-ctx.Done():
		wailsruntime.Quit(window)
	case <-ended:
	}
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
