package page

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"net/http"

	"consentry/xs2a/sandbox/bank"
)

// Motifs are drawn in white on a square of 64.
var Motifs = map[string]string{
	"star":  `<path d="M32 10l6 16 16 6-16 6-6 16-6-16-16-6 16-6z"/>`,
	"wave":  `<path d="M8 34c8-10 16-10 24 0s16 10 24 0v8c-8 10-16 10-24 0s-16-10-24 0zM8 20c8-10 16-10 24 0s16 10 24 0v6c-8 10-16 10-24 0s-16-10-24 0z"/>`,
	"oak":   `<path d="M32 10a13 13 0 0 1 12 12 10 10 0 0 1-4 18H24a10 10 0 0 1-4-18 13 13 0 0 1 12-12zM29 40h6v14h-6z"/>`,
	"horse": `<path d="M16 52V30l8-8 2-10 8 8 14 6-4 8h-8v18h-6V42H22v10z"/>`,
	"sail":  `<path d="M30 10v30H12zM34 18l16 22H34zM10 44h44l-8 10H18z"/>`,
	"tower": `<path d="M24 12h16v8h4v6h-4v26H24V26h-4v-6h4zM29 32v8h6v-8z"/>`,
	"peak":  `<path d="M6 50l18-32 9 15 7-11 18 28z"/>`,
	"leaf":  `<path d="M14 50c-4-26 12-38 38-38 0 26-12 42-30 34l-6 8z"/>`,
}

// Logo sends a bank's logo, as SVG.
func Logo(w http.ResponseWriter, b *bank.Bank) {
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, _ = io.WriteString(w, drawn(b))
}

func drawn(b *bank.Bank) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img"><title>%s</title><rect width="64" height="64" rx="%d" fill="%s"/><g fill="#fff">%s</g></svg>`+"\n",
		html.EscapeString(b.Display()), b.Look.Radius, b.Look.Ink, Motifs[b.Look.Motif])
}

// PlainLook is that of pages of no bank.
var PlainLook = bank.Look{Ink: "#333333", Glow: "#dddddd", Font: "Georgia, serif"}

//go:embed style.css
var sheet string

// aloneSheet is what a page that stands alone has besides.
//
//go:embed alone.css
var aloneSheet string

// Style sends the one stylesheet in a bank's colours.
func Style(w http.ResponseWriter, l bank.Look) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = io.WriteString(w, styled(l))
}

func styled(l bank.Look) string {
	return fmt.Sprintf(":root { --ink: %s; --glow: %s; --radius: %dpx; --head: %s; }\n%s", l.Ink, l.Glow, l.Radius, l.Font, sheet)
}
