package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestVersion(t *testing.T) {
	for program, want := range map[string]struct {
		plain   string
		numbers [3]uint16
	}{
		"v1.20.3":                              {"1.20.3", [3]uint16{1, 20, 3}},
		"v2.0.0-rc.1":                          {"2.0.0-rc.1", [3]uint16{2, 0, 0}},
		"v0.0.0-20261130044838-7d5e9e76945d":   {"0.0.0-20261130044838.7d5e9e76945d", [3]uint16{}},
		"v1.2.4-0.20261130044838-7d5e9e76945d": {"1.2.4-0.20261130044838.7d5e9e76945d", [3]uint16{1, 2, 4}},
	} {
		v := &version{Program: program}
		numbers, err := v.Numbers()
		if plain := v.Plain(); plain != want.plain || numbers != want.numbers || err != nil {
			t.Errorf("%s: %s, %v (%v), want %+v", program, plain, numbers, err, want)
		}
	}
	if _, err := (&version{Program: "v1.2"}).Numbers(); err == nil {
		t.Error("v1.2 has three numbers")
	}
}

// TestLicences has a part with a licence taken, and one without, or with one that nobody knows, refused.
func TestLicences(t *testing.T) {
	known, err := os.ReadFile(filepath.Join("..", "..", "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		files map[string]string
		ids   string
	}{
		"Apache's":             {map[string]string{"LICENSE": string(known)}, "Apache-2.0"},
		"beside another":       {map[string]string{"LICENSE.md": string(known), "doc.go": "package x"}, "Apache-2.0"},
		"none":                 {map[string]string{"README": "free for all", "license.go": "package license"}, ""},
		"of somebody's making": {map[string]string{"COPYING": "You may use it on Sundays."}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for file, text := range test.files {
				if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			files, err := licenceFiles(folder)
			if err != nil {
				t.Fatal(err)
			}
			d := &dist{licences: map[string]licence{}}
			p := part{Name: "part", Version: "v1", files: files}
			err = d.license(p)
			if ids := strings.Join(d.licences[p.key()].ids, ", "); ids != test.ids || (err == nil) != (test.ids != "") {
				t.Errorf("%q, %v", ids, err)
			}
		})
	}
}

// TestNotice finds every file of others in NOTICE that is in the program, with its licence beside it where that has to be
// given along.
func TestNotice(t *testing.T) {
	d := &dist{root: filepath.Join("..", "..")}
	parts, err := d.filesOfOthers()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, p := range parts {
		found[strings.Join(p.ids, ", ")]++
		for _, file := range p.files {
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
		}
	}
	for _, id := range []string{"OFL-1.1", "0BSD", "CC-BY-4.0"} {
		if found[id] == 0 {
			t.Errorf("nothing is under %s: %v", id, found)
		}
	}
	if found["MPL-2.0"] != 0 {
		t.Error("what tests use is taken for a part of the program")
	}
}

// TestTarballIsTheSame packs the same twice, at different times and out of different folders.
func TestTarballIsTheSame(t *testing.T) {
	pack := func() []byte {
		d := &dist{root: filepath.Join("..", ".."), out: t.TempDir(), stage: t.TempDir(), version: &version{Program: "v1.0.0", Date: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)}}
		for _, name := range []string{"program", "consentry.metainfo.xml", "consentry.1.gz", "CHANGELOG.md.gz", "THIRD-PARTY-LICENCES.txt.gz"} {
			if err := os.WriteFile(d.staged(name), []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d.programs = []program{{target: linuxARM, file: d.staged("program")}}
		if err := d.tarball(linuxARM); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(d.outFile("consentry-1.0.0-linux-arm64.tar.gz"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	packed := pack()
	if !bytes.Equal(packed, pack()) {
		t.Error("it is packed otherwise the second time")
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for archive := tar.NewReader(unpacked); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if program := strings.Contains(header.Name, "/bin/consentry"); header.Typeflag == tar.TypeReg && (header.Mode == 0o755) != program {
			t.Errorf("%s has mode %o", header.Name, header.Mode)
		}
	}
}
