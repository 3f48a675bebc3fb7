package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// licence is what a part may be used under.
type licence struct {
	ids   []string // SPDX identifiers
	texts [][]byte
}

// licenceName is what files with licences are called.
var licenceName = regexp.MustCompile(`(?i)(^|[-_.])(un)?(licen[cs]es?|copying|notice|patents)([-_.]|$)`)

// licenceFiles are those of a folder, without what is in folders below.
func licenceFiles(folder string) (files []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() && licenceName.MatchString(entry.Name()) && filepath.Ext(entry.Name()) != ".go" {
			files = append(files, filepath.Join(folder, entry.Name()))
		}
	}
	return files, nil
}

// license reads a part's licences. One without any, or with none that is known, is not given to anybody.
func (d *dist) license(p part) error {
	if _, done := d.licences[p.key()]; done {
		return nil
	}
	of := licence{ids: p.ids}
	for _, file := range p.files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		of.texts = append(of.texts, text)
		if p.ids != nil {
			continue
		}
		for _, match := range licensecheck.Scan(text).Match {
			if !match.IsURL && !slices.Contains(of.ids, match.ID) {
				of.ids = append(of.ids, match.ID)
			}
		}
	}
	if len(of.ids) == 0 {
		return fmt.Errorf("%s %s has no licence that is known, in %q", p.Name, p.Version, p.files)
	}
	d.licences[p.key()] = of
	return nil
}

// key names a part of this version.
func (p part) key() string { return p.Name + " " + p.Version }

// licenceTexts is one text with the licences of all parts of these programs.
func (d *dist) licenceTexts(of []program) []byte {
	var keys []string
	parts := map[string]part{}
	for _, program := range of {
		for _, p := range program.parts {
			if _, there := parts[p.key()]; !there {
				keys = append(keys, p.key())
			}
			parts[p.key()] = p
		}
	}
	slices.Sort(keys)
	var text bytes.Buffer
	fmt.Fprintf(&text, "Consentry %s is made of its own code, under the Apache License 2.0, and of the parts below.\nWhere there are several programs, not each has all of them.\n\n", d.version.Plain())
	for _, key := range keys {
		fmt.Fprintf(&text, "  %s: %s\n", key, strings.Join(d.licences[key].ids, ", "))
	}
	for _, key := range keys {
		fmt.Fprintf(&text, "\n%s\n%s\n", strings.Repeat("=", 78), key)
		for _, each := range d.licences[key].texts {
			fmt.Fprintf(&text, "%s\n\n%s\n", strings.Repeat("-", 78), bytes.TrimSpace(bytes.ReplaceAll(each, []byte("\r\n"), []byte("\n"))))
		}
	}
	return text.Bytes()
}
