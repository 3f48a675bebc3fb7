package record

import "strings"

// What is looked for in every text is found by the sign it turns round, without
// reading all of the text again and again: reports are long and hold few of them.

// replaceEach replaces what find finds from one place on.
func replaceEach(s string, find func(s string, from int) (begin, end int), by func(string) string) string {
	var b strings.Builder
	at := 0
	for {
		begin, end := find(s, at)
		if begin < 0 {
			break
		}
		b.WriteString(s[at:begin] + by(s[begin:end]))
		at = end
	}
	if at == 0 {
		return s
	}
	b.WriteString(s[at:])
	return b.String()
}

// parameter finds a name with a value behind an equals sign: name=value,
// name="a value".
func parameter(s string, from int) (begin, end int) {
	for at := from; ; at++ {
		equals := strings.IndexByte(s[at:], '=')
		if equals < 0 {
			return -1, -1
		}
		at += equals
		for begin = at; begin > from && inName(s[begin-1]); {
			begin--
		}
		if begin == at {
			continue // no name before it
		}
		if at+1 < len(s) && (s[at+1] == '"' || s[at+1] == '\'') {
			closing := strings.IndexByte(s[at+2:], s[at+1])
			if closing < 0 {
				return begin, len(s)
			}
			return begin, at + 2 + closing + 1
		}
		for end = at + 1; end < len(s) && !endsValue(s[end]) && s[end] != '#'; {
			end++
		}
		return begin, end
	}
}

// escaped finds a text in percent-encoding that holds an equals or a quotation
// sign, perhaps encoded several times.
func escaped(s string, from int) (begin, end int) {
	for at := from; ; at++ {
		percent := strings.IndexByte(s[at:], '%')
		if percent < 0 {
			return -1, -1
		}
		at += percent
		rest := s[at+1:]
		for strings.HasPrefix(rest, "25") {
			rest = rest[2:]
		}
		if len(rest) < 2 || !strings.EqualFold(rest[:2], "3d") && rest[:2] != "22" {
			continue
		}
		for begin = at; begin > from && !endsValue(s[begin-1]) && s[begin-1] != '='; {
			begin--
		}
		for end = at; end < len(s) && !endsValue(s[end]); {
			end++
		}
		return begin, end
	}
}

// inName reports whether a byte may stand in the name of a parameter.
func inName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_.-[]%+", c) >= 0
}

// endsValue reports whether a byte ends what is not between quotation signs.
func endsValue(c byte) bool { return strings.IndexByte("&\"'<> \t\n\f\r", c) >= 0 }

// credentials reports whether one of the words stands in a text before which
// credentials are told (RFC 9110 section 11.1), in any case.
func credentials(s string) bool {
	for at := 0; at+4 <= len(s); at++ {
		switch s[at] | 0x20 {
		case 'b':
			if at+6 <= len(s) && strings.EqualFold(s[at:at+6], "bearer") || at+5 <= len(s) && strings.EqualFold(s[at:at+5], "basic") {
				return true
			}
		case 'd':
			if strings.EqualFold(s[at:at+4], "dpop") {
				return true
			}
		}
	}
	return false
}
