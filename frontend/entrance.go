package frontend

import (
	"net/url"
	"time"
)

// Address is where a person begins in their browser. It holds a token that works once.
func (s *Sessions) Address() string { return s.at(s.bootToken(inBrowser, time.Time{})) }

// WindowAddress is where they begin in the program's own window.
func (s *Sessions) WindowAddress() string { return s.at(s.bootToken(inWindow, time.Time{})) }

// FreshAddress is an Address for who uses it at once: it works for a few minutes, and of many that are not used, only the
// latest work.
func (s *Sessions) FreshAddress() string { return s.at(s.freshToken(inBrowser)) }

// FreshWindowAddress is the same for the program's own window.
func (s *Sessions) FreshWindowAddress() string { return s.at(s.freshToken(inWindow)) }

// Used is closed when an address was used or is worth nothing any more.
func (s *Sessions) Used(address string) <-chan struct{} {
	token := ""
	if u, err := url.Parse(address); err == nil {
		token = u.Query().Get("token")
	}
	return s.over(token)
}

// Begun is closed when the first session begins.
func (s *Sessions) Begun() <-chan struct{} { return s.begun }

// Address is where a person begins in their browser. It holds a token that works once.
func (s *Server) Address() string { return s.sessions.Address() }

func (s *Sessions) at(token string) string { return "http://" + s.host + startPath + "?token=" + token }
