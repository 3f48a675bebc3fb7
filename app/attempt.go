package app

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"github.com/google/uuid"

	"consentry/storage"
	"consentry/xs2a"
)

// newAuthorisation stores a new attempt at a subject, before anything is sent
// for it.
func (a *App) newAuthorisation(ctx context.Context, at place) (storage.Authorisation, error) {
	back, err := a.returnAddress(ctx, at.environmentID)
	if err != nil {
		return storage.Authorisation{}, err
	}
	auth := storage.Authorisation{
		ID: uuid.NewString(), Subject: at.of, RedirectURI: back, Step: stepAsk, CreatedAt: a.NowAt(at.environmentID),
		Secret: storage.Secret{State: xs2a.NewState(), Verifier: xs2a.NewVerifier()},
	}
	return auth, a.storeAt(at.environmentID).AddAuthorisation(ctx, auth)
}

// returnAddress is where the bank sends the person back to. One that is not on
// this machine is the TPP's own: the person brings the address back by hand.
func (a *App) returnAddress(ctx context.Context, environmentID string) (string, error) {
	e, err := a.store.Environment(ctx, environmentID)
	if err != nil || e.RedirectURL == "" {
		return a.callbackURL, err
	}
	if !isLocalCallback(e.RedirectURL) {
		return e.RedirectURL, nil
	}
	if err := a.listenCallback(e.RedirectURL); err != nil {
		return "", &Error{
			Message: "The return address " + e.RedirectURL + " cannot be used.", Lost: "Nothing was sent.",
			Do: "End the program that uses the port, or change the address in the settings.", Detail: err.Error(), Cause: err,
		}
	}
	return e.RedirectURL, nil
}

// back is the return address as the bank is told. The state goes along for
// banks that send the person back without adding anything.
func back(auth storage.Authorisation, credentials storage.Credentials) xs2a.Return {
	with := func(values url.Values) string { return withQuery(auth.RedirectURI, values) }
	return xs2a.Return{
		URI:    with(url.Values{"state": {auth.Secret.State}}),
		NokURI: with(url.Values{"state": {auth.Secret.State}, "result": {"nok"}}),
		Stay:   credentials.Decoupled,
	}
}

// withQuery adds parameters to an address, which may have some.
func withQuery(address string, values url.Values) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // no environment has one, see checkEnvironment
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += values.Encode()
	return u.String()
}

// attempt is an authorisation with all that is needed to go on with it.
type attempt struct {
	storage.Authorisation
	subject
	place
	credentials storage.Credentials
	client      *xs2a.Client
	call        xs2a.Call
	named       []xs2a.Origin // hosts of the bank beside the environment's
	release     func()        // lets others send for it again; nil while it is not claimed
}

// claim takes an attempt for one's own, before something the person gave is sent
// for it: of several windows that show the same step exactly one sends. The
// others get ErrStale, and so does who read it before it changed. It is held
// until the answer is stored, or until release is called.
func (a *App) claim(ctx context.Context, t *attempt) error {
	a.mu.Lock()
	taken := a.sending[t.ID]
	if !taken {
		a.sending[t.ID] = true
	}
	a.mu.Unlock()
	if taken {
		return storage.ErrStale
	}
	t.release = sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.sending, t.ID)
	})
	version, err := a.store.ClaimStep(ctx, t.Authorisation)
	if err != nil {
		t.release()
		return err
	}
	t.Version = version
	return nil
}

// asks notes that the bank is being asked for what an attempt is for, until it is
// called off: a page that is opened meanwhile waits.
func (a *App) asks(authorisationID string) (done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sending[authorisationID] = true
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.sending, authorisationID)
		if wake := a.following[authorisationID]; wake != nil { // who asks for the outcome has held back
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}
}

// claimed reports whether somebody sends something for an attempt at the moment.
func (a *App) claimed(authorisationID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sending[authorisationID]
}

// setAnswer stores how an attempt stands by the bank's last answer, and lets
// others send for it again.
func (a *App) setAnswer(ctx context.Context, t *attempt) error {
	version, err := a.store.SetAnswer(ctx, t.Authorisation)
	if err == nil {
		t.Version = version
	}
	if t.release != nil {
		t.release()
	}
	return err
}

// load returns an attempt as it is stored, with an access token that is good.
func (a *App) load(ctx context.Context, authorisationID string, person Person) (attempt, error) {
	auth, err := a.store.Authorisation(ctx, authorisationID)
	if err != nil {
		return attempt{}, err
	}
	t := attempt{Authorisation: auth}
	if t.subject, err = a.subjectOf(ctx, auth.Subject); err != nil {
		return t, err
	}
	t.place = t.where()
	c := t.consent()
	if _, t.client, err = a.consentAndClient(ctx, c.ID); err != nil {
		return t, err
	}
	if t.call, t.credentials, err = a.callUnder(ctx, c, t.client, &person); err != nil {
		return t, err
	}
	if t.named, err = a.store.Hosts(ctx, t.environmentID, t.bic); err != nil {
		return t, err
	}
	t.Asks.At, t.Asks.To = t.client.Kept(t.Asks.At), t.client.KeptLink(t.Asks.To)
	if t.Asks.At == (xs2a.Addresses{}) { // a new attempt at a subject whose addresses are known
		t.Asks.At = t.call.At
	}
	t.call.At = t.Asks.At
	return t, nil
}

// advance takes an attempt as far as it goes without the person: what it is for is
// asked for, the authorisation started, and what comes next stored. An error
// leaves it where it was, to be tried again.
func (a *App) advance(ctx context.Context, authorisationID string, person Person) error {
	t, err := a.load(ctx, authorisationID, person)
	if err != nil {
		return err
	}
	if t.Ended() || t.over() { // given up in another window
		return storage.ErrEnd
	}
	if t.client.WantsPerson() && t.credentials.AccessToken == "" {
		return a.logInFirst(ctx, t)
	}
	defer a.asks(t.ID)()
	var answer xs2a.SCAAnswer
	next := xs2a.Next{Step: xs2a.StepStart, Start: true} // an attempt at what the bank knows is always started
	if _, known := t.resource(); !known || t.anew() {
		if t.subject, answer, err = t.create(ctx, t.client, t.call, back(t.Authorisation, t.credentials)); err != nil {
			if known && t.client.PersonsToken() && t.credentials.AccessToken != "" && xs2a.Refusal(err).WrongToken() {
				return a.logInFirst(ctx, t) // what the bank knows is asked for again, and the token has run out
			}
			return err
		}
		next = xs2a.NextStep(answer)
		t.know(answer)
	} else if begins, err := a.beginning(ctx, t); err != nil {
		return err
	} else if begins != nil {
		next, answer.Chosen, answer.Challenge = begins.Next, begins.Chosen, begins.Challenge
	}
	if next.Step == xs2a.StepStart {
		if answer, err = a.startAnew(ctx, &t, next); err != nil {
			return a.misled(ctx, t, err)
		}
		next = xs2a.NextStep(answer)
	}
	err = a.takeNext(ctx, &t, answer, next, person)
	if errors.Is(err, storage.ErrStale) { // begun anew or given up in another window
		return storage.ErrEnd
	}
	return err
}

// misled ends an attempt whose bank leads to where nothing is sent, and returns any
// other error as it is. A new attempt asks the bank again.
func (a *App) misled(ctx context.Context, t attempt, err error) error {
	if !leads(err) {
		return err
	}
	a.log.Warn("the bank's link is not followed", "authorisation", t.ID, "error", err)
	return a.storeAt(t.environmentID).EndAuthorisation(ctx, t.ID, storage.Misled, a.explain(t.bankName, err).Message)
}

// beginning is how the bank wants an authorisation of a subject to be started,
// as it said when that was asked for; nil for a plain start, which does
// where all the bank wanted was a login that is known by now.
func (a *App) beginning(ctx context.Context, t attempt) (*storage.Beginning, error) {
	attempts, err := a.store.Authorisations(ctx, t.Subject)
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
func (a *App) startAnew(ctx context.Context, t *attempt, next xs2a.Next) (xs2a.SCAAnswer, error) {
	resource, _ := t.resource()
	answer, err := t.client.Continue(ctx, t.call, resource, "", next, xs2a.PSUData{}, back(t.Authorisation, t.credentials))
	if t.call.PSUID == "" || !xs2a.Refusal(err).WrongCredentials() {
		return answer, err
	}
	if err := a.forgetPerson(ctx, t); err != nil {
		return answer, err
	}
	return t.client.Continue(ctx, t.call, resource, "", next, xs2a.PSUData{}, back(t.Authorisation, t.credentials))
}

// logInFirst sends the person to log in before the consent is asked for
// (BG 1.3.12 section 5.1, OAuth2 as a pre-step).
func (a *App) logInFirst(ctx context.Context, t attempt) error {
	if _, err := a.store.ChangeSecret(ctx, t.ID, func(s *storage.Secret) { s.PreStep = true }); err != nil {
		return err
	}
	t.Step, t.Link = xs2a.StepOAuth, preStepLink
	return a.setAnswer(ctx, &t)
}

// preStepLink stands for the authorisation server the environment names.
const preStepLink = "/"

// take stores what the bank's answer means for an attempt, and goes on where
// the person is not needed.
func (a *App) take(ctx context.Context, t *attempt, answer xs2a.SCAAnswer, person Person) error {
	return a.takeNext(ctx, t, answer, xs2a.NextStep(answer), person)
}

// know notes where the bank says that what is authorised lies.
func (t *attempt) know(answer xs2a.SCAAnswer) {
	t.Asks.At = t.Asks.At.After(answer)
	t.call.At = t.Asks.At
}

func (a *App) takeNext(ctx context.Context, t *attempt, answer xs2a.SCAAnswer, next xs2a.Next, person Person) error {
	t.know(answer)
	t.Step, t.Link = next.Step, ""
	t.Asks = storage.Asks{
		To: next.To, At: t.Asks.At,
		Start: next.Start, Encrypted: next.Encrypted, Additional: next.Additional, Methods: next.Methods,
		Chosen: answer.Chosen, Challenge: answer.Challenge, Begins: t.Asks.Begins,
		Said: storage.Said{Fees: answer.Fees, Trusted: answer.Trusted, NameMatch: answer.NameMatch, Warnings: answer.Warnings},
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
	t.Message, t.Answer = answer.Message, string(answer.Raw)
	if next.Link != "" {
		if _, err := t.client.PageURL(next.Link, t.bic); err != nil {
			return a.misled(ctx, *t, err)
		}
		t.Link = next.Link
	}
	if err := a.setAnswer(ctx, t); err != nil {
		return err
	}
	switch next.Step {
	case xs2a.StepFailed:
		return a.storeAt(t.environmentID).EndAuthorisation(ctx, t.ID, storage.Failed, answer.Message)
	case xs2a.StepConfirm:
		if t.Secret.ConfirmationCode != "" {
			return a.confirm(ctx, t, person)
		}
	case xs2a.StepDecoupled, xs2a.StepWait, xs2a.StepDone, xs2a.StepAnother:
		a.follow(t.ID, person)
	}
	return nil
}
