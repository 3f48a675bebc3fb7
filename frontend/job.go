package frontend

import (
	"net/http"

	"consentry/app"
	"consentry/frontend/ui"
)

// consentJob is asked each second by a page that shows a fetch. When the fetch
// is over, the page is loaded anew with what it brought.
func (s *Server) consentJob(w http.ResponseWriter, r *http.Request) error {
	job := s.app.Job(r.PathValue("id"))
	if job == nil || !job.Running() {
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.fragment(w, r, jobView(job.ConsentID, job))
}

func jobProgress(job *app.Job) ui.Progress {
	progress := ui.Progress{What: "Asking the bank for your accounts", Done: job.Done, Total: job.Total, Unit: "accounts"}
	if job.Total == 1 {
		progress.Unit = "account"
	}
	if job.Account != "" {
		progress.What = "Reading " + job.Account
	}
	return progress
}

func jobCount(job *app.Job) string {
	return plural(job.Entries, "transaction", "transactions") + " read, " + plural(job.New, "new one", "new ones") + "."
}
