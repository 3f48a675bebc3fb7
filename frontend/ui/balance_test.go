package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// days are balances on days that follow each other.
func days(numbers ...string) (all Balances) {
	for i, number := range numbers {
		all = append(all, Point{Day: time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i), Balance: Money{Number: number, Currency: "SEK"}})
	}
	return all
}

// TestShape draws a balance in steps, and nothing for days on which it stays.
func TestShape(t *testing.T) {
	for want, points := range map[string]Balances{
		"M0 100H1V50H3V0H4":    days("0", "50", "50", "100", "100"),
		"M0 100H1":             days("0", "0"),
		"M0 0H1V100H2V0H3":     days("100", "0", "100", "100"),
		"M0 66.7H1V33.4H2V0H2": days("33.33", "66.64", "100"),
	} {
		values, _, _ := points.values()
		if got := points.shape(values, scale{0, 100, 0, 100}).line; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestLongShape draws no more than there are dots, and still each height.
func TestLongShape(t *testing.T) {
	numbers := make([]string, 3653)
	for i := range numbers {
		numbers[i] = fmt.Sprint(40 + i%7)
	}
	numbers[1234], numbers[2345] = "100", "0"
	points := days(numbers...)
	values, low, high := points.values()
	got := points.shape(values, scale{low, high, 0, 100}).line
	if !strings.Contains(got, "V0V") || !strings.Contains(got, "V100V") || !strings.HasSuffix(got, "H3652") {
		t.Errorf("the least, the most or the end is missing: %s", got)
	}
	if n := strings.Count(got, "H"); n > mostDots+1 || len(got) > 25_000 {
		t.Errorf("%d steps, %d bytes", n, len(got))
	}
}

// TestNumber writes to the nearest hundredth, with no zeros that say nothing.
func TestNumber(t *testing.T) {
	for value, want := range map[float64]string{0: "0", 0.004: "0", -0.004: "0", 0.5: "0.5", 12.34: "12.34", 12.3: "12.3", -0.06: "-0.06", 99.999: "100", -7.1: "-7.1", 1000: "1000"} {
		if got := number(value); got != want {
			t.Errorf("%v: got %s, want %s", value, got, want)
		}
	}
}

// TestHostileDrawing writes nothing as it came into a picture.
func TestHostileDrawing(t *testing.T) {
	months := Months{{First: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), In: Money{Number: "5", Currency: `<script>"`}, InHref: `/x"onclick="y`}}
	got := months.said(t.Context()).drawn(t.Context())
	if strings.Contains(got, "<script") || strings.Contains(got, `"onclick`) {
		t.Errorf("got %s", got)
	}
}

// TestScaleEnds draws figures between which no round step can be told.
func TestScaleEnds(t *testing.T) {
	for _, between := range [][2]float64{{8e17, 8e17 + 128}, {-1e39, 1e39}, {1e300, 1.7e308}, {-1.7e308, 1.7e308}, {0, 5e-324}} {
		drawn, lines := niceScale(between[0], between[1], 0, 100)
		if len(lines) > mostLines+1 {
			t.Errorf("%v: %d lines", between, len(lines))
		}
		if y := drawn.y(between[0]); y < -100 || y > 200 {
			t.Errorf("%v: %v", between, y)
		}
	}
}
