package xs2a

import (
	"bytes"
	"mime"
	"regexp"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// declaration finds the encoding an XML document says it has.
var declaration = regexp.MustCompile(`^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// byteOrderMark begins text of some systems. JSON has none (RFC 8259 section
// 8.1), and banks send it all the same.
const byteOrderMark = "\xef\xbb\xbf"

// toUTF8 returns the text of an answer in UTF-8. What is UTF-8 already stays so
// whatever its labels say: text in another encoding is not UTF-8 by chance.
// Other text is read by the label of the media type, then the document's own,
// then as the ISO 8859-1 of older systems.
func toUTF8(body []byte, mediaType string) []byte {
	body = bytes.TrimPrefix(body, []byte(byteOrderMark))
	if utf8.Valid(body) {
		return body
	}
	var labels []string
	if _, params, err := mime.ParseMediaType(mediaType); err == nil {
		labels = append(labels, params["charset"])
	}
	if found := declaration.FindSubmatch(body); found != nil {
		labels = append(labels, string(found[1]))
	}
	for _, label := range append(labels, "iso-8859-1") {
		encoding, name := charset.Lookup(label)
		if encoding == nil || name == "utf-8" {
			continue
		}
		if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
			return decoded
		}
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

// readableText is toUTF8 for an answer from the network. Its shape was bounded
// as it arrived; what became another text is looked at again.
func readableText(body []byte, mediaType string) ([]byte, error) {
	text := toUTF8(body, mediaType)
	if bytes.HasSuffix(body, text) { // but for a byte-order mark
		return text, nil
	}
	var s shape
	return text, s.write(text)
}
