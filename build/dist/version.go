package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// version is what the go command stamped into a program of its commit.
type version struct {
	Program string    // as the program says it: v1.2.3, or v0.0.0-20261130044838-7d5e9e76945d of no release
	Commit  string    // in full
	Date    time.Time // the commit's: nothing in a product is of another day
}

// versionOf reads it from a program. One that is not of a commit alone is refused, since nobody could make it again.
func versionOf(file string) (*version, error) {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return nil, err
	}
	v := &version{Program: info.Main.Version}
	modified := true
	for _, each := range info.Settings {
		switch each.Key {
		case "vcs.revision":
			v.Commit = each.Value
		case "vcs.time":
			if v.Date, err = time.Parse(time.RFC3339, each.Value); err != nil {
				return nil, err
			}
		case "vcs.modified":
			modified = each.Value == "true"
		}
	}
	if modified || v.Commit == "" || v.Date.IsZero() || !strings.HasPrefix(v.Program, "v") {
		return nil, errors.New("the checkout has changes that are in no commit; build/dist.sh makes a fresh one")
	}
	return v, nil
}

// Plain is the version without what only Go puts before it: 1.2.3, or 0.0.0-20261130044838.7d5e9e76945d. Its second part
// has no hyphen, which neither kind of Linux package has a place for.
func (v *version) Plain() string {
	release, before, found := strings.Cut(strings.TrimPrefix(v.Program, "v"), "-")
	if !found {
		return release
	}
	return release + "-" + strings.ReplaceAll(before, "-", ".")
}

// Numbers are the three of the release.
func (v *version) Numbers() (numbers [3]uint16, err error) {
	release, _, _ := strings.Cut(v.Plain(), "-")
	parts := strings.Split(release, ".")
	if len(parts) != len(numbers) {
		return numbers, fmt.Errorf("%s is no version of three numbers", v.Program)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return numbers, err
		}
		numbers[i] = uint16(n)
	}
	return numbers, nil
}
