package frontend

import (
	"fmt"
	"net/http"

	"consentry/app"
)

// The time line is in sight where the list begins above the fold all the same. How large the window is the
// script tells in a cookie, and what the person chose in another; where it tells neither, as before the first
// page and without script, the time line is folded.
const (
	windowCookie = "consentry-window"     // its width and height, as "1280x800"
	foldCookie   = "consentry-fold-lives" // "open" or "folded"
)

// Heights of what stands above the list of consents, in CSS pixels, as measured in a browser.
const (
	wideFrom       = 641 // the width from which on a page is wide
	headWide       = 300 // what stands above the first card
	headNarrow     = 440
	stripHeight    = 150 // a notice
	needWide       = 84  // a consent in the list
	needNarrow     = 190
	cardHeight     = 80 // of a card, without what it holds
	chartHeight    = 100
	laneWide       = 44
	laneNarrow     = 76
	beginningOfAll = 130 // the heading of the list and its first consent
)

// unfolds reports whether the time line is in sight.
func (view consentsView) unfolds(r *http.Request) bool {
	if r.URL.Query().Get("lives") == "all" {
		return true
	}
	if chosen, err := r.Cookie(foldCookie); err == nil && (chosen.Value == "open" || chosen.Value == "folded") {
		return chosen.Value == "open"
	}
	cookie, err := r.Cookie(windowCookie)
	if err != nil {
		return false
	}
	var width, height int
	if n, err := fmt.Sscanf(cookie.Value, "%dx%d", &width, &height); err != nil || n != 2 {
		return false
	}
	return view.above(width) <= height
}

// above is how much height the list needs to begin below the time line, in a window of some width.
func (view consentsView) above(width int) int {
	head, need, lane := headWide, needWide, laneWide
	if width < wideFrom {
		head, need, lane = headNarrow, needNarrow, laneNarrow
	}
	sum := head + cardHeight + chartHeight + lane*len(view.Lives.Lanes) + beginningOfAll
	if view.Renewals.Round != nil || view.Renewals.count() > 1 {
		sum += stripHeight
	}
	if len(view.Groups) > 0 && view.Groups[0].Group == app.NeedsPerson {
		sum += cardHeight + need*len(view.Groups[0].Consents)
	}
	return sum
}
