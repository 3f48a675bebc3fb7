package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"

	"consentry/app"
	"consentry/frontend"
	"consentry/frontend/ui"
)

// errAmountsHidden is why there is no file: one in which amounts are hidden would be none that another program reads.
var errAmountsHidden = errors.New("presenter mode hides amounts, and there are no files then: show amounts, or end presenter mode, in the settings")

// shownOutput is where a command prints to: as it may be seen while the person presents (decision 0071), and without the
// characters by which what banks say would move a terminal's cursor, or colour it. What is written at once is masked at
// once, so a line has to be written whole.
type shownOutput struct {
	io.Writer
	shown atomic.Pointer[frontend.Presented]
}

func (o *shownOutput) Write(line []byte) (int, error) {
	text := ui.Seen(string(line))
	if shown := o.shown.Load(); shown != nil {
		text = shown.Shown(text)
	}
	if _, err := io.WriteString(o.Writer, text); err != nil {
		return 0, err
	}
	return len(line), nil
}

// presentTo has outputs be written as they may be seen, with what is known by now, and returns how that is.
func presentTo(ctx context.Context, banks *app.App, outputs ...*shownOutput) (*frontend.Presented, error) {
	shown, err := frontend.Presenting(ctx, banks)
	if err != nil {
		return nil, err
	}
	for _, one := range outputs {
		one.shown.Store(shown)
	}
	return shown, nil
}

// shownFile is what is written into a file, as it may be seen.
func shownFile(shown *frontend.Presented, write func(io.Writer) error) ([]byte, error) {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return nil, err
	}
	if shown == nil {
		return content.Bytes(), nil
	}
	return []byte(shown.Shown(content.String())), nil
}
