package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"os"

	"github.com/jackmordaunt/icns/v3"
)

// bundle makes the program for macOS: a folder that the Finder shows as one thing, in an archive. It is signed by nobody
// but the linker, and has no window: that can only be built under macOS.
func (d *dist) bundle(t target) error {
	icon, err := d.appleIcon()
	if err != nil {
		return err
	}
	info, err := d.filled("build/darwin/Info.plist")
	if err != nil {
		return err
	}
	// Without a window there is nothing for the Dock to show, and nothing that would answer it.
	inBackground := bytes.Replace(info, []byte("\t<key>NSHighResolutionCapable</key>"), []byte("\t<key>LSUIElement</key>\n\t<true/>\n\t<key>NSHighResolutionCapable</key>"), 1)
	if len(inBackground) == len(info) {
		return errors.New("build/darwin/Info.plist is not written as it was")
	}
	list := d.staged("Info.plist")
	if err := os.WriteFile(list, inBackground, 0o644); err != nil {
		return err
	}
	name := fmt.Sprintf("consentry-%s-macos-%s", d.version.Plain(), t.arch)
	files, err := d.besides(name+"/", "darwin", "\n")
	if err != nil {
		return err
	}
	const contents = "/Consentry.app/Contents/"
	return d.zipped(name+".zip", append(files,
		packedFile{name + contents + "Info.plist", list, false},
		packedFile{name + contents + "MacOS/consentry", d.built(t).file, true},
		packedFile{name + contents + "Resources/iconfile.icns", icon, false}))
}

// appleIcon makes the icon in Apple's form.
func (d *dist) appleIcon() (file string, err error) {
	drawn, err := os.Open(d.source("build/appicon.png"))
	if err != nil {
		return "", err
	}
	defer drawn.Close()
	picture, err := png.Decode(drawn)
	if err != nil {
		return "", err
	}
	file = d.staged("iconfile.icns")
	out, err := os.Create(file)
	if err != nil {
		return "", err
	}
	defer out.Close()
	if err := icns.Encode(out, picture); err != nil {
		return "", err
	}
	return file, out.Close()
}
