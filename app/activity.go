package app

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// justNow is how long after its last exchange a flow counts as under way.
const justNow = 15 * time.Second

// Activity is a flow with what was exchanged in it.
type Activity struct {
	storage.ExchangeFlow
	Consent *storage.Consent // nil when the flow led to none, or is about none
	Host    string           // whom the program spoke to last
	Live    bool             // more may come at any moment
}

// transportTo returns the transport for a reach, recorded closest to the wire. Banks'
// clocks are heard there, but not of practice banks, which have this machine's.
func (a *App) transportTo(reach xs2a.Reach, practice bool) (http.RoundTripper, error) {
	base, err := xs2a.Transport(reach)
	if err != nil {
		return nil, err
	}
	recorded := a.recorder.WithTransport(a.wrapTransport(base))
	if practice {
		return recorded, nil
	}
	return a.time.wrap(reach, recorded), nil
}

// record keeps exchanges until all work in the background has ended.
func (a *App) record(ctx context.Context) {
	pruneOnce := sync.OnceFunc(func() {
		if err := a.store.PruneExchanges(context.WithoutCancel(ctx)); err != nil {
			a.log.Warn("old exchanges not dropped", "error", err)
		}
	})
	a.recorder.Run(ctx, func(e record.Exchange) error {
		pruneOnce() // where the program runs rarely, the bounds are seldom reached by adding
		err := a.store.AddExchange(context.WithoutCancel(ctx), e)
		if err != nil {
			a.log.Warn("exchange not recorded", "step", e.Step, "error", err)
		}
		return err
	})
}

// LostExchanges returns the number of exchanges since the program's start that
// could not be recorded.
func (a *App) LostExchanges() int64 { return a.recorder.Lost() }

// Activities lists flows, the one with the newest exchange first; before is
// the LatestID of the last flow known, or 0.
func (a *App) Activities(ctx context.Context, before int64, limit int) ([]Activity, error) {
	flows, err := a.store.ExchangeFlows(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	all := make([]Activity, len(flows))
	for i, flow := range flows {
		if all[i], err = a.activity(ctx, flow); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Activity returns one flow. One in which nothing was exchanged yet is empty
// when there is its consent, and not found otherwise.
func (a *App) Activity(ctx context.Context, flowID string) (Activity, error) {
	flow, err := a.store.ExchangeFlow(ctx, flowID)
	if NotFound(err) {
		if _, err = a.store.Consent(ctx, flowID); flowID == bank.DirectoryFlow {
			err = nil
		}
		flow.ID = flowID
	}
	if err != nil {
		return Activity{}, err
	}
	return a.activity(ctx, flow)
}

func (a *App) activity(ctx context.Context, flow storage.ExchangeFlow) (Activity, error) {
	one := Activity{ExchangeFlow: flow, Live: a.now().Sub(flow.Latest) < justNow}
	if flow.Count > 0 {
		latest, err := a.store.Exchange(ctx, flow.LatestID)
		if err != nil {
			return one, err
		}
		if u, err := url.Parse(latest.URL); err == nil {
			one.Host = u.Host
		}
	}
	consent, err := a.store.Consent(ctx, flow.ID)
	if NotFound(err) {
		return one, nil
	}
	one.Consent = &consent
	if err != nil || one.Live {
		return one, err
	}
	if job := a.Job(flow.ID); job != nil && job.Running() {
		one.Live = true
		return one, nil
	}
	for _, of := range []storage.Subject{storage.ConsentSubject(flow.ID), storage.DeletionSubject(flow.ID)} {
		attempts, err := a.store.Authorisations(ctx, of)
		if err != nil {
			return one, err
		}
		if len(attempts) > 0 && !attempts[0].Ended() && a.NowAt(consent.EnvironmentID).Sub(attempts[0].CreatedAt) < sca.AuthorisationAge {
			one.Live = true
		}
	}
	return one, nil
}

// Exchanges lists recorded exchanges, the newest first.
func (a *App) Exchanges(ctx context.Context, q storage.ExchangeQuery, limit int) ([]storage.Exchange, error) {
	return a.store.Exchanges(ctx, q, limit)
}

// Exchange returns one recorded exchange.
func (a *App) Exchange(ctx context.Context, id int64) (storage.Exchange, error) {
	return a.store.Exchange(ctx, id)
}
