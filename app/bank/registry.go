// Package bank is which banks there are and how they are spoken to: the environments
// with their identities and certificates, the profiles of banks, what directories and
// files list of them, and the clients for them.
//
// A [Registry] promises that the practice banks stay as the program brings them, that
// nothing a file names is taken over before its hosts are confirmed, and that a list of
// banks that cannot be read anew leaves the former one in its place. Of consents it knows
// how many are in force at a bank, and which keep an environment from being removed.
package bank

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Config is what a Registry is made of; it uses nothing else of the program.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Now   func() time.Time // the program's clock

	// Transport returns what lies between a client and the network. Practice banks
	// have this machine's clock.
	Transport func(reach xs2a.Reach, practice bool) (http.RoundTripper, error)
	// CallbackURL is where banks send the person back to, unless an environment has
	// an address of its own registered.
	CallbackURL string
	// ListenCallback makes the program answer at such an address; it is called before
	// each use and may be called twice.
	ListenCallback func(address string) error
	// AskedFor reports whether a bank is just being asked for a consent.
	AskedFor func(ctx context.Context, consentID string) bool
	// Over reports whether the last day of an environment's consent has passed, not by this
	// machine's clock alone, which may be wrong.
	Over func(e storage.Environment, c storage.Consent) bool
	// Flush waits until every exchange that has ended is recorded.
	Flush func(ctx context.Context) error
	// Explain returns what may be said of a failure, and by whom it is.
	Explain func(by storage.Reason, err error) *failure.Error
	// Control is where the practice banks are controlled; empty where there are none.
	Control string
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
}

// Registry knows the banks. It is safe for concurrent use.
type Registry struct {
	store *storage.Store
	log   *slog.Logger
	now   func() time.Time

	transport      func(reach xs2a.Reach, practice bool) (http.RoundTripper, error)
	callbackURL    string
	listenCallback func(address string) error
	askedFor       func(ctx context.Context, consentID string) bool
	over           func(e storage.Environment, c storage.Consent) bool
	flush          func(ctx context.Context) error
	explain        func(by storage.Reason, err error) *failure.Error
	run            func(func(context.Context))
	control        string

	mu         sync.Mutex
	clients    map[xs2a.Reach]*xs2a.Client
	refreshing map[string]*sync.Mutex // by environment
	practice   map[string]bool        // environments of practice banks
}

// New returns a Registry.
func New(c Config) *Registry {
	return &Registry{
		store: c.Store, log: c.Log, now: c.Now, transport: c.Transport, callbackURL: c.CallbackURL,
		listenCallback: c.ListenCallback, askedFor: c.AskedFor, over: c.Over, flush: c.Flush, explain: c.Explain, run: c.Run, control: c.Control,
		clients: map[xs2a.Reach]*xs2a.Client{}, refreshing: map[string]*sync.Mutex{}, practice: map[string]bool{},
	}
}
