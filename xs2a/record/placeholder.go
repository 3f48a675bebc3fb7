package record

import (
	"net/http"
	"slices"
	"strings"
)

// Token stands for the access token in a request that is written from an
// exchange: it is the one secret that is put in again.
const Token = "«token»"

// Placeholders returns the request of an exchange as a person can write another
// one from it: what was taken out is named by what it stands under, such as
// «password», the access token is Token, and the headers stay away that each
// request has anew. The names are those of what nobody but the person can put in.
func (e Exchange) Placeholders() (request Exchange, names []string) {
	name := func(text, fallback string) string {
		named, found := named(takenOut.ReplaceAllString(text, Redacted), fallback) // certificates, too
		for _, one := range found {
			if !slices.Contains(names, one) {
				names = append(names, one)
			}
		}
		return named
	}
	request = Exchange{Method: e.Method, URL: name(e.URL, "secret")}
	request.Request.Body = name(e.Request.Body, "secret")
	for _, field := range e.Request.Header {
		if MadeAnew(field.Name) || !headerName.MatchString(field.Name) {
			continue
		}
		if field.Name == "Authorization" && field.Value == "Bearer "+Redacted {
			field.Value = "Bearer " + Token
		}
		field.Value = name(oneLine(field.Value), strings.ToLower(field.Name))
		request.Request.Header = append(request.Request.Header, field)
	}
	return request, names
}

// named puts a placeholder where a secret was, and lists those it put there.
func named(text, fallback string) (with string, names []string) {
	var b strings.Builder
	for {
		at := strings.Index(text, Redacted)
		if at < 0 {
			return b.String() + text, names
		}
		name := fallback
		if found := before.FindStringSubmatch(text[:at]); found != nil && secretName(found[1]) {
			name = found[1]
		}
		name = "«" + name + "»"
		b.WriteString(text[:at] + name)
		names, text = append(names, name), text[at+len(Redacted):]
	}
}

// madeAnew are headers that hang on the request as it leaves, or on the line it
// goes over. All are in canonical form.
var madeAnew = wordSet("X-Request-Id", "Date", "Digest", "Content-Digest", "Signature", "Signature-Input", "X-Jws-Signature", "Tpp-Signature-Certificate",
	"Content-Length", "Host", "Connection", "Transfer-Encoding", "Trailer", "Te", "Upgrade", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Expect")

// MadeAnew reports whether a header is made for each request: its number, its
// date, what signs it, and what only the line is told.
func MadeAnew(name string) bool { return madeAnew[http.CanonicalHeaderKey(name)] }

// SecretsIn returns what would be taken out of a request for its name or looks.
func SecretsIn(address string, header http.Header, body string) []string {
	var r redactor
	r.address(address)
	for name, values := range header {
		for _, value := range values {
			r.header(name, value, false)
		}
	}
	r.body(body, header.Get("Content-Type"))
	return r.seen
}
