package app

import (
	"context"

	"consentry/app/failure"
	"consentry/storage"
)

// returnAddress is where the bank sends the person back to. One that is not on
// this machine is the TPP's own: the person brings the address back by hand.
func (a *App) returnAddress(ctx context.Context, environmentID string) (string, error) {
	e, err := a.store.Environment(ctx, environmentID)
	if err != nil || e.RedirectURL == "" {
		return a.callbackURL, err
	}
	if !isLocalCallback(e.RedirectURL) {
		return e.RedirectURL, nil
	}
	if err := a.listenCallback(e.RedirectURL); err != nil {
		return "", (&Error{Reason: storage.Reason{Code: failure.ReturnAddressInUse, Name: e.RedirectURL}}).By(err)
	}
	return e.RedirectURL, nil
}

// addressNow returns a stored address at a bank as it is now, see moved.
func (a *App) addressNow(ctx context.Context, environmentID, bic, address string) (string, error) {
	e, err := a.store.Environment(ctx, environmentID)
	return moved(e, bic, address), err
}
