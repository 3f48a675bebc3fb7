package record

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

func TestQueueKeepsOrderAndBound(t *testing.T) {
	q := newQueue()
	var did []int
	gate := make(chan struct{})
	q.add(func() { <-gate })
	var added atomic.Int64
	const all = 5 * mostQueued
	go func() {
		for n := range all {
			q.add(func() { did = append(did, n) })
			added.Add(1)
		}
	}()
	for added.Load() < mostQueued-1 { // what has room beside the first
		runtime.Gosched()
	}
	if n := added.Load(); n > mostQueued {
		t.Errorf("%d wait", n)
	}
	close(gate)
	for added.Load() < all {
		runtime.Gosched()
	}
	q.settle()
	if len(did) != all || !slices.IsSorted(did) {
		t.Errorf("done: %v", did)
	}
	q.settle()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.row) > 0 {
		t.Error("something is left")
	}
}
