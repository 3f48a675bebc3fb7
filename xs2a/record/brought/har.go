package brought

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"consentry/xs2a/record"
)

// HAR 1.2 is an object "log" with "entries", each a request with its response. Programs
// add members of their own that begin with "_", and leave out what the format demands:
// what is read is looser than what package har writes.

type harEntry struct {
	PageRef  text
	Started  text `json:"startedDateTime"`
	Time     json.RawMessage
	Kind     text `json:"_resourceType"`
	Flow     text `json:"_flow"`
	Step     text `json:"_step"`
	Request  harRequest
	Response harResponse
}

type harRequest struct {
	Method, URL text
	Headers     []field
	PostData    *struct {
		MimeType text
		Text     *text
		Params   []field
	}
	harKept
}

type harResponse struct {
	Status  json.RawMessage
	Headers []field
	Content struct {
		Size     json.RawMessage
		MimeType text
		Text     *text
		Encoding text
	}
	Error text `json:"_error"`
	harKept
}

// harKept is what a file of our own says that it has not of a message.
type harKept struct {
	HeaderLetGo bool  `json:"_headerLetGo"`
	SizeUntold  bool  `json:"_sizeUntold"`
	Cut         bool  `json:"_cut"`
	Left        int64 `json:"_left"`
	Binary      bool  `json:"_binary"`
	BodyLetGo   bool  `json:"_bodyLetGo"`
}

func (k harKept) note(m *record.Message) {
	m.HeaderLetGo, m.BodyLetGo = m.HeaderLetGo || k.HeaderLetGo, m.BodyLetGo || k.BodyLetGo
	m.Cut, m.Binary, m.SizeUntold = m.Cut || k.Cut, m.Binary || k.Binary, m.SizeUntold || k.SizeUntold
	if k.Left > 0 {
		m.Left = k.Left
	}
}

func (r *reading) har(log json.RawMessage) error {
	var w struct{ Entries []json.RawMessage }
	if err := json.Unmarshal(log, &w); err != nil {
		return err
	}
	for _, raw := range w.Entries {
		var entry harEntry
		if json.Unmarshal(raw, &entry) != nil {
			r.leave(Unreadable)
			continue
		}
		if entry.pageFile() {
			r.leave(PageFile)
			continue
		}
		r.add(r.harExchange(entry))
	}
	return nil
}

func (r *reading) harExchange(entry harEntry) record.Exchange {
	e := record.Exchange{
		FlowID: cmp.Or(string(entry.Flow), string(entry.PageRef)), Step: string(entry.Step), Method: strings.ToUpper(string(entry.Request.Method)), URL: strings.ReplaceAll(string(entry.Request.URL), url.QueryEscape(record.Redacted), record.Redacted),
		Status: min(max(number(entry.Response.Status), 0), 999), Error: string(entry.Response.Error),
		Took: took(entry.Time),
	}
	if at, err := time.Parse(time.RFC3339, string(entry.Started)); err == nil {
		e.Started = at.UTC()
	}
	e.Request.Header, e.Answer.Header = header(entry.Request.Headers), header(entry.Response.Headers)
	if sent := entry.Request.PostData; sent != nil {
		e.Request.Header = withType(e.Request.Header, string(sent.MimeType))
		if sent.Text != nil && *sent.Text != "" {
			r.body(&e.Request, []byte(*sent.Text))
		} else if len(sent.Params) > 0 {
			r.body(&e.Request, []byte(form(sent.Params)))
		}
	}
	entry.Request.note(&e.Request)
	content := entry.Response.Content
	if e.Status != 0 {
		e.Answer.Header = withType(e.Answer.Header, string(content.MimeType))
	}
	r.harAnswer(&e.Answer, string(content.Encoding), content.Text, number(content.Size))
	entry.Response.note(&e.Answer)
	return e
}

// harAnswer takes the body of an answer, which may be in base64, or have been left out.
func (r *reading) harAnswer(m *record.Message, encoding string, content *text, size int) {
	switch {
	case content != nil && strings.EqualFold(encoding, "base64"):
		raw, err := base64.StdEncoding.DecodeString(string(*content))
		if err != nil {
			r.leave(Unreadable)
			m.Cut = true
			return
		}
		r.body(m, raw)
	case content != nil:
		r.body(m, []byte(*content))
	case size > 0:
		m.Cut, m.Left, m.Size = true, int64(size), int64(size)
	}
}

// pageFile reports whether an entry is what a page loads to look as it does, which no
// bank's interface answers.
func (entry harEntry) pageFile() bool {
	switch entry.Kind {
	case "image", "stylesheet", "script", "font", "media", "websocket":
		return true
	}
	kind := strings.ToLower(string(entry.Response.Content.MimeType))
	return strings.HasPrefix(kind, "font/") || strings.HasPrefix(kind, "text/css") || strings.Contains(kind, "javascript")
}

// withType adds the media type where a header does not tell it.
func withType(header []record.HeaderField, mediaType string) []record.HeaderField {
	if mediaType == "" || mediaType == "x-unknown" || (record.Message{Header: header}).Get("Content-Type") != "" {
		return header
	}
	return append(header, record.HeaderField{Name: "Content-Type", Value: mediaType})
}

// form writes parameters as the body of a form.
func form(params []field) string {
	parts := make([]string, 0, len(params))
	for _, p := range params {
		if !p.Disabled {
			parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(p.Value))
		}
	}
	return strings.Join(parts, "&")
}

// took reads milliseconds.
func took(raw json.RawMessage) time.Duration {
	var ms float64
	if json.Unmarshal(raw, &ms) != nil || ms < 0 || ms > float64(24*time.Hour/time.Millisecond) {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond)).Round(time.Microsecond)
}

// number reads a whole number; what is none, or beyond what counts, is 0.
func number(raw json.RawMessage) int {
	var n float64
	if json.Unmarshal(raw, &n) != nil || n < -1e12 || n > 1e12 {
		return 0
	}
	return int(n)
}
