package xs2a

import (
	"net/http"
	"strings"
	"testing"
)

// TestProductPages reads a catalogue in the forms such lists have: the
// published description shows none.
func TestProductPages(t *testing.T) {
	const one = `{"name":"Deposit","productCategory":"TERM_DEPOSITS","depositRates":[]}`
	full := "[" + strings.Repeat(one+",", usualSize-1) + one + "]"
	for name, test := range map[string]struct {
		body  string
		count int
		more  bool
	}{
		"bare":                       {"[" + one + "]", 1, false},
		"bare and full":              {full, usualSize, true},
		"in an envelope":             {`{"products":[` + one + `],"_links":{"next":{"href":"/x?page=1"}}}`, 1, true},
		"full, the last by its link": {`{"data":` + full + `,"_links":{"next":{"href":null}}}`, usualSize, false},
		"other names":                {`{"content":[{"productName":"Deposit","category":"TERM_DEPOSITS"}]}`, 1, false},
		"empty":                      {`{"products":[]}`, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := sends(t, http.StatusOK, test.body).Products(t.Context(), Call{}, ProductQuery{Locale: "en"})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Products) != test.count || page.More != test.more {
				t.Errorf("%d products, more: %v", len(page.Products), page.More)
			}
			for _, p := range page.Products {
				if p.Name != "Deposit" || p.Category != "TERM_DEPOSITS" || len(p.Raw) == 0 {
					t.Errorf("got %+v", p)
				}
			}
		})
	}
}
