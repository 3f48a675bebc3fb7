package ui

import (
	"strings"
	"time"
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

func (points Balances) bounds() (low, high float64) {
	for i, point := range points {
		value := point.Balance.float()
		if i == 0 || value < low {
			low = value
		}
		if i == 0 || value > high {
			high = value
		}
	}
	return low, high
}

// line is the path of the balance across a width of 1000: a balance stays
// until an entry changes it, so it is drawn in steps.
func (points Balances) line(height scale) string {
	var d strings.Builder
	width := points.span()
	for i, point := range points {
		x, y := number(width.share(point.Day)*1000), number(height.y(point.Balance.float()))
		if i == 0 {
			d.WriteString("M" + x + " " + y)
			continue
		}
		d.WriteString("H" + x + "V" + y)
	}
	return d.String() + "H1000"
}

// area is the line closed to the bottom.
func (points Balances) area(height scale) string {
	return points.line(height) + "V" + number(height.bottom) + "H0z"
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
