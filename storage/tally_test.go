package storage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// TestTally adds up and takes away as decimals are, whatever their places and however large.
func TestTally(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 12))
	number := func() string {
		digits := func(most int) (all string) {
			for range 1 + r.IntN(most) {
				all += fmt.Sprint(r.IntN(10))
			}
			return all
		}
		text := []string{"", "-"}[r.IntN(2)] + digits([]int{3, 9, 17, 18, 19, 40}[r.IntN(6)])
		if r.IntN(3) > 0 {
			text += "." + digits([]int{2, 3, 8, 25}[r.IntN(4)])
		}
		return text
	}
	for range 20_000 {
		sum, want := Tally{}, new(apd.Decimal)
		for range 1 + r.IntN(6) {
			text := number()
			n, _, err := apd.NewFromString(text)
			if err != nil {
				t.Fatal(err)
			}
			one, err := ReadTally(text)
			if err != nil || one.Sign() != n.Sign() {
				t.Fatalf("%s is read as %s (%v)", text, one, err)
			}
			if r.IntN(2) == 0 {
				sum = sum.Plus(one)
				_, err = exact.Add(want, want, n)
			} else {
				sum = sum.Minus(one)
				_, err = exact.Sub(want, want, n)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := sum.String(); strings.TrimPrefix(got, "-") != strings.TrimPrefix(want.Text('f'), "-") || sum.Decimal().Cmp(want) != 0 || sum.Sign() != want.Sign() {
			t.Fatalf("got %s, want %s", got, want.Text('f'))
		}
		if again, err := ReadTally(sum.String()); err != nil || again.Cmp(sum) != 0 {
			t.Fatalf("%s is read again as %s (%v)", sum, again, err)
		}
	}
}

// TestTallyOfNothing refuses what is no number.
func TestTallyOfNothing(t *testing.T) {
	for _, text := range []string{"", "-", ".", "1.2.3", "1,5", "+1", " 1", "0x1", "NaN", "Infinity", "--1", "1-"} {
		if n, err := ReadTally(text); err == nil && text != "+1" {
			t.Errorf("%q is read as %s", text, n)
		}
	}
	for text, want := range map[string]string{"0.00": "0.00", "-0.05": "-0.05", "5": "5", ".5": "0.5", "-12.30": "-12.30", "00012": "12"} {
		if got := TallyOf(xs2a.Amount{Number: text}).String(); got != want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	}
}
