package frontend

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestReturnAddressIsOursAlone listens for "localhost" wherever a browser may look
// for it: no other program can take its place at the other loopback address.
func TestReturnAddressIsOursAlone(t *testing.T) {
	t.Parallel()
	own, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	own.Close()
	callbacks := NewCallbacks(own, slog.New(slog.DiscardHandler))
	callbacks.answer(func(*url.URL) http.Handler { return http.NotFoundHandler() })
	t.Cleanup(func() { callbacks.Stop(t.Context()) })
	var free net.Listener
	var address string
	for { // a port that is free at both addresses
		listener, err := net.Listen("tcp", "[::1]:0")
		if err != nil { // a machine without IPv6: nobody can listen there
			t.Log(err)
			return
		}
		t.Cleanup(func() { listener.Close() })
		port := listener.Addr().String()[strings.LastIndex(listener.Addr().String(), ":"):]
		if other, err := net.Listen("tcp", "127.0.0.1"+port); err == nil {
			other.Close()
			free, address = listener, "localhost"+port
			break
		}
	}
	if err := callbacks.Listen("http://" + address + "/callback"); err == nil {
		t.Fatal("listens beside another program")
	}
	free.Close()
	if err := callbacks.Listen("http://" + address + "/callback"); err != nil {
		t.Fatal(err)
	}
	if other, err := net.Listen("tcp", strings.Replace(address, "localhost", "[::1]", 1)); err == nil {
		other.Close()
		t.Error("another program takes the return")
	}
}
