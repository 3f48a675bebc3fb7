package frontend

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// Another program of this machine may open connections and say nothing on them, or
// half a request. They take no more of the program than a few, and keep nobody with
// a session out.
func TestSilentConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	s := newServed(t)
	home, cookie := s.begins()
	dial := func(says string) net.Conn {
		t.Helper()
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.server.host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if _, err := io.WriteString(conn, says); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	within := dial(fmt.Sprintf("GET %s%s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\n\r\n", home, presencePath, s.server.host, cookie.Name, cookie.Value))
	answer := make([]byte, 1<<10)
	if n, err := within.Read(answer); err != nil || string(answer[9:12]) != "204" {
		t.Fatalf("the session is answered %q, %v", answer[:n], err)
	}

	const more = 20
	silent := make([]net.Conn, 0, mostStrangers+more)
	for i := range cap(silent) {
		silent = append(silent, dial([]string{"", "GET / HT"}[i%2]))
	}
	for i, conn := range silent[:more] { // the oldest
		if err := conn.SetReadDeadline(time.Now().Add(8 * time.Second)); err != nil { // less than any bound of the server
			t.Fatal(err)
		}
		_, err := conn.Read(answer)
		if late, ok := err.(net.Error); err == nil || ok && late.Timeout() {
			t.Fatalf("connection %d of %d that say nothing is kept: %v", i, len(silent), err)
		}
	}
	if got := s.get(home+"/settings", cookie); got.StatusCode != http.StatusOK {
		t.Errorf("beside silent connections the session is answered %d", got.StatusCode)
	}
	if _, err := fmt.Fprintf(within, "GET %s%s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\n\r\n", home, presencePath, s.server.host, cookie.Name, cookie.Value); err != nil {
		t.Error(err)
	}
	if n, err := within.Read(answer); err != nil || string(answer[9:12]) != "204" {
		t.Errorf("the session's own connection was closed: %q, %v", answer[:n], err)
	}
}
