package xs2a

// BerlinGroup is NextGenPSD2 as the Berlin Group writes it: the measure by
// which the other dialects are described.
var BerlinGroup = Dialect{
	Name:          "berlingroup",
	Title:         "Berlin Group NextGenPSD2",
	Prefix:        everywhere("/v1"),
	Signing:       SignHTTP,
	Login:         LoginNone,
	TokenPath:     "/token",
	AuthorizePath: "/authorize",
	Scope:         func(service Service, context string) []string { return nil },
	PersonsToken:  true,
	CardAccounts:  true,
}
