package xs2a

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"consentry/xs2a/field"
)

// bank is a server that gives tokens and answers everything else with one
// handler; the client that speaks to it is bounded.
func bank(t testing.TB, answer http.HandlerFunc) *Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /connect/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token":"token","token_type":"Bearer","expires_in":3600}`)
	})
	mux.HandleFunc("/", answer)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client, err := New(Reach{
		Identity: Identity{ClientID: "id", ClientSecret: "secret"},
		Profile:  Profile{Dialect: OpenPayments.Name, AuthURL: server.URL, APIURL: server.URL},
	}, Limit(nil))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func packed(t testing.TB, pack func(io.Writer) io.WriteCloser, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pack(&b)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }

func deflated(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }

const oneAccount = `{"accounts":[{"resourceId":"1","iban":"SE4550000000058398257466"}]}`

// TestPackedAnswers are taken in the two forms of HTTP, asked for or not, and
// when they hold nothing.
func TestPackedAnswers(t *testing.T) {
	for encoding, pack := range map[string]func(io.Writer) io.WriteCloser{"gzip": gzipped, "deflate": deflated} {
		client := bank(t, func(w http.ResponseWriter, r *http.Request) {
			if accepted := r.Header.Get("Accept-Encoding"); accepted != "gzip" {
				t.Errorf("Accept-Encoding is %q", accepted)
			}
			w.Header().Set("Content-Encoding", encoding)
			if strings.HasSuffix(r.URL.Path, "/transactions") {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			_, _ = w.Write(packed(t, pack, oneAccount))
		})
		accounts, err := client.Accounts(t.Context(), Call{}, false)
		if err != nil || len(accounts) != 1 {
			t.Errorf("%s: %v, %v", encoding, accounts, err)
		}
		if page, err := client.Transactions(t.Context(), Call{}, "1", TransactionQuery{}); err != nil || len(page.Booked) != 0 {
			t.Errorf("%s, empty: %v, %v", encoding, page, err)
		}
	}
}

// TestTooMuch refuses what goes beyond each of the limits, as an answer that
// is not understood and not as a bank out of reach: that would be tried again.
func TestTooMuch(t *testing.T) {
	blanks := strings.Repeat(" ", 8<<20)
	send := func(encoding string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			_, _ = w.Write(body)
		}
	}
	tests := map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"a gzip bomb":      {send("gzip", packed(t, gzipped, oneAccount+blanks)), "unpacks to more than 200 times"},
		"a deflate bomb":   {send("deflate", packed(t, deflated, oneAccount+blanks)), "unpacks to more than 200 times"},
		"a bomb in a bomb": {send("gzip, gzip", packed(t, gzipped, string(packed(t, gzipped, blanks)))), `packed as "gzip, gzip"`},
		"brotli":           {send("br", []byte{0x1b, 0, 0}), `packed as "br", which was not asked for`},
		"a long answer":    {send("", make([]byte, maxAnswer+1)), "larger than"},
		"an endless one": {func(w http.ResponseWriter, _ *http.Request) {
			for range maxAnswer>>20 + 2 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}, "larger than"},
		"deep":            {send("", []byte(strings.Repeat("[", maxDepth+1))), "nested deeper than 64"},
		"many elements":   {send("", []byte("["+strings.Repeat("[],", maxElements/2)+"[]]")), "more than 500000 elements"},
		"a long text":     {send("", []byte(`{"a":"`+strings.Repeat(`\"`, maxText/2+1)+`"}`)), "a text of more than"},
		"a broken stream": {send("gzip", []byte("no gzip at all")), "cannot be unpacked"},
		"a large header": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Large", strings.Repeat("x", 2*maxHeader))
		}, "has a header of more"},
		"many headers": {func(w http.ResponseWriter, _ *http.Request) {
			for i := range 20_000 {
				w.Header().Add("X", fmt.Sprint(i))
			}
		}, "has a header of more"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := bank(t, test.answer).Accounts(t.Context(), Call{}, false)
			var failed *Error
			if !errors.As(err, &failed) || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v, want it to say %q", err, test.says)
			}
			if limit := (*field.LimitError)(nil); errors.As(err, &limit) && failed.Kind != Malformed {
				t.Errorf("kind is %v", failed.Kind)
			}
		})
	}
}

// TestHeaderOfAnyTransport bounds headers that another transport let through.
func TestHeaderOfAnyTransport(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 2*maxHeader))
	}))
	defer server.Close()
	_, err := (&http.Client{Transport: Limit(Limit(http.DefaultTransport))}).Get(server.URL)
	if limit := (*field.LimitError)(nil); !errors.As(err, &limit) {
		t.Errorf("got %v", err)
	}
}

// TestShape follows JSON however it is cut, and looks at nothing else.
func TestShape(t *testing.T) {
	deep := strings.Repeat("[", maxDepth+1)
	for text, refused := range map[string]bool{
		`{"a":"` + deep + `"}`: false, `{"a":"\"` + deep + `"}`: false, `{"a":"\\",` + deep: true, ` ` + deep: true,
		`{"a":` + deep: true, `{1:` + deep: false, `:20:` + deep: false, `<a>` + deep: false, ``: false,
		`{ "a":1}` + strings.Repeat(" ", maxText+1): false,
	} {
		for _, step := range []int{1, 3, len(text) + 1} {
			var s shape
			var err error
			for rest := []byte(text); len(rest) > 0 && err == nil; rest = rest[min(step, len(rest)):] {
				err = s.write(rest[:min(step, len(rest))])
			}
			if (err != nil) != refused {
				t.Errorf("%.20s in steps of %d: %v", text, step, err)
			}
		}
	}
}
