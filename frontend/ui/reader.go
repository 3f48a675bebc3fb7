// Package ui holds the parts screens are built from. Each component is one
// block of the same name in static/app.css; neither uses an inline style or
// script, because the content security policy forbids both.
//
// How amounts and times are written depends on who reads them. That travels in
// the context (see Reader), so that a component is given data only.
//
// No component is inlined: the compiler would copy all that it draws to each of the
// screens that have it, eighty times for a button.
package ui

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"
)

// Reader is the person in front of the screen.
type Reader struct {
	// Locale is a BCP 47 tag such as "sv-SE": it decides how figures are
	// grouped. The words are those of package words whatever it says.
	Locale string
	// Zone is where the person's clock stands; nil means UTC.
	Zone *time.Location
	// Now is the moment the page is made. It decides what "today" is; without
	// it no day is, and dates bear their year.
	Now time.Time
	// HidesAmounts is set while others look on who are not to see how much it is.
	HidesAmounts bool
	// Part is set where what is made comes into a page that is there already.
	Part bool
}

type readerKey struct{}

// WithReader returns a page's components the person they write for.
func WithReader(ctx context.Context, reader Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, reader)
}

// Next marks what a person does next on a page: the focus is on it when the page comes. What
// comes into a page leaves the focus where the person has put it.
func Next(ctx context.Context) templ.Attributes {
	if readerOf(ctx).Part {
		return nil
	}
	return templ.Attributes{"autofocus": true}
}

// At shows content as of another moment than the rest of the page: of an
// environment whose clock is ahead. The zero moment is the page's own.
func At(now time.Time, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		reader := readerOf(ctx)
		if !now.IsZero() {
			reader.Now = now
		}
		return content.Render(WithReader(ctx, reader), w)
	})
}

// readerOf never fails: without a Reader, British English and UTC are used. It
// asks no clock: a page that forgot to say when it is made would be right on the
// day it was written.
func readerOf(ctx context.Context) Reader {
	reader, _ := ctx.Value(readerKey{}).(Reader)
	if reader.Locale == "" {
		reader.Locale = "en-GB"
	}
	if reader.Zone == nil {
		reader.Zone = time.UTC
	}
	return reader
}
