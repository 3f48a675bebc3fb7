package bank

import (
	"context"

	"consentry/app/failure"
	"consentry/storage"
)

// ReturnAddress returns where the bank sends the person back to. One that is not on
// this machine is the TPP's own: the person brings the address back by hand.
func (r *Registry) ReturnAddress(ctx context.Context, environmentID string) (string, error) {
	e, err := r.store.Environment(ctx, environmentID)
	if err != nil || e.RedirectURL == "" {
		return r.callbackURL, err
	}
	if !isLocalCallback(e.RedirectURL) {
		return e.RedirectURL, nil
	}
	if err := r.listenCallback(e.RedirectURL); err != nil {
		return "", (&failure.Error{Reason: storage.Reason{Code: failure.ReturnAddressInUse, Name: e.RedirectURL}}).By(err)
	}
	return e.RedirectURL, nil
}

// AddressNow returns a stored address at a bank as it is now: the practice banks have
// another port at each start.
func (r *Registry) AddressNow(ctx context.Context, environmentID, bic, address string) (string, error) {
	e, err := r.store.Environment(ctx, environmentID)
	return moved(e, bic, address), err
}
