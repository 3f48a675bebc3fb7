//go:build desktop

package shell

import (
	"cmp"
	"fmt"
	"time"

	wailsruntime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// titleEvery is how long the window's title may lag behind where [Options.TitleEvery] says nothing.
const titleEvery = 10 * time.Second

func (w *window) every() time.Duration { return cmp.Or(w.TitleEvery, titleEvery) }

// keepTitle puts the number of things that wait for the person before the window's title, where the list of windows
// shows it, and on the program's icon, where a desktop shows that. The title of the page within, which has it too, shows in a
// browser only.
func (w *window) keepTitle() {
	if w.Waiting == nil {
		return
	}
	icon := newBadge(w.Log)
	defer icon.close()
	shown := 0
	for {
		if waiting := w.Waiting(); waiting != shown {
			wailsruntime.WindowSetTitle(w.wails(), counted(w.Title, waiting))
			icon.show(waiting)
			shown = waiting
		}
		select {
		case <-w.ended:
			return
		case <-time.After(w.every()):
		}
	}
}

func counted(title string, waiting int) string {
	if waiting <= 0 {
		return title
	}
	return fmt.Sprintf("(%d) %s", waiting, title)
}
