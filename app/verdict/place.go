package verdict

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/conformance"
	"consentry/xs2a/record"
)

// places know with which bank an exchange was.
type places struct {
	store        *storage.Store
	environments []storage.Environment
	flows        map[string]place
	addresses    []address // found when first needed
}

// place is a bank of an environment. The bank is empty for the directory, and where only
// the address tells of the place and does not name it; then the dialect is that of the address.
type place struct{ environment, bic, bank, dialect string }

// address is where the interface of a place begins.
type address struct {
	host, path string
	place
}

func (v *Verdicts) places(ctx context.Context) (*places, error) {
	environments, err := v.Store.Environments(ctx)
	return &places{store: v.Store, environments: environments, flows: map[string]place{}}, err
}

func (p *places) judge(ctx context.Context, e storage.Exchange) (conformance.Verdict, error) {
	at, err := p.of(ctx, e)
	if err != nil {
		return conformance.Verdict{}, err
	}
	environment, known := p.environment(at.environment)
	if !known {
		return conformance.Verdict{}, nil
	}
	return conformance.Judge(e.Exchange, cmp.Or(at.dialect, environment.ProfileOf(at.bic).Dialect))
}

// of returns with which bank an exchange was: by what its flow is about, and else by its
// address, as where a bank refused to make the consent that it was asked for. It is empty where
// neither tells.
func (p *places) of(ctx context.Context, e storage.Exchange) (place, error) {
	at, err := p.ofFlow(ctx, e.FlowID)
	if err != nil || at.environment != "" {
		return at, err
	}
	return p.ofAddress(e.Exchange), nil
}

func (p *places) ofAddress(e record.Exchange) (at place) {
	asked, err := url.Parse(e.URL)
	if err != nil {
		return place{}
	}
	if p.addresses == nil {
		p.addresses = addressesOf(p.environments)
	}
	longest := -1
	for _, one := range p.addresses {
		if len(one.path) > longest && strings.EqualFold(asked.Host, one.host) && strings.HasPrefix(asked.Path+"/", one.path+"/") {
			longest, at = len(one.path), one.place
		}
	}
	if at.bic == "" {
		at.bic = e.Request.Get("X-BicFi") // Open Payments has all banks at one address
	}
	return at
}

// addressesOf lists where the interfaces of all environments begin, and of the banks they name
// those that have paths of their own.
func addressesOf(all []storage.Environment) (list []address) {
	known := map[address]bool{}
	add := func(of place, base, prefix string) {
		base, _, _ = strings.Cut(base, "{bank}")
		at, err := url.Parse(base)
		if base == "" || err != nil {
			return
		}
		one := address{at.Host, strings.TrimRight(at.Path, "/") + strings.TrimRight(prefix, "/"), of}
		if !known[one] {
			known[one] = true
			list = append(list, one)
		}
	}
	for _, e := range all {
		add(place{environment: e.ID, dialect: e.Profile.Dialect}, e.Profile.APIURL, "")
		for _, b := range e.Banks {
			profile := e.ProfileFor(b)
			add(place{environment: e.ID, dialect: profile.Dialect}, profile.APIURL, "")
			usual := xs2a.Dialects[profile.Dialect].Prefix
			for _, prefix := range []string{
				cmp.Or(profile.Prefix.Consents, usual.Consents), cmp.Or(profile.Prefix.Accounts, usual.Accounts), cmp.Or(profile.Prefix.Payments, usual.Payments),
			} {
				if strings.Contains(prefix, "{bank}") {
					add(place{e.ID, b.ID, b.Name, profile.Dialect}, profile.APIURL, strings.ReplaceAll(prefix, "{bank}", b.ID))
				}
			}
		}
	}
	return list
}

func (p *places) ofFlow(ctx context.Context, id string) (place, error) {
	if at, known := p.flows[id]; known || id == "" || id == bank.DirectoryFlow {
		return at, nil
	}
	at, err := flowPlace(ctx, p.store, id)
	if err == nil {
		p.flows[id] = at
	}
	return at, err
}

// ofWhole returns with which bank a flow was, also one that left nothing but its exchanges.
func (p *places) ofWhole(ctx context.Context, id string) (place, error) {
	at, err := p.ofFlow(ctx, id)
	if err != nil || at.environment != "" {
		return at, err
	}
	latest, err := p.store.Exchanges(ctx, storage.ExchangeQuery{FlowIDs: []string{id}}, 1)
	if err != nil || len(latest) == 0 {
		return place{}, err
	}
	return p.ofAddress(latest[0].Exchange), nil
}

func flowPlace(ctx context.Context, store *storage.Store, id string) (place, error) {
	c, err := store.Consent(ctx, id)
	if err == nil {
		return place{environment: c.EnvironmentID, bic: c.BIC, bank: c.BankName}, nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	payment, err := store.Payment(ctx, id)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	return place{environment: payment.EnvironmentID, bic: payment.BIC, bank: payment.BankName}, nil
}

func (p *places) environment(id string) (storage.Environment, bool) {
	for _, one := range p.environments {
		if one.ID == id {
			return one, true
		}
	}
	return storage.Environment{}, false
}
