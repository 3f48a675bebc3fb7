package record

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxBody bounds what is kept of a body.
	maxBody = 64 << 10

	// maxWhole bounds it of an answer where answers are kept whole.
	maxWhole = 1 << 20

	// margin is read beyond that, and left out after the secrets were taken
	// out: so one at the cut is seen whole, or goes with the margin.
	margin = 4 << 10

	// maxAddress bounds what is kept of an address, and of why there is no answer.
	maxAddress = 8 << 10
)

// Exchange is one request with its answer as it went over the wire, without
// the secrets: Redacted stands in their place.
type Exchange struct {
	FlowID   string // what it belongs to, see Describe; may be empty
	Step     string // what it was for, in words
	Former   int64  // the exchange it was sent again from, by the number its keeper gave that; 0 for none
	Attended bool   // the person asked for it: PSU-IP-Address was sent
	Started  time.Time
	Took     time.Duration // to the last byte of the answer
	Method   string
	URL      string
	Request  Message
	Status   int // 0 when no answer came
	Answer   Message
	Error    string // why there is no answer, or no whole one; may be empty
}

// RequestID is the request's X-Request-ID; empty where none was sent.
func (e Exchange) RequestID() string { return e.Request.Get("X-Request-ID") }

// Message is one side of an exchange.
type Message struct {
	Header      []HeaderField // by name
	HeaderLetGo bool          // all but X-Request-ID, to make room
	Body        string        // as text, without the secrets
	Size        int64         // of the body as it passed, in bytes; 0 where there was none, or for SizeUntold
	SizeUntold  bool          // the size would tell how long a secret is
	Cut         bool          // the body was longer than what is kept
	Left        int64         // bytes left out by the cut; 0 when that is not known
	Binary      bool          // the body is no text and was not kept
	BodyLetGo   bool          // the body was there, and went to make room
	Proxy       string        `json:",omitempty"` // host and port of the proxy that a request went through; empty for none
}

// HeaderField is one line of a header.
type HeaderField struct{ Name, Value string }

// Get returns the first value of a header, by its canonical name.
func (m Message) Get(name string) string {
	for _, field := range m.Header {
		if field.Name == http.CanonicalHeaderKey(name) {
			return field.Value
		}
	}
	return ""
}

// exchange returns what may leave the package of a recording.
func (one *recording) exchange() Exchange {
	r := newRedactor(one.secrets.all())
	request, answer := newCopied(one.request, one.requestHeader), newCopied(one.answer, one.answerHeader)
	e := Exchange{
		FlowID: one.flowID, Step: one.step, Former: one.former, Started: one.started, Took: one.took,
		Attended: one.requestHeader.Get("PSU-IP-Address") != "",
		Method:   one.method, URL: r.address(r.values.clean(one.url)),
		Request: r.message(one.requestHeader, request),
		Status:  one.status, Answer: r.message(one.answerHeader, answer),
	}
	e.Request.Proxy = r.values.clean(one.proxy)
	if one.failed != nil {
		e.Error = r.text(r.values.clean(one.failed.Error()))
	}
	if named := OperationOf(e.Method, e.URL, e.Request.Body); e.Step == "" || named.Token {
		e.Step = named.ID
	}
	longest := r.sweep(&e)
	e.Step, e.Method = r.values.clean(e.Step), r.values.clean(e.Method)
	e.Request.cut(request, longest)
	e.Answer.cut(answer, longest)
	for _, s := range []*string{&e.Step, &e.URL, &e.Error} {
		if len(*s) > maxAddress {
			*s = cutText(*s, maxAddress) + "…"
		}
	}
	return e
}

// copied is a body as it was copied, with its secrets.
type copied struct {
	plain  string
	text   bool  // it is one
	size   int64 // of all that passed
	beyond int64 // of what passed and was not copied
	packed bool  // plain was unpacked, and is counted in other bytes than size
	whole  bool  // plain is all of it
	most   int   // bytes of it that are kept
}

func newCopied(body *capture, header http.Header) copied {
	raw, size := body.taken()
	c := copied{size: size, beyond: size - int64(len(raw)), most: body.most()}
	c.whole = c.beyond == 0
	if unpacked, packed := unpack(raw, header, c.most); packed {
		raw, c.packed = unpacked, true
		c.whole = c.whole && len(raw) <= c.most+margin
	}
	c.plain, c.text = readable(raw, header)
	if !c.whole {
		c.plain = halfJWT.ReplaceAllString(c.plain, Redacted)
	}
	return c
}

// halfJWT is a token that goes on where the copy ends: the dots by which a whole
// one is known may not be in it.
var halfJWT = regexp.MustCompile(`eyJ[A-Za-z0-9_\-.]{5,}$`)

// message redacts one side. Where the body held a secret, so do its digest
// and its length: a short secret could be found again by trying.
func (r *redactor) message(header http.Header, body copied) Message {
	m := Message{Binary: !body.text}
	if body.text {
		m.Body = r.body(r.values.clean(body.plain), header.Get("Content-Type"))
	}
	held := strings.Contains(m.Body, Redacted)
	for name, values := range header {
		for _, value := range values {
			m.Header = append(m.Header, HeaderField{r.values.clean(name), r.header(name, r.values.clean(value), held)})
		}
	}
	slices.SortStableFunc(m.Header, func(a, b HeaderField) int { return strings.Compare(a.Name, b.Name) })
	return m
}

// cut bounds a body whose secrets were taken out, and notes what is left out.
// Where the copy ends before the body does, as much goes as the longest of the
// secrets may be long: the copy may end within one.
func (m *Message) cut(body copied, longest int) {
	m.Size = body.size
	if body.whole && strings.Contains(m.Body, Redacted) {
		m.Size, m.SizeUntold = 0, true
	}
	if m.Binary {
		return
	}
	most := body.most
	if !body.whole {
		most = min(most, max(len(m.Body)-max(margin, longest), 0))
	}
	if len(m.Body) <= most && body.whole {
		return
	}
	kept := cutText(m.Body, most)
	if m.Cut = true; !body.packed {
		m.Left = int64(len(m.Body)-len(kept)) + body.beyond
	}
	m.Body = kept
}

// unpack unpacks a body that the transport left packed, and a byte more than is
// copied where it is longer.
func unpack(raw []byte, header http.Header, most int) (plain []byte, packed bool) {
	if !strings.EqualFold(header.Get("Content-Encoding"), "gzip") {
		return nil, false
	}
	reader, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, false
	}
	plain, _ = io.ReadAll(io.LimitReader(reader, int64(most)+margin+1)) // a part is shown as well
	return plain, true
}

// readable returns a body as text.
// Bytes that are no UTF-8 are taken for Latin-1, as old reports use it.
func readable(raw []byte, header http.Header) (plain string, text bool) {
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if bytes.IndexByte(raw, 0) >= 0 || strings.HasPrefix(mediaType, "image/") && mediaType != "image/svg+xml" {
		return "", false
	}
	if utf8.Valid(raw) {
		return string(raw), true
	}
	// The end of what was kept may stand within a character.
	if trimmed := cutText(string(raw), len(raw)); utf8.ValidString(trimmed) {
		return trimmed, true
	}
	latin := make([]rune, len(raw))
	for i, b := range raw {
		latin[i] = rune(b)
	}
	return string(latin), true
}

// cutText returns the beginning of a text, without half a character at its end.
func cutText(text string, most int) string {
	text = text[:min(len(text), most)]
	for i := 0; i < utf8.UTFMax && text != ""; i++ {
		if last, size := utf8.DecodeLastRuneInString(text); last != utf8.RuneError || size > 1 {
			break
		}
		text = text[:len(text)-1]
	}
	return text
}
