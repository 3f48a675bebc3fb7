package sandbox

import (
	"consentry/xs2a/sandbox/people"

	"consentry/xs2a/sandbox/bank"
)

// Info is how a program or a person reaches a running sandbox.
type Info struct {
	// Addresses holds the base addresses per dialect, then per role ("auth", "api",
	// and "mtls" for the address that demands the client certificate).
	Addresses map[string]map[string]string `json:"addresses"`
	// Prefixes is where a dialect's services lie under its address; {bank} stands
	// for a bank's id. "bankofgeorgia-products" is the catalogue's, with {locale}.
	Prefixes map[string]string `json:"prefixes"`
	// Control is where the banks are looked at and played, see the package; it is
	// no bank's interface.
	Control       string `json:"control"`
	TokenEndpoint string `json:"tokenEndpoint"` // of Open Payments
	ClientID      string `json:"clientId"`
	ClientSecret  string `json:"clientSecret"`
	// RedirectURIs are the registered ones; any query is taken, and any port of this machine.
	RedirectURIs []string  `json:"redirectUris"`
	PSUs         []PSUInfo `json:"psus"`
	// Banks lists those that no directory lists.
	Banks []BankInfo `json:"banks"`
	// TPPCertificate and TPPKey are the practice TPP's, in PEM, for signatures and
	// for the address that demands a client certificate. CA signed them and that
	// address's own.
	TPPCertificate string `json:"tppCertificate"`
	TPPKey         string `json:"tppKey"`
	CA             string `json:"ca"`
}

// PSUInfo is a practice login: what to type at the bank's pages. Login is also
// what PSU-ID takes.
type PSUInfo struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Code     string `json:"code"` // the SCA code
	Country  string `json:"country,omitempty"`
}

// BankInfo is one bank without a directory.
type BankInfo struct {
	Dialect       string   `json:"dialect"`
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	BIC           string   `json:"bic"`
	Country       string   `json:"country"` // ISO 3166 alpha 2
	City          string   `json:"city"`
	Cities        []string `json:"cities"`
	LogoURL       string   `json:"logoUrl"`
	Approach      string   `json:"approach"`      // in words: what is to be practised there
	Quirky        bool     `json:"quirky"`        // its answers depart from the definition on purpose
	MTLS          bool     `json:"mtls"`          // answers on the address that demands a client certificate alone
	SignatureWord bool     `json:"signatureWord"` // wants the word Signature before its value, and the certificate as PEM
	DateSigned    bool     `json:"dateSigned"`    // wants the header Date, and signed
	ScopeBlank    bool     `json:"scopeBlank"`    // wants "AIS: id" for the scope
	WantsPSUID    bool     `json:"wantsPsuId"`    // takes no request for a consent or payment without PSU-ID, and says so
	// Refuses is the code with which the bank turns down everything; "" at a bank
	// that can be linked.
	Refuses string `json:"refuses,omitempty"`
	// Products are the payment products it takes; none where there are no payments.
	Products []string `json:"products,omitempty"`
	// The bank's authorisation server, where it has one.
	AuthorizationEndpoint string `json:"authorizationEndpoint,omitempty"`
	TokenEndpoint         string `json:"tokenEndpoint,omitempty"`
	PreStep               string `json:"preStep,omitempty"` // the grant that comes before everything else
	Scope                 string `json:"scope,omitempty"`   // what to ask for in it
}

// Info returns where the server is and what to log in with.
func (s *Server) Info() Info {
	base := s.sandbox.base
	own := func() map[string]string { return map[string]string{"auth": base, "api": base} }
	berlin := own()
	berlin["mtls"] = s.sandbox.line
	s.sandbox.mu.Lock()
	v := s.sandbox.state.Vault
	s.sandbox.mu.Unlock()
	return Info{
		Addresses: map[string]map[string]string{
			bank.OpenPayments: own(), bank.BerlinGroup: berlin, bank.BankOfGeorgia: own(), bank.SaltEdge: own(),
		},
		Prefixes: map[string]string{
			bank.BerlinGroup:                 "/berlingroup/{bank}/v1",
			bank.BankOfGeorgia:               bank.GeorgianRoot,
			bank.BankOfGeorgia + "-products": bank.GeorgianRoot + "/banking/products/{locale}",
			bank.SaltEdge:                    "/saltedge/{bank}/api/berlingroup/v1",
		},
		TPPCertificate: v.TPP, TPPKey: v.TPPKey, CA: v.CA,
		Control:       base + "/_control",
		TokenEndpoint: base + "/connect/token",
		ClientID:      practiceClient.id,
		ClientSecret:  practiceClient.secret,
		RedirectURIs:  []string{"http://127.0.0.1/callback", "http://localhost/callback", ownReturn},
		PSUs:          logins(),
		Banks:         s.sandbox.undirected(base),
	}
}

// undirected lists the banks without a directory.
func (s *Sandbox) undirected(base string) []BankInfo {
	list := []BankInfo{}
	for _, b := range s.banks {
		if b.Behaviour == nil {
			continue
		}
		info := BankInfo{
			Dialect: b.Dialect, ID: b.ID, Name: b.Display(), BIC: b.BIC, Country: b.Country, City: b.Cities[0], Cities: b.Cities,
			LogoURL: base + "/logo/" + b.BIC + ".svg", Approach: b.Behaviour.Words, Quirky: len(b.Behaviour.Quirks) > 0 || b.Behaviour.Late || b.Behaviour.Errors != bank.TPPMessages && b.Behaviour.Errors != bank.ErrorClass,
			Refuses:  b.Behaviour.TurnsDown,
			Products: b.Payable(), MTLS: b.Behaviour.MTLS, PreStep: b.Behaviour.PreStep,
			DateSigned: b.Behaviour.Signing != nil && b.Behaviour.Signing.Date, SignatureWord: b.Behaviour.Signing != nil && b.Behaviour.Signing.Word, ScopeBlank: b.Behaviour.OAuth.Blank, WantsPSUID: b.Behaviour.NeedPSU && len(b.Behaviour.Quirks) == 0, // the others let a program find out
		}
		if b.Behaviour.OAuth.Link != "" {
			info.AuthorizationEndpoint, info.TokenEndpoint = base+b.Server()+"/oauth/authorize", base+b.Server()+"/oauth/token"
		}
		if b.Behaviour.PreStep != "" {
			info.Scope = "AIS"
		}
		list = append(list, info)
	}
	return list
}

// logins lists the people with what they type at the banks' pages.
func logins() []PSUInfo {
	list := make([]PSUInfo, len(people.All))
	for i, p := range people.All {
		list[i] = PSUInfo{Login: p.Login, Password: p.Password, Name: p.Name, Code: p.Code, Country: p.Country}
	}
	return list
}
