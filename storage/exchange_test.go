package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/record"
)

func exchange(flow, step string, status int, at time.Time) record.Exchange {
	return record.Exchange{
		FlowID: flow, Step: step, Attended: true, Started: at, Took: 1234 * time.Microsecond, Method: "GET", URL: "https://b.example/v1/" + flow,
		Request: record.Message{Header: []record.HeaderField{{Name: "X-Request-Id", Value: "id-" + step}}},
		Status:  status, Answer: record.Message{Body: `{"code":"CONSENT_INVALID","text":"100% wrong"}`, Cut: true},
	}
}

func addExchange(t testing.TB, s *Store, e record.Exchange) {
	t.Helper()
	if err := s.AddExchange(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// TestExchangeReadsBack gives what was kept.
func TestExchangeReadsBack(t *testing.T) {
	s, _ := open(t)
	want := exchange("c-1", "List the accounts", 200, time.Date(2026, 11, 20, 9, 0, 0, 5e6, time.UTC).Local())
	addExchange(t, s, want)
	got, err := s.Exchange(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Exchange, want) {
		t.Errorf("got  %+v\nwant %+v", got.Exchange, want)
	}
	if _, err := s.Exchange(t.Context(), 2); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, want ErrNotFound", err)
	}
}

// TestExchangesAreFound goes through all ways to look for some.
func TestExchangesAreFound(t *testing.T) {
	s, _ := open(t)
	now := time.Now()
	addExchange(t, s, exchange("a", "one", 200, now))
	addExchange(t, s, exchange("a", "two", 404, now))
	addExchange(t, s, exchange("b", "three", 503, now))
	addExchange(t, s, exchange("b", "four", 0, now))
	addExchange(t, s, exchange("", "five", 201, now))
	half := exchange("b", "six", 200, now)
	half.Error = "unexpected EOF"
	addExchange(t, s, half)
	a, none := "a", ""
	for name, test := range map[string]struct {
		q    ExchangeQuery
		want string
	}{
		"all, newest first": {ExchangeQuery{}, "six five four three two one"},
		"after the cursor":  {ExchangeQuery{Before: 3}, "two one"},
		"of a flow":         {ExchangeQuery{FlowID: &a}, "two one"},
		"of no flow":        {ExchangeQuery{FlowID: &none}, "five"},
		"worked":            {ExchangeQuery{Class: Worked}, "five one"},
		"refused":           {ExchangeQuery{Class: Refused}, "two"},
		"broken":            {ExchangeQuery{Class: Broken}, "three"},
		"no answer":         {ExchangeQuery{Class: NoAnswer}, "six four"},
		"by request":        {ExchangeQuery{RequestID: "id-two"}, "two"},
		"by words":          {ExchangeQuery{Words: "consent_invalid V1/B"}, "six four three"},
		"by status":         {ExchangeQuery{Words: "503"}, "three"},
		"per cent":          {ExchangeQuery{Words: "100%", FlowID: &a}, "two one"},
		"no wildcard":       {ExchangeQuery{Words: "1_0%"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := s.Exchanges(t.Context(), test.q, 10)
			if err != nil {
				t.Fatal(err)
			}
			var steps []string
			for _, e := range found {
				steps = append(steps, e.Step)
				if test.q.Class != "" && ClassOf(e.Exchange) != test.q.Class {
					t.Errorf("%s is of class %s", e.Step, ClassOf(e.Exchange))
				}
			}
			if got := strings.Join(steps, " "); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestExchangeFlows sums up.
func TestExchangeFlows(t *testing.T) {
	s, _ := open(t)
	now := time.Now().Truncate(time.Millisecond)
	addExchange(t, s, exchange("a", "one", 200, now))
	addExchange(t, s, exchange("b", "two", 404, now.Add(time.Second)))
	addExchange(t, s, exchange("a", "three", 0, now.Add(2*time.Second)))
	flows, err := s.ExchangeFlows(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []ExchangeFlow{{"a", 2, 1, 3, now, now.Add(2 * time.Second)}, {"b", 1, 1, 2, now.Add(time.Second), now.Add(time.Second)}}
	if !reflect.DeepEqual(flows, want) {
		t.Errorf("got  %+v\nwant %+v", flows, want)
	}
	if older, err := s.ExchangeFlows(t.Context(), 3, 10); err != nil || len(older) != 1 || older[0].ID != "b" {
		t.Errorf("after the cursor: %+v, %v", older, err)
	}
	if _, err := s.ExchangeFlow(t.Context(), "nobody's"); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, want ErrNotFound", err)
	}
}

// fill puts rows into the table without a transaction each.
func fill(t testing.TB, s *Store, n int, body string, at time.Time) {
	t.Helper()
	err := s.write(context.Background(), func(tx *sql.Tx) error {
		for i := range n {
			if _, err := tx.Exec(`INSERT INTO exchange (flow_id, step, attended, started_at, took_us, method, url, request_id, request, status, answer, error)
				VALUES (?, 'Read transactions', 0, ?, 1, 'GET', 'https://b.example/', '', '{}', 200, ?, '')`, fmt.Sprint("flow-", i%500), formatTime(at), body); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestExchangesAreBounded passes both bounds.
func TestExchangesAreBounded(t *testing.T) {
	s, _ := open(t)
	now := time.Now()
	s.now = func() time.Time { return now }
	count := func() (n int) {
		t.Helper()
		if err := s.db.db.QueryRow(`SELECT count(*) FROM exchange`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	fill(t, s, maxExchanges+100, "{}", now)
	for range pruneEvery {
		addExchange(t, s, exchange("new", "one", 200, now))
	}
	if n := count(); n > maxExchanges+pruneEvery {
		t.Errorf("%d exchanges are kept", n)
	}
	now = now.Add(exchangeAge + time.Hour) // which a wrong clock would say, too
	addExchange(t, s, exchange("newer", "one", 200, now))
	if err := s.DropOldExchanges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 1 {
		t.Errorf("%d exchanges are kept after a month, want the new one", n)
	}
}

// BenchmarkExchange measures a full record of long answers.
func BenchmarkExchange(b *testing.B) {
	s, _ := open(b)
	fill(b, s, maxExchanges, `{"Body":"`+strings.Repeat("transaction ", 400)+`"}`, time.Now())
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			addExchange(b, s, exchange("new", "one", 200, time.Now()))
		}
	})
	b.Run("flows", func(b *testing.B) {
		for b.Loop() {
			if flows, err := s.ExchangeFlows(b.Context(), 0, 30); err != nil || len(flows) != 30 {
				b.Fatal(len(flows), err)
			}
		}
	})
	b.Run("words that are nowhere", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Exchanges(b.Context(), ExchangeQuery{Words: "nowhere"}, 50); err != nil {
				b.Fatal(err)
			}
		}
	})
}
