package shell

import (
	"bytes"
	"errors"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOpenBrowserRefuses(t *testing.T) {
	noOpener(t)
	for name, address := range map[string]string{
		"nothing":            "",
		"a word":             "bank",
		"an option":          "--help",
		"an option's look":   "-https://bank.example/",
		"a file":             "file:///etc/passwd",
		"a path":             "/etc/passwd",
		"a drive":            `C:\Windows\System32\calc.exe`,
		"a share":            `\\host\share`,
		"script":             "javascript:alert(1)",
		"data":               "data:text/html,<script>alert(1)</script>",
		"an app's scheme":    "bankid:///?autostarttoken=1",
		"no scheme":          "//bank.example/",
		"no host":            "https:///path",
		"only a port":        "https://:443/",
		"opaque":             "https:bank.example",
		"a user":             "https://bank.example@evil.example/",
		"a user, escaped":    "https://bank.example%2Flogin:x@evil.example/",
		"a backslash":        `https://bank.example\@evil.example/`,
		"a line break":       "https://bank.example/\nX",
		"a tab":              "https://bank.example/\tX",
		"a null":             "https://bank.example/\x00",
		"delete":             "https://bank.example/\x7f",
		"a late control":     "https://bank.example/\u0085",
		"a space":            "https://bank.example/a b",
		"a leading space":    " https://bank.example/",
		"a wide space":       "https://bank.example/\u2003",
		"quotes":             `https://bank.example/" /x "`,
		"angles":             "https://bank.example/<x>",
		"not UTF-8":          "https://bank.example/\xff",
		"a malformed escape": "https://bank.example/%zz",
		"a malformed port":   "https://bank.example:port/",
		"too long":           "https://bank.example/" + strings.Repeat("a", longestAddress),
	} {
		err := OpenBrowser(address)
		if err == nil {
			t.Errorf("%s was opened: %.60q", name, address)
		}
		if failed := (*BrowserError)(nil); errors.As(err, &failed) {
			t.Errorf("%s reached the system's opener: %.60q", name, address)
		}
	}
}

// What banks send must go through, character by character, and no shell may see it.
func TestOpenBrowserOpens(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the opener is replaced through PATH, which only xdg-open is looked up in")
	}
	for _, address := range []string{
		"http://127.0.0.1:4711/?token=abc",
		"https://bank.example",
		"HTTPS://BANK.EXAMPLE/path",
		"https://[::1]:8443/x",
		"https://bank.example/a;b|c$d*e(f)g[h]i{j}k~l!m'n?x=1&y=$(touch%20x)&z=%22#part",
		"https://bänk.example/låna?namn=ნინო",
	} {
		seen := filepath.Join(t.TempDir(), "seen")
		fakeOpener(t, readNote+` > '`+seen+`'`)
		if err := OpenBrowser(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if got, _ := os.ReadFile(seen); leadsTo(got) != address || !bytes.Contains(got, []byte(`content="0; url=`+html.EscapeString(address)+`"`)) {
			t.Errorf("the opener was given a note that leads to %q, not to %q:\n%s", leadsTo(got), address, got)
		}
	}
}

func TestOpenBrowserFailure(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the opener is replaced through PATH, which only xdg-open is looked up in")
	}
	const address = "http://127.0.0.1:4711/?token=secret"
	check := func(name string, err error) {
		t.Helper()
		failed := (*BrowserError)(nil)
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), address) {
			t.Errorf("%s: the person is not told the address: %v", name, err)
			return
		}
		if strings.Contains(withoutAddress(err).Error(), "secret") {
			t.Errorf("%s: the log would hold the token: %v", name, withoutAddress(err))
		}
	}
	noOpener(t)
	err := OpenBrowser(address)
	check("no opener", err)
	if !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("no opener: %v", err)
	}
	fakeOpener(t, "exit 3")
	check("an opener that finds no browser", OpenBrowser(address))
}

// An opener that becomes the browser itself stays; that is no failure, and nobody waits for it.
func TestOpenBrowserDoesNotWait(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the opener is replaced through PATH, which only xdg-open is looked up in")
	}
	number := filepath.Join(t.TempDir(), "number")
	fakeOpener(t, "echo $$ >'"+number+"'; exec /bin/sleep 60")
	if err := OpenBrowser("http://127.0.0.1/"); err != nil {
		t.Error(err)
	}
	var text []byte
	for ; len(text) == 0; time.Sleep(10 * time.Millisecond) { // the opener may be slow to begin
		text, _ = os.ReadFile(number)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	browser, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := browser.Kill(); err != nil {
		t.Errorf("the browser had ended when nobody waited any more: %v", err)
	}
}

// noOpener makes sure that no real browser starts.
func noOpener(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("HOME", t.TempDir())
}

// readNote is a script that prints the note an opener is given. It has no programs, only what a shell has itself.
const readNote = `while IFS= read -r line; do printf '%s\n' "$line"; done < "$1"`

// leadsTo is where the link in a note leads.
func leadsTo(page []byte) string {
	if found := regexp.MustCompile(`<a href="([^"]*)"`).FindSubmatch(page); found != nil {
		return html.UnescapeString(string(found[1]))
	}
	return ""
}

// fakeOpener puts a script in the place of xdg-open, and returns the test a home of its own.
func fakeOpener(t *testing.T, script string) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv("XDG_DOWNLOAD_DIR", "")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
}
