package main

import (
	"context"
	"errors"

	"consentry/app/remind"
	"consentry/app/shell"
	"consentry/frontend"
)

// notifier returns what shows reminders on the desktop, in the language of the screens.
func notifier(screens *frontend.Server) func([]remind.Bundle) error {
	return func(due []remind.Bundle) (err error) {
		for _, each := range frontend.Notifications(screens.Unasked(context.Background()), due) {
			err = errors.Join(err, shell.Notify(each.Title, each.Text))
		}
		return err
	}
}
