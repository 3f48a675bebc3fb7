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
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"
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
	if err := run(exec.Command("go", "build", "-ldflags", "-s -w", "-gcflags", "consentry/frontend/...=-l", "-o", program, ".")); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	if _, err := os.Stat(data); err != nil {
		if err := fetches(program, data, rows, page, order); err != nil {
			return err
		}
		if err := commandLine(dir, data); err != nil {
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

// fetches reads the bank in a process of its own, twice, and prints what that took.
func fetches(program, data string, rows, page int, order string) error {
	banks := exec.Command(program, "sandbox")
	out, err := banks.StdoutPipe()
	if err != nil {
		return err
	}
	banks.Stderr = os.Stderr
	if err := banks.Start(); err != nil {
		return err
	}
	defer func() { banks.Process.Kill(); banks.Wait() }()
	var info json.RawMessage
	if err := json.NewDecoder(out).Decode(&info); err != nil {
		return err
	}
	go io.Copy(io.Discard, out)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(self, "fetch", data, fmt.Sprint(rows), fmt.Sprint(page), order, string(info))
	child.Stderr = os.Stderr
	answer, err := child.Output()
	if err != nil {
		return err
	}
	var took fetchTimes
	if err := json.Unmarshal(answer, &took); err != nil {
		return err
	}
	fmt.Printf("fetch      %d rows in pages of %d, %s: %.1f s, %.0f rows/s, %.1f µs of processor a row, %d MB at most\n",
		took.Rows, page, order, took.First.Seconds(), float64(took.Rows)/took.First.Seconds(), float64(took.FirstCPU.Microseconds())/float64(took.Rows), took.Peak>>20)
	fmt.Printf("again      nothing new: %.1f s, %.2f of the first, %.1f µs of processor a row\n", took.Again.Seconds(), took.Again.Seconds()/took.First.Seconds(), float64(took.AgainCPU.Microseconds())/float64(took.Rows))
	fmt.Printf("words      put together while nothing is fetched: %.1f s\n", took.Merged.Seconds())
	fmt.Printf("others     another write waited %s at most\n", took.Waited.Round(time.Millisecond/10))
	fmt.Printf("record     %d exchanges without a row\n", took.Dropped)
	firstFetch = took
	return nil
}

// firstFetch is what the program's fetch took, which others are compared with.
var firstFetch fetchTimes

func run(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	return cmd.Run()
}
