package script

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// jsonValues lists the texts and numbers of a body, up to where it was cut.
func jsonValues(body string) []jsonValue {
	if trimmed := strings.TrimSpace(body); trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	r := jsonReader{decoder: decoder}
	r.value(nil)
	return r.found
}

type jsonReader struct {
	decoder *json.Decoder
	found   []jsonValue
}

// deepest bounds how deep is looked; the decoder itself refuses more than 10,000.
const deepest = 64

// value reads one value, and reports whether more may follow.
func (r *jsonReader) value(path []string) bool {
	token, err := r.decoder.Token()
	if err != nil || len(path) > deepest {
		return false
	}
	switch token := token.(type) {
	case string:
		r.found = append(r.found, jsonValue{slices.Clone(path), token})
	case json.Number:
		r.found = append(r.found, jsonValue{slices.Clone(path), token.String()})
	case json.Delim:
		return r.within(path, token == '[')
	}
	return true
}

// within reads the values of an object or list to its end.
func (r *jsonReader) within(path []string, list bool) bool {
	for n := 0; r.decoder.More(); n++ {
		member := placeMark + strconv.Itoa(n)
		if !list {
			token, err := r.decoder.Token()
			name, is := token.(string)
			if err != nil || !is {
				return false
			}
			member = name
		}
		if !r.value(append(path, member)) {
			return false
		}
	}
	_, err := r.decoder.Token()
	return err == nil
}
