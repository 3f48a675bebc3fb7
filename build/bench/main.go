// Bench measures the program with very many transactions, and beside it, in the same run, what
// it is compared with: SQLite's own command line importing the same rows, and a bare handler
// of net/http that answers with 30 KB. It prints ratios, which say the same on any machine, with
// the figures they are made of.
//
//	go run ./build/bench -rows 1000000 -page 500
//
// Banks, program and command line are processes of their own. The command line is sqlite3, which
// has to be installed.
package main

import (
	"flag"
	"log"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "fetch" {
		if err := fetchChild(os.Args[2:]); err != nil {
			log.Fatal(err)
		}
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "carry" {
		if err := carryChild(os.Args[2]); err != nil {
			log.Fatal(err)
		}
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "hello" {
		log.Fatal(hello())
	}
	rows := flag.Int("rows", 100_000, "transactions of the account")
	page := flag.Int("page", 500, "transactions on a page of the bank")
	order := flag.String("order", "newest", "newest, oldest, or spread (runs): how the bank lists them")
	keep := flag.String("keep", "", "a `folder` that is kept, and used again where it holds a fetch")
	pages := flag.Bool("pages", true, "measure pages, too")
	carried := flag.Bool("carry", false, "measure how a database of before is carried over, too")
	flag.Parse()
	if *order == "spread" {
		*order = "runs"
	}
	if err := bench(*rows, *page, *order, *keep, *pages, *carried); err != nil {
		log.Fatal(err)
	}
}

func bench(rows, page int, order, keep string, pages, carried bool) (err error) {
	dir := keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "consentry-bench"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	program := filepath.Join(dir, "consentry")
	if err := run(exec.Command("build/program.sh", "-o", program)); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	if _, err := os.Stat(data); err != nil {
		if err := measureFetches(program, dir, rows, page, order); err != nil {
			return err
		}
	}
	if carried {
		if err := carryOver(dir, data); err != nil {
			return err
		}
	}
	if pages {
		return measurePages(program, data)
	}
	return nil
}

func run(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	return cmd.Run()
}
