package xs2a

import (
	"net/http"
	"strings"
	"unicode"
)

// SaltEdge is Salt Edge's PSD2 Compliance: many banks behind one host, chosen
// by a code in the path; every request signed; data that have to be refreshed
// before they are read.
var SaltEdge = register(Dialect{
	Name:    "saltedge",
	Title:   "Salt Edge PSD2 Compliance",
	Prefix:  everywhere("/{bank}/api/berlingroup/v1"),
	Signing: SignSaltEdge,
	Login:   LoginNone,
	Refresh: true,
	Scope:   berlinScope,
	Code:    codeOfClass,
	SetHeader: func(h http.Header, service Service, call Call) {
		// The media type is demanded of requests without a body, too.
		h.Set("Content-Type", "application/json")
	},
})

// codeOfClass returns the message code an error class stands for: they are called
// as those are, in camel case. "ConsentExpired" is CONSENT_EXPIRED.
func codeOfClass(class string) string {
	if class == "" || strings.Contains(class, "_") || !unicode.IsUpper(rune(class[0])) || class == strings.ToUpper(class) {
		return class
	}
	var code strings.Builder
	for i, letter := range class {
		if i > 0 && unicode.IsUpper(letter) {
			code.WriteByte('_')
		}
		code.WriteRune(unicode.ToUpper(letter))
	}
	return code.String()
}
