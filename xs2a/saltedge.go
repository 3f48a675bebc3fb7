package xs2a

import "net/http"

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
	SetHeader: func(h http.Header, service Service, call Call) {
		// The media type is demanded of requests without a body, too.
		h.Set("Content-Type", "application/json")
	},
})
