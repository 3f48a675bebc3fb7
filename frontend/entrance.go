package frontend

import (
	"net/http"
	"net/url"
	"time"

	"consentry/app/instance"
)

// withDoor serves beside a handler where another start of the program asks for this one. It needs no session: who asks there
// proves that they have read a file of the person's.
func withDoor(mux *http.ServeMux, door http.Handler) *http.ServeMux {
	if door != nil {
		mux.Handle("POST "+instance.Path, door)
	}
	return mux
}

// Address is where a person begins in their browser. It holds a token that works once.
func (s *Server) Address() string { return s.at(s.sessions.bootToken(inBrowser, time.Time{})) }

// WindowAddress is where they begin in the program's own window.
func (s *Server) WindowAddress() string { return s.at(s.sessions.bootToken(inWindow, time.Time{})) }

// FreshAddress is an Address for who uses it at once: it works for a few minutes, and of many that are not used, only the
// latest work.
func (s *Server) FreshAddress() string { return s.at(s.sessions.freshToken(inBrowser)) }

// FreshWindowAddress is the same for the program's own window.
func (s *Server) FreshWindowAddress() string { return s.at(s.sessions.freshToken(inWindow)) }

// Used is closed when an address was used or is worth nothing any more.
func (s *Server) Used(address string) <-chan struct{} {
	token := ""
	if u, err := url.Parse(address); err == nil {
		token = u.Query().Get("token")
	}
	return s.sessions.over(token)
}

func (s *Server) at(token string) string { return "http://" + s.host + startPath + "?token=" + token }

// Address is where the person sees it in their browser. It holds a token that works once.
func (c *Carrying) Address() string { return c.server.Address() }

// WindowAddress is where they see it in the program's own window.
func (c *Carrying) WindowAddress() string { return c.server.WindowAddress() }

// FreshAddress is as that of a [Server].
func (c *Carrying) FreshAddress() string { return c.server.FreshAddress() }

// FreshWindowAddress is as that of a [Server].
func (c *Carrying) FreshWindowAddress() string { return c.server.FreshWindowAddress() }

// Used is as that of a [Server].
func (c *Carrying) Used(address string) <-chan struct{} { return c.server.Used(address) }
