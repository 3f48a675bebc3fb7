package xs2a

import (
	"context"
	"net/http"
)

// RefreshStatus is how far a refresh of an account's data is (Salt Edge), as it
// came.
type RefreshStatus string

// The states in which a refresh goes on.
const (
	RefreshProcessing RefreshStatus = "processing"
	RefreshFetching   RefreshStatus = "fetching"
)

// Running reports whether the data are still on their way.
func (s RefreshStatus) Running() bool { return s == RefreshProcessing || s == RefreshFetching }

// Refresh asks for the data of a consent to be fetched from the bank anew;
// whether the person asked for it is read from the call.
func (c *Client) Refresh(ctx context.Context, call Call) (RefreshStatus, error) {
	return c.refresh(ctx, request{
		service: AccountInformation, method: http.MethodPost, path: "/accounts/refresh",
		body: map[string]bool{"initiatedByCustomer": call.PSU != nil}, call: call,
	})
}

// RefreshStatus asks how far a refresh is.
func (c *Client) RefreshStatus(ctx context.Context, call Call) (RefreshStatus, error) {
	return c.refresh(ctx, request{service: AccountInformation, method: http.MethodGet, path: "/accounts/refresh/status", call: call})
}

func (c *Client) refresh(ctx context.Context, r request) (RefreshStatus, error) {
	a, err := c.do(ctx, r)
	if err != nil {
		return "", err
	}
	var w struct{ Status, RefreshStatus text }
	if err := decode(r, a, &w); err != nil {
		return "", err
	}
	if w.Status == "" {
		w.Status = w.RefreshStatus
	}
	return RefreshStatus(w.Status), nil
}
