package frontend

import (
	"context"
	"net/http"
	"time"

	"consentry/app/fetch"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// accountsInSight are the latest accounts of a fetch that are shown one by one.
const accountsInSight = 4

// consentJob is asked each second by a page that shows a fetch. When the fetch
// is over, the page is loaded anew with what it brought.
func (s *Server) consentJob(w http.ResponseWriter, r *http.Request) error {
	job := s.app.Reader().Job(r.PathValue("id"))
	if job == nil || !job.Running() {
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.fragment(w, r, jobProgressed(job))
}

// stopFetch stops a fetch because the person wants it to. The consent's page says what is there then.
func (s *Server) stopFetch(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.app.Consent(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	s.app.Reader().Stop(r.PathValue("id"))
	redirect(w, r, consentPath(r.PathValue("id")))
	return nil
}

func jobProgress(ctx context.Context, job *fetch.Job) ui.Progress {
	progress := ui.Progress{What: words.T(ctx, "Asking the bank for your accounts"), Done: job.Done, Total: job.Total, Unit: words.T(ctx, "accounts")}
	if job.Total == 1 {
		progress.Unit = words.T(ctx, "account")
	}
	if job.Account != "" {
		progress.What = words.T(ctx, "Reading %s", job.Account)
	}
	if job.Stopped {
		progress.What = words.T(ctx, "Stopping")
	}
	return progress
}

func jobCount(ctx context.Context, job *fetch.Job) string {
	return words.T(ctx, "%s, %s.", words.N(ctx, job.Transactions, "%d transaction read", "%d transactions read"),
		words.N(ctx, job.New, "%d new one", "%d new ones"))
}

// jobPace is how fast it goes and how long it takes still, as far as either is known.
func jobPace(ctx context.Context, job *fetch.Job) string {
	left := ""
	if took, known := job.Left(); known {
		left = timeLeft(ctx, took)
	}
	return sentences(rateWords(ctx, job.Progress), left)
}

func rateWords(ctx context.Context, progress fetch.Progress) string {
	rate, known := progress.Rate()
	if !known {
		return ""
	}
	return words.N(ctx, rate, "%d a second.", "%d a second.")
}

func timeLeft(ctx context.Context, took time.Duration) string {
	if took < time.Minute {
		return words.T(ctx, "Less than a minute left.")
	}
	return words.N(ctx, int(took.Round(time.Minute).Minutes()), "About %d minute left.", "About %d minutes left.")
}

// jobAccounts are the accounts of a fetch that are shown one by one, the one that is being read first;
// none where it is the only one.
func jobAccounts(job *fetch.Job) (latest []fetch.AccountProgress) {
	if job.Total < 2 {
		return nil
	}
	for i := len(job.Accounts) - 1; i >= 0 && len(latest) < accountsInSight; i-- {
		latest = append(latest, job.Accounts[i])
	}
	return latest
}

// accountCount is what was read of an account, and how fast.
func accountCount(ctx context.Context, account fetch.AccountProgress) string {
	count := words.T(ctx, "%s, %s.", words.N(ctx, account.Transactions, "%d transaction read", "%d transactions read"),
		words.N(ctx, account.New, "%d new one", "%d new ones"))
	left := ""
	if took, known := account.Left(); known {
		left = timeLeft(ctx, took)
	}
	return sentences(count, rateWords(ctx, account.Progress), left)
}

// unfinished is a fetch that was not brought to an end, of a consent that can be read under.
type unfinished struct {
	storage.Job
	Bank     string
	Accounts []storage.Account // of the consent; nil where they are not named
}

// notice says what happened, what is there and what is missing.
func (u unfinished) notice(ctx context.Context) ui.Notice {
	n := ui.Notice{ID: "unfinished", Tone: ui.Warn, Title: words.T(ctx, "Reading %s was broken off when Consentry ended.", u.Bank)}
	if !u.StoppedAt.IsZero() {
		n.Tone, n.Title = ui.Info, words.T(ctx, "You stopped reading %s.", u.Bank)
	}
	switch {
	case u.Job.Accounts == 0:
		n.Lost = words.T(ctx, "The bank had not told its accounts yet.")
	default:
		n.Lost = words.N(ctx, u.Job.Accounts, "What came is kept: %[2]d of %[1]d account was read to the end.", "What came is kept: %[2]d of %[1]d accounts were read to the end.", u.Done)
	}
	var missing []string
	for _, account := range u.Accounts {
		if len(account.Gaps) > 0 {
			missing = append(missing, words.T(ctx, "Not read of %s: %s.", accountName(ctx, account), missingDays(ctx, account.Gaps)))
		}
	}
	n.Next = sentences(append(missing, words.T(ctx, "If you go on, what is missing is read."))...)
	return n
}

// line says in a line what happened, and what is there.
func (u unfinished) line(ctx context.Context) string {
	if u.StoppedAt.IsZero() {
		return words.N(ctx, u.Job.Accounts, "Reading was broken off when Consentry ended; %[2]d of %[1]d account was read to the end", "Reading was broken off when Consentry ended; %[2]d of %[1]d accounts were read to the end", u.Done)
	}
	return words.N(ctx, u.Job.Accounts, "You stopped reading; %[2]d of %[1]d account was read to the end", "You stopped reading; %[2]d of %[1]d accounts were read to the end", u.Done)
}

// unfinishedOf is the fetch under a consent that was not brought to an end; nil where there is none, or the
// consent cannot be read under.
func (s *Server) unfinishedOf(jobs map[string]storage.Job, c storage.Consent, accounts []storage.Account) *unfinished {
	job, is := jobs[c.ID]
	if !is || !c.Usable(s.app.Clock().NowAt(c.EnvironmentID)) {
		return nil
	}
	return &unfinished{Job: job, Bank: c.BankName, Accounts: accounts}
}
