package shell

import (
	"math"
	"slices"
)

// Place is where a window is, how large, and how large what it shows.
type Place struct {
	X, Y, Width, Height int     // on the screens' common plane; all 0: not known
	Maximised           bool    // and what it would measure otherwise
	Zoom                float64 // 1 is the usual size; 0: not known
}

// Screen is the part of a screen that windows may have.
type Screen struct{ X, Y, Width, Height int }

// The size of a window that was never moved, and the least.
const (
	usualWidth, usualHeight = 1280, 860
	leastWidth, leastHeight = 360, 560
)

// zooms are how large what a window shows can be, as browsers have it; usualZoom is among them.
var zooms = []float64{0.5, 0.67, 0.75, 0.8, 0.9, usualZoom, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3}

const usualZoom = 1.0

// grip is how much of a window's upper edge must be on a screen, so that a person can take hold of it.
const grip = 120

// within returns a place that a person can see: the same where the screens hold it, else as large as the first screen allows,
// and where the system puts windows. Screens may have gone since.
func (p Place) within(screens []Screen) Place {
	if p.Width < leastWidth || p.Height < leastHeight {
		p.X, p.Y, p.Width, p.Height = 0, 0, usualWidth, usualHeight
	}
	p.Zoom = zoomWithin(p.Zoom)
	for _, s := range screens {
		if p.heldBy(s) {
			return p.shrunk(s)
		}
	}
	p.X, p.Y = 0, 0
	if len(screens) > 0 {
		p = p.shrunk(screens[0])
		p.X, p.Y = screens[0].X+(screens[0].Width-p.Width)/2, screens[0].Y+(screens[0].Height-p.Height)/2
	}
	return p
}

// heldBy reports whether enough of the upper edge is on a screen.
func (p Place) heldBy(s Screen) bool {
	across := min(p.X+p.Width, s.X+s.Width) - max(p.X, s.X)
	return across >= grip && p.Y >= s.Y && p.Y < s.Y+s.Height-grip
}

func (p Place) shrunk(s Screen) Place {
	p.Width, p.Height = min(p.Width, s.Width), min(p.Height, s.Height)
	return p
}

// zoomWithin is the nearest zoom that there is.
func zoomWithin(zoom float64) float64 {
	if math.IsNaN(zoom) || zoom <= 0 {
		return usualZoom
	}
	nearest := usualZoom
	for _, one := range zooms {
		if math.Abs(one-zoom) < math.Abs(nearest-zoom) {
			nearest = one
		}
	}
	return nearest
}

// zoomedBy is the zoom so many steps further; at the ends it stays.
func zoomedBy(zoom float64, steps int) float64 {
	at := slices.Index(zooms, zoomWithin(zoom)) + steps
	return zooms[min(max(at, 0), len(zooms)-1)]
}
