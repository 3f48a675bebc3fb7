package turn

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// TestTurns has many do something about few things: never two about the same one, and in
// the end nothing is left of them.
func TestTurns(t *testing.T) {
	var turns Turns[int]
	var busy [3]bool
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			done, err := turns.Take(t.Context(), i%len(busy))
			if err != nil {
				t.Error(err)
				return
			}
			defer done()
			if busy[i%len(busy)] {
				t.Error("two at once")
			}
			busy[i%len(busy)] = true
			busy[i%len(busy)] = false
		})
	}
	all.Wait()
	done, err := turns.Take(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns.Take(over, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("waited for ever: %v", err)
	}
	if done(); len(turns.of) != 0 {
		t.Errorf("%d things are kept", len(turns.of))
	}
}
