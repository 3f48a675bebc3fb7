package xs2a

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
)

// CheckURL refuses addresses that tokens and personal data may not be sent
// to: only https, and http on this machine, without credentials in them.
func CheckURL(address string) error {
	_, err := OriginOf(address)
	return err
}

// address is where a request goes. A built path lies below host and prefix. A
// link of the bank's is an address, not a name: it is taken as it stands when it
// is whole, on the environment's host, or begins with the service's prefix; else
// it is put under the prefix, or where the dialect says. Nothing is joined as
// text, so that no link can change the host: access tokens go nowhere else.
func (c *Client) address(r request) (string, error) {
	base, err := url.Parse(c.reach.APIURL)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(cmp.Or(r.link, r.path))
	switch {
	case err != nil:
		return "", &LinkError{Link: r.place(), Problem: "it cannot be read"}
	case u.IsAbs() || u.Host != "":
		if u = base.ResolveReference(u); !sameOrigin(base, u) {
			origin, _ := originOf(u)
			return "", &LinkError{Link: u.Redacted(), Origin: origin, Problem: "it leads to another host than the bank's interface"}
		}
	case u.Path == "":
		return "", &LinkError{Link: r.place(), Problem: "it names no path"}
	default:
		query := u.RawQuery
		if u, err = c.below(base, u.EscapedPath(), r); err != nil {
			return "", err
		}
		u.RawQuery = query
	}
	if len(r.query) > 0 {
		u.RawQuery = r.query.Encode()
	}
	u.Fragment = ""
	return u.String(), nil
}

// below puts an escaped path on the environment's host.
func (c *Client) below(base *url.URL, path string, r request) (*url.URL, error) {
	root, prefix := strings.TrimRight(base.EscapedPath(), "/"), c.prefix(r)
	if r.link == "" || !c.dialect.LinksFromRoot || !strings.HasPrefix(path, "/") {
		if rest, stands := strings.CutPrefix(path, root+prefix+"/"); stands {
			path = rest
		} else if rest, begins := strings.CutPrefix(path, prefix+"/"); begins {
			path = rest // as a bank writes it that does not know of the gate before it
		} else {
			path = strings.TrimLeft(belowPrefix(path), "/")
		}
		path = root + prefix + "/" + path
	}
	plain, err := url.PathUnescape(path)
	return &url.URL{Scheme: base.Scheme, Host: base.Host, Path: plain, RawPath: path}, err
}

// sameOrigin reports whether two addresses lead to one server.
func sameOrigin(a, b *url.URL) bool {
	first, err := originOf(a)
	second, err2 := originOf(b)
	return err == nil && err2 == nil && first == second
}

// place is what an error may say of where a request went: the path, without
// host and query.
func (r request) place() string {
	if u, err := url.Parse(cmp.Or(r.link, r.path)); err == nil {
		return u.Path
	}
	path, _, _ := strings.Cut(cmp.Or(r.link, r.path), "?")
	return path
}

// prefix is the path between host and operation.
func (c *Client) prefix(r request) string {
	prefix := c.reach.Prefix.in(r.service)
	if prefix == "" {
		prefix = c.dialect.Prefix.in(r.service)
	}
	return strings.TrimRight(strings.ReplaceAll(prefix, "{bank}", url.PathEscape(r.call.BIC)), "/")
}

// roots are the first parts of all paths a bank's link can lead to.
var roots = regexp.MustCompile(`/(?:accounts|card-accounts|consents|payments|bulk-payments|periodic-payments)/`)

// belowPrefix cuts whatever stands before the operation in a path, such as the
// prefix of another version.
func belowPrefix(path string) string {
	if at := roots.FindStringIndex(path); at != nil {
		return path[at[0]:]
	}
	return path
}
