package app

import (
	"context"

	"github.com/google/uuid"

	"consentry/xs2a"
)

// Finding is one thing a check of a connection found out.
type Finding struct {
	What   string // what was tried
	OK     bool
	Words  string // what came of it
	Detail string // for testers
}

// CheckConnection tries out an environment without a person: the way to the
// hosts, the credentials, the signature.
func (a *App) CheckConnection(ctx context.Context, id string) ([]Finding, error) {
	e, client, err := a.reach(ctx, id, "")
	if err != nil {
		return nil, err
	}
	var findings []Finding
	if e.HasDirectory() {
		findings = a.checkDirectory(ctx, client)
	}
	tried := map[xs2a.Reach]int{}
	for _, bank := range e.Banks {
		reach := e.Reach(bank.ID)
		if tried[reach] == maxTried || len(findings) >= mostTried {
			continue
		}
		tried[reach]++
		client, err := a.client(e, bank.ID)
		if err == nil {
			// A consent nobody asked for: a bank that gets as far as saying so has
			// accepted address, certificate and signature.
			_, err = client.For(DirectoryFlow).ConsentStatus(ctx, xs2a.Call{BIC: bank.ID}, uuid.NewString())
		}
		findings = append(findings, a.finding("Ask "+bank.Name+" for a consent that does not exist",
			"The bank answered that it does not know it: address, certificate and signature are accepted.", beyondTheDoor(err)))
	}
	return findings, nil
}

const (
	// maxTried is how many banks a check asks of those that are spoken to alike.
	maxTried = 3

	// mostTried is how many findings a check makes.
	mostTried = 16
)

// checkDirectory asks a directory for its lists and the first of each.
func (a *App) checkDirectory(ctx context.Context, client *xs2a.Client) []Finding {
	countries, err := client.Countries(ctx)
	findings := []Finding{a.finding("Ask for the list of countries", Count(len(countries), "country", "countries")+" came back.", err)}
	if err != nil {
		return findings
	}
	if len(countries) > 0 {
		country, err := client.Country(ctx, countries[0].Code)
		findings = append(findings, a.finding("Ask for one country", country.Name+" came back.", err))
	}
	cities, err := client.Cities(ctx, xs2a.DirectoryFilter{})
	findings = append(findings, a.finding("Ask for the list of cities", Count(len(cities), "city", "cities")+" came back.", err))
	if len(cities) > 0 {
		city, err := client.City(ctx, cities[0].ID)
		findings = append(findings, a.finding("Ask for one city", city.Name+" came back.", err))
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

func (a *App) finding(what, good string, err error) Finding {
	if err == nil {
		return Finding{What: what, OK: true, Words: good}
	}
	e := a.explain("The interface", err)
	return Finding{What: what, Words: e.Message + " " + e.Do, Detail: e.Detail}
}
