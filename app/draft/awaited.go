package draft

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// Awaited is what the bank waits for outside of the requests of a fork.
type Awaited struct {
	What    AwaitedFrom
	Link    string // of the bank's page; empty where it cannot be offered
	Host    string // where the link leads, if that is no host of the bank's
	Message string // of the bank to the person; may be empty
}

// AwaitedFrom is where something has to be done before the next step.
type AwaitedFrom string

// Where.
const (
	AwaitsNothing AwaitedFrom = ""
	AwaitsPage    AwaitedFrom = "page"   // on the bank's page
	AwaitsOAuth   AwaitedFrom = "oauth"  // there, too, and what comes back is a code
	AwaitsDevice  AwaitedFrom = "device" // on another device
)

// authorising is what an answer says of an authorisation (BG 1.3.12 sections 5.3.1 and 14.6).
type authorising struct {
	SCAStatus     xs2a.SCAStatus     `json:"scaStatus"`
	ConsentStatus xs2a.ConsentStatus `json:"consentStatus"`
	Message       string             `json:"psuMessage"`
	Links         xs2a.Links         `json:"_links"`
}

// awaitedAmong bounds how far back is looked for what is awaited.
const awaitedAmong = 20

// Awaited returns what the bank waits for, as the newest answers of a fork tell.
func (d *Drafts) Awaited(ctx context.Context, flowID string) (Awaited, error) {
	newest, err := d.store.Exchanges(ctx, storage.ExchangeQuery{FlowID: &flowID}, awaitedAmong)
	if err != nil {
		return Awaited{}, err
	}
	for _, e := range newest {
		told := authorising{}
		_ = json.Unmarshal([]byte(e.Answer.Body), &told) // what cannot be read says nothing
		switch {
		case told.SCAStatus.Final() || told.ConsentStatus.Final() || told.ConsentStatus == xs2a.ConsentValid:
			return Awaited{}, nil
		case e.Status >= 300:
		case told.Links["scaRedirect"] != "":
			return d.page(ctx, e, told)
		case told.Links["scaOAuth"] != "":
			return Awaited{What: AwaitsOAuth, Message: told.Message}, nil
		case strings.EqualFold(e.Answer.Get("Aspsp-Sca-Approach"), "DECOUPLED"):
			return Awaited{What: AwaitsDevice, Message: told.Message}, nil
		}
	}
	return Awaited{}, nil
}

// page is the bank's page, with the link where it is whole and leads to a host of the bank's.
func (d *Drafts) page(ctx context.Context, e storage.Exchange, told authorising) (Awaited, error) {
	one := Awaited{What: AwaitsPage, Message: told.Message}
	from := From{Exchange: e}
	link := whole(e.URL, told.Links["scaRedirect"])
	origin, err := xs2a.OriginOf(link)
	if err != nil || strings.Contains(told.Links["scaRedirect"], record.Redacted) {
		return one, nil
	}
	if err := d.bankOf(ctx, &from); err != nil {
		return one, err
	}
	if !from.names(origin) {
		one.Host = string(origin)
		return one, nil
	}
	one.Link = link
	return one, nil
}

// whole is a link of an answer with the address before it that it may leave out.
func whole(address, link string) string {
	base, err := url.Parse(address)
	if err != nil {
		return link
	}
	to, err := base.Parse(link)
	if err != nil {
		return link
	}
	return to.String()
}
