package clock

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

// Ahead is how far the practice banks' clock is ahead.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// Move moves the practice banks' clock on by days. What was booked
// meanwhile cannot be taken back, so there is no way back.
func (c *Clock) Move(ctx context.Context, days int) error {
	if c.control == "" {
		return failure.New(failure.PracticeStopped)
	}
	if days < 1 || days > longestJump {
		return failure.Unchanged(map[string]storage.Reason{"days": {Code: failure.DaysAhead, Of: longestJump}})
	}
	// Days of the calendar: not each has 24 hours.
	there := c.now().Add(c.Ahead())
	jump := there.AddDate(0, 0, days).Sub(there)
	err := c.atControl(ctx, http.MethodPost, map[string]string{"advance": jump.String()})
	if err != nil {
		return failure.New(failure.ClockNotMoved).By(err)
	}
	return c.moved(ctx)
}

// Read asks the practice banks what time it is there: a tester may have
// moved the clock without the program.
func (c *Clock) Read(ctx context.Context) error {
	if c.control == "" {
		return nil
	}
	return c.atControl(ctx, http.MethodGet, nil)
}

// atControl speaks to the clock of the practice banks and takes over how far
// it is ahead.
func (c *Clock) atControl(ctx context.Context, method string, body any) error {
	ctx, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.control+"/clock", bytes.NewReader(sent))
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
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
	return nil
}
