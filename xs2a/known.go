package xs2a

import (
	"context"
	"slices"
	"sync"
	"time"
)

// known are the secrets of one flow, as they are: what the person typed, tokens,
// the client's secret, codes and what protects them. They are held in memory,
// for as long as the flow goes on, so that they are taken out of whatever is
// kept of it.
type known struct {
	mu     sync.Mutex
	values []string // the latest last
}

const (
	// mostKnown bounds how many are held for a flow; the oldest go first.
	mostKnown = 64

	// longestKnown bounds how long one may be. A longer one is not held whole in a
	// record either, and is taken out by its name.
	longestKnown = maxRecorded
)

// add notes secrets. What is empty is none.
func (k *known) add(values ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, value := range values {
		if value == "" || len(value) > longestKnown {
			continue
		}
		if at := slices.Index(k.values, value); at >= 0 {
			k.values = slices.Delete(k.values, at, at+1)
		}
		k.values = append(k.values, value)
	}
	k.values = slices.Delete(k.values, 0, max(len(k.values)-mostKnown, 0)) // which clears what it drops
}

// all gives them; of a flow nobody told about, none.
func (k *known) all() []string {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.values)
}

// clean takes them out of a bank's words, which may say them again.
func (k *known) clean(words string) string { return newValues(k.all()).clean(words) }

// cleanError takes them out of what an error tells.
func (k *known) cleanError(e *Error) *Error {
	by := newValues(k.all())
	for _, words := range []*string{&e.Code, &e.Text, &e.Field, &e.Body} {
		*words = by.clean(*words)
	}
	return e
}

type knownKey struct{}

// knownIn gives the secrets of the flow a request belongs to.
func knownIn(ctx context.Context) *known {
	k, _ := ctx.Value(knownKey{}).(*known)
	return k
}

// flowMemory is how long after its last request a flow is taken to be over. A
// person has as long for an attempt.
const flowMemory = 30 * time.Minute

// knownFlows are the flows under way.
type knownFlows struct {
	memory time.Duration

	mu sync.Mutex
	by map[string]*knownFlow
}

type knownFlow struct {
	known
	over *time.Timer
}

func newKnownFlows(memory time.Duration) *knownFlows {
	return &knownFlows{memory: memory, by: map[string]*knownFlow{}}
}

// of gives the secrets of a flow, which goes on by that.
func (f *knownFlows) of(flowID string) *known {
	f.mu.Lock()
	defer f.mu.Unlock()
	flow := f.by[flowID]
	if flow == nil {
		flow = &knownFlow{}
		flow.over = time.AfterFunc(f.memory, func() { f.forget(flowID) })
		f.by[flowID] = flow
	}
	flow.over.Reset(f.memory)
	return &flow.known
}

// forget drops the secrets of a flow that is over.
func (f *knownFlows) forget(flowID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if flow := f.by[flowID]; flow != nil {
		flow.over.Stop()
		delete(f.by, flowID)
	}
}
