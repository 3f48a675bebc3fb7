package room

import (
	"log/slog"
	"net/netip"
	"testing"
	"time"
)

// TestAddressesOffered offers private addresses alone, in networks that others can be in.
func TestAddressesOffered(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]bool{
		"192.168.1.5/24": true, "10.0.0.7/8": true, "172.16.0.1/12": true, "172.31.255.1/24": true, "169.254.10.20/16": true, "fd12:3456::7/64": true, "fc00::1/64": true,
		"127.0.0.1/8": false, "::1/128": false, "0.0.0.0/0": false, "::/0": false, "8.8.8.8/24": false, "172.32.0.1/24": false, "100.64.0.1/10": false, "192.0.2.1/24": false,
		"2001:db8::1/64": false, "2a00:1450::1/64": false, "fe80::1/64": false, "224.0.0.1/4": false, "ff02::1/64": false, "192.168.1.5/32": false, "fd12::7/128": false,
	} {
		a := Address{"eth0", netip.MustParsePrefix(prefix)}
		if got := a.offered(); got != want {
			t.Errorf("%s is offered: %t", prefix, got)
		}
		if _, err := Open(Config{At: a, Log: slog.New(slog.DiscardHandler), Now: time.Now}); !want && err == nil {
			t.Errorf("a room is open at %s", prefix)
		}
	}
	if a := (Address{}); a.offered() {
		t.Error("no address is offered")
	}
	all, err := Addresses()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if !a.offered() || a.Local().IsLoopback() || !a.stands() {
			t.Errorf("%v is offered", a)
		}
	}
}
