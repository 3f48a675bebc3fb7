package bank

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jacoelho/banking/bic"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
)

// column is one column of a file of banks: what a bank has there, and how it is
// taken over from a cell that is not empty. What cannot be taken is said why.
type column struct {
	name string
	get  func(b storage.Bank) string
	set  func(b *storage.Bank, cell string) storage.Reason
}

// allColumns are the columns in the order in which they are written and taken over.
// What holds for a profile whoever gives it is held by checkProfile.
var allColumns = []column{
	{"id", func(b storage.Bank) string { return b.ID }, setID},
	{"name", func(b storage.Bank) string { return b.Name }, setName},
	{"bic", func(b storage.Bank) string { return b.BIC }, setBIC},
	{"country", func(b storage.Bank) string { return b.CountryCode }, setCountry},
	{"city", func(b storage.Bank) string { return strings.Join(b.Cities, "; ") }, setCities},
	{"dialect", func(b storage.Bank) string { return b.Profile.Dialect }, setDialect},
	typed("api", func(p *xs2a.Profile) *string { return &p.APIURL }),
	typed("auth", func(p *xs2a.Profile) *string { return &p.AuthURL }),
	typed("authorization", func(p *xs2a.Profile) *string { return &p.OAuth.Authorization }),
	typed("token", func(p *xs2a.Profile) *string { return &p.OAuth.Token }),
	typed("issuer", func(p *xs2a.Profile) *string { return &p.OAuth.Issuer }),
	typed("hosts", func(p *xs2a.Profile) *string { return &p.MoreHosts }),
	typed("customers", func(p *xs2a.Profile) *string { return &p.Context }),
	worded("login", func(p *xs2a.Profile) *xs2a.Login { return &p.Login }, Logins),
	flag("scope", func(p *xs2a.Profile) *bool { return &p.ScopeBlank }, "blank", "plain", "blank"),
	{"signing", getSigning, setSigning},
	worded("key_id", func(p *xs2a.Profile) *httpsig.KeyIDForm { return &p.KeyID }, KeyIDs),
	flag("mtls", func(p *xs2a.Profile) *bool { return &p.MTLS }, "yes", "yes", "no"),
	{"prefix", getPrefix, setPrefix},
	unlessAlike(typed("prefix_consents", func(p *xs2a.Profile) *string { return &p.Prefix.Consents })),
	unlessAlike(typed("prefix_accounts", func(p *xs2a.Profile) *string { return &p.Prefix.Accounts })),
	unlessAlike(typed("prefix_payments", func(p *xs2a.Profile) *string { return &p.Prefix.Payments })),
	typed("prefix_products", func(p *xs2a.Profile) *string { return &p.Prefix.Products }),
	typed("password_key", func(p *xs2a.Profile) *string { return &p.PasswordKey }),
	flag("psu_id", func(p *xs2a.Profile) *bool { return &p.WantsPSUID }, "wanted", "wanted", "unasked"),
	typed("psu_id_type", func(p *xs2a.Profile) *string { return &p.PSUIDType }),
	typed("notification_uri", func(p *xs2a.Profile) *string { return &p.NotificationURI }),
	typed("approaches", func(p *xs2a.Profile) *string { return &p.Approaches }),
	typed("reports", func(p *xs2a.Profile) *string { return &p.Reports }),
	{"products", func(b storage.Bank) string { return strings.Join(b.Products, " ") }, setProducts},
	{"logo", func(b storage.Bank) string { return b.LogoURL }, setLogo},
	{"note", func(b storage.Bank) string { return b.Note }, setNote},
}

// columnOf are the columns of the fields that checkProfile knows by another name.
var columnOf = map[string]string{
	"api_url": "api", "auth_url": "auth", "oauth_authorization": "authorization", "oauth_token": "token", "oauth_issuer": "issuer",
	"more_hosts": "hosts", "context": "customers",
}

// neededColumns are those no bank can be without.
var neededColumns = []string{"id", "name", "country"}

// indexOfColumn returns which of allColumns has a name, as people write names; -1
// where none has.
func indexOfColumn(name string) int {
	name = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	return slices.IndexFunc(allColumns, func(c column) bool { return c.name == name })
}

// typed is a column that stands in a profile as it stands in the file.
func typed(name string, field func(p *xs2a.Profile) *string) column {
	return column{name,
		func(b storage.Bank) string { return *field(&b.Profile) },
		func(b *storage.Bank, cell string) storage.Reason { *field(&b.Profile) = cell; return storage.Reason{} },
	}
}

// worded is a column with one of a few words.
func worded[T ~string](name string, field func(p *xs2a.Profile) *T, known []T) column {
	return column{name,
		func(b storage.Bank) string { return string(*field(&b.Profile)) },
		func(b *storage.Bank, cell string) storage.Reason {
			*field(&b.Profile) = T(cell)
			return noneOf(cell, known)
		},
	}
}

// flag is a column with one of two words, of which yes says that it holds; that is the
// one that is written.
func flag(name string, field func(p *xs2a.Profile) *bool, yes string, both ...string) column {
	return column{name,
		func(b storage.Bank) string {
			if *field(&b.Profile) {
				return yes
			}
			return ""
		},
		func(b *storage.Bank, cell string) storage.Reason {
			*field(&b.Profile) = cell == yes
			return noneOf(cell, both)
		},
	}
}

// noneOf returns that a word is none of those known; no reason where it is one.
func noneOf[T ~string](word string, known []T) storage.Reason {
	if slices.Contains(known, T(word)) {
		return storage.Reason{}
	}
	var words []string
	for _, one := range known {
		if one != "" {
			words = append(words, string(one))
		}
	}
	return storage.Reason{Code: failure.NoneOf, Name: word, Names: words}
}

// bankID is what can stand in an address, as a part of a path.
var bankID = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$`)

func setID(b *storage.Bank, cell string) storage.Reason {
	b.ID = cell
	if !bankID.MatchString(cell) {
		return storage.Reason{Code: failure.BadID}
	}
	return storage.Reason{}
}

func setName(b *storage.Bank, cell string) storage.Reason {
	b.Name = cell
	if strings.Contains(cell, ";") { // which parts a bank's name from its country in the list of an environment
		return storage.Reason{Code: failure.HasSemicolon}
	}
	return plainText(cell, 140)
}

func setBIC(b *storage.Bank, cell string) storage.Reason {
	b.BIC = strings.ToUpper(cell)
	if _, err := bic.Parse(b.BIC); err != nil { // ISO 9362
		return storage.Reason{Code: failure.NotABIC, Name: cell}
	}
	return storage.Reason{}
}

func setCountry(b *storage.Bank, cell string) storage.Reason {
	if b.CountryCode = strings.ToUpper(cell); b.CountryCode == "UK" {
		b.CountryCode = "GB" // as people write it; ISO 3166-1 keeps UK free for that
	}
	if !xs2a.IsCountry(b.CountryCode) {
		return storage.Reason{Code: failure.NotACountry, Name: cell}
	}
	return storage.Reason{}
}

// setCities takes several cities with a semicolon between.
func setCities(b *storage.Bank, cell string) storage.Reason {
	for _, city := range strings.Split(cell, ";") {
		if city = strings.TrimSpace(city); city != "" && !slices.Contains(b.Cities, city) {
			b.Cities = append(b.Cities, city)
		}
		if problem := plainText(city, 500); problem.Given() {
			return problem
		}
	}
	return plainText(cell, 500)
}

// setDialect begins a profile with what is usual in the dialect.
func setDialect(b *storage.Bank, cell string) storage.Reason {
	dialect, known := xs2a.Dialects[cell]
	if !known {
		return storage.Reason{Code: failure.NotADialect, Name: cell}
	}
	b.Profile = xs2a.Profile{Dialect: dialect.Name, Signing: dialect.Signing}
	return storage.Reason{}
}

// signNone stands for no signature; an empty cell for what is usual in the dialect.
const signNone = "none"

func getSigning(b storage.Bank) string {
	if b.Profile.Dialect == "" {
		return ""
	}
	return cmp.Or(string(b.Profile.Signing), signNone)
}

func setSigning(b *storage.Bank, cell string) storage.Reason {
	if b.Profile.Signing = xs2a.Signing(cell); cell == signNone {
		b.Profile.Signing = xs2a.SignNothing
	}
	return noneOf(cell, append([]xs2a.Signing{signNone}, Signings...))
}

// pathsAlike reports whether consents, accounts and payments lie under one path.
func pathsAlike(p xs2a.Prefixes) bool { return p.Consents == p.Accounts && p.Accounts == p.Payments }

// unlessAlike leaves a column to prefix, which stands for three.
func unlessAlike(c column) column {
	get := c.get
	c.get = func(b storage.Bank) string {
		if pathsAlike(b.Profile.Prefix) {
			return ""
		}
		return get(b)
	}
	return c
}

func getPrefix(b storage.Bank) string {
	if pathsAlike(b.Profile.Prefix) {
		return b.Profile.Prefix.Consents
	}
	return ""
}

func setPrefix(b *storage.Bank, cell string) storage.Reason {
	b.Profile.Prefix.Consents, b.Profile.Prefix.Accounts, b.Profile.Prefix.Payments = cell, cell, cell
	return storage.Reason{}
}

// setProducts takes payment products of any dialect: the bank's own may stand elsewhere.
func setProducts(b *storage.Bank, cell string) storage.Reason {
	var known []string
	for _, dialect := range xs2a.Dialects {
		known = append(known, dialect.PaymentProducts...)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	b.Products = strings.Fields(strings.ToLower(cell))
	for _, product := range b.Products {
		if problem := noneOf(product, known); problem.Given() {
			return problem
		}
	}
	return storage.Reason{}
}

func setLogo(b *storage.Bank, cell string) storage.Reason {
	b.LogoURL = cell
	if xs2a.CheckURL(cell) != nil {
		return storage.Reason{Code: failure.AddressOrNothing}
	}
	return storage.Reason{}
}

func setNote(b *storage.Bank, cell string) storage.Reason {
	b.Note = cell
	return plainText(cell, 300)
}

// plainText returns why a text cannot be shown as a line, or not be written into a
// file that a spreadsheet opens; no reason where it can.
func plainText(text string, most int) storage.Reason {
	switch {
	case strings.ContainsFunc(text, unshowable) || strings.Trim(text, joiners) != text: // at an end there is nothing to join
		return storage.Reason{Code: failure.NotShowable}
	case text != "" && strings.Contains("=+-@", text[:1]): // OWASP: CSV injection
		return storage.Reason{Code: failure.LikeAFormula, Name: text[:1]}
	case utf8.RuneCountInString(text) > most:
		return storage.Reason{Code: failure.LongerThan, Of: most}
	}
	return storage.Reason{}
}

// unshowable reports whether a character is drawn as nothing and can act on what stands
// beside it, as those that turn the direction of writing do, or only fills. Joiners, which
// some scripts are written with, are none.
func unshowable(r rune) bool {
	return !strings.ContainsRune(joiners, r) && (strings.ContainsRune(fillers, r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp))
}

const (
	joiners = "\u200c\u200d"
	fillers = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc"
)
