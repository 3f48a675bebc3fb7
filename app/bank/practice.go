package bank

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
	"consentry/xs2a/sandbox"
)

// PracticeName is what the environment of the practice banks is called where it is kept; screens say it in the reader's language.
const PracticeName = "Practice banks"

// Practice returns the environment in which the practice banks are reached: those of
// the directory, and the others by the profile of each.
func Practice(info sandbox.Info) storage.Environment {
	own := xs2a.OpenPayments.Name
	e := storage.Environment{
		ID: SandboxID, Name: PracticeName,
		Identity: xs2a.Identity{
			ClientID: info.ClientID, ClientSecret: info.ClientSecret, Certificate: info.TPPCertificate, Key: info.TPPKey,
			TLSCertificate: info.TPPCertificate, TLSKey: info.TPPKey, RootCA: info.CA,
		},
		Profile: xs2a.Profile{Dialect: own, Context: "private", AuthURL: info.Addresses[own]["auth"], APIURL: info.Addresses[own]["api"]},
	}
	for _, bank := range info.Banks {
		e.Banks = append(e.Banks, storage.Bank{
			ID: bank.ID, BIC: bank.BIC, Name: bank.Name, CountryCode: bank.Country, Cities: bank.Cities,
			LogoURL: bank.LogoURL, Products: practiceProducts(bank), Note: bank.Approach, Profile: practiceProfile(bank, info),
		})
	}
	return e
}

// practiceProducts returns the payment products of a practice bank that has not all of its
// dialect; nil of the others.
func practiceProducts(bank sandbox.BankInfo) []string {
	for _, product := range xs2a.Dialects[bank.Dialect].PaymentProducts {
		if !slices.Contains(bank.Products, product) {
			return bank.Products
		}
	}
	return nil
}

// practiceProfile returns how a practice bank is spoken to: its dialect, and what it
// wants that its neighbours do not. Banks that are spoken to alike have one profile.
func practiceProfile(bank sandbox.BankInfo, info sandbox.Info) xs2a.Profile {
	at, prefix := info.Addresses[bank.Dialect], info.Prefixes[bank.Dialect]
	p := xs2a.Profile{
		Dialect: bank.Dialect, APIURL: at["api"], AuthURL: practiceAuth(bank, info),
		Prefix: xs2a.Prefixes{
			Consents: prefix, Accounts: prefix, Payments: prefix,
			Products: strings.TrimSuffix(info.Prefixes[bank.Dialect+"-products"], "/{locale}"),
		},
		Signing: xs2a.Dialects[bank.Dialect].Signing, ScopeBlank: bank.ScopeBlank, MTLS: bank.MTLS, WantsPSUID: bank.WantsPSUID,
		PasswordKey: at["auth"] + "/berlingroup/{bank}/.well-known/jwks.json",
	}
	if bank.Dialect == xs2a.BerlinGroup.Name { // some of whose links lead to the page at once
		p.OAuth.Issuer = at["auth"] + "/berlingroup/{bank}"
	}
	if bank.MTLS {
		p.APIURL = at["mtls"]
	}
	switch {
	case bank.SignatureWord:
		p.Signing, p.KeyID = xs2a.SignSaltEdgeWord, httpsig.IssuerCASlashed
	case bank.DateSigned && bank.Dialect == xs2a.BerlinGroup.Name:
		p.Signing = xs2a.SignHTTPDate
	}
	switch bank.PreStep {
	case "authorization_code": // its metadata tell the endpoints
		p.Login, p.AuthURL = xs2a.LoginPerson, strings.TrimSuffix(bank.TokenEndpoint, "/oauth/token")
	case "client_credentials":
		p.Login = xs2a.LoginClient
	}
	return p
}

// practiceAuth is where a bank's authorisation server has its token endpoint,
// for those whose links do not tell it.
func practiceAuth(bank sandbox.BankInfo, info sandbox.Info) string {
	base := info.Addresses[bank.Dialect]["auth"]
	if bank.Dialect == xs2a.BerlinGroup.Name {
		return base + "/berlingroup/{bank}/oauth"
	}
	if bank.TokenEndpoint != "" {
		return strings.TrimSuffix(bank.TokenEndpoint, "/token")
	}
	return base
}

// moved returns a stored address of a practice bank as it is now. Addresses of other
// banks stay as they are.
func moved(e storage.Environment, bank, address string) string {
	profile := e.ProfileOf(bank)
	was, err := url.Parse(address)
	now, failed := url.Parse(profile.AuthURL)
	if !e.Sandbox || err != nil || failed != nil || was.Host == "" || hasHost(profile, bank, address) {
		return address
	}
	was.Scheme, was.Host = now.Scheme, now.Host
	return was.String()
}

// hasHost reports whether an address lies on one of the hosts a bank's profile names.
func hasHost(p xs2a.Profile, bank, address string) bool {
	origin, err := xs2a.OriginOf(address)
	return err == nil && p.Hosts(bank).Names(origin)
}

// UsePractice points environments to practice banks. Their addresses are others
// at each start. What a directory lists is read as any other's.
func (r *Registry) UsePractice(ctx context.Context, environments ...storage.Environment) error {
	for _, e := range environments {
		e.Sandbox = true
		if err := r.store.PutEnvironment(ctx, e); err != nil {
			return err
		}
		r.mu.Lock()
		r.practice[e.ID] = true
		r.mu.Unlock()
		if err := r.store.ListBanks(ctx, e.ID, xs2a.CountryName); err != nil {
			return err
		}
	}
	return nil
}

// IsPractice reports whether an environment leads to practice banks.
func (r *Registry) IsPractice(environmentID string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.practice[environmentID]
}

// PracticeIDs returns the environments of practice banks.
func (r *Registry) PracticeIDs() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := []string{}
	for id := range r.practice {
		ids = append(ids, id)
	}
	return ids
}

// PracticeOrigins returns where the practice banks are: scheme and host of each of their
// addresses, with nothing after it.
func (r *Registry) PracticeOrigins(ctx context.Context) ([]string, error) {
	var origins []string
	for _, id := range r.PracticeIDs() {
		e, err := r.store.Environment(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, profile := range append([]xs2a.Profile{e.Profile}, profilesOf(e.Banks)...) {
			for _, address := range []string{profile.APIURL, profile.AuthURL} {
				if u, err := url.Parse(address); err == nil && u.Host != "" && !slices.Contains(origins, u.Scheme+"://"+u.Host) {
					origins = append(origins, u.Scheme+"://"+u.Host)
				}
			}
		}
	}
	return origins, nil
}

// profilesOf are those that banks have of their own.
func profilesOf(banks []storage.Bank) (all []xs2a.Profile) {
	for _, one := range banks {
		all = append(all, one.Profile)
	}
	return all
}

// ForgetPracticeClients has the practice banks be met anew, without the tokens they gave.
func (r *Registry) ForgetPracticeClients(ctx context.Context) error {
	for _, id := range r.PracticeIDs() {
		e, err := r.store.Environment(ctx, id)
		if err != nil {
			return err
		}
		r.mu.Lock()
		maps.DeleteFunc(r.clients, func(reach xs2a.Reach, _ *xs2a.Client) bool { return reach.Identity == e.Identity })
		r.mu.Unlock()
	}
	return nil
}
