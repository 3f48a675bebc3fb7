//go:build !desktop

package shell

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestRunEndsWithItsContext(t *testing.T) {
	noOpener(t)
	for _, open := range []bool{false, true} {
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- Run(ctx, Options{URL: "http://127.0.0.1:4711/?token=secret", Open: open, Log: slog.New(slog.NewTextHandler(&log, nil))})
		}()
		select {
		case err := <-ended:
			t.Fatalf("ended too early: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if warned := strings.Contains(log.String(), "could not be opened"); warned != open {
			t.Errorf("open %v: the log says %q", open, &log)
		}
		if strings.Contains(log.String(), "secret") {
			t.Errorf("the token stands in the log: %s", &log)
		}
	}
}
