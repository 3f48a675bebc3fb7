package xs2a

// BankOfGeorgia is the interface of Bank of Georgia (NextGenPSD2 1.3.9): OAuth
// SCA, requests signed with a detached JWS, a catalogue of products.
var BankOfGeorgia = register(Dialect{
	Name:  "bankofgeorgia",
	Title: "Bank of Georgia",
	Prefix: Prefixes{
		Consents: "/v1", Accounts: "/v1", Payments: "/v1",
		// The published description names no path; see docs/decisions.
		Products: "/banking/products",
	},
	Signing:         SignDetached,
	Login:           LoginNone,
	TokenPath:       "/token",
	AuthorizePath:   "/authorize",
	Scope:           berlinScope,
	PersonsToken:    true,
	Catalogue:       true,
	PaymentProducts: []string{"domestic", "aspsp", "foreign"},
	PaymentCodes:    true,
})
