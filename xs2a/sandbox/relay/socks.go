package relay

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
)

var errSOCKS = errors.New("not SOCKS5")

// socks answers a request of SOCKS5, with a user and password if they are asked for (RFC 1929).
func (p *Proxy) socks(conn net.Conn) error {
	methods, err := counted(conn, 1)
	if err != nil {
		return err
	}
	wants := byte(0)
	if p.user != "" {
		wants = 2
	}
	offered := false
	for _, method := range methods {
		offered = offered || method == wants
	}
	if !offered {
		_, err := conn.Write([]byte{5, 0xff})
		return err
	}
	if _, err := conn.Write([]byte{5, wants}); err != nil {
		return err
	}
	if wants == 2 {
		if err := p.login(conn); err != nil {
			return err
		}
	}
	host, err := requested(conn)
	if err != nil {
		return err
	}
	server, err := p.reach(host)
	reply := []byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}
	if err != nil {
		reply[1] = 4 // the host cannot be reached
	}
	if _, failed := conn.Write(reply); failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	p.relayed(conn, server)
	return nil
}

func (p *Proxy) login(conn net.Conn) error {
	user, err := counted(conn, 1)
	if err != nil {
		return err
	}
	password, err := counted(conn, 0)
	if err != nil {
		return err
	}
	if string(user) != p.user || string(password) != p.password {
		_, _ = conn.Write([]byte{1, 1})
		return errors.New("a wrong password")
	}
	_, err = conn.Write([]byte{1, 0})
	return err
}

// counted reads bytes after their number, which some others stand before.
func counted(conn net.Conn, before int) ([]byte, error) {
	head := make([]byte, before+1)
	if _, err := io.ReadFull(conn, head); err != nil {
		return nil, err
	}
	rest := make([]byte, head[before])
	_, err := io.ReadFull(conn, rest)
	return rest, err
}

// requested reads to whom a connection is to be made.
func requested(conn net.Conn) (string, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return "", err
	}
	var host string
	switch head[3] {
	case 3:
		name, err := counted(conn, 0)
		if err != nil {
			return "", err
		}
		host = string(name)
	case 1, 4:
		ip := make(net.IP, map[byte]int{1: net.IPv4len, 4: net.IPv6len}[head[3]])
		if _, err := io.ReadFull(conn, ip); err != nil {
			return "", err
		}
		host = ip.String()
	default:
		return "", errSOCKS
	}
	port := make([]byte, 2)
	if _, err := io.ReadFull(conn, port); err != nil {
		return "", err
	}
	if head[0] != 5 || head[1] != 1 {
		return "", errSOCKS
	}
	return net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(port)))), nil
}
