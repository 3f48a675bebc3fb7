package shell

import (
	"math"
	"testing"
)

// TestPlaceIsSeen has a window where a person sees it, whatever was kept and whichever screens are left.
func TestPlaceIsSeen(t *testing.T) {
	desk, beside := Screen{0, 27, 1920, 1053}, Screen{-1280, 0, 1280, 1024}
	for name, c := range map[string]struct {
		kept    Place
		screens []Screen
		want    Place
	}{
		"as it was":                     {Place{X: 100, Y: 90, Width: 900, Height: 700, Zoom: 1.1}, []Screen{desk}, Place{X: 100, Y: 90, Width: 900, Height: 700, Zoom: 1.1}},
		"on the second screen":          {Place{X: -1200, Y: 10, Width: 900, Height: 700, Zoom: 1}, []Screen{desk, beside}, Place{X: -1200, Y: 10, Width: 900, Height: 700, Zoom: 1}},
		"the second screen has gone":    {Place{X: -1200, Y: 10, Width: 900, Height: 700, Zoom: 1}, []Screen{desk}, Place{X: 510, Y: 203, Width: 900, Height: 700, Zoom: 1}},
		"below every screen":            {Place{X: 100, Y: 5000, Width: 900, Height: 700, Zoom: 1}, []Screen{desk}, Place{X: 510, Y: 203, Width: 900, Height: 700, Zoom: 1}},
		"its title above the screen":    {Place{X: 100, Y: -40, Width: 900, Height: 700, Zoom: 1}, []Screen{desk}, Place{X: 510, Y: 203, Width: 900, Height: 700, Zoom: 1}},
		"a corner alone on the screen":  {Place{X: 1900, Y: 100, Width: 900, Height: 700, Zoom: 1}, []Screen{desk}, Place{X: 510, Y: 203, Width: 900, Height: 700, Zoom: 1}},
		"larger than the screen":        {Place{X: 0, Y: 27, Width: 3000, Height: 2000, Zoom: 1}, []Screen{desk}, Place{X: 0, Y: 27, Width: 1920, Height: 1053, Zoom: 1}},
		"never moved":                   {Place{}, []Screen{desk}, Place{X: 320, Y: 123, Width: 1280, Height: 860, Zoom: 1}},
		"nonsense":                      {Place{X: 1 << 40, Y: -1 << 40, Width: -4, Height: 3, Zoom: math.NaN()}, []Screen{desk}, Place{X: 320, Y: 123, Width: 1280, Height: 860, Zoom: 1}},
		"enlarged beyond all reading":   {Place{X: 100, Y: 90, Width: 900, Height: 700, Zoom: 80}, []Screen{desk}, Place{X: 100, Y: 90, Width: 900, Height: 700, Zoom: 3}},
		"the screens are not known":     {Place{X: 100, Y: 90, Width: 900, Height: 700, Zoom: 1}, nil, Place{Width: 900, Height: 700, Zoom: 1}},
		"maximised, and so it is again": {Place{X: 100, Y: 90, Width: 900, Height: 700, Maximised: true, Zoom: 1}, []Screen{desk}, Place{X: 100, Y: 90, Width: 900, Height: 700, Maximised: true, Zoom: 1}},
	} {
		if got := c.kept.within(c.screens); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestZoom(t *testing.T) {
	for _, c := range []struct {
		from  float64
		steps int
		want  float64
	}{{1, 1, 1.1}, {1.1, 1, 1.25}, {1.1, -1, 1}, {1, -1, 0.9}, {3, 1, 3}, {0.5, -1, 0.5}, {1.21, 0, 1.25}, {0, 1, 1.1}, {math.Inf(1), 0, 1}} {
		if got := zoomedBy(c.from, c.steps); got != c.want {
			t.Errorf("%v by %d: %v, want %v", c.from, c.steps, got, c.want)
		}
	}
}
