// Command dist makes what is given to people: packages, archives and an installer, with their checksums, what they are made
// of, and the licences of that. The same commit gives the same bytes.
//
// It is a module of its own, so that nothing it needs comes near the program, and works on the checkout it lies in;
// build/dist.sh starts it in a fresh one.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("o", "", "`folder` to put everything into; what is in it goes")
	only := flag.String("only", "", "what is made, such as `deb,rpm`; all unless given")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := produce(*out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// produce makes the products that are asked for, and what describes them.
func produce(out, only string) error {
	d, err := begin(out)
	if err != nil {
		return err
	}
	defer d.end()
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	for _, p := range chosen {
		for _, t := range p.programs {
			if err := d.build(t); err != nil {
				return err
			}
		}
	}
	if err := d.list(); err != nil {
		return err
	}
	for _, p := range chosen {
		if err := errors.Join(d.describe(p.programs), p.make(d)); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if err := d.sum(); err != nil {
		return err
	}
	return d.print(os.Stdout)
}

// product is a file that is given to people.
type product struct {
	name     string
	programs []target // which it holds
	make     func(*dist) error
}

// products are all of them, in the order in which they are made and listed.
var products = []product{
	{"deb", []target{linuxWindow}, (*dist).deb},
	{"rpm", []target{linuxWindow}, (*dist).rpm},
	{"linux-amd64", []target{linux, linuxWindow}, func(d *dist) error { return d.tarball(linux, linuxWindow) }},
	{"linux-arm64", []target{linuxARM}, func(d *dist) error { return d.tarball(linuxARM) }},
	{"windows", []target{windows, windowsWindow}, (*dist).portable},
	{"installer", []target{windows, windowsWindow}, (*dist).installer},
	{"macos-arm64", []target{mac}, func(d *dist) error { return d.bundle(mac) }},
	{"macos-amd64", []target{macIntel}, func(d *dist) error { return d.bundle(macIntel) }},
}

// choose returns those that are named, or all.
func choose(names string) ([]product, error) {
	if names == "" {
		return products, nil
	}
	var chosen []product
	var known []string
	wanted := strings.Split(names, ",")
	for _, p := range products {
		known = append(known, p.name)
		if slices.Contains(wanted, p.name) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) != len(wanted) {
		return nil, fmt.Errorf("%q: there are %s", names, strings.Join(known, ", "))
	}
	return chosen, nil
}

// dist is what is being made.
type dist struct {
	root  string // the checkout
	out   string // where the products go
	stage string // a folder for what goes into them

	version  *version
	programs []program
	licences map[string]licence // of each part, by its name
}

// begin empties the folder and finds the checkout.
func begin(out string) (*dist, error) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(root, "build", "program.sh")); err != nil {
		return nil, fmt.Errorf("start it in build/dist, or through build/dist.sh: %w", err)
	}
	if out, err = filepath.Abs(out); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(out); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, err
	}
	stage, err := os.MkdirTemp("", "consentry-dist-")
	return &dist{root: root, out: out, stage: stage, licences: map[string]licence{}}, err
}

// end removes what went into the products.
func (d *dist) end() { _ = os.RemoveAll(d.stage) }

// source is the path of a file of the checkout.
func (d *dist) source(path string) string { return filepath.Join(d.root, filepath.FromSlash(path)) }

// staged is the path of a file that goes into a product.
func (d *dist) staged(name string) string { return filepath.Join(d.stage, name) }
