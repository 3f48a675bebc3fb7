package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

// document is a file beside the program, with its place in a system of files like that of Linux.
type document struct {
	place string // below /usr
	file  string
}

// list writes what each program is made of, and the licences of all that.
func (d *dist) list() error {
	for _, p := range d.programs {
		if err := d.writeBOM(p); err != nil {
			return err
		}
	}
	return os.WriteFile(d.outFile("THIRD-PARTY-LICENCES.txt"), d.licenceTexts(d.programs), 0o644)
}

// describe writes the texts that stand in a product beside its programs: licences, manual and the rest. They are of these
// programs alone, so that a product is the same whatever else is made with it.
func (d *dist) describe(of []target) error {
	var programs []program
	for _, t := range of {
		programs = append(programs, d.built(t))
	}
	texts := d.licenceTexts(programs)
	if err := os.WriteFile(d.staged("THIRD-PARTY-LICENCES.txt"), texts, 0o644); err != nil {
		return err
	}
	manual, err := os.ReadFile(d.source("build/linux/consentry.1"))
	if err != nil {
		return err
	}
	filled := strings.NewReplacer("@DATE@", d.version.Date.UTC().Format("2006-01-02"), "@VERSION@", d.version.Plain()).Replace(string(manual))
	if err := d.pack("consentry.1.gz", []byte(filled)); err != nil {
		return err
	}
	changes, err := os.ReadFile(d.source("CHANGELOG.md"))
	if err != nil {
		return err
	}
	if err := d.pack("CHANGELOG.md.gz", changes); err != nil {
		return err
	}
	// The form that Debian's tools read says where the changes are.
	debian := fmt.Sprintf("consentry (%s) stable; urgency=medium\n\n  * What changed is in CHANGELOG.md.gz beside this file.\n\n -- %s <>  %s\n",
		strings.Replace(d.version.Plain(), "-", "~", 1), maintainer, d.version.Date.UTC().Format(time.RFC1123Z))
	if err := d.pack("changelog.gz", []byte(debian)); err != nil {
		return err
	}
	if err := d.pack("THIRD-PARTY-LICENCES.txt.gz", texts); err != nil {
		return err
	}
	if err := d.fill("build/linux/consentry.metainfo.xml.tmpl", "consentry.metainfo.xml"); err != nil {
		return err
	}
	return errors.Join(
		validated("appstreamcli", "validate", "--no-net", d.staged("consentry.metainfo.xml")),
		validated("desktop-file-validate", d.source("build/linux/consentry.desktop")),
	)
}

// validated has a program of another hand look at a file. Where it is not there, that is said.
func validated(tool string, arguments ...string) error {
	if _, err := exec.LookPath(tool); err != nil {
		fmt.Fprintf(os.Stderr, "dist: not looked at, as %s is missing: %s\n", tool, filepath.Base(arguments[len(arguments)-1]))
		return nil
	}
	if said, err := exec.Command(tool, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", tool, err, said)
	}
	return nil
}

// documents are those of Linux.
func (d *dist) documents() []document {
	return []document{
		{"share/applications/consentry.desktop", d.source("build/linux/consentry.desktop")},
		{"share/icons/hicolor/scalable/apps/consentry.svg", d.source("build/linux/consentry.svg")},
		{"share/icons/hicolor/256x256/apps/consentry.png", d.source("app/shell/icon.png")},
		{"share/metainfo/org.consentry.consentry.metainfo.xml", d.staged("consentry.metainfo.xml")},
		{"share/man/man1/consentry.1.gz", d.staged("consentry.1.gz")},
		{"share/doc/consentry/copyright", d.source("build/linux/copyright")},
		{"share/doc/consentry/CHANGELOG.md.gz", d.staged("CHANGELOG.md.gz")},
		{"share/doc/consentry/NOTICE", d.source("NOTICE")},
		{"share/doc/consentry/THIRD-PARTY-LICENCES.txt.gz", d.staged("THIRD-PARTY-LICENCES.txt.gz")},
	}
}

// pack writes a file that is packed the same whenever that is done.
func (d *dist) pack(name string, content []byte) error {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := writer.Write(content); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return os.WriteFile(d.staged(name), packed.Bytes(), 0o644)
}

// fill writes a file of the checkout with version and date in their places.
func (d *dist) fill(path, name string) error {
	text, err := template.ParseFiles(d.source(path))
	if err != nil {
		return err
	}
	var filled bytes.Buffer
	if err := text.Execute(&filled, map[string]string{"Version": d.version.Plain(), "Date": d.version.Date.UTC().Format("2006-01-02")}); err != nil {
		return err
	}
	return os.WriteFile(d.staged(name), filled.Bytes(), 0o644)
}
