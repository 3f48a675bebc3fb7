//go:build desktop && !linux

package shell

import "log/slog"

// badge is the number on the program's icon. Wails gives no hand on the icon here; the title has the number.
type badge struct{}

func newBadge(*slog.Logger) badge { return badge{} }
func (badge) show(int)            {}
func (badge) close()              {}
