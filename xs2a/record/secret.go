package record

import (
	"slices"
	"sync"
)

// Secrets are the secrets of one flow, as they are: what the person typed, tokens,
// the client's secret, codes and what protects them. They are held in memory,
// for as long as the flow goes on, so that they are taken out of whatever is
// kept of it. They are safe for concurrent use; nil holds none.
type Secrets struct {
	mu     sync.Mutex
	values []string // the latest last
}

const (
	// mostKnown bounds how many are held for a flow; the oldest go first.
	mostKnown = 64

	// longestKnown bounds how long one may be. A longer one is not held whole in a
	// record either, and is taken out by its name.
	longestKnown = maxBody
)

// Add notes secrets. What is empty is none.
func (s *Secrets) Add(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, value := range values {
		if value == "" || len(value) > longestKnown {
			continue
		}
		if at := slices.Index(s.values, value); at >= 0 {
			s.values = slices.Delete(s.values, at, at+1)
		}
		s.values = append(s.values, value)
	}
	s.values = slices.Delete(s.values, 0, max(len(s.values)-mostKnown, 0)) // which clears what it drops
}

// all returns them; of a flow nobody told about, none.
func (s *Secrets) all() []string {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.values)
}

// Clean takes them out of a bank's words, which may say them again.
func (s *Secrets) Clean(words string) string { return newValues(s.all()).clean(words) }

// CleanEach takes them out of several of a bank's words.
func (s *Secrets) CleanEach(words ...*string) {
	by := newValues(s.all())
	for _, each := range words {
		*each = by.clean(*each)
	}
}

// Kept returns what may be kept of a body: its beginning, without them and what
// else is as good as a password. It has at most so many bytes.
func (s *Secrets) Kept(body, contentType string, most int) string {
	r := newRedactor(s.all())
	return cutText(r.body(r.values.clean(body), contentType), most)
}
