package shell

import (
	_ "embed"
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gen2brain/beeep"
)

//go:embed icon.png
var icon []byte

// ErrNoDesktop says that nobody sits before a desktop that shows notifications, as over SSH or in a container.
var ErrNoDesktop = errors.New("there is no desktop to show a notification on")

func init() { beeep.AppName = "Consentry" }

// Notify shows a desktop notification: a title and a line or two of text. It may fail on any system (none is running,
// the person has switched them off), which is worth a line in the log at most.
//
// The title shall begin with words of the program's own: some systems hand it to a command, which must not take the
// name of a bank for an option.
func Notify(title, text string) error {
	if !hasDesktop() {
		return ErrNoDesktop
	}
	return beeep.Notify(withoutMarkup(title), withoutMarkup(text), icon)
}

// withoutMarkup takes out what some desktops read as markup and others show as it is (Desktop Notifications
// Specification 1.2, "Markup"). There is no way of writing it that both show rightly.
func withoutMarkup(text string) string {
	return strings.NewReplacer("<", "‹", ">", "›", "&", "+").Replace(text)
}

// hasDesktop reports whether there is somebody to notify. The library would start a message bus where there is none.
func hasDesktop() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	me, err := user.Current()
	if err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join("/run/user", me.Uid, "bus"))
	return err == nil
}
