package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"consentry/xs2a"
)

// addCountries adds the countries, which a language names as it does anything else.
func (all entries) addCountries() {
	for _, name := range xs2a.Countries() {
		all.add(name)
	}
}

// isCountry reports whether a text is the name of a country: many are called alike in several languages.
func isCountry(text string) bool {
	return slices.Contains(slices.Collect(maps.Values(xs2a.Countries())), text)
}

// printCountries writes what CLDR calls the countries in a language, in the form of its catalogue.
func printCountries(w io.Writer, tag string) error {
	spoken, err := language.Parse(tag)
	if err != nil {
		return err
	}
	names := display.Regions(spoken)
	if names == nil {
		return fmt.Errorf("CLDR names no country in %s", tag)
	}
	called := map[string]string{}
	for code, english := range xs2a.Countries() {
		region, err := language.ParseRegion(code)
		if err != nil {
			return err
		}
		called[english] = names.Name(region)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(called)
}
