package frontend

import (
	"net/http"

	"consentry/app"
)

// logoPolicy makes a picture that is opened by itself harmless: an SVG may
// hold scripts.
const logoPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

// logo returns a bank's picture. Where there is none the answer is empty and the
// page shows the initials it has.
func (s *Server) logo(w http.ResponseWriter, r *http.Request) error {
	logo, err := s.app.Banks().Logo(r.Context(), r.PathValue("env"), r.PathValue("bic"))
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=86400")
	if app.NotFound(err) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err != nil {
		return err
	}
	h.Set("Content-Security-Policy", logoPolicy)
	h.Set("Content-Type", logo.MediaType)
	_, err = w.Write(logo.Image)
	return err
}
