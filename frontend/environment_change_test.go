package frontend

import (
	"fmt"
	"sync"
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// TestImportsBesideEachOther takes over files at once: no bank of any is lost, and all are
// listed.
func TestImportsBesideEachOther(t *testing.T) {
	d, _ := newDeskWithBanks(t)
	id, before := d.only().ID, len(d.only().Banks)
	const files = 8
	var all sync.WaitGroup
	for i := range files {
		all.Go(func() {
			file := fmt.Sprintf("id,name,country,dialect,api\nb%d,Bank %d,DE,berlingroup,https://bank.example\n", i, i)
			if _, _, err := d.app.ImportBanks(t.Context(), id, []byte(file), []xs2a.Origin{"https://bank.example"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if banks := len(d.only().Banks); banks != before+files {
		t.Errorf("%d banks", banks)
	}
	listed, err := d.app.Banks(t.Context(), storage.ASPSPQuery{})
	if err != nil || len(listed) != before+files {
		t.Errorf("%d listed, %v", len(listed), err)
	}
}
