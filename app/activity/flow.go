package activity

import (
	"context"
	"errors"
	"net/url"
	"time"

	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
)

// justNow is how long after its last exchange a flow counts as under way.
const justNow = 15 * time.Second

// Flow is a flow with what was exchanged in it.
type Flow struct {
	storage.ExchangeFlow
	Recording *storage.Recording // that it came with; nil for one of this program's own
	Consent   *storage.Consent   // nil when the flow led to none, or is about none
	Payment   *storage.Payment   // nil when it is about none
	Fork      *storage.Fork      // nil when it is none
	Root      *Flow              // of a fork: the flow in which it all began, as far as it is kept
	Host      string             // whom the program spoke to last
	Live      bool               // more may come at any moment

	EnvironmentID, BIC, Bank string // of a flow that led to nothing, as its addresses tell; the bank is empty where they are those of several
}

// Flows lists flows, the one with the newest exchange first; before is the LatestID
// of the last flow known, or 0.
func (r *Record) Flows(ctx context.Context, before int64, limit int) ([]Flow, error) {
	flows, err := r.store.ExchangeFlows(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	all := make([]Flow, len(flows))
	for i, flow := range flows {
		if all[i], err = r.flow(ctx, flow); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// RecordedFlows lists flows that came with recordings, those that came last first.
func (r *Record) RecordedFlows(ctx context.Context, limit int) ([]Flow, error) {
	flows, err := r.store.AllRecordedFlows(ctx, limit)
	if err != nil {
		return nil, err
	}
	all := make([]Flow, len(flows))
	for i, flow := range flows {
		if all[i], err = r.flow(ctx, flow); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Flow returns one flow. One in which nothing was exchanged yet is empty when there is
// its consent, and not found otherwise.
func (r *Record) Flow(ctx context.Context, id string) (Flow, error) {
	flow, err := r.store.ExchangeFlow(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		if _, err = r.store.Consent(ctx, id); errors.Is(err, storage.ErrNotFound) {
			_, err = r.store.Payment(ctx, id)
		}
		if errors.Is(err, storage.ErrNotFound) {
			_, err = r.store.Fork(ctx, id)
		}
		if id == bank.DirectoryFlow {
			err = nil
		}
		flow.ID = id
	}
	if err != nil {
		return Flow{}, err
	}
	return r.flow(ctx, flow)
}

func (r *Record) flow(ctx context.Context, flow storage.ExchangeFlow) (Flow, error) {
	one := Flow{ExchangeFlow: flow, Live: r.now().Sub(flow.Latest) < justNow}
	if flow.Count > 0 {
		latest, err := r.store.Exchange(ctx, flow.LatestID)
		if err != nil {
			return one, err
		}
		if u, err := url.Parse(latest.URL); err == nil {
			one.Host = u.Host
		}
	}
	if from := storage.RecordingOf(flow.ID); from != "" {
		recording, err := r.store.Recording(ctx, from)
		one.Recording, one.Live = &recording, false
		return one, err
	}
	if storage.IsFork(flow.ID) {
		return r.forked(ctx, one)
	}
	consent, err := r.store.Consent(ctx, flow.ID)
	if errors.Is(err, storage.ErrNotFound) {
		payment, err := r.store.Payment(ctx, flow.ID)
		if errors.Is(err, storage.ErrNotFound) {
			return r.ofRefused(ctx, one)
		}
		one.Payment = &payment
		return one, err
	}
	one.Consent = &consent
	if err != nil || one.Live {
		return one, err
	}
	one.Live, err = r.underWay(ctx, consent)
	return one, err
}

// forked adds to a fork what is known of it and of the flow in which it began.
func (r *Record) forked(ctx context.Context, one Flow) (Flow, error) {
	fork, err := r.store.Fork(ctx, one.ID)
	if err != nil {
		return one, err
	}
	one.Fork = &fork
	root, err := r.Flow(ctx, fork.Root)
	if errors.Is(err, storage.ErrNotFound) {
		return one, nil
	}
	one.Root = &root
	return one, err
}

// ofRefused names the bank of a flow that led to nothing: that to whose interface the last
// request went.
func (r *Record) ofRefused(ctx context.Context, one Flow) (Flow, error) {
	if one.Count == 0 || one.ID == "" || one.ID == bank.DirectoryFlow {
		return one, nil
	}
	latest, err := r.store.Exchange(ctx, one.LatestID)
	if err != nil {
		return one, err
	}
	environment, named, err := r.bankAt(ctx, latest.URL)
	one.EnvironmentID, one.BIC, one.Bank = environment, named.ID, named.Name
	return one, err
}

// bankAt is the environment to whose interface an address leads, and the bank there; both are
// empty where it leads to none, and the bank is where the address is that of several.
func (r *Record) bankAt(ctx context.Context, address string) (environment string, at storage.Bank, err error) {
	environments, err := r.store.Environments(ctx)
	longest := 0
	for _, one := range environments {
		if named, said := one.BankAt(address); said > longest {
			longest, environment, at = said, one.ID, named
		}
	}
	return environment, at, err
}

// underWay reports whether a consent's data are being read, or it or its deletion is
// being approved.
func (r *Record) underWay(ctx context.Context, c storage.Consent) (bool, error) {
	if r.reads(c.ID) {
		return true, nil
	}
	for _, of := range []storage.Subject{storage.ConsentSubject(c.ID), storage.DeletionSubject(c.ID)} {
		attempts, err := r.store.Authorisations(ctx, of)
		if err != nil {
			return false, err
		}
		if len(attempts) > 0 && !attempts[0].Ended() && r.nowAt(c.EnvironmentID).Sub(attempts[0].CreatedAt) < sca.AuthorisationAge {
			return true, nil
		}
	}
	return false, nil
}
