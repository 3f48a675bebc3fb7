package xs2a

import (
	"encoding/json"
	"net/http"
	"strings"
)

// redirects reports whether a status sends the person elsewhere.
func redirects(status int) bool { return status == http.StatusFound || status == http.StatusSeeOther }

// location is the address in a Location header: a URL or, at some banks, a
// link object as in a body.
func location(h http.Header) string {
	value := strings.TrimSpace(h.Get("Location"))
	if strings.HasPrefix(value, "{") {
		return readLink(json.RawMessage(value))
	}
	return value
}

// locationIn is the address in the JSON body of a redirect that has none in its
// header: under the header's own name, or as a link to go on by.
func locationIn(body []byte) string {
	var w struct {
		Location json.RawMessage
		Links    Links `json:"_links"`
	}
	if json.Unmarshal(body, &w) != nil {
		return ""
	}
	if to := readLink(w.Location); to != "" {
		return to
	}
	for _, step := range wanted {
		if to := w.Links[step.link]; to != "" {
			return to
		}
	}
	return ""
}

// plainLocation puts the address of a Location header into the form that
// net/http reads, or takes out what is none: an http.Client gives up the whole
// answer otherwise, before it asks whether to follow the redirect. What came is
// recorded further inside.
type plainLocation struct{ base http.RoundTripper }

func (l plainLocation) RoundTrip(req *http.Request) (*http.Response, error) {
	base := l.base
	if base == nil {
		base = http.DefaultTransport
	}
	res, err := base.RoundTrip(req)
	if err != nil || res.Header.Get("Location") == "" {
		return res, err
	}
	to := location(res.Header)
	if _, err := req.URL.Parse(to); err != nil || to == "" {
		res.Header.Del("Location")
	} else {
		res.Header.Set("Location", to)
	}
	return res, nil
}
