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

// The practice world is the practice banks with all that was done at them, there and here.
// It can be taken back to the start, and set to a scene, while the program runs; what there
// is of live banks never takes part in that.

// controlWait bounds a word with the practice banks' control, and resetWait the wait for
// fetches that go on there to end.
const (
	controlWait = 10 * time.Second
	resetWait   = 10 * time.Second

	longestControl = 1 << 20
)

// HasPractice reports whether the program has practice banks of its own.
func (a *App) HasPractice() bool { return a.control != "" }

// Practice returns what there is at the practice banks.
func (a *App) Practice(ctx context.Context) (storage.PracticeWorld, error) {
	return a.store.PracticeWorld(ctx)
}

// Reset takes the practice world back to the start: the practice banks forget what was done
// at them, and everything about them but the environments is removed from this machine. What
// is under way there ends. Live banks are not touched, here or there.
func (a *App) Reset(ctx context.Context) error {
	if !a.HasPractice() {
		return failure.New(failure.PracticeStopped)
	}
	if !a.staging.TryAcquire(1) {
		return failure.New(failure.StageBusy)
	}
	defer a.staging.Release(1)
	return a.reset(context.WithoutCancel(ctx)) // a person who closes the window meant it all the same
}

func (a *App) reset(ctx context.Context) error {
	if err := a.endPracticeFetches(ctx); err != nil {
		return err
	}
	if err := a.flushRecord(ctx); err != nil { // what waits to be recorded would come back
		return err
	}
	origins, err := a.banks.PracticeOrigins(ctx)
	if err != nil {
		return err
	}
	if err := a.store.RemovePractice(ctx, origins); err != nil {
		return err
	}
	// The banks come last: ended in between, the program knows less than they do, which harms nothing.
	if err := a.atControl(ctx, http.MethodPost, "/reset", nil, nil); err != nil {
		return failure.New(failure.PracticeStopped).By(err)
	}
	if err := a.banks.ForgetPracticeClients(ctx); err != nil { // whose tokens the banks know no more
		return err
	}
	return a.clock.Read(ctx)
}

// endPracticeFetches stops what is read from practice banks, and waits until it has ended.
func (a *App) endPracticeFetches(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, resetWait)
	defer cancel()
	all, err := a.store.Consents(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if a.banks.IsPractice(c.EnvironmentID) {
			a.reader.Stop(c.ID)
		}
	}
	for _, c := range all {
		if a.banks.IsPractice(c.EnvironmentID) {
			if err := a.reader.Wait(ctx, c.ID); err != nil {
				return failure.New(failure.StageBusy).By(err)
			}
		}
	}
	return nil
}

// atControl speaks to the control of the practice banks. What it answers goes into what is
// given, if anything is.
func (a *App) atControl(ctx context.Context, method, path string, body, into any) error {
	if !a.HasPractice() {
		return failure.New(failure.PracticeStopped)
	}
	ctx, cancel := context.WithTimeout(ctx, controlWait)
	defer cancel()
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, a.control+path, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, longestControl))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the practice banks' control: %s %s", res.Status, bytes.TrimSpace(answer))
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}
