package xs2a

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a/record"
	"consentry/xs2a/sandbox/relay"
)

// startProxy starts a proxy that leads to a server, whose certificate it shows where it is secured.
func startProxy(t *testing.T, scheme string, to *connected, user, password string) *relay.Proxy {
	t.Helper()
	proxy, err := relay.Start(scheme, to.Listener.Addr().String(), user, password, &tls.Config{Certificates: to.TLS.Certificates, ClientAuth: tls.RequestClientCert,
		VerifyConnection: func(state tls.ConnectionState) error {
			to.certificates.Add(100 * int32(len(state.PeerCertificates)))
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	return proxy
}

// behind is a bank of another machine, as its name says, that is reached through a proxy alone.
func behind(server *connected, proxy Proxy) Reach {
	return Reach{Identity: Identity{RootCA: server.authority(), Proxy: proxy}, Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://example.com", Login: LoginNone}}
}

// askOnce asks a bank for the status of a consent, by a client of its own, and returns what the record has of it.
func askOnce(t *testing.T, reach Reach) (record.Exchange, error) {
	t.Helper()
	network, err := Transport(reach)
	if err != nil {
		t.Fatal(err)
	}
	recorder := record.New(network, nil)
	client, err := New(reach, recorder)
	if err != nil {
		t.Fatal(err)
	}
	_, failed := client.ConsentStatus(t.Context(), Call{BIC: "b", Token: "hidden-token", ConsentID: "7"}, "7")
	var kept record.Exchange
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		recorder.Run(ctx, func(e record.Exchange) error { kept = e; return nil })
	}()
	if err := recorder.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	end()
	<-done
	return kept, failed
}

// TestThroughAProxy reaches a bank through proxies of each kind, with and without a login; the bank alone is shown the
// certificate for connections, the record says what it went through, and nothing of the login stands in it.
func TestThroughAProxy(t *testing.T) {
	t.Parallel()
	server := newConnected(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != "" {
			t.Error("the bank is told the proxy's login")
		}
		fmt.Fprint(w, `{"consentStatus":"valid"}`)
	})
	for _, scheme := range []string{"http", "https", "socks5"} {
		for _, user := range []string{"", "person"} {
			proxy := startProxy(t, scheme, server, user, "hidden-password")
			reach := behind(server, Proxy{Address: proxy.Address, User: user, Password: "hidden-password"})
			if user == "" {
				reach.Proxy.Password = ""
			}
			reach.TLSCertificate, reach.TLSKey = ownCertificate(t)
			server.certificates.Store(0)
			kept, err := askOnce(t, reach)
			if err != nil || !slices.Equal(proxy.Asked(), []string{"example.com:443"}) || server.certificates.Load() != 1 {
				t.Errorf("%s %q: %v, asked for %q, %d certificates", scheme, user, err, proxy.Asked(), server.certificates.Load())
			}
			if kept.Request.Proxy != reach.Proxy.Host() || strings.Contains(fmt.Sprintf("%+v", kept), "hidden") {
				t.Errorf("%s: recorded %+v", scheme, kept)
			}
		}
	}
}

// TestNoProxyForThisMachine: nothing for this machine goes through a proxy, in whatever spelling; what is for a private
// network does.
func TestNoProxyForThisMachine(t *testing.T) {
	t.Parallel()
	for host, here := range map[string]bool{
		"127.0.0.1": true, "127.8.8.8": true, "::1": true, "::ffff:127.0.0.1": true, "0.0.0.0": true, "::": true, "localhost": true, "LocalHost.": true, "bank.localhost": true,
		"0:0:0:0:0:0:0:1": true, "127.1": true, "2130706433": true, "0x7f.1": true, "0177.0.0.1": true,
		"10.0.0.5": false, "bank.example": false, "localhost.example": false, "127.0.0.1.example": false, "::ffff:10.0.0.1": false,
	} {
		if StaysHere(host) != here {
			t.Errorf("%s stays here: %v", host, !here)
		}
	}
	server := newConnected(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"consentStatus":"valid"}`) })
	proxy := startProxy(t, "http", server, "", "")
	plain, _ := overheard(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"consentStatus":"valid"}`) })
	for _, address := range []string{server.URL, plain, strings.Replace(plain, "127.0.0.1", "localhost", 1)} {
		reach := behind(server, Proxy{Address: proxy.Address})
		reach.APIURL = address
		if kept, err := askOnce(t, reach); err != nil || kept.Request.Proxy != "" || len(proxy.Asked()) > 0 {
			t.Errorf("%s: %v, through %q, the proxy was asked for %q", address, err, kept.Request.Proxy, proxy.Asked())
		}
	}
}

// TestProxyFails names the proxy as what failed wherever it did, and says nothing of its login.
func TestProxyFails(t *testing.T) {
	t.Parallel()
	server := newConnected(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"consentStatus":"valid"}`) })
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // and it hangs up
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	for _, scheme := range []string{"http", "socks5", "https"} {
		login := startProxy(t, scheme, server, "person", "right")
		refusing := startProxy(t, scheme, server, "", "")
		refusing.Refuse()
		for name, test := range map[string]struct {
			proxy   Proxy
			problem ProxyProblem
		}{
			"nobody there":     {Proxy{Address: scheme + "://" + closed.Addr().String()}, ProxyUnreachable},
			"no login":         {Proxy{Address: login.Address}, ProxyLogin},
			"a wrong password": {Proxy{Address: login.Address, User: "person", Password: "hidden"}, ProxyLogin},
			"refused":          {Proxy{Address: refusing.Address}, ProxyRefused},
			"hangs up":         {Proxy{Address: scheme + "://" + silent.Addr().String()}, ProxyUnreachable},
		} {
			var failed *ProxyError
			_, err := askOnce(t, behind(server, test.proxy))
			if !errors.As(err, &failed) || failed.Problem != test.problem || failed.Host != test.proxy.Host() || !IsUnreachable(err) || strings.Contains(err.Error(), "hidden") {
				t.Errorf("%s, %s: %v", scheme, name, err)
			}
		}
	}
	if server.connections.Load() > 0 {
		t.Errorf("the bank got %d connections", server.connections.Load())
	}
}

// TestProxySaysItsLoginAgain: whatever a proxy answers, its login goes neither into an error nor into the record.
func TestProxySaysItsLoginAgain(t *testing.T) {
	t.Parallel()
	server := newConnected(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"consentStatus":"valid"}`) })
	for _, said := range []string{"%s\r\n\r\n", "a %s b\r\n\r\n", "%s 200 OK\r\n\r\n", "HTTP/1.1 %s OK\r\n\r\n", "HTTP/1.1 407 %s\r\nX: %[1]s\r\n\r\n", "HTTP/1.1 302 %s\r\nLocation: http://%[1]s/\r\n\r\n",
		"HTTP/1.1 200 OK\r\n%s\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n%s\r\n\r\n"} {
		for _, login := range []string{"person:hidden-password", base64.StdEncoding.EncodeToString([]byte("person:hidden-password"))} {
			address := answering(t, fmt.Sprintf(said, login))
			var failed *ProxyError
			kept, err := askOnce(t, behind(server, Proxy{Address: address, User: "person", Password: "hidden-password"}))
			if all := fmt.Sprintf("%v %+v", err, kept); err == nil || strings.Contains(all, login) || errors.As(err, &failed) && strings.Contains(failed.Cause.Error(), login) {
				t.Errorf("%q: %s", said, all)
			}
		}
	}
}

// answering starts what takes a request and answers it with a text, whatever it is. It returns its address.
func answering(t *testing.T, text string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.WriteString(conn, text) // who went away is the test's to notice
			}
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}

// TestHostsHoldBehindAProxy: a proxy leads wherever it likes, and what is behind it has to be the bank: by its name, by
// the host that was asked for, and where it redirects to.
func TestHostsHoldBehindAProxy(t *testing.T) {
	t.Parallel()
	heard := 0
	server := newConnected(t, func(w http.ResponseWriter, r *http.Request) {
		heard++
		http.Redirect(w, r, "https://thief.example/x", http.StatusFound)
	})
	proxy := startProxy(t, "http", server, "", "")
	reach := behind(server, Proxy{Address: proxy.Address})
	if _, err := askOnce(t, reach); err == nil || heard != 1 || !slices.Equal(proxy.Asked(), []string{"example.com:443"}) {
		t.Errorf("a redirect: %v, %d requests, asked for %q", err, heard, proxy.Asked())
	}
	reach.APIURL = "https://bank.example" // for which the server has no certificate
	if _, err := askOnce(t, reach); err == nil || heard != 1 {
		t.Errorf("another's certificate: %v", err)
	}
	reach.APIURL, reach.RootCA = "https://example.com", ""
	var failed *ProxyError
	if _, err := askOnce(t, reach); !errors.As(err, &failed) || failed.Problem != ProxyCertificate || heard != 1 {
		t.Errorf("an unknown authority: %v", err)
	}
	asked := len(proxy.Asked())
	client, err := New(behind(server, Proxy{Address: proxy.Address}), nil)
	if err != nil {
		t.Fatal(err)
	}
	var refused *LinkError
	for _, address := range []string{"https://thief.example/t", "https://" + strings.TrimPrefix(proxy.Address, "http://") + "/t"} {
		if _, err := client.ExchangeCode(t.Context(), "hidden", Grant{BIC: "b", TokenURL: address}); !errors.As(err, &refused) || len(proxy.Asked()) != asked {
			t.Errorf("%s: %v, asked for %q", address, err, proxy.Asked())
		}
	}
}

// TestVariablesAreNotUsed: what the system's variables name is no way to a bank.
func TestVariablesAreNotUsed(t *testing.T) {
	for _, reach := range []Reach{{}, {Identity: Identity{Proxy: Proxy{Address: "http://127.0.0.1:9"}}}} {
		reach.Profile = Profile{Dialect: BerlinGroup.Name, APIURL: "https://bank.example"}
		network, err := Transport(reach)
		if err != nil {
			t.Fatal(err)
		}
		base := network.(limited).base
		if way, is := base.(routed); is {
			base = way.direct
		}
		if direct := base.(*http.Transport); direct.Proxy != nil {
			t.Errorf("%+v: a proxy is asked for", reach)
		}
	}
	if bounded := boundedTransport().(*http.Transport); bounded.Proxy != nil {
		t.Error("a proxy is asked for")
	}
}

// TestProxyAddresses takes addresses of proxies in one form, and nothing else.
func TestProxyAddresses(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		" http://Relay.Example:3128/ ": "http://relay.example:3128", "https://relay.example:0443": "https://relay.example:443", "socks5h://10.0.0.1:1080": "socks5://10.0.0.1:1080",
		"socks5://[::1]:1080": "socks5://[::1]:1080", "http://127.0.0.1:8000": "http://127.0.0.1:8000",
		"relay.example:3128": "", "http://relay.example": "", "http://relay.example:99999": "", "ftp://relay.example:1": "", "socks4://relay.example:1": "", "http://relay.example:1/x": "",
		"http://relay.example:1?x": "", "http://2130706433:1": "", "http://person:hidden@relay.example:1": "", "http://:1": "", "": "", "http://proxy example:1": "",
	} {
		got, err := CheckProxy(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", given, got, err)
		}
		if u, parse := url.Parse(given); parse == nil && u.User != nil && !errors.Is(err, ErrProxyLogin) {
			t.Errorf("%q: %v", given, err)
		}
	}
	for _, test := range []struct {
		user, password string
		good           bool
	}{{"", "", true}, {"a", "", true}, {"a", "b:c", true}, {"", "b", false}, {"a:b", "c", false}, {"a", "b\n", false}, {strings.Repeat("a", 256), "", false}} {
		if err := CheckProxyLogin(test.user, test.password); (err == nil) != test.good {
			t.Errorf("%q, %q: %v", test.user, test.password, err)
		}
	}
}
