package xs2a

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// caseOf reads an answer of the field from its file.
func caseOf(t testing.TB, name string) *http.Response {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "cases", name))
	if err != nil {
		t.Fatal(err)
	}
	head, body, found := bytes.Cut(raw, []byte("\n\n"))
	if !found {
		t.Fatalf("%s has no body", name)
	}
	wire := bytes.ReplaceAll(head, []byte("\n"), []byte("\r\n"))
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(slices.Concat(wire, []byte("\r\n\r\n"), body))), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// answers is a handler that gives a case's answer, with some headers otherwise.
func answers(t testing.TB, res *http.Response, other http.Header) http.HandlerFunc {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range res.Header {
			w.Header()[name] = values
		}
		for name, values := range other {
			if w.Header()[name] = values; len(values) == 0 {
				w.Header().Del(name)
			}
		}
		w.WriteHeader(res.StatusCode)
		_, _ = w.Write(body)
	}
}

func tokenFrom(t testing.TB, answer http.HandlerFunc) (*oauth2.Token, error) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: server.URL}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return client.ExchangeCode(t.Context(), "code", Grant{Verifier: NewVerifier()})
}

// TestTokenUnderTextPlain takes a token whatever its answer is called (case 15).
func TestTokenUnderTextPlain(t *testing.T) {
	t.Parallel()
	token, err := tokenFrom(t, answers(t, caseOf(t, "15-token-text-plain.http"), nil))
	if err != nil || token.AccessToken != "tok-1" || token.RefreshToken != "ref-1" {
		t.Fatalf("%+v, %v", token, err)
	}
	if left := time.Until(token.Expiry); left < 500*time.Second || left > 599*time.Second {
		t.Errorf("it runs out in %v", left)
	}
}

// TestTokenForms reads what token endpoints send.
func TestTokenForms(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		body, access, refresh string
		life                  time.Duration // 0: not known
	}{
		"of the standard":  {`{"access_token":"a","refresh_token":"r","expires_in":599}`, "a", "r", 599 * time.Second},
		"a point":          {`{"access_token":"a","expires_in":599.0}`, "a", "", 599 * time.Second},
		"as a text":        {`{"access_token":"a","expires_in":"599.0"}`, "a", "", 599 * time.Second},
		"an empty text":    {`{"access_token":"a","expires_in":""}`, "a", "", 0},
		"nothing":          {`{"access_token":"a","expires_in":null}`, "a", "", 0},
		"in words":         {`{"access_token":"a","expires_in":"soon"}`, "a", "", 0},
		"no number":        {`{"access_token":"a","expires_in":"NaN"}`, "a", "", 0},
		"negative":         {`{"access_token":"a","expires_in":-5}`, "a", "", 0},
		"for ever":         {`{"access_token":"a","expires_in":1e300}`, "a", "", longestToken},
		"camel case":       {`{"accessToken":"a","refreshToken":"r","expiresIn":60,"tokenType":"Bearer"}`, "a", "r", time.Minute},
		"as a form":        {`access_token=a&refresh_token=r&expires_in=60`, "a", "r", time.Minute},
		"blanks around it": {" {\"access_token\":\" a \"}\n", "a", "", 0},
	} {
		token, err := readToken([]byte(test.body), now)
		if err != nil || token.AccessToken != test.access || token.RefreshToken != test.refresh {
			t.Errorf("%s: %+v, %v", name, token, err)
			continue
		}
		want := time.Time{}
		if test.life != 0 {
			want = now.Add(test.life)
		}
		if !token.Expiry.Equal(want) {
			t.Errorf("%s: runs out at %v, want %v", name, token.Expiry, want)
		}
	}
}

// TestTokenNotUnderstood: an answer came, so it is not called silence; and what
// is said of it holds nothing of it.
func TestTokenNotUnderstood(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{}`, `<html>`, `{"access_token":`, `{"access_token":["hidden-1"]}`, `{"access_token":{"a":"hidden-1"}}`, `{"access_token":"hidden-1\u0001x"}`, `null`, `[]`} {
		_, err := tokenFrom(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != Malformed || failed.Status != http.StatusOK || strings.Contains(fmt.Sprintf("%v %+v", err, *failed), "hidden") {
			t.Errorf("%s: %v", body, err)
		}
	}
	_, err := tokenFrom(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"error":"invalid_grant"}`) })
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != Refused || failed.Code != "invalid_grant" {
		t.Errorf("refused under 200: %v", err)
	}
}

// TestRefusedTokenIsRenewedOnce: the bank says that a person's token has run
// out, nobody else knew; the read is repeated with another, once (case 16).
func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(http.ResponseWriter){
		"message": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"tppMessages":[{"category":"ERROR","code":"TOKEN_EXPIRED"}]}`)
		},
		"OAuth": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_token"}`)
		},
		"challenge": func(w http.ResponseWriter) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="x", error="invalid_token", error_description="too old"`)
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"code":"UNAUTHORISED"}`)
		},
	} {
		var ids, carried []string
		_, client := newCounter(t, func(_ int, w http.ResponseWriter, r *http.Request) {
			ids, carried = append(ids, r.Header.Get("X-Request-ID")), append(carried, r.Header.Get("Authorization"))
			if r.Header.Get("Authorization") != "Bearer tok-2" {
				refuse(w)
				return
			}
			fmt.Fprint(w, `{"accounts":[]}`)
		})
		renewed := func(_ context.Context, refused string) (string, error) {
			if refused == "tok-1" {
				return "tok-2", nil
			}
			return "tok-1", nil
		}
		if err := readAccounts(client, Call{BIC: "b", ConsentID: "7", Renew: renewed}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !slices.Equal(carried, []string{"Bearer tok-1", "Bearer tok-2"}) || len(ids) != 2 || ids[0] != ids[1] {
			t.Errorf("%s: sent %q under %q", name, carried, ids)
		}
		carried = nil
		none := func(context.Context, string) (string, error) { return "tok-1", nil }
		if err := readAccounts(client, Call{BIC: "b", ConsentID: "7", Renew: none}); err == nil || len(carried) != 1 {
			t.Errorf("%s, no other token: %v, %q", name, err, carried)
		}
	}
}

// TestNoPacking reads bodies whose Content-Encoding names what is no packing (case 17).
func TestNoPacking(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"UTF-8", "none", "identity, gzip", "identity", "ISO-8859-1", ""} {
		client := bank(t, answers(t, caseOf(t, "17-content-encoding-utf8.http"), http.Header{"Content-Encoding": {label}}))
		accounts, err := client.Accounts(t.Context(), Call{}, false)
		if err != nil || len(accounts) != 1 || accounts[0].IBAN != "DE49000000000000000001" {
			t.Errorf("%q: %+v, %v", label, accounts, err)
		}
	}
	packedBody := packed(t, gzipped, oneAccount)
	client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "identity, gzip")
		_, _ = w.Write(packedBody)
	})
	if accounts, err := client.Accounts(t.Context(), Call{}, false); err != nil || len(accounts) != 1 {
		t.Errorf("packed after all: %+v, %v", accounts, err)
	}
}

// TestWhenToComeBack finds the wait wherever a bank says it (case 21).
func TestWhenToComeBack(t *testing.T) {
	t.Parallel()
	date := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	for name, test := range map[string]struct {
		other    http.Header
		from, to time.Duration
	}{
		"in a header":       {nil, 85092 * time.Second, 85092 * time.Second},
		"in words alone":    {http.Header{"X-Ratelimit-Reset": nil}, 85092 * time.Second, 85092 * time.Second},
		"half a second":     {http.Header{"Retry-After": {"30.5"}}, 30500 * time.Millisecond, 30500 * time.Millisecond},
		"as a date":         {http.Header{"Retry-After": {date}}, 59 * time.Minute, time.Hour},
		"a date as a reset": {http.Header{"X-Ratelimit-Reset": {date}}, 59 * time.Minute, time.Hour},
	} {
		_, err := bank(t, answers(t, caseOf(t, "21-rate-limit-in-text.http"), test.other)).Accounts(t.Context(), Call{}, false)
		var failed *Error
		if !errors.As(err, &failed) || failed.RetryAfter < test.from || failed.RetryAfter > test.to {
			t.Errorf("%s: %+v", name, failed)
		}
	}
}

// TestTokensDoNotWaitForEachOther: while the token of one service is being
// fetched, others go on, and who gives up waiting goes.
func TestTokensDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	asked, hold := make(chan struct{}), make(chan struct{})
	var once sync.Once
	release := func() { once.Do(func() { close(hold) }) }
	var mu sync.Mutex
	tokens := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/connect/token" {
			fmt.Fprint(w, `{"accounts":[],"countries":[]}`)
			return
		}
		scope, _, _ := strings.Cut(r.FormValue("scope"), " ")
		mu.Lock()
		tokens[scope]++
		mu.Unlock()
		if scope == "accountinformation" {
			asked <- struct{}{}
			<-hold
		}
		fmt.Fprint(w, `{"access_token":"t","expires_in":3600}`)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(release)
	client, err := New(Reach{Identity: Identity{ClientID: "id"}, Profile: Profile{Dialect: OpenPayments.Name, AuthURL: server.URL, APIURL: server.URL}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	for range 3 {
		waiting.Go(func() {
			if _, err := client.Accounts(t.Context(), Call{BIC: "b"}, false); err != nil {
				t.Error(err)
			}
		})
	}
	<-asked
	if _, err := client.Countries(t.Context()); err != nil {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Accounts(gone, Call{BIC: "b"}, false); !errors.Is(err, context.Canceled) {
		t.Errorf("gave up waiting: %v", err)
	}
	release()
	waiting.Wait()
	if tokens["accountinformation"] != 1 {
		t.Errorf("tokens asked for: %v", tokens)
	}
}

// TestLatin1Refusal reads errors in the letters of older systems, and behind a
// byte-order mark.
func TestLatin1Refusal(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"{\"code\":\"X\",\"text\":\"Zugriff f\xfcr Sie\"}", "\xef\xbb\xbf{\"code\":\"X\",\"text\":\"Zugriff für Sie\"}"} {
		_, err := sends(t, http.StatusBadRequest, body).Accounts(t.Context(), Call{}, false)
		var failed *Error
		if !errors.As(err, &failed) || failed.Code != "X" || failed.Text != "Zugriff für Sie" {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// FuzzToken reads whatever a token endpoint sends.
func FuzzToken(f *testing.F) {
	for _, body := range []string{`{"access_token":"a","expires_in":"599.0"}`, `access_token=a&expires_in=1`, `{"accessToken":1}`, ``} {
		f.Add([]byte(body))
	}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		token, err := readToken(body, now)
		if (token == nil) == (err == nil) {
			t.Fatalf("%v, %v", token, err)
		}
		if err == nil && (token.AccessToken == "" || !visible(token.AccessToken) || !token.Expiry.IsZero() && token.Expiry.Before(now)) {
			t.Errorf("%+v", token)
		}
	})
}

// FuzzRetryAfter never waits for ever.
func FuzzRetryAfter(f *testing.F) {
	f.Add("30.5")
	f.Add("try again in 85092 seconds")
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		for _, wait := range []time.Duration{retryAfter(value, now), waitIn(value)} {
			if wait < 0 || wait > longestWait {
				t.Errorf("%q: %v", value, wait)
			}
		}
	})
}
