package bank

import (
	"context"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// DirectoryFlow is the flow of all exchanges with directories of banks. Those
// about a consent belong to the flow with the consent's id.
const DirectoryFlow = "directory"

// client returns the client for a bank of an environment; with "", for its directory.
// Clients are kept for their access tokens; an edited environment is another key and
// gets a new one.
func (r *Registry) client(e storage.Environment, bank string) (*xs2a.Client, error) {
	return r.clientFor(e, e.Reach(bank))
}

func (r *Registry) clientFor(e storage.Environment, reach xs2a.Reach) (*xs2a.Client, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.clients[reach]; c != nil {
		return c, nil
	}
	transport, err := r.transport(reach, r.practice[e.ID])
	if err != nil {
		return nil, unusable(e, err)
	}
	c, err := xs2a.New(reach, transport)
	if err != nil {
		return nil, unusable(e, err)
	}
	r.clients[reach] = c
	return c, nil
}

// unusable is the failure of an environment no client can be made for.
func unusable(e storage.Environment, err error) *failure.Error {
	return &failure.Error{Reason: storage.Reason{Code: failure.EnvironmentUnusable, Name: e.Name, Text: err.Error()}, Cause: err}
}

// Reach returns the environment of an id and a client for one of its banks; with "",
// for its directory.
func (r *Registry) Reach(ctx context.Context, environmentID, bank string) (storage.Environment, *xs2a.Client, error) {
	e, err := r.store.Environment(ctx, environmentID)
	if err != nil {
		return e, nil, err
	}
	c, err := r.client(e, bank)
	if err != nil {
		return e, nil, err
	}
	return e, c.For(DirectoryFlow), nil
}
