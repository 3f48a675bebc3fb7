package ui

import "strings"

// plainStyle is how a locale writes amounts, where it does so with western digits in groups of
// three and the sign before them: the library takes ten times as long, and a list has fifty.
type plainStyle struct {
	plain        bool // it does
	point, group string
	fewest       int // digits before the point that are parted into groups
}

// learn finds a locale's style in what the library writes.
func (locale *writing) learn() plainStyle {
	sample := func(number string, plus bool) string { return Money{number, "EUR"}.writeIn(locale, plus) }
	whole, _ := strings.CutSuffix(sample("1234567.25", false), "25")
	group, _, _ := strings.Cut(strings.TrimPrefix(whole, "1"), "2")
	style := plainStyle{group: group, point: strings.TrimPrefix(whole, "1"+group+"234"+group+"567"), fewest: 5}
	if strings.Contains(sample("1234", false), "1"+group+"234") {
		style.fewest = 4
	}
	style.plain = true
	for _, number := range []string{"1234567.25", "-1234567.25", "123", "1234", "12345", "-123456.5", "0.05"} {
		for _, plus := range []bool{false, true} {
			style.plain = style.plain && style.figures(number, 2, plus && number[0] != '-') == sample(number, plus)
		}
	}
	return style
}

// isPlain reports whether a number has the form amounts have nearly always: -1234.50, of which
// something is left without its sign.
func isPlain(number string) bool {
	digits := strings.TrimPrefix(number, "-")
	whole, fraction, pointed := strings.Cut(digits, ".")
	switch {
	case whole == "" || len(digits) > 16 || pointed == (fraction == "") || strings.ContainsAny(whole, "+-") || strings.ContainsAny(fraction, "+-."):
		return false
	case whole[0] == '0':
		return len(whole) == 1 && len(digits) == len(number)
	}
	return true
}

// figures writes a plain number with so many decimals at least. None is rounded.
func (style plainStyle) figures(number string, least int, plus bool) string {
	digits := strings.TrimPrefix(number, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	for len(fraction) > least && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	var b strings.Builder
	b.Grow(len(number) + 16)
	switch {
	case len(digits) < len(number):
		b.WriteString(minus)
	case plus:
		b.WriteByte('+')
	}
	if len(whole) >= style.fewest {
		for first := (len(whole)-1)%3 + 1; len(whole) > 3; first = 3 {
			b.WriteString(whole[:first])
			b.WriteString(style.group)
			whole = whole[first:]
		}
	}
	b.WriteString(whole)
	if fraction != "" || least > 0 {
		b.WriteString(style.point)
		b.WriteString(fraction)
		for range least - len(fraction) {
			b.WriteByte('0')
		}
	}
	return b.String()
}
