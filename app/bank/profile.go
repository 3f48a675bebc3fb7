package bank

import (
	"net/url"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
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

// longestPSUIDType is how many characters a PSU-ID-Type has at most: longer than any in
// use, and short enough for a header.
const longestPSUIDType = 50

// checkProfile brings a profile into the form in which it is kept, and returns what
// is wrong with each field that cannot be used.
func checkProfile(p *xs2a.Profile) map[string]storage.Reason {
	for _, field := range []*string{
		&p.AuthURL, &p.APIURL, &p.Context, &p.OAuth.Authorization, &p.OAuth.Token, &p.OAuth.Issuer, &p.PasswordKey, &p.PSUIDType, &p.NotificationURI,
		&p.Prefix.Directory, &p.Prefix.Consents, &p.Prefix.Accounts, &p.Prefix.Payments, &p.Prefix.Products,
	} {
		*field = strings.TrimSpace(*field)
	}
	p.AuthURL, p.APIURL = strings.TrimRight(p.AuthURL, "/"), strings.TrimRight(p.APIURL, "/")
	fields := map[string]storage.Reason{}
	checkChoices(p, fields)
	if xs2a.CheckURL(p.APIURL) != nil {
		fields["api_url"] = storage.Reason{Code: failure.CompleteAddress}
	}
	if xs2a.CheckURL(aBank(p.AuthURL)) != nil && (p.AuthURL != "" || wantsClient(*p)) {
		fields["auth_url"] = storage.Reason{Code: failure.CompleteAddress}
	}
	for field, address := range map[string]string{"oauth_authorization": p.OAuth.Authorization, "oauth_token": p.OAuth.Token, "oauth_issuer": p.OAuth.Issuer} {
		if address != "" && xs2a.CheckURL(aBank(address)) != nil {
			fields[field] = storage.Reason{Code: failure.AddressOrNothing}
		}
	}
	if !readHosts(&p.MoreHosts) {
		fields["more_hosts"] = storage.Reason{Code: failure.OneAddressEach}
	}
	for field, path := range map[string]string{
		"prefix_directory": p.Prefix.Directory, "prefix_consents": p.Prefix.Consents, "prefix_accounts": p.Prefix.Accounts,
		"prefix_payments": p.Prefix.Payments, "prefix_products": p.Prefix.Products,
	} {
		if !isPath(path) {
			fields[field] = storage.Reason{Code: failure.NotAPath}
		}
	}
	if strings.ContainsFunc(p.PSUIDType, func(r rune) bool { return r < ' ' || r > '~' }) || len(p.PSUIDType) > longestPSUIDType {
		fields["psu_id_type"] = storage.Reason{Code: failure.PSUIDTypeForm, Of: longestPSUIDType}
	}
	if u, err := url.Parse(p.NotificationURI); p.NotificationURI != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "") {
		fields["notification_uri"] = storage.Reason{Code: failure.NotificationAddress}
	}
	if wrong := checkPasswordKey(&p.PasswordKey); wrong.Given() {
		fields["password_key"] = wrong
	}
	return fields
}

// isPath reports whether a prefix can stand between a host and an operation's path.
func isPath(prefix string) bool {
	u, err := url.Parse("https://bank.example" + prefix)
	return prefix == "" || err == nil && strings.HasPrefix(prefix, "/") && u.Host == "bank.example" && u.RawQuery == "" && u.Fragment == "" &&
		!strings.ContainsAny(strings.ReplaceAll(prefix, "{bank}", ""), "?# \t\\{}")
}

// checkChoices holds what is chosen to what there is to choose from.
func checkChoices(p *xs2a.Profile, fields map[string]storage.Reason) {
	choose := storage.Reason{Code: failure.ChooseFromList}
	if _, known := xs2a.Dialects[p.Dialect]; !known {
		fields["dialect"] = choose
	}
	if !slices.Contains(Contexts, p.Context) {
		fields["context"] = storage.Reason{Code: failure.ChooseContext}
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
			fields[field] = storage.Reason{Code: failure.ChooseAmong, Names: words.known}
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
