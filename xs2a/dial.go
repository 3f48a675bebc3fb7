package xs2a

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// dialling has a transport make its connections to the hosts of a profile
// alone: what a name led to is looked at once more, as an address, before
// anything is sent. The resolver is the system's unless a test brings its own.
func dialling(transport *http.Transport, profile Profile, resolver *net.Resolver) {
	checked := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second, Resolver: resolver} // as net/http has it
	checked.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err == nil && profile.hostsOf(ctx).reachable(to) {
			return nil
		}
		return &LinkError{Link: address, Problem: "its name leads to " + address + ", on this machine or in a private network, which the environment does not name"}
	}
	transport.DialContext = checked.DialContext
}
