package ui

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"consentry/frontend/words"
)

// Point is the balance at the end of a day.
type Point struct {
	Day     time.Time
	Balance Money
}

// Stretch is some days of a course, and where what happened in them is told.
type Stretch struct {
	From, Until time.Time // the day after the last
	Label, Href string
	End         Money // the balance at its end

	said string
}

// Balances is a balance over time: points from old to new, one currency.
type Balances []Point

// Heights of the chart in px.
const (
	chartTop    = 18
	chartBottom = 138
	chartHeight = 164
)

func (points Balances) span() span {
	if len(points) == 0 {
		return span{}
	}
	return span{points[0].Day, points[len(points)-1].Day}
}

// values are the balances as numbers to draw, with the least and the most of them.
func (points Balances) values() (values []float64, low, high float64) {
	values = make([]float64, len(points))
	for i, point := range points {
		value := point.Balance.float()
		if values[i] = value; i == 0 || value < low {
			low = value
		}
		if i == 0 || value > high {
			high = value
		}
	}
	return values, low, high
}

// mostDots is about how many dots a picture is wide.
const mostDots = 1200

// shape is the path of a balance, a day wide for each, and the area below it.
type shape struct {
	days       int
	line, area string
}

// viewBox is what the path is drawn in.
func (s shape) viewBox(height int) string { return fmt.Sprintf("0 0 %d %d", s.days, height) }

// shape draws the balance: it stays until an entry changes it, so it is drawn in steps. Where there are
// more days than dots, those of one dot are drawn as the least and the most of them.
func (points Balances) shape(values []float64, height scale) shape {
	s := shape{days: max(points.day(len(points)-1), 1)}
	text, before := make([]byte, 0, 12*min(len(points), 2*mostDots)), ""
	to := func(value float64) {
		at := len(text)
		text = appendNumber(append(text, 'V'), height.y(value), 1)
		if y := string(text[at:]); y == before {
			text = text[:at]
		} else {
			before = y
		}
	}
	text = append(text, "M0 "...)
	text = appendNumber(text, height.y(values[0]), 1)
	before = "V" + string(text[len("M0 "):])
	every := (len(points) + mostDots - 1) / mostDots
	for from := 0; from < len(points); from += every {
		dot := values[from:min(from+every, len(points))]
		at := len(text)
		text = strconv.AppendInt(append(text, 'H'), int64(points.day(from)), 10)
		moved := len(text)
		low, high := lowest(dot), highest(dot)
		to(dot[min(low, high)])
		to(dot[max(low, high)])
		to(dot[len(dot)-1])
		if len(text) == moved {
			text = text[:at]
		}
	}
	text = strconv.AppendInt(append(text, 'H'), int64(s.days), 10)
	s.line = string(text)
	s.area = s.line + "V" + number(height.bottom) + "H0z"
	return s
}

// day counts the days from the first point to another.
func (points Balances) day(i int) int { return int(points[i].Day.Sub(points[0].Day).Hours() / 24) }

func lowest(values []float64) (at int) {
	for i, value := range values {
		if value < values[at] {
			at = i
		}
	}
	return at
}

func highest(values []float64) (at int) {
	for i, value := range values {
		if value > values[at] {
			at = i
		}
	}
	return at
}

// monthEnds are the points a listener is told: the last of each month.
func (points Balances) monthEnds() Balances {
	var ends Balances
	for i, point := range points {
		if i+1 == len(points) || points[i+1].Day.Month() != point.Day.Month() {
			ends = append(ends, point)
		}
	}
	return ends
}

// drawn is the picture alone, with the days that lead somewhere.
func (points Balances) drawn(ctx context.Context, stretches []Stretch) string {
	values, low, high := points.values()
	height, lines := niceScale(low, high, chartTop, chartBottom)
	of, width := points.shape(values, height), points.span()
	var d svg
	d.open("svg", "class", "chart chart-scaled", "height", strconv.Itoa(chartHeight), "aria-hidden", "true")
	for _, value := range lines {
		class := "chart-grid"
		if value == 0 {
			class = "chart-grid chart-axis"
		}
		y := number(height.y(value))
		d.whole("line", "class", class, "x1", "0", "x2", "100%", "y1", y, "y2", y)
	}
	d.open("svg", "width", "100%", "height", strconv.Itoa(chartHeight), "viewBox", of.viewBox(chartHeight), "preserveAspectRatio", "none")
	d.whole("path", "class", "chart-area", "d", of.area)
	d.whole("path", "class", "chart-line", "d", of.line)
	d.close("svg")
	for _, value := range lines {
		d.words(axisText(ctx, value), "class", "chart-value", "x", "-8", "y", number(height.y(value)+4), "text-anchor", "end")
	}
	bottom := number(height.bottom)
	for _, part := range stretches {
		d.link(To(ctx, part.Href), "chart-stretch", bar{width.x(part.From), "0", percent(width.share(part.Until) - width.share(part.From)), bottom}, part.Label+": "+part.said)
	}
	for _, month := range width.months(6) {
		d.words(words.Date(ctx, month, width.form()), "x", width.x(month), "y", strconv.Itoa(chartHeight-6), "text-anchor", anchor(width.share(month)))
	}
	d.close("svg")
	return d.String()
}

// said are stretches with their balances in words, which stand twice on a page.
func said(ctx context.Context, stretches []Stretch) []Stretch {
	for i := range stretches {
		stretches[i].said = stretches[i].End.Spoken(ctx)
	}
	return stretches
}
