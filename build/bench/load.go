package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	connections = 16
	loadFor     = 5 * time.Second
)

// measureLoad has several connections ask for a page, each again as soon as it was answered, and
// prints how many answers come in a second.
func measureLoad(browser *http.Client, address string) error {
	many := &http.Client{Jar: browser.Jar, Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer many.CloseIdleConnections()
	var answers atomic.Int64
	var group sync.WaitGroup
	failed := make([]error, connections)
	begun := time.Now()
	for i := range failed {
		group.Go(func() {
			for failed[i] == nil && time.Since(begun) < loadFor {
				if _, failed[i] = get(many, address); failed[i] == nil {
					answers.Add(1)
				}
			}
		})
	}
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	fmt.Printf("load       %d connections: %.0f pages of an account a second\n", connections, float64(answers.Load())/time.Since(begun).Seconds())
	return nil
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// printResident prints how much memory a process has.
func printResident(pid int, when string) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if found := resident.FindSubmatch(status); found != nil {
		kilobytes, _ := strconv.Atoi(string(found[1])) // it is digits
		fmt.Printf("resident   %s: %d MB\n", when, kilobytes>>10)
	} else {
		fmt.Printf("resident   %s: not told by this system (%v)\n", when, err)
	}
}
