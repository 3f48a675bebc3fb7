// Package brought reads exchanges from files that other programs wrote: recordings
// (HAR 1.2), collections of Postman with the answers saved in them, and .http files.
//
// What stands in them is hostile, and holds secrets. [Read] promises that it bounds
// what it reads, that what it cannot read it leaves out and counts, and that no
// exchange it returns holds what is as good as a password: tokens, codes, passwords
// and keys are taken out by the rules of package record before anybody sees them.
package brought

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"consentry/xs2a/record"
)

const (
	// MaxFile bounds a file, in bytes.
	MaxFile = 64 << 20

	// MaxExchanges bounds what is taken from one; the rest is left out and counted.
	MaxExchanges = 2000

	// maxBody bounds a body before its secrets are taken out. A longer one is not
	// looked through, and left out whole.
	maxBody = 4 << 20

	// maxAddress is longer than any address of a bank.
	maxAddress = 8 << 10
)

// Format names the kind of a file.
type Format string

// The formats that are read.
const (
	HAR     Format = "har"
	Postman Format = "postman"
	HTTP    Format = "http"
)

// Why a part of a file is left out.
type Reason string

// The reasons, each counted.
const (
	Unreadable Reason = "unreadable" // it is no exchange
	NotHTTP    Reason = "notHTTP"    // it goes elsewhere than to an address of the web: data, extensions, sockets
	PageFile   Reason = "pageFile"   // a picture, style, script or font of a page
	TooMany    Reason = "tooMany"    // more than MaxExchanges
	TooLong    Reason = "tooLong"    // a body, which is missing in its exchange
	Elsewhere  Reason = "elsewhere"  // a body that stands in another file
)

// File is what was read of a file.
type File struct {
	Format    Format
	Exchanges []record.Exchange // by time; FlowID tells the flows apart and is "1", "2", …
	Left      map[Reason]int    // what was left out
}

var (
	// ErrUnknown says that a file is none of the formats.
	ErrUnknown = errors.New("the file is no HAR, no Postman collection and no .http file")
	// ErrEmpty says that there is no exchange in a file.
	ErrEmpty = errors.New("the file holds no exchange")
)

// Read reads a file. Its format is told from its content.
func Read(content []byte) (File, error) {
	r := reading{File: File{Left: map[Reason]int{}}}
	if err := r.file(bytes.TrimPrefix(content, []byte("\ufeff"))); err != nil {
		return File{}, err
	}
	if len(r.Exchanges) == 0 {
		return File{Left: r.Left}, ErrEmpty
	}
	r.sort()
	r.Exchanges = record.Clean(r.Exchanges)
	for i, e := range r.Exchanges {
		if e.Step == "" {
			r.Exchanges[i].Step = record.OperationOf(e.Method, e.URL, e.Request.Body).ID
		}
	}
	r.divide()
	return r.File, nil
}

// reading is a file under way.
type reading struct {
	File
	timed bool // the exchanges say when they were
}

func (r *reading) file(content []byte) error {
	if begin := bytes.TrimLeft(content, " \t\r\n"); len(begin) == 0 || begin[0] != '{' {
		r.Format = HTTP
		return r.requests(string(content))
	}
	var kind struct {
		Log  json.RawMessage `json:"log"`
		Info json.RawMessage `json:"info"`
		Item json.RawMessage `json:"item"`
	}
	if err := json.Unmarshal(content, &kind); err != nil {
		return errors.Join(ErrUnknown, err)
	}
	switch {
	case kind.Log != nil:
		r.Format = HAR
		return r.har(kind.Log)
	case kind.Info != nil && kind.Item != nil:
		r.Format = Postman
		return r.collection(content)
	}
	return ErrUnknown
}

// leave counts what is left out.
func (r *reading) leave(why Reason) { r.Left[why]++ }

// add takes an exchange whose request can have been sent.
func (r *reading) add(e record.Exchange) {
	u, err := url.Parse(e.URL)
	switch {
	case err != nil || len(e.URL) > maxAddress || !isMethod(e.Method):
		r.leave(Unreadable)
		return
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		r.leave(NotHTTP)
		return
	case len(r.Exchanges) == MaxExchanges:
		r.leave(TooMany)
		return
	}
	u.Fragment, u.RawFragment = "", ""
	e.URL = u.String()
	e.Attended = e.Request.Get("PSU-IP-Address") != ""
	r.timed = r.timed || !e.Started.IsZero()
	r.Exchanges = append(r.Exchanges, e)
}

// sort puts exchanges in the order in which they were made; a file that tells no times
// is in that order. What has no time stands behind the one before it.
func (r *reading) sort() {
	if !r.timed {
		return
	}
	var last time.Time
	for i := range r.Exchanges {
		if r.Exchanges[i].Started.IsZero() {
			r.Exchanges[i].Started = last
		}
		last = r.Exchanges[i].Started
	}
	slices.SortStableFunc(r.Exchanges, func(a, b record.Exchange) int { return a.Started.Compare(b.Started) })
}

// body takes a body into a side, where it may be looked through.
func (r *reading) body(m *record.Message, raw []byte) {
	header := http.Header{}
	header.Set("Content-Type", m.Get("Content-Type"))
	if len(raw) > maxBody {
		r.leave(TooLong)
		m.Cut, m.Left, m.Size = true, int64(len(raw)), int64(len(raw))
		return
	}
	plain, text := record.Text(raw, header)
	if !text {
		m.Binary, m.Size = true, int64(len(raw))
		return
	}
	m.Body = plain
}

// isMethod reports whether a word can be a method (RFC 9110 section 9.1).
func isMethod(s string) bool {
	return s != "" && len(s) <= 32 && strings.IndexFunc(s, func(c rune) bool { return c < 'A' || c > 'Z' }) < 0
}

// header reads fields one by one, without those that belong to a connection's
// protocol alone (RFC 9113 section 8.3).
func header(fields []field) (all []record.HeaderField) {
	for _, f := range fields {
		if f.Name == "" || strings.HasPrefix(f.Name, ":") || f.Disabled {
			continue
		}
		all = append(all, record.HeaderField{Name: http.CanonicalHeaderKey(f.Name), Value: f.Value})
	}
	return all
}

// field is a line of a header, or a parameter; Postman calls its name a key.
type field struct {
	Name, Key, Value string
	Disabled         bool
}

func (f *field) UnmarshalJSON(raw []byte) error {
	var w struct {
		Name, Key text
		Value     text
		Disabled  bool
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	*f = field{string(w.Name), string(w.Key), string(w.Value), w.Disabled}
	if f.Name == "" {
		f.Name = f.Key
	}
	return nil
}

// text is a value that should be a text; a number or anything else is read as it is
// written, and null as nothing.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	switch {
	case json.Unmarshal(raw, &s) == nil:
		*t = text(s)
	case string(raw) == "null":
		*t = ""
	default:
		*t = text(raw)
	}
	return nil
}
