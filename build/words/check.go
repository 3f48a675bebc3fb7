package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"consentry/frontend/words"
)

// checkAll returns where the catalogues and the code differ, as an error.
func checkAll(all entries) error {
	path := filepath.Join(folder, "en.json")
	stored, err := os.ReadFile(path)
	if !bytes.Equal(stored, marshalled(all)) {
		err = errors.Join(err, fmt.Errorf("%s is not what the code says: go run ./build/words", path))
	}
	catalogues, failed := translations(folder)
	same, unread := readSame(sameFile)
	if err = errors.Join(err, failed, unread); failed != nil || unread != nil {
		return err
	}
	for _, tag := range sortedKeys(catalogues) {
		err = errors.Join(err, compare(tag, catalogues[tag], all, same))
	}
	archive, failed := packed(folder)
	kept, unread := os.ReadFile(archiveFile)
	if err = errors.Join(err, failed, unread); failed == nil && !bytes.Equal(archive, kept) {
		err = errors.Join(err, fmt.Errorf("%s is not what the catalogues say: go run ./build/words", archiveFile))
	}
	return err
}

// same are the texts that may stay as they are in English: by language, and those of "*" in each.
type same map[string][]string

func readSame(path string) (all same, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(text, &all)
}

// may reports whether a text may be the same in a language: it has no word, names alone, is a country, or stands on the list.
func (all same) may(tag, text string) bool {
	if words.KindOf(words.Text(text)) != words.Sentence || slices.Contains(all[tag], text) || slices.Contains(all["*"], text) || isCountry(text) {
		return true
	}
	for _, word := range strings.FieldsFunc(verb.ReplaceAllString(text, " "), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if !slices.Contains(all["*"], word) {
			return false
		}
	}
	return true
}

// compare returns, as an error, what is not as it should be in a language's catalogue: what it lacks, has without need,
// fills with other verbs than the English, counts in other forms than the language has, or left in English.
func compare(tag string, stored []byte, all entries, same same) error {
	var language map[string]any
	if err := json.Unmarshal(stored, &language); err != nil {
		return fmt.Errorf("%s.json: %w", tag, err)
	}
	kinds, err := pluralForms(tag)
	if err != nil {
		return err
	}
	var wrong []error
	find := func(said, format string, arguments ...any) {
		wrong = append(wrong, fmt.Errorf("%s.json: %q %s", tag, said, fmt.Sprintf(format, arguments...)))
	}
	for _, said := range sortedKeys(all) {
		if language[said] == nil {
			find(said, "is not there")
		}
	}
	for _, said := range sortedKeys(language) {
		if all[said] == nil {
			find(said, "is said by nothing")
			continue
		}
		forms, failed := forms(language[said])
		if failed != nil {
			find(said, "%v", failed)
			continue
		}
		wanted := []string{"other"}
		if len(all[said]) > 1 {
			wanted = kinds
		}
		if got := sortedKeys(forms); !slices.Equal(got, wanted) {
			find(said, "has the forms %q, not %q", got, wanted)
		}
		for _, kind := range sortedKeys(forms) {
			if mistake := mistakeIn(forms[kind], said, cmp.Or(all[said][kind], all[said]["other"])); mistake != "" {
				find(said, "(%s) %s: %q", kind, mistake, forms[kind])
			}
		}
		if forms["other"] == all[said]["other"] && !same.may(tag, said) {
			find(said, "is English still; if it is the same, it belongs on the list of %s in %s", tag, sameFile)
		}
	}
	return errors.Join(wrong...)
}

// mistakeIn says what is wrong with a translation of a text, one of whose English forms is given.
func mistakeIn(form, said, english string) string {
	switch kind := words.KindOf(words.Text(said)); {
	case strings.TrimSpace(form) == "":
		return "says nothing"
	case kind == words.NameList && len(strings.Fields(form)) != len(strings.Fields(said)):
		return fmt.Sprintf("has %d names, not %d", len(strings.Fields(form)), len(strings.Fields(said)))
	case kind == words.Alphabet && !isAlphabet(form):
		return "is no alphabet: small letters, each once, and no blanks"
	case kind == words.Layout && !slices.Equal(words.LayoutParts(form), words.LayoutParts(said)):
		return fmt.Sprintf("has the parts %q, not %q", words.LayoutParts(form), words.LayoutParts(said))
	case kind != words.Sentence:
		return ""
	case ends(form) != ends(english):
		return "begins or ends with other blanks"
	}
	return mistakeInVerbs(form, said, english)
}

// mistakeInVerbs says what is wrong with the places of a text's arguments. A form may leave out the number that it counts where it
// names the places of the others ("%[2]s"): package fmt would tell of what is left over.
func mistakeInVerbs(form, said, english string) string {
	got, want := verbs(form), verbs(english)
	if slices.Equal(got, want) || slices.Equal(got, verbs(said)) {
		return ""
	}
	counted := slices.DeleteFunc(slices.Clone(verbs(said)), func(v string) bool { return v == "1d" })
	if strings.Contains(form, "%[") && slices.Equal(got, counted) {
		return ""
	}
	return fmt.Sprintf("has the arguments %q, not %q", got, want)
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs returns which arguments a text has, each with its place and kind, "2s", in the order of their places.
func verbs(text string) (all []string) {
	next := 1
	for _, found := range verb.FindAllStringSubmatch(text, -1) {
		if found[2] == "%" {
			continue
		}
		if at, err := strconv.Atoi(found[1]); err == nil {
			next = at
		}
		all = append(all, fmt.Sprint(next)+found[2])
		next++
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ends are the blanks round a text.
func ends(text string) [2]bool {
	return [2]bool{strings.HasPrefix(text, " "), strings.HasSuffix(text, " ")}
}

func isAlphabet(text string) bool {
	seen := map[rune]bool{}
	for _, letter := range text {
		if seen[letter] || !unicode.IsLetter(letter) || unicode.IsUpper(letter) {
			return false
		}
		seen[letter] = true
	}
	return true
}

// forms returns the texts of an entry by the kinds of numbers; one that does not count has "other".
func forms(entry any) (map[string]string, error) {
	switch entry := entry.(type) {
	case string:
		return map[string]string{"other": entry}, nil
	case map[string]any:
		all := map[string]string{}
		for form, text := range entry {
			if form == "description" || form == "hash" {
				continue
			}
			said, is := text.(string)
			if !is {
				return nil, fmt.Errorf("has a form %q that is no text", form)
			}
			all[form] = said
		}
		return all, nil
	}
	return nil, errors.New("is neither a text nor forms of one")
}

// pluralForms are the kinds of whole numbers that a language tells apart (CLDR), sorted.
func pluralForms(tag string) ([]string, error) {
	spoken, err := language.Parse(tag)
	if err != nil {
		return nil, fmt.Errorf("%s.json is named after no language: %w", tag, err)
	}
	names := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	var all []string
	for n := range 1000 {
		all = append(all, names[plural.Cardinal.MatchPlural(spoken, n, 0, 0, 0, 0)])
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
