package bank

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Finding is one thing a check of a connection found out.
type Finding struct {
	Tried   Trial
	Name    string         // of the bank, country or city that was asked for
	Number  int            // of what came back
	Used    Used           // what the bank was shown with it
	Unclear bool           // the bank knows nothing there, and may mean the address
	Failure *failure.Error // nil: it worked
}

// Used is by what a bank was shown who asks.
type Used struct {
	Client      bool // an access token for client id and secret
	Signature   bool // of the request
	Certificate bool // for connections: the bank could have it shown
}

// usedWith returns what goes along with a request to a bank.
func usedWith(reach xs2a.Reach) Used {
	return Used{
		Client: wantsClient(reach.Profile), Signature: reach.Signing != xs2a.SignNothing,
		Certificate: reach.TLSCertificate != "" && strings.HasPrefix(reach.APIURL, "https://"),
	}
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

// Check tries out an environment without a person: the way to the
// hosts, and what they are shown of us. When it was done, and how it went, is kept.
func (r *Registry) Check(ctx context.Context, id string) ([]Finding, error) {
	e, client, err := r.Reach(ctx, id, "")
	if err != nil {
		return nil, err
	}
	findings := r.try(ctx, e, client)
	if len(findings) == 0 {
		return nil, nil
	}
	checked := storage.EnvironmentCheck{EnvironmentID: id, Version: Version(e)}
	for _, one := range findings {
		checked.Unclear = checked.Unclear || one.Unclear
		if one.Failure != nil && !checked.Failed.Given() {
			checked.Failed = one.Failure.Reason
		}
	}
	return findings, r.store.SetEnvironmentCheck(ctx, checked)
}

// Checks returns when the connection of each environment was last checked, by its id, and
// how it went. One that was changed since was not checked.
func (r *Registry) Checks(ctx context.Context, of []storage.Environment) (map[string]storage.EnvironmentCheck, error) {
	checks, err := r.store.EnvironmentChecks(ctx)
	for _, e := range of {
		if checks[e.ID].Version != Version(e) {
			delete(checks, e.ID)
		}
	}
	return checks, err
}

// try tries what can be tried of an environment.
func (r *Registry) try(ctx context.Context, e storage.Environment, client *xs2a.Client) []Finding {
	var findings []Finding
	if e.HasDirectory() {
		findings = r.checkDirectory(ctx, client)
	}
	tried := map[xs2a.Reach]int{}
	for _, bank := range e.Banks {
		reach := e.Reach(bank.ID)
		if tried[reach] == maxTried || len(findings) >= mostTried {
			continue
		}
		tried[reach]++
		client, err := r.client(e, bank.ID)
		if err == nil {
			// A consent nobody asked for: a bank that gets as far as saying so has
			// refused nothing of what it was shown before.
			_, err = client.For(DirectoryFlow).ConsentStatus(ctx, xs2a.Call{BIC: bank.ID}, uuid.NewString())
		}
		asked := Finding{Tried: TriedConsent, Name: bank.Name, Used: usedWith(reach), Unclear: xs2a.Refusal(err).KnowsNothing()}
		findings = append(findings, r.finding(asked, beyondTheDoor(err)))
	}
	return findings
}

const (
	// maxTried is how many banks a check asks of those that are spoken to alike.
	maxTried = 3

	// mostTried is how many findings a check makes.
	mostTried = 16
)

// checkDirectory asks a directory for its lists and the first of each.
func (r *Registry) checkDirectory(ctx context.Context, client *xs2a.Client) []Finding {
	countries, err := client.Countries(ctx)
	findings := []Finding{r.finding(Finding{Tried: TriedCountries, Number: len(countries)}, err)}
	if err != nil {
		return findings
	}
	if len(countries) > 0 {
		country, err := client.Country(ctx, countries[0].Code)
		findings = append(findings, r.finding(Finding{Tried: TriedCountry, Name: country.Name}, err))
	}
	cities, err := client.Cities(ctx, xs2a.DirectoryFilter{})
	findings = append(findings, r.finding(Finding{Tried: TriedCities, Number: len(cities)}, err))
	if len(cities) > 0 {
		city, err := client.City(ctx, cities[0].ID)
		findings = append(findings, r.finding(Finding{Tried: TriedCity, Name: city.Name}, err))
	}
	return findings
}

// beyondTheDoor is nil for a refusal of what was asked for, rather than of who asks.
func beyondTheDoor(err error) error {
	if xs2a.Refusal(err).PastTheDoor() {
		return nil
	}
	return err
}

func (r *Registry) finding(f Finding, err error) Finding {
	if err != nil {
		f.Failure = r.explain(storage.Reason{Who: failure.TheInterface}, err)
	}
	return f
}
