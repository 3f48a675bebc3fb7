package fetch

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// LedgeredRead performs one read under a consent: it is entered in the ledger before
// it is sent, and not sent when the consent may not be used or, without the
// person, when it would be one too many. Nor is one that names a person who has
// left since. A refusal that may mean that the consent has ended is looked into.
func LedgeredRead[T any](ctx context.Context, r *Reader, c storage.Consent, call xs2a.Call, what storage.ConsentRead, do func(xs2a.Call) (T, error)) (T, error) {
	var nothing T
	if r.left(call) {
		return nothing, failure.ErrLeft
	}
	call.RequestID = uuid.NewString()
	what.Attended, what.RequestID = call.PSU != nil, call.RequestID
	var got T
	sent, err := r.Enter(ctx, c, what, func() (err error) {
		got, err = do(call)
		return err
	})
	if sent && err != nil {
		r.noticeEnd(context.WithoutCancel(ctx), c, call, what.Endpoint, err)
	}
	return got, err
}

// Enter enters a read in the ledger, has it sent, and notes what came of it. It is not
// sent when the consent may not be used or, without the person, when it would be one
// too many.
func (r *Reader) Enter(ctx context.Context, c storage.Consent, what storage.ConsentRead, send func() error) (sent bool, err error) {
	store := r.clock.StoreAt(c.EnvironmentID)
	what.ConsentID = c.ID
	id, err := store.BeginRead(ctx, what)
	if err != nil {
		return false, err
	}
	err = send()
	if ended := store.EndRead(context.WithoutCancel(ctx), id, outcomeOf(err)); ended != nil {
		r.log.Warn("a read's outcome was not stored", "error", ended)
	}
	return true, err
}

// left reports whether a call names a person who is not there any more.
func (r *Reader) left(call xs2a.Call) bool { return call.PSU != nil && !r.presence.Present() }

// furtherRequest sends a further request of a read that stands in the ledger: a consent may end
// between two of them, and the person leave.
func furtherRequest[T any](ctx context.Context, r *Reader, c storage.Consent, call xs2a.Call, do func(xs2a.Call) (T, error)) (T, error) {
	if err := r.mayGoOn(ctx, c, call); err != nil {
		var nothing T
		return nothing, err
	}
	got, err := do(call)
	if err != nil {
		r.noticeEnd(context.WithoutCancel(ctx), c, call, "", err)
	}
	return got, err
}

// mayGoOn returns why a read that was begun sends no further request; nil where it may.
func (r *Reader) mayGoOn(ctx context.Context, c storage.Consent, call xs2a.Call) error {
	now, err := r.store.Consent(ctx, c.ID)
	switch {
	case err != nil:
		return err
	case !now.Usable(r.clock.NowAt(c.EnvironmentID)):
		return storage.ErrEnd
	case r.left(call):
		return failure.ErrLeft
	}
	return nil
}

// outcomeOf is what the ledger says of a read.
func outcomeOf(err error) string {
	var failed *xs2a.Error
	switch {
	case err == nil:
		return storage.ReadOK
	case errors.Is(err, context.Canceled):
		return ""
	case !errors.As(err, &failed):
		return storage.ReadFailed
	case failed.Kind == xs2a.Unreachable:
		return storage.ReadUnreachable
	case failed.Kind == xs2a.Malformed:
		return storage.ReadMalformed
	case failed.Code != "":
		return failed.Code
	}
	return http.StatusText(failed.Status)
}
