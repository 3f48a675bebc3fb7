package xs2a

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// FieldError says which field of an answer cannot be used, and why. The path
// leads from the top of the answer to the leaf, such as
// transactions.booked[1].transactionAmount.amount.
type FieldError struct {
	Path    string // empty for the answer as a whole
	Problem string
}

func (e *FieldError) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + ": " + e.Problem
}

func missing(field string) error { return &FieldError{field, "is missing"} }

// within puts the way to a value before the path of the field inside it.
func within(path string, err error) error {
	var inner *FieldError
	switch {
	case !errors.As(err, &inner):
		return &FieldError{path, err.Error()}
	case inner.Path == "" || path == "":
		return &FieldError{path + inner.Path, inner.Problem}
	case inner.Path[0] == '[':
		return &FieldError{path + inner.Path, inner.Problem}
	}
	return &FieldError{path + "." + inner.Path, inner.Problem}
}

// unmarshal is json.Unmarshal with an error that names the leaf.
func unmarshal(raw []byte, out any) error {
	err := json.Unmarshal(raw, out)
	if err == nil || !json.Valid(raw) {
		return err
	}
	if found := locate(raw, reflect.TypeOf(out).Elem()); found != nil {
		return found
	}
	return err
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// locate looks for the field that kept raw, which is JSON, from being read as
// a t; nil where there is none.
func locate(raw json.RawMessage, t reflect.Type) error {
	switch {
	case t.Kind() == reflect.Pointer:
		return locate(raw, t.Elem())
	case reflect.PointerTo(t).Implements(unmarshaler):
	case t.Kind() == reflect.Struct:
		return locateField(raw, t)
	case t.Kind() == reflect.Slice:
		return locateElement(raw, t.Elem())
	}
	if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) {
			err = fmt.Errorf("%s is not expected there", excerpt(raw))
		}
		return within("", err)
	}
	return nil
}

func locateField(raw json.RawMessage, t reflect.Type) error {
	members := map[string]json.RawMessage{} // no more than the struct has fields, but for the size of letters
	if eachMember(raw, func(name string) bool { _, found := fieldNamed(t, name); return found },
		func(name string, value json.RawMessage) { members[name] = value }) != nil {
		return &FieldError{"", fmt.Sprintf("%s is not expected there", excerpt(raw))}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		field, _ := fieldNamed(t, name)
		if err := locate(members[name], field.Type); err != nil {
			return within(name, err)
		}
	}
	return nil
}

func locateElement(raw json.RawMessage, t reflect.Type) error {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return &FieldError{"", fmt.Sprintf("%s is not a list", excerpt(raw))}
	}
	for i, element := range elements {
		if err := locate(element, t); err != nil {
			return within(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// fieldNamed finds the field that encoding/json would fill.
func fieldNamed(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			if inner, found := fieldNamed(field.Type, name); found {
				return inner, true
			}
			continue
		}
		called, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if called == "" {
			called = field.Name
		}
		if strings.EqualFold(called, name) {
			return field, true
		}
	}
	return reflect.StructField{}, false
}

// excerpt is a value short enough for a message.
func excerpt(raw []byte) string {
	const enough = 40
	if len(raw) > enough {
		return strings.ToValidUTF8(string(raw[:enough]), "") + "…"
	}
	return string(raw)
}
