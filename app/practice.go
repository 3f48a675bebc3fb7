package app

import (
	"net/url"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
	"consentry/xs2a/sandbox"
)

// Practice returns the environments with which the practice banks are reached:
// one for those of the directory, and one for each way in which the others
// want to be spoken to.
func Practice(info sandbox.Info) []storage.Environment {
	own := xs2a.OpenPayments.Name
	all := []storage.Environment{{ID: SandboxID, Name: "Sandbox", Environment: xs2a.Environment{
		Dialect: own, Context: "private", AuthURL: info.Addresses[own]["auth"], APIURL: info.Addresses[own]["api"],
		ClientID: info.ClientID, ClientSecret: info.ClientSecret,
	}}}
	at := map[string]int{} // index into all, by id
	for _, bank := range info.Banks {
		id := practiceID(bank)
		if _, known := at[id]; !known {
			at[id] = len(all)
			all = append(all, practiceEnvironment(id, bank, info))
		}
		e := &all[at[id]]
		e.Banks = append(e.Banks, practiceBanks(bank)...)
	}
	return all
}

// practiceID names the environment a bank belongs to: its dialect, and what it
// wants that its neighbours do not.
func practiceID(bank sandbox.BankInfo) string {
	parts := []string{SandboxID, bank.Dialect}
	for _, way := range []struct {
		name string
		is   bool
	}{
		{"mtls", bank.MTLS}, {"dated", bank.DateSigned && bank.Dialect == xs2a.BerlinGroup.Name}, {"word", bank.SignatureWord}, {"blank", bank.ScopeBlank}, {bank.PreStep, bank.PreStep != ""},
	} {
		if way.is {
			parts = append(parts, way.name)
		}
	}
	return strings.Join(parts, "-")
}

// practiceWords say in an environment's name what is special about it.
var practiceWords = strings.NewReplacer(
	"mtls", "client certificate", "dated", "signed date", "word", "the word Signature", "blank", "blank in the scope",
	"authorization_code", "log-in first", "client_credentials", "token first",
)

func practiceEnvironment(id string, bank sandbox.BankInfo, info sandbox.Info) storage.Environment {
	dialect := xs2a.Dialects[bank.Dialect]
	e := storage.Environment{ID: id, Name: "Sandbox: " + dialect.Title, Environment: xs2a.Environment{
		Dialect: bank.Dialect, AuthURL: practiceAuth(bank, info), APIURL: info.Addresses[bank.Dialect]["api"],
		ClientID: info.ClientID, ClientSecret: info.ClientSecret,
		Signing: dialect.Signing, Certificate: info.TPPCertificate, Key: info.TPPKey, ScopeBlank: bank.ScopeBlank,
		PasswordKey: info.Addresses[bank.Dialect]["auth"] + "/berlingroup/{bank}/.well-known/jwks.json",
	}}
	if special := strings.TrimPrefix(id, SandboxID+"-"+bank.Dialect+"-"); special != id {
		e.Name += ", " + practiceWords.Replace(special)
	}
	if bank.Dialect == xs2a.BerlinGroup.Name { // some of whose links lead to the page at once
		e.OAuth.Issuer = info.Addresses[bank.Dialect]["auth"] + "/berlingroup/{bank}"
	}
	prefix := info.Prefixes[bank.Dialect]
	e.Prefix = xs2a.Prefixes{
		Consents: prefix, Accounts: prefix, Payments: prefix,
		Products: strings.TrimSuffix(info.Prefixes[bank.Dialect+"-products"], "/{locale}"),
	}
	if bank.MTLS {
		e.APIURL = info.Addresses[bank.Dialect]["mtls"]
		e.TLSCertificate, e.TLSKey, e.RootCA = info.TPPCertificate, info.TPPKey, info.CA
	}
	switch {
	case bank.SignatureWord:
		e.Signing, e.KeyID = xs2a.SignSaltEdgeWord, httpsig.IssuerCASlashed
	case bank.DateSigned && bank.Dialect == xs2a.BerlinGroup.Name:
		e.Signing = xs2a.SignHTTPDate
	}
	switch bank.PreStep {
	case "authorization_code": // its metadata tell the endpoints
		e.Login, e.AuthURL = xs2a.LoginPerson, strings.TrimSuffix(bank.TokenEndpoint, "/oauth/token")
	case "client_credentials":
		e.Login = xs2a.LoginClient
	}
	return e
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

// practiceBanks lists a bank once for each city it is in.
func practiceBanks(bank sandbox.BankInfo) []storage.Bank {
	banks := []storage.Bank{}
	for _, city := range bank.Cities {
		banks = append(banks, storage.Bank{ID: bank.ID, Name: bank.Name, CountryCode: bank.Country, City: city, LogoURL: bank.LogoURL, Note: bank.Approach})
	}
	return banks
}

// moved returns a stored address of a practice bank as it is now: the practice banks
// have another port at each start. Addresses of other banks stay as they are.
func moved(e storage.Environment, address string) string {
	was, err := url.Parse(address)
	now, failed := url.Parse(e.AuthURL)
	if !e.Sandbox || err != nil || failed != nil || was.Host == "" || hasHost(e, address) {
		return address
	}
	was.Scheme, was.Host = now.Scheme, now.Host
	return was.String()
}

// hasHost reports whether an address lies on one of the hosts an environment names.
func hasHost(e storage.Environment, address string) bool {
	origin, err := xs2a.OriginOf(address)
	return err == nil && e.Hosts("").Names(origin)
}

func (a *App) isPractice(environmentID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.practice[environmentID]
}

func (a *App) practiceIDs() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	ids := []string{}
	for id := range a.practice {
		ids = append(ids, id)
	}
	return ids
}
