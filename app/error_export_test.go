package app

import "time"

// Again returns the words in which the person is told when to come back.
func (a *App) Again(wait time.Duration) string { return a.again("Try again", wait, "in a while") }
