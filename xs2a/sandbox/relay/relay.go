// Package relay has proxies for tests: real ones, which are asked by CONNECT (RFC 9110 section 9.3.6) or by SOCKS5
// (RFC 1928). All hosts lead to one server there, as a bank's name does in its test network.
package relay

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// Proxy is a proxy at a port of this machine.
type Proxy struct {
	Address string // such as socks5://127.0.0.1:1080

	to, user, password string
	listener           net.Listener
	refusing           atomic.Bool
	work               sync.WaitGroup

	mu    sync.Mutex
	asked []string
	open  map[net.Conn]bool
}

// Start starts a proxy of a scheme, http, https or socks5, which connects everybody to a server. A user is asked for
// unless it is empty. Secured is what an https proxy shows.
func Start(scheme, to, user, password string, secured *tls.Config) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{Address: scheme + "://" + listener.Addr().String(), to: to, user: user, password: password, listener: listener, open: map[net.Conn]bool{}}
	serve := p.socks
	if scheme != "socks5" {
		serve = p.connect
	}
	if scheme == "https" {
		p.listener = tls.NewListener(listener, secured)
	}
	p.work.Go(func() {
		for {
			conn, err := p.listener.Accept()
			if err != nil {
				return
			}
			p.keep(conn)
			p.work.Go(func() { defer p.drop(conn); _ = serve(conn) })
		}
	})
	return p, nil
}

// Refuse has the proxy connect to nobody from now on.
func (p *Proxy) Refuse() { p.refusing.Store(true) }

// Asked lists the hosts that it was asked to connect to, with their ports.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// Close ends the proxy and what goes through it.
func (p *Proxy) Close() {
	p.listener.Close()
	p.mu.Lock()
	for conn := range p.open {
		conn.Close()
	}
	p.mu.Unlock()
	p.work.Wait()
}

func (p *Proxy) keep(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[conn] = true
}

func (p *Proxy) drop(conn net.Conn) {
	conn.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, conn)
}

// reach connects to the server in the place of a host.
func (p *Proxy) reach(host string) (net.Conn, error) {
	p.mu.Lock()
	p.asked = append(p.asked, host)
	p.mu.Unlock()
	if p.refusing.Load() {
		return nil, errors.New("refused")
	}
	return net.Dial("tcp", p.to)
}

// relayed passes on what either side says until one of them ends.
func (p *Proxy) relayed(one, other net.Conn) {
	p.keep(other)
	defer p.drop(other)
	p.work.Go(func() { _, _ = io.Copy(one, other); one.Close() })
	_, _ = io.Copy(other, one)
}

// connect answers a request to CONNECT. What is asked otherwise is not done.
func (p *Proxy) connect(conn net.Conn) error {
	req, err := http.ReadRequest(bufio.NewReader(conn)) // whose sender waits for the answer before it says more
	if err != nil {
		return err
	}
	answer := func(status int) error {
		_, err := io.WriteString(conn, "HTTP/1.1 "+strconv.Itoa(status)+" "+http.StatusText(status)+"\r\n\r\n")
		return err
	}
	user, password, _ := (&http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}).BasicAuth()
	switch {
	case req.Method != http.MethodConnect:
		return answer(http.StatusMethodNotAllowed)
	case p.user != "" && (user != p.user || password != p.password):
		return answer(http.StatusProxyAuthRequired)
	}
	server, err := p.reach(req.Host)
	if err != nil {
		return answer(http.StatusBadGateway)
	}
	if err := answer(http.StatusOK); err != nil {
		return err
	}
	p.relayed(conn, server)
	return nil
}
