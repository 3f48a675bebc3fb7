package xs2a

import (
	"consentry/xs2a/field"
)

// shape follows the structure of JSON as it arrives, without reading it:
// encoding/json goes ten thousand levels deep, and a small body can hold a
// million empty lists. What is no JSON has no shape.
type shape struct {
	begun, json     bool
	mark            int  // bytes of a byte-order mark
	first           byte // the opening bracket, until what follows shows that it is JSON
	depth, elements int
	inText, escaped bool
	textLength      int
}

func (s *shape) write(p []byte) error {
	for _, b := range p {
		if !s.begun {
			s.begin(b)
			if !s.json {
				continue
			}
		}
		if !s.json {
			return nil
		}
		if s.inText {
			s.text(b)
			if s.textLength > maxText {
				return field.TooMuch("holds a text of more than %d bytes", maxText)
			}
			continue
		}
		switch b {
		case '"':
			s.inText, s.textLength = true, 0
		case '{', '[':
			s.depth++
			s.elements++
		case '}', ']':
			s.depth--
		case ',':
			s.elements++
		}
		if s.depth > maxDepth {
			return field.TooMuch("is nested deeper than %d levels", maxDepth)
		}
		if s.elements > maxElements {
			return field.TooMuch("has more than %d elements", maxElements)
		}
	}
	return nil
}

// begin looks at the first two signs, after the byte-order mark some banks
// send: "{1:" opens a SWIFT message.
func (s *shape) begin(b byte) {
	switch {
	case s.first == 0 && s.mark < len(byteOrderMark) && b == byteOrderMark[s.mark]:
		s.mark++
	case b == ' ' || b == '\t' || b == '\r' || b == '\n':
	case s.first == 0 && (b == '{' || b == '['):
		s.first = b
	default:
		s.begun = true
		s.json = s.first == '[' || s.first == '{' && (b == '"' || b == '}')
		s.depth, s.elements = 1, 1
	}
}

func (s *shape) text(b byte) {
	s.textLength++
	switch {
	case s.escaped:
		s.escaped = false
	case b == '\\':
		s.escaped = true
	case b == '"':
		s.inText = false
	}
}
