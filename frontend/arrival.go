package frontend

import (
	"context"
	"net/http"

	"consentry/frontend/words"
	"consentry/storage"
)

// seeAll notes that all new transactions were seen, of one account or of all.
func (s *Server) seeAll(w http.ResponseWriter, r *http.Request) error {
	account := placeIn(r.PostFormValue("account"))
	if err := s.app.Own().AllShown(r.Context(), account); err != nil {
		return err
	}
	if account != 0 {
		redirect(w, r, accountPath(account))
		return nil
	}
	redirect(w, r, "/")
	return nil
}

// showed answers, and notes then that transactions were shown.
func (s *Server) showed(ctx context.Context, answered error, shown ...[]storage.Transaction) error {
	for _, some := range shown {
		if answered == nil {
			answered = s.app.Own().Shown(ctx, some)
		}
	}
	return answered
}

// newWords count what is new.
func newWords(ctx context.Context, n int) string {
	if n >= storage.MostArrivals {
		return words.T(ctx, "%d or more new", storage.MostArrivals)
	}
	return words.N(ctx, n, "%d new", "%d new")
}

// sum adds up the new of all accounts.
func sumOf(counts map[int64]int) (n int) {
	for _, of := range counts {
		n += of
	}
	return n
}
