package xs2a

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// Origin is scheme, host and port of an address (RFC 6454 section 6.2) in the
// one form they are compared in: lower case, the host in ASCII, without a port
// where it is the usual one. "" is none.
type Origin string

// OriginOf returns the origin of an address, or says why nothing may be sent
// there: only https, and http on this machine, without credentials in it.
func OriginOf(address string) (Origin, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("%q is not a complete address", sayable(address))
	}
	return originOf(u)
}

func originOf(u *url.URL) (Origin, error) {
	if u.Host == "" || u.Opaque != "" {
		return "", fmt.Errorf("%q is not a complete address", sayable(u.Redacted()))
	}
	if u.User != nil {
		return "", errors.New("an address must not contain a user name or password")
	}
	host, err := canonicalHost(u.Hostname())
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !onThisMachine(host)) {
		return "", fmt.Errorf("%q is not an https address", sayable(u.String()))
	}
	port := cmp.Or(strings.TrimLeft(u.Port(), "0"), usualPorts[u.Scheme])
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != usualPorts[u.Scheme] {
		host += ":" + port
	}
	return Origin(u.Scheme + "://" + host), nil
}

// sayable is what an error may hold of an address: queries and fragments may hold
// codes and tokens.
func sayable(address string) string {
	if end := strings.IndexAny(address, "?#"); end >= 0 {
		address = address[:end]
	}
	return clip(address)
}

var usualPorts = map[string]string{"http": "80", "https": "443"}

// Host returns the host as a person reads it, with its port where that is not the
// usual one.
func (o Origin) Host() string {
	_, host, _ := strings.Cut(string(o), "://")
	return host
}

// name is the host without its port, and without the brackets of an IPv6 address.
func (o Origin) name() string { return o.url().Hostname() }

func (o Origin) port() string { return cmp.Or(o.url().Port(), usualPorts[o.url().Scheme]) }

func (o Origin) url() *url.URL {
	u, err := url.Parse(string(o))
	if err != nil {
		return &url.URL{} // only an Origin nobody read
	}
	return u
}

// Private reports whether the origin names this machine or a network that is
// nobody's in public, as far as the name itself tells.
func (o Origin) Private() bool {
	host := o.name()
	ip, err := netip.ParseAddr(host)
	return isLocalhost(host) || err == nil && !public(ip)
}

// numeric matches what some resolvers take for an IPv4 address in decimal, octal
// or hexadecimal, such as 2130706433 or 0x7f.1 (WHATWG URL section 3.5).
var numeric = regexp.MustCompile(`(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)$`)

// canonicalHost returns the one spelling of a host. A number that is no usual
// address is refused: who writes it so does not want it to be recognised.
func canonicalHost(host string) (string, error) {
	host = strings.TrimSuffix(host, ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" {
			return "", errors.New("an address must not name a network device")
		}
		return ip.Unmap().String(), nil
	}
	ascii := strings.ToLower(host)
	var err error
	if !hostName.MatchString(ascii) { // in letters that only look like it, or are of another script
		ascii, err = idna.Lookup.ToASCII(host)
	}
	if err != nil || !hostName.MatchString(ascii) || numeric.MatchString(ascii) {
		return "", fmt.Errorf("%q is not the name of a host", clip(host))
	}
	return ascii, nil
}

// hostName matches names in ASCII; some test systems have underscores in theirs.
var hostName = regexp.MustCompile(`^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$`)

func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return isLocalhost(host) || err == nil && ip.IsLoopback()
}

// isLocalhost reports whether a name stands for this machine (RFC 6761 section 6.3).
func isLocalhost(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// notPublic are the networks at which no bank has its interface.
var notPublic = prefixes(
	"0.0.0.0/8",       // RFC 1122 section 3.2.1.3: this network; systems take 0.0.0.0 for themselves
	"100.64.0.0/10",   // RFC 6598: behind a provider's NAT
	"192.0.0.0/24",    // RFC 6890
	"198.18.0.0/15",   // RFC 2544: measurements
	"240.0.0.0/4",     // RFC 1112 section 4
	"192.88.99.0/24",  // RFC 7526: relays, as they were
	"fec0::/10",       // RFC 3879: site-local, as it was
	"::ffff:0:0:0/96", // RFC 2765: an IPv4 address, translated
	"64:ff9b:1::/48",  // RFC 8215: the same by a network's own rules
	"2001::/32",       // RFC 4380: Teredo, which holds an IPv4 address in disguise
	"100::/64",        // RFC 6666: discarded
	"5f00::/16",       // RFC 9602: the segments of a network
)

// carriesIPv4 are the IPv6 networks that hold an IPv4 address, and the byte it begins at.
var carriesIPv4 = map[netip.Prefix]int{
	netip.MustParsePrefix("64:ff9b::/96"): 12, // RFC 6052
	netip.MustParsePrefix("::/96"):        12, // RFC 4291 section 2.5.5.1
	netip.MustParsePrefix("2002::/16"):    2,  // RFC 3056
}

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// public reports whether an address is one of the network at large: not this
// machine's, not one of a private network or of the wire alone.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() {
		return false
	}
	for _, network := range notPublic {
		if network.Contains(ip) {
			return false
		}
	}
	for network, at := range carriesIPv4 {
		if network.Contains(ip) {
			bytes := ip.As16()
			carried, _ := netip.AddrFromSlice(bytes[at : at+4])
			return public(carried)
		}
	}
	return true
}
