package words

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
)

// How catalogues are packed: a list of parts, each a name and a length, an empty line, and the parts, deflated. The first has the
// English texts, which all languages have in common; each of the others is what a language says in the same order. Texts are parted
// by NUL, the forms of one that counts by SOH, each behind its place among the kinds of numbers. To read one of 400 kB takes a few
// milliseconds, and the others are left as they are.
const (
	englishPart = "texts"
	textEnd     = "\x00"
	formEnd     = "\x01"
	listEnd     = "\n\n"
)

// forms are the kinds of numbers, in the order of their places.
var forms = []plural.Form{plural.Zero, plural.One, plural.Two, plural.Few, plural.Many, plural.Other}

func pack(catalogues map[string]texts) ([]byte, error) {
	known := texts{}
	for _, catalogue := range catalogues {
		maps.Copy(known, catalogue)
	}
	english := slices.Sorted(maps.Keys(known))
	var list, parts bytes.Buffer
	add := func(name string, of func(Text) string) error {
		said := make([]string, len(english))
		for i, text := range english {
			said[i] = of(text)
		}
		before := parts.Len()
		w, err := flate.NewWriter(&parts, flate.BestCompression)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, strings.Join(said, textEnd)); err != nil {
			return err
		}
		err = w.Close()
		fmt.Fprintln(&list, name, parts.Len()-before)
		return err
	}
	if err := add(englishPart, func(text Text) string { return string(text) }); err != nil {
		return nil, err
	}
	for _, tag := range slices.Sorted(maps.Keys(catalogues)) {
		if err := add(tag, func(text Text) string { return catalogues[tag][text].packed() }); err != nil {
			return nil, err
		}
	}
	return slices.Concat(list.Bytes(), []byte("\n"), parts.Bytes()), nil
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
		*e.place(forms[form[0]-'0']) = form[1:]
	}
	return e
}

// unpack returns the languages of what was packed, whose texts are read when they are first asked for.
func unpack(packed string) (all Languages, err error) {
	list, parts, found := strings.Cut(packed, listEnd)
	if !found {
		return nil, errors.New("words: the packed catalogues have no list")
	}
	var english func() []string
	for line := range strings.Lines(list) {
		var name string
		var length int
		if _, err := fmt.Sscan(line, &name, &length); err != nil || length < 0 || length > len(parts) {
			return nil, fmt.Errorf("words: the packed catalogues have no part %q", line)
		}
		deflated := parts[:length]
		part := func() []string { return inflated(deflated) }
		parts = parts[length:]
		if name == englishPart {
			english = part
			continue
		}
		l, err := newLanguage(name, func() texts { return together(english(), part()) })
		if err != nil {
			return nil, fmt.Errorf("words: the packed catalogue %q: %w", name, err)
		}
		all = append(all, l)
	}
	return all, nil
}

// together are texts with what a language says for them.
func together(english, said []string) texts {
	read := make(texts, len(english))
	for i, text := range english {
		read[Text(text)] = unpackedEntry(said[i])
	}
	return read
}

// inflated are the texts of a part. It is part of the program: a test has read it.
func inflated(part string) []string {
	all, err := io.ReadAll(flate.NewReader(strings.NewReader(part)))
	if err != nil {
		panic("words: the packed catalogues are broken: " + err.Error())
	}
	return strings.Split(string(all), textEnd)
}
