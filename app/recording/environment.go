package recording

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// environmentID is the id of the environment in which a recording is played.
func environmentID(recordingID string) string { return "replay-" + recordingID }

// recordedBank is a bank as a recording shows it.
type recordedBank struct {
	id      string
	origin  string // of its interface
	country string
	profile xs2a.Profile
}

// environmentOf returns the environment in which the banks of a recording are reached;
// addresses tell where recorded origins are played. found is false where nothing was asked of
// a bank.
func environmentOf(one storage.Recording, exchanges []record.Exchange, addresses map[string]string) (e storage.Environment, found bool) {
	at := func(origin string) string { return addresses[origin] }
	hosts := strings.Join(slices.Sorted(maps.Values(addresses)), " ") // links may lead to each
	e = storage.Environment{ID: environmentID(one.ID), Name: "Replay of " + one.FileName, Identity: xs2a.Identity{ClientID: "replay"}}
	for _, b := range banksIn(exchanges) {
		p := b.profile
		p.APIURL = at(b.origin)
		if p.APIURL == "" {
			continue
		}
		authorised(&p, exchanges, at)
		p.MoreHosts = hosts
		e.Banks = append(e.Banks, storage.Bank{ID: b.id, Name: nameOf(b), CountryCode: b.country, Profile: p})
		if e.Profile == (xs2a.Profile{}) {
			e.Profile = p
			e.Profile.Dialect = xs2a.BerlinGroup.Name // there is no directory to be read
		}
	}
	return e, len(e.Banks) > 0
}

// nameOf is what people read of it.
func nameOf(b recordedBank) string {
	if u, err := url.Parse(b.origin); err == nil && strings.HasPrefix(b.id, unnamed) {
		return u.Hostname()
	}
	return b.id
}

// unnamed begins the id of a bank that no request names.
const unnamed = "recorded"

// unnamedID is the id of the n-th bank where no request names it: recordedA to recordedZ, then recordedA1.
func unnamedID(n int) string {
	id := unnamed + string(rune('A'+n%26))
	if n >= 26 {
		id += strconv.Itoa(n / 26)
	}
	return id
}

// operationPath tells the prefix of a service from the operation.
var operationPath = regexp.MustCompile(`^(.*?)/(consents|accounts|card-accounts|funds-confirmations|(?:bulk-|periodic-)?payments)(?:/|$)`)

// banksIn returns the banks of a recording, in the order in which they were first asked.
func banksIn(exchanges []record.Exchange) (banks []recordedBank) {
	for _, e := range exchanges {
		u, err := url.Parse(e.URL)
		if err != nil || record.OperationOf(e.Method, e.URL, e.Request.Body).Token {
			continue
		}
		parts := operationPath.FindStringSubmatch(u.Path)
		if parts == nil {
			continue
		}
		b := recordedBank{origin: originOf(u), id: e.Request.Get("X-Bicfi")}
		prefix := parts[1]
		b.profile.Dialect, b.id, prefix = dialectOf(e, prefix, b.id)
		at := slices.IndexFunc(banks, func(known recordedBank) bool {
			return known.origin == b.origin && (known.id == b.id || b.id == "") && known.profile.Dialect == b.profile.Dialect
		})
		if b.id == "" && at < 0 {
			at = slices.IndexFunc(banks, func(known recordedBank) bool {
				return known.origin == b.origin && strings.HasPrefix(known.id, unnamed)
			})
		}
		if at < 0 {
			if b.id == "" {
				b.id = unnamedID(len(banks))
			}
			at, banks = len(banks), append(banks, b)
		}
		setPrefix(&banks[at].profile, parts[2], prefix)
		if banks[at].country == "" {
			banks[at].country = countryOf(banks[at].id, e.Answer.Body)
		}
	}
	return banks
}

// saltedgePath names a bank by its code.
var saltedgePath = regexp.MustCompile(`^/([^/]+)(/api/berlingroup/v1)$`)

// dialectOf tells the family of banks from a request, its bank's id, and the prefix with the
// id's place in it.
func dialectOf(e record.Exchange, prefix, bic string) (dialect, id, template string) {
	if coded := saltedgePath.FindStringSubmatch(prefix); coded != nil {
		return xs2a.SaltEdge.Name, coded[1], "/{bank}" + coded[2]
	}
	switch {
	case bic != "" || strings.HasPrefix(prefix, "/psd2/"):
		return xs2a.OpenPayments.Name, bic, prefix
	case e.Request.Get("X-Jws-Signature") != "":
		return xs2a.BankOfGeorgia.Name, bic, prefix
	}
	return xs2a.BerlinGroup.Name, bic, prefix
}

// setPrefix notes the path before a service's operations.
func setPrefix(p *xs2a.Profile, operation, prefix string) {
	if prefix == "" {
		prefix = "/"
	}
	switch {
	case operation == "consents":
		p.Prefix.Consents = prefix
	case strings.HasSuffix(operation, "payments"):
		p.Prefix.Payments = prefix
	default:
		p.Prefix.Accounts = prefix
	}
	// What a recording does not show lies where the rest does, but at Open Payments.
	if p.Dialect == xs2a.OpenPayments.Name {
		return
	}
	for _, other := range []*string{&p.Prefix.Consents, &p.Prefix.Accounts, &p.Prefix.Payments} {
		if *other == "" {
			*other = prefix
		}
	}
}

var ibanCountry = regexp.MustCompile(`"iban"\s*:\s*"([A-Z]{2})[0-9]{2}`)

// countryOf is a bank's country, as its BIC or its accounts tell; empty where neither does.
func countryOf(id, answer string) string {
	if len(id) == 8 || len(id) == 11 {
		if code := id[4:6]; xs2a.CountryName(code) != code {
			return code
		}
	}
	if found := ibanCountry.FindStringSubmatch(answer); found != nil {
		return found[1]
	}
	return ""
}

// authorised completes a profile with where tokens are from, as the recording shows it.
func authorised(p *xs2a.Profile, exchanges []record.Exchange, at func(string) string) {
	dialect := xs2a.Dialects[p.Dialect]
	p.AuthURL = p.APIURL
	created := false
	for _, e := range exchanges {
		u, err := url.Parse(e.URL)
		if err != nil {
			continue
		}
		switch operation := record.OperationOf(e.Method, e.URL, e.Request.Body); {
		case operation.ID == "createConsent" || operation.ID == "initiatePayment":
			created = true
		case operation.Token && at(originOf(u)) != "":
			if before, is := strings.CutSuffix(u.Path, dialect.TokenPath); p.OAuth.Token != "" {
				break
			} else if is {
				p.AuthURL = at(originOf(u)) + before
			} else {
				p.OAuth.Token = at(originOf(u)) + u.Path
			}
			if operation.ID == "exchangeCode" && !created {
				p.Login = xs2a.LoginPerson
			}
			if operation.ID == "getClientToken" && p.Login == "" {
				p.Login = xs2a.LoginClient
			}
		case e.Method == "GET" && at(originOf(u)) != "" && strings.Contains(u.Path, "/.well-known/"):
			named(p, e.Answer.Body, at)
		case e.Method == "GET" && isKeySet(e.Answer.Body) && at(originOf(u)) != "":
			p.PasswordKey = at(originOf(u)) + u.Path
		}
	}
}

// named takes what a server says of itself (RFC 8414 section 2).
func named(p *xs2a.Profile, body string, at func(string) string) {
	var said struct {
		Issuer        string `json:"issuer"`
		Authorization string `json:"authorization_endpoint"`
		Token         string `json:"token_endpoint"`
	}
	if json.Unmarshal([]byte(body), &said) != nil || said.Authorization == "" {
		return
	}
	for _, each := range []struct {
		said string
		to   *string
	}{{said.Issuer, &p.OAuth.Issuer}, {said.Authorization, &p.OAuth.Authorization}, {said.Token, &p.OAuth.Token}} {
		if u, err := url.Parse(each.said); err == nil && at(originOf(u)) != "" {
			*each.to = at(originOf(u)) + u.EscapedPath()
		}
	}
	p.AuthURL = cmp.Or(p.OAuth.Issuer, p.AuthURL)
}

// isKeySet reports whether an answer is a JWK set (RFC 7517 section 5).
func isKeySet(body string) bool {
	var w struct {
		Keys []struct {
			Kty string `json:"kty"`
		} `json:"keys"`
	}
	return json.Unmarshal([]byte(body), &w) == nil && len(w.Keys) > 0 && w.Keys[0].Kty != ""
}

func originOf(u *url.URL) string { return u.Scheme + "://" + strings.ToLower(u.Host) }
