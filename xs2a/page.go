package xs2a

import (
	"cmp"
	"net/url"
)

// authBase is the authorisation server; where a profile names none, it is on the
// interface's own host.
func (p Profile) authBase() string { return cmp.Or(p.AuthURL, p.APIURL) }

// PageURL returns the address of a page of a bank's to which the person is sent,
// or a *LinkError. A browser reads it as it is read here: its host is in the one
// spelling.
func (p Profile) PageURL(link, bank string) (*url.URL, error) {
	base, err := url.Parse(forBank(p.authBase(), bank))
	if err != nil {
		return nil, err
	}
	u, err := base.Parse(link)
	if err != nil {
		return nil, &LinkError{Link: link, Problem: "it cannot be read"}
	}
	if err := p.Hosts(bank).CheckPage(u); err != nil {
		return nil, err
	}
	if origin, err := originOf(u); err == nil {
		u.Host = origin.Host()
	}
	return u, nil
}

// PageURL returns the address of a page of one of the client's banks, see
// Profile.PageURL.
func (c *Client) PageURL(link, bank string) (*url.URL, error) { return c.reach.PageURL(link, bank) }
