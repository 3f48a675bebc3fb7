package record

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestRecordKeepsEveryRowWhileNobodyTakesThem lets long answers come that
// nobody writes down: what waits stays within its bytes, the oldest bodies go
// first and say so, and every exchange keeps its row, in order.
func TestRecordKeepsEveryRowWhileNobodyTakesThem(t *testing.T) {
	long := strings.Repeat("x", 8<<10)
	address := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Note", strings.Repeat("n", 1000))
		_, _ = io.WriteString(w, long)
	})
	for name, test := range map[string]struct {
		most, bodies, headers int // how many keep theirs, at least
	}{
		"room for all":     {maxWaiting, 300, 300},
		"room for some":    {1 << 20, 50, 300},
		"room for headers": {200 << 10, 0, 100},
		"room for nothing": {1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := New(nil, nil)
			r.waiting.most = test.most
			for i := range 300 {
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprint(address, "/", i), nil)
				req.Header.Set("X-Request-ID", fmt.Sprint("id-", i))
				res, err := r.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				if body, err := io.ReadAll(res.Body); err != nil || len(body) != len(long) {
					t.Fatal(len(body), err)
				}
				res.Body.Close()
			}
			if held := r.waiting.held(); test.most > 1 && held > test.most {
				t.Errorf("%d bytes wait, more than %d", held, test.most)
			}
			all := handed(t, r)
			if len(all) != 300 || r.Lost() != 0 {
				t.Fatalf("%d exchanges have a row, %d lost", len(all), r.Lost())
			}
			var bodies, headers int
			for i, e := range all {
				if e.URL != fmt.Sprint(address, "/", i) || e.RequestID() != fmt.Sprint("id-", i) || e.Status != 200 || e.Answer.Size != int64(len(long)) {
					t.Fatalf("place %d: %+v", i, e)
				}
				if e.Answer.BodyLetGo == (e.Answer.Body != "") || e.Answer.BodyLetGo && bodies > 0 {
					t.Fatalf("place %d: let go %v of %d bytes, after %d that are kept", i, e.Answer.BodyLetGo, len(e.Answer.Body), bodies)
				}
				if e.Answer.HeaderLetGo == (e.Answer.Get("X-Note") != "") || e.Answer.HeaderLetGo && headers > 0 {
					t.Fatalf("place %d: header let go %v: %v", i, e.Answer.HeaderLetGo, e.Answer.Header)
				}
				if !e.Answer.BodyLetGo {
					bodies++
				}
				if !e.Answer.HeaderLetGo {
					headers++
				}
			}
			if bodies < test.bodies || headers < test.headers || test.most < 1<<20 && bodies == 300 {
				t.Errorf("%d bodies and %d headers are kept", bodies, headers)
			}
			if held := r.waiting.held(); held != 0 {
				t.Errorf("%d bytes wait when nothing does", held)
			}
		})
	}
}

// held returns the bytes that wait, while exchanges may still come.
func (w *waiting) held() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes
}

// handed returns what waits for its record.
func handed(t *testing.T, r *Recorder) (all []Exchange) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r.Run(ctx, func(e Exchange) error { all = append(all, e); return nil })
	return all
}

// TestRecordMakesRoomWhileItHands lets exchanges come and go in turn: what is
// counted stays right.
func TestRecordMakesRoomWhileItHands(t *testing.T) {
	w := newWaiting(1000)
	for i := range 500 {
		w.add(waiter{exchange: Exchange{Step: fmt.Sprint(i), Answer: Message{Body: strings.Repeat("x", 300)}}})
		if i%3 == 0 {
			w.take()
		}
	}
	sum := 0
	for i := range w.row {
		sum += w.row[i].exchange.weight()
	}
	if sum != w.bytes || sum > w.most {
		t.Errorf("%d bytes counted of %d", w.bytes, sum)
	}
	for _, found := w.take(); found; _, found = w.take() {
	}
	if w.bytes != 0 || w.bodies != 0 || w.headers != 0 {
		t.Errorf("empty: %d bytes, %d, %d", w.bytes, w.bodies, w.headers)
	}
}

// TestRecordBoundsAddresses keeps the beginning of an address without end.
func TestRecordBoundsAddresses(t *testing.T) {
	address := server(t, func(http.ResponseWriter, *http.Request) {})
	r := New(nil, nil)
	drained(t, r, address+"/"+strings.Repeat("a", 100_000))
	if all := handed(t, r); len(all) != 1 || len(all[0].URL) > maxAddress+len("…") || !strings.HasSuffix(all[0].URL, "a…") {
		t.Errorf("%d exchanges, address of %d bytes", len(all), len(all[0].URL))
	}
}

// TestNoSecretEscapesAcrossTheCut moves tokens over every kind of end a body is
// cut at: none of them leaves a part behind that can be told.
func TestNoSecretEscapesAcrossTheCut(t *testing.T) {
	token := strings.Repeat("Tq7-", 300) + "end" // longer than a margin of nothing, shorter than the margin
	huge := strings.Repeat("Zk9~", 3000)         // longer than the margin
	jwt := "eyJ" + strings.Repeat("hbGci", 1500) + ".eyJ" + strings.Repeat("zdWIi", 3000) + "." + strings.Repeat("c2ln", 20)
	member := func(secret string) string { return `{"access_token":"` + secret + `"},` }
	for name, test := range map[string]struct{ secret, sent, before, shown string }{
		"a member":                          {token, "", "", member(token)},
		"an echo of what the header held":   {token, token, "", `"note ` + token + ` is yours"`},
		"an escaped echo":                   {huge, huge, "", `"` + url.QueryEscape(huge) + `"`},
		"an echo longer than the margin":    {huge, huge, "", `"note ` + huge + `"`},
		"a token known by its looks":        {jwt, "", "", `"note ` + jwt + `"`},
		"behind secrets that make it short": {token, token, strings.Repeat(member(strings.Repeat("Wv3-", 500)), 6), `"note ` + token + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, end := range []int{maxBody, maxBody + margin} {
				for _, within := range []int{20, len(test.shown) / 3, len(test.shown) / 2, len(test.shown) - 20} {
					fill := strings.Repeat(`"plain",`, (end-within-len(test.before))/8)
					fill += strings.Repeat(" ", end-within-len(test.before)-len(fill))
					body := test.before + fill + test.shown + strings.Repeat(`,"after"`, 20_000)
					address := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
					r := New(nil, nil)
					req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
					if test.sent != "" {
						req.Header.Set("Authorization", "Bearer "+test.sent)
					}
					res, err := r.RoundTrip(req)
					if err != nil {
						t.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, res.Body)
					res.Body.Close()
					e := handed(t, r)[0]
					if !e.Answer.Cut || e.Answer.Left <= 0 || e.Answer.Size != int64(len(body)) || len(e.Answer.Body) > maxBody {
						t.Errorf("cut at %d: %d bytes kept, %d left out of %d", end, len(e.Answer.Body), e.Answer.Left, e.Answer.Size)
					}
					if at := strings.Index(e.Answer.Body, test.secret[:12]); at >= 0 {
						t.Errorf("cut at %d, %d within: …%.60s", end, within, e.Answer.Body[at:])
					}
				}
			}
		})
	}
}

// TestSizeTellsNoSecret does not say how long a body was that is shown whole
// but for a secret.
func TestSizeTellsNoSecret(t *testing.T) {
	address := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"otp":"4711"}`) })
	r := New(nil, nil)
	drained(t, r, address)
	if e := handed(t, r)[0]; e.Answer.Size != 0 || !e.Answer.SizeUntold {
		t.Errorf("%+v", e.Answer)
	}
}
