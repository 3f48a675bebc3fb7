package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// untilSignal returns a context that ends with a signal. A second one ends the
// program at once, and so does whatever still waits when longestEnd is over, be it
// the window. The window listens for signals, too, and would keep the second.
func untilSignal() context.Context {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, end := context.WithCancel(context.Background())
	go func() {
		<-signals
		end()
		select {
		case <-signals:
		case <-time.After(longestEnd):
		}
		fmt.Fprintln(os.Stderr, "consentry: ended at once; what was committed before is kept")
		os.Exit(1)
	}()
	return ctx
}

// longestEnd is longer than all that ends in order takes together: requests, work
// in the background, the record of exchanges, the practice banks.
const longestEnd = 30 * time.Second
