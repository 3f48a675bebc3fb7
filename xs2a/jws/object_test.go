package jws

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// object is a JSON object by its members' exact names. encoding/json takes
// names in any case and the last of those that are repeated: two readers could
// then read two headers in one.
type object map[string]json.RawMessage

func readObject(raw []byte) (object, error) {
	malformed := refuse("signature", "its protected header is not a JSON object in UTF-8")
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, malformed
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, malformed
	}
	all := object{}
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return nil, malformed
		}
		if _, twice := all[name]; twice {
			return nil, refuse("signature", "its protected header has a member twice")
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, malformed
		}
		all[name] = value
	}
	return all, nil
}

// read takes the member into a string, list of strings or boolean. It must be
// there, and of that type; null is of none.
func (o object) read(name string, into any) error {
	raw, there := o[name]
	if !there {
		return refuse(name, "is missing")
	}
	if string(raw) == "null" || json.Unmarshal(raw, into) != nil {
		return refuse(name, "is not of the type it should be")
	}
	return nil
}

func checkParameters(names []string) error {
	if len(names) == 0 || len(names) > maxParameters {
		return refuse("sigD", "names no headers, or too many")
	}
	seen := map[string]bool{}
	for _, name := range names {
		if name == "" || seen[name] || name != strings.ToLower(name) {
			return refuse("sigD", "names a header twice, or not in lower case")
		}
		seen[name] = true
	}
	return nil
}
