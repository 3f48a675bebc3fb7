package record

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// description is what Describe puts into a context.
type description struct {
	flowID, step string
	former       int64
}

type descriptionKey struct{}

// Describe says what the exchanges made with a context are for: the flow they
// belong to, and the step. What is empty stays as it was described before. A step
// that is not named is its operation.
func Describe(ctx context.Context, flowID, step string) context.Context {
	d, _ := ctx.Value(descriptionKey{}).(description)
	if flowID != "" {
		d.flowID = flowID
	}
	if step != "" {
		d.step = step
	}
	return context.WithValue(ctx, descriptionKey{}, d)
}

// StepSentAgain is the step of an exchange that a person made from a former one.
const StepSentAgain = "sentAgain"

// SentAgain says that the exchanges made with a context are made from a former
// one, which is known to its keeper by a number.
func SentAgain(ctx context.Context, former int64) context.Context {
	d, _ := ctx.Value(descriptionKey{}).(description)
	d.step, d.former = StepSentAgain, former
	return context.WithValue(ctx, descriptionKey{}, d)
}

// Forked says the same of exchanges in a flow that a person began in the middle of
// another: their step is what they are for.
func Forked(ctx context.Context, former int64) context.Context {
	d, _ := ctx.Value(descriptionKey{}).(description)
	d.step, d.former = "", former
	return context.WithValue(ctx, descriptionKey{}, d)
}

type proxyKey struct{}

// Through says that a request with the context goes through a proxy: at this host and port. It is called by who chooses
// the way, before the request is sent.
func Through(ctx context.Context, proxy string) {
	if at, is := ctx.Value(proxyKey{}).(*string); is {
		*at = proxy
	}
}

// Described returns a transport that puts a flow to the requests that pass, and
// its secrets. Over one that puts another flow to them, it takes that one's place.
func Described(base http.RoundTripper, flowID string, secrets *Secrets) http.RoundTripper {
	if former, is := base.(described); is {
		base = former.base
	}
	return described{base, flowID, secrets}
}

type described struct {
	base    http.RoundTripper
	flowID  string
	secrets *Secrets
}

func (d described) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := context.WithValue(Describe(req.Context(), d.flowID, ""), secretsKey{}, d.secrets)
	return d.base.RoundTrip(req.WithContext(ctx))
}

type secretsKey struct{}

// secretsIn returns the secrets of the flow a request belongs to.
func secretsIn(ctx context.Context) *Secrets {
	s, _ := ctx.Value(secretsKey{}).(*Secrets)
	return s
}

// Flows are the flows under way. They are safe for concurrent use.
type Flows struct {
	memory time.Duration

	mu sync.Mutex
	by map[string]*flow
}

type flow struct {
	Secrets
	over *time.Timer
}

// NewFlows returns flows that are taken to be over so long after their last
// request.
func NewFlows(memory time.Duration) *Flows {
	return &Flows{memory: memory, by: map[string]*flow{}}
}

// Of returns the secrets of a flow, which goes on by that.
func (f *Flows) Of(flowID string) *Secrets {
	f.mu.Lock()
	defer f.mu.Unlock()
	one := f.by[flowID]
	if one == nil {
		one = &flow{}
		one.over = time.AfterFunc(f.memory, func() { f.forget(flowID) })
		f.by[flowID] = one
	}
	one.over.Reset(f.memory)
	return &one.Secrets
}

// forget drops the secrets of a flow that is over.
func (f *Flows) forget(flowID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one := f.by[flowID]; one != nil {
		one.over.Stop()
		delete(f.by, flowID)
	}
}
