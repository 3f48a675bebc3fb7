package app

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// ledgeredRead performs one read under a consent: it is entered in the ledger before
// it is sent, and not sent when the consent may not be used or, without the
// person, when it would be one too many. Nor is one that names a person who has
// left since. A refusal that may mean that the consent has ended is looked into.
func ledgeredRead[T any](ctx context.Context, a *App, c storage.Consent, call xs2a.Call, what storage.ConsentRead, do func(xs2a.Call) (T, error)) (T, error) {
	var nothing T
	if a.left(call) {
		return nothing, failure.ErrLeft
	}
	call.RequestID = uuid.NewString()
	what.ConsentID, what.Attended, what.RequestID = c.ID, call.PSU != nil, call.RequestID
	store := a.clock.StoreAt(c.EnvironmentID)
	id, err := store.BeginRead(ctx, what)
	if err != nil {
		return nothing, err
	}
	got, err := do(call)
	kept := context.WithoutCancel(ctx)
	if ended := store.EndRead(kept, id, outcomeOf(err)); ended != nil {
		a.log.Warn("a read's outcome was not stored", "error", ended)
	}
	if err != nil {
		a.noticeEnd(kept, c, call, what.Endpoint, err)
	}
	return got, err
}

// furtherRequest sends a further request of a read that stands in the ledger, such as for
// the next page: a consent may end between two of them, and the person leave.
func furtherRequest[T any](ctx context.Context, a *App, c storage.Consent, call xs2a.Call, do func(xs2a.Call) (T, error)) (T, error) {
	var nothing T
	now, err := a.store.Consent(ctx, c.ID)
	if err != nil {
		return nothing, err
	}
	if !now.Usable(a.clock.NowAt(c.EnvironmentID)) {
		return nothing, storage.ErrEnd
	}
	if a.left(call) {
		return nothing, failure.ErrLeft
	}
	got, err := do(call)
	if err != nil {
		a.noticeEnd(context.WithoutCancel(ctx), c, call, "", err)
	}
	return got, err
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

// unknownConsent reports whether a bank says that it has no such consent.
func unknownConsent(err error) bool { return xs2a.Refusal(err).NoSuchConsent() }
