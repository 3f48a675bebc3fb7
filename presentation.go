package main

import (
	"context"
	"errors"
	"time"

	"consentry/app"
	"consentry/app/shell"
	"consentry/frontend"
)

// present answers requests and shows the program until the person, the system or
// the server ends it.
func present(ctx context.Context, s *stage, screens *frontend.Server, window shell.Options) error {
	go func() { s.end(screens.Serve(s.listener)) }()
	err := s.show(window)
	if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause // the server could not go on
	}
	err = errors.Join(err, s.door.Close()) // so that nobody waits there
	grace, cancel := context.WithTimeout(context.Background(), lastRequests)
	defer cancel()
	if err := screens.Shutdown(grace); err != nil {
		window.Log.Debug("requests were cut off", "error", err)
	}
	return err
}

// lastRequests is how long requests of the person's may go on when the program
// ends. Work in the background has its own time, see app.Config; the practice
// banks have two seconds.
const lastRequests = 3 * time.Second

// present presents what is to be shown until the person or the system ends it.
func (s *stage) present(ctx context.Context, window shell.Options) error {
	switch {
	case s.options.open:
		return shell.Run(ctx, window)
	case s.options.background && shell.Window:
		return s.inBackground(ctx, window)
	}
	<-ctx.Done()
	return nil
}

// waiting returns what counts the consents that wait for the person.
func waiting(ctx context.Context, banks *app.App) func() int {
	return func() int {
		summary, err := banks.Summary(ctx)
		if err != nil {
			return 0
		}
		return summary.NeedYou
	}
}
