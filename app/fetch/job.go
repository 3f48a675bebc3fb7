package fetch

import (
	"time"

	"consentry/app/failure"
)

// Job is a piece of long work as it stood when it was asked for.
type Job struct {
	ConsentID    string
	StartedAt    time.Time
	FinishedAt   time.Time      // zero while it runs
	Account      string         // name of the account being read
	Done         int            // accounts read
	Total        int            // accounts to read; 0 until the bank has listed them
	Transactions int            // transactions read
	New          int            // of these, new ones
	Missing      int            // accounts read of which days are missing
	Err          *failure.Error // why it stopped, or what it could not read
}

// Running reports whether the work goes on.
func (j Job) Running() bool { return j.FinishedAt.IsZero() }

// job is the work itself; its fields are guarded by the Reader's lock.
type job struct {
	Job
	reading int64 // account whose transactions are being read; 0: none
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
	snapshot := j.Job
	return &snapshot
}

// Busy reports whether a fetch under a consent goes on.
func (r *Reader) Busy(consentID string) bool {
	job := r.Job(consentID)
	return job != nil && job.Running()
}

// update changes a job under the lock.
func (r *Reader) update(j *job, change func(*Job)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&j.Job)
}
