package bank

import (
	"errors"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// keepProxyLogin fills in the user and password of a proxy that a form does not show. They are for the proxy they were
// given for, and for no other.
func keepProxyLogin(given *xs2a.Proxy, stored xs2a.Proxy) {
	address, err := xs2a.CheckProxy(given.Address)
	if err != nil || address != stored.Address {
		return
	}
	if given.User == "" && given.Password == "" {
		given.User, given.Password = stored.User, stored.Password
	} else if given.User == "" {
		given.User = stored.User
	}
}

// NoLogin stands for the user of a proxy in a form by which the stored login goes.
const NoLogin = "\x00"

// checkProxy returns what is wrong with each field of a proxy, whose address it puts into its form.
func checkProxy(p *xs2a.Proxy) map[string]storage.Reason {
	fields := map[string]storage.Reason{}
	if p.User == NoLogin {
		p.User, p.Password = "", ""
	}
	if p.Address == "" {
		if p.User != "" || p.Password != "" {
			fields["proxy"] = storage.Reason{Code: failure.ProxyMissing}
		}
		return fields
	}
	address, err := xs2a.CheckProxy(p.Address)
	switch {
	case errors.Is(err, xs2a.ErrProxyLogin):
		fields["proxy"] = storage.Reason{Code: failure.ProxyLoginApart}
	case err != nil:
		fields["proxy"] = storage.Reason{Code: failure.ProxyAddress}
	default:
		p.Address = address
	}
	if xs2a.CheckProxyLogin(p.User, p.Password) != nil {
		fields["proxy_user"] = storage.Reason{Code: failure.ProxyUserForm}
	}
	return fields
}
