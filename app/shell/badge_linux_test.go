//go:build desktop

package shell

import (
	"log/slog"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// TestBadge tells a dock how many things wait, and when none does.
func TestBadge(t *testing.T) {
	address := newBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	dock, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer dock.Close()
	if err := dock.AddMatchSignal(dbus.WithMatchInterface("com.canonical.Unity.LauncherEntry")); err != nil {
		t.Fatal(err)
	}
	heard := make(chan *dbus.Signal, 4)
	dock.Signal(heard)
	icon := newBadge(slog.New(slog.DiscardHandler))
	defer icon.close()
	for _, count := range []int{3, 0} {
		icon.show(count)
		select {
		case signal := <-heard:
			entry, _ := signal.Body[0].(string)
			properties, _ := signal.Body[1].(map[string]dbus.Variant)
			if entry != launcherEntry || properties["count"].Value() != int64(count) || properties["count-visible"].Value() != (count > 0) {
				t.Errorf("%d: %v", count, signal.Body)
			}
		case <-time.After(patience):
			t.Fatalf("%d: nothing was heard", count)
		}
	}
}
