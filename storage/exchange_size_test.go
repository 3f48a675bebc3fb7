package storage

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"consentry/xs2a/record"
)

// TestEveryExchangeKeepsItsRow makes more exchanges of long bodies than fit
// into what may wait, while a write in masses holds the writer: none is held up,
// and each has its row in the end, in order.
func TestEveryExchangeKeepsItsRow(t *testing.T) {
	t.Parallel()
	const exchanges, size = 1002, 300 << 10
	s, _ := open(t)
	long := bytes.Repeat([]byte(`{"entryReference":"7","text":"rent"},`), size/37+1)[:size]
	bank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(long)
	}))
	defer bank.Close()
	recorder := record.New(nil, nil)
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		recorder.Run(ctx, func(e record.Exchange) error { return s.AddExchange(context.WithoutCancel(ctx), e) })
	})
	if err := s.writeBulk(t.Context(), func(*sql.Tx) error {
		for i := range exchanges {
			res, err := (&http.Client{Transport: recorder}).Get(fmt.Sprint(bank.URL, "/", i))
			if err != nil {
				return err
			}
			n, err := io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if err != nil || n != size {
				return fmt.Errorf("%d bytes read: %w", n, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	end() // which writes what waits
	running.Wait()
	all, err := s.Exchanges(t.Context(), ExchangeQuery{}, 2*exchanges)
	if err != nil || len(all) != exchanges || recorder.Lost() != 0 {
		t.Fatalf("exchanges with a row in the record: %d of %d, %d lost, %v", len(all), exchanges, recorder.Lost(), err)
	}
	kept := 0
	for i, e := range all {
		if want := fmt.Sprint(bank.URL, "/", exchanges-1-i); e.URL != want || e.Status != 200 || e.Answer.Size != size {
			t.Fatalf("row %d: %s, status %d, %d bytes; want %s", i, e.URL, e.Status, e.Answer.Size, want)
		}
		if e.Answer.BodyLetGo != (e.Answer.Body == "") || e.Answer.Body != "" && (!e.Answer.Cut || e.Answer.Left != size-64<<10) {
			t.Fatalf("row %d: let go %v, %d bytes kept, %d left out", i, e.Answer.BodyLetGo, len(e.Answer.Body), e.Answer.Left)
		}
		if e.Answer.Body != "" {
			kept++
		}
	}
	if kept == 0 || kept == exchanges || all[0].Answer.BodyLetGo {
		t.Errorf("%d bodies are kept, the newest let go: %v", kept, all[0].Answer.BodyLetGo)
	}
}

// TestOldestBodiesAreLetGo passes the record's bytes: the oldest bodies go, and
// say so; the rows stay, with all else.
func TestOldestBodiesAreLetGo(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	const each = maxBodyBytes / 10
	for i := range 30 {
		e := exchange("a", fmt.Sprint(i), 200, time.Now())
		e.Answer.Size, e.Answer.Left = 2_300_000, 2_200_000
		addExchange(t, s, e)
	}
	stored := s.sum(t, "body_bytes")
	if want := int64(30 * len(`{\"code\":\"CONSENT_INVALID\",\"text\":\"100% wrong\"}`)); stored != want {
		t.Errorf("%d bytes of bodies are counted, want %d", stored, want)
	}
	if all := s.sum(t, "length(request) + length(answer) + length(url) + length(step) + length(method)"); s.sum(t, "row_bytes")+stored != all {
		t.Errorf("%d bytes are counted of %d", s.sum(t, "row_bytes")+stored, all)
	}
	s.set(t, "body_bytes", each)
	if err := s.PruneExchanges(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := s.Exchanges(t.Context(), ExchangeQuery{}, 100)
	if err != nil || len(all) != 30 {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	for i, e := range all {
		if gone := i >= 10; e.Answer.BodyLetGo != gone || e.Answer.Body == "" != gone || e.Request.BodyLetGo {
			t.Errorf("%s, the %d. newest: let go %v, %q", e.Step, i, e.Answer.BodyLetGo, e.Answer.Body)
		}
		if e.Answer.Size != 2_300_000 || e.RequestID() != "id-"+e.Step {
			t.Errorf("%s: %+v", e.Step, e.Exchange)
		}
	}
	if left := s.sum(t, "body_bytes"); left != 10*each {
		t.Errorf("%d bytes are still counted", left)
	}
	s.set(t, "row_bytes", maxRowBytes/10)
	if err := s.PruneExchanges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Exchanges(t.Context(), ExchangeQuery{}, 100); err != nil || len(left) != 10 || left[0].ID != all[0].ID {
		t.Errorf("%d rows are kept of those that are too large, %v", len(left), err)
	}
}

// sum adds up what stands in the record.
func (s *Store) sum(t *testing.T, what string) (n int64) {
	t.Helper()
	if err := s.db.db.QueryRow(`SELECT sum(` + what + `) FROM exchange`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *Store) set(t *testing.T, column string, bytes int) {
	t.Helper()
	if _, err := s.exec(t.Context(), `UPDATE exchange SET `+column+` = ?`, bytes); err != nil {
		t.Fatal(err)
	}
}

// TestOldExchangesAreCounted brings a record up to date that was written before
// bytes were counted.
func TestOldExchangesAreCounted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), FileName)
	db, err := sql.Open("sqlite", address(path, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	body := strings.Repeat("ö", 500)
	if _, err := db.Exec(`INSERT INTO exchange VALUES (1, 'a', 'Read', 0, '', 1, 'GET', 'https://b.example/', '', '{"Header":null,"Body":"","Cut":false,"Binary":false}', 200, ?, '')`, `{"Header":null,"Body":"`+body+`","Cut":true,"Binary":false}`); err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var bodies, rest int
	if err := db.QueryRow(`SELECT body_bytes, row_bytes FROM exchange`).Scan(&bodies, &rest); err != nil || bodies != 1000 || rest < 50 || rest > 200 {
		t.Errorf("%d bytes of bodies, %d of all else, %v", bodies, rest, err)
	}
}
