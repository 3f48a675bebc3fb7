package record

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// records runs a recorder for a test and returns what it recorded.
func records(t *testing.T, base http.RoundTripper) (*Recorder, func() []Exchange) {
	t.Helper()
	r := New(base, nil)
	ctx, stop := context.WithCancel(t.Context())
	var all []Exchange
	var done sync.WaitGroup
	done.Go(func() {
		r.Run(ctx, func(e Exchange) error { all = append(all, e); return nil })
	})
	return r, func() []Exchange { stop(); done.Wait(); return all }
}

func server(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

// TestRecordWhole looks at one exchange from both ends.
func TestRecordWhole(t *testing.T) {
	address := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != `{"access":{}}` || r.Header.Get("Authorization") != "Bearer very-secret-token-1" {
			t.Errorf("the bank got %q and %q", body, r.Header)
		}
		w.Header().Set("X-Request-ID", "77f0")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"consentId":"c-1","_links":{"scaOAuth":{"href":"https://bank.example/authorize?state=hidden-state-9&scope=AIS"}}}`)
	})
	recorder, all := records(t, nil)
	ctx := Describe(Describe(t.Context(), "flow-1", ""), "", "createConsent")
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/consents?state=hidden-state-9", strings.NewReader(`{"access":{}}`))
	req.Header.Set("Authorization", "Bearer very-secret-token-1")
	req.Header.Set("PSU-IP-Address", "127.0.0.1")
	req.Header.Set("X-Request-ID", "77f0")
	res, err := (&http.Client{Transport: recorder}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if !strings.Contains(string(body), "hidden-state-9") {
		t.Errorf("the client got %q: recording changed it", body)
	}
	got := all()
	if len(got) != 1 {
		t.Fatalf("%d exchanges, want 1", len(got))
	}
	e := got[0]
	if e.FlowID != "flow-1" || e.Step != "createConsent" || !e.Attended || e.Status != 201 || e.Took <= 0 || e.RequestID() != "77f0" || e.Error != "" {
		t.Errorf("recorded %+v", e)
	}
	if want := address + "/v1/consents?state=" + Redacted; e.URL != want {
		t.Errorf("address %s, want %s", e.URL, want)
	}
	if e.Request.Body != `{"access":{}}` || e.Request.Get("authorization") != "Bearer "+Redacted {
		t.Errorf("request %+v", e.Request)
	}
	if want := `"href":"https://bank.example/authorize?state=` + Redacted + `&scope=AIS"`; !strings.Contains(strings.ReplaceAll(e.Answer.Body, `\u0026`, "&"), want) {
		t.Errorf("answer %s\nwant %s in it", e.Answer.Body, want)
	}
}

// TestWholeAnswers keeps an answer whole that would be cut else, up to its own bound, and
// requests as ever.
func TestWholeAnswers(t *testing.T) {
	for _, size := range []int{maxBody, maxBody + 1, 500_000, maxWhole, maxWhole + 1, 2 * maxWhole} {
		long := strings.Repeat("0123456789abcdef", size/16+1)[:size]
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, long)
		}))
		t.Cleanup(server.Close)
		recorder := New(nil, nil).Whole()
		ctx, end := context.WithCancel(t.Context())
		var kept []Exchange
		done := make(chan struct{})
		go func() {
			recorder.Run(ctx, func(e Exchange) error { kept = append(kept, e); return nil })
			close(done)
		}()
		res, err := (&http.Client{Transport: recorder}).Post(server.URL, "text/plain", strings.NewReader(long))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		end()
		<-done
		e := kept[0]
		if want := min(size, maxWhole); len(e.Answer.Body) != want || e.Answer.Cut != (size > maxWhole) {
			t.Errorf("%d bytes: %d of the answer are kept, cut %t", size, len(e.Answer.Body), e.Answer.Cut)
		}
		if want := min(size, maxBody); len(e.Request.Body) != want || e.Request.Cut != (size > maxBody) {
			t.Errorf("%d bytes: %d of the request are kept, cut %t", size, len(e.Request.Body), e.Request.Cut)
		}
	}
}

// TestRecordKinds holds that each way an exchange can go is recorded once.
func TestRecordKinds(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 8<<10) // 128 KiB
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		body   io.Reader
		check  func(t *testing.T, e Exchange)
	}{
		"no body": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, nil, func(t *testing.T, e Exchange) {
			if e.Status != 204 || e.Answer.Body != "" || e.Answer.Cut {
				t.Errorf("%+v", e)
			}
		}},
		"long answer": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, long) }, nil, func(t *testing.T, e Exchange) {
			if len(e.Answer.Body) != maxBody || !e.Answer.Cut {
				t.Errorf("%d bytes kept, cut %v", len(e.Answer.Body), e.Answer.Cut)
			}
			if e.Answer.Size != 128<<10 || e.Answer.Left != 64<<10 {
				t.Errorf("%d bytes passed, %d left out", e.Answer.Size, e.Answer.Left)
			}
		}},
		"long request": {func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }, strings.NewReader(long), func(t *testing.T, e Exchange) {
			if e.Request.Size != 128<<10 || e.Request.Left != 64<<10 || !e.Request.Cut {
				t.Errorf("%d bytes passed, %d left out", e.Request.Size, e.Request.Left)
			}
		}},
		"long request, streamed": {func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }, io.MultiReader(strings.NewReader(long)), func(t *testing.T, e Exchange) {
			if len(e.Request.Body) != maxBody || !e.Request.Cut {
				t.Errorf("%d bytes kept, cut %v", len(e.Request.Body), e.Request.Cut)
			}
			if e.Request.Size != 128<<10 || e.Request.Left != 64<<10 {
				t.Errorf("%d bytes passed, %d left out", e.Request.Size, e.Request.Left)
			}
		}},
		"picture": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, "\x89PNG\x00")
		}, nil, func(t *testing.T, e Exchange) {
			if !e.Answer.Binary || e.Answer.Body != "" {
				t.Errorf("%+v", e.Answer)
			}
		}},
		"Latin-1": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("G\xf6teborg och \xc5re")) }, nil, func(t *testing.T, e Exchange) {
			if e.Answer.Body != "Göteborg och Åre" {
				t.Errorf("%q", e.Answer.Body)
			}
		}},
		"connection lost": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, nil, func(t *testing.T, e Exchange) {
			if e.Error == "" || e.Status != 200 {
				t.Errorf("%+v", e)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			recorder, all := records(t, nil)
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server(t, test.answer)+"/accounts", test.body)
			res, err := (&http.Client{Transport: recorder}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			res.Body.Close()
			got := all()
			if len(got) != 1 {
				t.Fatalf("%d exchanges, want 1", len(got))
			}
			test.check(t, got[0])
		})
	}
}

// TestRecordPacked unpacks what the client asked for packed by itself.
func TestRecordPacked(t *testing.T) {
	recorder, all := records(t, nil)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, _ = packed.Write([]byte(`{"access_token":"hidden-token-1","n":1}`))
		_ = packed.Close()
	}), nil)
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := recorder.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if got := all(); len(got) != 1 || got[0].Answer.Body != `{"access_token":"`+Redacted+`","n":1}` {
		t.Errorf("%+v", got)
	}
}

// TestRecordUnreachable keeps the reason, without the query in it.
func TestRecordUnreachable(t *testing.T) {
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	recorder, all := records(t, nil)
	_, err := (&http.Client{Transport: recorder}).Get(down.URL + "/accounts?code=hidden-code-1")
	if err == nil {
		t.Fatal("an answer from nobody")
	}
	if got := all(); len(got) != 1 || got[0].Error == "" || got[0].Status != 0 || strings.Contains(got[0].Error+got[0].URL, "hidden") {
		t.Errorf("%+v", got)
	}
}

// TestRecordNeverHarms holds that neither a slow, a failing nor a panicking
// sink reaches an exchange, and that lost records are counted.
func TestRecordNeverHarms(t *testing.T) {
	address := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	exchange := func(r *Recorder) {
		t.Helper()
		res, err := (&http.Client{Transport: r}).Get(address)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != "{}" {
			t.Fatalf("%q, %v", body, err)
		}
		res.Body.Close()
	}
	for name, sink := range map[string]func(Exchange) error{
		"failing":   func(Exchange) error { return errors.New("the disk is full") },
		"panicking": func(Exchange) error { panic("nil map") },
	} {
		t.Run(name, func(t *testing.T) {
			r := New(nil, nil)
			exchange(r)
			exchange(r)
			ctx, stop := context.WithCancel(t.Context())
			stop()
			r.Run(ctx, sink)
			if r.Lost() != 2 {
				t.Errorf("%d lost, want 2", r.Lost())
			}
		})
	}
}

// TestRecordLeavesRequest holds that the caller's request is as it was.
func TestRecordLeavesRequest(t *testing.T) {
	body := io.NopCloser(bytes.NewBufferString("streamed"))
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server(t, func(w http.ResponseWriter, r *http.Request) {
		if sent, _ := io.ReadAll(r.Body); string(sent) != "streamed" {
			t.Errorf("sent %q", sent)
		}
	}), nil)
	req.Body, req.ContentLength = body, 8
	header := req.Header.Clone()
	recorder, all := records(t, nil)
	res, err := recorder.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if req.Body != body || len(req.Header) != len(header) {
		t.Error("the caller's request was changed")
	}
	if got := all(); len(got) != 1 || got[0].Request.Body != "streamed" {
		t.Errorf("%+v", got)
	}
}

// TestRecordFlush waits for a sink that is held up to have all that ended
// before.
func TestRecordFlush(t *testing.T) {
	address := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) })
	recorder, gate := New(nil, nil), make(chan struct{})
	var kept atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go recorder.Run(ctx, func(Exchange) error {
		<-gate
		kept.Add(1)
		return nil
	})
	for range 20 {
		drained(t, recorder, address)
	}
	over, end := context.WithCancel(t.Context())
	end()
	if err := recorder.Flush(over); !errors.Is(err, context.Canceled) {
		t.Errorf("waited for what never comes: %v", err)
	}
	close(gate)
	if err := recorder.Flush(t.Context()); err != nil || kept.Load() != 20 || recorder.Lost() != 0 {
		t.Errorf("%v: %d kept, %d lost", err, kept.Load(), recorder.Lost())
	}
}

// drained asks once and reads the answer to its end.
func drained(t testing.TB, r *Recorder, address string) {
	t.Helper()
	res, err := (&http.Client{Transport: r}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
}
