package xs2a

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// namesLeadTo is a name server that has every name lead to one IPv4 address.
func namesLeadTo(t *testing.T, ip [4]byte) *net.Resolver {
	t.Helper()
	line, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { line.Close() })
	go func() {
		packet := make([]byte, 512)
		for {
			n, from, err := line.ReadFrom(packet)
			if err != nil {
				return
			}
			var asked dnsmessage.Message
			if asked.Unpack(packet[:n]) != nil || len(asked.Questions) != 1 {
				continue
			}
			question := asked.Questions[0]
			said := dnsmessage.Message{Header: dnsmessage.Header{ID: asked.ID, Response: true}, Questions: asked.Questions}
			if question.Type == dnsmessage.TypeA {
				said.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: question.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
					Body:   &dnsmessage.AResource{A: ip},
				}}
			}
			if wire, err := said.Pack(); err == nil {
				_, _ = line.WriteTo(wire, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", line.LocalAddr().String())
	}}
}

// connected is a server with TLS that counts connections and the certificates its
// visitors show.
type connected struct {
	*httptest.Server
	connections, certificates atomic.Int32
}

func newConnected(t *testing.T, answer http.HandlerFunc) *connected {
	t.Helper()
	c := &connected{}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.certificates.Add(int32(len(r.TLS.PeerCertificates)))
		answer(w, r)
	}))
	c.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	c.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	c.StartTLS()
	t.Cleanup(c.Close)
	return c
}

func (c *connected) authority() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate().Raw}))
}

// ownCertificate makes a certificate for connections, with its key.
func ownCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "TPP"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, content []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}))
	}
	return block("CERTIFICATE", raw), block("PRIVATE KEY", encoded)
}

// TestNamesThatLeadHere: the bank's name answers with an address of this machine
// (DNS rebinding). No connection is made, unless the environment names the address.
func TestNamesThatLeadHere(t *testing.T) {
	t.Parallel()
	server := newConnected(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"consentStatus":"valid"}`) })
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	env := Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://example.com:" + u.Port(), Login: LoginNone}} // the name in httptest's certificate
	ask := func(env Reach) error {
		pool := x509.NewCertPool()
		pool.AddCert(server.Certificate())
		network := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
		dialling(network, env.Profile, namesLeadTo(t, [4]byte{127, 0, 0, 1}))
		t.Cleanup(network.CloseIdleConnections)
		client, err := New(env, network)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.ConsentStatus(t.Context(), Call{BIC: "b", Token: "hidden"}, "7")
		return err
	}
	var refused *LinkError
	if err := ask(env); !errors.As(err, &refused) || server.connections.Load() != 0 {
		t.Errorf("%v, %d connections", err, server.connections.Load())
	}
	env.MoreHosts = server.URL
	if err := ask(env); err != nil || server.connections.Load() == 0 {
		t.Errorf("named: %v", err)
	}
}

// TestCertificateIsShownToTheBankAlone: a server nobody named gets no connection,
// so that it sees no certificate; one the person named does.
func TestCertificateIsShownToTheBankAlone(t *testing.T) {
	t.Parallel()
	bank := newConnected(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"consentStatus":"valid"}`) })
	other := newConnected(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"access_token":"a"}`) })
	env := Reach{Identity: Identity{RootCA: bank.authority() + other.authority()}, Profile: Profile{Dialect: BerlinGroup.Name, APIURL: bank.URL, Login: LoginNone}}
	env.TLSCertificate, env.TLSKey = ownCertificate(t)
	client, err := New(env, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ConsentStatus(t.Context(), Call{BIC: "b"}, "7"); err != nil || bank.certificates.Load() != 1 {
		t.Fatalf("the bank: %v, %d certificates", err, bank.certificates.Load())
	}
	grant := Grant{BIC: "b", TokenURL: other.URL + "/t"}
	var refused *LinkError
	if _, err := client.ExchangeCode(t.Context(), "hidden", grant); !errors.As(err, &refused) || other.connections.Load() != 0 {
		t.Errorf("another: %v, %d connections", err, other.connections.Load())
	}
	grant.Named = []Origin{Origin(other.URL)}
	if _, err := client.ExchangeCode(t.Context(), "code", grant); err != nil || other.certificates.Load() != 1 {
		t.Errorf("named: %v, %d certificates", err, other.certificates.Load())
	}
	plain, err := New(env.WithoutCredentials(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := plain.Picture(t.Context(), "b", bank.URL+"/logo.png"); err != nil || bank.certificates.Load() != 1 {
		t.Errorf("a picture: %v, %d certificates", err, bank.certificates.Load())
	}
}
