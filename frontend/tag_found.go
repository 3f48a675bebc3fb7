package frontend

import (
	"context"
	"net/http"
	"strconv"

	"consentry/app/own"
	"consentry/frontend/words"
	"consentry/storage"
)

// tagFound gives a tag to all that a search finds.
func (s *Server) tagFound(w http.ResponseWriter, r *http.Request) error {
	ctx, tag := r.Context(), r.PostFormValue("newtag")
	view, err := s.transactionsOf(ctx, r.PostForm)
	if err != nil {
		return err
	}
	if !view.looking() || view.Found.Nothing || view.refused() {
		return storage.ErrNotFound
	}
	done, err := s.app.Own().TagFound(ctx, tag, func(after storage.Cursor, limit int) (storage.Found, error) {
		return s.app.Holdings().FindSome(ctx, view.Search, after, limit)
	})
	if failed, known := asFailure(err); known {
		view.NewTag, view.TagFailure = tag, failed
		return s.pageStatus(w, r, statusOfForm(failed), Page{Title: view.title(ctx), Section: SectionAccounts}, transactionsScreen(view))
	}
	if err != nil {
		return err
	}
	changes := []string{"tagged", strconv.Itoa(done.Added), "full", strconv.Itoa(done.Full)}
	if done.More {
		changes = append(changes, "more", "yes")
	}
	redirect(w, r, view.address(changes...))
	return nil
}

// taggedWords says what became of transactions that were to get a tag.
func taggedWords(ctx context.Context, done own.Tagged) (title, next string) {
	title = words.N(ctx, done.Added, "%d transaction was tagged.", "%d transactions were tagged.")
	if done.Full > 0 {
		next = words.N(ctx, done.Full, "%d has as many tags as there may be, and was left as it is.", "%d have as many tags as there may be, and were left as they are.")
	}
	if done.More {
		next = words.T(ctx, "Only the newest %d that match were looked at. Narrow the search, such as to a year, to tag older ones.", own.MostTagged)
	}
	return title, next
}
