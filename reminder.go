package main

import (
	"context"
	"errors"

	"consentry/app/remind"
	"consentry/app/shell"
	"consentry/frontend"
)

// notifier returns what shows reminders on the desktop, in the language of the screens. While the program is locked they name
// nothing.
func (s *stage) notifier(screens *frontend.Server) func([]remind.Bundle) error {
	return func(due []remind.Bundle) (err error) {
		if s.locked.Load() && len(due) > 0 {
			hidden := frontend.HiddenNotification(s.spoken(), len(due))
			return shell.Notify(hidden.Title, hidden.Text)
		}
		for _, each := range frontend.Notifications(screens.Unasked(context.Background()), due) {
			err = errors.Join(err, shell.Notify(each.Title, each.Text))
		}
		return err
	}
}
