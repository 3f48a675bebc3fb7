package ui

import (
	"fmt"
	"strings"
)

// Flags are drawn on a field of 24 by 16. They are simple, not heraldic: at
// the size of a line of text, colours and shapes in the right place are what
// the eye knows a flag by.

// flags holds the countries of the EU and the EEA, and GB, CH and GE.
var flags = map[string]string{
	"AT": rows("#ed2939", "#fff", "#ed2939"),
	"BE": columns("#000", "#fae042", "#ed2939"),
	"BG": rows("#fff", "#00966e", "#d62612"),
	"HR": rows("#f00", "#fff", "#171796") + shield("#fff", "#f00", "M9.5 4h1.25v2H9.5zM12 4h1.25v2H12zM10.75 6H12v2h-1.25zM13.25 6h1.25v2h-1.25zM9.5 8h1.25v2H9.5zM12 8h1.25v2H12zM10.75 10H12v1.7l-1.25-.7z"),
	"CY": field("#fff") + path("#d57800", "M7 8.2 9 6.8l3-.3 2.4-1 2.8-1.7-1.8 2.4.200 1.2-2.6 1.6-1.7.900-2-.3z") + line("#4e5b31", ".8", "M8.5 11q1.5 1.8 3.3 1.7M15.5 11q-1.5 1.8-3.3 1.7"),
	"CZ": rows("#fff", "#d7141a") + path("#11457e", "M0 0l12 8L0 16z"),
	"DK": nordic("#c8102e", "#fff", ""),
	"EE": rows("#0072ce", "#000", "#fff"),
	"FI": nordic("#fff", "#003580", ""),
	"FR": columns("#002395", "#fff", "#ed2939"),
	"DE": rows("#000", "#d00", "#ffce00"),
	"GR": rows("#0d5eaf", "#fff", "#0d5eaf", "#fff", "#0d5eaf", "#fff", "#0d5eaf", "#fff", "#0d5eaf") + path("#0d5eaf", "M0 0h8.9v8.9H0z") + path("#fff", "M3.56 0h1.78v8.9H3.56zM0 3.56h8.9v1.78H0z"),
	"HU": rows("#ce2939", "#fff", "#477050"),
	"IE": columns("#169b62", "#fff", "#ff883e"),
	"IT": columns("#009246", "#fff", "#ce2b37"),
	"LV": field("#9e3039") + path("#fff", "M0 6.4h24v3.2H0z"),
	"LT": rows("#fdb913", "#006a44", "#c1272d"),
	"LU": rows("#ed2939", "#fff", "#00a1de"),
	"MT": columns("#fff", "#cf142b") + path("#8b8f92", "M3.4 1.5h1.8v1.3h1.3v1.8H5.2v1.3H3.4V4.6H2.1V2.8h1.3z"),
	"NL": rows("#ae1c28", "#fff", "#21468b"),
	"PL": rows("#fff", "#dc143c"),
	"PT": field("#f00") + path("#060", "M0 0h9.6v16H0z") + disc("#ff0", 9.6, 8, 3) + path("#fff", "M7.9 6h3.4v2.7q0 1.5-1.7 2.2-1.7-.7-1.7-2.2z") + path("#039", "M9.1 6.8h1v1.2h-1zM9.1 8.7h1v1.1h-1z"),
	"RO": columns("#002b7f", "#fcd116", "#ce1126"),
	"SK": rows("#fff", "#0b4ea2", "#ee1c25") + path("#fff", "M3 3.8h7.4v4.7q0 3-3.7 4.4Q3 11.5 3 8.5z") + path("#ee1c25", "M3.5 4.3h6.4v4.2q0 2.6-3.2 3.8-3.2-1.2-3.2-3.8z") + path("#fff", "M6.3 5h.8v1h1v.8h-1v.9h1.5v.8H7.1V10h-.8V8.5H4.8v-.8h1.5v-.9h-1V6h1z") + path("#0b4ea2", "M4.3 10.3q1-.9 1.6 0 .8-1.1 1.6 0 .8-.9 1.6.1-.7 1.2-2.4 1.9-1.7-.7-2.4-2z"),
	"SI": rows("#fff", "#005da4", "#ed1c24") + path("#005da4", "M4.5 2.8h4.8v3.6q0 2.2-2.4 3.2-2.4-1-2.4-3.2z") + path("#fff", "M4.8 7.9l1.1-1.5.4.5.6-1.4.6 1.4.4-.5 1.1 1.5q-.6 1-2.1 1.7-1.5-.7-2.1-1.7z") + disc("#ffd200", 6.9, 4.1, .45) + line("#ed1c24", ".35", "M4.5 2.8v3.6q0 2.2 2.4 3.2 2.4-1 2.4-3.2V2.8"),
	"ES": field("#aa151b") + path("#f1bf00", "M0 4h24v8H0z") + path("#aa151b", "M5.2 6.6h1.6v1.6H5.2zM6.8 8.2h1.6v1.4q-.3.6-.8.7h-.8z") + path("#c9a02c", "M5.2 5.2h3.2v.9H5.2z") + path("#fff", "M6.8 6.6h1.6v1.6H6.8z") + path("#e0a800", "M5.2 8.2h1.6v2.1q-1.2-.1-1.6-1z") + line("#b8b8b8", ".5", "M4.3 6.3v4M9.3 6.3v4"),
	"SE": nordic("#006aa7", "#fecc00", ""),
	"IS": nordic("#02529c", "#fff", "#dc1e35"),
	"LI": rows("#002b7f", "#ce1126") + path("#ffd83d", "M3.3 6.2V4q1 .3 1.5-.7Q5.7 4 6.1 2.6 6.5 4 7.4 3.3q.5 1 1.5.700v2.2z"),
	"NO": nordic("#ba0c2f", "#fff", "#00205b"),
	"GB": field("#012169") + line("#fff", "3.2", "M0 0l24 16M24 0L0 16") + line("#c8102e", "1.1", "M0 .6 12 8.6M24 16.6 12 8.6M24 -.6 12 7.4M0 15.4 12 7.4") + line("#fff", "5.3", "M12 0v16M0 8h24") + line("#c8102e", "3.2", "M12 0v16M0 8h24"),
	"CH": field("#d52b1e") + path("#fff", "M10.5 3h3v3.5H17v3h-3.5V13h-3V9.5H7v-3h3.5z"),
	"GE": field("#fff") + path("#f00", "M10.5 0h3v16h-3zM0 6.5h24v3H0z") + bolnisi(5.2, 3.2) + bolnisi(18.8, 3.2) + bolnisi(5.2, 12.8) + bolnisi(18.8, 12.8),
}

// noFlag stands for every other country: a plain field with a globe's lines.
var noFlag = field("#dfe4e1") + line("#6f7c77", "1", "M12 3a5 5 0 1 1 0 10 5 5 0 1 1 0-10zM7 8h10M12 3q-4.5 5 0 10M12 3q4.5 5 0 10")

// drawing is the inner SVG of a country's flag.
func drawing(country string) string {
	if flag, ok := flags[strings.ToUpper(country)]; ok {
		return flag
	}
	return noFlag
}

func field(colour string) string { return path(colour, "M0 0h24v16H0z") }

func path(colour, d string) string { return fmt.Sprintf(`<path fill="%s" d="%s"/>`, colour, d) }

func line(colour, width, d string) string {
	return fmt.Sprintf(`<path fill="none" stroke="%s" stroke-width="%s" d="%s"/>`, colour, width, d)
}

func disc(colour string, x, y, r float64) string {
	return fmt.Sprintf(`<circle fill="%s" cx="%g" cy="%g" r="%g"/>`, colour, x, y, r)
}

// rows are equal stripes from top to bottom, columns from hoist to fly.
func rows(colours ...string) string {
	var drawn strings.Builder
	height := 16 / float64(len(colours))
	for i, colour := range colours {
		fmt.Fprintf(&drawn, `<path fill="%s" d="M0 %.4gh24v%.4gH0z"/>`, colour, float64(i)*height, height)
	}
	return drawn.String()
}

func columns(colours ...string) string {
	var drawn strings.Builder
	width := 24 / float64(len(colours))
	for i, colour := range colours {
		fmt.Fprintf(&drawn, `<path fill="%s" d="M%.4g 0h%.4gv16H%.4gz"/>`, colour, float64(i)*width, width, float64(i)*width)
	}
	return drawn.String()
}

// nordic is a cross towards the hoist, with a second one inside it where the
// flag has one.
func nordic(ground, cross, inner string) string {
	drawn := field(ground) + path(cross, "M6.5 0h4v16h-4zM0 6h24v4H0z")
	if inner != "" {
		drawn += path(inner, "M7.5 0h2v16h-2zM0 7h24v2H0z")
	}
	return drawn
}

// shield is Croatia's, whose chequers are the flag.
func shield(ground, chequers, squares string) string {
	return path(ground, "M9.5 4h5v5q0 2-2.5 3-2.5-1-2.5-3z") + path(chequers, squares) + line(chequers, ".3", "M9.5 4h5v5q0 2-2.5 3-2.5-1-2.5-3z")
}

// bolnisi is the small cross in each quarter of Georgia's flag.
func bolnisi(x, y float64) string {
	return fmt.Sprintf(`<path fill="#f00" d="M%g %gh1.2l-.2 1.1 1.1-.2v1.2l-1.1-.2.2 1.1h-1.2l.2-1.1-1.1.2v-1.2l1.1.2z"/>`, x-.6, y-1.6)
}
