package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"consentry/app/profile"
	"consentry/storage/folder"
)

// comer is somebody with a browser of their own, at what a running program shows.
type comer struct {
	*testing.T
	browser *http.Client
	home    string // the session's
}

// comes lets somebody in at the address that the running program gives who asks for one.
func comes(t *testing.T, dir string) (c *comer, status int, page string) {
	t.Helper()
	said := again(t, nil, "open", "-print", "-data", dir)
	if said.code != 0 {
		t.Fatalf("open -print: %+v", said)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c = &comer{T: t, browser: &http.Client{Jar: jar}}
	res, err := c.browser.Get(strings.TrimSpace(said.out))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	c.home = strings.TrimSuffix(res.Request.URL.String(), "/")
	status, page = get(t, c.browser, c.home+"/")
	return c, status, page
}

// sends sends a form and returns the page to which it leads.
func (c *comer) sends(path string, form url.Values) (status int, page string) {
	c.Helper()
	res, err := c.browser.PostForm(c.home+path, form)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	var content bytes.Buffer
	if _, err := content.ReadFrom(res.Body); err != nil {
		c.Fatal(err)
	}
	return res.StatusCode, content.String()
}

// updates has a command open the data of the first profile, in which no bank is linked.
func updates(t *testing.T, dir string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), append([]string{"update", "-sandbox=false", "-data", dir}, args...), &out, &out)
	if err == nil || !strings.Contains(err.Error(), "no bank is linked") {
		t.Errorf("a command does not come to the data: %v %s", err, &out)
	}
}

// TestLockedProgramIsFound leads who comes back to the page of the lock, and refuses a second program, although the data are
// free for a command: the one that runs keeps its folder while it has them closed.
func TestLockedProgramIsFound(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := protectedFolder(t)
	start(t, program(t), "serve", "-sandbox=false", "-data", dir)
	where, err := os.ReadFile(filepath.Join(dir, folder.Instance))
	if err != nil {
		t.Fatal(err)
	}
	beside, status, page := comes(t, dir)
	if status != http.StatusLocked || !strings.Contains(page, "Consentry is locked") {
		t.Fatalf("who comes back sees %d %s", status, page)
	}
	if got := again(t, nil, "serve", "-data", dir); got.code != exitFailed || !strings.Contains(got.log, "consentry open") {
		t.Errorf("a second program: %+v", got)
	}
	updates(t, dir, "-passphrase-fd", said(t, testPassphrase))

	astrid, _, _ := comes(t, dir)
	if status, page := astrid.sends("/unlock", url.Values{"passphrase": {testPassphrase}, "to": {"/settings"}}); status != http.StatusOK || !strings.Contains(page, "<title>Settings") {
		t.Fatalf("unlocking leads to %d %s", status, page)
	}
	if status, page := beside.sends("/unlock", url.Values{"passphrase": {testPassphrase}, "to": {"/settings"}}); status != http.StatusOK || !strings.Contains(page, "<title>Settings") {
		t.Errorf("who unlocks what is unlocked by now gets %d %s", status, page)
	}
	if status, _ := get(t, beside.browser, beside.home+"/"); status != http.StatusOK {
		t.Errorf("another session gets %d", status)
	}
	if _, status, _ := comes(t, dir); status != http.StatusOK {
		t.Errorf("who comes back gets %d", status)
	}
	if now, err := os.ReadFile(filepath.Join(dir, folder.Instance)); err != nil || !bytes.Equal(now, where) {
		t.Errorf("it is reached elsewhere now: %v", err)
	}

	astrid.sends("/lock", nil)
	if _, status, _ := comes(t, dir); status != http.StatusLocked {
		t.Errorf("after it was locked again, who comes back gets %d", status)
	}
}

// TestBackgroundStartsLocked starts the program without a person: it prints and opens nothing, waits locked, and lets in who
// comes and says the passphrase. What fails from there on is said on a page: somebody looks.
func TestBackgroundStartsLocked(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := protectedFolder(t)
	cmd := exec.Command(program(t), "-background", "-sandbox=false", "-data", dir)
	cmd.Env = append(os.Environ(), "PATH=")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	eventually(t, "the program to be there", func() bool { return again(t, nil, "open", "-print", "-data", dir).code == 0 })
	astrid, status, _ := comes(t, dir)
	if status != http.StatusLocked {
		t.Errorf("who comes gets %d", status)
	}
	database := filepath.Join(dir, folder.Database)
	if err := errors.Join(os.Rename(database, database+".kept"), os.WriteFile(database, bytes.Repeat([]byte("no database "), 1000), 0o600)); err != nil {
		t.Fatal(err)
	}
	if status, page := astrid.sends("/unlock", url.Values{"passphrase": {testPassphrase}, "to": {"/"}}); status != http.StatusServiceUnavailable || !strings.Contains(page, dir) {
		t.Errorf("why it does not open: %d %s", status, page)
	}
	if got := again(t, nil, "open", "-print", "-data", dir); got.code != exitNothing {
		t.Errorf("one that did not open is found: %+v", got)
	}
	astrid.sends("/end", nil)
	if err := waitFor(t, cmd); err == nil || out.Len() > 0 {
		t.Errorf("ended with %v, and printed %q", err, out.String())
	}
}

// TestChosenProfileIsFound leads who comes back to the profile that is open, and to who is there where none is. Switching ends
// the sessions and the addresses of before; the program stays where it was.
func TestChosenProfileIsFound(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := usedFolder(t)
	household := profile.At(dir)
	ingrid, err := household.Add("Ingrid", "Astrid")
	if err != nil {
		t.Fatal(err)
	}
	_, cmd := start(t, program(t), "serve", "-sandbox=false", "-data", dir)
	one, status, page := comes(t, dir)
	if status != http.StatusOK || !strings.Contains(page, "Who is there?") {
		t.Fatalf("who comes back sees %d %s", status, page)
	}
	if status, page := one.sends("/profiles/choose", url.Values{"profile": {ingrid.ID}}); status != http.StatusOK || strings.Contains(page, "Who is there?") {
		t.Fatalf("choosing leads to %d %s", status, page)
	}
	one, _, _ = comes(t, dir) // whoever was asked who is there begins anew
	other, _, _ := comes(t, dir)
	if _, page := get(t, other.browser, other.home+"/settings"); !strings.Contains(page, ingrid.Folder) {
		t.Errorf("who comes back sees the settings of another folder than %s", ingrid.Folder)
	}
	updates(t, dir)

	unused := strings.TrimSpace(again(t, nil, "open", "-print", "-data", dir).out)
	if _, page := one.sends("/profiles/switch", nil); !strings.Contains(page, "Who is there?") {
		t.Fatalf("switching leads to %s", page)
	}
	if status, _ := get(t, other.browser, other.home+"/"); status != http.StatusUnauthorized {
		t.Errorf("a session of before gets %d", status)
	}
	if status := letIn(t, unused); status != http.StatusUnauthorized {
		t.Errorf("an address of before lets in with %d", status)
	}
	if _, _, page := comes(t, dir); !strings.Contains(page, "Who is there?") {
		t.Errorf("who comes back while nobody is there sees %s", page)
	}
	if _, err := os.Stat(filepath.Join(ingrid.Folder, folder.Instance)); err == nil {
		t.Error("a profile says how the program is reached")
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := waitFor(t, cmd); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, folder.Instance)); err == nil {
		t.Error("the file of a program that has ended is left")
	}
}
