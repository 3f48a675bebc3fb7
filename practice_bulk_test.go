package main

import (
	"context"
	"io"
	"strings"
	"testing"
)

// What an account cannot be given is said, and the practice banks do not start.
func TestSandboxTransactions(t *testing.T) {
	for args, want := range map[string]string{
		"-transactions 1000 -order spread -page 100":  "",
		"-transactions 1000001":                       "up to 1000000",
		"-transactions 10 -order sideways":            "order is",
		"-transactions 10 -page 5001":                 "page is",
		"-transactions 10 -bank nowhere":              "practice bank",
		"-transactions 10 -psu nobody -bank rheintor": "login of a person",
	} {
		ctx, end := context.WithCancel(t.Context())
		end()
		err := runSandbox(ctx, strings.Fields(args), io.Discard, io.Discard)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
}
