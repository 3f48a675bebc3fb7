package app

import "time"

// Job is a piece of long work as it stood when it was asked for.
type Job struct {
	ConsentID    string
	StartedAt    time.Time
	FinishedAt   time.Time // zero while it runs
	Account      string    // name of the account being read
	Done         int       // accounts read
	Total        int       // accounts to read; 0 until the bank has listed them
	Transactions int       // transactions read
	New          int       // of these, new ones
	Missing      int       // accounts read of which days are missing
	Err          *Error    // why it stopped, or what it could not read
}

// Running reports whether the work goes on.
func (j Job) Running() bool { return j.FinishedAt.IsZero() }

// job is the work itself; its fields are guarded by the App's lock.
type job struct {
	Job
	reading int64 // account whose transactions are being read; 0: none
}

// reads notes whose transactions are being read.
func (a *App) reads(j *job, accountID int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	j.reading = accountID
}

// beingRead reports whether an account's transactions are being read.
func (a *App) beingRead(accountID int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, j := range a.jobs {
		if j.reading == accountID {
			return accountID != 0
		}
	}
	return false
}

// Job returns the latest fetch under a consent, or nil when there was none since
// the program started.
func (a *App) Job(consentID string) *Job {
	a.mu.Lock()
	defer a.mu.Unlock()
	j := a.jobs[consentID]
	if j == nil {
		return nil
	}
	snapshot := j.Job
	return &snapshot
}

// update changes a job under the lock.
func (a *App) update(j *job, change func(*Job)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&j.Job)
}
