package mask_test

import (
	"fmt"
	"strings"
	"testing"

	"consentry/app/mask"
)

const iban, other = "SE4550000000058398257466", "DE89370400440532013000"

var reals = []mask.Real{
	{Name: "Astrid Lindqvist", Number: iban, Person: true},
	{Name: "LINDQVIST, ASTRID", Person: true},
	{Name: "Andersson & Söhne GmbH", Number: other},
	{Name: "ნინო ბერიძე"},
	{Name: "Skatteverket"},
	{Number: "5051-6906"},
	{Name: "Norrsken"},
}

func newMask(key string) *mask.Mask {
	return mask.New([]byte(key), append([]mask.Real(nil), reals...), []string{"Norrsken Bank"}, nil)
}

// TestTextHidesEverySpelling finds names and numbers however they are written, and leaves what is nobody's.
func TestTextHidesEverySpelling(t *testing.T) {
	t.Parallel()
	m := newMask("k")
	fake, number := m.Text("Astrid Lindqvist"), m.Text(iban)
	first, last, _ := strings.Cut(fake, " ")
	for real, want := range map[string]string{
		"ASTRID LINDQVIST":                  strings.ToUpper(fake),
		"Lön, Astrid  Lindqvist.":           "Lön, " + fake + ".",
		"Lindqvist":                         last,
		"Hej Astrid":                        "Hej " + first,
		"se45 5000 0000 0583 9825 7466":     strings.ToLower(spaced(number)),
		"SE45 5000 0000 0583 9825 7466 Lön": spaced(number) + " Lön",
		"(" + iban + ")":                    "(" + number + ")",
		"SE45 ···· 7466":                    number[:4] + " ···· " + number[20:],
		"Norrsken Bank":                     "Norrsken Bank",
		"Nothing of it, 2026-11-20":         "Nothing of it, 2026-11-20",
		"SE4550000000058398257467":          "SE4550000000058398257467", // no IBAN: other check digits
		"Skatteverkets":                     "Skatteverkets",            // another word
	} {
		if got := m.Text(real); got != want {
			t.Errorf("%q becomes %q, not %q", real, got, want)
		}
	}
	for _, real := range []string{"Andersson & Söhne GmbH", "andersson sohne gmbh", "ნინო ბერიძე", "Nino Beridze", "5051-6906", "50516906", "Norrsken", "Andersson-Söhne  (GmbH)"} {
		if got := m.Text(real); strings.EqualFold(got, real) || got == "" {
			t.Errorf("%q stays", real)
		}
	}
}

func spaced(number string) string {
	var b strings.Builder
	for i, r := range number {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// TestMaskIsOfItsKey invents the same under the same key, whatever else is known, and something else under another.
func TestMaskIsOfItsKey(t *testing.T) {
	t.Parallel()
	text := "Astrid Lindqvist, " + iban + ", Skatteverket, ნინო ბერიძე"
	again := mask.New([]byte("k"), append([]mask.Real{{Name: "Berit Ek", Number: other}}, reals...), nil, nil)
	if a, b := newMask("k").Text(text), again.Text(text); a != b {
		t.Errorf("%q is not %q", a, b)
	}
	if a, b := newMask("k").Text(text), newMask("l").Text(text); a == b {
		t.Errorf("another key invents %q, too", a)
	}
}

// TestRealLeadsBack takes an invented name or number for the real one it stands for, in a form as in an address.
func TestRealLeadsBack(t *testing.T) {
	t.Parallel()
	m := newMask("k")
	for _, real := range []string{"Astrid Lindqvist", "astrid lindqvist", iban, "SE45 5000 0000 0583 9825 7466", "#se4550000000058398257466", "skatteverket", "Andersson & Söhne GmbH", "5051-6906", "Norrsken Bank", "free text"} {
		if got := m.Real(m.Text(real)); got != real {
			t.Errorf("%q becomes %q, which leads to %q", real, m.Text(real), got)
		}
	}
}

// TestManyAreToldApart invents another name for each of many, and masks a page of them in no time.
func TestManyAreToldApart(t *testing.T) {
	t.Parallel()
	var many []mask.Real
	for i := range 3000 {
		many = append(many, mask.Real{Name: fmt.Sprintf("Shop %c%c %d", 'A'+i%26, 'A'+i/26%26, i)})
	}
	m := mask.New([]byte("k"), many, nil, nil)
	by := map[string]string{}
	for _, one := range many {
		fake := m.Text(one.Name)
		if fake == one.Name || by[fake] != "" {
			t.Fatalf("%s and %s are both called %s", one.Name, by[fake], fake)
		}
		by[fake] = one.Name
	}
}
