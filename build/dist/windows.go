package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// portable makes the archive for Windows that needs no installation.
func (d *dist) portable() error {
	name := fmt.Sprintf("consentry-%s-windows-amd64", d.version.Plain())
	files, err := d.besides(name+"/", "windows", "\r\n")
	if err != nil {
		return err
	}
	for _, t := range []target{windows, windowsWindow} {
		files = append(files, packedFile{name + "/" + t.Name(), d.built(t).file, true})
	}
	return d.zipped(name+".zip", files)
}

// installer makes the program that installs it for one person, by NSIS.
func (d *dist) installer() error {
	name := fmt.Sprintf("consentry-%s-windows-amd64-setup.exe", d.version.Plain())
	folder := d.staged("installer")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	files, err := d.besides("", "windows", "\r\n")
	if err != nil {
		return err
	}
	for _, t := range []target{windows, windowsWindow} {
		files = append(files, packedFile{t.Name(), d.built(t).file, true})
	}
	files = append(files, packedFile{"icon.ico", d.source("build/windows/icon.ico"), false})
	for _, each := range files {
		content, err := os.ReadFile(each.file)
		if err != nil {
			return err
		}
		copied := filepath.Join(folder, each.name)
		if err := os.WriteFile(copied, content, 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(copied, d.version.Date, d.version.Date); err != nil {
			return err
		}
	}
	numbers, err := d.version.Numbers()
	if err != nil {
		return err
	}
	made := exec.Command("makensis", "-V2", "-WX", "-NOCD",
		"-DVERSION="+d.version.Plain(), "-DNUMBERS="+dotted(numbers)+".0", "-DOUT="+d.outFile(name), d.source("build/windows/installer.nsi"))
	made.Dir, made.Stdout, made.Stderr = folder, os.Stderr, os.Stderr
	made.Env = append(os.Environ(), "TZ=UTC", "SOURCE_DATE_EPOCH="+strconv.FormatInt(d.version.Date.Unix(), 10))
	return made.Run()
}

// dotted writes the numbers of a version.
func dotted(numbers [3]uint16) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", "."), "[]")
}
