package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// The practice banks' clock can be moved ahead, so that what takes half a year
// can be seen in a minute. The banks keep it; everything about a consent at
// one of them goes by it. A live environment never sees it, and neither do
// signatures and the record of exchanges, which tell the real time.

const (
	// longestJump is the furthest the clock is moved at once, in days.
	longestJump = 366

	clockTimeout = 5 * time.Second
)

// NowAt is the time in an environment.
func (a *App) NowAt(environmentID string) time.Time {
	if a.banks.IsPractice(environmentID) {
		return a.now().Add(a.Ahead())
	}
	return a.now()
}

// Ahead is how far the practice banks' clock is ahead.
func (a *App) Ahead() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ahead
}

// storeAt returns the store with an environment's clock.
func (a *App) storeAt(environmentID string) *storage.Store {
	return a.store.At(func() time.Time { return a.NowAt(environmentID) })
}

// UseSandbox points environments to practice banks, and takes over their clock.
func (a *App) UseSandbox(ctx context.Context, environments ...storage.Environment) error {
	if err := a.banks.UsePractice(ctx, environments...); err != nil {
		return err
	}
	return a.readClock(ctx)
}

// MoveClock moves the practice banks' clock on by days. What was booked
// meanwhile cannot be taken back, so there is no way back.
func (a *App) MoveClock(ctx context.Context, days int) error {
	if a.control == "" {
		return failure.New(failure.PracticeStopped)
	}
	if days < 1 || days > longestJump {
		return failure.Unchanged(map[string]storage.Reason{"days": {Code: failure.DaysAhead, Of: longestJump}})
	}
	// Days of the calendar: not each has 24 hours.
	there := a.now().Add(a.Ahead())
	jump := there.AddDate(0, 0, days).Sub(there)
	err := a.atControl(ctx, http.MethodPost, map[string]string{"advance": jump.String()})
	if err != nil {
		return failure.New(failure.ClockNotMoved).By(err)
	}
	return a.passTime(ctx)
}

// readClock asks the practice banks what time it is there: a tester may have
// moved the clock without the program.
func (a *App) readClock(ctx context.Context) error {
	if a.control == "" {
		return nil
	}
	return a.atControl(ctx, http.MethodGet, nil)
}

// atControl speaks to the clock of the practice banks and takes over how far
// it is ahead.
func (a *App) atControl(ctx context.Context, method string, body any) error {
	ctx, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, a.control+"/clock", bytes.NewReader(sent))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the practice banks' clock: %s %s", res.Status, answer)
	}
	var said struct{ Ahead string }
	if err := json.Unmarshal(answer, &said); err != nil {
		return err
	}
	ahead, err := time.ParseDuration(said.Ahead)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ahead = ahead
	return nil
}
