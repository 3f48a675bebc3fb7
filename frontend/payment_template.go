package frontend

import "net/http"

// addTemplate keeps a payment to be made again.
func (s *Server) addTemplate(w http.ResponseWriter, r *http.Request) error {
	err := s.app.Payments().AddTemplate(r.Context(), r.PathValue("id"), r.PostFormValue("name"))
	if failed, known := asFailure(err); known {
		return s.showPayment(w, r, statusOfForm(failed), failed)
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/payments/new#templates")
	return nil
}

// removeTemplate forgets a template.
func (s *Server) removeTemplate(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Payments().RemoveTemplate(r.Context(), r.PathValue("template")); err != nil {
		return err
	}
	redirect(w, r, "/payments/new#templates")
	return nil
}
