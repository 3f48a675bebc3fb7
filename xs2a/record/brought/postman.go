package brought

import (
	"encoding/json"
	"regexp"
	"strings"

	"consentry/xs2a/record"
)

// A Postman collection (v2.1) is a tree of items: folders, and requests with the answers
// that were saved of them.

// deepest is how far folders stand within folders; what is deeper is left out.
const deepest = 20

type postmanItem struct {
	Name     text
	Item     []json.RawMessage
	Request  json.RawMessage
	Response []json.RawMessage
}

type postmanRequest struct {
	Method text
	URL    postmanURL
	Header postmanHeader
	Body   *struct {
		Mode       text
		Raw        text
		URLEncoded []field `json:"urlencoded"`
		FormData   []field `json:"formdata"`
		Options    struct {
			Raw struct{ Language text }
		}
	}
}

type postmanResponse struct {
	Name            text
	OriginalRequest json.RawMessage
	Code            json.RawMessage
	Header          postmanHeader
	Body            *text
	ResponseTime    json.RawMessage
}

// postmanURL is an address as a text, or in parts beside the whole.
type postmanURL string

func (u *postmanURL) UnmarshalJSON(raw []byte) error {
	var whole string
	if json.Unmarshal(raw, &whole) == nil {
		*u = postmanURL(whole)
		return nil
	}
	var parts struct{ Raw text }
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	*u = postmanURL(parts.Raw)
	return nil
}

// postmanHeader is a list of fields, or the lines of a header as a text.
type postmanHeader []field

func (h *postmanHeader) UnmarshalJSON(raw []byte) error {
	var lines string
	if json.Unmarshal(raw, &lines) == nil {
		for _, line := range strings.Split(lines, "\n") {
			name, value, _ := strings.Cut(line, ":")
			*h = append(*h, field{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
		}
		return nil
	}
	var fields []field
	err := json.Unmarshal(raw, &fields)
	*h = fields
	return err
}

func (r *reading) collection(content []byte) error {
	var w struct {
		Item     []json.RawMessage
		Variable []field
	}
	if err := json.Unmarshal(content, &w); err != nil {
		return err
	}
	known := variables{}
	for _, v := range w.Variable {
		known[v.Name] = v.Value
	}
	r.items(w.Item, known, "", 0)
	return nil
}

// items takes what stands in a folder. The outermost folders are flows.
func (r *reading) items(all []json.RawMessage, known variables, folder string, depth int) {
	for _, raw := range all {
		var item postmanItem
		if json.Unmarshal(raw, &item) != nil || depth > deepest {
			r.leave(Unreadable)
			continue
		}
		if item.Request == nil {
			within := folder
			if depth == 0 {
				within = "folder " + string(item.Name)
			}
			r.items(item.Item, known, within, depth+1)
			continue
		}
		r.saved(item, known, folder)
	}
}

// saved takes the answers that were saved of a request; without one, the request.
func (r *reading) saved(item postmanItem, known variables, folder string) {
	if len(item.Response) == 0 {
		e, ok := r.postman(item.Request, known)
		if !ok {
			r.leave(Unreadable)
			return
		}
		e.FlowID = folder
		r.add(e)
	}
	for _, raw := range item.Response {
		var saved postmanResponse
		if json.Unmarshal(raw, &saved) != nil {
			r.leave(Unreadable)
			continue
		}
		request := saved.OriginalRequest
		if request == nil {
			request = item.Request
		}
		e, ok := r.postman(request, known)
		if !ok {
			r.leave(Unreadable)
			continue
		}
		e.FlowID, e.Status = folder, min(max(number(saved.Code), 0), 999)
		e.Answer.Header = header(saved.Header)
		if saved.Body != nil {
			r.body(&e.Answer, []byte(*saved.Body))
		}
		r.add(e)
	}
}

// postman reads a request, with the collection's variables filled in.
func (r *reading) postman(raw json.RawMessage, known variables) (e record.Exchange, ok bool) {
	var w postmanRequest
	var bare string
	switch {
	case json.Unmarshal(raw, &bare) == nil: // an address alone is asked for with GET
		w.URL = postmanURL(bare)
	case json.Unmarshal(raw, &w) != nil:
		return e, false
	}
	if w.Method == "" {
		w.Method = "GET"
	}
	e.Method, e.URL = strings.ToUpper(string(w.Method)), known.address(string(w.URL))
	for _, f := range w.Header {
		f.Value = known.fill(f.Value)
		e.Request.Header = append(e.Request.Header, header([]field{f})...)
	}
	if w.Body == nil {
		return e, true
	}
	switch w.Body.Mode {
	case "urlencoded":
		e.Request.Header = withType(e.Request.Header, "application/x-www-form-urlencoded")
		r.body(&e.Request, []byte(known.fill(form(w.Body.URLEncoded))))
	case "formdata", "file":
		r.leave(Elsewhere)
		e.Request.Cut = true
	default:
		if w.Body.Options.Raw.Language == "json" {
			e.Request.Header = withType(e.Request.Header, "application/json")
		}
		if w.Body.Raw != "" {
			r.body(&e.Request, []byte(known.fill(string(w.Body.Raw))))
		}
	}
	return e, true
}

// variables are those a file gives values to, by name.
type variables map[string]string

// place is where the value of a variable belongs: {{name}}.
var place = regexp.MustCompile(`\{\{\s*([^{}\s]{1,100})\s*\}\}`)

// fill puts values into their places, also those within values. A place without a value
// stays as it is.
func (v variables) fill(s string) string {
	for range 3 {
		filled := place.ReplaceAllStringFunc(s, func(found string) string {
			if value, known := v[place.FindStringSubmatch(found)[1]]; known {
				return value
			}
			return found
		})
		if filled == s || len(filled) > maxBody {
			break
		}
		s = filled
	}
	return s
}

// address fills an address. A host that only an environment of its own would tell is
// called after its variable, under a name that leads nowhere (RFC 6761 section 6.4).
func (v variables) address(s string) string {
	s = strings.TrimSpace(v.fill(s))
	if at := place.FindStringSubmatchIndex(s); at != nil && at[0] == 0 {
		return "https://" + strings.ToLower(notInHost.ReplaceAllString(s[at[2]:at[3]], "-")) + ".invalid" + s[at[1]:]
	}
	if s != "" && !strings.Contains(s, "://") {
		return "http://" + s // as the program itself reads it
	}
	return s
}

var notInHost = regexp.MustCompile(`[^A-Za-z0-9-]+`)
