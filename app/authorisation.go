package app

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"consentry/storage"
	"consentry/xs2a"
)

const (
	// authorisationAge is how long a person may take at the bank. Banks close
	// their pages sooner.
	authorisationAge = 30 * time.Minute

	// followFor is how long the bank is asked how far the authorisation is.
	followFor = 10 * time.Minute

	firstPause, longestPause = time.Second, 5 * time.Second
)

// stepAsk is the step before the bank has answered the request for the
// consent. It is the program's own; the rest are xs2a's.
const stepAsk xs2a.Step = "ask"

// Flow is an authorisation with the consent it is for, as screens show it.
type Flow struct {
	storage.Authorisation
	Consent storage.Consent
	Job     *Job // the first fetch; nil before it began
}

// Unanswered tells whether it is not known if the bank got the request.
func (f Flow) Unanswered() bool { return f.Step == stepAsk && !f.Ended() }

// Flow gives one authorisation.
func (a *App) Flow(ctx context.Context, authorisationID string) (Flow, error) {
	auth, err := a.store.Authorisation(ctx, authorisationID)
	if err != nil {
		return Flow{}, err
	}
	c, err := a.store.Consent(ctx, auth.ConsentID)
	if err != nil {
		return Flow{}, err
	}
	return Flow{Authorisation: auth, Consent: c, Job: a.Job(c.ID)}, nil
}

// ConsentFlows lists the authorisations of a consent, the latest first.
func (a *App) ConsentFlows(ctx context.Context, consentID string) ([]storage.Authorisation, error) {
	return a.store.Authorisations(ctx, consentID)
}

// Unfinished lists the authorisations a person began and neither finished nor
// gave up, the latest first.
func (a *App) Unfinished(ctx context.Context) ([]Flow, error) {
	open, err := a.store.OpenAuthorisations(ctx)
	if err != nil {
		return nil, err
	}
	flows := make([]Flow, 0, len(open))
	for _, auth := range open {
		c, err := a.store.Consent(ctx, auth.ConsentID)
		if err != nil {
			return nil, err
		}
		flows = append(flows, Flow{Authorisation: auth, Consent: c})
	}
	return flows, nil
}

// newAuthorisation stores a new attempt at a consent, before anything is sent
// for it.
func (a *App) newAuthorisation(ctx context.Context, c storage.Consent) (storage.Authorisation, error) {
	back, err := a.returnAddress(ctx, c.EnvironmentID)
	if err != nil {
		return storage.Authorisation{}, err
	}
	auth := storage.Authorisation{
		ID: uuid.NewString(), ConsentID: c.ID, State: xs2a.NewState(), Verifier: xs2a.NewVerifier(),
		RedirectURI: back, Step: stepAsk, CreatedAt: a.now(),
	}
	return auth, a.store.AddAuthorisation(ctx, auth)
}

// returnAddress is where the bank sends the person back to.
func (a *App) returnAddress(ctx context.Context, environmentID string) (string, error) {
	e, err := a.store.Environment(ctx, environmentID)
	if err != nil || e.RedirectURL == "" {
		return a.callbackURL, err
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
func back(auth storage.Authorisation) xs2a.Return {
	with := func(values url.Values) string { return auth.RedirectURI + "?" + values.Encode() }
	return xs2a.Return{
		URI:    with(url.Values{"state": {auth.State}}),
		NokURI: with(url.Values{"state": {auth.State}, "result": {"nok"}}),
	}
}

// advance takes an authorisation as far as it goes without the person: the
// consent is asked for, the authorisation started, and what comes next stored.
// An error leaves it where it was, to be tried again.
func (a *App) advance(ctx context.Context, auth storage.Authorisation, person Person) error {
	c, client, err := a.consentAndClient(ctx, auth.ConsentID)
	if err != nil {
		return err
	}
	var answer xs2a.SCAAnswer
	if c.BankConsentID == "" {
		asking := call(c, person)
		asking.RequestID = c.RequestID // the same when it is asked again: the bank creates one consent
		c.BankConsentID, answer, err = client.CreateConsent(ctx, asking, c.Asked, back(auth))
		if err != nil {
			return err
		}
		if err := a.store.SetBankConsent(ctx, c.ID, c.BankConsentID); err != nil {
			return err
		}
		if err := a.noteStatus(ctx, c.ID, answer.ConsentStatus); err != nil {
			return err
		}
	} else {
		answer.Links = xs2a.Links{"startAuthorisation": "/"} // an attempt after the first is always started
	}
	if xs2a.NextStep(answer).Step == xs2a.StepStart {
		if answer, err = client.StartAuthorisation(ctx, call(c, person), c.BankConsentID, back(auth)); err != nil {
			return err
		}
	}
	return a.take(ctx, auth, answer, client)
}

// take stores what the bank's answer means for an authorisation.
func (a *App) take(ctx context.Context, auth storage.Authorisation, answer xs2a.SCAAnswer, client *xs2a.Client) error {
	next := xs2a.NextStep(answer)
	auth.Step, auth.Methods, auth.Link = next.Step, next.Methods, ""
	if answer.AuthorisationID != "" {
		auth.BankID = answer.AuthorisationID
	}
	if answer.SCAStatus != "" {
		auth.SCAStatus = answer.SCAStatus
	}
	if answer.Approach != "" {
		auth.Approach = answer.Approach
	}
	auth.Message = answer.Message
	switch next.Step {
	case xs2a.StepOAuth, xs2a.StepRedirect:
		if _, err := client.PageURL(next.Link); err != nil {
			return err
		}
		auth.Link = next.Link
	case xs2a.StepFailed:
		if err := a.store.EndAuthorisation(ctx, auth.ID, storage.Failed, answer.Message); err != nil {
			return err
		}
	}
	return a.store.SetAnswer(ctx, auth.ID, auth)
}

func (a *App) noteStatus(ctx context.Context, consentID string, status xs2a.ConsentStatus) error {
	if status == "" {
		return nil
	}
	return a.store.SetConsentStatus(ctx, consentID, status, storage.FromBank, bankSays(status))
}

// ChooseMethod tells the bank how the person wants to authorise.
func (a *App) ChooseMethod(ctx context.Context, authorisationID, methodID string, person Person) error {
	flow, client, err := a.flowAndClient(ctx, authorisationID)
	if err != nil {
		return err
	}
	if flow.Ended() || flow.Step != xs2a.StepChooseMethod {
		return nil // chosen already, in another window
	}
	known := false
	for _, m := range flow.Methods {
		known = known || m.ID == methodID
	}
	if !known {
		return invalid(map[string]string{"method": "Choose one of the list."})
	}
	answer, err := client.SelectMethod(ctx, call(flow.Consent, person), flow.Consent.BankConsentID, flow.BankID, methodID)
	if err != nil {
		return a.explain(flow.Consent.BankName, err)
	}
	return a.take(ctx, flow.Authorisation, answer, client)
}

func (a *App) flowAndClient(ctx context.Context, authorisationID string) (Flow, *xs2a.Client, error) {
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil {
		return flow, nil, err
	}
	_, client, err := a.reach(ctx, flow.Consent.EnvironmentID)
	return flow, client, err
}

// Page gives the address of the bank's page and notes that the person goes
// there. From then on the bank is asked now and then how far it is.
func (a *App) Page(ctx context.Context, authorisationID string, person Person) (string, error) {
	flow, client, err := a.flowAndClient(ctx, authorisationID)
	if err != nil {
		return "", err
	}
	if flow.Ended() || flow.Link == "" {
		return "", &Error{Message: "There is no page of the bank to open for this permission any more.", Do: "Go back to see where it stands."}
	}
	page, err := a.pageAddress(flow, client)
	if err != nil {
		return "", a.explain(flow.Consent.BankName, err)
	}
	if err := a.store.SetOpened(ctx, flow.ID); err != nil {
		return "", err
	}
	a.follow(flow.ID, person)
	return page, nil
}

func (a *App) pageAddress(flow Flow, client *xs2a.Client) (string, error) {
	if flow.Step == xs2a.StepOAuth {
		return client.AuthorizeURL(flow.Link, grant(flow))
	}
	u, err := client.PageURL(flow.Link)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func grant(f Flow) xs2a.Grant {
	return xs2a.Grant{
		ConsentID: f.Consent.BankConsentID, AuthorisationID: f.BankID,
		State: f.State, Verifier: f.Verifier, RedirectURI: f.RedirectURI,
	}
}

// Return says what a person's coming back from the bank led to.
type Return string

// What a return can lead to.
const (
	ReturnTaken   Return = "taken"   // the bank is being asked for the outcome
	ReturnDenied  Return = "denied"  // the person said no, or the bank did
	ReturnTwice   Return = "twice"   // this return was used before
	ReturnLate    Return = "late"    // it came too late
	ReturnUnknown Return = "unknown" // its state belongs to no flow
	ReturnEmpty   Return = "empty"   // it says nothing at all
	ReturnFailed  Return = "failed"  // the bank, or the exchange of the code, failed
)

// Returned takes a person's return from the bank with what stands in its
// address, and gives what it led to with the flow it belongs to, where that is
// known.
func (a *App) Returned(ctx context.Context, values url.Values, person Person) (Return, Flow, error) {
	state := values.Get("state")
	if state == "" {
		return ReturnEmpty, Flow{}, nil
	}
	auth, err := a.store.TakeReturn(ctx, state)
	switch {
	case NotFound(err):
		return ReturnUnknown, Flow{}, nil
	case errors.Is(err, storage.ErrStateUsed):
		flow, err := a.Flow(ctx, auth.ID)
		return ReturnTwice, flow, err
	case err != nil:
		return "", Flow{}, err
	}
	flow, client, err := a.flowAndClient(ctx, auth.ID)
	if err != nil {
		return "", flow, err
	}
	if a.now().Sub(flow.CreatedAt) > authorisationAge {
		return ReturnLate, flow, a.store.EndAuthorisation(ctx, flow.ID, storage.Expired, "You came back from the bank too late.")
	}
	if flow.Step == xs2a.StepOAuth {
		return a.returnedWithCode(ctx, values, flow, client, person)
	}
	a.follow(flow.ID, person)
	if values.Get("result") == "nok" {
		return ReturnDenied, flow, a.afterRefusal(ctx, flow, person)
	}
	return ReturnTaken, flow, nil
}

// returnedWithCode goes on with an OAuth return (RFC 6749 section 4.1.2).
func (a *App) returnedWithCode(ctx context.Context, values url.Values, flow Flow, client *xs2a.Client, person Person) (Return, Flow, error) {
	if refused := values.Get("error"); refused != "" {
		if refused == "access_denied" {
			return ReturnDenied, flow, a.afterRefusal(ctx, flow, person)
		}
		reason := strings.TrimSpace(refused + " " + values.Get("error_description"))
		return ReturnFailed, flow, a.fail(ctx, flow, person, reason)
	}
	code := values.Get("code")
	if code == "" {
		return ReturnFailed, flow, a.fail(ctx, flow, person, "The bank sent you back without a confirmation.")
	}
	if _, err := client.ExchangeCode(ctx, code, grant(flow)); err != nil {
		e := a.explain(flow.Consent.BankName, err)
		return ReturnFailed, flow, a.fail(ctx, flow, person, e.Message)
	}
	a.follow(flow.ID, person)
	return ReturnTaken, flow, nil
}

// afterRefusal ends an authorisation the person came back from with a no. The
// bank is asked what became of the consent; its silence changes nothing.
func (a *App) afterRefusal(ctx context.Context, flow Flow, person Person) error {
	if err := a.store.EndAuthorisation(ctx, flow.ID, storage.Denied, ""); err != nil {
		return err
	}
	a.refreshQuietly(ctx, flow.Consent.ID, person)
	return nil
}

func (a *App) fail(ctx context.Context, flow Flow, person Person, reason string) error {
	if err := a.store.EndAuthorisation(ctx, flow.ID, storage.Failed, reason); err != nil {
		return err
	}
	a.refreshQuietly(ctx, flow.Consent.ID, person)
	return nil
}

func (a *App) refreshQuietly(ctx context.Context, consentID string, person Person) {
	if err := a.RefreshConsent(ctx, consentID, person); err != nil {
		a.log.Warn("consent not refreshed", "consent", consentID, "error", err)
	}
}

// follow asks the bank in the background how far an authorisation is, until
// it has ended or ten minutes have passed. A call while it runs makes it ask
// at once.
func (a *App) follow(authorisationID string, person Person) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if wake := a.following[authorisationID]; wake != nil {
		select {
		case wake <- struct{}{}:
		default: // it is about to ask anyway
		}
		return
	}
	wake := make(chan struct{}, 1)
	a.following[authorisationID] = wake
	a.run(func(ctx context.Context) {
		a.askUntilEnded(ctx, authorisationID, person, wake)
		a.mu.Lock()
		delete(a.following, authorisationID)
		a.mu.Unlock()
	})
}

func (a *App) askUntilEnded(ctx context.Context, authorisationID string, person Person, wake <-chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, followFor)
	defer cancel()
	for pause := firstPause; ; pause = min(pause*3/2, longestPause) {
		ended, err := a.check(ctx, authorisationID, person)
		if ended || ctx.Err() != nil {
			return
		}
		if err != nil {
			a.log.Warn("authorisation not checked", "authorisation", authorisationID, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-time.After(pause):
		}
	}
}

// Check asks the bank once how far an authorisation is.
func (a *App) Check(ctx context.Context, authorisationID string, person Person) error {
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	if _, err := a.check(ctx, authorisationID, person); err != nil {
		return a.explain(flow.Consent.BankName, err)
	}
	return nil
}

// check asks the bank how far an authorisation is and stores what it says;
// ended tells that nothing more is to come. The consent decides: it may be
// valid while the authorisation's status is not known any more.
func (a *App) check(ctx context.Context, authorisationID string, person Person) (ended bool, err error) {
	flow, client, err := a.flowAndClient(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return true, err
	}
	if flow.Consent.BankConsentID == "" {
		return false, nil
	}
	sca, err := a.scaStatus(ctx, flow, client, person)
	if err != nil {
		return false, err
	}
	status, err := client.ConsentStatus(ctx, call(flow.Consent, person), flow.Consent.BankConsentID)
	if err != nil {
		return false, err
	}
	if err := a.noteStatus(ctx, flow.Consent.ID, status); err != nil {
		return false, err
	}
	switch {
	case status == xs2a.ConsentValid:
		return true, a.succeed(ctx, flow, person)
	case status == xs2a.ConsentRejected:
		return true, a.store.EndAuthorisation(ctx, flow.ID, storage.Denied, "")
	case sca == xs2a.SCAFailed || status.Final():
		return true, a.store.EndAuthorisation(ctx, flow.ID, storage.Failed, "")
	case a.now().Sub(flow.CreatedAt) > authorisationAge:
		return true, a.store.EndAuthorisation(ctx, flow.ID, storage.Expired, "")
	}
	return false, nil
}

// scaStatus reads and stores the authorisation's status. Banks answer 404
// after it was finalised; that is no failure.
func (a *App) scaStatus(ctx context.Context, flow Flow, client *xs2a.Client, person Person) (xs2a.SCAStatus, error) {
	if flow.BankID == "" {
		return "", nil
	}
	answer, err := client.SCAStatus(ctx, call(flow.Consent, person), flow.Consent.BankConsentID, flow.BankID)
	if gone(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	flow.SCAStatus = answer.SCAStatus
	return answer.SCAStatus, a.store.SetAnswer(ctx, flow.ID, flow.Authorisation)
}

// succeed ends an authorisation whose consent is valid, and begins the first
// fetch.
func (a *App) succeed(ctx context.Context, flow Flow, person Person) error {
	a.refreshQuietly(ctx, flow.Consent.ID, person)
	if err := a.store.EndAuthorisation(ctx, flow.ID, storage.Succeeded, ""); err != nil {
		return err
	}
	a.Fetch(flow.Consent.ID, person)
	return nil
}

// Resume goes on with a consent that was asked for and not authorised: with
// the same attempt where it can still be finished, else with a new one. It
// gives the authorisation to go on with.
func (a *App) Resume(ctx context.Context, consentID string, person Person) (authorisationID string, err error) {
	c, err := a.store.Consent(ctx, consentID)
	if err != nil {
		return "", err
	}
	attempts, err := a.store.Authorisations(ctx, consentID)
	if err != nil {
		return "", err
	}
	if len(attempts) > 0 {
		latest := attempts[0]
		if ended, _ := a.check(ctx, latest.ID, person); ended || a.stillOpen(ctx, latest, c) {
			if latest, err = a.store.Authorisation(ctx, latest.ID); err != nil {
				return "", err
			}
		}
		if !latest.Ended() && a.stillOpen(ctx, latest, c) || latest.Outcome == storage.Succeeded {
			return latest.ID, nil
		}
	}
	if c, err = a.store.Consent(ctx, consentID); err != nil {
		return "", err
	}
	if c.Status.Final() || c.Status == xs2a.ConsentValid {
		return attempts[0].ID, nil
	}
	auth, err := a.newAuthorisation(ctx, c)
	if err != nil {
		return "", err
	}
	if err := a.advance(ctx, auth, person); err != nil {
		return auth.ID, a.explain(c.BankName, err)
	}
	return auth.ID, nil
}

// stillOpen tells whether an attempt can be finished as it stands: the bank
// would send the person back to an address at which this program answers.
func (a *App) stillOpen(ctx context.Context, auth storage.Authorisation, c storage.Consent) bool {
	here, err := a.returnAddress(ctx, c.EnvironmentID)
	return err == nil && !auth.Ended() && auth.Step != stepAsk && auth.RedirectURI == here &&
		auth.ReturnedAt.IsZero() && a.now().Sub(auth.CreatedAt) < authorisationAge
}

// GiveUp ends an authorisation and the consent it is for, which nobody could
// have used yet. The bank is told; its refusal changes nothing.
func (a *App) GiveUp(ctx context.Context, authorisationID string, person Person) error {
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	err = a.Withdraw(ctx, flow.Consent.ID, person)
	var told *Error
	if errors.As(err, &told) {
		a.log.Warn("bank not told of a consent given up", "consent", flow.Consent.ID, "error", err)
		return nil
	}
	return err
}

// endOpen ends all open attempts at a consent.
func (a *App) endOpen(ctx context.Context, consentID string, outcome storage.Outcome) error {
	attempts, err := a.store.Authorisations(ctx, consentID)
	if err != nil {
		return err
	}
	for _, auth := range attempts {
		if err := a.store.EndAuthorisation(ctx, auth.ID, outcome, ""); err != nil {
			return err
		}
	}
	return nil
}
