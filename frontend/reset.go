package frontend

import (
	"context"
	"net/http"

	"consentry/app"
	"consentry/app/stage"
	"consentry/frontend/words"
	"consentry/storage"
)

// resetView asks before the practice world is taken back to its start.
type resetView struct {
	Practice storage.PracticeWorld
	Failure  *app.Error
}

// askReset says what goes with a reset.
func (s *Server) askReset(w http.ResponseWriter, r *http.Request) error {
	return s.showReset(w, r, http.StatusOK, nil)
}

// reset takes the practice world back to its start.
func (s *Server) reset(w http.ResponseWriter, r *http.Request) error {
	s.endsShow()
	err := s.app.Reset(r.Context())
	if err == nil {
		redirect(w, r, "/stage?set="+stage.StartScene)
		return nil
	}
	failed, known := asFailure(err)
	if !known {
		return err
	}
	return s.showReset(w, r, http.StatusUnprocessableEntity, failed)
}

func (s *Server) showReset(w http.ResponseWriter, r *http.Request, status int, failed *app.Error) error {
	if !s.app.HasPractice() {
		return storage.ErrNotFound
	}
	practice, err := s.app.Practice(r.Context())
	if err != nil {
		return err
	}
	page := Page{Title: words.T(r.Context(), "Reset the practice world?"), Section: SectionSettings}
	return s.pageStatus(w, r, status, page, resetScreen(resetView{practice, failed}))
}

// goes lists what is removed by a reset.
func (view resetView) goes(ctx context.Context) (all []string) {
	p := view.Practice
	if n := p.Consents; n > 0 {
		all = append(all, words.N(ctx, n, "%d consent, with its history and what went over the wire", "%d consents, with their histories and what went over the wire"))
	}
	if n := p.Accounts; n > 0 {
		all = append(all, words.N(ctx, n, "%d account", "%d accounts")+", "+words.N(ctx, p.Transactions, "%d transaction", "%d transactions"))
	}
	if n := p.Payments; n > 0 {
		all = append(all, words.N(ctx, n, "the record of %d payment, with its history", "the records of %d payments, with their histories"))
	}
	if n := p.Templates; n > 0 {
		all = append(all, words.N(ctx, n, "%d template of a payment", "%d templates of payments"))
	}
	if n := p.Notes; n > 0 {
		all = append(all, words.N(ctx, n, "%d note you wrote", "%d notes you wrote"))
	}
	if n := p.Names; n > 0 {
		all = append(all, words.N(ctx, n, "%d name you gave", "%d names you gave"))
	}
	return all
}
