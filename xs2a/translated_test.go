package xs2a

import (
	"net/netip"
	"testing"
)

// TestTranslatedAddressesArePrivate: an IPv6 address that is translated to an IPv4
// address leads where that does.
func TestTranslatedAddressesArePrivate(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"64:ff9b::7f00:1", "::127.0.0.1", "2002:7f00:1::", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
		"64:ff9b:1::a00:1", // RFC 8215: local translation
		"::ffff:0:7f00:1",  // RFC 2765: SIIT
		"2001:0:7f00:1::",  // RFC 4380: Teredo
		"100::1",           // RFC 6666: discarded
		"5f00::1",          // RFC 9602: within a network's segments
		"192.88.99.1",      // RFC 7526
	} {
		if public(netip.MustParseAddr(address)) {
			t.Errorf("%s is taken for public", address)
		}
	}
	for _, address := range []string{"9.9.9.9", "2620:fe::fe", "64:ff9b::909:909", "2002:909:909::"} {
		if !public(netip.MustParseAddr(address)) {
			t.Errorf("%s is taken for private", address)
		}
	}
}
