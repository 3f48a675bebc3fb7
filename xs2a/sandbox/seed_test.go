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

	"consentry/xs2a/sandbox/people"
)

// What one seed gives is promised to whoever wrote it down: a change of these sums
// changes every practice account there is.
const (
	sumOfPeople = "f090191e17cab9c7bca2e4d77548f41b6a9dc44c4efb7862b2c3db83e8c6346f"
	sumOfBanks  = "362559ad83ed3ffcf63c4a9a98c07db196b56db657f2946006246e1231fffa10"
)

func TestSeedGivesTheSameData(t *testing.T) {
	t.Parallel()
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
	for _, p := range people.All {
		fmt.Fprintln(w, p.Login, p.Password, p.Code, p.Name, p.Country, p.Salary)
		for _, b := range s.banks {
			h := s.household(b.BIC, p.Login)
			fmt.Fprintln(w, b.BIC, h.Salary, len(h.Accounts))
			for _, acc := range h.Accounts {
				fmt.Fprintln(w, acc.Number, int(acc.Kind), acc.IBAN, acc.BBAN, acc.MaskedPAN(), acc.Currency, acc.Name, acc.Product, acc.Limit, acc.Balance)
				served := shared{Account: acc, of: h, bank: b}
				for _, e := range acc.Entries {
					if e.Day < people.DayOf(s.now()).MonthsAgo(12) {
						continue
					}
					fmt.Fprintln(w, e.Number, e.Day, e.Booking, e.Minor, int(e.Use), e.Name, e.IBAN, e.BBAN, e.Giro, e.Text, e.OCR, e.Note, e.Mandate, e.EndToEnd, e.ID, served.entryID(e, true), served.entryID(e, false), served.reference(e))
					if e.Foreign != nil {
						fmt.Fprintln(w, e.Foreign.Currency, e.Foreign.Minor, e.Foreign.Rate)
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
		get("/logo/" + b.BIC + ".svg")
		get("/style/" + b.BIC + ".css")
		c := &call{address: "http://127.0.0.1", bank: b}
		of := []any{s.item(c, b), s.ways(c, b), b.Display(), b.Country, b.Cities, b.Street, b.Postcode, b.Company, b.Phone, b.Website, b.Products, b.Affiliated, b.Methods, b.Balances, b.Prefix(), b.Server(), b.Payable()}
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
