package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// part is something of others that a program has in it.
type part struct {
	Name, Version string
	module        bool     // of Go
	files         []string // with its licences
	ids           []string // of its licences, where NOTICE names them
}

// golang is the part that every program has: Go's own library and what a program runs on.
const golang = "The Go standard library and runtime"

// partsOf are all parts of a kind of program: the modules that the linker took, Go's own library, and files that others
// wrote. Where a licence is kept beside a package and not only at the head of its module, it counts, too.
func (d *dist) partsOf(t target) ([]part, error) {
	info, err := buildinfo.ReadFile(d.staged(t.String()))
	if err != nil {
		return nil, err
	}
	root, err := d.goSays(t, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	inGo, err := licenceFiles(strings.TrimSpace(string(root)))
	if err != nil {
		return nil, err
	}
	parts := []part{{Name: golang, Version: strings.TrimPrefix(info.GoVersion, "go"), files: inGo}}
	folders, err := d.packageFolders(t)
	if err != nil {
		return nil, err
	}
	for _, module := range info.Deps {
		name := module.Path
		if module.Replace != nil {
			module = module.Replace
		}
		p := part{Name: name, Version: module.Version, module: true}
		for _, folder := range folders[name] {
			files, err := licenceFiles(folder)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, files...)
		}
		parts = append(parts, p)
	}
	taken, err := d.filesOfOthers()
	if err != nil {
		return nil, err
	}
	parts = append(parts, taken...)
	for _, p := range parts {
		if err := d.license(p); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// packageFolders are the folders of all packages that a kind of program is built of, and those above them, for each module.
func (d *dist) packageFolders(t target) (map[string][]string, error) {
	listed, err := d.goSays(t, "list", "-deps", "-tags", t.tags(), "-json=Dir,Module", ".")
	if err != nil {
		return nil, err
	}
	folders := map[string][]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(listed))); ; {
		var of struct {
			Dir    string
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := decoder.Decode(&of); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if of.Module == nil || of.Module.Main {
			continue
		}
		for folder := of.Dir; strings.HasPrefix(folder, of.Module.Dir); folder = filepath.Dir(folder) {
			folders[of.Module.Path] = append(folders[of.Module.Path], folder)
		}
	}
	for module := range folders {
		slices.Sort(folders[module])
		folders[module] = slices.Compact(folders[module])
	}
	return folders, nil
}

// goSays is what the go command answers for a kind of program.
func (d *dist) goSays(t target, arguments ...string) ([]byte, error) {
	command := exec.Command("go", arguments...)
	command.Dir, command.Env = d.root, t.environment()
	said, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", strings.Join(arguments, " "), err)
	}
	return said, nil
}
