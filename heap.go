package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// room is how large the heap may become before it is collected, while little of it is in use. By
// itself it is collected each time it has doubled; what a page leaves behind would have it do so every
// tenth page, which took a sixth of their time.
const room = 12 << 20

// makeRoom has the heap collected when it has filled its room, and as ever where more than half of
// that is in use. It looks how much is after each collection.
func makeRoom() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent := uint64(400) // nothing was collected yet
	if used := live[0].Value.Uint64(); used > 0 {
		percent = max(100, room*100/used-100)
	}
	debug.SetGCPercent(int(min(percent, 400)))
	runtime.AddCleanup(new([64]byte), func(int) { makeRoom() }, 0)
}
