package room

import (
	"bytes"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// How many connections there may be at once, in all and from one address. A phone has two
// or three, each for a moment.
const (
	mostGuests  = 24
	mostFromOne = 6
)

// door is the listener of a room. It takes in who comes from the room's own network, and
// not too many of them.
type door struct {
	net.Listener
	network netip.Prefix
	refuse  func(netip.Addr, Kind)

	mu     sync.Mutex
	guests []*guest // the one that has been there longest first
}

// Accept returns the next connection that is let in.
func (d *door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := addrOf(conn.RemoteAddr())
		if !d.network.Contains(from) {
			d.refuse(from, Foreign)
		} else if g := d.enter(conn, from); g != nil {
			return g, nil
		} else {
			d.refuse(from, TooMany)
		}
		_ = conn.Close() // there is nobody to tell
	}
}

// enter lets a connection in, and ends the one that has been there longest where there
// are too many; from one address there are never more than a few.
func (d *door) enter(conn net.Conn, from netip.Addr) *guest {
	d.mu.Lock()
	defer d.mu.Unlock()
	same := 0
	for _, g := range d.guests {
		if g.from == from {
			same++
		}
	}
	if same >= mostFromOne {
		return nil
	}
	if len(d.guests) >= mostGuests {
		_ = d.guests[0].Conn.Close() // the server notices
		d.guests = slices.Delete(d.guests, 0, 1)
	}
	g := &guest{Conn: conn, door: d, from: from}
	d.guests = append(d.guests, g)
	return g
}

// guest is a connection that was let in.
type guest struct {
	net.Conn
	door *door
	from netip.Addr
}

// Close lets the next one in.
func (g *guest) Close() error {
	g.door.mu.Lock()
	if at := slices.Index(g.door.guests, g); at >= 0 {
		g.door.guests = slices.Delete(g.door.guests, at, at+1)
	}
	g.door.mu.Unlock()
	return g.Conn.Close()
}

// nothing is what everything gets that is not the phone's page.
const nothing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

// ownErrors begin what the library answers by itself to what is no request it takes.
var ownErrors = [][]byte{
	[]byte("HTTP/1.1 400 "), []byte("HTTP/1.1 417 "), []byte("HTTP/1.1 431 "), []byte("HTTP/1.1 501 "), []byte("HTTP/1.1 505 "),
	[]byte("HTTP/1.0 400 "), []byte("HTTP/1.0 417 "), []byte("HTTP/1.0 431 "), []byte("HTTP/1.0 501 "), []byte("HTTP/1.0 505 "),
}

// Write has the library's own errors look like everything else.
func (g *guest) Write(answer []byte) (int, error) {
	for _, begins := range ownErrors {
		if bytes.HasPrefix(answer, begins) {
			g.door.refuse(g.from, Refused)
			_, err := g.Conn.Write([]byte(nothing))
			return len(answer), err
		}
	}
	return g.Conn.Write(answer)
}

// CloseWrite lets the other side read to the end what was written.
func (g *guest) CloseWrite() error {
	if half, ok := g.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// addrOf is the address somebody comes from; the zero value where that is not known.
func addrOf(addr net.Addr) netip.Addr {
	from, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return netip.Addr{}
	}
	return from.Addr().Unmap().WithZone("")
}
