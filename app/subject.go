package app

import (
	"context"
	"fmt"

	"consentry/storage"
	"consentry/xs2a"
)

// subject is what an SCA process authorises. The process owns the steps: start,
// PSU data, redirect and return, polling, credentials. The subject knows what is
// authorised: what it is at the bank, how it is created there, how the bank is
// asked what became of it, and what follows. It is a value, read from the store
// with the process.
type subject interface {
	// where returns what it is called here, and at which bank it is.
	where() place

	// consent is the one with whose credentials the bank is spoken to.
	consent() storage.Consent

	// over reports whether it has ended here, so that nothing is authorised any more;
	// settled, whether it has, or has been authorised.
	over() bool
	settled() bool

	// resource returns what the bank knows it as; known is false before the bank
	// has created it.
	resource() (r xs2a.Resource, known bool)

	// anew reports whether each process has the bank create it: else only the first.
	anew() bool

	// create has the bank create it, once however often it is asked, stores the
	// bank's id, and returns the subject with it and the bank's answer.
	create(ctx context.Context, client *xs2a.Client, call xs2a.Call, back xs2a.Return) (subject, xs2a.SCAAnswer, error)

	// stands asks the bank what became of it, and stores what the bank says. Where
	// whole is set the bank is asked for all of it, since it has not said yet how to
	// go on.
	stands(ctx context.Context, client *xs2a.Client, call xs2a.Call, whole bool) (standing, error)

	// learn has what the bank granted stored, once a process has ended. That it
	// cannot be had now changes nothing.
	learn(ctx context.Context, person Person)

	// adopt notices that it was authorised at the bank outside a process.
	adopt(ctx context.Context, person Person)

	// succeeded begins what follows an authorisation.
	succeeded(person Person)

	// giveUp ends it, which nobody has authorised yet.
	giveUp(ctx context.Context, person Person) error
}

// place is where a subject is.
type place struct {
	of storage.Subject
	bank
	bankName string
}

// result is what has become of a subject at the bank.
type result int

// The results. The zero value says that nothing has come of it yet.
const (
	nothingYet  result = iota
	authorised         // wholly
	halfDone           // another person has to authorise it, too
	saidNo             // the person did
	endedByBank        // without being authorised
)

// standing is how a subject stands at the bank.
type standing struct {
	result
	next *xs2a.SCAAnswer // how the bank wants the process to go on, where it says so only now
}

// subjectOf reads what an authorisation is for.
func (a *App) subjectOf(ctx context.Context, named storage.Subject) (subject, error) {
	switch named.Kind {
	case storage.SubjectConsent:
		c, err := a.store.Consent(ctx, named.ID)
		return consentSubject{a, c}, err
	case storage.SubjectDeletion:
		c, err := a.store.Consent(ctx, named.ID)
		return deletionSubject{a, c}, err
	}
	return nil, fmt.Errorf("app: nothing is known of a %q", named.Kind)
}
