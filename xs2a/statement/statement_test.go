package statement

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// bounds are those of the tests; the program's stand in xs2a's table.
var bounds = Bounds{Depth: 64, Elements: 500_000, Text: 1 << 20, Listed: 20_000}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// whole returns what was left out as an error.
func whole(report Report, err error) error {
	if err == nil && len(report.LeftOut) > 0 {
		return report.LeftOut[0].Err
	}
	return err
}

// entries reads a document that has to be whole, and holds no balances. What was
// understood is compared; raw is looked at apart.
func entries(t *testing.T, read func(context.Context, []byte, Bounds) (Report, error), document []byte) []Entry {
	t.Helper()
	report, err := read(t.Context(), document, bounds)
	if err = whole(report, err); err != nil {
		t.Fatal(err)
	}
	if len(report.Balances) != 0 {
		t.Errorf("balances %+v", report.Balances)
	}
	for i := range report.Entries {
		report.Entries[i].Raw = nil
	}
	return report.Entries
}

func compare(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}
