package main

import (
	"context"
	"errors"

	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage"
)

// alerter returns what shows alerts on the desktop, in the language of the screens. While the program is locked they are
// counted alone.
func (s *stage) alerter(screens *frontend.Server) func([]storage.Alert) error {
	return func(told []storage.Alert) error {
		notifications, err := screens.AlertNotifications(screens.Unasked(context.Background()), told, s.locked.Load())
		for _, each := range notifications {
			err = errors.Join(err, shell.Notify(each.Title, each.Text))
		}
		return err
	}
}
