package frontend

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestReturnAddressIsOursAlone listens for "localhost" wherever a browser may look
// for it: no other program can take its place at the other loopback address.
func TestReturnAddressIsOursAlone(t *testing.T) {
	t.Parallel()
	s := &Server{log: slog.New(slog.DiscardHandler), http: &http.Server{}, callbacks: map[string]*http.Server{}}
	t.Cleanup(func() { s.Shutdown(t.Context()) })
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
	if err := s.ListenCallback("http://" + address + "/callback"); err == nil {
		t.Fatal("listens beside another program")
	}
	free.Close()
	if err := s.ListenCallback("http://" + address + "/callback"); err != nil {
		t.Fatal(err)
	}
	if other, err := net.Listen("tcp", strings.Replace(address, "localhost", "[::1]", 1)); err == nil {
		other.Close()
		t.Error("another program takes the return")
	}
}
