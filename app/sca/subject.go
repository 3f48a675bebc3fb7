package sca

import (
	"context"

	"consentry/storage"
	"consentry/xs2a"
)

// Subject is what a process authorises: it knows what that is at the bank, how it
// is created there, how the bank is asked what became of it, and what follows. It is
// a value, read from the store with the authorisation.
type Subject interface {
	// Facts returns what is known of it without asking anybody.
	Facts() Facts

	// Create has the bank create it, once however often it is asked, stores the
	// bank's id, and returns the subject with it and the bank's answer.
	Create(ctx context.Context, client *xs2a.Client, call xs2a.Call, back xs2a.Return) (Subject, xs2a.SCAAnswer, error)

	// Standing asks the bank what became of it, and stores what the bank says. Where
	// whole is set the bank is asked for all of it, since it has not said yet how to
	// go on.
	Standing(ctx context.Context, client *xs2a.Client, call xs2a.Call, whole bool) (Standing, error)

	// Approved notes that all whom the bank asked have authorised it. It comes before all
	// else that follows a process which succeeded, and after no other.
	Approved(ctx context.Context) error

	// Learn has what the bank granted stored, once a process has ended, however it has.
	// That it cannot be had now changes nothing.
	Learn(ctx context.Context, person xs2a.PSU)

	// Adopt notices that it was authorised at the bank outside a process.
	Adopt(ctx context.Context, person xs2a.PSU)

	// Succeeded begins what follows an authorisation.
	Succeeded(person xs2a.PSU)

	// GiveUp ends it, which nobody has authorised yet.
	GiveUp(ctx context.Context, person xs2a.PSU) error
}

// Dealings are those with a bank under a consent, or about something else that is
// authorised there: with which bank, and with whose credentials.
type Dealings struct {
	// Holder is what the credentials belong to. The exchanges are recorded as its own.
	Holder storage.Subject

	EnvironmentID, BIC, BankName string
	AffiliatedASPSPID            string // of the bank, where it has brands
}

// UnderConsent returns the dealings under a consent.
func UnderConsent(c storage.Consent) Dealings {
	return Dealings{
		Holder:        storage.ConsentSubject(c.ID),
		EnvironmentID: c.EnvironmentID, BIC: c.BIC, BankName: c.BankName, AffiliatedASPSPID: c.AffiliatedASPSPID,
	}
}

// Facts are what a subject is, here and at its bank.
type Facts struct {
	Dealings
	Of storage.Subject // what it is called here

	Resource xs2a.Resource // what the bank knows it as
	Known    bool          // the bank has created it, so that there is a resource
	Anew     bool          // each process has the bank create it: else only the first

	// NoStaysUntold says that a person's no leaves it at the bank as it was, so that by its
	// status a process that was declined looks like one that failed: the return alone tells.
	NoStaysUntold bool

	Over       bool // it has ended here, so that nothing is authorised any more
	Authorised bool // by all whom the bank asked, whatever has become of it since
}

// Settled reports whether there is nothing to authorise any more.
func (f Facts) Settled() bool { return f.Over || f.Authorised }

// Result is what has become of a subject at the bank.
type Result int

// The results. The zero value says that nothing has come of it yet.
const (
	Pending          Result = iota
	Checking                // likewise; an approval that is complete does not show in it yet
	Authorised              // wholly
	PartlyAuthorised        // another person has to authorise it, too
	Rejected                // by the person
	EndedByBank             // without being authorised
)

// Standing is how a subject stands at the bank.
type Standing struct {
	Result
	Next *xs2a.SCAAnswer // how the bank wants the process to go on, where it says so only now
}
