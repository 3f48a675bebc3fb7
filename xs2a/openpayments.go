package xs2a

import "net/http"

// OpenPayments is the dialect of the Open Payments Europe platform: one host
// for many banks, chosen by header, with a directory of its own.
var OpenPayments = register(Dialect{
	Name:      "openpayments",
	Title:     "Open Payments Europe",
	Directory: true,
	Deltas:    true, // OP 1.3.3, parameters entryReferenceFrom and deltaList
	Attended:  true,
	// OP 1.3.3 defines no body of POST …/cancellation-authorisations.
	BareCancellation: true,
	Prefix: Prefixes{
		Directory: "/psd2/aspspinformation/v1",
		Consents:  "/psd2/consent/v1",
		Accounts:  "/psd2/accountinformation/v1",
		Payments:  "/psd2/paymentinitiation/v1",
	},
	Address:         placeOf,
	PaymentProducts: []string{"domestic", "sepa-credit-transfers", "swedish-giro", "international"},
	Login:           LoginClient,
	TokenPath:       "/connect/token",
	Scope: func(service Service, context string) []string {
		// Consents belong to the scope of what they give access to.
		if service == ConsentService {
			service = AccountInformation
		}
		if context == "" {
			return []string{string(service)}
		}
		return []string{string(service), context}
	},
	SetHeader: func(h http.Header, service Service, call Call) {
		if service == ASPSPInformation {
			return // the directory is not addressed to a bank
		}
		h.Set("X-BicFi", call.BIC)
		if call.AffiliatedASPSPID != "" {
			h.Set("X-AffiliatedASPSP-ID", call.AffiliatedASPSPID)
		}
		if call.Decoupled { // on every call for that consent or payment
			h.Set("TPP-Redirect-Preferred", "false")
		}
	},
	ExchangeHeader: func(grant Grant) http.Header {
		h := http.Header{}
		if grant.Resource.service == PaymentInitiation {
			h.Set("X-PaymentId", grant.Resource.ID)
			h.Set("X-PaymentAuthorisationId", grant.AuthorisationID)
			return h
		}
		h.Set("X-ConsentId", grant.Resource.ID)
		h.Set("X-ConsentAuthorisationId", grant.AuthorisationID)
		return h
	},
})
