package frontend

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net/http"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/eidas"
)

// maxKeyFile bounds a PKCS#12 file; one with a whole chain has some 10 KB.
const maxKeyFile = 256 << 10

// certificateView is what a person wants to know of a certificate.
type certificateView struct {
	Subject, Issuer, Serial string
	Organisation            string // organizationIdentifier (ETSI TS 119 495 section 5.1): authorisation number and its authority
	Since, Until            time.Time
	Test                    bool             // it says that it is for tests
	States                  eidas.Statements // roles, authority, and what it is for
	Unreadable              bool             // what it states cannot be read
}

// certificatePurpose is what an environment's certificate is for.
type certificatePurpose int

const (
	forSignatures certificatePurpose = iota
	forConnections
)

// What is said of a certificate, by its purpose.
var (
	certificateFor    = [...]words.Text{"Certificate for signatures (PEM)", "Certificate for connections (PEM)"}
	privateKeyFor     = [...]words.Text{"Private key for signatures (PEM)", "Private key for connections (PEM)"}
	certificateStored = [...]words.Text{"The certificate above is stored for signatures", "The certificate above is stored for connections"}
	certificateNamed  = [...]words.Text{"the certificate for signatures.", "the certificate for connections."}
)

// readCertificate returns the facts of the first certificate of a PEM text; nil
// where there is none.
func readCertificate(text string) *certificateView {
	certificate, err := xs2a.ParseCertificate(text)
	if err != nil {
		return nil
	}
	return viewCertificate(certificate)
}

func viewCertificate(certificate *x509.Certificate) *certificateView {
	states, err := eidas.StatementsOf(certificate)
	return &certificateView{
		Subject: nameText(certificate.Subject), Issuer: nameText(certificate.Issuer), Serial: strings.ToUpper(certificate.SerialNumber.Text(16)),
		Organisation: eidas.Organisation(certificate.Subject), Since: certificate.NotBefore, Until: certificate.NotAfter,
		Test: eidas.IsTest(certificate), States: states, Unreadable: err != nil,
	}
}

// roleWords are what a provider is authorised to do, with the names certificates have for it.
var roleWords = map[eidas.Role]words.Text{
	eidas.AccountServicing:   "Servicing of accounts (PSP_AS)",
	eidas.PaymentInitiation:  "Payment initiation (PSP_PI)",
	eidas.AccountInformation: "Account information (PSP_AI)",
	eidas.CardIssuing:        "Issuing of card-based payment instruments (PSP_IC)",
}

// rolesSaid says which roles are named.
func rolesSaid(ctx context.Context, roles []eidas.Role) []string {
	all := make([]string, len(roles))
	for i, role := range roles {
		all[i] = words.T(ctx, "%s, which is no role of PSD2", string(role))
		if text, known := roleWords[role]; known {
			all[i] = words.T(ctx, text)
		}
	}
	return all
}

// kindSaid says what a certificate says that it is for.
func (c certificateView) kindSaid(ctx context.Context) string {
	var kinds []string
	for _, kind := range c.States.Kinds {
		kinds = append(kinds, words.T(ctx, map[eidas.Kind]words.Text{eidas.QSealC: "Signatures (QSealC)", eidas.QWAC: "Connections (QWAC)"}[kind]))
	}
	said := strings.Join(kinds, ", ")
	if c.States.Compliance {
		return words.T(ctx, "%s; it says that it is qualified", said)
	}
	return said
}

// authoritySaid names the competent authority with its identifier.
func (c certificateView) authoritySaid() string {
	return c.States.Authority + " (" + c.States.AuthorityID + ")"
}

// nameText writes whose name it is: the common name, and what the
// organisation is called if that says more.
func nameText(name pkix.Name) string {
	var parts []string
	for _, part := range append([]string{name.CommonName}, append(name.Organization, name.Country...)...) {
		if part != "" && (len(parts) == 0 || parts[len(parts)-1] != part) {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return name.String()
	}
	return strings.Join(parts, ", ")
}

// state reports whether a certificate can be used, and how long; the word is empty
// while there is nothing to say.
func (c certificateView) state(ctx context.Context, now time.Time) (tone ui.Tone, word string) {
	left := c.Until.Sub(now)
	switch {
	case left < 0:
		return ui.Bad, words.T(ctx, "Expired")
	case now.Before(c.Since):
		return ui.Bad, words.T(ctx, "Not valid yet")
	case left < 24*time.Hour:
		return ui.Warn, words.T(ctx, "Ends within a day")
	case left <= app.CertificateNotice:
		return ui.Warn, words.N(ctx, int(left.Hours()/24), "Ends in %d day", "Ends in %d days")
	}
	return ui.Good, ""
}

// readKeyPair takes a certificate with its key out of a form: out of a PKCS#12
// file, else out of two texts in PEM form, in whichever of them either stands.
// Nothing given changes nothing. What cannot be read is put to its field.
func readKeyPair(r *http.Request, name, keyName string, certificate, key *string, mistakes map[string]storage.Reason) {
	if r.PostFormValue(name+"_remove") != "" {
		*certificate, *key = "", ""
	}
	file, err := readFile(r, name+"_file", maxKeyFile)
	if err == nil && len(file) > 0 {
		var newCertificate, newKey string
		if newCertificate, newKey, err = bank.ReadPKCS12(file, r.PostFormValue(name+"_password")); err == nil {
			*certificate, *key = newCertificate, newKey
			return
		}
	}
	if failed, known := asFailure(err); known {
		mistakes[name+"_file"] = failed.Reason
		return
	}
	given, givenKey := r.PostFormValue(name), r.PostFormValue(keyName)
	certificates, keys := splitPEM(given + "\n" + givenKey)
	switch {
	case strings.TrimSpace(given) != "" && certificates == "":
		mistakes[name] = storage.Reason{Code: failure.NotCertificate}
	case strings.TrimSpace(givenKey) != "" && keys == "":
		mistakes[keyName] = storage.Reason{Code: failure.NotKey}
	case strings.Contains(keys, "ENCRYPTED"):
		mistakes[keyName] = storage.Reason{Code: failure.KeyEncrypted}
	case certificates != "":
		*certificate, *key = certificates, keys
	case keys != "":
		*key = keys
	}
}

// splitPEM parts certificates from private keys, so that a key pasted together
// with its certificate is sealed and not stored with it.
func splitPEM(text string) (certificates, keys string) {
	for rest := []byte(text); ; {
		var block *pem.Block
		switch block, rest = pem.Decode(rest); {
		case block == nil:
			return certificates, keys
		case block.Type == "CERTIFICATE":
			certificates += string(pem.EncodeToMemory(block))
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			keys += string(pem.EncodeToMemory(block))
		}
	}
}

// readPublic takes a text that anybody may read. A private key in it goes no
// further, back to the page least of all.
func readPublic(text, name string, mistakes map[string]storage.Reason) string {
	text = strings.TrimSpace(text)
	if bank.HoldsPrivateKey(text) {
		mistakes[name] = storage.Reason{Code: failure.KeyMisplaced}
		return ""
	}
	return text
}
