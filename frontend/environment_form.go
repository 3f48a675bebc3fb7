package frontend

import (
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
)

// read takes over what stands in the form. What is given of certificates,
// keys and the secret replaces the stored; left empty, the stored ones stay.
// An *app.Error tells what could not be read.
func (view *environmentView) read(r *http.Request) error {
	if err := r.ParseMultipartForm(maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return &app.Error{Message: "The form could not be read.", Lost: "Nothing was saved.", Do: "A file may have 256 KB at most.", Detail: err.Error(), Cause: err}
	}
	given, mistakes := r.PostFormValue, map[string]string{}
	view.Name, view.RedirectURL = given("name"), given("redirect_url")
	view.ClientID, view.ClientSecret = given("client_id"), given("client_secret")
	readKeyPair(r, "certificate", "key", &view.Certificate, &view.Key, mistakes)
	readKeyPair(r, "tls_certificate", "tls_key", &view.TLSCertificate, &view.TLSKey, mistakes)
	view.RootCA = readPublic(given("root_ca"), "root_ca", mistakes)
	spoken := view.spoken()
	spoken.read(r, mistakes)
	view.Profile = spoken.Profile
	view.BankLines = given("banks")
	var err error
	if view.Banks, err = app.ParseBanks(view.BankLines, view.Banks); err != nil {
		mistakes["banks"] = strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."
	}
	if len(mistakes) > 0 {
		return &app.Error{Message: "Please check the marked fields.", Lost: "Nothing was saved.", Fields: mistakes}
	}
	return nil
}

// bankLines writes an environment's banks as app.ParseBanks reads them.
func bankLines(banks []storage.Bank) string {
	var lines []string
	for _, bank := range banks {
		line := bank.ID + "; " + bank.Name + "; " + bank.CountryCode
		if len(bank.Cities) == 0 {
			lines = append(lines, line)
		}
		for _, city := range bank.Cities {
			lines = append(lines, line+"; "+city)
		}
	}
	return strings.Join(lines, "\n")
}

func (view environmentView) secret() ui.Field {
	if view.HasSecret {
		return view.hidden("client_secret", "Client secret", "One is stored. Leave this empty to keep it.")
	}
	return view.hidden("client_secret", "Client secret", "Sealed before it is stored, and never shown again.")
}

func (view environmentView) file(name string) ui.Field {
	field := view.field(name, "PKCS#12 file", "Instead of the two texts: a .p12 or .pfx file of 256 KB at most", "")
	field.Type, field.Attrs = "file", templ.Attributes{"accept": ".p12,.pfx,application/x-pkcs12"}
	return field
}
