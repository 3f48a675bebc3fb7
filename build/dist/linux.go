package main

import (
	"os"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb" // the format "deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm" // the format "rpm"
)

const (
	maintainer  = "Consentry's authors" // who have no address
	summary     = "your bank accounts, and who may read them"
	description = `Consentry shows you your accounts at all your banks in one place, pays from
them, and keeps you in charge of who may read what, and until when. It runs on
your own machine and reaches banks through their PSD2 interfaces.

Practice banks to try it with are part of the program.`
)

// deb makes the package for Debian and what comes from it.
func (d *dist) deb() error {
	info := d.packaged()
	// What dpkg-shlibdeps says of the program; build/package-test.sh compares.
	info.Depends = []string{
		"libc6 (>= 2.34)", "libgdk-pixbuf-2.0-0 (>= 2.22.0)", "libglib2.0-0 (>= 2.35.9)", "libgtk-3-0 (>= 3.21.4)",
		"libjavascriptcoregtk-4.1-0", "libsoup-3.0-0 (>= 2.4.0)", "libwebkit2gtk-4.1-0 (>= 2.39.91)",
	}
	info.Recommends = []string{"xdg-utils", "www-browser"} // banks' pages open in a browser
	info.Suggests = []string{"gnome-keyring"}
	info.Deb.Compression = "xz"
	info.Contents = append(info.Contents,
		d.content("/usr/share/doc/consentry/changelog.gz", d.staged("changelog.gz"), 0o644),
		d.content("/usr/share/lintian/overrides/consentry", d.source("build/linux/lintian-overrides"), 0o644))
	return d.writePackage("deb", info)
}

// rpm makes the package for Fedora, openSUSE and what comes from them. They call the libraries' packages by different
// names, and what is in these alike.
func (d *dist) rpm() error {
	info := d.packaged()
	info.Depends = []string{"libgtk-3.so.0()(64bit)", "libwebkit2gtk-4.1.so.0()(64bit)", "libsoup-3.0.so.0()(64bit)", "libc.so.6(GLIBC_2.34)(64bit)"}
	info.Recommends = []string{"xdg-utils"}
	info.Release = "1"
	info.RPM.Summary, info.Description = summary, description
	info.RPM.Compression = "xz"
	info.RPM.BuildHost = "consentry" // the name of whoever builds it is no part of it
	return d.writePackage("rpm", info)
}

// packaged is what both packages say and hold.
func (d *dist) packaged() *nfpm.Info {
	contents := files.Contents{d.content("/usr/bin/consentry", d.built(linuxWindow).file, 0o755)}
	for _, each := range d.documents() {
		contents = append(contents, d.content("/usr/"+each.place, each.file, 0o644))
	}
	return &nfpm.Info{
		Name: "consentry", Arch: "amd64", Platform: "linux", Version: d.version.Plain(), Section: "misc", Priority: "optional",
		Maintainer: maintainer, Description: summary + "\n" + description, License: "Apache-2.0", MTime: d.version.Date,
		DisableGlobbing: true, Overridables: nfpm.Overridables{Contents: contents},
	}
}

// content is a file of a package, root's and of the commit's date.
func (d *dist) content(place, file string, mode os.FileMode) *files.Content {
	return &files.Content{
		Source: file, Destination: place,
		FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: mode, MTime: d.version.Date},
	}
}

func (d *dist) writePackage(format string, info *nfpm.Info) error {
	packager, err := nfpm.Get(format)
	if err != nil {
		return err
	}
	info = nfpm.WithDefaults(info)
	if err := nfpm.PrepareForPackager(info, format); err != nil {
		return err
	}
	file, err := os.Create(d.outFile(packager.ConventionalFileName(info)))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := packager.Package(info, file); err != nil {
		return err
	}
	return file.Close()
}
