package storage

import (
	"fmt"
	"sync"
	"testing"
)

// TestKeptUntilWritten reads a setting from everywhere while it is changed: what was set is there
// at once.
func TestKeptUntilWritten(t *testing.T) {
	s, _ := open(t)
	var group sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if _, err := s.Setting(t.Context(), "theme"); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 200 {
		want := fmt.Sprint(i)
		if err := s.SetSetting(t.Context(), "theme", want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Setting(t.Context(), "theme"); got != want || err != nil {
			t.Errorf("%s was set, and it is %q (%v)", want, got, err)
		}
	}
	close(done)
	group.Wait()
}
