package xs2a

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"consentry/xs2a/record"
)

// Proxy is what connections to other machines go through. The zero value is none. For this machine none is ever used;
// see docs/decisions/0077.
type Proxy struct {
	Address  string // its scheme, host and port, as CheckProxy returns it
	User     string // whom it asks for; empty for nobody
	Password string
}

// Host is where the proxy is, without what is said to it.
func (p Proxy) Host() string { return Origin(p.Address).Host() }

// ErrProxyLogin says that user and password stand in a proxy's address, where anybody could read them.
var ErrProxyLogin = errors.New("user and password do not belong into the address")

// CheckProxy returns the address of a proxy in the one form in which it is kept: a scheme, http, https or socks5, a host
// and a port, and nothing else. A proxy may be on this machine.
func CheckProxy(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Opaque != "" {
		return "", errors.New("no complete address of a proxy")
	}
	if u.User != nil {
		return "", ErrProxyLogin
	}
	scheme := u.Scheme
	if scheme == "socks5h" { // names are never looked up here
		scheme = "socks5"
	}
	if scheme != "http" && scheme != "https" && scheme != "socks5" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("no address of a proxy")
	}
	host, err := canonicalHost(u.Hostname())
	if err != nil {
		return "", err
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil || port < 1 || port > 65535 {
		return "", errors.New("a proxy's address has a port")
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port)), nil
}

// CheckProxyLogin refuses a user and password that a proxy cannot be told: either protocol has 255 bytes for each
// (RFC 1929 section 2), and http parts them by a colon (RFC 7617 section 2).
func CheckProxyLogin(user, password string) error {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	switch {
	case user == "" && password != "":
		return errors.New("a password without a user")
	case len(user) > 255 || len(password) > 255:
		return errors.New("longer than 255 bytes")
	case strings.Contains(user, ":") || strings.ContainsFunc(user+password, control):
		return errors.New("a character that cannot be sent")
	}
	return nil
}

// ProxyProblem is what went wrong with a proxy.
type ProxyProblem int

// The problems.
const (
	ProxyUnreachable ProxyProblem = iota // it does not answer as a proxy does
	ProxyLogin                           // it does not let us in: user and password are missing or wrong
	ProxyRefused                         // it does not connect to the bank
	ProxyCertificate                     // it connects to somebody whose authority is not trusted here
)

// ProxyError says that the proxy is what failed, and not the bank: it heard nothing.
type ProxyError struct {
	Host    string // of the proxy, with its port
	Problem ProxyProblem
	Cause   error
}

func (e *ProxyError) Error() string { return fmt.Sprintf("the proxy %s: %v", e.Host, e.Cause) }

func (e *ProxyError) Unwrap() error { return e.Cause }

// routed sends what is for this machine straight there, and all else through a proxy.
type routed struct{ direct, proxied http.RoundTripper }

func (r routed) RoundTrip(req *http.Request) (*http.Response, error) {
	if StaysHere(req.URL.Hostname()) {
		return r.direct.RoundTrip(req)
	}
	return r.proxied.RoundTrip(req)
}

// StaysHere reports whether a host is this machine, in any spelling. What is no host goes no further either.
func StaysHere(host string) bool {
	name, err := canonicalHost(host)
	ip, _ := netip.ParseAddr(name)
	return err != nil || isLocalhost(name) || ip.IsValid() && (ip.IsLoopback() || ip.IsUnspecified())
}

// proxied is a transport all of whose connections go through a proxy.
type proxied struct {
	proxy   Proxy
	network *http.Transport
}

// through has a transport connect through a proxy. Who is trusted holds for the proxy, too; the certificate banks
// want to see is not shown to it.
func through(proxy Proxy, network *http.Transport) (proxied, error) {
	at, err := url.Parse(proxy.Address)
	if err != nil {
		return proxied{}, errors.New("the proxy's address cannot be read") // which may hold anything
	}
	p := proxied{proxy, network}
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	own := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: at.Hostname(), RootCAs: network.TLSClientConfig.RootCAs}
	network.DialContext = func(ctx context.Context, kind, _ string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, kind, at.Host)
		if err != nil || at.Scheme != "https" {
			return conn, err
		}
		secured := tls.Client(conn, own)
		if err := secured.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, p.failed(ProxyUnreachable, err)
		}
		return secured, nil
	}
	next := &url.URL{Scheme: at.Scheme, Host: at.Host}
	if next.Scheme == "https" { // secured already: http.Transport would show it the bank's certificate
		next.Scheme = "http"
	}
	if proxy.User != "" {
		next.User = url.UserPassword(proxy.User, proxy.Password)
	}
	network.Proxy = http.ProxyURL(next)
	network.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
		switch {
		case res.StatusCode == http.StatusOK:
			return nil
		case res.StatusCode == http.StatusProxyAuthRequired:
			return p.failed(ProxyLogin, errors.New(http.StatusText(res.StatusCode)))
		}
		return p.failed(ProxyRefused, fmt.Errorf("it answered %d to CONNECT", res.StatusCode))
	}
	return p, nil
}

func (p proxied) RoundTrip(req *http.Request) (*http.Response, error) {
	record.Through(req.Context(), p.proxy.Host())
	var beyond atomic.Bool // it has connected to somebody
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		TLSHandshakeStart: func() { beyond.Store(true) },
		GotConn:           func(httptrace.GotConnInfo) { beyond.Store(true) },
	})
	res, err := p.network.RoundTrip(req.WithContext(ctx))
	return res, p.explained(err, beyond.Load())
}

// explained says of an error whether it is the proxy's.
func (p proxied) explained(err error, beyond bool) error {
	var known *ProxyError
	var unknown x509.UnknownAuthorityError
	var op *net.OpError
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case beyond && errors.As(err, &unknown):
		return p.failed(ProxyCertificate, err)
	case beyond:
		return fmt.Errorf("through the proxy %s: %w", p.proxy.Host(), err)
	case errors.As(err, &op) && strings.HasPrefix(op.Op, "socks") && strings.Contains(op.Err.Error(), "authentication"):
		return p.failed(ProxyLogin, err)
	case errors.As(err, &op) && strings.HasPrefix(op.Op, "socks") && strings.Contains(op.Err.Error(), "unknown error"): // a reply of RFC 1928 section 6
		return p.failed(ProxyRefused, err)
	case !ofNetwork(err):
		return p.failed(ProxyUnreachable, errors.New("it does not answer as a proxy does"))
	}
	return p.failed(ProxyUnreachable, err)
}

// ofNetwork reports whether an error says what became of a connection. All others quote what was answered, and what a
// proxy says may be what it was told: its user and password.
func ofNetwork(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.Canceled)
}

func (p proxied) failed(problem ProxyProblem, cause error) *ProxyError {
	return &ProxyError{Host: p.proxy.Host(), Problem: problem, Cause: cause}
}
