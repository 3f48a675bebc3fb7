package frontend

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
)

// profileView asks how the banks of an environment are spoken to, or one of them.
type profileView struct {
	xs2a.Profile
	fields
	New bool // nothing is stored yet
	One bool // of a single bank
}

// signUsual stands in the form for the dialect's usual way of signing. It is
// never stored.
const signUsual xs2a.Signing = "usual"

// read takes over what stands in the form. What is no choice of a list is put to its
// field in mistakes; the rest is checked where it is saved.
func (view *profileView) read(r *http.Request, mistakes map[string]storage.Reason) {
	given := r.PostFormValue
	view.Dialect, view.APIURL, view.AuthURL, view.Context = given("dialect"), given("api_url"), given("auth_url"), given("context")
	view.OAuth = xs2a.OAuthServer{Authorization: given("oauth_authorization"), Token: given("oauth_token"), Issuer: given("oauth_issuer")}
	view.MoreHosts = given("more_hosts")
	view.Prefix = xs2a.Prefixes{
		Directory: given("prefix_directory"), Consents: given("prefix_consents"), Accounts: given("prefix_accounts"),
		Payments: given("prefix_payments"), Products: given("prefix_products"),
	}
	view.PSUIDType, view.NotificationURI = given("psu_id_type"), given("notification_uri")
	view.ScopeBlank, view.MTLS, view.WantsPSUID = given("scope_blank") != "", given("mtls") != "", given("psu_id") != ""
	if view.Login = xs2a.Login(given("login")); !offered(view.logins(), given("login")) {
		mistakes["login"] = storage.Reason{Code: failure.ChooseFromList}
	}
	switch view.Signing = xs2a.Signing(given("signing")); {
	case view.Signing == signUsual:
		view.Signing = view.speaks().Signing
	case !offered(view.signings(), given("signing")):
		mistakes["signing"] = storage.Reason{Code: failure.ChooseFromList}
	}
	if view.KeyID = httpsig.KeyIDForm(given("key_id")); !offered(view.keyIDs(), given("key_id")) {
		mistakes["key_id"] = storage.Reason{Code: failure.ChooseFromList}
	}
	view.PasswordKey = readPublic(given("password_key"), "password_key", mistakes)
	if view.PasswordKey != "" && !bank.IsPasswordKey(view.PasswordKey) {
		mistakes["password_key"] = storage.Reason{Code: failure.NoPasswordKey}
	}
	if view.One {
		view.Reports = inOrderOf(view.Reports, r.PostForm["reports"])
	}
}

// inOrderOf joins the forms of reports that are ticked, those that a bank had before in
// their order: what stands first is asked for first.
func inOrderOf(before string, ticked []string) string {
	var kept []string
	for _, form := range strings.Fields(before) {
		if slices.Contains(ticked, form) {
			kept = append(kept, form)
		}
	}
	for _, form := range ticked {
		if !slices.Contains(kept, form) {
			kept = append(kept, form)
		}
	}
	return strings.Join(kept, " ")
}

// speaks is the dialect chosen; the zero Dialect while there is none.
func (view profileView) speaks() xs2a.Dialect { return xs2a.Dialects[view.Dialect] }

// prefix asks for a path; what the dialect has shows where nothing is given.
func (view profileView) prefix(ctx context.Context, name string, label words.Text, value, usual string) ui.Field {
	field := view.field(ctx, "prefix_"+name, label, "", value)
	field.Attrs["placeholder"] = usual
	return field
}

// The groups of fields below are unfolded where the dialect needs them, they
// hold something, or something in them has to be corrected.

func (view profileView) wantsServer() bool {
	dialect := view.speaks()
	return dialect.Login == xs2a.LoginClient || dialect.AuthorizePath != "" || view.AuthURL != "" || view.OAuth != (xs2a.OAuthServer{}) || view.MoreHosts != "" ||
		view.marked("auth_url", "context", "oauth_authorization", "oauth_token", "oauth_issuer", "more_hosts")
}

func (view profileView) wantsSigning() bool {
	return view.Signing != xs2a.SignNothing && view.Signing != signUsual || view.speaks().Signing != xs2a.SignNothing || view.KeyID != "" || view.marked("signing", "key_id")
}

func (view profileView) wantsHabits() bool {
	return view.Login != xs2a.LoginDefault || view.ScopeBlank || view.MTLS || view.WantsPSUID || view.Prefix != (xs2a.Prefixes{}) || view.Reports != "" || view.PSUIDType+view.NotificationURI != "" || view.marked("login", "reports", "psu_id_type", "notification_uri")
}

func (view profileView) wantsPasswordKey() bool {
	return view.PasswordKey != "" || view.marked("password_key")
}

func (view profileView) dialects() []ui.Option {
	var options []ui.Option
	dialects := slices.Collect(maps.Values(xs2a.Dialects))
	sort.Slice(dialects, func(i, j int) bool { return dialects[i].Title < dialects[j].Title })
	for _, dialect := range dialects {
		options = append(options, ui.Option{Value: dialect.Name, Label: dialect.Title, Chosen: dialect.Name == view.Dialect})
	}
	return options
}

func (view profileView) contexts(ctx context.Context) []ui.Option {
	return said(ctx, chosenOf([]wordedOption{
		{Value: "private", Label: "Private"}, {Value: "corporate", Label: "Business"}, {Value: "", Label: "Not said"},
	}, view.Context))
}

func (view profileView) logins() []wordedOption {
	options := []wordedOption{
		{Value: string(xs2a.LoginDefault), Label: "What is usual for the dialect"},
		{Value: string(xs2a.LoginNone), Label: "Nothing but the certificate"},
		{Value: string(xs2a.LoginClient), Label: "An access token of Consentry’s own (client credentials)"},
		{Value: string(xs2a.LoginPerson), Label: "That you log in first (OAuth2 as a pre-step)"},
	}
	return chosenOf(options, string(view.Login))
}

func (view profileView) signings() []wordedOption {
	options := []wordedOption{
		{Value: string(xs2a.SignNothing), Label: "Not at all"},
		{Value: string(xs2a.SignHTTP), Label: "HTTP signature (Berlin Group)"},
		{Value: string(xs2a.SignHTTPDate), Label: "HTTP signature with the date signed (Berlin Group)"},
		{Value: string(xs2a.SignSaltEdge), Label: "HTTP signature (Salt Edge)"},
		{Value: string(xs2a.SignSaltEdgeWord), Label: "HTTP signature with the word Signature, certificate as PEM (Salt Edge)"},
		{Value: string(xs2a.SignDetached), Label: "Detached JWS (x-jws-signature)"},
	}
	if view.New {
		options = append(options, wordedOption{Value: string(signUsual), Label: "What is usual for the dialect"})
	}
	return chosenOf(options, string(view.Signing))
}

func (view profileView) keyIDs() []wordedOption {
	options := []wordedOption{
		{Value: "", Label: "What is usual with the way of signing"},
		{Value: string(httpsig.IssuerCA), Label: "SN=…,CA=CN=…,O=… (Berlin Group)"},
		{Value: string(httpsig.IssuerDN), Label: "SN=…,DN=/O=…/CN=… (Salt Edge)"},
		{Value: string(httpsig.IssuerCASlashed), Label: "SN=…,CA=/CN=…/O=… (Salt Edge, recorded)"},
	}
	return chosenOf(options, string(view.KeyID))
}

// reports are the forms in which a bank has transactions, the first wanted first.
func (view profileView) reports() []wordedOption {
	options := []wordedOption{
		{Value: xs2a.ReportJSON, Label: "JSON"}, {Value: xs2a.ReportCamt, Label: "camt.052 or camt.053"}, {Value: xs2a.ReportMT940, Label: "MT940"},
	}
	for i, option := range options {
		options[i].Chosen = slices.Contains(strings.Fields(view.Reports), option.Value)
	}
	return options
}

// spokenTo says in a line how a bank is spoken to.
func spokenTo(ctx context.Context, p xs2a.Profile) string {
	parts := []string{xs2a.Dialects[p.Dialect].Title}
	if p.Signing != xs2a.SignNothing && p.Signing != xs2a.Dialects[p.Dialect].Signing {
		for _, option := range (profileView{}).signings() {
			if option.Value == string(p.Signing) {
				parts = append(parts, words.T(ctx, option.Label))
			}
		}
	}
	for _, part := range []struct {
		said  words.Text
		holds bool
	}{
		{"you log in first", p.Login == xs2a.LoginPerson}, {"a token of our own first", p.Login == xs2a.LoginClient},
		{"space in the scope", p.ScopeBlank}, {"client certificate", p.MTLS},
	} {
		if part.holds {
			parts = append(parts, words.T(ctx, part.said))
		}
	}
	return strings.Join(parts, " · ")
}
