package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A closed browser is no dead end: whoever has lost the tab has the program give them another address, and one that starts by
// itself when they log in is ended in its settings.
func TestJourneyComingBack(t *testing.T) {
	journey(t)
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("TMPDIR", filepath.Join(home, "tmp")) // so that the program lies where it stays
	if err := os.Mkdir(filepath.Join(home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	consentry := start(t, "-sandbox=false")
	ingrid := opens(consentry)
	ingrid.leave()

	ingrid = somebody(t)
	ingrid.visit(consentry.address)
	ingrid.see("This browser has no session with Consentry.")
	ingrid.see("consentry open")
	ingrid.visit(consentry.again())
	ingrid.at("/")
	ingrid.see("See all your accounts in one place")

	ingrid.visit("/settings")
	ingrid.see("Consentry does not start by itself.")
	ingrid.click("Start Consentry when I log in")
	ingrid.see("Consentry starts in the background when you log in to this machine.")
	entries, err := filepath.Glob(filepath.Join(home, "autostart", "consentry-*.desktop"))
	if err != nil || len(entries) != 1 {
		t.Fatalf("entries: %q, %v", entries, err)
	}
	content, err := os.ReadFile(entries[0])
	if err != nil || !strings.Contains(string(content), `"-background"`) || !strings.Contains(string(content), consentry.data) {
		t.Errorf("%s, %v", content, err)
	}
	if err := os.WriteFile(entries[0], append(content, "Hidden=true\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	ingrid.visit("/")
	ingrid.visit("/settings")
	ingrid.see("your system’s settings have switched it off")
	ingrid.click("Do not start it any more")
	ingrid.see("Consentry does not start by itself.")
	if _, err := os.Stat(entries[0]); !os.IsNotExist(err) {
		t.Errorf("the entry: %v", err)
	}

	ingrid.click("End Consentry")
	ingrid.see("Consentry has ended.")
	if err := consentry.process.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	ingrid.leave()
	consentry.run()
	ingrid = somebody(t)
	ingrid.visit(consentry.again())
	ingrid.at("/")
}

// again has the program that runs give another address, as "consentry open -print" does.
func (c *program) again() string {
	c.t.Helper()
	said, err := exec.Command(consentry, "open", "-print", "-data", c.data).Output()
	if err != nil {
		c.t.Fatalf("consentry open: %v", err)
	}
	address := strings.TrimSpace(string(said))
	knowsAddress(c.t, address)
	return address
}
