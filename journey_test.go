package main

import (
	"os"
	"testing"
)

// journey leaves a test to make journeys that builds and starts the program, or reads years again and again: the four
// minutes of make test have no room for it.
func journey(t *testing.T) {
	t.Helper()
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
}
