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
	Deltas:        true, // BG 1.3.12, parameters entryReferenceFrom and deltaList
	PaymentProducts: []string{ // JSON, and the same as pain.001 (BG 1.3.12 section 5.3)
		"sepa-credit-transfers", "instant-sepa-credit-transfers", "target-2-payments", "cross-border-credit-transfers",
		"pain.001-sepa-credit-transfers", "pain.001-instant-sepa-credit-transfers", "pain.001-target-2-payments", "pain.001-cross-border-credit-transfers",
	},
	PaymentCodes: true,
})

// berlinScope is what a token of the TPP's own is asked for (BG 1.3.12 section 13.1).
func berlinScope(service Service, context string) []string {
	if service == PaymentInitiation {
		return []string{"PIS"}
	}
	return []string{"AIS"}
}
