package bank

import (
	"context"
	"errors"
	"strings"

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

// proxyColumn is where a file of banks has the address of the environment's proxy, without its login.
const proxyColumn = "proxy"

// takeProxy takes the proxy of a line of a file: all lines name the same one.
func (r *reader) takeProxy(line int, cell string) {
	if cell = strings.TrimSpace(cell); cell == "" {
		return
	}
	p := xs2a.Proxy{Address: cell}
	switch problem := checkProxy(&p)["proxy"]; {
	case problem.Given():
		r.fault(line, proxyColumn, problem)
	case r.proxy != "" && r.proxy != p.Address:
		r.fault(line, proxyColumn, storage.Reason{Code: failure.ProxyOther, Name: r.proxy})
	default:
		r.proxy = p.Address
	}
}

// TakeProxy has an environment use the proxy that a file of banks names, without a login, as long as that is the one that the
// person confirmed.
func (r *Registry) TakeProxy(ctx context.Context, environmentID string, file []byte, confirmed string) error {
	read, err := readFile(file)
	if err != nil {
		return err
	}
	return r.store.ChangeEnvironment(ctx, environmentID, xs2a.CountryName, func(e *storage.Environment) error {
		switch {
		case e.Sandbox:
			return practiceStays
		case read.proxy != "" && read.proxy == confirmed && e.Proxy.Address != confirmed:
			e.Proxy = xs2a.Proxy{Address: confirmed}
		}
		return nil
	})
}
