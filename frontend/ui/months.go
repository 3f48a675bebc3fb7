package ui

import (
	"context"
	"math"
	"slices"
	"time"

	"consentry/frontend/words"
)

// Month is what came in and went out in one month, or on one day, both as positive sums.
type Month struct {
	First time.Time // its first day
	Day   bool      // it is that day alone
	In    Money
	Out   Money

	Unread bool // nothing is known of it, nor its sums
	Part   bool // some of its days were not read from the bank
	Filed  bool // files have all of those

	InHref, OutHref string // where its sums come from; empty: nowhere
	Own             string // what went between own accounts, in words; empty where nothing did

	in, out string // the sums in words
}

// Months are from old to new, all in one currency.
type Months []Month

// scale has nothing in the middle: in grows up, out grows down. A month that is not drawn has no part in it.
func (months Months) scale() scale {
	most := 0.0
	for _, month := range months {
		if month.Unread {
			continue
		}
		most = max(most, math.Abs(month.In.float()), math.Abs(month.Out.float()))
	}
	return scale{-most, most, 6, 134}
}

// bars are a month's two, side by side in its share of the width.
func (months Months) bars(i int, height scale) (in, out bar) {
	zero := height.y(0)
	part := 1 / float64(len(months))
	left := float64(i) * part
	up := zero - height.y(math.Abs(months[i].In.float()))
	down := height.y(-math.Abs(months[i].Out.float())) - zero
	width := percent(part * 0.3)
	return bar{percent(left + part*0.19), number(zero - up), width, number(up)},
		bar{percent(left + part*0.51), number(zero), width, number(down)}
}

// whole is all the room of a month of which nothing is known.
func (months Months) whole(i int) bar {
	part := 1 / float64(len(months))
	return bar{percent(float64(i) * part), "6", percent(part), "128"}
}

// drawn is the picture alone: each bar leads to what it is made of.
func (months Months) drawn(ctx context.Context) string {
	var d svg
	height := months.scale()
	d.open("svg", "class", "chart", "height", "160", "aria-hidden", "true")
	for i, month := range months {
		if month.Unread {
			d.link("", "chart-unread", months.whole(i), words.T(ctx, "%s: %s", month.name(ctx), words.T(ctx, "not read")))
		} else {
			in, out := months.bars(i, height)
			name := month.name(ctx)
			d.link(To(ctx, month.InHref), month.class("chart-in"), in, words.T(ctx, "In, %s: %s", name, month.in), "rx", "2")
			d.link(To(ctx, month.OutHref), month.class("chart-out"), out, words.T(ctx, "Out, %s: %s", name, month.out), "rx", "2")
		}
		if label := months.label(ctx, i); label != "" {
			middle := months.middle(i)
			d.words(label, "x", percent(middle), "y", "154", "text-anchor", anchor(middle))
		}
	}
	zero := number(height.y(0))
	d.whole("line", "class", "chart-axis", "x1", "0", "x2", "100%", "y1", zero, "y2", zero)
	d.close("svg")
	return d.String()
}

// name is what its bars are called.
func (month Month) name(ctx context.Context) string {
	if month.Day {
		return words.Date(ctx, month.First, "2 January")
	}
	return words.Date(ctx, month.First, "January")
}

// fullName is what its row is called.
func (month Month) fullName(ctx context.Context) string {
	if month.Day {
		return DateWords(ctx, month.First)
	}
	return words.Date(ctx, month.First, "January 2006")
}

// from says of what its sums are made where not all of its days were read from the bank.
func (month Month) from(ctx context.Context) string {
	switch {
	case month.Unread || !month.Part:
		return ""
	case month.Filed:
		return words.T(ctx, "from a file")
	}
	return words.T(ctx, "in part")
}

// class is that of a month's bar.
func (month Month) class(name string) string {
	if month.Part {
		return name + " chart-part"
	}
	return name
}

// said are the months with their sums in words, which stand twice on a page.
func (months Months) said(ctx context.Context) Months {
	for i := range months {
		if !months[i].Unread {
			months[i].in, months[i].out = months[i].In.Spoken(ctx), months[i].Out.Spoken(ctx)
		}
	}
	return months
}

// label is what stands below a month: every other where there are more than six, few where there are many, and with their years where
// there are more than one.
func (months Months) label(ctx context.Context, i int) string {
	room := 6
	if len(months) > 12 {
		room = 5
	}
	if i%((len(months)+room-1)/room) != 0 {
		return ""
	}
	switch {
	case months[i].Day:
		return words.Date(ctx, months[i].First, "2 Jan")
	case len(months) > 12:
		return words.Date(ctx, months[i].First, "Jan 2006")
	}
	return words.Date(ctx, months[i].First, "Jan")
}

func (months Months) own() bool {
	return slices.ContainsFunc(months, func(m Month) bool { return m.Own != "" })
}

func (months Months) unread() bool {
	return slices.ContainsFunc(months, func(m Month) bool { return m.Unread })
}

// middle is where the middle of a month is, as a share of the width.
func (months Months) middle(i int) float64 {
	return (float64(i) + 0.5) / float64(len(months))
}
