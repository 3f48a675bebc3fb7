package xs2a

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// dialling has a transport make its connections to the hosts of a profile
// alone: what a name led to is looked at once more, as an address, before
// anything is sent. The resolver is the system's unless a test brings its own.
func dialling(transport *http.Transport, profile Profile, resolver *net.Resolver) {
	plain := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second, Resolver: resolver} // as net/http has it
	checked := *plain
	checked.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err == nil && profile.hostsOf(ctx).reachable(to) {
			return nil
		}
		return &LinkError{Link: address, Problem: "its name leads to " + address + ", on this machine or in a private network, which the environment does not name"}
	}
	var proxies sync.Map // "host:port" of those in use; what lies behind one it resolves itself
	chosen := transport.Proxy
	transport.Proxy = func(req *http.Request) (*url.URL, error) {
		if chosen == nil {
			return nil, nil
		}
		proxy, err := chosen(req)
		if proxy != nil {
			port := map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[proxy.Scheme]
			proxies.Store(net.JoinHostPort(proxy.Hostname(), cmp.Or(proxy.Port(), port)), true)
		}
		return proxy, err
	}
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, proxied := proxies.Load(address); proxied {
			return plain.DialContext(ctx, network, address)
		}
		return checked.DialContext(ctx, network, address)
	}
}
