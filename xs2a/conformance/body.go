package conformance

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"consentry/xs2a/record"
)

// content holds a body to the forms defined for it. Of one that was cut what is there is
// held: nothing counts as missing in a list or object that the record does not see the
// end of.
func (j *judgement) content(side Side, m record.Message, content openapi3.Content, required bool, clause string, none bool) {
	place := Place{side, InBody, ""}
	switch {
	case m.BodyLetGo:
		j.unseen(place, WhyLetGo)
		return
	case none || len(content) == 0 && side == Answer:
		return
	case m.Body == "" && m.Size == 0 && !m.Binary && !m.SizeUntold:
		if required && len(content) > 0 {
			j.violated(Violation{Place: place, Rule: RuleBody, Wants: mediaTypes(content), Clause: clause})
		}
		return
	}
	said := m.Get("Content-Type")
	media := mediaOf(content, said)
	switch {
	case media == nil && !m.HeaderLetGo:
		j.violated(Violation{Place: Place{side, InHeader, "Content-Type"}, Rule: RuleMediaType, Wants: mediaTypes(content), Value: shortText(said), Clause: clause + "/content"})
		return
	case m.Binary:
		j.unseen(place, WhyBinary)
		return
	case media == nil || media.Schema == nil || media.Schema.Value == nil || !strings.Contains(said, "json"):
		j.unseen(place, WhyNotJSON)
		return
	}
	value, ends, err := decode(m)
	if err != nil {
		j.violated(Violation{Place: place, Rule: RuleJSON, Value: shortText(m.Body), Clause: clause + "/content"})
		return
	}
	if m.Cut {
		j.unseen(place, WhyCut)
	}
	j.secrets(side, value, nil)
	j.body = value
	for _, one := range j.schema(media.Schema.Value, value, nil) {
		if secret(one.value) || m.Cut && slices.Contains(ends, one.pointer) && lacking(one.Rule) {
			continue
		}
		one.Side = side
		j.violated(one.Violation)
	}
}

// lacking reports whether what breaks a rule may be that the rest of a value is not there.
func lacking(rule Rule) bool {
	return slices.Contains([]Rule{RuleRequired, RuleFew, RuleShort, RuleForm}, rule)
}

// secrets notes where in a body something was taken out.
func (j *judgement) secrets(side Side, value any, path []string) {
	switch value := value.(type) {
	case string:
		if secret(value) {
			j.unseen(Place{side, InBody, pointer(path)}, WhySecret)
		}
	case []any:
		for i, each := range value {
			j.secrets(side, each, append(path, strconv.Itoa(i)))
		}
	case map[string]any:
		for _, name := range sorted(value) {
			j.secrets(side, value[name], append(path, name))
		}
	}
}

// mediaOf is the form defined for a media type; nil: none is. Parameters of the type do
// not matter.
func mediaOf(content openapi3.Content, said string) *openapi3.MediaType {
	plain, _, err := mime.ParseMediaType(said)
	if err != nil {
		return nil
	}
	for _, defined := range sorted(content) {
		if name, _, err := mime.ParseMediaType(defined); err == nil && (name == plain || name == "*/*") {
			return content[defined]
		}
	}
	return nil
}

func mediaTypes(content openapi3.Content) string { return strings.Join(sorted(content), ", ") }

// decode reads a body as JSON, and one that was cut as far as it goes: ends are the
// pointers of what is not there to its end.
func decode(m record.Message) (value any, ends []string, err error) {
	text := strings.TrimPrefix(m.Body, "\ufeff")
	if !m.Cut {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err = decoder.Decode(&value); err != nil {
			return nil, nil, err
		}
		if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			return nil, nil, errors.New("more than one value")
		}
		return value, nil, nil
	}
	// A number at the cut may go on behind it.
	p := &partial{decoder: json.NewDecoder(strings.NewReader(strings.TrimRight(text, "0123456789+-.eE")))}
	p.decoder.UseNumber()
	value = p.value(nil)
	if p.broken {
		return nil, nil, errors.New("no JSON")
	}
	return value, p.ends, nil
}

// partial reads the beginning of a JSON text.
type partial struct {
	decoder *json.Decoder
	ends    []string // of what was begun and not ended
	over    bool     // the text is
	broken  bool     // it is no JSON
}

// deepest is how deep a body is read; a bank's answer that goes deeper was refused.
const deepest = 100

// value reads the next value; absent where the text ends before it does.
func (p *partial) value(path []string) any {
	token, ok := p.token()
	if !ok {
		return absent{}
	}
	delim, is := token.(json.Delim)
	if !is {
		return token
	}
	if len(path) > deepest || delim == '}' || delim == ']' {
		p.over, p.broken = true, true
		return absent{}
	}
	if delim == '[' {
		return p.list(path)
	}
	return p.object(path)
}

// absent stands for a value that the record does not hold.
type absent struct{}

func (p *partial) list(path []string) any {
	all := []any{}
	for p.decoder.More() {
		one := p.value(append(path, strconv.Itoa(len(all))))
		if _, gone := one.(absent); !gone {
			all = append(all, one)
		}
		if p.over {
			break
		}
	}
	p.end(path)
	return all
}

func (p *partial) object(path []string) any {
	all := map[string]any{}
	for p.decoder.More() {
		token, ok := p.token()
		name, is := token.(string)
		if !ok || !is {
			break
		}
		one := p.value(append(path, name))
		if _, gone := one.(absent); !gone {
			all[name] = one
		}
		if p.over {
			break
		}
	}
	p.end(path)
	return all
}

// end reads the end of a list or object, or notes that it is not there.
func (p *partial) end(path []string) {
	if !p.over {
		if _, ok := p.token(); ok {
			return
		}
	}
	p.ends = append(p.ends, pointer(path))
}

func (p *partial) token() (json.Token, bool) {
	if p.over {
		return nil, false
	}
	token, err := p.decoder.Token()
	if err == nil {
		return token, true
	}
	p.over = true
	p.broken = !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)
	return nil, false
}
