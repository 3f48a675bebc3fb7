package record

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// redactor takes the secrets out of one exchange. Those of its flow it knows
// from the start; others it finds by their names and looks, and remembers: what
// is secret in one place is taken out everywhere else, too.
type redactor struct {
	known  []string
	values values // of those known
	seen   []string
	names  map[string]nameKind // of members of JSON, in which the same come again and again
}

func newRedactor(known []string) redactor { return redactor{known: known, values: newValues(known)} }

// maxSeen bounds how many secrets found by their names are looked for in the
// rest of an exchange: an answer may hold nothing else.
const maxSeen = 64

// take remembers a secret and returns what stands in its place.
func (r *redactor) take(secret string) string {
	if secret == "" {
		return ""
	}
	if len(secret) >= minEcho && len(r.seen) < maxSeen && !strings.Contains(Redacted, secret) && !messageCode(secret) && !slices.Contains(r.seen, secret) {
		r.seen = append(r.seen, secret)
	}
	return Redacted
}

// messageCode reports whether what stands under the name "code" is the code of a
// message. What the flow knows as a secret is none, however short.
func (r *redactor) messageCode(name, value string) bool {
	return bareCode(name) && messageCode(value) && !slices.Contains(r.known, value)
}

// maxNesting bounds how deep texts within texts are looked into. What is
// deeper is taken out whole.
const maxNesting = 4

// text redacts any text: parameters wherever they stand, also within
// addresses within parameters, tokens and keys that are known by their looks.
func (r *redactor) text(s string) string { return r.deep(s, maxNesting) }

var (
	bearer     = regexp.MustCompile(`(?i)\b(bearer|basic|dpop)\s+([A-Za-z0-9\-._~+/]{8,}=*)`)
	compactJWT = regexp.MustCompile(`eyJ[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-]*\.[A-Za-z0-9_\-.]*`)
	privateKey = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)`)
	userinfo   = regexp.MustCompile(`(?i)([a-z][a-z0-9+.\-]*://)[^/\s"'<>@?#]+@`)
)

func (r *redactor) deep(s string, depth int) string {
	if s == "" {
		return s
	}
	if depth == 0 {
		if strings.ContainsAny(s, "=%\"") {
			return Redacted
		}
		return s
	}
	if strings.Contains(s, "://") && strings.Contains(s, "@") {
		s = userinfo.ReplaceAllString(s, "${1}"+Redacted+"@")
	}
	if strings.Contains(s, "PRIVATE KEY") {
		s = privateKey.ReplaceAllString(s, Redacted)
	}
	if credentials(s) {
		s = bearer.ReplaceAllStringFunc(s, func(found string) string {
			parts := bearer.FindStringSubmatch(found)
			if !strings.ContainsAny(parts[2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") {
				return found // a word, as in "bearer authentication"
			}
			return parts[1] + " " + r.take(parts[2])
		})
	}
	if strings.Contains(s, "eyJ") {
		s = compactJWT.ReplaceAllStringFunc(s, r.take)
	}
	s = r.sentences(r.pairs(s))
	s = replaceEach(s, parameter, func(found string) string {
		name, value, _ := strings.Cut(found, "=")
		return name + "=" + r.value(name, value, depth)
	})
	return replaceEach(s, escaped, func(found string) string { return r.escaped(found, depth) })
}

// value redacts the value of a parameter.
func (r *redactor) value(name, value string, depth int) string {
	name = unescape(name)
	name = name[strings.LastIndexAny(name, "&?#;/ ")+1:] // where the sign before it was escaped
	plain := strings.Trim(value, `"'`)
	quoted := plain != value
	if secretName(name) && plain != Redacted {
		if r.messageCode(name, plain) {
			return value
		}
		r.take(unescape(plain))
		return r.take(plain)
	}
	if quoted || !strings.ContainsAny(plain, "=%") {
		return value
	}
	return r.escaped(plain, depth)
}

// escaped redacts a text in percent-encoding. It stays as it is when there is
// no secret in it.
func (r *redactor) escaped(s string, depth int) string {
	plain := unescape(s)
	if plain == s && !strings.Contains(s, "=") {
		return s
	}
	clean := r.deep(r.quoted(plain, depth-1), depth-1)
	if clean == plain {
		return s
	}
	if plain == s {
		return clean
	}
	return escape(clean)
}

// escape writes a text in percent-encoding, but for what stands for secrets.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), url.QueryEscape(Redacted), Redacted)
}

// unescape reads percent-encoding and leaves what is none as it is: a text
// may be cut, and banks write a bare "%".
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b = append(b, c[0])
				i += 2
				continue
			}
		}
		if s[i] == '+' {
			b = append(b, ' ')
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// address redacts a request's address.
func (r *redactor) address(s string) string {
	path, query, found := strings.Cut(s, "?")
	if !found {
		return r.text(s)
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	s = r.text(path) + "?" + r.form(query)
	if hasFragment {
		s += "#" + r.form(fragment)
	}
	return s
}

// form redacts the parameters of a query or form.
func (r *redactor) form(s string) string {
	pairs := strings.Split(s, "&")
	for i, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		if !found {
			pairs[i] = r.text(pair)
			continue
		}
		pairs[i] = name + "=" + r.value(name, value, maxNesting)
	}
	return strings.Join(pairs, "&")
}

// body redacts a body of any kind.
func (r *redactor) body(s, contentType string) string {
	if strings.HasPrefix(strings.ToLower(contentType), "application/x-www-form-urlencoded") {
		return r.form(s)
	}
	return r.text(r.elements(r.quoted(s, maxNesting)))
}

// elements redacts XML elements, and fields of forms in HTML.
func (r *redactor) elements(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	s = element.ReplaceAllStringFunc(s, func(found string) string {
		parts := element.FindStringSubmatch(found)
		_, local, prefixed := strings.Cut(parts[2], ":")
		if !prefixed {
			local = parts[2]
		}
		secret := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(parts[4], "<![CDATA["), "]]>"))
		if !secretName(local) || secret == "" || r.messageCode(local, secret) {
			return found
		}
		return parts[1] + parts[2] + parts[3] + r.take(secret)
	})
	return formField.ReplaceAllStringFunc(s, func(field string) string {
		name := fieldName.FindStringSubmatch(field)
		if name == nil || !secretName(strings.Trim(name[1], `"'`)) {
			return field
		}
		return fieldValue.ReplaceAllStringFunc(field, func(found string) string {
			r.take(strings.Trim(fieldValue.FindStringSubmatch(found)[1], `"'`))
			return ` value="` + Redacted + `"`
		})
	})
}

var (
	element    = regexp.MustCompile(`(?s)(<)([A-Za-z_][\w.:\-]*)([^<>]*>)(<!\[CDATA\[.*?\]\]>|[^<]+)`)
	formField  = regexp.MustCompile(`(?is)<input\b[^>]*`)
	fieldName  = regexp.MustCompile(`(?is)\sname\s*=\s*("[^"]*"?|'[^']*'?|[^\s>]+)`)
	fieldValue = regexp.MustCompile(`(?is)\svalue\s*=\s*("[^"]*"?|'[^']*'?|[^\s>]+)`)
)

// header redacts one line of a header. held tells that the body held a secret.
func (r *redactor) header(name, value string, held bool) string {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		scheme, credentials, found := strings.Cut(strings.TrimSpace(value), " ")
		if !found || !knownScheme[strings.ToLower(scheme)] {
			return r.take(value)
		}
		return scheme + " " + r.take(strings.TrimSpace(credentials))
	case "signature":
		return r.signature(value)
	case "x-jws-signature":
		return r.jws(value)
	case "tpp-signature-certificate", "tpp-certificate", "x-client-cert", "ssl-client-cert", "client-cert":
		return r.certificate(value)
	case "digest", "content-digest", "repr-digest", "content-md5":
		if held {
			algorithm, _, _ := strings.Cut(value, "=")
			return algorithm + "=" + Redacted
		}
		return value
	case "content-length":
		if held {
			return Redacted
		}
		return value
	}
	if secretName(name) && value != "true" && value != "false" {
		r.takeCookies(strings.ToLower(name), value)
		return r.take(value)
	}
	return r.text(r.quoted(value, maxNesting))
}

// takeCookies remembers the values of cookies, for their echoes.
func (r *redactor) takeCookies(name, value string) {
	parts := strings.Split(value, ";")
	switch name {
	case "cookie":
	case "set-cookie":
		parts = parts[:1] // the rest are attributes
	default:
		return
	}
	for _, part := range parts {
		if _, secret, found := strings.Cut(part, "="); found {
			r.take(strings.Trim(secret, `" `))
		}
	}
}

var knownScheme = map[string]bool{"bearer": true, "basic": true, "dpop": true}

var signatureValue = regexp.MustCompile(`(?i)\bsignature\s*=\s*("[^"]*"?|:[^:]*:?|[^",\s]+)`)

// signature keeps what a signature says of itself (keyId, algorithm, headers)
// and takes out its value.
func (r *redactor) signature(value string) string {
	if !signatureValue.MatchString(value) {
		return r.take(value)
	}
	return signatureValue.ReplaceAllStringFunc(value, func(found string) string {
		_, signature, _ := strings.Cut(found, "=")
		r.take(strings.Trim(strings.TrimSpace(signature), `":`))
		return `signature="` + Redacted + `"`
	})
}

// jws shows the protected header of a detached JWS as the JSON it is, and
// takes out the signature (RFC 7515 appendix F).
func (r *redactor) jws(value string) string {
	parts := strings.Split(strings.TrimSpace(value), ".")
	header, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[0], "="))
	if strings.HasSuffix(value, ".."+Redacted) {
		return value // it was shown before
	}
	if err != nil || len(parts) != 3 || !json.Valid(header) {
		return r.take(value)
	}
	for _, part := range parts[1:] {
		r.take(part)
	}
	shown := longText.ReplaceAllStringFunc(string(header), func(found string) string {
		return `"` + r.certificate(strings.Trim(found, `"`)) + `"`
	})
	return r.text(r.quoted(shown, maxNesting)) + ".." + Redacted
}

// longText is a JSON text that can only be a certificate or a secret.
var longText = regexp.MustCompile(`"[A-Za-z0-9+/=\\]{200,}"`)

// shownCertificate is one that was shown before.
var shownCertificate = regexp.MustCompile(`^«certificate, SHA-256 [0-9a-f]{64}»$`)

// certificate shows a certificate by the fingerprint people compare.
func (r *redactor) certificate(value string) string {
	der := certificateBytes(value)
	if shownCertificate.MatchString(value) {
		return value
	}
	if der == nil {
		return r.take(value)
	}
	sum := sha256.Sum256(der)
	return "«certificate, SHA-256 " + hex.EncodeToString(sum[:]) + "»"
}

// certificateBytes reads a certificate in the forms banks want it: DER or PEM
// in base64, or PEM in one line, which may be percent-encoded.
func certificateBytes(value string) []byte {
	value = strings.TrimSpace(value)
	if unescaped, err := url.PathUnescape(value); err == nil {
		value = unescaped
	}
	value = strings.Trim(value, ":")
	if strings.HasPrefix(value, "-----BEGIN CERTIFICATE-----") {
		value = strings.TrimSuffix(strings.TrimPrefix(value, "-----BEGIN CERTIFICATE-----"), "-----END CERTIFICATE-----")
	}
	value = strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", `\/`, "/").Replace(value)
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		raw, err := encoding.DecodeString(value)
		if err != nil {
			continue
		}
		if block, _ := pem.Decode(raw); block != nil {
			raw = block.Bytes
		}
		if _, err := x509.ParseCertificate(raw); err == nil {
			return raw
		}
	}
	return nil
}

// sweep takes the secrets seen anywhere in the exchange out of all of it, and
// returns the length of the longest that was looked for.
func (r *redactor) sweep(e *Exchange) (longest int) {
	seen := newValues(r.seen)
	clean := func(s *string) { *s = seen.clean(*s) }
	for _, s := range []*string{&e.Step, &e.Method, &e.URL, &e.Error, &e.Request.Body, &e.Answer.Body} {
		clean(s)
	}
	for _, side := range [][]HeaderField{e.Request.Header, e.Answer.Header} {
		for i := range side {
			clean(&side[i].Name)
			clean(&side[i].Value)
		}
	}
	return max(seen.longest(), r.values.longest())
}

// jsonText is a text as it stands between quotes in JSON.
func jsonText(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // addresses stay readable
	if encoder.Encode(s) != nil {
		return s
	}
	quoted := strings.TrimSuffix(b.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

// htmlSafe writes JSON as encoders do that think of web pages.
var htmlSafe = strings.NewReplacer("&", `\u0026`, "<", `\u003c`, ">", `\u003e`)
