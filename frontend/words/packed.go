package words

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
)

// How catalogues are packed: an archive with a file of the English texts, which all languages have in common, and
// one of each language, with what it says in the same order. Texts are parted by NUL, the forms of one that counts
// by SOH, each behind its place among the kinds of numbers. To read one of 400 kB takes a few milliseconds, and
// the others are left as they are.
const (
	englishFile = "texts"
	textEnd     = "\x00"
	formEnd     = "\x01"
)

// forms are the kinds of numbers, in the order of their letters.
var forms = []plural.Form{plural.Zero, plural.One, plural.Two, plural.Few, plural.Many, plural.Other}

func pack(catalogues map[string]texts) ([]byte, error) {
	known := texts{}
	for _, catalogue := range catalogues {
		maps.Copy(known, catalogue)
	}
	english := slices.Sorted(maps.Keys(known))
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	add := func(name string, texts []string) error {
		file, err := archive.Create(name)
		if err != nil {
			return err
		}
		_, err = io.WriteString(file, strings.Join(texts, textEnd))
		return err
	}
	keys := make([]string, len(english))
	for i, text := range english {
		keys[i] = string(text)
	}
	if err := add(englishFile, keys); err != nil {
		return nil, err
	}
	for _, tag := range slices.Sorted(maps.Keys(catalogues)) {
		said := make([]string, len(english))
		for i, text := range english {
			said[i] = catalogues[tag][text].packed()
		}
		if err := add(tag, said); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// packed is an entry as one text: its one form, or all behind their places.
func (e entry) packed() string {
	if e == (entry{Other: e.Other}) {
		return e.Other
	}
	var b strings.Builder
	for i, kind := range forms {
		if form := *e.place(kind); form != "" {
			b.WriteString(formEnd + string(rune('0'+i)) + form)
		}
	}
	return b.String()
}

// unpackedEntry is the entry that was packed.
func unpackedEntry(text string) (e entry) {
	if !strings.HasPrefix(text, formEnd) {
		return entry{Other: text}
	}
	for form := range strings.SplitSeq(text[len(formEnd):], formEnd) {
		if at := int(form[0] - '0'); at < len(forms) {
			*e.place(forms[at]) = form[1:]
		}
	}
	return e
}

// unpack returns the languages of an archive, whose texts are read when they are first asked for.
func unpack(archive []byte) (all Languages, err error) {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("words: the packed catalogues: %w", err)
	}
	english := sync.OnceValues(func() ([]string, error) { return textsIn(files, englishFile) })
	for _, file := range files.File {
		if file.Name == englishFile {
			continue
		}
		l, err := newLanguage(file.Name, func() texts {
			keys, failed := english()
			said, broken := textsIn(files, file.Name)
			if failed != nil || broken != nil || len(keys) != len(said) {
				panic(fmt.Sprintf("words: the packed catalogue %s cannot be read: %v, %v", file.Name, failed, broken)) // it is part of the program
			}
			read := make(texts, len(keys))
			for i, key := range keys {
				read[Text(key)] = unpackedEntry(said[i])
			}
			return read
		})
		if err != nil {
			return nil, fmt.Errorf("words: the packed catalogue %q: %w", file.Name, err)
		}
		all = append(all, l)
	}
	return all, nil
}

func textsIn(files *zip.Reader, name string) ([]string, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := io.ReadAll(file)
	return strings.Split(string(all), textEnd), err
}
