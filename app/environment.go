package app

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// SandboxID is the id of the environment that leads to the practice banks
// inside the program, and begins those of its other dialects.
const SandboxID = "sandbox"

// Environments lists the environments.
func (a *App) Environments(ctx context.Context) ([]storage.Environment, error) {
	return a.store.Environments(ctx)
}

// Environment returns one environment.
func (a *App) Environment(ctx context.Context, id string) (storage.Environment, error) {
	return a.store.Environment(ctx, id)
}

// UseSandbox points environments to practice banks. Their addresses are others
// at each start.
func (a *App) UseSandbox(ctx context.Context, environments ...storage.Environment) error {
	for _, e := range environments {
		e.Sandbox = true
		if err := a.store.PutEnvironment(ctx, e); err != nil {
			return err
		}
		a.mu.Lock()
		a.practice[e.ID] = true
		a.mu.Unlock()
		if !xs2a.Dialects[e.Dialect].Directory {
			if err := a.RefreshDirectory(ctx, e.ID); err != nil {
				return err
			}
		}
	}
	return a.readClock(ctx)
}

// SaveEnvironment adds an environment or, when it has an id, changes one. An
// empty secret or key leaves the stored one as it is. The list of banks is read
// in the background afterwards.
func (a *App) SaveEnvironment(ctx context.Context, e storage.Environment) (id string, err error) {
	if strings.HasPrefix(e.ID, SandboxID) {
		return "", failure.New(failure.SandboxFixed)
	}
	if e.ID == "" {
		e.ID = uuid.NewString()
	} else if err := a.keepSecrets(ctx, &e); err != nil {
		return "", err
	}
	if fields := checkEnvironment(&e); len(fields) > 0 {
		return "", failure.Invalid(fields)
	}
	if err := a.store.PutEnvironment(ctx, e); err != nil {
		return "", err
	}
	a.run(func(ctx context.Context) {
		if err := a.RefreshDirectory(ctx, e.ID); err != nil {
			a.log.Warn("directory not refreshed", "environment", e.Name, "error", err)
		}
	})
	return e.ID, nil
}

// keepSecrets fills in the secrets a form does not show. A certificate that was
// changed needs its own key.
func (a *App) keepSecrets(ctx context.Context, e *storage.Environment) error {
	stored, err := a.store.Environment(ctx, e.ID)
	if err != nil {
		return err
	}
	for _, secret := range []struct {
		given *string
		kept  string
		same  bool
	}{
		{&e.ClientSecret, stored.ClientSecret, true},
		{&e.Key, stored.Key, e.Certificate == stored.Certificate},
		{&e.TLSKey, stored.TLSKey, e.TLSCertificate == stored.TLSCertificate},
	} {
		if *secret.given == "" && secret.same {
			*secret.given = secret.kept
		}
	}
	return nil
}

// checkEnvironment returns what is wrong with each field that cannot be used.
func checkEnvironment(e *storage.Environment) map[string]storage.Reason {
	for _, field := range []*string{
		&e.Name, &e.AuthURL, &e.APIURL, &e.ClientID, &e.Context, &e.RedirectURL,
		&e.OAuth.Authorization, &e.OAuth.Token, &e.OAuth.Issuer,
		&e.Prefix.Directory, &e.Prefix.Consents, &e.Prefix.Accounts, &e.Prefix.Payments, &e.Prefix.Products,
	} {
		*field = strings.TrimSpace(*field)
	}
	e.AuthURL, e.APIURL = strings.TrimRight(e.AuthURL, "/"), strings.TrimRight(e.APIURL, "/")
	fields := checkCertificates(e)
	if e.Name == "" {
		fields["name"] = storage.Reason{Code: failure.EnterName}
	}
	dialect, known := xs2a.Dialects[e.Dialect]
	if !known {
		fields["dialect"] = storage.Reason{Code: failure.ChooseFromList}
	}
	if xs2a.CheckURL(e.APIURL) != nil {
		fields["api_url"] = storage.Reason{Code: failure.CompleteAddress}
	}
	client := dialect.Login == xs2a.LoginClient && e.Login == xs2a.LoginDefault || e.Login == xs2a.LoginClient
	if xs2a.CheckURL(aBank(e.AuthURL)) != nil && (e.AuthURL != "" || client) {
		fields["auth_url"] = storage.Reason{Code: failure.CompleteAddress}
	}
	for field, address := range map[string]string{"oauth_authorization": e.OAuth.Authorization, "oauth_token": e.OAuth.Token, "oauth_issuer": e.OAuth.Issuer} {
		if address != "" && xs2a.CheckURL(aBank(address)) != nil {
			fields[field] = storage.Reason{Code: failure.AddressOrNothing}
		}
	}
	if !readHosts(&e.MoreHosts) {
		fields["more_hosts"] = storage.Reason{Code: failure.OneAddressEach}
	}
	if e.ClientID == "" && client {
		fields["client_id"] = storage.Reason{Code: failure.EnterClientID}
	}
	if e.Context != "" && e.Context != "private" && e.Context != "corporate" {
		fields["context"] = storage.Reason{Code: failure.ChooseContext}
	}
	if e.RedirectURL != "" && !isLocalCallback(e.RedirectURL) && (!strings.HasPrefix(e.RedirectURL, "https://") || xs2a.CheckURL(e.RedirectURL) != nil) {
		fields["redirect_url"] = storage.Reason{Code: failure.ReturnAddress}
	}
	if known && !dialect.Directory && len(e.Banks) == 0 {
		fields["banks"] = storage.Reason{Code: failure.NameABank}
	}
	return fields
}

// aBank fills some bank's id into an address.
func aBank(address string) string { return strings.ReplaceAll(address, "{bank}", "bank") }

// readHosts brings the further hosts of an environment into the form in which they
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

// ParseBanks reads an environment's banks from a text, one each line: id, name,
// country code and, if wanted, city, between semicolons. The error names the line.
func ParseBanks(text string) ([]storage.Bank, error) {
	var banks []storage.Bank
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		parts := strings.Split(line, ";")
		for j := range parts {
			parts[j] = strings.TrimSpace(parts[j])
		}
		if len(parts) < 3 || len(parts) > 4 || parts[0] == "" || parts[1] == "" || len(parts[2]) != 2 {
			return nil, fmt.Errorf("line %d: write id; name; country code; city", i+1)
		}
		bank := storage.Bank{ID: parts[0], Name: parts[1], CountryCode: strings.ToUpper(parts[2])}
		if len(parts) == 4 {
			bank.City = parts[3]
		}
		banks = append(banks, bank)
	}
	return banks, nil
}

// Known lists environments a person may start from: the banks' own sandboxes,
// complete but for what each person is given (credentials and certificates).
var Known = []storage.Environment{
	{Name: "Open Payments sandbox", Environment: xs2a.Environment{
		Dialect: xs2a.OpenPayments.Name, Context: "private",
		AuthURL: "https://auth.sandbox.openbankingplatform.com", APIURL: "https://api.sandbox.openbankingplatform.com",
	}},
	{Name: "Open Payments", Environment: xs2a.Environment{
		Dialect: xs2a.OpenPayments.Name, Context: "private",
		AuthURL: "https://auth.openbankingplatform.com", APIURL: "https://api.openbankingplatform.com",
	}},
	{Name: "Bank of Georgia sandbox", Banks: []storage.Bank{{ID: "BAGAGE22", Name: "Bank of Georgia", CountryCode: "GE", City: "Tbilisi"}},
		Environment: xs2a.Environment{Dialect: xs2a.BankOfGeorgia.Name, Signing: xs2a.SignDetached}},
	{Name: "Berlin Group bank", Environment: xs2a.Environment{Dialect: xs2a.BerlinGroup.Name, Signing: xs2a.SignHTTP}},
	{Name: "Salt Edge PSD2 Compliance", Environment: xs2a.Environment{Dialect: xs2a.SaltEdge.Name, Signing: xs2a.SignSaltEdge}},
}

// Finding is one thing a check of a connection found out.
type Finding struct {
	Tried   Trial
	Name    string // of the bank, country or city that was asked for
	Number  int    // of what came back
	Failure *Error // nil: it worked
}

// Trial is something a check of a connection tries.
type Trial string

// The trials.
const (
	TriedConsent   Trial = "consent"   // one that does not exist, at a bank: Name
	TriedCountries Trial = "countries" // Number came back
	TriedCountry   Trial = "country"   // Name came back
	TriedCities    Trial = "cities"
	TriedCity      Trial = "city"
)

// CheckConnection tries out an environment without a person: the way to the
// hosts, the credentials, the signature.
func (a *App) CheckConnection(ctx context.Context, id string) ([]Finding, error) {
	e, client, err := a.reach(ctx, id)
	if err != nil {
		return nil, err
	}
	if xs2a.Dialects[e.Dialect].Directory {
		return a.checkDirectory(ctx, client), nil
	}
	var findings []Finding
	tried := map[string]bool{} // a bank in several cities stands there several times
	for _, bank := range e.Banks {
		if tried[bank.ID] || len(findings) == maxTried {
			continue
		}
		tried[bank.ID] = true
		// A consent nobody asked for: a bank that gets as far as saying so has
		// accepted address, certificate and signature.
		_, err := client.ConsentStatus(ctx, xs2a.Call{BIC: bank.ID}, uuid.NewString())
		findings = append(findings, a.finding(Finding{Tried: TriedConsent, Name: bank.Name}, beyondTheDoor(err)))
	}
	return findings, nil
}

// maxTried is how many of an environment's banks a check asks.
const maxTried = 3

// checkDirectory asks a directory for its lists and the first of each.
func (a *App) checkDirectory(ctx context.Context, client *xs2a.Client) []Finding {
	countries, err := client.Countries(ctx)
	findings := []Finding{a.finding(Finding{Tried: TriedCountries, Number: len(countries)}, err)}
	if err != nil {
		return findings
	}
	if len(countries) > 0 {
		country, err := client.Country(ctx, countries[0].Code)
		findings = append(findings, a.finding(Finding{Tried: TriedCountry, Name: country.Name}, err))
	}
	cities, err := client.Cities(ctx, xs2a.DirectoryFilter{})
	findings = append(findings, a.finding(Finding{Tried: TriedCities, Number: len(cities)}, err))
	if len(cities) > 0 {
		city, err := client.City(ctx, cities[0].ID)
		findings = append(findings, a.finding(Finding{Tried: TriedCity, Name: city.Name}, err))
	}
	return findings
}

// beyondTheDoor is nil for a refusal that only comes after certificate and
// signature were accepted.
func beyondTheDoor(err error) error {
	if xs2a.Refusal(err).PastTheDoor() {
		return nil
	}
	return err
}

func (a *App) finding(f Finding, err error) Finding {
	if err != nil {
		f.Failure = a.explainBy(storage.Reason{Who: failure.TheInterface}, err)
	}
	return f
}

// isLocalCallback reports whether the program could answer at an address: a
// fixed, unprivileged port of this machine.
func isLocalCallback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	port, err := strconv.Atoi(u.Port())
	return err == nil && port >= 1024 && port <= 65535 && len(u.Path) > 1 &&
		(u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
}
