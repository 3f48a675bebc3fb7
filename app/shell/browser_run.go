//go:build !desktop

package shell

import "context"

// Window says whether this program was built with a window.
const Window = false

// Shows reports whether there is a window to bring forward.
func Shows() bool { return false }

// Run opens the browser at o.URL if o.Open is set, and returns when ctx is done. A browser that does not open is no
// reason to end: the person can open the address themselves.
func Run(ctx context.Context, o Options) error {
	clearNotes()
	defer clearNotes()
	if o.Open {
		left, err := open(o.URL)
		if err != nil {
			o.Log.Warn("the browser could not be opened; open the printed address yourself", "error", withoutAddress(err))
		} else {
			select {
			case <-o.Begun:
				left.remove()
			case <-ctx.Done():
			}
		}
	}
	<-ctx.Done()
	return nil
}
