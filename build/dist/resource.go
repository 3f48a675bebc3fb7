package main

import (
	"bytes"
	"encoding/json"
	"os"
	"text/template"

	"github.com/tc-hib/winres"
	windowsversion "github.com/tc-hib/winres/version"
)

// resourceFile is what the go command links into a program for Windows; it is left out of git.
const resourceFile = "consentry_windows_amd64.syso"

// buildWithResources builds a program for Windows with its icon, its manifest and what is shown of it under "Details". These
// name the version, which is known once something was built: so it is built twice where nothing was.
func (d *dist) buildWithResources(p *program) error {
	if d.version == nil {
		if err := d.compile(p.target, p.file); err != nil {
			return err
		}
		var err error
		if d.version, err = versionOf(p.file); err != nil {
			return err
		}
	}
	file := d.source(resourceFile)
	if err := d.writeResources(file); err != nil {
		return err
	}
	defer os.Remove(file)
	return d.compile(p.target, p.file)
}

// writeResources writes what build/windows says of the program as a file that is linked.
func (d *dist) writeResources(file string) error {
	var set winres.ResourceSet
	icon, err := os.Open(d.source("build/windows/icon.ico"))
	if err != nil {
		return err
	}
	defer icon.Close()
	images, err := winres.LoadICO(icon)
	if err != nil {
		return err
	}
	// 3 is where Wails looks for the icon of its window.
	if err := set.SetIcon(winres.ID(3), images); err != nil {
		return err
	}
	manifest, err := d.filled("build/windows/wails.exe.manifest")
	if err != nil {
		return err
	}
	if err := set.Set(winres.RT_MANIFEST, winres.ID(1), winres.LCIDDefault, manifest); err != nil {
		return err
	}
	said, err := d.filled("build/windows/info.json")
	if err != nil {
		return err
	}
	var info windowsversion.Info
	if err := json.Unmarshal(said, &info); err != nil {
		return err
	}
	set.SetVersionInfo(info)
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	if err := set.WriteObject(out, winres.ArchAMD64); err != nil {
		return err
	}
	return out.Close()
}

// filled is a file of Wails's project with what stands in wails.json, and the version of this commit.
func (d *dist) filled(path string) ([]byte, error) {
	var project struct {
		Name           string
		OutputFilename string
		Info           struct{ CompanyName, ProductName, ProductVersion, Copyright, Comments string }
	}
	content, err := os.ReadFile(d.source("wails.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, &project); err != nil {
		return nil, err
	}
	numbers, err := d.version.Numbers()
	if err != nil {
		return nil, err
	}
	project.Info.ProductVersion = dotted(numbers)
	file, err := os.ReadFile(d.source(path))
	if err != nil {
		return nil, err
	}
	filling, err := template.New(path).Funcs(template.FuncMap{"safeBundleID": func(name string) string { return name }}).Parse(string(file))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = filling.Execute(&out, project)
	return out.Bytes(), err
}
