package main

import (
	"context"
	"errors"

	"consentry/app/remind"
	"consentry/app/shell"
	"consentry/frontend"
)

// notify shows reminders on the desktop. While the program is locked they name nothing.
func (s *stage) notify(due []remind.Reminder) (err error) {
	if s.locked.Load() && len(due) > 0 {
		hidden := frontend.HiddenNotification(context.Background(), len(due))
		return shell.Notify(hidden.Title, hidden.Text)
	}
	for _, each := range frontend.Notifications(context.Background(), due) {
		err = errors.Join(err, shell.Notify(each.Title, each.Text))
	}
	return err
}
