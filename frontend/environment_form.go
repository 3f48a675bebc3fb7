package frontend

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// read takes over what stands in the form. What is given of certificates,
// keys and the secret replaces the stored; left empty, the stored ones stay.
// mistakes tell by field what could not be read; an *app.Error, that nothing could.
func (view *environmentView) read(r *http.Request) (mistakes map[string]storage.Reason, err error) {
	if err := r.ParseMultipartForm(maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, failure.New(failure.FormNotRead).By(err)
	}
	given := r.PostFormValue
	mistakes = map[string]storage.Reason{}
	view.Name, view.RedirectURL = given("name"), given("redirect_url")
	view.ClientID, view.ClientSecret = given("client_id"), given("client_secret")
	view.Later = given("certificate_later") != ""
	readKeyPair(r, "certificate", "key", &view.Certificate, &view.Key, mistakes)
	readKeyPair(r, "tls_certificate", "tls_key", &view.TLSCertificate, &view.TLSKey, mistakes)
	view.RootCA = readPublic(given("root_ca"), "root_ca", mistakes)
	view.Proxy = xs2a.Proxy{Address: strings.TrimSpace(given("proxy")), User: strings.TrimSpace(given("proxy_user")), Password: given("proxy_password")}
	if given("proxy_login_remove") == "yes" && view.Proxy.User == "" {
		view.Proxy.User = bank.NoLogin
	}
	spoken := view.spoken()
	spoken.read(r, mistakes)
	view.Profile = spoken.Profile
	view.BankLines, view.Shown = given("banks"), given("shown")
	var wrong *bank.LineError
	if view.Banks, err = bank.ParseList(view.BankLines, view.Banks); errors.As(err, &wrong) {
		mistakes["banks"] = storage.Reason{Code: failure.BanksUnreadable, Number: wrong.Line}
		if wrong.Problem.Given() {
			mistakes["banks"] = storage.Reason{Code: failure.BankLineRefused, Number: wrong.Line, Because: &wrong.Problem}
		}
	}
	return mistakes, nil
}

// withMistakes adds what could not be read of a form to what else keeps it from being
// saved. Of a certificate that could not be read nothing else is said.
func withMistakes(err error, mistakes map[string]storage.Reason) error {
	refused, known := asFailure(err)
	switch {
	case err == nil:
		refused = &app.Error{Reason: storage.Reason{Code: failure.CheckFields}, Effect: failure.NothingSaved}
	case !known || refused.Code != failure.CheckFields:
		return err
	}
	for _, pair := range [][]string{{"certificate", "key"}, {"tls_certificate", "tls_key"}} {
		for _, field := range append(pair, pair[0]+"_file") {
			if mistakes[field].Given() {
				delete(refused.Fields, pair[0])
			}
		}
	}
	all := maps.Clone(mistakes)
	for field, reason := range refused.Fields {
		if !all[field].Given() {
			all[field] = reason
		}
	}
	refused.Fields = all
	return refused
}

// bankLines writes an environment's banks as bank.ParseList reads them.
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

func (view environmentView) secret(ctx context.Context) ui.Field {
	if view.HasSecret {
		return view.hidden(ctx, "client_secret", "Client secret", "One is stored. Leave this empty to keep it.")
	}
	return view.hidden(ctx, "client_secret", "Client secret", "Sealed before it is stored, and never shown again.")
}

func (view environmentView) proxyUser(ctx context.Context) ui.Field {
	if view.HasProxyLogin {
		return view.field(ctx, "proxy_user", "User of the proxy", "One is stored. Leave this empty to keep it; for another proxy it goes.", "")
	}
	return view.field(ctx, "proxy_user", "User of the proxy", "Only if it asks for one. It goes to the proxy alone; to one of http or socks5 unencrypted.", "")
}

func (view environmentView) proxyPassword(ctx context.Context) ui.Field {
	if view.HasProxyLogin {
		return view.hidden(ctx, "proxy_password", "Password of the proxy", "Leave this empty to keep the one that is stored.")
	}
	return view.hidden(ctx, "proxy_password", "Password of the proxy", "Sealed before it is stored, and never shown again.")
}

// certificateField asks for a certificate as a text.
func (view environmentView) certificateField(ctx context.Context, names keyPairNames, stored bool) ui.Field {
	field := view.field(ctx, names.certificate, certificateFor[names.purpose], "Leave this empty to keep the one that is stored.", "")
	if !stored {
		field.Hint = words.T(ctx, "The %s, with its chain if the bank wants that", names.kind)
	}
	return field
}

func (view environmentView) file(ctx context.Context, name string) ui.Field {
	field := view.field(ctx, name, "PKCS#12 file", "Instead of the two texts: a .p12 or .pfx file of 256 KB at most", "")
	field.Type, field.Attrs = "file", templ.Attributes{"accept": ".p12,.pfx,application/x-pkcs12"}
	return field
}
