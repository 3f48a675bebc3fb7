//go:build !windows && !darwin

package secret

import (
	"fmt"
	"os"
	"path/filepath"
)

// reachable reports whether the session has a message bus, over which the Secret Service is spoken to.
// Without this question the bus library would try to start a bus of its own and leave it running.
func reachable() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	runtimeDir := os.Getenv("XDG_RUNTIME_DIR")
	if runtimeDir == "" {
		runtimeDir = fmt.Sprintf("/run/user/%d", os.Getuid())
	}
	info, err := os.Stat(filepath.Join(runtimeDir, "bus"))
	return err == nil && info.Mode().Type() == os.ModeSocket
}
