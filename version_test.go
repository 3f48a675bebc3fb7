package main

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// TestVersionSaysItsCommit holds what is known of a build to what the go command stamped into it.
func TestVersionSaysItsCommit(t *testing.T) {
	const commit = "7d5e9e76945d6fa5c9f9b50ad7bb7895643cee02"
	system := []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "arm64"}}
	stamp := func(modified string) []debug.BuildSetting {
		return append(system, debug.BuildSetting{Key: "vcs.revision", Value: commit}, debug.BuildSetting{Key: "vcs.time", Value: "2026-11-30T04:48:38Z"},
			debug.BuildSetting{Key: "vcs.modified", Value: modified})
	}
	for name, test := range map[string]struct {
		settings []debug.BuildSetting
		window   bool
		want     string
	}{
		"of a commit":  {stamp("false"), true, "commit:     " + commit + "\ndate:       2026-11-30T04:48:38Z\nsystem:     linux/arm64\nscreens:    window\nbuilt with: go1.26.8\n"},
		"with changes": {stamp("true"), false, "commit:     " + commit + ", changed since\ndate:       2026-11-30T04:48:38Z\nsystem:     linux/arm64\nscreens:    browser\nbuilt with: go1.26.8\n"},
		"of no commit": {system, false, "commit:     unknown\ndate:       unknown\nsystem:     linux/arm64\nscreens:    browser\nbuilt with: go1.26.8\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if said := described(&debug.BuildInfo{GoVersion: "go1.26.8", Settings: test.settings}, test.window); said != test.want {
				t.Errorf("%s\nwant\n%s", said, test.want)
			}
		})
	}
}

// TestVersionOfThisBuild has the command print what the linker left in this very program.
func TestVersionOfThisBuild(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"version"}, &out, &out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"consentry ", "\ncommit: ", "\ndate: ", "\nsystem:     " + runtime.GOOS + "/" + runtime.GOARCH + "\n", "\nbuilt with: " + runtime.Version() + "\n"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %q in\n%s", part, out.String())
		}
	}
}
