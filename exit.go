package main

import "errors"

// What the program says by its end, for scripts. 0 is that all went well.
const (
	exitFailed  = 1 // it could not be done
	exitUsage   = 2 // what stands on the command line is not understood
	exitNothing = 3 // there is nothing that it could be done with
)

// ended is an error with what the program says by its end.
type ended struct {
	error
	code int
}

func (e ended) Unwrap() error { return e.error }

// exitCode is what the program says of an error by its end.
func exitCode(err error) int {
	if e := (ended{}); errors.As(err, &e) {
		return e.code
	}
	return exitFailed
}
