package frontend

import (
	"context"
	"net/http"

	"consentry/app/fetch"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// consentJob is asked each second by a page that shows a fetch. When the fetch
// is over, the page is loaded anew with what it brought.
func (s *Server) consentJob(w http.ResponseWriter, r *http.Request) error {
	job := s.app.Reader().Job(r.PathValue("id"))
	if job == nil || !job.Running() {
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.fragment(w, r, jobView(job.ConsentID, job))
}

func jobProgress(ctx context.Context, job *fetch.Job) ui.Progress {
	progress := ui.Progress{What: words.T(ctx, "Asking the bank for your accounts"), Done: job.Done, Total: job.Total, Unit: words.T(ctx, "accounts")}
	if job.Total == 1 {
		progress.Unit = words.T(ctx, "account")
	}
	if job.Account != "" {
		progress.What = words.T(ctx, "Reading %s", job.Account)
	}
	return progress
}

func jobCount(ctx context.Context, job *fetch.Job) string {
	return words.T(ctx, "%s, %s.", words.N(ctx, job.Transactions, "%d transaction read", "%d transactions read"),
		words.N(ctx, job.New, "%d new one", "%d new ones"))
}
