// Command words writes the catalogue of what the screens say from the code: each
// constant of the type words.Text in package frontend and those below it, the countries, and the program's own scenes and
// stories. It packs those of the other languages into the form in which they are part of the program.
//
//	go run ./build/words                writes frontend/words/catalogue/en.json and frontend/words/languages.pack
//	go run ./build/words -check         tells where a catalogue and the code differ, and fails then
//	go run ./build/words -lacking sv    prints what the Swedish catalogue lacks, in English
//	go run ./build/words -countries sv  prints what CLDR calls the countries in Swedish, to begin a catalogue with
//	go run ./build/words -pseudo        prints the catalogue of the pseudo-language, which finds what is in none
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"consentry/frontend/words"
)

// Where the catalogues lie, below the module's root.
const (
	folder      = "frontend/words/catalogue"
	archiveFile = "frontend/words/languages.pack"
	sameFile    = "frontend/words/same.json"
)

type options struct {
	check, pseudo      bool
	countries, lacking string
}

func main() {
	var o options
	flag.BoolVar(&o.check, "check", false, "change nothing, and fail where a catalogue is not whole")
	flag.BoolVar(&o.pseudo, "pseudo", false, "print the pseudo-language, and change nothing")
	flag.StringVar(&o.countries, "countries", "", "print the names of the countries in this `language`, and change nothing")
	flag.StringVar(&o.lacking, "lacking", "", "print what the catalogue of this `language` lacks, and change nothing")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (o options) run() error {
	if o.countries != "" {
		return printCountries(os.Stdout, o.countries)
	}
	entries, err := collect("./frontend/...")
	if err != nil {
		return err
	}
	entries.addCountries()
	entries.addStage()
	switch {
	case o.check:
		return checkAll(entries)
	case o.pseudo:
		return print(words.Pseudo(marshalled(entries)))
	case o.lacking != "":
		stored, err := os.ReadFile(folder + "/" + o.lacking + ".json")
		if errors.Is(err, fs.ErrNotExist) { // nothing is translated yet
			stored, err = []byte("{}"), nil
		}
		if err != nil {
			return err
		}
		return print(lacking(stored, entries))
	}
	if err := write(folder+"/en.json", entries); err != nil {
		return err
	}
	archive, err := packed(folder)
	if err != nil {
		return err
	}
	return os.WriteFile(archiveFile, archive, 0o644)
}

// print writes what was made, or returns why it was not.
func print(text []byte, err error) error {
	if err == nil {
		_, err = os.Stdout.Write(text)
	}
	return err
}
