//go:build desktop

package shell

import (
	"log/slog"

	"github.com/godbus/dbus/v5"
)

// badge is the number on the program's icon, as Ubuntu's and Plasma's docks and others show it: the interface
// com.canonical.Unity.LauncherEntry, which names the program by its desktop entry. Nobody answers; a desktop that shows no
// such number hears nothing.
type badge struct{ bus *dbus.Conn }

// launcherEntry is build/linux/consentry.desktop.
const launcherEntry = "application://consentry.desktop"

func newBadge(log *slog.Logger) badge {
	if !hasDesktop() {
		return badge{}
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		log.Debug("there is no bus to show a number on the icon by", "error", err)
		return badge{}
	}
	return badge{bus}
}

// show shows the number; 0 shows none.
func (b badge) show(count int) {
	if b.bus == nil {
		return
	}
	_ = b.bus.Emit("/com/consentry/Launcher", "com.canonical.Unity.LauncherEntry.Update", launcherEntry, // nobody depends on it
		map[string]dbus.Variant{"count": dbus.MakeVariant(int64(count)), "count-visible": dbus.MakeVariant(count > 0)})
}

// close takes the number away: docks forget what a sender said who has gone.
func (b badge) close() {
	if b.bus != nil {
		_ = b.bus.Close() // it goes with the process
	}
}
