package record

import "sync"

// maxWaiting bounds the bytes of the exchanges that wait for their record. A
// fetch of many pages may hold the store for long.
const maxWaiting = 16 << 20

// waiter is an exchange that waits for its record, or a mark that is closed
// when its turn comes, see Flush.
type waiter struct {
	exchange Exchange
	mark     chan struct{}
}

// waiting is the row of those that wait. Its bytes are bounded: the oldest
// bodies are let go first, then the oldest headers. What is left of an exchange
// then, its address and how it ended, waits in any case; it is small, and there
// are no more of it than banks can answer.
type waiting struct {
	most int
	more chan struct{} // one is in it when something came

	mu      sync.Mutex
	row     []waiter
	bytes   int
	bodies  int // the first of the row that may have bodies
	headers int // the first of the row that may have its header
}

func newWaiting(most int) *waiting { return &waiting{most: most, more: make(chan struct{}, 1)} }

func (w *waiting) add(one waiter) {
	w.mu.Lock()
	w.row = append(w.row, one)
	w.bytes += one.exchange.weight()
	w.makeRoom()
	w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default: // it is known already
	}
}

func (w *waiting) makeRoom() {
	for ; w.bytes > w.most && w.bodies < len(w.row); w.bodies++ {
		w.lighten(w.bodies, (*Message).letBodyGo)
	}
	for ; w.bytes > w.most && w.headers < len(w.row); w.headers++ {
		w.lighten(w.headers, (*Message).letHeaderGo)
	}
}

func (w *waiting) lighten(place int, letGo func(*Message)) {
	e := &w.row[place].exchange
	before := e.weight()
	letGo(&e.Request)
	letGo(&e.Answer)
	w.bytes += e.weight() - before
}

// take returns the one that has waited longest.
func (w *waiting) take() (first waiter, found bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.row) == 0 {
		return waiter{}, false
	}
	first, w.row[0] = w.row[0], waiter{}
	w.row = w.row[1:]
	w.bytes -= first.exchange.weight()
	w.bodies, w.headers = max(w.bodies-1, 0), max(w.headers-1, 0)
	return first, true
}

// weight is the bytes an exchange takes that can be many.
func (e *Exchange) weight() int {
	return len(e.Step) + len(e.Method) + len(e.URL) + len(e.Error) + e.Request.weight() + e.Answer.weight()
}

func (m *Message) weight() int {
	bytes := len(m.Body)
	for _, field := range m.Header {
		bytes += len(field.Name) + len(field.Value)
	}
	return bytes
}

func (m *Message) letBodyGo() {
	if m.Body != "" {
		m.Body, m.BodyLetGo = "", true
	}
}

// letHeaderGo keeps the one line by which an exchange is found.
func (m *Message) letHeaderGo() {
	var kept []HeaderField
	if id := m.Get("X-Request-ID"); id != "" && len(id) <= maxRequestID {
		kept = []HeaderField{{"X-Request-Id", id}}
	}
	if len(m.Header) > len(kept) {
		m.Header, m.HeaderLetGo = kept, true
	}
}

// maxRequestID is more than a UUID takes (BG 1.3.12 section 4.11).
const maxRequestID = 64
