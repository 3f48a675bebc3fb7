package main

import (
	"context"
	"errors"

	"consentry/app/remind"
	"consentry/app/shell"
	"consentry/frontend"
)

// notify shows reminders on the desktop.
func notify(due []remind.Bundle) (err error) {
	for _, each := range frontend.Notifications(context.Background(), due) {
		err = errors.Join(err, shell.Notify(each.Title, each.Text))
	}
	return err
}
