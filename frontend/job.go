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

// saidFor is for how long a page says what an update brought that the person asked for.
const saidFor = 5 * time.Minute

// brought is a fetch that has ended just now and that the person asked for, whose end a page says; nil for
// any other. One that they stopped is unfinished, and says so.
func (s *Server) brought(job *fetch.Job) *fetch.Job {
	if job == nil || job.Running() || !job.Attended || job.Stopped || s.app.Clock().Now().Sub(job.FinishedAt) > saidFor {
		return nil
	}
	return job
}

// broughtNotice says what an update brought, under a consent or of one account of it (0: of all). What was
// not read is part of it; why, stands beside it.
func broughtNotice(ctx context.Context, job *fetch.Job, accountID int64, left []string) ui.Notice {
	came, here := job.New, true
	if accountID != 0 {
		came, here = cameOf(job, accountID)
	}
	notice := ui.Notice{ID: "brought", Tone: ui.Good, Title: words.T(ctx, "Already up to date.")}
	if came > 0 {
		notice.Title = words.N(ctx, came, "%d new transaction.", "%d new transactions.")
	}
	said := []string{words.N(ctx, job.Done, "%d account was read.", "%d accounts were read.")}
	if others := job.New - came; others > 0 {
		said = append(said, words.N(ctx, others, "%d new transaction is in another account of this consent.", "%d new transactions are in other accounts of this consent."))
	}
	if not := max(job.Total, len(job.Accounts)) - job.Done; not > 0 {
		notice.Tone, said = ui.Warn, append(said, words.N(ctx, not, "%d account was not read.", "%d accounts were not read."))
	}
	if job.Missing > 0 {
		notice.Tone, said = ui.Warn, append(said, words.N(ctx, job.Missing, "Not all days of %d account were read; it says which.", "Not all days of %d accounts were read; each says which."))
	}
	if job.Unread > 0 {
		notice.Tone, said = ui.Warn, append(said, words.N(ctx, job.Unread, "%d transaction came and could not be read; its account shows it.", "%d transactions came and could not be read; their accounts show them."))
	}
	switch {
	case job.Err != nil && came == 0, !here:
		notice.Tone, notice.Title = ui.Warn, words.T(ctx, "Not everything was read.")
	case job.Err != nil, notice.Tone == ui.Warn && came == 0: // what was not read may be new
		notice.Tone = ui.Warn
		if came == 0 {
			notice.Title = words.T(ctx, "Nothing new in what was read.")
		}
	}
	notice.Next = sentences(append(said, left...)...)
	return notice
}

// cameOf is how many new transactions an update brought of an account, and whether it came to it.
func cameOf(job *fetch.Job, accountID int64) (added int, read bool) {
	for _, account := range job.Accounts {
		if account.ID == accountID {
			return account.New, true
		}
	}
	return 0, false
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
