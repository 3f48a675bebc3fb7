package xs2a

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// exchange gives what may leave the package of a recording.
func (one *recording) exchange() Exchange {
	var r redactor
	e := Exchange{
		FlowID: one.flowID, Step: one.step, Started: one.started, Took: one.took,
		Attended: one.requestHeader.Get("PSU-IP-Address") != "",
		Method:   one.method, URL: r.address(one.url),
		Request: r.message(one.requestHeader, one.request),
		Status:  one.status, Answer: r.message(one.answerHeader, one.answer),
	}
	if one.failed != nil {
		e.Error = r.text(one.failed.Error())
	}
	if named := OperationOf(e.Method, e.URL, e.Request.Body); e.Step == "" || named.Token {
		e.Step = named.Words
	}
	r.sweep(&e)
	for _, side := range []*Message{&e.Request, &e.Answer} {
		if len(side.Body) > maxRecorded {
			side.Body, side.Cut = cutText(side.Body, maxRecorded), true
		}
	}
	return e
}

// message redacts one side. Where the body held a secret, so do its digest
// and its length: a short secret could be found again by trying.
func (r *redactor) message(header http.Header, body *capture) Message {
	m := Message{}
	raw, more := body.taken()
	m.Cut = more
	if plain, text := readable(raw, header); text {
		m.Body = r.body(plain, header.Get("Content-Type"))
	} else {
		m.Binary = true
	}
	held := strings.Contains(m.Body, Redacted)
	for name, values := range header {
		for _, value := range values {
			m.Header = append(m.Header, HeaderField{name, r.header(name, value, held)})
		}
	}
	slices.SortStableFunc(m.Header, func(a, b HeaderField) int { return strings.Compare(a.Name, b.Name) })
	return m
}

// readable gives a body as text, unpacked where the transport left it packed.
// Bytes that are no UTF-8 are taken for Latin-1, as old reports use it.
func readable(raw []byte, header http.Header) (plain string, text bool) {
	if strings.EqualFold(header.Get("Content-Encoding"), "gzip") {
		if unpacked, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
			raw, _ = io.ReadAll(io.LimitReader(unpacked, maxRecorded+recordMargin)) // a part is shown as well
		}
	}
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

// cutText gives the beginning of a text, without half a character at its end.
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
