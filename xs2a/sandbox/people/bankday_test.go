package people

import "testing"

func day(t *testing.T, text string) Day {
	t.Helper()
	d, err := ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEaster(t *testing.T) {
	for _, want := range []string{
		"1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05",
		"2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2035-03-25", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22",
	} {
		sunday := day(t, want)
		if got := easterOf(sunday.Time().Year()); got != sunday {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestBankDays(t *testing.T) {
	for _, test := range []struct{ day, currency, from, until string }{
		{"2026-11-20", "EUR", "2026-11-20", "2026-11-20"},
		{"2026-11-21", "EUR", "2026-11-23", "2026-11-20"},
		{"2026-04-03", "EUR", "2026-04-07", "2026-04-02"}, // Good Friday
		{"2026-04-06", "SEK", "2026-04-07", "2026-04-02"},
		{"2027-01-01", "EUR", "2027-01-04", "2026-12-31"},
		{"2027-01-01", "SEK", "2027-01-04", "2026-12-30"},
		{"2026-12-24", "EUR", "2026-12-24", "2026-12-24"},
		{"2026-12-24", "SEK", "2026-12-28", "2026-12-23"},
		{"2026-05-01", "EUR", "2026-05-04", "2026-04-30"},
		{"2026-05-14", "EUR", "2026-05-14", "2026-05-14"}, // Ascension Day
		{"2026-05-14", "SEK", "2026-05-15", "2026-05-13"},
		{"2027-01-06", "SEK", "2027-01-07", "2027-01-05"},
		{"2026-06-19", "SEK", "2026-06-22", "2026-06-18"}, // Midsummer's Eve
		{"2026-06-19", "EUR", "2026-06-19", "2026-06-19"},
	} {
		d := day(t, test.day)
		if from, until := d.BankDayFrom(test.currency), d.BankDayUntil(test.currency); from.String() != test.from || until.String() != test.until {
			t.Errorf("%s %s: %s and %s, want %s and %s", test.currency, test.day, from, until, test.from, test.until)
		}
	}
}

func TestInMonth(t *testing.T) {
	for _, test := range []struct {
		from       string
		after, day int
		want       string
	}{
		{"2027-01-31", 0, 31, "2027-01-31"}, {"2027-01-31", 1, 31, "2027-02-28"}, {"2027-01-31", 13, 30, "2028-02-29"},
		{"2026-11-20", 2, 5, "2027-01-05"}, {"2026-11-20", 3, 31, "2027-02-28"}, {"2026-12-31", 1, 31, "2027-01-31"},
	} {
		if got := day(t, test.from).InMonth(test.after, test.day); got.String() != test.want {
			t.Errorf("%s, %d months on, day %d: %s, want %s", test.from, test.after, test.day, got, test.want)
		}
	}
}
