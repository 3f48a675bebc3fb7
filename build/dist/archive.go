package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// packedFile is a file in an archive.
type packedFile struct {
	name, file string
	program    bool
}

func (p packedFile) mode() os.FileMode {
	if p.program {
		return 0o755
	}
	return 0o644
}

// folders are those that the files lie in, those above first.
func folders(files []packedFile) (all []string) {
	for _, each := range files {
		for folder := path.Dir(each.name); folder != "."; folder = path.Dir(folder) {
			all = append(all, folder+"/")
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tarball makes the archive for Linux without packages: bin and share, to be copied into ~/.local or /usr/local.
func (d *dist) tarball(of ...target) error {
	name := fmt.Sprintf("consentry-%s-%s-%s", d.version.Plain(), of[0].system, of[0].arch)
	files := []packedFile{{name + "/INSTALL.txt", d.source("build/linux/INSTALL.txt"), false}, {name + "/LICENSE", d.source("LICENSE"), false}}
	for _, t := range of {
		files = append(files, packedFile{name + "/bin/" + t.Name(), d.built(t).file, true})
	}
	for _, each := range d.documents() {
		files = append(files, packedFile{name + "/" + each.place, each.file, false})
	}
	out, err := os.Create(d.outFile(name + ".tar.gz"))
	if err != nil {
		return err
	}
	defer out.Close()
	packed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(packed)
	for _, folder := range folders(files) {
		if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: folder, Mode: 0o755, ModTime: d.version.Date, Uname: "root", Gname: "root", Format: tar.FormatPAX}); err != nil {
			return err
		}
	}
	for _, each := range files {
		if err := d.intoTar(archive, each); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return out.Close()
}

func (d *dist) intoTar(archive *tar.Writer, each packedFile) error {
	content, err := os.ReadFile(each.file)
	if err != nil {
		return err
	}
	err = archive.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: each.name, Size: int64(len(content)), Mode: int64(each.mode()), ModTime: d.version.Date,
		Uname: "root", Gname: "root", Format: tar.FormatPAX,
	})
	if err != nil {
		return err
	}
	_, err = archive.Write(content)
	return err
}

// zipped makes an archive as Windows and macOS open them.
func (d *dist) zipped(name string, files []packedFile) error {
	out, err := os.Create(d.outFile(name))
	if err != nil {
		return err
	}
	defer out.Close()
	archive := zip.NewWriter(out)
	for _, each := range files {
		header := &zip.FileHeader{Name: each.name, Method: zip.Deflate, Modified: d.version.Date.UTC()}
		header.SetMode(each.mode())
		writer, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		content, err := os.Open(each.file)
		if err != nil {
			return err
		}
		_, err = io.Copy(writer, content)
		content.Close()
		if err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return out.Close()
}

// besides are the texts that lie beside a program in an archive, with the lines of another system's editors.
func (d *dist) besides(folder, system string, lines string) (files []packedFile, err error) {
	for name, file := range map[string]string{
		"INSTALL.txt": d.source("build/" + system + "/INSTALL.txt"), "LICENSE.txt": d.source("LICENSE"), "NOTICE.txt": d.source("NOTICE"),
		"THIRD-PARTY-LICENCES.txt": d.staged("THIRD-PARTY-LICENCES.txt"),
	} {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		copied := d.staged(system + "-" + name)
		if err := os.WriteFile(copied, []byte(strings.ReplaceAll(string(content), "\n", lines)), 0o644); err != nil {
			return nil, err
		}
		files = append(files, packedFile{folder + name, copied, false})
	}
	slices.SortFunc(files, func(a, b packedFile) int { return strings.Compare(a.name, b.name) })
	return files, nil
}
