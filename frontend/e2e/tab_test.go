package e2e

import (
	"errors"
	"testing"
)

// A double click opens the bank in one tab.
func TestDoubleClickOpensOneTab(t *testing.T) {
	t.Parallel()
	ingrid := opens(start(t))
	ingrid.asks("Vidda Sparebank")
	before := len(ingrid.tabs())
	ingrid.until("press twice", func() error {
		link, err := ingrid.find(clickable, "Go to Vidda Sparebank")
		if err != nil {
			return err
		}
		return errors.Join(ingrid.press(link), ingrid.press(link))
	})
	ingrid.see("Vidda Sparebank is open in your browser")
	if got := len(ingrid.tabs()) - before; got != 1 {
		t.Errorf("%d tabs opened", got)
	}
}
