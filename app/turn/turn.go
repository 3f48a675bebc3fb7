// Package turn lets those who do something about the same thing do it one after the other.
package turn

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Turns are those at things that are told apart by K. The zero value is ready for use.
type Turns[K comparable] struct {
	mu sync.Mutex
	of map[K]*turn // of things that somebody has or waits for
}

type turn struct {
	*semaphore.Weighted
	wanted int // by how many
}

// Take waits for the turn at a thing as long as the context lets it; done hands it on.
func (t *Turns[K]) Take(ctx context.Context, thing K) (done func(), err error) {
	t.mu.Lock()
	one := t.of[thing]
	if one == nil {
		if t.of == nil {
			t.of = map[K]*turn{}
		}
		one = &turn{Weighted: semaphore.NewWeighted(1)}
		t.of[thing] = one
	}
	one.wanted++
	t.mu.Unlock()
	if err := one.Acquire(ctx, 1); err != nil {
		t.leave(thing)
		return nil, err
	}
	return func() {
		one.Release(1)
		t.leave(thing)
	}, nil
}

// leave forgets a thing that nobody wants any more.
func (t *Turns[K]) leave(thing K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of[thing].wanted--; t.of[thing].wanted == 0 {
		delete(t.of, thing)
	}
}
