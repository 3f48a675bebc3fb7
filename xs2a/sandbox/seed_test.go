package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// What one seed gives is promised to whoever wrote it down: a change of these sums
// changes every practice account there is.
const (
	sumOfPeople = "1f2f3b416cb684683b52b453b62f980e3d985c969b4b1b84e88b51e5e244dd8a"
	sumOfBanks  = "60fd399cdfae7964dd687e196f93918db0e4c1eb389963630f9d094ae755c5ef"
)

func TestSeedGivesTheSameData(t *testing.T) {
	now := time.Date(2024, time.June, 28, 10, 0, 0, 0, time.UTC)
	s, err := New(Config{Seed: 1, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]struct {
		want string
		tell func(io.Writer, *Sandbox)
	}{"people": {sumOfPeople, tellPeople}, "banks": {sumOfBanks, tellBanks}} {
		sum := sha256.New()
		one.tell(sum, s)
		if got := hex.EncodeToString(sum.Sum(nil)); got != one.want {
			t.Errorf("%s: %s, not %s", name, got, one.want)
		}
	}
}

// tellPeople writes what everybody has at every bank, and a year of what moved.
func tellPeople(w io.Writer, s *Sandbox) {
	for _, p := range people {
		fmt.Fprintln(w, p.login, p.password, p.code, p.name, p.country, p.salary)
		for _, b := range s.banks {
			h := s.household(b.bic, p.login)
			fmt.Fprintln(w, b.bic, h.salary, len(h.accounts))
			for _, acc := range h.accounts {
				fmt.Fprintln(w, acc.number, int(acc.kind), acc.iban, acc.bban, acc.maskedPAN(), acc.currency, acc.name, acc.product, acc.limit, acc.balance)
				served := shared{account: acc, of: h}
				for _, e := range acc.entries {
					if e.day < dayOf(s.now()).monthsAgo(12) {
						continue
					}
					fmt.Fprintln(w, e.number, e.day, e.booking, e.minor, int(e.use), e.name, e.iban, e.bban, e.giro, e.text, e.ocr, e.note, e.mandate, e.endToEnd, e.id, served.entryID(e, true), served.entryID(e, false), served.reference(e))
					if e.foreign != nil {
						fmt.Fprintln(w, e.foreign.currency, e.foreign.minor, e.foreign.rate)
					}
				}
			}
		}
	}
}

// tellBanks writes what the banks say of themselves, and how they look.
func tellBanks(w io.Writer, s *Sandbox) {
	get := func(path string) {
		request := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, strings.NewReader(""))
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request)
		fmt.Fprintln(w, path, recorder.Code, recorder.Body)
	}
	for _, b := range s.banks {
		get("/logo/" + b.bic + ".svg")
		get("/style/" + b.bic + ".css")
		c := &call{address: "http://127.0.0.1", bank: b}
		of := []any{b.item(c), b.ways(c), b.display(), b.country, b.cities, b.street, b.postcode, b.company, b.phone, b.website, b.products, b.affiliated, b.methods, b.balances, b.prefix(), b.server(), b.payable()}
		data, err := json.Marshal(of)
		fmt.Fprintln(w, string(data), err)
	}
	for _, lists := range []any{s.undirected("http://127.0.0.1"), logins(), cityItems()} {
		data, err := json.Marshal(lists)
		fmt.Fprintln(w, string(data), err)
	}
	get("/bog/v1/banking/products/en?page-size=100")
	get("/bog/v1/banking/products/ge?page-size=100")
}
