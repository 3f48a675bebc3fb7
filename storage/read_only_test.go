package storage

import (
	"errors"
	"os"
	"testing"
	"time"

	"consentry/xs2a/record"
)

// What is opened to read alone is read beside the one who writes, and is not written;
// where nothing is stored, nothing is made.
func TestOpenToRead(t *testing.T) {
	s, dir := open(t)
	if err := s.AddExchange(t.Context(), record.Exchange{FlowID: "f", Started: time.Now(), Method: "GET"}); err != nil {
		t.Fatal(err)
	}
	reader, err := OpenToRead(t.Context(), dir, s.seal, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if found, err := reader.Exchanges(t.Context(), ExchangeQuery{}, 10); err != nil || len(found) != 1 {
		t.Errorf("%d exchanges, %v", len(found), err)
	}
	for name, err := range map[string]error{
		"an exchange": reader.AddExchange(t.Context(), record.Exchange{}), "all else": reader.DropOldExchanges(t.Context()),
	} {
		if !errors.Is(err, errReadOnly) {
			t.Errorf("%s is written: %v", name, err)
		}
	}
	empty := t.TempDir()
	if _, err := OpenToRead(t.Context(), empty, s.seal, time.Now); !errors.Is(err, ErrNothingStored) {
		t.Errorf("an empty folder: %v", err)
	}
	if made, err := os.ReadDir(empty); err != nil || len(made) != 0 {
		t.Errorf("%v were made (%v)", made, err)
	}
}
