package ui

import (
	"context"
	"html"
	"io"

	"github.com/a-h/templ"
)

// marked shows a text with what was looked for in it. It is no template: a page has a hundred of them,
// and each template asks its context for what no text needs.
func marked(text string, marks Marks) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if marks == nil {
			return writeAll(w, html.EscapeString(text))
		}
		for piece, is := range marks(text) {
			before, after := "", ""
			if is {
				before, after = "<mark>", "</mark>"
			}
			if err := writeAll(w, before, html.EscapeString(piece), after); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeAll writes texts one after the other.
func writeAll(w io.Writer, texts ...string) error {
	for _, text := range texts {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}
