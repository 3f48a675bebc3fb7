package xs2a

import (
	"bytes"
	"encoding/json"

	"consentry/xs2a/field"
)

// passedOver is a JSON value of which nothing is kept.
type passedOver struct{}

func (*passedOver) UnmarshalJSON([]byte) error { return nil }

// eachMember goes through the members of an object and returns the values of those
// that are wanted. Nothing is made of the others: there may be half a million. What
// is null has none.
func eachMember(object []byte, wanted func(name string) bool, take func(name string, value json.RawMessage)) error {
	if err := json.Unmarshal(object, &passedOver{}); err != nil { // is it JSON, and nothing behind it
		return err
	}
	if object = bytes.TrimSpace(object); object[0] != '{' {
		return json.Unmarshal(object, &map[string]passedOver{}) // what it is instead
	}
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if !wanted(name.(string)) {
			err = d.Decode(&passedOver{})
		} else {
			var value json.RawMessage
			if err = d.Decode(&value); err == nil {
				take(name.(string), value)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// member returns a member of an object, or nil where it has none of that name.
func member(object []byte, name string) (value json.RawMessage, err error) {
	err = eachMember(object, func(each string) bool { return each == name }, func(_ string, found json.RawMessage) { value = found })
	return value, err
}

// fewMembers returns the members of an object that has no more than a person can be
// shown.
func fewMembers(object []byte) (map[string]json.RawMessage, error) {
	members, came := map[string]json.RawMessage{}, 0
	err := eachMember(object, func(string) bool { came++; return came <= maxFew },
		func(name string, value json.RawMessage) { members[name] = value })
	if err == nil && came > maxFew {
		err = field.TooMuch("has more than %d links", maxFew)
	}
	return members, err
}

// few is a list of which a person may be shown each element.
type few[T any] []T

func (f *few[T]) UnmarshalJSON(b []byte) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(b, &elements); err != nil {
		return err
	}
	if len(elements) > maxFew {
		return field.TooMuch("has a list of more than %d elements where a few belong", maxFew)
	}
	return json.Unmarshal(b, (*[]T)(f))
}
