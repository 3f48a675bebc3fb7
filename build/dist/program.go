package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
)

// target is a kind of program that is built.
type target struct {
	system, arch string
	window       bool
}

// The kinds. A window is built where that needs no machine of the other system: Wails needs a C compiler and the system's
// libraries under Linux and macOS, and neither for Windows.
var (
	linux         = target{"linux", "amd64", false}
	linuxWindow   = target{"linux", "amd64", true}
	linuxARM      = target{"linux", "arm64", false}
	windows       = target{"windows", "amd64", false}
	windowsWindow = target{"windows", "amd64", true}
	mac           = target{"darwin", "arm64", false}
	macIntel      = target{"darwin", "amd64", false}
)

// String names the kind in names of files.
func (t target) String() string {
	name := t.system + "-" + t.arch
	if t.window {
		name += "-window"
	}
	return name
}

// Name is what the program is called in a product that has both.
func (t target) Name() string {
	name := "consentry"
	if t.window {
		name += "-window"
	}
	if t.system == "windows" {
		name += ".exe"
	}
	return name
}

// tags are the build tags of the kind.
func (t target) tags() string {
	switch {
	case t.window && t.system == "linux":
		return "desktop,production,webkit2_41"
	case t.window:
		return "desktop,production"
	}
	return ""
}

// environment is that of the go command for the kind. What a person has set for their own builds is not of this one.
func (t target) environment() []string {
	compiler := "0"
	if t.window && t.system == "linux" {
		compiler = "1"
	}
	return append(os.Environ(), "CGO_ENABLED="+compiler, "GOOS="+t.system, "GOARCH="+t.arch,
		"GOFLAGS=-trimpath -mod=readonly", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "CGO_CFLAGS=-O2", "CGO_LDFLAGS=-O2", "GOWORK=off")
}

// program is one that was built.
type program struct {
	target
	file  string
	parts []part
}

// built is the program of a kind.
func (d *dist) built(t target) program {
	i := slices.IndexFunc(d.programs, func(p program) bool { return p.target == t })
	return d.programs[i]
}

// build builds a kind of program, once, and looks whether it is what it is called.
func (d *dist) build(t target) error {
	if slices.ContainsFunc(d.programs, func(p program) bool { return p.target == t }) {
		return nil
	}
	fmt.Fprintln(os.Stderr, "dist: building", t)
	p := program{target: t, file: d.staged(t.String())}
	if t.system == "windows" {
		if err := d.buildWithResources(&p); err != nil {
			return err
		}
	} else if err := d.compile(p.target, p.file); err != nil {
		return err
	}
	of, err := versionOf(p.file)
	if err != nil {
		return err
	}
	if d.version == nil {
		d.version = of
	}
	if *of != *d.version {
		return fmt.Errorf("%s is %s, and what was built before it %s", t, of.Program, d.version.Program)
	}
	if err := inspect(p, d.version); err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	if p.parts, err = d.partsOf(t); err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	d.programs = append(d.programs, p)
	return nil
}

// compile builds a kind of program as people get it.
func (d *dist) compile(t target, file string) error {
	arguments := []string{"-buildvcs=true", "-o", file}
	if t.window {
		arguments = append(arguments, "-tags", t.tags())
	}
	build := exec.Command(d.source("build/program.sh"), arguments...)
	build.Env, build.Stderr = t.environment(), os.Stderr
	return build.Run()
}
