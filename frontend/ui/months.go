package ui

import (
	"context"
	"math"
	"slices"
	"time"

	"consentry/frontend/words"
)

// Month is what came in and went out in one month, both as positive sums.
type Month struct {
	First time.Time // its first day
	In    Money
	Out   Money

	Unread bool // none of its days was read: its sums are not known
	Part   bool // some of its days were not read

	InHref, OutHref string // where its sums come from; empty: nowhere
	Own             string // what went between own accounts, in words; empty where nothing did
}

// Months are from old to new, all in one currency.
type Months []Month

// scale has nothing in the middle: in grows up, out grows down.
func (months Months) scale() scale {
	most := 0.0
	for _, month := range months {
		most = max(most, math.Abs(month.In.float()), math.Abs(month.Out.float()))
	}
	return scale{-most, most, 6, 134}
}

// bar is a rectangle: place and width in per cent, height in px.
type bar struct{ x, y, width, height string }

// bars are a month's two, side by side in its share of the width.
func (months Months) bars(i int) (in, out bar) {
	height := months.scale()
	zero := height.y(0)
	part := 1 / float64(len(months))
	left := float64(i) * part
	up := zero - height.y(math.Abs(months[i].In.float()))
	down := height.y(-math.Abs(months[i].Out.float())) - zero
	width := percent(part * 0.3)
	return bar{percent(left + part*0.19), number(zero - up), width, number(up)},
		bar{percent(left + part*0.51), number(zero), width, number(down)}
}

// label is what stands below a month: few do where there are many, and with their years where
// there are more than one.
func (months Months) label(ctx context.Context, i int) string {
	room := 12
	if len(months) > 12 {
		room = 5
	}
	if i%((len(months)+room-1)/room) != 0 {
		return ""
	}
	if len(months) > 12 {
		return words.Date(ctx, months[i].First, "Jan 2006")
	}
	return words.Date(ctx, months[i].First, "Jan")
}

func (months Months) own() bool {
	return slices.ContainsFunc(months, func(m Month) bool { return m.Own != "" })
}

func (months Months) middle(i int) string {
	return percent((float64(i) + 0.5) / float64(len(months)))
}
