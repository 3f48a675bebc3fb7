//go:build desktop

package shell

import (
	"cmp"
	"context"
	"fmt"
	"time"

	wailsruntime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// titleEvery is how long the window's title may lag behind where [Options.TitleEvery] says nothing.
const titleEvery = 10 * time.Second

// keepTitle puts the number of things that wait for the person before the window's title, where the list of windows
// shows it. The title of the page within, which has it too, shows in a browser only.
func (o Options) keepTitle(window context.Context, ended <-chan struct{}) {
	if o.Waiting == nil {
		return
	}
	every := cmp.Or(o.TitleEvery, titleEvery)
	shown := 0
	for {
		if waiting := o.Waiting(); waiting != shown {
			wailsruntime.WindowSetTitle(window, counted(o.Title, waiting))
			shown = waiting
		}
		select {
		case <-ended:
			return
		case <-time.After(every):
		}
	}
}

func counted(title string, waiting int) string {
	if waiting <= 0 {
		return title
	}
	return fmt.Sprintf("(%d) %s", waiting, title)
}
