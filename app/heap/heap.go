// Package heap says how large the heap may become before it is collected. It promises that a
// program that shows pages stays small, and that one that reads very much need not be collected
// every few pages of it.
package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
)

const (
	// room is how large the heap may become before it is collected, while little of it is in use. By
	// itself it is collected each time it has doubled; what a page leaves behind would have it do so every
	// tenth page, which took a sixth of their time.
	room = 14 << 20

	// ReadingRoom is the same while a bank's reports are read, page by page: each leaves a megabyte behind.
	ReadingRoom = 56 << 20
)

// reading is how many read very much at the moment.
var reading atomic.Int32

// Make has the heap collected when it has filled its room, and as ever where more than half of
// that is in use. It looks how much is after each collection.
func Make() {
	set()
	runtime.AddCleanup(new([64]byte), func(int) { Make() }, 0)
}

// Read gives the heap more room until done is called, which may be called twice.
func Read() (done func()) {
	if reading.Add(1) == 1 {
		set()
	}
	return sync.OnceFunc(func() {
		if reading.Add(-1) == 0 {
			set()
		}
	})
}

func set() {
	size := uint64(room)
	if reading.Load() > 0 {
		size = ReadingRoom
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent := uint64(400) // nothing was collected yet
	if used := live[0].Value.Uint64(); used > 0 {
		percent = max(200, size*100/used) - 100
	}
	debug.SetGCPercent(int(min(percent, 400)))
}
