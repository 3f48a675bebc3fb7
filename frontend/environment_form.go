package frontend

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
)

// signUsual stands in the form for the dialect's usual way of signing. It is
// never stored.
const signUsual xs2a.Signing = "usual"

// read takes over what stands in the form. What is given of certificates,
// keys and the secret replaces the stored; left empty, the stored ones stay.
// An *app.Error tells what could not be read.
func (view *environmentView) read(r *http.Request) error {
	if err := r.ParseMultipartForm(maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return failure.New(failure.FormNotRead).By(err)
	}
	given, mistakes := r.PostFormValue, map[string]storage.Reason{}
	view.Name, view.Dialect = given("name"), given("dialect")
	view.APIURL, view.AuthURL, view.RedirectURL = given("api_url"), given("auth_url"), given("redirect_url")
	view.ClientID, view.ClientSecret, view.Context = given("client_id"), given("client_secret"), given("context")
	view.ScopeBlank = given("scope_blank") != ""
	view.OAuth = xs2a.OAuthServer{Authorization: given("oauth_authorization"), Token: given("oauth_token"), Issuer: given("oauth_issuer")}
	view.MoreHosts = given("more_hosts")
	view.Prefix = xs2a.Prefixes{
		Directory: given("prefix_directory"), Consents: given("prefix_consents"), Accounts: given("prefix_accounts"),
		Payments: given("prefix_payments"), Products: given("prefix_products"),
	}
	if view.Login = xs2a.Login(given("login")); !offers(view.logins(), given("login")) {
		mistakes["login"] = storage.Reason{Code: failure.ChooseFromList}
	}
	switch view.Signing = xs2a.Signing(given("signing")); {
	case view.Signing == signUsual:
		view.Signing = view.speaks().Signing
	case !offers(view.signings(), given("signing")):
		mistakes["signing"] = storage.Reason{Code: failure.ChooseFromList}
	}
	if view.KeyID = httpsig.KeyIDForm(given("key_id")); !offers(view.keyIDs(), given("key_id")) {
		mistakes["key_id"] = storage.Reason{Code: failure.ChooseFromList}
	}
	readKeyPair(r, "certificate", "key", &view.Certificate, &view.Key, mistakes)
	readKeyPair(r, "tls_certificate", "tls_key", &view.TLSCertificate, &view.TLSKey, mistakes)
	view.RootCA = readPublic(given("root_ca"), "root_ca", mistakes)
	view.PasswordKey = readPublic(given("password_key"), "password_key", mistakes)
	if view.PasswordKey != "" && !isPasswordKey(view.PasswordKey) {
		mistakes["password_key"] = storage.Reason{Code: failure.NoPasswordKey}
	}
	var err error
	view.BankLines = given("banks")
	var wrong *app.LineError
	if view.Banks, err = app.ParseBanks(view.BankLines); errors.As(err, &wrong) {
		mistakes["banks"] = storage.Reason{Code: failure.BanksUnreadable, Number: wrong.Line}
	}
	if len(mistakes) > 0 {
		return &app.Error{Reason: storage.Reason{Code: failure.CheckFields}, Effect: failure.NothingSaved, Fields: mistakes}
	}
	return nil
}

// offers reports whether a value is among the options.
func offers(options []ui.Option, value string) bool {
	for _, option := range options {
		if option.Value == value {
			return true
		}
	}
	return false
}

// bankLines writes an environment's banks as app.ParseBanks reads them.
func bankLines(banks []storage.Bank) string {
	var lines []string
	for _, bank := range banks {
		line := bank.ID + "; " + bank.Name + "; " + bank.CountryCode
		if bank.City != "" {
			line += "; " + bank.City
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func (view environmentView) field(name, label, hint, value string) ui.Field {
	field := ui.Field{Name: name, Label: label, Hint: hint, Value: value, Attrs: templ.Attributes{"autocomplete": "off", "spellcheck": "false"}}
	if view.Failure != nil {
		field.Error = fieldWords(context.Background(), view.Failure, name)
	}
	return field
}

func (view environmentView) address(name, label, hint, value string) ui.Field {
	field := view.field(name, label, hint, value)
	field.Type = "url"
	return field
}

// hidden asks for what is never sent back to the page.
func (view environmentView) hidden(name, label, hint string) ui.Field {
	field := view.field(name, label, hint, "")
	field.Type, field.Attrs["autocomplete"] = "password", "new-password"
	return field
}

func (view environmentView) secret() ui.Field {
	if view.HasSecret {
		return view.hidden("client_secret", "Client secret", "One is stored. Leave this empty to keep it.")
	}
	return view.hidden("client_secret", "Client secret", "Sealed before it is stored, and never shown again.")
}

// prefix asks for a path; what the dialect has shows where nothing is given.
func (view environmentView) prefix(name, label, value, usual string) ui.Field {
	field := view.field("prefix_"+name, label, "", value)
	field.Attrs["placeholder"] = usual
	return field
}

func (view environmentView) file(name string) ui.Field {
	field := view.field(name, "PKCS#12 file", "Instead of the two texts: a .p12 or .pfx file of 256 KB at most", "")
	field.Type, field.Attrs = "file", templ.Attributes{"accept": ".p12,.pfx,application/x-pkcs12"}
	return field
}

func (view environmentView) dialects() []ui.Option {
	var options []ui.Option
	byTitle := func(a, b xs2a.Dialect) int { return strings.Compare(a.Title, b.Title) }
	for _, dialect := range slices.SortedFunc(maps.Values(xs2a.Dialects), byTitle) {
		options = append(options, ui.Option{Value: dialect.Name, Label: dialect.Title, Chosen: dialect.Name == view.Dialect})
	}
	return options
}

func (view environmentView) contexts() []ui.Option {
	return chosen([]ui.Option{
		{Value: "private", Label: "Private"}, {Value: "corporate", Label: "Business"}, {Value: "", Label: "Not said"},
	}, view.Context)
}

// chosen marks the option of a value.
func chosen(options []ui.Option, value string) []ui.Option {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}

func (view environmentView) logins() []ui.Option {
	options := []ui.Option{
		{Value: string(xs2a.LoginDefault), Label: "What is usual for the dialect"},
		{Value: string(xs2a.LoginNone), Label: "Nothing but the certificate"},
		{Value: string(xs2a.LoginClient), Label: "An access token of Consentry’s own (client credentials)"},
		{Value: string(xs2a.LoginPerson), Label: "That you log in first (OAuth2 as a pre-step)"},
	}
	return chosen(options, string(view.Login))
}

func (view environmentView) signings() []ui.Option {
	options := []ui.Option{
		{Value: string(xs2a.SignNothing), Label: "Not at all"},
		{Value: string(xs2a.SignHTTP), Label: "HTTP signature (Berlin Group)"},
		{Value: string(xs2a.SignHTTPDate), Label: "HTTP signature with the date signed (Berlin Group)"},
		{Value: string(xs2a.SignSaltEdge), Label: "HTTP signature (Salt Edge)"},
		{Value: string(xs2a.SignSaltEdgeWord), Label: "HTTP signature with the word Signature, certificate as PEM (Salt Edge)"},
		{Value: string(xs2a.SignDetached), Label: "Detached JWS (x-jws-signature)"},
	}
	if view.ID == "" {
		options = append(options, ui.Option{Value: string(signUsual), Label: "What is usual for the dialect"})
	}
	return chosen(options, string(view.Signing))
}

func (view environmentView) keyIDs() []ui.Option {
	options := []ui.Option{
		{Value: "", Label: "What is usual with the way of signing"},
		{Value: string(httpsig.IssuerCA), Label: "SN=…,CA=CN=…,O=… (Berlin Group)"},
		{Value: string(httpsig.IssuerDN), Label: "SN=…,DN=/O=…/CN=… (Salt Edge)"},
		{Value: string(httpsig.IssuerCASlashed), Label: "SN=…,CA=/CN=…/O=… (Salt Edge, recorded)"},
	}
	return chosen(options, string(view.KeyID))
}
