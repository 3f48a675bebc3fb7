package main

import (
	"errors"
	"flag"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const recordedHAR = `{"log":{"entries":[{"startedDateTime":"2026-03-01T10:00:00Z","request":{"method":"POST","url":"https://api.bank.example/v1/consents","headers":[]},
"response":{"status":403,"headers":[],"content":{"mimeType":"application/json","text":"{\"tppMessages\":[{\"category\":\"ERROR\",\"code\":\"SERVICE_BLOCKED\"}]}"}}}]}}`

// TestReplayCommand starts the program with a recording: a bank made of it is offered, and at
// the end the folder it was given is gone.
func TestReplayCommand(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("CONSENTRY_KEYRING", "off")
	file := filepath.Join(t.TempDir(), "failed.har")
	if err := os.WriteFile(file, []byte(recordedHAR), 0o600); err != nil {
		t.Fatal(err)
	}
	first, cmd := start(t, program(t), "replay", file, "-open=false")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	place := home(t, browser, first)
	if _, body := get(t, browser, place+"/activity/recordings"); !strings.Contains(body, "failed.har") || !strings.Contains(body, "Playing") {
		t.Errorf("the recording is not played: %s", body)
	}
	if _, body := get(t, browser, place+"/banks"); !strings.Contains(body, "api.bank.example") {
		t.Errorf("its bank is not offered: %s", body)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(temporary, "consentry-replay-*")); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	if err := run(t.Context(), []string{"replay", "-h"}, os.Stdout, os.Stderr); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("help is %v", err)
	}
	for name, args := range map[string][]string{"no file": {"replay"}, "a missing one": {"replay", file + "x"}, "another kind": {"replay", "replay.go", "-open=false"}} {
		if err := run(t.Context(), args, os.Stdout, os.Stderr); err == nil {
			t.Errorf("it starts with %s", name)
		}
	}
}
