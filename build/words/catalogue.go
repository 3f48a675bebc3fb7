package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"consentry/frontend/words"
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

// translations are the catalogues of a folder but the English, by their tags.
func translations(folder string) (map[string][]byte, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, path := range files {
		if tag := strings.TrimSuffix(filepath.Base(path), ".json"); tag != "en" {
			if all[tag], err = os.ReadFile(path); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// packed are they in the form in which they are part of the program.
func packed(folder string) ([]byte, error) {
	catalogues, err := translations(folder)
	if err != nil {
		return nil, err
	}
	return words.Pack(catalogues)
}

// lacking are the entries that a language has not, in English and in the form of a catalogue: to be
// translated and put there.
func lacking(stored []byte, all entries) ([]byte, error) {
	var language map[string]any
	if err := json.Unmarshal(stored, &language); err != nil {
		return nil, err
	}
	left := maps.Clone(all)
	maps.DeleteFunc(left, func(said string, _ map[string]string) bool { return language[said] != nil })
	return marshalled(left), nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
