package main

import (
	"io"
	"log/slog"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/fresh"
	"consentry/frontend"
	"consentry/storage"
)

// freePort is one that nobody has for the moment.
func freePort(t *testing.T) (port int, taken net.Listener) {
	t.Helper()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	return taken.Addr().(*net.TCPAddr).Port, taken
}

// TestPracticeAddress has the practice banks where the option or the settings say: the option
// or nothing, and a free port with a notice where another program has the one that is kept.
func TestPracticeAddress(t *testing.T) {
	dir, key := fresh.Folder(t)
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	log := slog.New(slog.DiscardHandler)
	start := func(control string) (practiceBanks, error) {
		return startPractice(t.Context(), options{sandbox: true, control: control, data: dir}, store, log)
	}
	port, taken := freePort(t)
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	settings := app.New(app.Config{Store: store})
	defer settings.Close()
	if err := settings.SetPracticePort(t.Context(), strconv.Itoa(port)); err != nil {
		t.Fatal(err)
	}

	elsewhere, err := start("")
	if err != nil || len(elsewhere.notices) != 1 || elsewhere.notices[0].Kind != frontend.PracticePortTaken || elsewhere.notices[0].Aside != addr || strings.Contains(elsewhere.control(), addr) {
		t.Errorf("the port is taken: %+v at %s, %v", elsewhere.notices, elsewhere.control(), err)
	}
	if err := elsewhere.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := start(addr); err == nil || !strings.Contains(err.Error(), "-control") || !strings.Contains(err.Error(), addr) {
		t.Errorf("the option names a port that is taken: %v", err)
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	for _, by := range []struct{ name, control string }{{"the settings", ""}, {"the option", addr}} { // in this order: the port is given up after the first
		banks, err := start(by.control)
		if err != nil || len(banks.notices) != 0 || banks.control() != "http://"+addr+"/_control" {
			t.Errorf("%s: %+v at %s, %v", by.name, banks.notices, banks.control(), err)
		}
		if err := banks.Close(); err != nil {
			t.Fatal(err)
		}
		if err := settings.SetPracticePort(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
}

func TestControlIsLoopback(t *testing.T) {
	for _, args := range [][]string{{"-control", "0.0.0.0:8021"}, {"-control", "8021"}, {"-control", "bank.example:8021"}, {"-control", "127.0.0.1:8021", "-sandbox=false"}} {
		if _, err := parse("serve", args, io.Discard); err == nil || !strings.HasPrefix(err.Error(), "-control: ") {
			t.Errorf("%v: %v", args, err)
		}
	}
	if o, err := parse("serve", []string{"-control", "127.0.0.1:8021"}, io.Discard); err != nil || o.control != "127.0.0.1:8021" {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestControlOfAnotherProgram starts the program on a port that somebody has: it ends and says so.
func TestControlOfAnotherProgram(t *testing.T) {
	_, taken := freePort(t)
	cmd := exec.Command(program(t), "serve", "-data", filepath.Join(t.TempDir(), "data"), "-control", taken.Addr().String())
	cmd.Env = append(cmd.Environ(), "CONSENTRY_KEYRING=off")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "-control: the practice banks cannot answer at "+taken.Addr().String()) {
		t.Errorf("%v: %s", err, out)
	}
}
