package frontend

import (
	"context"
	"strings"

	"consentry/app"
	"consentry/app/activity"
)

// Presented masks what leaves the program by another way than its screens while the person presents: what a command
// prints, and its files. Nil is for who does not present, and masks nothing.
type Presented struct{ presentation }

// Presenting returns how the program's data are shown: nil where the person does not present.
func Presenting(ctx context.Context, a *app.App) (*Presented, error) {
	settings, err := a.Settings(ctx)
	if err != nil || !settings.Presenting.On {
		return nil, err
	}
	m, err := a.Mask(ctx)
	if err != nil {
		return nil, err
	}
	return &Presented{presentation{m, settings.Presenting.HideAmounts}}, nil
}

// HidesAmounts reports whether amounts are not to be seen either. There are no files of exchanges then.
func (p *Presented) HidesAmounts() bool { return p != nil && p.hideAmounts }

// Shown returns a text as it may be seen.
func (p *Presented) Shown(text string) string {
	if p == nil {
		return text
	}
	return p.text(text)
}

// Meant returns what was typed with the real names and numbers in place of invented ones.
func (p *Presented) Meant(typed string) string {
	if p == nil {
		return typed
	}
	return p.Real(typed)
}

// Taken returns what is taken along as it may be seen: masked before it is written, since names and numbers may be
// spelled in ways of their own within a file.
func (p *Presented) Taken(taking activity.Taking) activity.Taking {
	if p == nil {
		return taking
	}
	return taking.Masked(func(address string) string {
		return strings.ReplaceAll(p.Text(p.address(address)), " ", "%20")
	}, p.Text)
}
