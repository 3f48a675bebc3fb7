package bank

import (
	"context"
	"errors"
	"sync"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// directoryAge is how old a list of banks may get before it is read anew.
const directoryAge = 24 * time.Hour

// Bank is what is known of one bank.
type Bank struct {
	storage.ASPSP
	Details   *xs2a.ASPSPDetails // nil where they never could be fetched
	DetailsAt time.Time
	Stale     *failure.Error // why the details could not be fetched anew; nil when they were, or need not be
	// Login says that the bank takes no request for a consent or a payment without the
	// person's login: its profile says so, or it refused one.
	Login bool
}

// Countries lists the countries with banks.
func (r *Registry) Countries(ctx context.Context, of storage.Practice) ([]storage.PlaceCount, error) {
	return r.store.Countries(ctx, of)
}

// Cities lists the cities of a country with banks.
func (r *Registry) Cities(ctx context.Context, countryCode string, of storage.Practice) ([]storage.PlaceCount, error) {
	return r.store.Cities(ctx, countryCode, of)
}

// List lists the banks of a place by name.
func (r *Registry) List(ctx context.Context, q storage.ASPSPQuery) ([]storage.ASPSP, error) {
	return r.store.ASPSPs(ctx, q)
}

// Bank returns one bank. Details older than a day are fetched anew; without a
// network the stored ones are given with the reason. Of one that the directory lists no
// longer it tells nothing more.
func (r *Registry) Bank(ctx context.Context, environmentID, bic string) (Bank, error) {
	listed, err := r.store.ASPSP(ctx, environmentID, bic)
	if err != nil {
		return Bank{}, err
	}
	bank := Bank{ASPSP: listed}
	if bank.Login, err = r.WantsLogin(ctx, environmentID, bic); err != nil {
		return bank, err
	}
	if details, at, err := r.store.ASPSPDetails(ctx, environmentID, bic); err == nil {
		bank.Details, bank.DetailsAt = &details, at
	} else if !errors.Is(err, storage.ErrNotFound) {
		return bank, err
	}
	if r.now().Sub(bank.DetailsAt) < directoryAge || !bank.GoneAt.IsZero() {
		return bank, nil
	}
	if e, err := r.store.Environment(ctx, environmentID); err != nil || !e.HasDirectory() || namedBy(e, bic) {
		return bank, err // nobody to ask: the environment itself names the bank
	}
	details, err := r.fetchDetails(ctx, environmentID, bic)
	if err != nil {
		bank.Stale = r.explain(storage.Reason{Who: failure.TheDirectory}, err)
		return bank, nil
	}
	bank.Details, bank.DetailsAt = &details, r.now()
	return bank, nil
}

// GoneAt returns since when its directory lists a bank no longer; zero for one that is listed, and where
// nothing is known of it.
func (r *Registry) GoneAt(ctx context.Context, environmentID, bic string) (time.Time, error) {
	listed, err := r.store.ASPSP(ctx, environmentID, bic)
	if errors.Is(err, storage.ErrNotFound) {
		return time.Time{}, nil
	}
	return listed.GoneAt, err
}

// WantsLogin reports whether a bank takes no request for a consent or a payment without the person's
// login.
func (r *Registry) WantsLogin(ctx context.Context, environmentID, bic string) (bool, error) {
	listed, err := r.store.ASPSP(ctx, environmentID, bic)
	if err != nil || listed.WantsLogin {
		return listed.WantsLogin, err
	}
	profile, err := r.store.ProfileOf(ctx, environmentID, bic)
	return profile.WantsPSUID, err
}

func (r *Registry) fetchDetails(ctx context.Context, environmentID, bic string) (xs2a.ASPSPDetails, error) {
	_, client, err := r.Reach(ctx, environmentID, "")
	if err != nil {
		return xs2a.ASPSPDetails{}, err
	}
	details, err := client.ASPSP(ctx, bic)
	if err != nil {
		return details, err
	}
	return details, r.store.PutASPSPDetails(ctx, environmentID, bic, details)
}

// KeepFresh reads the directories that are missing or a day old, now and from time to
// time, until the program ends.
func (r *Registry) KeepFresh() {
	r.run(func(ctx context.Context) {
		for {
			r.refreshOld(ctx)
			select {
			case <-ctx.Done():
				return
			case <-time.After(10 * time.Minute):
			}
		}
	})
}

func (r *Registry) refreshOld(ctx context.Context) {
	environments, err := r.store.Environments(ctx)
	if err != nil {
		r.log.Error("directory", "error", err)
		return
	}
	for _, e := range environments {
		if r.now().Sub(e.DirectoryAt) > directoryAge {
			if err := r.Refresh(ctx, e.ID); err != nil {
				r.log.Warn("directory not refreshed", "environment", e.Name, "error", err)
			}
		}
	}
}

// Refresh reads an environment's list of banks anew, and the details of banks of which there are
// some. When that fails, or the list is empty where it was not, the former list stays, with the
// reason beside it; the banks the environment names itself are listed in any case.
func (r *Registry) Refresh(ctx context.Context, environmentID string) error {
	mu := r.refreshLock(environmentID)
	mu.Lock()
	defer mu.Unlock()
	e, err := r.store.Environment(ctx, environmentID)
	if err != nil {
		return err
	}
	// A write that is broken off at the program's end leaves the log of the database
	// behind; this one is short.
	if err := r.store.ListBanks(context.WithoutCancel(ctx), e.ID, xs2a.CountryName); err != nil || !e.HasDirectory() {
		return err
	}
	client, err := r.client(e, "")
	if err != nil {
		return err
	}
	d, err := readDirectory(ctx, client.For(DirectoryFlow))
	if err == nil {
		err = r.store.ReplaceDirectory(ctx, e.ID, d)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		failed := r.notRead(e, err)
		return errors.Join(failed, r.store.SetDirectoryError(ctx, e.ID, failed.Reason))
	}
	r.refreshDetails(ctx, e.ID)
	return nil
}

// notRead returns why the list of an environment's directory is not taken.
func (r *Registry) notRead(e storage.Environment, err error) *failure.Error {
	by := storage.Reason{Who: failure.TheDirectory, Name: e.Name}
	if errors.Is(err, storage.ErrEmptyDirectory) {
		by.Code = failure.DirectoryEmpty
		return &failure.Error{Reason: by, Cause: err}
	}
	return r.explain(by, err)
}

// mostDetailed bounds the banks whose details are read with a list.
const mostDetailed = 25

// refreshDetails reads the details of banks anew that were looked at before, so that what changed of them is
// known. What cannot be read stays as it is until somebody looks at the bank.
func (r *Registry) refreshDetails(ctx context.Context, environmentID string) {
	bics, err := r.store.DetailedASPSPs(ctx, environmentID, mostDetailed)
	for _, bic := range bics {
		if err == nil {
			_, err = r.fetchDetails(ctx, environmentID, bic)
		}
	}
	if err != nil && ctx.Err() == nil {
		r.log.Info("details of banks were not read with their list", "environment", environmentID, "error", err)
	}
}

// namedBy reports whether an environment names a bank itself.
func namedBy(e storage.Environment, bank string) bool {
	_, named := e.Bank(bank)
	return named
}

// refreshLock lets one at a time refresh the directory of an environment.
func (r *Registry) refreshLock(id string) *sync.Mutex {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refreshing[id] == nil {
		r.refreshing[id] = &sync.Mutex{}
	}
	return r.refreshing[id]
}

// readDirectory asks for all banks, and for those of each country and city:
// a list does not say where its banks are, so the question has to.
func readDirectory(ctx context.Context, client *xs2a.Client) (storage.Directory, error) {
	d := storage.Directory{InCountry: map[string][]string{}, InCity: map[string][]string{}}
	var err error
	if d.Countries, err = client.Countries(ctx); err != nil {
		return d, err
	}
	if d.Cities, err = client.Cities(ctx, xs2a.DirectoryFilter{}); err != nil {
		return d, err
	}
	if d.ASPSPs, err = client.ASPSPs(ctx, xs2a.DirectoryFilter{}); err != nil {
		return d, err
	}
	listed := map[string]bool{}
	for _, bank := range d.ASPSPs {
		listed[bank.BIC] = true
	}
	ask := func(filter xs2a.DirectoryFilter) (bics []string, err error) {
		banks, err := client.ASPSPs(ctx, filter)
		for _, bank := range banks {
			bics = append(bics, bank.BIC)
			if !listed[bank.BIC] {
				listed[bank.BIC] = true
				d.ASPSPs = append(d.ASPSPs, bank)
			}
		}
		return bics, err
	}
	for _, country := range d.Countries {
		if d.InCountry[country.Code], err = ask(xs2a.DirectoryFilter{CountryCodes: []string{country.Code}}); err != nil {
			return d, err
		}
	}
	for _, city := range d.Cities {
		if d.InCity[city.ID], err = ask(xs2a.DirectoryFilter{CityIDs: []string{city.ID}}); err != nil {
			return d, err
		}
	}
	return d, nil
}
