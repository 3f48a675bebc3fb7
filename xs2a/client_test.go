package xs2a

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"sync"
	"testing"
)

// counter is a server that answers what a test wants and remembers what came.
type counter struct {
	mu       sync.Mutex
	requests []*http.Request
	answer   func(n int, w http.ResponseWriter, r *http.Request)
}

func (b *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.requests = append(b.requests, r)
	n := len(b.requests)
	b.mu.Unlock()
	b.answer(n, w, r)
}

// came returns what has come so far.
func (b *counter) came() []*http.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

func newCounter(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) (*counter, *Client) {
	t.Helper()
	b := &counter{answer: answer}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: server.URL}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b, client
}

func drop(w http.ResponseWriter) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		connection.Close()
	}
}

// TestWhatIsSentAgain: a read that failed in passing is sent again, at most
// twice and each time as another request; nothing else ever is, a read of accounts
// without the person included.
func TestWhatIsSentAgain(t *testing.T) {
	ctx := context.Background()
	attended := func(c *Client) error {
		return readAccounts(c, Call{BIC: "b", ConsentID: "7", PSU: &PSU{IPAddress: "127.0.0.1"}})
	}
	unattended := func(c *Client) error { return readAccounts(c, Call{BIC: "b", ConsentID: "7"}) }
	read := func(c *Client) error { _, err := c.ConsentStatus(ctx, Call{BIC: "b"}, "1"); return err }
	create := func(c *Client) error {
		_, _, err := c.CreateConsent(ctx, Call{BIC: "b"}, ConsentRequest{}, Return{})
		return err
	}
	remove := func(c *Client) error { _, err := c.DeleteConsent(ctx, Call{BIC: "b"}, "1"); return err }
	status := func(code int) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	lost := func(_ int, w http.ResponseWriter, _ *http.Request) { drop(w) }
	tests := map[string]struct {
		call   func(*Client) error
		answer func(int, http.ResponseWriter, *http.Request)
		sent   int
		good   bool
	}{
		"read, 503 twice": {read, func(n int, w http.ResponseWriter, _ *http.Request) {
			if n < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.Write([]byte(`{"consentStatus":"valid"}`))
		}, 3, true},
		"read, 502 for ever":    {read, status(http.StatusBadGateway), 3, false},
		"read, line lost":       {read, lost, 3, false},
		"read, 500":             {read, status(http.StatusInternalServerError), 1, false},
		"read, 429":             {read, status(http.StatusTooManyRequests), 1, false},
		"read, 404":             {read, status(http.StatusNotFound), 1, false},
		"read, nonsense":        {read, func(_ int, w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{`)) }, 1, false},
		"attended, 503":         {attended, status(http.StatusServiceUnavailable), 3, false},
		"attended, line lost":   {attended, lost, 3, false},
		"unattended, 502":       {unattended, status(http.StatusBadGateway), 1, false},
		"unattended, 503":       {unattended, status(http.StatusServiceUnavailable), 1, false},
		"unattended, line lost": {unattended, lost, 1, false},
		"create, 503":           {create, status(http.StatusServiceUnavailable), 1, false},
		"create, line lost":     {create, lost, 1, false},
		"delete, 503":           {remove, status(http.StatusServiceUnavailable), 1, false},
		"delete, line lost":     {remove, lost, 1, false},
		"read, 503 asks to wait": {read, func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, 1, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, client := newCounter(t, test.answer)
			err := test.call(client)
			if (err == nil) != test.good || len(b.came()) != test.sent {
				t.Errorf("sent %d times, want %d; %v", len(b.came()), test.sent, err)
			}
			ids := map[string]bool{}
			for _, r := range b.came() {
				ids[r.Header.Get("X-Request-ID")] = true
			}
			if len(ids) != len(b.came()) {
				t.Errorf("%d requests with %d ids", len(b.came()), len(ids))
			}
		})
	}
}

// TestStaleToken: where the bank refused the access token before it looked at
// the request, the same request goes out once more with a new one.
func TestStaleToken(t *testing.T) {
	tokens := 0
	b := &counter{}
	b.answer = func(n int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/token":
			tokens++
			w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`))
		case tokens == 1:
			w.WriteHeader(http.StatusUnauthorized)
			w.Write([]byte(`{"tppMessages":[{"category":"ERROR","code":"TOKEN_EXPIRED"}]}`))
		default:
			w.WriteHeader(http.StatusCreated)
			w.Write([]byte(`{"consentId":"1","consentStatus":"received","_links":{}}`))
		}
	}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: server.URL, Login: LoginClient}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.CreateConsent(context.Background(), Call{BIC: "b"}, ConsentRequest{}, Return{}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range b.came() {
		if r.URL.Path != "/token" {
			ids = append(ids, r.Header.Get("X-Request-ID"))
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("request ids %q, want the same twice", ids)
	}
}

// TestUnattendedOnAnOldLine: net/http sends a read again by itself where the line it
// had kept turns out to be cut. One that the bank counts goes out once all the same.
func TestUnattendedOnAnOldLine(t *testing.T) {
	for name, test := range map[string]struct {
		call Call
		sent int
	}{
		"unattended": {Call{BIC: "b", ConsentID: "7"}, 1},
		"attended":   {Call{BIC: "b", ConsentID: "7", PSU: &PSU{IPAddress: "127.0.0.1"}}, 4}, // three, and net/http's own
	} {
		t.Run(name, func(t *testing.T) {
			sent, kept, err := cutLine(t, test.call)
			for !kept { // which is net/http's to decide
				sent, kept, err = cutLine(t, test.call)
			}
			if err == nil || sent != test.sent {
				t.Errorf("sent %d times: %v", sent, err)
			}
		})
	}
}

// cutLine reads accounts, and once more from a bank that has cut the line: how often
// that was sent, and whether it began on the line that was there.
func cutLine(t *testing.T, call Call) (sent int, kept bool, err error) {
	t.Helper()
	b, client := newCounter(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n > 1 {
			drop(w)
			return
		}
		w.Write([]byte(`{"accounts":[]}`))
	})
	if err := readAccounts(client, call); err != nil {
		t.Fatal(err)
	}
	traced := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(line httptrace.GotConnInfo) { kept = kept || line.Reused },
	})
	_, err = client.Accounts(traced, call, false)
	return len(b.came()) - 1, kept, err
}

// TestStaleTokenUnattended: a bank that refused the token has not counted the read.
func TestStaleTokenUnattended(t *testing.T) {
	reads, tokens := 0, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			tokens++
			w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`))
			return
		}
		if reads++; reads == 1 {
			w.WriteHeader(http.StatusUnauthorized)
			w.Write([]byte(`{"tppMessages":[{"category":"ERROR","code":"TOKEN_EXPIRED"}]}`))
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: server.URL, Login: LoginClient}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := readAccounts(client, Call{BIC: "b", ConsentID: "7"}); err == nil || reads != 2 || tokens != 2 {
		t.Errorf("%d reads with %d tokens: %v", reads, tokens, err)
	}
}

// TestHeadersOfAProfile sends what a bank's profile asks for, and to nobody else: the kind
// of a PSU-ID with one, and where the bank may tell of changes with what it is asked for.
func TestHeadersOfAProfile(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.Write([]byte(`{"accounts":[],"consentId":"1"}`))
	}))
	t.Cleanup(server.Close)
	for _, profile := range []Profile{{}, {PSUIDType: "RETAIL", NotificationURI: "https://tpp.example/told"}} {
		profile.Dialect, profile.APIURL = BerlinGroup.Name, server.URL
		client, err := New(Reach{Profile: profile}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			call         Call
			do           func(*Client, Call) error
			kind, notify string
		}{
			{Call{BIC: "b", PSUID: "anna"}, askConsent, profile.PSUIDType, profile.NotificationURI},
			{Call{BIC: "b"}, askConsent, "", profile.NotificationURI},
			{Call{BIC: "b", PSUID: "anna", ConsentID: "7"}, readAccounts, "", ""},
		} {
			if err := test.do(client, test.call); err != nil {
				t.Fatal(err)
			}
			if got.Get("PSU-ID-Type") != test.kind || got.Get("TPP-Notification-URI") != test.notify {
				t.Errorf("%+v: PSU-ID-Type %q, TPP-Notification-URI %q", test.call, got.Get("PSU-ID-Type"), got.Get("TPP-Notification-URI"))
			}
		}
	}
}

// TestHeaders sets each header when it applies, and only then.
func TestHeaders(t *testing.T) {
	person := &PSU{IPAddress: "127.0.0.1", IPPort: "4711", UserAgent: "Test", AcceptLanguage: "sv", HTTPMethod: "POST", DeviceID: "99435c7e-ad88-49ec-a2ad-99ddcb1f5555"}
	tests := map[string]struct {
		call   Call
		do     func(*Client, Call) error
		want   map[string]string
		absent []string
	}{
		"attended read": {Call{ConsentID: "7", PSU: person, PSUID: "anna"}, readAccounts,
			map[string]string{"PSU-IP-Address": "127.0.0.1", "PSU-IP-Port": "4711", "PSU-User-Agent": "Test", "PSU-Accept-Language": "sv", "PSU-Http-Method": "POST", "PSU-Device-ID": person.DeviceID, "Consent-ID": "7", "Accept": "application/json"},
			[]string{"PSU-ID", "Content-Type", "TPP-Redirect-URI", "Authorization", "PSU-Geo-Location"}},
		"unattended read": {Call{ConsentID: "7", Token: "secret"}, readAccounts,
			map[string]string{"Authorization": "Bearer secret"}, []string{"PSU-IP-Address", "PSU-User-Agent", "PSU-Device-ID"}},
		"consent": {Call{PSU: person, PSUID: "anna", CorporateID: "corp"}, askConsent,
			map[string]string{"PSU-ID": "anna", "PSU-Corporate-ID": "corp", "Content-Type": "application/json", "TPP-Redirect-URI": "http://127.0.0.1/callback", "TPP-Redirect-Preferred": "true"},
			[]string{"Consent-ID", "TPP-Nok-Redirect-URI", "X-BicFi"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b, client := newCounter(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
				w.Write([]byte(`{"accounts":[],"consentId":"1"}`))
			})
			test.call.BIC = "b"
			if err := test.do(client, test.call); err != nil {
				t.Fatal(err)
			}
			h := b.came()[0].Header
			for name, value := range test.want {
				if h.Get(name) != value {
					t.Errorf("%s: %q, want %q", name, h.Get(name), value)
				}
			}
			for _, name := range test.absent {
				if h.Get(name) != "" {
					t.Errorf("%s is sent: %q", name, h.Get(name))
				}
			}
		})
	}
}

func readAccounts(c *Client, call Call) error {
	_, err := c.Accounts(context.Background(), call, false)
	return err
}

func askConsent(c *Client, call Call) error {
	_, _, err := c.CreateConsent(context.Background(), call, ConsentRequest{}, Return{URI: "http://127.0.0.1/callback"})
	return err
}

// TestNoRedirectIsFollowed: tokens go to no address the environment does not name.
func TestNoRedirectIsFollowed(t *testing.T) {
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	_, client := newCounter(t, func(_ int, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	var refused *Error
	if err := readAccounts(client, Call{BIC: "b", Token: "secret"}); !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
	if elsewhere > 0 {
		t.Error("the redirect was followed")
	}
}
