package xs2a

import "net/http"

// OpenPayments is the dialect of the Open Payments Europe platform: one host
// for many banks, chosen by header, with a directory of its own.
var OpenPayments = Dialect{
	Name:  "openpayments",
	Title: "Open Payments Europe",
	Prefix: map[Service]string{
		ASPSPInformation:   "/psd2/aspspinformation/v1",
		ConsentService:     "/psd2/consent/v1",
		AccountInformation: "/psd2/accountinformation/v1",
	},
	TokenPath: "/connect/token",
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
	},
	ExchangeHeader: func(grant Grant) http.Header {
		h := http.Header{}
		h.Set("X-ConsentId", grant.ConsentID)
		h.Set("X-ConsentAuthorisationId", grant.AuthorisationID)
		return h
	},
}
