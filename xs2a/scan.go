package xs2a

import "strings"

// scan reads JSON (RFC 8259) as it mostly is, from its beginning to its end, and makes nothing of
// what is passed over. encoding/json looks at each byte of a report several times, which is most of
// what a page of one costs. What it does not take is no error yet: it is left to encoding/json,
// which tells what is wrong.
type scan struct {
	s  string
	at int
}

// next returns the byte that comes next, after what separates; 0 at the end.
func (s *scan) next() byte {
	for ; s.at < len(s.s); s.at++ {
		switch c := s.s[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// take passes over a sign, if it comes next.
func (s *scan) take(sign byte) bool {
	if s.next() != sign {
		return false
	}
	s.at++
	return true
}

// ended reports whether nothing comes any more.
func (s *scan) ended() bool { return s.next() == 0 && s.at >= len(s.s) }

// text returns what stands between quotation marks, and whether it is meant as it stands.
func (s *scan) text() (raw string, plain, is bool) {
	if !s.take('"') {
		return "", false, false
	}
	begun := s.at
	plain = true
	for s.at < len(s.s) {
		switch c := s.s[s.at]; {
		case c == '"':
			s.at++
			return s.s[begun : s.at-1], plain, true
		case c == '\\':
			plain = false
			if !s.escape() {
				return "", false, false
			}
		case c < ' ':
			return "", false, false
		default:
			s.at++
		}
	}
	return "", false, false
}

// escape passes over an escaped sign.
func (s *scan) escape() bool {
	if s.at+1 >= len(s.s) {
		return false
	}
	if s.at += 2; s.s[s.at-1] != 'u' {
		return strings.IndexByte(`"\/bfnrt`, s.s[s.at-1]) >= 0
	}
	for end := s.at + 4; s.at < end; s.at++ {
		if s.at >= len(s.s) || !(isDigit(s.s[s.at]) || s.s[s.at]|0x20 >= 'a' && s.s[s.at]|0x20 <= 'f') {
			return false
		}
	}
	return true
}

// each goes through an object: take is given each name as it stands, and takes the value. A name
// that is not plain ASCII is none that is taken.
func (s *scan) each(take func(name string) bool) bool {
	if !s.take('{') {
		return false
	}
	if s.take('}') {
		return true
	}
	for {
		name, plain, is := s.text()
		if !is || !plain || !isASCII(name) || !s.take(':') || !take(name) {
			return false
		}
		if !s.take(',') {
			return s.take('}')
		}
	}
}

// elements goes through a list, of which take takes each element.
func (s *scan) elements(take func() bool) bool {
	if !s.take('[') {
		return false
	}
	if s.take(']') {
		return true
	}
	for {
		if !take() {
			return false
		}
		if !s.take(',') {
			return s.take(']')
		}
	}
}

// pass passes over any value that is no deeper than so many levels.
func (s *scan) pass(depth int) bool {
	if depth == 0 {
		return false
	}
	switch c := s.next(); {
	case c == '"':
		_, _, is := s.text()
		return is
	case c == '{':
		return s.passMembers(depth)
	case c == '[':
		return s.elements(func() bool { return s.pass(depth - 1) })
	case c == '-' || isDigit(c):
		return s.number()
	}
	for _, word := range []string{"null", "true", "false"} {
		if strings.HasPrefix(s.s[s.at:], word) {
			s.at += len(word)
			return true
		}
	}
	return false
}

// passMembers passes over an object, whatever its names are.
func (s *scan) passMembers(depth int) bool {
	if s.at++; s.take('}') {
		return true
	}
	for {
		if _, _, is := s.text(); !is || !s.take(':') || !s.pass(depth-1) {
			return false
		}
		if !s.take(',') {
			return s.take('}')
		}
	}
}

// number passes over a number (RFC 8259 section 6).
func (s *scan) number() bool {
	if s.s[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.s) && s.s[s.at] == '0' {
		s.at++
	} else if !s.digits() {
		return false
	}
	if s.at < len(s.s) && s.s[s.at] == '.' {
		if s.at++; !s.digits() {
			return false
		}
	}
	if s.at < len(s.s) && s.s[s.at]|0x20 == 'e' {
		if s.at++; s.at < len(s.s) && (s.s[s.at] == '+' || s.s[s.at] == '-') {
			s.at++
		}
		return s.digits()
	}
	return true
}

// digits passes over one digit or more.
func (s *scan) digits() bool {
	begun := s.at
	for s.at < len(s.s) && isDigit(s.s[s.at]) {
		s.at++
	}
	return s.at > begun
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
