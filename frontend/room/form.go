package room

import (
	"net/http"
	"net/url"
)

// form reads the short form there is.
func form(w http.ResponseWriter, req *http.Request) (url.Values, bool) {
	req.Body = http.MaxBytesReader(w, req.Body, maxForm)
	if err := req.ParseForm(); err != nil {
		return nil, false
	}
	return req.PostForm, true
}
