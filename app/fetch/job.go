package fetch

import (
	"context"
	"slices"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// Job is a piece of long work as it stood when it was asked for.
type Job struct {
	ConsentID  string
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs
	Account    string    // name of the account being read
	Done       int       // accounts read
	Total      int       // accounts to read; 0 until the bank has listed them
	Progress             // of all accounts
	Accounts   []AccountProgress
	Attended   bool           // the person asked for it
	Missing    int            // accounts read of which days are missing
	Unread     int            // transactions that came and could not be read
	Stopped    bool           // the person stopped it
	Err        *failure.Error // why it stopped by itself, or what it could not read
}

// Running reports whether the work goes on.
func (j Job) Running() bool { return j.FinishedAt.IsZero() }

// Progress is how much was read, and in which time.
type Progress struct {
	Transactions int
	New          int           // of these, new ones
	Took         time.Duration // of reading transactions
}

// soonest is how long something has to be read until anything is foretold by it.
const soonest = 2 * time.Second

// Rate is how many transactions came in a second; false before that can be told.
func (p Progress) Rate() (perSecond int, known bool) {
	if p.Took < soonest || p.Transactions == 0 {
		return 0, false
	}
	return int(float64(p.Transactions)/p.Took.Seconds() + 0.5), true
}

// AccountProgress is how far the reading of one account's transactions has come.
type AccountProgress struct {
	ID    int64 // of the account here; 0 until it is stored
	Name  string
	Ended bool
	Progress
	DaysDone, Days int // of those the bank was asked for; 0 where nobody can tell

	since time.Time // by the clock that cannot be set; zero: it is not being read
}

// Left is how long the days not read yet take if they hold as much as those that were; false where
// that cannot be known: banks tell no totals, and some list their days in no order.
func (a AccountProgress) Left() (time.Duration, bool) {
	if a.Ended || a.Took < soonest || a.DaysDone*20 < a.Days || a.DaysDone <= 0 {
		return 0, false
	}
	return a.Took * time.Duration(max(a.Days-a.DaysDone, 0)) / time.Duration(a.DaysDone), true
}

// Left is how long a job takes still; false where that cannot be known, as while there are
// accounts of which nothing was read yet.
func (j Job) Left() (time.Duration, bool) {
	last := len(j.Accounts) - 1
	if !j.Running() || last < 0 || len(j.Accounts) < j.Total {
		return 0, false
	}
	return j.Accounts[last].Left()
}

// job is the work itself; its fields are guarded by the Reader's lock.
type job struct {
	Job
	ended   chan struct{}      // closed when it has ended
	reading int64              // account whose transactions are being read; 0: none
	stop    context.CancelFunc // nil until it runs
}

// account is the account that is being read.
func (j *job) account() *AccountProgress { return &j.Accounts[len(j.Accounts)-1] }

// begins notes that an account is read.
func (r *Reader) begins(j *job, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.Job.Account = name
	j.Accounts = append(j.Accounts, AccountProgress{Name: name})
}

// stored notes which account here the one is that is read.
func (r *Reader) stored(j *job, id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.account().ID = id
}

// ends notes that an account is not read any more.
func (r *Reader) ends(j *job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := j.account()
	a.halt(j)
	a.Ended = true
}

// halt adds the time since which it was read to what it took.
func (a *AccountProgress) halt(j *job) {
	if !a.since.IsZero() {
		took := time.Since(a.since)
		a.Took, j.Took = a.Took+took, j.Took+took
		a.since = time.Time{}
	}
}

// asks notes that the bank is asked for transactions of the account.
func (r *Reader) asks(j *job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := j.account()
	a.halt(j)
	a.since = time.Now()
}

// came notes what came of the account's transactions.
func (r *Reader) came(j *job, transactions, added int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range []*Progress{&j.Progress, &j.account().Progress} {
		p.Transactions, p.New = p.Transactions+transactions, p.New+added
	}
}

// days notes how many of how many days of the account were read; none where it cannot
// be told.
func (r *Reader) days(j *job, done, of int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.account().DaysDone, j.account().Days = done, of
}

// reads notes whose transactions are being read.
func (r *Reader) reads(j *job, accountID int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.reading = accountID
}

// BeingRead reports whether an account's transactions are being read.
func (r *Reader) BeingRead(accountID int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.jobs {
		if j.reading == accountID {
			return accountID != 0
		}
	}
	return false
}

// Job returns the latest fetch under a consent, or nil when there was none since
// the program started.
func (r *Reader) Job(consentID string) *Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	j := r.jobs[consentID]
	if j == nil {
		return nil
	}
	snapshot := *j
	snapshot.Accounts = slices.Clone(j.Accounts)
	if len(snapshot.Accounts) > 0 {
		snapshot.account().halt(&snapshot)
	}
	return &snapshot.Job
}

// Wait waits until no fetch under a consent goes on, as long as the context lets it.
func (r *Reader) Wait(ctx context.Context, consentID string) error {
	r.mu.Lock()
	j := r.jobs[consentID]
	r.mu.Unlock()
	if j == nil {
		return nil
	}
	select {
	case <-j.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Busy reports whether a fetch under a consent goes on.
func (r *Reader) Busy(consentID string) bool {
	job := r.Job(consentID)
	return job != nil && job.Running()
}

// Idle reports whether nothing is fetched.
func (r *Reader) Idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.jobs {
		if j.Running() {
			return false
		}
	}
	return true
}

// Stop ends a fetch under a consent because the person wants it to; what was read stays, and the days
// not read are known as not read. Where none goes on, nothing is done.
func (r *Reader) Stop(consentID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if j := r.jobs[consentID]; j != nil && j.Running() {
		j.Stopped = true
		if j.stop != nil {
			j.stop()
		}
	}
}

// stoppable returns a context that is done when the person stops a job, which they may
// have done before.
func (r *Reader) stoppable(ctx context.Context, j *job) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if j.stop = stop; j.Stopped {
		stop()
	}
	return ctx, stop
}

// stopped reports whether the person stopped a job.
func (r *Reader) stopped(j *job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return j.Stopped
}

// Unfinished returns the fetches that were not brought to an end, by consent: stopped by the
// person, or broken off when the program ended. Those that go on are none of them.
func (r *Reader) Unfinished(ctx context.Context) (map[string]storage.Job, error) {
	jobs, err := r.store.Jobs(ctx)
	for id := range jobs {
		if r.Busy(id) {
			delete(jobs, id)
		}
	}
	return jobs, err
}

// update changes a job under the lock.
func (r *Reader) update(j *job, change func(*Job)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&j.Job)
}
