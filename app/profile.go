package app

import (
	"net/url"
	"slices"
	"strings"

	"consentry/xs2a"
	"consentry/xs2a/httpsig"
)

// The values of a profile that are chosen and not typed.
var (
	Contexts   = []string{"", "private", "corporate"}
	Logins     = []xs2a.Login{xs2a.LoginDefault, xs2a.LoginNone, xs2a.LoginClient, xs2a.LoginPerson}
	Signings   = []xs2a.Signing{xs2a.SignNothing, xs2a.SignHTTP, xs2a.SignHTTPDate, xs2a.SignSaltEdge, xs2a.SignSaltEdgeWord, xs2a.SignDetached}
	KeyIDs     = []httpsig.KeyIDForm{"", httpsig.IssuerCA, httpsig.IssuerDN, httpsig.IssuerCASlashed}
	Approaches = []string{"redirect", "oauth", "decoupled", "embedded"}
	Reports    = []string{xs2a.ReportJSON, xs2a.ReportCamt, xs2a.ReportMT940}
)

// checkProfile brings a profile into the form in which it is kept, and returns a
// message for each field that cannot be used.
func checkProfile(p *xs2a.Profile) map[string]string {
	for _, field := range []*string{
		&p.AuthURL, &p.APIURL, &p.Context, &p.OAuth.Authorization, &p.OAuth.Token, &p.OAuth.Issuer, &p.PasswordKey,
		&p.Prefix.Directory, &p.Prefix.Consents, &p.Prefix.Accounts, &p.Prefix.Payments, &p.Prefix.Products,
	} {
		*field = strings.TrimSpace(*field)
	}
	p.AuthURL, p.APIURL = strings.TrimRight(p.AuthURL, "/"), strings.TrimRight(p.APIURL, "/")
	fields := map[string]string{}
	checkChoices(p, fields)
	if xs2a.CheckURL(p.APIURL) != nil {
		fields["api_url"] = "Enter a complete address that begins with https://."
	}
	if xs2a.CheckURL(aBank(p.AuthURL)) != nil && (p.AuthURL != "" || wantsClient(*p)) {
		fields["auth_url"] = "Enter a complete address that begins with https://."
	}
	for field, address := range map[string]string{"oauth_authorization": p.OAuth.Authorization, "oauth_token": p.OAuth.Token, "oauth_issuer": p.OAuth.Issuer} {
		if address != "" && xs2a.CheckURL(aBank(address)) != nil {
			fields[field] = "Enter a complete address that begins with https://, or leave it empty."
		}
	}
	if !readHosts(&p.MoreHosts) {
		fields["more_hosts"] = "Enter one address in each line, such as https://login.bank.example, without a path."
	}
	if message := checkPasswordKey(&p.PasswordKey); message != "" {
		fields["password_key"] = message
	}
	return fields
}

// checkChoices holds what is chosen to what there is to choose from.
func checkChoices(p *xs2a.Profile, fields map[string]string) {
	const choose = "Choose one of the list."
	if _, known := xs2a.Dialects[p.Dialect]; !known {
		fields["dialect"] = choose
	}
	if !slices.Contains(Contexts, p.Context) {
		fields["context"] = "Choose private or corporate."
	}
	if !slices.Contains(Logins, p.Login) {
		fields["login"] = choose
	}
	if !slices.Contains(Signings, p.Signing) {
		fields["signing"] = choose
	}
	if !slices.Contains(KeyIDs, p.KeyID) {
		fields["key_id"] = choose
	}
	for field, words := range map[string]struct {
		given *string
		known []string
	}{"approaches": {&p.Approaches, Approaches}, "reports": {&p.Reports, Reports}} {
		given := strings.Fields(strings.ToLower(*words.given))
		if slices.ContainsFunc(given, func(word string) bool { return !slices.Contains(words.known, word) }) {
			fields[field] = "Choose among " + strings.Join(words.known, ", ") + "."
			continue
		}
		*words.given = strings.Join(given, " ")
	}
}

// wantsClient reports whether banks of a profile are asked with an access token of
// our own.
func wantsClient(p xs2a.Profile) bool {
	return p.Login == xs2a.LoginClient || p.Login == xs2a.LoginDefault && xs2a.Dialects[p.Dialect].Login == xs2a.LoginClient
}

// aBank fills some bank's id into an address.
func aBank(address string) string { return strings.ReplaceAll(address, "{bank}", "bank") }

// readHosts brings the further hosts of a profile into the form in which they
// are kept. A name alone stands for https.
func readHosts(hosts *string) (understood bool) {
	var read []string
	for _, address := range strings.Fields(*hosts) {
		whole := address
		if !strings.Contains(address, "://") {
			whole = "https://" + address
		}
		origin, err := xs2a.OriginOf(aBank(whole))
		if u, _ := url.Parse(aBank(whole)); err != nil || u.Path+u.RawQuery+u.Fragment != "" && u.Path != "/" {
			return false
		}
		if strings.Contains(whole, "{bank}") {
			read = append(read, strings.TrimSuffix(whole, "/"))
		} else {
			read = append(read, string(origin))
		}
	}
	*hosts = strings.Join(read, "\n")
	return true
}
