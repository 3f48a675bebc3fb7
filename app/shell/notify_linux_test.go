package shell

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// This file is for Linux: there a test can stand for the desktop, and there may be none.

// TestNotify shows a notification on a desktop of its own: a message bus, and behind it somebody who shows what comes.
func TestNotify(t *testing.T) {
	address := newBus(t)
	shown := newNotifier(t, address)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	if err := Notify("Renew your consent", "At Sparbanken <b>Norr</b> & Syd, by 3 March 2027."); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-shown:
		want := "Consentry|Renew your consent|At Sparbanken ‹b›Norr‹/b› + Syd, by 3 March 2027."
		if got != want {
			t.Errorf("shown: %q, want %q", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing was shown")
	}
}

func TestNotifyWithoutADesktop(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	noOpener(t) // nor any command that shows notifications
	if err := Notify("Renew your consent", ""); err == nil {
		t.Error("it was shown to nobody, and nobody was told")
	} else if !hasDesktop() && !errors.Is(err, ErrNoDesktop) {
		t.Error(err)
	}
}

// newBus starts a message bus and returns its address.
func newBus(t *testing.T) string {
	t.Helper()
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:tmpdir="+t.TempDir())
	out, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Start(); errors.Is(err, exec.ErrNotFound) {
		const missing = "there is no dbus-daemon to stand for a desktop (on Debian and Ubuntu the package dbus-daemon)"
		if os.Getenv("CONSENTRY_BUS_REQUIRED") != "" { // as in "make test", whose set-up installs it
			t.Fatal(missing)
		}
		t.Skip(missing) // so that "go test" works with Go alone
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		bus.Process.Kill()
		bus.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// notifier is the desktop's side of the Desktop Notifications Specification, as far as a sender needs it.
type notifier struct{ shown chan string }

func (n notifier) Notify(app string, replaces uint32, icon, title, text string, actions []string, hints map[string]dbus.Variant, wait int32) (uint32, *dbus.Error) {
	n.shown <- app + "|" + title + "|" + text
	return 1, nil
}

func newNotifier(t *testing.T, address string) <-chan string {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	n := notifier{make(chan string, 1)}
	const name = "org.freedesktop.Notifications"
	if err := conn.Export(n, "/org/freedesktop/Notifications", name); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return n.shown
}
