package frontend

import (
	"context"
	"net/http"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// guideView leads from the registration with a provider to the first linked account, with
// the names of the fields that the settings have. docs/going-live.md has the same with its
// sources.
type guideView struct {
	Environment storage.Environment // without its secrets
}

// guide shows how to go live with the banks of an environment.
func (s *Server) guide(w http.ResponseWriter, r *http.Request) error {
	e, err := s.app.Banks().Environment(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if e.Sandbox {
		return storage.ErrNotFound
	}
	view := guideView{e.WithoutSecrets()}
	return s.page(w, r, Page{Title: words.T(r.Context(), "How to go live"), Section: SectionSettings}, guideScreen(view))
}

// guideStep is one thing to be done, in order.
type guideStep struct {
	Title words.Text
	Text  []words.Text
	Keys  bool // it is done on the page of keys and certificates
	Form  bool // it is done in the environment's form
	Banks bool // it is done where banks are linked
}

// What is done alike whoever the provider is.
var (
	guideSignatures = guideStep{Title: "Make the key and the signing request for signatures", Keys: true, Text: []words.Text{
		"Under “Certificate for signatures (QSealC)”, fill in what your authorisation says: organisation identifier, organisation, country, common name, competent authority and roles. For reading accounts the role is “Account information (PSP_AI)”, for payments “Payment initiation (PSP_PI)”.",
		"Save the signing request (PEM or DER) and give it to whoever issues the certificate: the provider’s authority for tests, or a qualified trust service provider. Tick “Ask for a qualified one” for the latter.",
		"Put in the certificate that comes back, check it, and use it. Where a test certificate signed by its own key is enough, make one there.",
	}}
	guideConnections = guideStep{Title: "Do the same for connections", Keys: true, Text: []words.Text{
		"Under “Certificate for connections (QWAC)”. It is shown to the bank when connecting, by itself, once it is there.",
	}}
	guideCheck = guideStep{Title: "Check the connection", Form: true, Text: []words.Text{
		"“Check connection” on the environment’s page asks something that needs nobody’s consent. What failed stands there in words, with the exchange one click away.",
	}}
	guideLink = guideStep{Title: "Link the first account", Banks: true, Text: []words.Text{
		"Choose the bank under “Banks”, then “Link this bank”. On the way back from the bank, the accounts are read.",
		"If it fails, its page says what was tried. “Hold it to the official definition” on the environment’s page goes through what is only read.",
	}}
)

// guides are the steps by dialect.
var guides = map[string][]guideStep{
	xs2a.OpenPayments.Name: {
		{Title: "Register with Open Payments", Text: []words.Text{
			"Register an application with the provider. It gives you a client id and a client secret, for the sandbox first. How its portal asks for them could not be checked for this guide.",
		}},
		{Title: "Enter what you were given", Form: true, Text: []words.Text{
			"“Client id” and “Client secret”, under “Credentials (OAuth)”. “Return address”: the one you registered, with a fixed port of this machine; leave it empty if any port of 127.0.0.1 is accepted.",
			"“Interface of the banks” and “Authorisation server” are filled in when an environment begins from “Open Payments sandbox” or “Open Payments”. “Customers” is private or corporate.",
			"Requests need no signature there unless the provider tells you so: “How requests are signed”.",
		}},
		guideCheck, guideLink,
		{Title: "For production: a certificate for connections", Keys: true, Text: []words.Text{
			"Production wants a client certificate on the host of the interface. Under “Certificate for connections (QWAC)”, make the key and the signing request, and put in the certificate. Add an environment of its own for production, which begins from “Open Payments”.",
		}},
	},
	xs2a.BankOfGeorgia.Name: {
		{Title: "Register with the bank", Text: []words.Text{
			"Ask the bank for access to its interface, and register your return address there: approvals go through its OAuth pages. Its portal could not be checked for this guide.",
			"Other banks in Georgia write that certificates for production come from providers authorised by the National Bank of Georgia, and those for tests from the bank. Ask this bank which it takes.",
		}},
		{Title: "Enter what you were given", Form: true, Text: []words.Text{
			"“Interface of the banks” and, if it is another host, “Authorisation server”; “Client id” and “Client secret”; “Return address”. “How requests are signed” is the detached JWS (x-jws-signature).",
			"“Banks of this environment” has the bank already when it begins from “Bank of Georgia sandbox”.",
		}},
		guideSignatures, guideConnections, guideCheck, guideLink,
	},
	xs2a.BerlinGroup.Name: {
		{Title: "Register with the bank", Text: []words.Text{
			"Each bank has a portal of its own. Note its address of the interface, how it wants requests signed, how a person approves there, and whether it gives a client id. Many take the identifier in your certificate for that.",
		}},
		{Title: "Enter what the portal says", Form: true, Text: []words.Text{
			"“Interface of the banks”: the address before the paths of the interface. The paths themselves, if they do not begin with /v1, are under “Paths and habits of the banks”.",
			"“How requests are signed”: HTTP signature (Digest, Signature, TPP-Signature-Certificate), with the date if the bank wants it; or not at all. “How an HTTP signature names the certificate (keyId)” if the bank refuses the usual form.",
			"“Client id” under “Credentials (OAuth)” where the bank approves by OAuth. “Return address” as it is registered. “Banks of this environment”: one line for each bank.",
		}},
		guideSignatures, guideConnections, guideCheck, guideLink,
		{Title: "Card accounts", Banks: true, Text: []words.Text{
			"Where a bank has card accounts apart, they are read under the same consent, from the path of accounts beside it. There is nothing to set.",
		}},
	},
	xs2a.SaltEdge.Name: {
		{Title: "Make the certificate first", Keys: true, Text: []words.Text{
			"Salt Edge registers a provider by a request that is signed already. For the sandbox, its documentation asks for a QSealC for tests; for production, only one that is issued for it. Make the key and the test certificate under “Certificate for signatures (QSealC)”.",
		}},
		{Title: "Register with Salt Edge", Text: []words.Text{
			"The request to register (and to add certificates) is in its documentation of each bank. Consentry does not send it: “Save the key sealed” gives you key and certificate as a PKCS#12 file for the program that does. A confirmation comes by mail.",
			"Whether a certificate signed by its own key is taken for the sandbox could not be checked for this guide.",
		}},
		{Title: "Enter what you were given", Form: true, Text: []words.Text{
			"“Interface of the banks”: the address that the documentation of the bank names. “How requests are signed” is HTTP signature by Salt Edge’s rules; with the word Signature before it, or the certificate as PEM, where that is refused.",
			"“Banks of this environment”: the provider code of each bank as its id, such as the one its page of the documentation names.",
		}},
		guideCheck, guideLink,
	},
}

// steps are those for the environment's dialect; one without a guide of its own goes by the
// standard that they all come from.
func (view guideView) steps() []guideStep {
	if own := guides[view.Environment.Profile.Dialect]; own != nil {
		return own
	}
	return guides[xs2a.BerlinGroup.Name]
}

// sub says for which provider the guide is.
func (view guideView) sub(ctx context.Context) string {
	return words.T(ctx, "%s: from the registration to the first linked account", xs2a.Dialects[view.Environment.Profile.Dialect].Title)
}
