package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What people type for their bank passes through: it is in no file of the data
// folder, in no address, and not in the log. The right code is left out, since
// the practice banks tell it in their own message.
func TestJourneyNothingTypedIsKept(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t, "-v")
	p := opens(consentry)
	const password, code = "Kept-Nowhere-P", "Kept-Nowhere-C"
	wrongPassword, wrongCode := mistypes("Password (needed)", password, wrongLogin), mistypes("Code (needed)", code, "Wrong code.")
	for _, a := range []struct {
		approach
		acts []act
	}{
		{noMethod, []act{wrongPassword, givesPassword}},
		{oneMethod, []act{wrongPassword, givesPassword, wrongCode, givesCode}},
		{encrypted, []act{wrongPassword, givesPassword, wrongCode, givesCode}},
		{atStart, []act{givesName, wrongPassword, givesLogin, chooses("Card reader"), wrongCode, givesCode}},
	} {
		consentry.tells(p, a.approach, func(c *customer) {
			c.begins()
			c.does(a.acts...)
			c.linked()
		})
	}
	p.visit("/activity")
	consentry.nowhere(p, password, code, lukas.password)
	consentry.kill() // what was not yet written to the file itself lies beside it
	consentry.nowhere(p, password, code, lukas.password)
}

// mistypes gives something wrong first, and is told so.
func mistypes(field, wrong, told string) act {
	return func(c *customer) {
		c.t.Helper()
		c.fill(field, wrong)
		c.click("Continue")
		c.see(told)
		c.empty(field)
	}
}

// givesName is the first half of what a bank wants at once.
func givesName(c *customer) {
	c.t.Helper()
	c.fill("Your login at the bank (needed)", c.who.id)
}

// nowhere holds that none of the texts was kept or put into an address.
func (c *program) nowhere(p *person, texts ...string) {
	c.t.Helper()
	files := 0
	err := filepath.WalkDir(c.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		files++
		for _, text := range texts {
			if bytes.Contains(content, []byte(text)) {
				c.t.Errorf("%q stands in %s", text, path)
			}
		}
		return err
	})
	if err != nil || files < 2 {
		c.t.Fatalf("%d files were searched: %v", files, err)
	}
	visited := p.console.visited()
	for _, text := range texts {
		if strings.Contains(visited, text) || strings.Contains(c.log.String(), text) {
			c.t.Errorf("%q stands in an address or in the log", text)
		}
	}
}

// visited are the addresses of all pages a tab showed.
func (c *console) visited() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all strings.Builder
	for address := range c.documents {
		all.WriteString(address + "\n")
	}
	return all.String()
}
