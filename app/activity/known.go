package activity

import (
	"context"
	"errors"

	"consentry/storage"
	"consentry/xs2a/record/script"
)

// Known are the secrets that the program still has of what is taken along: the token and
// the refresh token of a consent or payment, the client's secret of an environment. What
// a person typed is nowhere.
type Known struct {
	by map[string]map[string]string // by flow and name
}

// Known opens the secrets of what is taken along. They are shown to nobody, and leave by
// [Taking.Files] alone, on the person's explicit wish for that one time.
func (r *Record) Known(ctx context.Context, t Taking) (*Known, error) {
	k := &Known{by: map[string]map[string]string{}}
	for id, of := range t.flows {
		secrets := map[string]string{}
		if of.holder.ID != "" {
			credentials, err := r.store.Credentials(ctx, of.holder)
			if err != nil && !errors.Is(err, storage.ErrNotFound) {
				return nil, err
			}
			secrets[script.Token], secrets[script.RefreshToken] = credentials.AccessToken, credentials.RefreshToken
		}
		if of.at != "" {
			environment, err := r.store.Environment(ctx, of.at)
			if err != nil && !errors.Is(err, storage.ErrNotFound) {
				return nil, err
			}
			secrets[script.ClientSecret] = environment.ClientSecret
		}
		k.by[id] = secrets
	}
	return k, nil
}

func (k *Known) value(v *script.Variable) (string, bool) {
	value := k.by[v.FlowID][v.Secret]
	return value, value != ""
}

// Missing names what has to be filled in all the same.
func (k *Known) Missing(t Taking) (names []string) {
	for _, v := range t.script.Of(script.Secret) {
		if _, has := k.value(v); !has && v.Secret != script.State {
			names = append(names, v.Name)
		}
	}
	return names
}
