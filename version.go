package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"consentry/app/shell"
	"consentry/storage"
)

// version says which program this is: its version, the commit it was built from and that commit's date, and how it was
// built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return fmt.Sprintf("consentry %s\n%s", storage.Version(), described(info, shell.Window))
}

// described are the lines below the version. What the go command was not told, or was told to leave out, is said to be
// unknown: a program without a commit is not to be taken for one of a release.
func described(info *debug.BuildInfo, window bool) string {
	stamped := map[string]string{}
	for _, each := range info.Settings {
		stamped[each.Key] = each.Value
	}
	commit, date := "unknown", "unknown"
	if stamped["vcs.revision"] != "" {
		commit = stamped["vcs.revision"]
	}
	if stamped["vcs.time"] != "" {
		date = stamped["vcs.time"]
	}
	if stamped["vcs.modified"] == "true" {
		commit += ", changed since"
	}
	shown := "browser"
	if window {
		shown = "window"
	}
	var lines strings.Builder
	for _, line := range [][2]string{
		{"commit", commit}, {"date", date}, {"system", stamped["GOOS"] + "/" + stamped["GOARCH"]}, {"screens", shown}, {"built with", info.GoVersion},
	} {
		fmt.Fprintf(&lines, "%-11s %s\n", line[0]+":", line[1])
	}
	return lines.String()
}
