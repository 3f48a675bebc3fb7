package bank

import (
	"context"
	"errors"
	"time"

	"consentry/storage"
	"consentry/xs2a/record"
)

// logoAge is how old a bank's picture may get before it is read anew.
const logoAge = 7 * 24 * time.Hour

// logoTypes are the pictures a page may show. SVG is safe where it is shown
// as a picture alone, which the server sees to.
var logoTypes = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/svg+xml": true,
}

// Logo returns a bank's picture, fetched once a week from its address. A bank
// without one gives storage.ErrNotFound.
func (r *Registry) Logo(ctx context.Context, environmentID, bic string) (storage.Logo, error) {
	bank, err := r.store.ASPSP(ctx, environmentID, bic)
	if err != nil {
		return storage.Logo{}, err
	}
	stored, err := r.store.Logo(ctx, environmentID, bic)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return stored, err
	}
	if stored.URL != bank.LogoURL || r.now().Sub(stored.FetchedAt) > logoAge {
		fetched, err := r.fetchLogo(ctx, bank)
		switch {
		case err == nil:
			stored = fetched
			if err := r.store.PutLogo(ctx, environmentID, bic, fetched); err != nil {
				return stored, err
			}
		case stored.URL != bank.LogoURL:
			return stored, storage.ErrNotFound
		}
	}
	if stored.MediaType == "" {
		return stored, storage.ErrNotFound
	}
	return stored, nil
}

// fetchLogo reads the picture of a bank, as anybody may. That there is none is an
// answer, too, and is kept; an error means that no answer came.
func (r *Registry) fetchLogo(ctx context.Context, bank storage.ASPSP) (storage.Logo, error) {
	logo := storage.Logo{URL: bank.LogoURL}
	if bank.LogoURL == "" {
		return logo, nil
	}
	e, err := r.store.Environment(ctx, bank.EnvironmentID)
	if err != nil {
		return logo, err
	}
	client, err := r.clientFor(e, e.Reach(bank.BIC).WithoutCredentials())
	if err != nil {
		return logo, err
	}
	mediaType, image, err := client.Picture(record.Describe(ctx, DirectoryFlow, "getLogo"), bank.BIC, bank.LogoURL)
	if err == nil && logoTypes[mediaType] {
		logo.MediaType, logo.Image = mediaType, image
	}
	return logo, err
}
