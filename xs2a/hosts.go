package xs2a

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Hosts are the origins that belong to a bank: those its profile names, and those
// the person named for it. Nothing is sent anywhere else, whatever a bank
// says; see docs/decisions/0036.
type Hosts struct {
	named []Origin
	local bool // the bank lives on this machine, or in a private network
}

// Hosts returns the hosts of a bank with the profile: those it names, and those the
// person named for the bank beside.
func (p Profile) Hosts(bank string, beside ...Origin) Hosts {
	h := Hosts{named: slices.Clone(beside)}
	for _, address := range p.addresses(bank) {
		if origin, err := OriginOf(address); err == nil {
			h.named = append(h.named, origin)
		}
	}
	origin, err := OriginOf(p.APIURL)
	h.local = err == nil && origin.Private()
	return h
}

// With returns the hosts and one more.
func (h Hosts) With(origin Origin) Hosts {
	h.named = append(slices.Clone(h.named), origin)
	return h
}

// Origins lists the hosts, each once.
func (h Hosts) Origins() []Origin { return slices.Compact(slices.Sorted(slices.Values(h.named))) }

// Names reports whether an origin is one of the bank's.
func (h Hosts) Names(origin Origin) bool { return origin != "" && slices.Contains(h.named, origin) }

// Check refuses an address that is not on one of the bank's hosts, with a *LinkError.
func (h Hosts) Check(u *url.URL) error {
	origin, err := originOf(u)
	switch {
	case err != nil:
		return &LinkError{Link: u.Redacted(), Problem: err.Error()}
	case h.Names(origin):
		return nil
	case origin.Private() && !h.local:
		return &LinkError{Link: u.Redacted(), Origin: origin, Problem: "it leads to this machine or into a private network, where the bank has no business"}
	}
	return &LinkError{Link: u.Redacted(), Origin: origin, Problem: "it leads to a host that nobody named for this bank", MayName: true}
}

// CheckPage refuses an address that no browser is to be sent to. A page of the
// bank's may lie on any host: it is the browser that goes there, with nothing of
// the program's, and the person sees where.
func (h Hosts) CheckPage(u *url.URL) error {
	err := h.Check(u)
	if refused := (*LinkError)(nil); errors.As(err, &refused) && refused.MayName {
		return nil
	}
	return err
}

// reachable reports whether a connection may be made to an address a name led to:
// one of the network at large, or one that is named itself. A name whose answers
// change (DNS rebinding) gets no further than here.
func (h Hosts) reachable(to netip.AddrPort) bool {
	ip := to.Addr().Unmap().WithZone("")
	return public(ip) || slices.ContainsFunc(h.named, func(o Origin) bool {
		if o.port() != fmt.Sprint(to.Port()) {
			return false
		}
		named, err := netip.ParseAddr(o.name())
		return err == nil && named == ip || isLocalhost(o.name()) && ip.IsLoopback()
	})
}

type hostsKey struct{}

// limit returns a context whose requests may go to these hosts alone.
func (h Hosts) limit(ctx context.Context) context.Context {
	return context.WithValue(ctx, hostsKey{}, h)
}

// hostsOf returns the hosts to which what goes on under a context may go: those of
// the profile where nothing else is said.
func (p Profile) hostsOf(ctx context.Context) Hosts {
	if h, said := ctx.Value(hostsKey{}).(Hosts); said {
		return h
	}
	return p.Hosts("")
}

// LinkError says why an address that a bank named is not gone to. The fault is the
// bank's, and nothing was sent there.
type LinkError struct {
	Name    string // what the bank calls the link, such as token_endpoint; may be empty
	Link    string // as it came or was understood; untrusted
	Origin  Origin // where it leads; empty where that cannot be told
	Problem string
	MayName bool // the host could be the bank's: the person may say so
}

func (e *LinkError) Error() string {
	what := "the bank's link"
	if e.Name != "" {
		what += " " + e.Name
	}
	return fmt.Sprintf("%s %q: %s", what, sayable(e.Link), e.Problem)
}

// Misleads reports whether an error is about an address that is not gone to.
func Misleads(err error) bool {
	var link *LinkError
	return errors.As(err, &link)
}

// called returns a link's error the name of the link.
func called(name string, err error) error {
	if refused := (*LinkError)(nil); errors.As(err, &refused) {
		named := *refused
		named.Name = name
		return &named
	}
	return err
}

// gate lets nothing out but to the hosts of the bank a request is for. Behind it
// lie the client certificate and the record of exchanges.
type gate struct {
	profile Profile
	base    http.RoundTripper
}

func (g gate) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.profile.hostsOf(req.Context()).Check(req.URL); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as http.RoundTripper promises
		}
		return nil, err
	}
	return g.base.RoundTrip(req)
}

// label matches a bank's id that can be a part of a host's name (RFC 1123 section 2.1).
var label = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// forBank fills a bank's id into an address that its profile names. An id
// cannot turn the address into one on another host than it was meant to: within the
// host it is one label, or there is no address.
func forBank(template, bank string) string {
	const place = "{bank}"
	_, rest, _ := strings.Cut(template, "://")
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	if strings.Contains(host, place) && !label.MatchString(bank) {
		return ""
	}
	return strings.ReplaceAll(template, place, url.PathEscape(bank))
}
