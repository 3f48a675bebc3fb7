package app

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"consentry/storage"
	"consentry/xs2a"
)

// read performs one read under a consent: it is entered in the ledger before
// it is sent, and not sent when the consent may not be used or, without the
// person, when it would be one too many. A refusal that means that the consent
// has ended ends it everywhere.
func read[T any](ctx context.Context, a *App, c storage.Consent, call xs2a.Call, what storage.ConsentRead, do func(xs2a.Call) (T, error)) (T, error) {
	call.RequestID = uuid.NewString()
	what.ConsentID, what.Attended, what.RequestID = c.ID, call.PSU != nil, call.RequestID
	store := a.storeAt(c.EnvironmentID)
	id, err := store.BeginRead(ctx, what)
	if err != nil {
		var nothing T
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

// goOn sends a further request of a read that stands in the ledger, such as for
// the next page: a consent may end between two of them.
func goOn[T any](ctx context.Context, a *App, c storage.Consent, call xs2a.Call, do func(xs2a.Call) (T, error)) (T, error) {
	var nothing T
	now, err := a.store.Consent(ctx, c.ID)
	if err != nil {
		return nothing, err
	}
	if !now.Usable(a.NowAt(c.EnvironmentID)) {
		return nothing, storage.ErrEnd
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
		return "failed"
	case failed.Kind == xs2a.Unreachable:
		return "unreachable"
	case failed.Kind == xs2a.Malformed:
		return "not understood"
	case failed.Code != "":
		return failed.Code
	}
	return http.StatusText(failed.Status)
}

// noticeEnd ends a consent here that a bank's refusal says has ended there.
func (a *App) noticeEnd(ctx context.Context, c storage.Consent, call xs2a.Call, endpoint storage.Endpoint, err error) {
	var refused *xs2a.Error
	if !errors.As(err, &refused) {
		return
	}
	store := a.storeAt(c.EnvironmentID)
	end := func(why storage.End, note string) {
		if _, err := store.EndConsent(ctx, c.ID, why, storage.FromBank, note); err != nil {
			a.log.Error("an ended consent was not stored", "consent", c.ID, "error", err)
		}
	}
	switch refused.Code {
	case "CONSENT_EXPIRED", "ConsentExpired":
		end(storage.EndExpired, "The bank refused a read: the permission has expired")
	case "CONSENT_UNKNOWN", "ConsentUnknown":
		end(storage.EndUnknown, "The bank says it knows no such permission")
	}
	if invalidConsent(refused) && endpoint != storage.ReadCards { // see noCards
		a.askWhyEnded(ctx, c, call)
		end(storage.EndRefused, "The bank refused a read: it does not accept the permission any more")
	}
}

func invalidConsent(refused *xs2a.Error) bool {
	return refused.Code == "CONSENT_INVALID" || refused.Code == "ConsentInvalid"
}

// askWhyEnded reads the status of a consent a bank calls invalid: it may say
// more, such as that the person revoked it there.
func (a *App) askWhyEnded(ctx context.Context, c storage.Consent, call xs2a.Call) {
	_, client, err := a.consentAndClient(ctx, c.ID)
	if err != nil {
		return
	}
	call.ConsentID, call.RequestID = "", ""
	status, err := client.ConsentStatus(ctx, call, c.BankConsentID)
	if err != nil || !status.Final() {
		return
	}
	if err := a.noteStatus(ctx, c, status); err != nil {
		a.log.Error("a consent's status was not stored", "consent", c.ID, "error", err)
	}
}

// unknownConsent tells whether a bank says that it has no such consent, in a
// code of its own: a bare 404 may come from a wrong address as well.
func unknownConsent(err error) bool {
	var refused *xs2a.Error
	if !errors.As(err, &refused) || refused.Kind != xs2a.Refused {
		return false
	}
	switch refused.Code {
	case "CONSENT_UNKNOWN", "ConsentUnknown":
		return true
	case "RESOURCE_UNKNOWN", "ResourceUnknown":
		return refused.Status == http.StatusNotFound || refused.Status == http.StatusForbidden
	}
	return false
}
