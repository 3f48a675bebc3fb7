package ui

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"consentry/frontend/words"
)

// Charts place grid, words and bars in per cent of the width, so that words
// keep their size while the picture follows the window; only lines are
// stretched. Figures become floating point here and nowhere else: a picture
// has no use for more digits than the screen has dots.

// scale maps values to heights: low at the bottom, high at the top.
type scale struct{ low, high, top, bottom float64 }

func (s scale) y(value float64) float64 {
	if s.high == s.low {
		return s.bottom
	}
	return s.bottom - (value-s.low)/(s.high-s.low)*(s.bottom-s.top)
}

// mostLines bounds the lines of a picture; usually there are three to five.
const mostLines = 8

// niceScale widens low and high to round numbers and yields the values worth
// a line between them.
func niceScale(low, high, top, bottom float64) (scale, []float64) {
	if high == low {
		high, low = high+math.Max(1, math.Abs(high)/10), low-math.Max(1, math.Abs(low)/10)
	}
	step := niceStep((high - low) / 3)
	low, high = math.Floor(low/step)*step, math.Ceil(high/step)*step
	// Of figures so large that a step between them cannot be told there are no lines.
	many := math.Round((high - low) / step)
	if !(many <= mostLines) {
		return scale{low, high, top, bottom}, nil
	}
	lines := make([]float64, 0, mostLines+1)
	for i := range int(many) + 1 {
		lines = append(lines, low+float64(i)*step)
	}
	return scale{low, high, top, bottom}, lines
}

// niceStep is the next of 1, 2, 5 times a power of ten.
func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, factor := range []float64{1, 2, 5} {
		if rough <= factor*power {
			return factor * power
		}
	}
	return 10 * power
}

// float is for drawing only.
func (m Money) float() float64 {
	value, err := strconv.ParseFloat(strings.TrimSpace(m.Number), 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return 0
	}
	return value
}

// axisText writes a grid line's value in whole units, grouped for the reader.
// What drawing added behind the sixth decimal is left out.
func axisText(ctx context.Context, value float64) string {
	number := strconv.FormatFloat(math.Round(value*1e6)/1e6, 'f', -1, 64)
	return Money{Number: number}.Text(ctx)
}

// span maps days to per cent of the width.
type span struct{ from, until time.Time }

func (s span) share(at time.Time) float64 {
	whole := s.until.Sub(s.from)
	if whole <= 0 {
		return 0
	}
	return min(max(float64(at.Sub(s.from))/float64(whole), 0), 1)
}

func (s span) x(at time.Time) string { return percent(s.share(at)) }

// months are the first days of the months in the span, every nth so that no
// more than there is room for have to stand side by side.
func (s span) months(room int) []time.Time {
	var firsts []time.Time
	for first := time.Date(s.from.Year(), s.from.Month()+1, 1, 0, 0, 0, 0, time.UTC); !first.After(s.until); first = first.AddDate(0, 1, 0) {
		firsts = append(firsts, first)
	}
	every := (len(firsts) + room - 1) / room
	var some []time.Time
	for i, first := range firsts {
		if i%max(every, 1) == 0 {
			some = append(some, first)
		}
	}
	return some
}

// form is how months below a picture are written: with their years where there are more than one.
func (s span) form() words.Text {
	if s.until.Sub(s.from) > 400*24*time.Hour {
		return "Jan 2006"
	}
	return "Jan"
}

// anchor keeps words at the edges inside the picture.
func anchor(share float64) string {
	switch {
	case share < 0.08:
		return "start"
	case share > 0.92:
		return "end"
	}
	return "middle"
}

// longAnchor does it for words that take up to a third of a narrow picture.
func longAnchor(share float64) string {
	switch {
	case share < 0.17:
		return "start"
	case share > 0.83:
		return "end"
	}
	return "middle"
}

func percent(share float64) string { return number(share*100) + "%" }

// number writes a place or a length, to a hundredth.
func number(value float64) string { return string(appendNumber(nil, value, 2)) }

// appendNumber adds a number with so many decimals at most, two of them or one. Charts have a thousand,
// which package fmt would take longer to write than the rest of their page.
func appendNumber(text []byte, value float64, decimals int) []byte {
	n := int64(math.Round(value * 100))
	if decimals == 1 {
		n = int64(math.Round(value*10)) * 10
	}
	if n < 0 {
		text, n = append(text, '-'), -n
	}
	text = strconv.AppendInt(text, n/100, 10)
	tenths, hundredths := byte(n/10%10), byte(n%10)
	if tenths == 0 && hundredths == 0 {
		return text
	}
	if text = append(text, '.', '0'+tenths); hundredths != 0 {
		text = append(text, '0'+hundredths)
	}
	return text
}
