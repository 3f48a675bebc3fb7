package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// write stores entries as a catalogue: a text by its English, or its forms.
func write(path string, all entries) error {
	return os.WriteFile(path, marshalled(all), 0o644)
}

func marshalled(all entries) []byte {
	file := map[string]any{}
	for said, forms := range all {
		file[said] = forms
		if len(forms) == 1 {
			file[said] = forms["other"]
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(file); err != nil { // strings and maps of them
		panic(err)
	}
	return b.Bytes()
}

// checkAll returns where the catalogues and the code differ, as an error.
func checkAll(folder string, all entries) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range files {
		stored, failed := os.ReadFile(path)
		err = errors.Join(err, failed)
		if filepath.Base(path) == "en.json" {
			if !bytes.Equal(stored, marshalled(all)) {
				err = errors.Join(err, errors.New(path+" is not what the code says: go run ./build/words"))
			}
			continue
		}
		err = errors.Join(err, compare(path, stored, all))
	}
	return err
}

// compare returns which entries a language lacks, has without need, or fills with
// other verbs than the English, as an error.
func compare(path string, stored []byte, all entries) (err error) {
	var language map[string]any
	if err := json.Unmarshal(stored, &language); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, said := range slices.Sorted(maps.Keys(all)) {
		if language[said] == nil {
			err = errors.Join(err, fmt.Errorf("%s lacks %q", path, said))
		}
	}
	for _, said := range slices.Sorted(maps.Keys(language)) {
		if all[said] == nil {
			err = errors.Join(err, fmt.Errorf("%s has %q, which nothing says", path, said))
			continue
		}
		for _, form := range forms(language[said]) {
			if !slices.Equal(verbs(form), verbs(said)) {
				err = errors.Join(err, fmt.Errorf("%s: %q has not the verbs of %q", path, form, said))
			}
		}
	}
	return err
}

// forms returns the texts of an entry, one or one for each kind of number.
func forms(entry any) (all []string) {
	switch entry := entry.(type) {
	case string:
		return []string{entry}
	case map[string]any:
		for form, text := range entry {
			if form != "description" && form != "hash" {
				all = append(all, fmt.Sprint(text))
			}
		}
	}
	return all
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-zA-Z]`)

// verbs returns the kinds of a text's verbs, sorted: a language may order them anew
// ("%[2]s").
func verbs(text string) []string {
	all := []string{}
	for _, found := range verb.FindAllString(text, -1) {
		all = append(all, found[len(found)-1:])
	}
	slices.Sort(all)
	return all
}
