package record

import "sync"

// queue does what it is given in the background, one after the other in the order it came: whoever
// reads an answer does not wait until the secrets are out of its copy. Nothing in it waits for a
// sink, and no more than mostQueued wait in it; whoever adds another waits with them.
type queue struct {
	room chan struct{} // as many are in it as there are in the queue

	mu   sync.Mutex
	row  []func()
	busy bool
}

// mostQueued bounds the copies with secrets in them.
const mostQueued = 8

func newQueue() *queue { return &queue{room: make(chan struct{}, mostQueued)} }

func (q *queue) add(do func()) {
	q.room <- struct{}{}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.row = append(q.row, do)
	if !q.busy {
		q.busy = true
		go q.work()
	}
}

// work does what is there, and ends with it.
func (q *queue) work() {
	for do := q.next(); do != nil; do = q.next() {
		do()
		<-q.room
	}
}

func (q *queue) next() (do func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.row) == 0 {
		q.busy = false
		return nil
	}
	do, q.row[0] = q.row[0], nil
	q.row = q.row[1:]
	return do
}

// settle waits for what was added before.
func (q *queue) settle() {
	done := make(chan struct{})
	q.add(func() { close(done) })
	<-done
}
