package frontend

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"consentry/app/mask"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// presented answers as next does and, while the person presents, masks what goes out: pages, parts of them,
// files, headers. It stands at the one way out, so that a screen cannot forget it. What comes in is taken for what it
// stands for: who sends an invented name or number back, in a form or a search, means the real one.
func (s *Server) presented(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		settings, err := s.app.Settings(r.Context())
		if err != nil {
			s.failPlainly(w, r, err)
			return
		}
		if !settings.Presenting.On {
			next.ServeHTTP(w, r)
			return
		}
		m, err := s.app.Mask(r.Context())
		if err != nil {
			s.failPlainly(w, r, err)
			return
		}
		if masked, real := typedReal(m, r.URL.Query()); real && r.Method == http.MethodGet {
			address := ui.To(r.Context(), withQuery(r.URL.EscapedPath(), masked))
			if !wantsFragment(r) {
				http.Redirect(w, r, address, http.StatusSeeOther)
				return
			}
			w.Header().Set("HX-Replace-Url", address)
		}
		if err := meantReal(m, r); err != nil {
			http.Error(w, words.T(r.Context(), "The form could not be read."), http.StatusBadRequest)
			return
		}
		out := &presentedWriter{ResponseWriter: w}
		next.ServeHTTP(out, r.WithContext(words.Marked(r.Context())))
		if out.through {
			return
		}
		if m, err = s.app.Mask(r.Context()); err != nil { // with what was stored meanwhile
			s.failPlainly(w, r, err)
			return
		}
		if err := out.finish(presentation{m, settings.Presenting.HideAmounts}); err != nil {
			s.log.Debug("a page was not taken to its end", "path", withoutPlace(r.URL.Path), "error", err)
		}
	})
}

// failPlainly says that something went wrong, with nothing that would have to be masked.
func (s *Server) failPlainly(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return
	}
	s.log.Error("request failed", "method", r.Method, "path", withoutPlace(r.URL.Path), "error", err)
	http.Error(w, words.T(r.Context(), "Something went wrong inside Consentry."), http.StatusInternalServerError)
}

// typedReal returns a query with its real names and numbers masked, and reports whether there are any: an address
// is read by the audience. Only what leads back to what was typed is masked.
func typedReal(m *mask.Mask, query url.Values) (masked url.Values, real bool) {
	masked = url.Values{}
	for name, values := range query {
		for _, value := range values {
			if fake := m.Address(value); fake != value && m.Real(value) == value && strings.EqualFold(m.Real(fake), value) {
				value, real = fake, true
			}
			masked.Add(name, value)
		}
	}
	return masked, real
}

// meantReal puts the real names and numbers into a request in place of the invented ones.
func meantReal(m *mask.Mask, r *http.Request) error {
	if r.URL.RawQuery != "" {
		address := *r.URL
		address.RawQuery = realValues(m, r.URL.Query()).Encode()
		r.URL = &address
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" || isSecret(r.URL.Path) {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return err
	}
	body = []byte(realValues(m, form).Encode())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

// isSecret reports whether a form at a path takes logins, passwords and passphrases, of which no letter may be changed.
func isSecret(path string) bool {
	return strings.HasPrefix(path, "/authorisations/") || strings.HasPrefix(path, "/environments") || strings.HasPrefix(path, lockPath) || strings.HasPrefix(path, backupPath)
}

func realValues(m *mask.Mask, values url.Values) url.Values {
	real := url.Values{}
	for name, all := range values {
		for _, value := range all {
			real.Add(name, m.Real(value))
		}
	}
	return real
}

// presentedWriter holds back what a handler answers, until it is masked.
type presentedWriter struct {
	http.ResponseWriter
	status  int
	body    bytes.Buffer
	through bool // it masks by itself what it writes
}

func (w *presentedWriter) WriteHeader(status int) {
	if w.through {
		w.ResponseWriter.WriteHeader(status)
	} else if w.status == 0 {
		w.status = status
	}
}

func (w *presentedWriter) Write(part []byte) (int, error) {
	if w.through {
		return w.ResponseWriter.Write(part)
	}
	return w.body.Write(part)
}

// Unwrap lets http.ResponseController reach the real writer.
func (w *presentedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// letThrough is asked for by a file that is written while it is read, and masked transaction by transaction.
func letThrough(w http.ResponseWriter) {
	if held, ok := w.(*presentedWriter); ok {
		held.through = true
	}
}

// finish writes the answer, masked.
func (w *presentedWriter) finish(p presentation) error {
	header := w.Header()
	for _, name := range []string{"Location", "Hx-Redirect", "Hx-Replace-Url", "Hx-Push-Url"} {
		if address := header.Get(name); address != "" {
			header.Set(name, p.address(address))
		}
	}
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if disposition := header.Get("Content-Disposition"); disposition != "" {
		header.Set("Content-Disposition", maskedFileName(p.text(disposition)))
	}
	body := w.body.Bytes()
	switch {
	case kind == "text/html" || kind == "" && bytes.HasPrefix(body, []byte("<")):
		body = p.page(body)
	case strings.HasSuffix(kind, "json"):
		body = []byte(p.json(string(body)))
	case strings.HasSuffix(kind, "xml"):
		body = []byte(p.xml(string(body)))
	case kind == "" || strings.HasPrefix(kind, "text/"):
		body = []byte(p.text(string(body)))
	}
	header.Del("Content-Length")
	if len(body) > 0 {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
	if len(body) == 0 {
		return nil
	}
	_, err := w.ResponseWriter.Write(body)
	return err
}

// maskedFileName says in a file's name that what is in it is masked.
func maskedFileName(disposition string) string {
	return strings.Replace(disposition, `filename="`, `filename="masked-`, 1)
}
