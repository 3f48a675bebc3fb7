package xs2a

// BerlinGroup is NextGenPSD2 as the Berlin Group writes it: the measure by
// which the other dialects are described.
var BerlinGroup = register(Dialect{
	Name:          "berlingroup",
	Title:         "Berlin Group NextGenPSD2",
	Prefix:        everywhere("/v1"),
	Signing:       SignHTTP,
	Login:         LoginNone,
	TokenPath:     "/token",
	AuthorizePath: "/authorize",
	Scope:         berlinScope,
	PersonsToken:  true,
	CardAccounts:  true,
})

// berlinScope is what a token of the TPP's own is asked for (BG 1.3.12 section 13.1).
func berlinScope(service Service, context string) []string {
	if service == PaymentInitiation {
		return []string{"PIS"}
	}
	return []string{"AIS"}
}
