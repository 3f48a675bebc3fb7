package ui

import (
	"html"
	"strings"
)

// svg is a picture in SVG. It is written by hand and not by templates: the charts of a page have
// hundreds of shapes, and a component for each takes longer than all else of it.
type svg struct{ strings.Builder }

// open begins an element with its attributes: a name and a value each.
func (d *svg) open(name string, attributes ...string) {
	d.WriteByte('<')
	d.WriteString(name)
	for i := 0; i+1 < len(attributes); i += 2 {
		d.WriteByte(' ')
		d.WriteString(attributes[i])
		d.WriteString(`="`)
		d.WriteString(html.EscapeString(attributes[i+1]))
		d.WriteByte('"')
	}
	d.WriteByte('>')
}

func (d *svg) close(name string) {
	d.WriteString("</")
	d.WriteString(name)
	d.WriteByte('>')
}

// whole is an element with nothing in it.
func (d *svg) whole(name string, attributes ...string) {
	d.open(name, attributes...)
	d.close(name)
}

// words are a text that stands in the picture.
func (d *svg) words(text string, attributes ...string) {
	d.open("text", attributes...)
	d.WriteString(html.EscapeString(text))
	d.close("text")
}

// bar is a rectangle: place and width in per cent, height in px.
type bar struct{ x, y, width, height string }

// link is a rectangle that leads somewhere, or nowhere, and says what it is to those who point at it. Who
// does not has the same links in a table. One without height is not to be seen, and not drawn.
func (d *svg) link(href, class string, of bar, title string, attributes ...string) {
	if of.height == "0" {
		return
	}
	if href != "" {
		d.open("a", "href", href, "tabindex", "-1")
	}
	d.open("rect", append([]string{"class", class, "x", of.x, "y", of.y, "width", of.width, "height", of.height}, attributes...)...)
	d.open("title")
	d.WriteString(html.EscapeString(title))
	d.close("title")
	d.close("rect")
	if href != "" {
		d.close("a")
	}
}
