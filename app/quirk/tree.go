package quirk

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"consentry/xs2a/record"
)

// deepest is how deep a body is read; the client refuses what goes deeper.
const deepest = 64

// treeOf reads a body as JSON, one that was cut as far as it goes. What was begun and not
// ended is left out. ok is false where it is no JSON.
func treeOf(m record.Message) (value any, ok bool) {
	text := strings.TrimSpace(strings.TrimPrefix(m.Body, "\ufeff"))
	if text == "" || !strings.ContainsAny(text[:1], "{[") {
		return nil, false
	}
	p := parser{json.NewDecoder(strings.NewReader(text))}
	p.UseNumber()
	value, whole := p.value(deepest)
	if !whole && !m.Cut {
		return nil, false
	}
	return value, value != nil
}

type parser struct{ *json.Decoder }

// value reads the next value, and reports whether it was there to its end.
func (p parser) value(depth int) (value any, whole bool) {
	token, err := p.Token()
	if err != nil || depth == 0 {
		return nil, false
	}
	switch token {
	case json.Delim('{'):
		return p.object(depth)
	case json.Delim('['):
		return p.array(depth)
	}
	return token, true
}

func (p parser) object(depth int) (value any, whole bool) {
	object := map[string]any{}
	for p.More() {
		name, err := p.Token()
		if err != nil {
			return object, false
		}
		member, whole := p.value(depth - 1)
		if whole || begun(member) {
			object[name.(string)] = member // a name of a member is a text, or an error
		}
		if !whole {
			return object, false
		}
	}
	_, err := p.Token()
	return object, err == nil
}

func (p parser) array(depth int) (value any, whole bool) {
	list := []any{}
	for p.More() {
		element, whole := p.value(depth - 1)
		if !whole {
			if _, is := element.([]any); is {
				list = append(list, element)
			}
			return list, false // half an entry would look like one without an id
		}
		list = append(list, element)
	}
	_, err := p.Token()
	return list, err == nil
}

// begun reports whether a value has something in it though it does not end.
func begun(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// within returns what stands at a path of members; nil where there is nothing.
func within(value any, path ...string) any {
	for _, name := range path {
		object, is := value.(map[string]any)
		if !is {
			return nil
		}
		value = object[name]
	}
	return value
}

// textIn is a text at a path; empty where there is none.
func textIn(value any, path ...string) string {
	text, _ := within(value, path...).(string)
	return text
}

// objects are those of a list at a path.
func objects(value any, path ...string) (all []map[string]any) {
	list, _ := within(value, path...).([]any)
	for _, each := range list {
		if object, is := each.(map[string]any); is {
			all = append(all, object)
		}
	}
	return all
}

// each calls do with every member, with the names of those around it.
func each(value any, do func(name string, value any)) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			do(name, value[name])
			each(value[name], do)
		}
	case []any:
		for _, element := range value {
			each(element, do)
		}
	}
}

// hidden reports whether a secret stood in a text.
func hidden(text string) bool { return strings.Contains(text, record.Redacted) }
