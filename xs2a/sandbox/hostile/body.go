package hostile

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
)

// Bodies are misbehaviours of the body: what comes is HTTP in order, and too much,
// too deep, or something else than was asked for.
var Bodies = []Misbehaviour{
	body("nothing", "application/json", func() string { return "" }).taken(),
	body("null", "application/json", func() string { return "null" }).taken(),
	body("a number", "application/json", func() string { return "17" }),
	body("a text", "application/json", func() string { return `"valid"` }),
	body("a list of nothing", "application/json", func() string { return "[null,null]" }).taken(),
	body("half an object", "application/json", func() string { return `{"accounts":[{"resourceId":"1"` }),
	body("two objects", "application/json", func() string { return `{}{}` }),
	body("binary", "application/json", func() string { return strings.Repeat("\x00\xff\xfe", 1000) }),
	body("a page", "text/html", func() string { return "<!DOCTYPE html><html><body>Please log in</body></html>" }),
	body("all of the wrong type", "application/json", func() string { return wrongTypes }),
	body("text in UTF-16", "application/json; charset=utf-16", func() string { return "\xff\xfe{\x00}\x00" }),
	body("another status", "application/json", func() string {
		return `{"tppMessages":[{"category":"ERROR","code":"` + strings.Repeat("A", 50_000) + `"}]}`
	}),

	body("a text without end", "application/json", func() string { return `{"a":"` + strings.Repeat("a", 8<<20) }).large(),
	endless("blanks without end", "application/json", strings.Repeat(" ", 64<<10)),
	endless("letters without end", "text/plain", strings.Repeat("a", 64<<10)),
	body("lists in lists", "application/json", func() string { return strings.Repeat("[", 1<<20) }).large(),
	body("objects in objects", "application/json", func() string { return strings.Repeat(`{"a":`, 1<<20) }).large(),
	body("elements in XML in one another", "application/xml", func() string { return strings.Repeat("<a>", 1<<20) }).large(),
	body("a million empty lists", "application/json", func() string { return "[" + strings.Repeat("[],", 1<<20) + "[]]" }).large(),
	body("many members", "application/json", func() string { return object(440_000, `"m%d":1`) }).large(),
	body("many links", "application/json", func() string { return `{"_links":` + object(240_000, `"m%d":"/a"`) + `}` }).large(),
	body("many authorisations", "application/json", func() string {
		return `{"authorisationIds":[` + joined(400_000, `"a%d"`) + `]}`
	}).large(),
	body("many methods", "application/json", func() string { return `{"scaStatus":"received","scaMethods":[` + repeated(240_000, `{}`) + `]}` }).large(),
	body("many messages", "application/json", func() string { return `{"tppMessages":[` + repeated(240_000, `{"code":1}`) + `]}` }).large(),
	body("many accounts", "application/json", func() string { return `{"accounts":[` + repeated(240_000, `{}`) + `]}` }).large(),
	body("many banks", "application/json", func() string { return `[` + repeated(240_000, `{}`) + `]` }).large(),
	body("many entries", "application/json", func() string {
		return `{"transactions":{"booked":[` + repeated(120_000, `{"transactionAmount":{"amount":1}}`) + `]}}`
	}).large(),
	body("many entries that are none", "application/json", func() string { return `{"transactions":{"booked":[` + repeated(240_000, `{}`) + `]}}` }).large(),
	body("long entries", "application/json", func() string {
		return `{"transactions":{"booked":[` + repeated(7, `{"transactionAmount":{"amount":1},"remittanceInformationUnstructured":"`+strings.Repeat("a", 1<<20-1)+`"}`) + `]}}`
	}).large().taken(),
	body("many entries of camt", "application/xml", func() string { return camt(strings.Repeat("<Ntry/>", 200_000)) }).large(),
	body("many payments of camt", "application/xml", func() string {
		return camt("<Ntry><NtryDtls>" + strings.Repeat("<TxDtls/>", 200_000) + "</NtryDtls></Ntry>")
	}).large(),
	body("a document type", "application/xml", func() string {
		return `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "` + strings.Repeat("c", 1000) + `">]><Document>&b;</Document>`
	}),
	body("many lines of MT940", "text/plain", func() string { return ":20:A\n:25:B\n" + strings.Repeat(":61:\n", 1_500_000) }).large(),
	body("many statements of MT940", "text/plain", func() string { return strings.Repeat(":20:A\n", 1_300_000) }).large(),
	body("many parts of a field 86", "text/plain", func() string {
		return ":20:A\n:25:B\n:60F:C260101EUR1,00\n:61:260101C1,00NTRFNONREF\n:86:166" + strings.Repeat("?20A", 200_000) + "\n"
	}).large().taken(),
	body("many keywords of a field 86", "text/plain", func() string {
		return ":20:A\n:25:B\n:60F:C260101EUR1,00\n:61:260101C1,00NTRFNONREF\n:86:166" + strings.Repeat("?20EREF+", 100_000) + "\n"
	}).large().taken(),
	body("many fields 86", "text/plain", func() string {
		return ":20:A\n:25:B\n:60F:C260101EUR1,00\n:61:260101C1,00NTRFNONREF\n" + strings.Repeat(":86:166?20SVWZ+\n", 100_000)
	}).large().taken(),

	body("a gzip bomb", "application/json", func() string { return bomb(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }) }, "Content-Encoding: gzip"),
	body("a deflate bomb", "application/json", func() string { return bomb(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }) }, "Content-Encoding: deflate"),
	body("half a gzip", "application/json", func() string { return "\x1f\x8b\x08\x00" }, "Content-Encoding: gzip"),
	body("gzip that is none", "application/json", func() string { return "{}" }, "Content-Encoding: gzip"),
	body("packed twice", "application/json", func() string { return "{}" }, "Content-Encoding: gzip, gzip"),
	body("packed as nobody asked", "application/json", func() string { return "{}" }, "Content-Encoding: br"),

	refusal("500 Internal Server Error", "a refusal of many members", func() string { return object(440_000, `"m%d":1`) }).large(),
	refusal("400 Bad Request", "a refusal of many errors", func() string {
		return `{"errors":[` + repeated(240_000, `{"code":"A"}`) + `]}`
	}).large(),
	refusal("403 Forbidden", "a refusal in one another", func() string {
		return strings.Repeat(`{"error":[`, 30) + strings.Repeat(`]}`, 30)
	}),
	refusal("429 Too Many Requests", "a pause beyond all time", func() string { return `{}` }, "Retry-After: 99999999999999999999"),
	refusal("302 Found", "a redirect to itself", func() string { return `` }, "Location: /"),
	refusal("302 Found", "a redirect to nowhere", func() string { return `` }, "Location: ://%zz"),
}

func body(name, mediaType string, content func() string, fields ...string) Misbehaviour {
	return Misbehaviour{Name: name, content: content, answer: func(l *line) { l.serve("200 OK", mediaType, fields...) }}
}

func refusal(status, name string, content func() string, fields ...string) Misbehaviour {
	return Misbehaviour{Name: name, content: content, answer: func(l *line) { l.serve(status, "application/json", fields...) }}
}

func (m Misbehaviour) large() Misbehaviour {
	m.Large = true
	return m
}

func (m Misbehaviour) taken() Misbehaviour {
	m.Taken = true
	return m
}

// endless goes on with a text until nobody takes it.
func endless(name, mediaType, text string) Misbehaviour {
	return Misbehaviour{Name: name, Large: true, answer: func(l *line) {
		l.header("200 OK", "Content-Type: "+mediaType)
		l.always(text)
	}}
}

// wrongTypes has, under the names of every answer, what is not expected there.
const wrongTypes = `{"accounts":{"a":1},"account":[],"balances":"none","transactions":17,"consentId":{},"consentStatus":[],
	"scaStatus":{},"scaMethods":"all","_links":"none","authorisationIds":{},"cancellationIds":{},"paymentId":[],"transactionStatus":{},
	"access":17,"aspsps":{},"cities":{},"countries":{},"isoCountryCode":{},"cityId":[],"bicFi":{},"products":17,"content":17,
	"data":17,"status":{},"cardAccounts":17,"access_token":{},"expires_in":[]}`

func repeated(n int, text string) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }

// joined numbers a text.
func joined(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func object(n int, format string) string { return "{" + joined(n, format) + "}" }

func camt(entries string) string {
	return `<Document><BkToCstmrStmt><Stmt>` + entries + `</Stmt></BkToCstmrStmt></Document>`
}

// bomb packs blanks that nobody has room for.
func bomb(pack func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := pack(&b)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 256 {
		if _, err := w.Write(blanks); err != nil {
			return ""
		}
	}
	if err := w.Close(); err != nil {
		return ""
	}
	return b.String()
}
