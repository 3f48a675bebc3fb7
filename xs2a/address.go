package xs2a

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// CheckURL refuses addresses that tokens and personal data may not be sent
// to: only https, and http on this machine, without credentials in them.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is not a complete address", address)
	}
	if u.User != nil {
		return errors.New("an address must not contain a user name or password")
	}
	local := u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1"
	if u.Scheme == "https" || u.Scheme == "http" && local {
		return nil
	}
	return fmt.Errorf("%q is not an https address", address)
}

// address joins host, the service's prefix and path. A link of the bank's own
// is taken when it stays on the environment's host: access tokens go nowhere
// else. Where it lacks the prefix, or has the one of another version, it is
// put below the one that works.
func (c *Client) address(r request) (string, error) {
	base, err := url.Parse(c.env.APIURL)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(r.path)
	if err != nil {
		return "", fmt.Errorf("the bank's link %q cannot be read", r.path)
	}
	prefix := c.prefix(r)
	switch {
	case u.IsAbs() || u.Host != "":
		if u.Scheme != base.Scheme || u.Host != base.Host {
			return "", fmt.Errorf("the bank's link leads to another host, %q", u.Host)
		}
	case strings.HasPrefix(r.path, prefix+"/"):
		u = base.ResolveReference(u)
	default:
		u, err = url.Parse(strings.TrimRight(c.env.APIURL, "/") + prefix + belowPrefix(r.path))
		if err != nil {
			return "", err
		}
	}
	if len(r.query) > 0 {
		u.RawQuery = r.query.Encode()
	}
	u.Fragment = ""
	return u.String(), nil
}

// prefix is the path between host and operation.
func (c *Client) prefix(r request) string {
	prefix := c.env.Prefix.in(r.service)
	if prefix == "" {
		prefix = c.dialect.Prefix.in(r.service)
	}
	return strings.TrimRight(strings.ReplaceAll(prefix, "{bank}", url.PathEscape(r.call.BIC)), "/")
}

// roots are the first parts of all paths a bank's link can lead to.
var roots = []string{"/accounts/", "/card-accounts/"}

// belowPrefix cuts whatever stands before the operation in a link.
func belowPrefix(link string) string {
	path, _, _ := strings.Cut(link, "?")
	for _, root := range roots {
		if at := strings.Index(path, root); at > 0 {
			return link[at:]
		}
	}
	return link
}
