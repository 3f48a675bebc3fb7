// Package hostile is a bank that breaks every rule, for tests. It answers over a
// real connection, each time with one misbehaviour of a table: some are of the
// line (a header that does not end, a protocol nobody asked for), some of the body
// (a million elements, a packed void). It knows nothing of what it is asked.
package hostile

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Misbehaviour is a way to answer.
type Misbehaviour struct {
	Name string
	// TLS begins before the bank has read anything: the client has to be told https.
	TLS bool
	// Large says that a megabyte or more is sent: one such answer at a time is what
	// memory is held to.
	Large bool
	// Taken says that a careful client may take the answer, or has to.
	Taken bool

	content func() string // of the body, made once for a bank; nil where there is none
	answer  func(*line)
}

// pace is how long the bank waits between the bytes it sends slowly.
const pace = 10 * time.Millisecond

// Bank is a hostile bank that listens.
type Bank struct {
	Address string // such as http://127.0.0.1:4711

	misbehaviour Misbehaviour
	content      []byte
	listener     net.Listener
	asked        atomic.Int64
	ended        chan struct{}
	running      sync.WaitGroup

	mu    sync.Mutex
	lines map[net.Conn]bool
}

// Start returns a bank that misbehaves in one way.
func Start(m Misbehaviour) (*Bank, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("hostile: %w", err)
	}
	scheme := "http"
	if m.TLS {
		scheme = "https"
	}
	b := &Bank{Address: scheme + "://" + listener.Addr().String(), misbehaviour: m, listener: listener,
		ended: make(chan struct{}), lines: map[net.Conn]bool{}}
	if m.content != nil {
		b.content = []byte(m.content())
	}
	b.running.Go(b.accept)
	return b, nil
}

// Asked is how often the bank was asked, or called without a question.
func (b *Bank) Asked() int64 { return b.asked.Load() }

// Close ends all lines and waits until nothing is answered any more.
func (b *Bank) Close() {
	b.listener.Close()
	b.mu.Lock()
	close(b.ended)
	for conn := range b.lines {
		conn.Close()
	}
	b.mu.Unlock()
	b.running.Wait()
}

func (b *Bank) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		select {
		case <-b.ended: // it came in just before the listener closed
			conn.Close()
		default:
			b.lines[conn] = true
		}
		b.mu.Unlock()
		b.running.Go(func() {
			b.serve(conn)
			conn.Close()
			b.mu.Lock()
			delete(b.lines, conn)
			b.mu.Unlock()
		})
	}
}

// serve answers what comes over one connection until either side ends it.
func (b *Bank) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		if !b.misbehaviour.TLS {
			req, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, req.Body); err != nil {
				return
			}
		}
		b.asked.Add(1)
		l := &line{Conn: conn, content: b.content, ended: b.ended, again: true}
		b.misbehaviour.answer(l)
		if !l.again || l.failed {
			return
		}
	}
}

// line is a connection on which an answer is due.
type line struct {
	net.Conn
	content []byte
	ended   <-chan struct{}
	failed  bool // nobody takes what is sent any more
	again   bool // another question may come over it
}

func (l *line) send(text string) {
	if l.failed {
		return
	}
	_, err := io.WriteString(l.Conn, text)
	l.failed = err != nil
}

// header sends what comes before a body.
func (l *line) header(status string, fields ...string) {
	l.send("HTTP/1.1 " + status + "\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n")
}

// answer sends a whole and proper answer.
func (l *line) answer(status, mediaType, body string, fields ...string) {
	l.header(status, append([]string{"Content-Type: " + mediaType, fmt.Sprintf("Content-Length: %d", len(body))}, fields...)...)
	l.send(body)
}

// serve sends the bank's content as a whole and proper answer.
func (l *line) serve(status, mediaType string, fields ...string) {
	l.header(status, append([]string{"Content-Type: " + mediaType, fmt.Sprintf("Content-Length: %d", len(l.content))}, fields...)...)
	if !l.failed {
		_, err := l.Write(l.content)
		l.failed = err != nil
	}
}

// always sends a text again and again until nobody takes it.
func (l *line) always(text string) {
	for !l.failed {
		l.send(text)
	}
}

// slowly sends a text over and over, a byte now and then.
func (l *line) slowly(text string) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for i := 0; !l.failed; i++ {
		select {
		case <-l.ended:
			l.failed = true
			return
		case <-ticker.C:
			l.send(text[i%len(text) : i%len(text)+1])
		}
	}
}

// hold keeps the line open and silent until the client ends it.
func (l *line) hold() {
	_, _ = io.Copy(io.Discard, l.Conn) // ends with the connection
	l.failed = true
}

// end closes the line in order.
func (l *line) end() { l.again = false }

// reset tears the line down.
func (l *line) reset() {
	if conn, is := l.Conn.(*net.TCPConn); is {
		_ = conn.SetLinger(0) // what is lost then is meant to be
	}
	l.again = false
}
