// Command words writes the catalogue of what the screens say from the code: each
// constant of the type words.Text in package frontend and those below it.
//
//	go run ./build/words          writes frontend/words/catalogue/en.json
//	go run ./build/words -check   tells where a catalogue and the code differ, and fails then
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
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(check bool) error {
	entries, err := collect("./frontend/...")
	if err != nil {
		return err
	}
	if !check {
		return write(folder+"/en.json", entries)
	}
	return checkAll(folder, entries)
}
