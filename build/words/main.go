// Command words writes the catalogue of what the screens say from the code: each
// constant of the type words.Text in package frontend and those below it, and the countries.
//
//	go run ./build/words                writes frontend/words/catalogue/en.json
//	go run ./build/words -check         tells where a catalogue and the code differ, and fails then
//	go run ./build/words -countries sv  prints what CLDR calls the countries in Swedish, to begin a catalogue with
package main

import (
	"flag"
	"fmt"
	"os"
)

// folder is where the catalogues lie, below the module's root.
const folder = "frontend/words/catalogue"

func main() {
	check := flag.Bool("check", false, "change nothing, and fail where a catalogue is not whole")
	countries := flag.String("countries", "", "print the names of the countries in this `language`, and change nothing")
	flag.Parse()
	if err := run(*check, *countries); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(check bool, countries string) error {
	if countries != "" {
		return printCountries(os.Stdout, countries)
	}
	entries, err := collect("./frontend/...")
	if err != nil {
		return err
	}
	entries.addCountries()
	if !check {
		return write(folder+"/en.json", entries)
	}
	return checkAll(folder, entries)
}
