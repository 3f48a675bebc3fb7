package room

import (
	"net"
	"net/netip"
	"slices"
)

// Address is one this machine has in a local network.
type Address struct {
	Interface string
	Prefix    netip.Prefix // the address itself, with the length of its network's
}

// Local is the address.
func (a Address) Local() netip.Addr { return a.Prefix.Addr() }

// Addresses lists the addresses of this machine at which a phone in the same network can
// reach it: private ones (RFC 1918, RFC 4193) and those of IPv4 that a machine gives itself
// (RFC 3927). A public one is never among them, nor is a tunnel's, which leads out of the
// room, nor a link-local one of IPv6, which no browser takes (RFC 9844 section 2).
func Addresses() ([]Address, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all []Address
	for _, one := range interfaces {
		if one.Flags&net.FlagUp == 0 || one.Flags&(net.FlagLoopback|net.FlagPointToPoint) != 0 {
			continue
		}
		addrs, err := one.Addrs()
		if err != nil { // it went away meanwhile
			continue
		}
		for _, addr := range addrs {
			if a, ok := addressOf(one.Name, addr); ok && a.offered() {
				all = append(all, a)
			}
		}
	}
	return all, nil
}

func addressOf(name string, addr net.Addr) (Address, bool) {
	network, ok := addr.(*net.IPNet)
	if !ok {
		return Address{}, false
	}
	ip, ok := netip.AddrFromSlice(network.IP)
	ones, _ := network.Mask.Size()
	ip = ip.Unmap()
	return Address{name, netip.PrefixFrom(ip, ones)}, ok
}

// offered reports whether a room may be at an address: only somebody else in a local
// network can be let in.
func (a Address) offered() bool {
	ip := a.Local()
	local := ip.IsPrivate() || ip.Is4() && ip.IsLinkLocalUnicast()
	return a.Prefix.IsValid() && local && !a.Prefix.IsSingleIP()
}

// stands reports whether this machine still has the address, where it had it.
func (a Address) stands() bool {
	all, err := Addresses()
	return err == nil && slices.Contains(all, a)
}
