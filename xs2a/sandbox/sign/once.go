package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// unmarshalOnce reads a JOSE header, whose names "MUST be unique" (RFC 7515 4, RFC
// 7516 4); encoding/json takes the last of several, and names in any case.
func unmarshalOnce(raw []byte, into any) error {
	if name, err := repeatedMember(raw); err != nil || name != "" {
		return errors.Join(err, errors.New("a member is there twice: "+name))
	}
	return json.Unmarshal(raw, into)
}

// repeatedMember finds a name that an object of a JSON text has twice, at any
// depth; "" for none.
func repeatedMember(raw []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	open := []map[string]bool{nil} // the names of each open object; nil for a list
	named := false                 // a member's name was read, and its value comes
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		inside := open[len(open)-1]
		name, isText := token.(string)
		switch {
		case token == json.Delim('{'):
			open, named = append(open, map[string]bool{}), false
		case token == json.Delim('['):
			open, named = append(open, nil), false
		case token == json.Delim('}') || token == json.Delim(']'):
			open = open[:len(open)-1]
		case inside != nil && isText && !named:
			key := strings.ToLower(strings.ToUpper(name)) // as encoding/json folds case
			if inside[key] {
				return name, nil
			}
			inside[key], named = true, true
		default:
			named = false
		}
	}
}
