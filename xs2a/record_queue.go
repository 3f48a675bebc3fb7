package xs2a

import (
	"context"
	"net/http"
	"sync"
)

// maxWaiting bounds the bytes of bodies, and those of headers, that wait for
// their record. Beyond, exchanges wait without them.
const maxWaiting = 8 << 20

// recordQueue holds the exchanges that have ended until they are recorded, in
// that order. It takes every one; what it has no room for are bodies, then headers.
type recordQueue struct {
	come chan struct{} // something has come since it was looked at

	mu      sync.Mutex
	waiting []*recording
	of      weight
}

// weight is what exchanges take up, in bytes.
type weight struct{ bodies, headers int }

func newRecordQueue() *recordQueue { return &recordQueue{come: make(chan struct{}, 1)} }

// put appends an exchange and never waits for the record.
func (q *recordQueue) put(one *recording) {
	q.mu.Lock()
	q.fit(one)
	q.waiting = append(q.waiting, one)
	q.mu.Unlock()
	select {
	case q.come <- struct{}{}:
	default:
	}
}

// fit takes from an exchange what there is no room for, once its secrets are
// known: one that stood in a body may be found elsewhere, too.
func (q *recordQueue) fit(one *recording) {
	if one.mark != nil {
		return
	}
	one.waits = weight{one.request.size() + one.answer.size(), headerSize(one.requestHeader) + headerSize(one.answerHeader)}
	bodies, headers := q.of.bodies+one.waits.bodies <= maxWaiting, q.of.headers+one.waits.headers <= maxWaiting
	if !bodies || !headers {
		one.finish(func(e *Exchange) {
			if !bodies {
				e.lighten()
			}
			if !headers {
				e.strip()
			}
		})
	}
	if !bodies {
		one.waits.bodies = 0
	}
	if !headers {
		one.waits.headers = 0
	}
	q.of.bodies += one.waits.bodies
	q.of.headers += one.waits.headers
}

// next gives the exchange that has waited longest, waiting for one; nil once the
// context has ended and none is left.
func (q *recordQueue) next(ctx context.Context) *recording {
	for {
		if one := q.first(); one != nil {
			return one
		}
		select {
		case <-q.come:
		case <-ctx.Done():
			return q.first() // it may have come in this moment
		}
	}
}

func (q *recordQueue) first() *recording {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	one := q.waiting[0]
	q.waiting[0], q.waiting = nil, q.waiting[1:]
	q.of.bodies -= one.waits.bodies
	q.of.headers -= one.waits.headers
	return one
}

func headerSize(header http.Header) (n int) {
	for name, values := range header {
		for _, value := range values {
			n += len(name) + len(value)
		}
	}
	return n
}
