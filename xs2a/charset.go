package xs2a

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"consentry/xs2a/field"
)

// declaration finds the encoding an XML document says it has.
var declaration = regexp.MustCompile(`^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// byteOrderMark begins text of some systems. JSON has none (RFC 8259 section
// 8.1), and banks send it all the same.
const byteOrderMark = "\xef\xbb\xbf"

// charsets are the ways of writing text with a sign for each byte, and those of
// Unicode, by their names as [charsetOf] spells them. ASCII and ISO 8859-1 and -9 are
// read as what Windows made of them, as browsers do (WHATWG Encoding section 4.2).
var charsets = map[string]encoding.Encoding{
	"utf8": unicode.UTF8, "unicode11utf8": unicode.UTF8,
	"utf16": utf16LE, "utf16le": utf16LE, "ucs2": utf16LE, "iso10646ucs2": utf16LE, "unicode": utf16LE,
	"utf16be":  unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"ascii":    charmap.Windows1252,
	"usascii":  charmap.Windows1252,
	"iso88591": charmap.Windows1252, "latin1": charmap.Windows1252, "l1": charmap.Windows1252,
	"iso88592": charmap.ISO8859_2, "latin2": charmap.ISO8859_2, "l2": charmap.ISO8859_2,
	"iso88593": charmap.ISO8859_3, "latin3": charmap.ISO8859_3, "l3": charmap.ISO8859_3,
	"iso88594": charmap.ISO8859_4, "latin4": charmap.ISO8859_4, "l4": charmap.ISO8859_4,
	"iso88595": charmap.ISO8859_5, "cyrillic": charmap.ISO8859_5,
	"iso88596": charmap.ISO8859_6, "arabic": charmap.ISO8859_6,
	"iso88597": charmap.ISO8859_7, "greek": charmap.ISO8859_7,
	"iso88598": charmap.ISO8859_8, "hebrew": charmap.ISO8859_8,
	"iso88599": charmap.Windows1254, "latin5": charmap.Windows1254, "l5": charmap.Windows1254,
	"iso885910":   charmap.ISO8859_10,
	"iso885913":   charmap.ISO8859_13,
	"iso885914":   charmap.ISO8859_14,
	"iso885915":   charmap.ISO8859_15,
	"l9":          charmap.ISO8859_15,
	"iso885916":   charmap.ISO8859_16,
	"windows1250": charmap.Windows1250, "cp1250": charmap.Windows1250,
	"windows1251": charmap.Windows1251, "cp1251": charmap.Windows1251,
	"windows1252": charmap.Windows1252, "cp1252": charmap.Windows1252,
	"windows1253": charmap.Windows1253, "cp1253": charmap.Windows1253,
	"windows1254": charmap.Windows1254, "cp1254": charmap.Windows1254,
	"windows1255": charmap.Windows1255, "cp1255": charmap.Windows1255,
	"windows1256": charmap.Windows1256, "cp1256": charmap.Windows1256,
	"windows1257": charmap.Windows1257, "cp1257": charmap.Windows1257,
	"windows1258": charmap.Windows1258, "cp1258": charmap.Windows1258,
	"windows874": charmap.Windows874, "iso885911": charmap.Windows874, "tis620": charmap.Windows874,
	"macintosh": charmap.Macintosh, "maccyrillic": charmap.MacintoshCyrillic,
	"koi8": charmap.KOI8R, "koi8r": charmap.KOI8R,
	"koi8u": charmap.KOI8U, "koi8ru": charmap.KOI8U,
	"ibm866": charmap.CodePage866, "cp866": charmap.CodePage866,
}

var utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)

// unreadCharsets are those of East Asia. Their tables take half a megabyte, and no
// bank of Europe and its neighbours writes so. Read as another, their text would be
// a jumble.
var unreadCharsets = []string{
	"big5", "big5hkscs", "eucjp", "euckr", "gb18030", "gb2312", "gbk", "hzgb2312", "iso2022cn", "iso2022jp", "iso2022kr",
	"ksc5601", "ksc56011987", "shiftjis", "sjis", "windows31j", "windows949",
}

// spelling is what tells the names of a charset apart. Those of ISO may end in a
// year, as in ISO_8859-2:1987.
var spelling = strings.NewReplacer("-", "", "_", "", " ", "")

// charsetOf returns a charset's name as the tables above have it.
func charsetOf(label string) string {
	name, _, _ := strings.Cut(strings.ToLower(label), ":")
	return strings.TrimPrefix(spelling.Replace(name), "x")
}

// toUTF8 returns the text of an answer in UTF-8. What is UTF-8 already stays so
// whatever its labels say: text in another encoding is not UTF-8 by chance.
// Other text is read by the label of the media type, then the document's own,
// then as the ISO 8859-1 of older systems.
func toUTF8(body []byte, mediaType string) []byte {
	body = bytes.TrimPrefix(body, []byte(byteOrderMark))
	if utf8.Valid(body) {
		return body
	}
	for _, name := range append(labelled(body, mediaType), "iso88591") {
		charset := charsets[name]
		if charset == nil || charset == unicode.UTF8 {
			continue
		}
		if decoded, err := charset.NewDecoder().Bytes(body); err == nil {
			return decoded
		}
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

// labelled returns the charsets that an answer's media type and the document itself
// name, as far as they do.
func labelled(body []byte, mediaType string) (names []string) {
	if _, params, err := mime.ParseMediaType(mediaType); err == nil {
		names = append(names, charsetOf(params["charset"]))
	}
	if found := declaration.FindSubmatch(body); found != nil {
		names = append(names, charsetOf(string(found[1])))
	}
	return names
}

// readableText is toUTF8 for an answer from the network. Its shape was bounded
// as it arrived; what became another text is looked at again, and what would become
// a jumble is refused.
func readableText(body []byte, mediaType string) ([]byte, error) {
	if !utf8.Valid(body) {
		for _, name := range labelled(body, mediaType) {
			if slices.Contains(unreadCharsets, name) {
				return nil, field.TooMuch("is in the charset %s, which is not read here", name)
			}
		}
	}
	text := toUTF8(body, mediaType)
	if bytes.HasSuffix(body, text) { // but for a byte-order mark
		return text, nil
	}
	var s shape
	return text, s.write(text)
}
