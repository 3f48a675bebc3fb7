package app

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// turns lets those who do something about the same thing do it one after the other.
type turns[K comparable] struct {
	mu sync.Mutex
	of map[K]*semaphore.Weighted // as many as there are things
}

// take waits for a turn as long as the context lets it; done ends it.
func (t *turns[K]) take(ctx context.Context, thing K) (done func(), err error) {
	t.mu.Lock()
	turn := t.of[thing]
	if turn == nil {
		if t.of == nil {
			t.of = map[K]*semaphore.Weighted{}
		}
		turn = semaphore.NewWeighted(1)
		t.of[thing] = turn
	}
	t.mu.Unlock()
	if err := turn.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { turn.Release(1) }, nil
}
