package xs2a

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"consentry/xs2a/field"
)

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
			err = fmt.Errorf("%s is not expected there", field.Excerpt(raw))
		}
		return field.Within("", err)
	}
	return nil
}

func locateField(raw json.RawMessage, t reflect.Type) error {
	members := map[string]json.RawMessage{} // no more than the struct has fields, but for the size of letters
	if eachMember(raw, func(name string) bool { _, found := fieldNamed(t, name); return found },
		func(name string, value json.RawMessage) { members[name] = value }) != nil {
		return field.Errorf("", "%s is not expected there", field.Excerpt(raw))
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		member, _ := fieldNamed(t, name)
		if err := locate(members[name], member.Type); err != nil {
			return field.Within(name, err)
		}
	}
	return nil
}

func locateElement(raw json.RawMessage, t reflect.Type) error {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return field.Errorf("", "%s is not a list", field.Excerpt(raw))
	}
	for i, element := range elements {
		if err := locate(element, t); err != nil {
			return field.Within(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// fieldNamed finds the field that encoding/json would fill.
func fieldNamed(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		member := t.Field(i)
		if member.Anonymous {
			if inner, found := fieldNamed(member.Type, name); found {
				return inner, true
			}
			continue
		}
		called, _, _ := strings.Cut(member.Tag.Get("json"), ",")
		if called == "" {
			called = member.Name
		}
		if strings.EqualFold(called, name) {
			return member, true
		}
	}
	return reflect.StructField{}, false
}
