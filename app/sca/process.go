// Package sca is the process in which a person authorises something at a bank, as
// the framework knows it (BG 1.3.12 section 7): it is started, the person identifies
// themselves, chooses and gives what the bank asks, or goes to the bank's page and
// comes back, and the bank is asked for the outcome. It is the same whatever is
// authorised: what that is, a [Subject] knows.
//
// A [Process] promises that each step is stored before what may not return is sent
// for it, that of several windows one sends, and that the outcome is what the bank
// says when it is asked, never what a browser brings.
package sca

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Config is what a Process is made of; it uses nothing else of the program.
type Config struct {
	Store    *storage.Store
	Log      *slog.Logger
	Now      func() time.Time                     // the program's clock
	NowAt    func(environmentID string) time.Time // the environment's
	Pause    time.Duration                        // before the second question to a bank; it grows
	Presence Presence

	// Subject reads what an authorisation is for.
	Subject func(ctx context.Context, named storage.Subject) (Subject, error)
	// Client returns the client for a bank; its exchanges are recorded as the holder's.
	Client func(ctx context.Context, d Dealings) (*xs2a.Client, error)
	// ReturnAddress is where a bank of the environment sends the person back to. The
	// program answers there from then on, where it can.
	ReturnAddress func(ctx context.Context, environmentID string) (string, error)
	// AddressNow returns a stored address at a bank as it is now.
	AddressNow func(ctx context.Context, environmentID, bic, address string) (string, error)
	// Explain returns what may be said of a failure at a bank.
	Explain func(bankName string, err error) *failure.Error

	// Run does work in the background until it is done or the program ends, which
	// waits for it, as it does for what was begun with Hold.
	Run  func(work func(ctx context.Context))
	Hold func() (release func())
}

// Presence knows when a page of the program was last seen.
type Presence interface {
	// Seen notes that somebody did something there.
	Seen()
	// Missed returns what is closed as soon as a page is seen, where none was for so
	// long; nil where one was.
	Missed(since time.Duration) <-chan struct{}
	// Away is Missed since so long that nobody is taken to be there.
	Away() <-chan struct{}
}

// Process takes authorisations from their start to their end. It is safe for
// concurrent use.
type Process struct {
	store    *storage.Store
	log      *slog.Logger
	now      func() time.Time
	nowAt    func(environmentID string) time.Time
	pause    time.Duration
	presence Presence

	subject       func(context.Context, storage.Subject) (Subject, error)
	client        func(context.Context, Dealings) (*xs2a.Client, error)
	returnAddress func(ctx context.Context, environmentID string) (string, error)
	addressNow    func(ctx context.Context, environmentID, bic, address string) (string, error)
	explain       func(bankName string, err error) *failure.Error
	run           func(func(context.Context))
	hold          func() (release func())

	renewing singleflight.Group // of persons' access tokens, by holder

	mu      sync.Mutex
	polling map[string]chan struct{} // by authorisation; a send asks the bank at once
	sending map[string]bool          // authorisations for which something the person gave is being sent
}

// New returns a Process.
func New(c Config) *Process {
	return &Process{
		store: c.Store, log: c.Log, now: c.Now, nowAt: c.NowAt, pause: c.Pause, presence: c.Presence,
		subject: c.Subject, client: c.Client, returnAddress: c.ReturnAddress, addressNow: c.AddressNow, explain: c.Explain,
		run: c.Run, hold: c.Hold, polling: map[string]chan struct{}{}, sending: map[string]bool{},
	}
}

// storeAt returns the store with an environment's clock.
func (p *Process) storeAt(environmentID string) *storage.Store {
	return p.store.At(func() time.Time { return p.nowAt(environmentID) })
}

// Start begins an authorisation of a subject and takes it as far as it goes without
// the person. It returns its id as soon as there is one: an error after that leaves
// it to be gone on with.
func (p *Process) Start(ctx context.Context, of Subject, person xs2a.PSU) (authorisationID string, err error) {
	auth, err := p.newAuthorisation(ctx, of.Facts())
	if err != nil {
		return "", err
	}
	return auth.ID, p.advance(ctx, auth.ID, person)
}

// newAuthorisation stores a new attempt at a subject, before anything is sent
// for it.
func (p *Process) newAuthorisation(ctx context.Context, of Facts) (storage.Authorisation, error) {
	address, err := p.returnAddress(ctx, of.EnvironmentID)
	if err != nil {
		return storage.Authorisation{}, err
	}
	auth := storage.Authorisation{
		ID: uuid.NewString(), Subject: of.Of, RedirectURI: address, Step: stepAsk, CreatedAt: p.nowAt(of.EnvironmentID),
		Secret: storage.Secret{State: xs2a.NewState(), Verifier: xs2a.NewVerifier()},
	}
	return auth, p.storeAt(of.EnvironmentID).AddAuthorisation(ctx, auth)
}

// advance takes an attempt as far as it goes without the person: what it is for is
// asked for, the authorisation started, and what comes next stored. An error
// leaves it where it was, to be tried again.
func (p *Process) advance(ctx context.Context, authorisationID string, person xs2a.PSU) error {
	defer p.asks(authorisationID)() // before it is read: what is given up from now on is seen to be under way
	t, err := p.load(ctx, authorisationID, person)
	if err != nil {
		return err
	}
	if t.Ended() || t.Over { // given up in another window
		return storage.ErrEnd
	}
	if t.client.WantsPerson() && t.credentials.AccessToken == "" {
		return p.logInFirst(ctx, t)
	}
	var answer xs2a.SCAAnswer
	next := xs2a.Next{Step: xs2a.StepStart, Start: true} // an attempt at what the bank knows is always started
	if known := t.Known; !known || t.Anew {
		t.subject, answer, err = t.subject.Create(ctx, t.client, t.call, back(t.Authorisation, t.credentials))
		t.Facts = t.subject.Facts()
		if err != nil {
			if known && t.client.PersonsToken() && t.credentials.AccessToken != "" && xs2a.Refusal(err).WrongToken() {
				return p.logInFirst(ctx, t) // what the bank knows is asked for again, and the token has run out
			}
			return err
		}
		next = xs2a.NextStep(answer)
		t.know(answer)
	} else if begins, err := p.beginning(ctx, t); err != nil {
		return err
	} else if begins != nil {
		next, answer.Chosen, answer.Challenge = begins.Next, begins.Chosen, begins.Challenge
	}
	if next.Step == xs2a.StepStart {
		if answer, err = p.startAnew(ctx, &t, next); err != nil {
			return p.misled(ctx, t, err)
		}
		next = xs2a.NextStep(answer)
	}
	err = p.takeNext(ctx, &t, answer, next, person)
	if errors.Is(err, storage.ErrStale) { // begun anew or given up in another window
		return storage.ErrEnd
	}
	return err
}

// misled ends an attempt whose bank leads to where nothing is sent, and returns any
// other error as it is. A new attempt asks the bank again.
func (p *Process) misled(ctx context.Context, t attempt, err error) error {
	if !xs2a.Misleads(err) {
		return err
	}
	p.log.Warn("the bank's link is not followed", "authorisation", t.ID, "error", err)
	return p.storeAt(t.EnvironmentID).EndAuthorisation(ctx, t.ID, storage.Misled, p.explain(t.BankName, err).Reason)
}

// beginning is how the bank wants an authorisation of a subject to be started,
// as it said when that was asked for; nil for a plain start, which does
// where all the bank wanted was a login that is known by now.
func (p *Process) beginning(ctx context.Context, t attempt) (*storage.Beginning, error) {
	attempts, err := p.store.Authorisations(ctx, t.Subject)
	for _, former := range attempts {
		begins := former.Asks.Begins
		if begins == nil {
			continue
		}
		if begins.Next.Step == xs2a.StepIdentify && t.credentials.PSUID != "" {
			return nil, err
		}
		return begins, err
	}
	return nil, err
}

// startAnew starts an authorisation. A login the bank does not accept any more
// is forgotten, and the bank asked to find out itself who the person is.
func (p *Process) startAnew(ctx context.Context, t *attempt, next xs2a.Next) (xs2a.SCAAnswer, error) {
	answer, err := t.client.Continue(ctx, t.call, t.Resource, "", next, xs2a.PSUData{}, back(t.Authorisation, t.credentials))
	if t.call.PSUID == "" || !xs2a.Refusal(err).WrongCredentials() {
		return answer, err
	}
	if err := p.forgetPerson(ctx, t); err != nil {
		return answer, err
	}
	return t.client.Continue(ctx, t.call, t.Resource, "", next, xs2a.PSUData{}, back(t.Authorisation, t.credentials))
}

// logInFirst sends the person to log in before the consent is asked for
// (BG 1.3.12 section 5.1, OAuth2 as a pre-step).
func (p *Process) logInFirst(ctx context.Context, t attempt) error {
	if _, err := p.store.ChangeSecret(ctx, t.ID, func(s *storage.Secret) { s.PreStep = true }); err != nil {
		return err
	}
	t.Step, t.Link = xs2a.StepOAuth, preStepLink
	return p.setAnswer(ctx, &t)
}

// preStepLink stands for the authorisation server the environment names.
const preStepLink = "/"

// take stores what the bank's answer means for an attempt, and goes on where
// the person is not needed.
func (p *Process) take(ctx context.Context, t *attempt, answer xs2a.SCAAnswer, person xs2a.PSU) error {
	return p.takeNext(ctx, t, answer, xs2a.NextStep(answer), person)
}

func (p *Process) takeNext(ctx context.Context, t *attempt, answer xs2a.SCAAnswer, next xs2a.Next, person xs2a.PSU) error {
	t.know(answer)
	t.Step, t.Link = next.Step, ""
	t.Asks = storage.Asks{
		To: next.To, At: t.Asks.At,
		Start: next.Start, Encrypted: next.Encrypted, Additional: next.Additional, Methods: next.Methods,
		Chosen: answer.Chosen, Challenge: answer.Challenge, Begins: t.Asks.Begins, LoginTaken: t.Asks.LoginTaken,
		Said: t.Asks.Said.Then(storage.SaidIn(answer)),
	}
	if next.Start && next.Step != xs2a.StepStart && next.Step != xs2a.StepAnother {
		t.Asks.Begins = &storage.Beginning{Next: next, Chosen: answer.Chosen, Challenge: answer.Challenge}
	}
	if answer.AuthorisationID != "" {
		t.BankID = answer.AuthorisationID
	}
	if answer.SCAStatus != "" {
		t.SCAStatus = answer.SCAStatus
	}
	if answer.Approach != "" {
		t.Approach = answer.Approach
	}
	t.Message, t.Answer, t.Reason = answer.Message, string(answer.Raw), storage.Reason{} // the newest answer is the one that is told
	if next.Link != "" {
		if _, err := t.client.PageURL(next.Link, t.BIC); err != nil {
			return p.misled(ctx, *t, err)
		}
		t.Link = next.Link
	}
	if err := p.setAnswer(ctx, t); err != nil {
		return err
	}
	switch next.Step {
	case xs2a.StepFailed:
		return p.storeAt(t.EnvironmentID).EndAuthorisation(ctx, t.ID, storage.Failed, storage.TextReason(answer.Message))
	case xs2a.StepConfirm:
		if t.Secret.ConfirmationCode != "" {
			return p.confirm(ctx, t, person)
		}
	case xs2a.StepDecoupled, xs2a.StepWait, xs2a.StepDone, xs2a.StepAnother:
		p.keepPolling(t.ID, person)
	}
	return nil
}
