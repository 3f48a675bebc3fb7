package har

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"consentry/xs2a/record"
)

// New returns recorded exchanges as an archive. title names a flow to those who
// read it; version is the program's.
func New(exchanges []record.Exchange, title func(flowID string) string, version string) HAR {
	log := Log{Version: Version, Creator: Creator{"Consentry", version}, Entries: make([]Entry, 0, len(exchanges))}
	pages := map[string]bool{}
	for _, e := range exchanges {
		if e.FlowID != "" && !pages[e.FlowID] {
			pages[e.FlowID] = true
			log.Pages = append(log.Pages, Page{StartedDateTime: moment(e.Started), ID: e.FlowID, Title: title(e.FlowID)})
		}
		log.Entries = append(log.Entries, newEntry(e))
	}
	return HAR{log}
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

func newEntry(e record.Exchange) Entry {
	took := float64(e.Took.Microseconds()) / 1000
	return Entry{
		Pageref: e.FlowID, StartedDateTime: moment(e.Started), Time: took,
		Request: newRequest(e), Response: newResponse(e),
		// Only the whole was measured, and it is to be their sum.
		Timings: Timings{Wait: took},
		Flow:    e.FlowID, Step: e.Step, Attended: &e.Attended, Proxy: e.Request.Proxy,
	}
}

// unknownVersion is what browsers write where a version of HTTP is not known: the
// record does not keep it.
const unknownVersion = "unknown"

func newRequest(e record.Exchange) Request {
	r := Request{
		Method: e.Method, URL: Address(e.URL), HTTPVersion: unknownVersion, Cookies: []Cookie{}, Headers: pairs(e.Request.Header),
		QueryString: query(e.URL), HeadersSize: -1, BodySize: size(e.Request), Kept: kept(e.Request),
	}
	if e.Request.Body != "" {
		r.PostData = &PostData{MimeType: mimeType(e.Request), Text: e.Request.Body}
	}
	return r
}

func newResponse(e record.Exchange) Response {
	return Response{
		Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: unknownVersion, Cookies: []Cookie{}, Headers: pairs(e.Answer.Header),
		Content:     Content{Size: int64(len(e.Answer.Body)), MimeType: mimeType(e.Answer), Text: e.Answer.Body},
		RedirectURL: e.Answer.Get("Location"), HeadersSize: -1, BodySize: size(e.Answer), Error: e.Error, Kept: kept(e.Answer),
	}
}

// Address returns an address as it may stand in an archive, where it is to be one
// by RFC 3986: what is no letter of ASCII is percent-encoded, such as
// record.Redacted.
func Address(address string) string {
	var b strings.Builder
	for _, r := range []byte(address) {
		if r <= ' ' || r >= 0x7f || strings.IndexByte("\"<>\\^`{|}", r) >= 0 {
			b.WriteString(url.PathEscape(string([]byte{r})))
			continue
		}
		b.WriteByte(r)
	}
	return b.String()
}

// query returns the parameters of an address, in order and decoded.
func query(address string) []Pair {
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	list := []Pair{}
	for _, each := range strings.Split(query, "&") {
		if each != "" {
			name, value, _ := strings.Cut(each, "=")
			list = append(list, Pair{unescape(name), unescape(value)})
		}
	}
	return list
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func pairs(header []record.HeaderField) []Pair {
	list := make([]Pair, 0, len(header))
	for _, field := range header {
		list = append(list, Pair{field.Name, field.Value})
	}
	return list
}

// size is a body's as it passed, where that may be told.
func size(m record.Message) int64 {
	if m.SizeUntold || m.Size == 0 && (m.Body != "" || m.BodyLetGo) {
		return -1
	}
	return m.Size
}

func mimeType(m record.Message) string {
	if named := m.Get("Content-Type"); named != "" {
		return named
	}
	return "application/octet-stream"
}

func kept(m record.Message) Kept {
	return Kept{m.HeaderLetGo, m.SizeUntold, m.Cut, m.Left, m.Binary, m.BodyLetGo}
}
