package bank

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"consentry/storage"
)

// TestNewsOf takes away what cancels out.
func TestNewsOf(t *testing.T) {
	type changes = []storage.DirectoryChange
	came := func(name string) storage.DirectoryChange {
		return storage.DirectoryChange{Kind: storage.BankNew, BIC: "X", Name: name}
	}
	went := func(name string) storage.DirectoryChange {
		return storage.DirectoryChange{Kind: storage.BankGone, BIC: "X", Name: name}
	}
	called := func(before, after string) storage.DirectoryChange {
		return storage.DirectoryChange{Kind: storage.BankRenamed, BIC: "X", Name: after, Before: []string{before}, After: []string{after}}
	}
	products := func(before, after string) storage.DirectoryChange {
		return storage.DirectoryChange{Kind: storage.BankProducts, BIC: "X", Name: "A", Before: strings.Fields(before), After: strings.Fields(after)}
	}
	tests := map[string]struct {
		readings []changes // the earliest first
		want     string
	}{
		"nothing":                     {nil, ""},
		"came":                        {[]changes{{came("A")}}, "new A"},
		"came and was renamed":        {[]changes{{came("A")}, {called("A", "B")}}, "new B"},
		"came and went":               {[]changes{{came("A")}, {went("A")}}, ""},
		"came, went and came":         {[]changes{{came("A")}, {went("A")}, {came("B")}}, "new B"},
		"went":                        {[]changes{{went("A")}}, "gone A"},
		"went and came back":          {[]changes{{went("A")}, {came("A")}}, ""},
		"came back by another name":   {[]changes{{went("A")}, {came("B")}}, "renamed B [A]"},
		"was renamed and went":        {[]changes{{called("A", "B")}, {went("B")}}, "gone B"},
		"renamed twice":               {[]changes{{called("A", "B")}, {called("B", "C")}}, "renamed C [A]"},
		"renamed back":                {[]changes{{called("A", "B")}, {called("B", "A")}}, ""},
		"products there and back":     {[]changes{{products("x", "x y")}, {products("x y", "x")}}, ""},
		"products":                    {[]changes{{products("x", "x y")}, {products("x y", "y")}}, "products A [x]"},
		"gone, whatever else changed": {[]changes{{products("x", "y"), went("A")}}, "gone A"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var readings []storage.DirectoryReading
			for i, all := range test.readings {
				at := time.Date(2026, 11, 10+i, 9, 0, 0, 0, time.UTC)
				readings = append([]storage.DirectoryReading{{Since: at.AddDate(0, 0, -1), At: at, Changes: all}}, readings...)
			}
			news := newsOf(readings)
			var got []string
			for _, change := range news.Changes {
				said := fmt.Sprintf("%s %s", change.Kind, change.Name)
				if len(change.Before) > 0 {
					said += fmt.Sprint(" ", change.Before)
				}
				got = append(got, said)
			}
			if all := strings.Join(got, ", "); all != test.want {
				t.Errorf("got %q, want %q", all, test.want)
			}
			if news.Any() != (test.want != "") || news.Any() && news.Since.Day() != 9 {
				t.Errorf("any: %v, since %v", news.Any(), news.Since)
			}
		})
	}
}
