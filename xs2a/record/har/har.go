// Package har has the HTTP Archive, version 1.2: recorded exchanges as browsers,
// proxies and testers' tools write and read them.
//
// What a record says of an exchange and the format has no place for stands in
// members of our own, which begin with an underscore, as the format wants it:
// the flow, the step, whether the person asked for it, and what is not kept of a
// message. Other programs pass over them.
package har

// Version is the version of the format.
const Version = "1.2"

// HAR is a whole file.
type HAR struct {
	Log Log `json:"log"`
}

// Log is what was exchanged, the first first.
type Log struct {
	Version string  `json:"version"`
	Creator Creator `json:"creator"`
	Pages   []Page  `json:"pages,omitempty"`
	Entries []Entry `json:"entries"`
	Comment string  `json:"comment,omitempty"`
}

// Creator is the program that wrote a file.
type Creator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Page is what entries belong to: a flow.
type Page struct {
	StartedDateTime string      `json:"startedDateTime"` // RFC 3339
	ID              string      `json:"id"`
	Title           string      `json:"title"`
	PageTimings     PageTimings `json:"pageTimings"`
}

// PageTimings are a browser's; a flow has none.
type PageTimings struct{}

// Entry is one request with its answer.
type Entry struct {
	Pageref         string   `json:"pageref,omitempty"`
	StartedDateTime string   `json:"startedDateTime"` // RFC 3339
	Time            float64  `json:"time"`            // in milliseconds, to the last byte of the answer
	Request         Request  `json:"request"`
	Response        Response `json:"response"`
	Cache           Cache    `json:"cache"`
	Timings         Timings  `json:"timings"`
	Comment         string   `json:"comment,omitempty"`

	// Of our own.
	Flow     string `json:"_flow,omitempty"`     // record.Exchange.FlowID
	Step     string `json:"_step,omitempty"`     // record.Exchange.Step
	Attended *bool  `json:"_attended,omitempty"` // record.Exchange.Attended; not said: unknown
	Proxy    string `json:"_proxy,omitempty"`    // record.Message.Proxy
}

// Request is what was sent.
type Request struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []Cookie  `json:"cookies"`
	Headers     []Pair    `json:"headers"`
	QueryString []Pair    `json:"queryString"`
	PostData    *PostData `json:"postData,omitempty"`
	HeadersSize int64     `json:"headersSize"` // in bytes; -1 is unknown
	BodySize    int64     `json:"bodySize"`    // in bytes; -1 is unknown
	Kept
}

// Response is what came back. A status of 0 says that nothing did.
type Response struct {
	Status      int      `json:"status"`
	StatusText  string   `json:"statusText"`
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []Cookie `json:"cookies"`
	Headers     []Pair   `json:"headers"`
	Content     Content  `json:"content"`
	RedirectURL string   `json:"redirectURL"`
	HeadersSize int64    `json:"headersSize"`
	BodySize    int64    `json:"bodySize"`
	Error       string   `json:"_error,omitempty"` // why there is no answer, or no whole one; browsers say it so, too
	Kept
}

// Kept is what is not kept of a message, in members of our own; see record.Message.
type Kept struct {
	HeaderLetGo bool  `json:"_headerLetGo,omitempty"`
	SizeUntold  bool  `json:"_sizeUntold,omitempty"`
	Cut         bool  `json:"_cut,omitempty"`
	Left        int64 `json:"_left,omitempty"` // bytes left out by the cut
	Binary      bool  `json:"_binary,omitempty"`
	BodyLetGo   bool  `json:"_bodyLetGo,omitempty"`
}

// Pair is a header field, a parameter of an address or one of a form.
type Pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Cookie is never written: a cookie is a secret. Files of others have them.
type Cookie struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// PostData is the body of a request. We write it as text; others write a form as
// parameters, too, or alone.
type PostData struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Params   []Pair `json:"params,omitempty"`
}

// Content is the body of an answer.
type Content struct {
	Size     int64  `json:"size"` // unpacked, in bytes
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"` // base64, or none; we write none
}

// Cache is a browser's; the program has none.
type Cache struct{}

// Timings are the parts of Entry.Time in milliseconds. Those that were not measured are -1.
type Timings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}
