package playback

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"consentry/xs2a/record"
)

// returnPath leads from the bank's page back to the client.
const returnPath = "/_replay/return"

// leadsToPage reports whether an answer names a page at which the person approves.
func leadsToPage(body string) bool {
	var w struct {
		Links map[string]json.RawMessage `json:"_links"`
	}
	if json.Unmarshal([]byte(body), &w) != nil {
		return false
	}
	return w.Links["scaRedirect"] != nil || w.Links["scaOAuth"] != nil
}

const pageHead = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Recorded bank</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#1c2527;background:#fff}
a{display:inline-block;padding:.6rem 1rem;border-radius:.4rem;background:#0b5c5c;color:#fff;text-decoration:none}a:focus-visible{outline:3px solid #e0a100;outline-offset:2px}
@media (prefers-color-scheme:dark){body{color:#e7eceb;background:#14191a}a{background:#7fd1c7;color:#06201e}}</style></head><body><main>`

// page stands where the bank's page was, of which a client records nothing.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	back := s.backFrom(r)
	if back == "" {
		s.note(r.Method, r.URL.Path, false)
		w.WriteHeader(http.StatusNotImplemented)
		_, _ = io.WriteString(w, pageHead+`<h1>Not in the recording</h1><p>This page was not recorded: `+html.EscapeString(r.URL.Path)+`</p></main></body></html>`)
		return
	}
	_, _ = io.WriteString(w, pageHead+`<h1>The bank’s page</h1><p>This bank is a recording. What a person did at its page was not recorded; what became of it was.</p>`+
		`<p><a href="`+html.EscapeString(returnPath+"?"+url.Values{"to": {back}}.Encode())+`">Continue as recorded</a></p></main></body></html>`)
}

// backFrom is where the page leads back to: as its address says (RFC 6749 section 4.1.2), or
// as the client said when it asked. Elsewhere than to this machine it leads nobody.
func (s *Server) backFrom(r *http.Request) string {
	query := r.URL.Query()
	s.mu.Lock()
	back, declined := s.back, s.declined()
	if declined && s.backNo != "" {
		back = s.backNo
	}
	s.mu.Unlock()
	if query.Has("redirect_uri") {
		back = query.Get("redirect_uri")
	}
	u, err := url.Parse(back)
	if err != nil || !local(u) {
		return ""
	}
	switch {
	case query.Has("redirect_uri"):
		answer := u.Query()
		answer.Set("state", query.Get("state"))
		s.grant(answer)
		u.RawQuery = answer.Encode()
	case declined && !u.Query().Has("error"):
		answer := u.Query()
		answer.Set("error", "access_denied") // as banks say it that have no other address for it
		u.RawQuery = answer.Encode()
	}
	return u.String()
}

// declined reports whether what waits for its person was not approved in the end (BG 1.3.12
// section 14.16).
func (s *Server) declined() (no bool) {
	for _, one := range s.steps {
		var said struct{ ScaStatus, ConsentStatus, TransactionStatus string }
		if !s.open[one.FlowID] || !one.tells() || json.Unmarshal([]byte(one.Answer.Body), &said) != nil {
			continue
		}
		no = said.ScaStatus == "failed" || said.ConsentStatus == "rejected" || said.TransactionStatus == "RJCT" || said.TransactionStatus == "CANC"
	}
	return no
}

// grant answers an authorisation request as the recording goes on: with a code, where one
// was exchanged for a token, else as declined (RFC 6749 section 4.1.2).
func (s *Server) grant(answer url.Values) {
	if !slices.ContainsFunc(s.steps, func(one *step) bool { return one.operation.ID == "exchangeCode" }) {
		answer.Set("error", "access_denied")
	} else {
		answer.Set("code", s.invent())
	}
	if issuer := s.issuer(); issuer != "" {
		answer.Set("iss", issuer)
	}
}

// issuer is the name of the authorisation server, where it says that it tells it (RFC 9207).
func (s *Server) issuer() string {
	for _, one := range s.steps {
		var w struct {
			Issuer string
			Names  bool `json:"authorization_response_iss_parameter_supported"`
		}
		if strings.Contains(one.Answer.Body, "authorization_response_iss_parameter_supported") && json.Unmarshal([]byte(one.Answer.Body), &w) == nil && w.Names && w.Issuer != record.Redacted {
			return s.here(w.Issuer)
		}
	}
	return ""
}

// lead brings the person back. What was held until then is told from now on.
func (s *Server) lead(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.URL.Query().Get("to"))
	if err != nil || !local(u) {
		refuse(w, r, http.StatusBadRequest, "There is nowhere to go back to.")
		return
	}
	s.mu.Lock()
	clear(s.open)
	s.mu.Unlock()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}
