//go:build desktop

package shell

import (
	"runtime"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/menu/keys"
	wailsruntime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// act is what a person can have the window do, by its menu or by a key.
type act int

// The acts; inside_linux.c knows those of keys by their numbers.
const (
	actReload act = iota
	actBack
	actForward
	actFind
	actFindNext
	actFindLast
	actLarger
	actSmaller
	actUsual
	actFullScreen
	actSettings
	actKeys
	actBrowser
	actClose
	actQuit
)

// do does it. It is called from goroutines of its own, never on the window's thread.
func (w *window) do(what act) {
	if !w.there() {
		return // there is no page yet
	}
	switch what {
	case actReload:
		w.script("location.reload()")
	case actBack:
		w.script("history.back()")
	case actForward:
		w.script("history.forward()")
	case actFind:
		w.tell("find", "")
	case actFindNext:
		w.tell("find", "next")
	case actFindLast:
		w.tell("find", "last")
	case actLarger:
		w.setZoom(func(now float64) float64 { return zoomedBy(now, 1) })
	case actSmaller:
		w.setZoom(func(now float64) float64 { return zoomedBy(now, -1) })
	case actUsual:
		w.setZoom(func(float64) float64 { return usualZoom })
	case actFullScreen:
		if wailsruntime.WindowIsFullscreen(w.wails()) {
			wailsruntime.WindowUnfullscreen(w.wails())
		} else {
			wailsruntime.WindowFullscreen(w.wails())
		}
	case actSettings:
		w.tell("press", `[data-go="s"]`)
	case actKeys:
		w.tell("press", `[data-show="keys"]`)
	case actBrowser:
		w.openBrowser()
	case actClose:
		wailsruntime.Quit(w.wails()) // which asks staysOpen
	case actQuit:
		w.quit()
	}
}

// openBrowser opens the program in the browser beside the window: the web view has but one window.
func (w *window) openBrowser() {
	if w.FreshBrowser == nil {
		return
	}
	if err := OpenBrowser(w.FreshBrowser()); err != nil {
		w.Log.Warn("the program was not opened in the browser", "error", withoutAddress(err))
	}
}

// line is an entry of a menu; without words, there is none.
type line struct {
	words string
	key   *keys.Accelerator
	act   act
}

// divide stands between the parts of a menu.
var divide = line{act: -1}

// menu is the window's. The keys are those that browsers have.
func (w *window) menu() *menu.Menu {
	if w.Words == (Words{}) {
		return nil
	}
	words, bar := w.Words, menu.NewMenu()
	if runtime.GOOS == "darwin" {
		bar.Append(menu.AppMenu())
	}
	w.submenu(bar, words.Program,
		line{words.OpenBrowser, keys.CmdOrCtrl("n"), actBrowser}, line{words.Settings, keys.CmdOrCtrl(","), actSettings}, divide,
		line{words.Close, keys.CmdOrCtrl("w"), actClose}, line{words.Quit, keys.CmdOrCtrl("q"), actQuit})
	if runtime.GOOS == "darwin" {
		bar.Append(menu.EditMenu()) // without which nothing is copied there by keys
	}
	w.submenu(bar, words.Edit, line{words.Find, keys.CmdOrCtrl("f"), actFind}, line{words.FindNext, keys.CmdOrCtrl("g"), actFindNext})
	w.submenu(bar, words.View,
		line{words.Reload, keys.CmdOrCtrl("r"), actReload}, line{words.Back, keys.OptionOrAlt("left"), actBack}, line{words.Forward, keys.OptionOrAlt("right"), actForward}, divide,
		line{words.Larger, keys.CmdOrCtrl("+"), actLarger}, line{words.Smaller, keys.CmdOrCtrl("-"), actSmaller}, line{words.Usual, keys.CmdOrCtrl("0"), actUsual}, divide,
		line{words.FullScreen, keys.Key("f11"), actFullScreen})
	w.submenu(bar, words.Help, line{words.Keys, keys.Key("f1"), actKeys})
	return bar
}

func (w *window) submenu(bar *menu.Menu, words string, lines ...line) {
	if words == "" {
		return
	}
	sub := bar.AddSubmenu(words)
	for _, one := range lines {
		switch {
		case one == divide:
			sub.AddSeparator()
		case one.words != "":
			sub.AddText(one.words, one.key, func(*menu.CallbackData) { w.do(one.act) })
		}
	}
}
