package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// few is a number of transactions beside which very many are not to cost more each.
const few = 10_000

// firstFetch is what the program's fetch took, which others are compared with.
var firstFetch fetchTimes

// measureFetches fetches as it is asked for, which is kept, and then in other ways, and prints what
// that took beside SQLite's command line.
func measureFetches(program, dir string, rows, page int, order string) (err error) {
	data := filepath.Join(dir, "data")
	if firstFetch, err = fetchOf(program, data, rows, page, order, withWords); err != nil {
		return err
	}
	first := firstFetch
	first.print("fetch", page, order)
	fmt.Printf("again      nothing new: %.1f s, %.2f of the first, %.1f µs of processor a row\n", first.Again.Seconds(), first.Again.Seconds()/first.First.Seconds(), perRow(first.AgainCPU, first.Rows))
	fmt.Printf("words      put together while nothing is fetched: %.1f s\n", first.Merged.Seconds())
	fmt.Printf("others     another write waited %s at most\n", first.Waited.Round(time.Millisecond/10))
	fmt.Printf("record     %d exchanges without a row\n", first.Dropped)
	fmt.Printf("bank       %.1f µs of processor a row, both times together\n", perRow(first.bank, first.Rows))
	alone, imported, err := commandLine(dir, data)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		rows, page   int
		order, words string
	}{{few, page, order, withWords}, {rows, page, order, rowsAlone}, {rows, page, "runs", withWords}, {rows, 100, order, withWords}, {rows, 1000, order, withWords}} {
		other := filepath.Join(dir, "other")
		took, err := fetchOf(program, other, one.rows, one.page, one.order, one.words)
		if err != nil {
			return err
		}
		took.print("fetch", one.page, one.order)
		switch {
		case one.words == rowsAlone:
			fmt.Printf("           without the index of words; %.2f as fast as the command line with rows alone\n", alone.Seconds()/took.First.Seconds())
		case one.rows == rows:
			fmt.Printf("           %.2f as fast as the command line with words\n", imported.Seconds()/took.First.Seconds())
		}
		if one.rows == few {
			fmt.Printf("           a row of %d costs %.2f times as much processor\n", rows, perRow(first.FirstCPU, first.Rows)/perRow(took.FirstCPU, took.Rows))
		}
		if err := os.RemoveAll(other); err != nil {
			return err
		}
	}
	return nil
}

func (t fetchTimes) print(name string, page int, order string) {
	fmt.Printf("%-10s %d rows in pages of %d, %s: %.1f s, %.0f rows/s, %.1f µs of processor a row, %d MB at most, another write waited %s at most\n",
		name, t.Rows, page, order, t.First.Seconds(), float64(t.Rows)/t.First.Seconds(), perRow(t.FirstCPU, t.Rows), t.Peak>>20, t.Waited.Round(time.Millisecond/10))
}

// perRow is so many microseconds a row.
func perRow(all time.Duration, rows int) float64 { return float64(all.Microseconds()) / float64(rows) }

// fetchOf reads a bank in a process of its own, twice, in another process.
func fetchOf(program, data string, rows, page int, order, words string) (took fetchTimes, err error) {
	banks := exec.Command(program, "sandbox")
	out, err := banks.StdoutPipe()
	if err != nil {
		return took, err
	}
	banks.Stderr = os.Stderr
	if err := banks.Start(); err != nil {
		return took, err
	}
	defer func() {
		banks.Process.Kill()
		banks.Wait()
		took.bank = banks.ProcessState.UserTime() + banks.ProcessState.SystemTime()
	}()
	var info json.RawMessage
	if err := json.NewDecoder(out).Decode(&info); err != nil {
		return took, err
	}
	go io.Copy(io.Discard, out)
	self, err := os.Executable()
	if err != nil {
		return took, err
	}
	child := exec.Command(self, "fetch", data, fmt.Sprint(rows), fmt.Sprint(page), order, string(info), words)
	child.Stderr = os.Stderr
	answer, err := child.Output()
	if err != nil {
		return took, err
	}
	return took, json.Unmarshal(answer, &took)
}
