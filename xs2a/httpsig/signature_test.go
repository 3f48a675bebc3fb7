package httpsig

import (
	"slices"
	"strings"
)

// Signed returns the names of the signed headers; a signature that does not say
// signs the date (draft-cavage-http-signatures-08 section 2.1.3).
func (s Signature) Signed() []string {
	if s.Headers == nil {
		return []string{"date"}
	}
	return s.Headers
}

// Parse takes the value of the header Signature apart. Every parameter must
// be known, quoted and there once; blanks are allowed after a comma only.
func Parse(value string) (Signature, error) {
	var s Signature
	parameters, err := parameters(value)
	if err != nil {
		return s, err
	}
	for _, name := range []string{"keyId", "algorithm", "signature"} {
		if parameters[name] == "" {
			return s, refuse("signature", "the parameter "+name+" is missing")
		}
	}
	s.KeyID, s.Algorithm = parameters["keyId"], parameters["algorithm"]
	if list, named := parameters["headers"]; named {
		if s.Headers, err = parseNames(list); err != nil {
			return s, err
		}
	}
	if s.Value, err = unbase64(parameters["signature"]); err != nil {
		return s, refuse("signature", "is not base64")
	}
	return s, nil
}

func parameters(value string) (map[string]string, error) {
	if !isPlain(value) {
		return nil, refuse("signature", "is not one line of printable ASCII, or too long")
	}
	known := []string{"keyId", "algorithm", "headers", "signature"}
	found := map[string]string{}
	for rest := value; ; {
		name, after, ok := strings.Cut(rest, "=")
		if _, twice := found[name]; !ok || twice || !slices.Contains(known, name) {
			return nil, refuse("signature", "has a parameter that is unknown or repeated")
		}
		content, after, ok := unquoted(after)
		if !ok {
			return nil, refuse("signature", "the parameter "+name+" is not quoted")
		}
		found[name] = content
		if after == "" {
			return found, nil
		}
		if after, ok = strings.CutPrefix(after, ","); !ok {
			return nil, refuse("signature", "no comma stands after the parameter "+name)
		}
		rest = strings.TrimLeft(after, " ")
	}
}

// unquoted reads a quoted-string and returns what stands after it. Nothing but
// quote and backslash may be escaped: one content, one way to write it.
func unquoted(text string) (content, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	var plain strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return plain.String(), text[i+1:], true
		case text[i] == '\\':
			i++
			if i == len(text) || text[i] != '"' && text[i] != '\\' {
				return "", "", false
			}
		}
		plain.WriteByte(text[i])
	}
	return "", "", false
}

func parseNames(list string) ([]string, error) {
	names := strings.Split(list, " ")
	if len(names) > maxNames {
		return nil, refuse("signature", "names too many headers")
	}
	seen := map[string]bool{}
	for _, name := range names {
		if !isFieldName(name) || seen[strings.ToLower(name)] {
			return nil, refuse("signature", "names a header twice, or one that cannot be")
		}
		seen[strings.ToLower(name)] = true
	}
	return names, nil
}
