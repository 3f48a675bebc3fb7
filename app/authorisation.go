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

// Latest gives the id of the latest attempt at the consent of a flow.
func (a *App) Latest(ctx context.Context, flow Flow) (authorisationID string, err error) {
	attempts, err := a.store.Authorisations(ctx, flow.Consent.ID)
	if err != nil || len(attempts) == 0 {
		return flow.ID, err
	}
	return attempts[0].ID, nil
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
		ID: uuid.NewString(), ConsentID: c.ID, RedirectURI: back, Step: stepAsk, CreatedAt: a.now(),
		Secret: storage.Secret{State: xs2a.NewState(), Verifier: xs2a.NewVerifier()},
	}
	return auth, a.store.AddAuthorisation(ctx, auth)
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
func back(auth storage.Authorisation, bond storage.Bond) xs2a.Return {
	with := func(values url.Values) string { return auth.RedirectURI + "?" + values.Encode() }
	return xs2a.Return{
		URI:    with(url.Values{"state": {auth.Secret.State}}),
		NokURI: with(url.Values{"state": {auth.Secret.State}, "result": {"nok"}}),
		Stay:   bond.Decoupled,
	}
}

// attempt is an authorisation with all that is needed to go on with it.
type attempt struct {
	storage.Authorisation
	consent storage.Consent
	bond    storage.Bond
	client  *xs2a.Client
	call    xs2a.Call
}

func (t attempt) resource() xs2a.Resource { return xs2a.ConsentResource(t.consent.BankConsentID) }

// load gives an attempt as it is stored, with an access token that is good.
func (a *App) load(ctx context.Context, authorisationID string, person Person) (attempt, error) {
	auth, err := a.store.Authorisation(ctx, authorisationID)
	if err != nil {
		return attempt{}, err
	}
	t := attempt{Authorisation: auth}
	if t.consent, t.client, err = a.consentAndClient(ctx, auth.ConsentID); err != nil {
		return t, err
	}
	t.call, t.bond, err = a.callUnder(ctx, t.consent, t.client, person)
	return t, err
}

// advance takes an attempt as far as it goes without the person: the consent is
// asked for, the authorisation started, and what comes next stored. An error
// leaves it where it was, to be tried again.
func (a *App) advance(ctx context.Context, authorisationID string, person Person) error {
	t, err := a.load(ctx, authorisationID, person)
	if err != nil {
		return err
	}
	if t.client.WantsPerson() && t.bond.AccessToken == "" {
		return a.logInFirst(ctx, t)
	}
	var answer xs2a.SCAAnswer
	if t.consent.BankConsentID == "" {
		if answer, err = a.create(ctx, &t); err != nil {
			return err
		}
	} else {
		answer.Links = xs2a.Links{"startAuthorisation": "/"} // an attempt after the first is always started
	}
	if next := xs2a.NextStep(answer); next.Step == xs2a.StepStart {
		if answer, err = t.client.Continue(ctx, t.call, t.resource(), "", next, xs2a.PSUData{}, back(t.Authorisation, t.bond)); err != nil {
			return err
		}
	}
	return a.take(ctx, t, answer, person)
}

// create asks the bank for the consent of an attempt.
func (a *App) create(ctx context.Context, t *attempt) (xs2a.SCAAnswer, error) {
	asking := t.call
	asking.RequestID = t.consent.RequestID // the same when it is asked again: the bank creates one consent
	id, answer, err := t.client.CreateConsent(ctx, asking, t.consent.Asked, back(t.Authorisation, t.bond))
	if err != nil {
		return answer, err
	}
	t.consent.BankConsentID = id
	if err := a.store.SetBankConsent(ctx, t.consent.ID, id); err != nil {
		return answer, err
	}
	return answer, a.noteStatus(ctx, t.consent.ID, answer.ConsentStatus)
}

// logInFirst sends the person to log in before the consent is asked for
// (BG 1.3.12 section 5.1, OAuth2 as a pre-step).
func (a *App) logInFirst(ctx context.Context, t attempt) error {
	t.Secret.PreStep = true
	if err := a.store.SetSecret(ctx, t.ID, t.Secret); err != nil {
		return err
	}
	t.Step, t.Link = xs2a.StepOAuth, preStepLink
	return a.store.SetAnswer(ctx, t.ID, t.Authorisation)
}

// preStepLink stands for the authorisation server the environment names.
const preStepLink = "/"

// take stores what the bank's answer means for an attempt, and goes on where
// the person is not needed.
func (a *App) take(ctx context.Context, t attempt, answer xs2a.SCAAnswer, person Person) error {
	next := xs2a.NextStep(answer)
	t.Step, t.Link = next.Step, ""
	t.Asks = storage.Asks{
		Start: next.Start, Encrypted: next.Encrypted, Additional: next.Additional, Methods: next.Methods,
		Chosen: answer.Chosen, Challenge: answer.Challenge,
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
	t.Message = answer.Message
	if next.Link != "" {
		if _, err := t.client.PageURL(next.Link); err != nil {
			return err
		}
		t.Link = next.Link
	}
	if err := a.store.SetAnswer(ctx, t.ID, t.Authorisation); err != nil {
		return err
	}
	switch next.Step {
	case xs2a.StepFailed:
		return a.store.EndAuthorisation(ctx, t.ID, storage.Failed, answer.Message)
	case xs2a.StepConfirm:
		if t.Secret.ConfirmationCode != "" {
			return a.confirm(ctx, t, person)
		}
	case xs2a.StepDecoupled, xs2a.StepWait, xs2a.StepDone, xs2a.StepAnother:
		a.follow(t.ID, person)
	}
	return nil
}

func (a *App) noteStatus(ctx context.Context, consentID string, status xs2a.ConsentStatus) error {
	if status == "" {
		return nil
	}
	return a.store.SetConsentStatus(ctx, consentID, status, storage.FromBank, bankSays(status))
}

// Given is what a person enters for a step of the embedded approach. Passwords
// and codes pass through memory once and are kept nowhere.
type Given struct {
	PSUID, CorporateID string // for the step identify; also beside a password
	xs2a.PSUData
}

// Give passes what the person entered on to the bank, when the attempt is at
// that step; a second window that comes too late changes nothing.
func (a *App) Give(ctx context.Context, authorisationID string, step xs2a.Step, given Given, person Person) error {
	t, err := a.load(ctx, authorisationID, person)
	if err != nil || t.Ended() || t.Step != step {
		return err
	}
	if fields := checkGiven(t.Authorisation, given); len(fields) > 0 {
		return invalid(fields)
	}
	if given.PSUID != "" {
		t.bond.PSUID, t.bond.CorporateID = strings.TrimSpace(given.PSUID), strings.TrimSpace(given.CorporateID)
		t.call.PSUID, t.call.CorporateID = t.bond.PSUID, t.bond.CorporateID
		if err := a.store.SetBond(ctx, t.consent.ID, t.bond); err != nil {
			return err
		}
	}
	answer, err := t.client.Continue(ctx, t.call, t.resource(), t.BankID, t.Next(), given.PSUData, back(t.Authorisation, t.bond))
	if err != nil {
		return a.notTaken(t, step, err)
	}
	return a.take(ctx, t, answer, person)
}

// fieldOf names the field in which each step's answer is entered.
var fieldOf = map[xs2a.Step]string{
	xs2a.StepIdentify: "psu_id", xs2a.StepPassword: "password", xs2a.StepChooseMethod: "method",
	xs2a.StepCode: "code", xs2a.StepConfirm: "confirmation",
}

// checkGiven says at the field what is missing.
func checkGiven(t storage.Authorisation, given Given) map[string]string {
	switch {
	case t.Step == xs2a.StepIdentify && strings.TrimSpace(given.PSUID) == "":
		return map[string]string{"psu_id": "Enter the login your bank knows you by."}
	case t.Step == xs2a.StepPassword && given.Password == "":
		return map[string]string{"password": "Enter your password."}
	case t.Step == xs2a.StepCode && given.Code == "":
		return map[string]string{"code": "Enter the code."}
	case t.Step == xs2a.StepConfirm && given.ConfirmationCode == "":
		return map[string]string{"confirmation": "Enter the confirmation code."}
	case t.Step == xs2a.StepChooseMethod:
		for _, m := range t.Asks.Methods {
			if m.ID == given.MethodID {
				return nil
			}
		}
		return map[string]string{"method": "Choose one of the list."}
	}
	return nil
}

// notTaken puts a refusal to the field whose content the bank refused.
func (a *App) notTaken(t attempt, step xs2a.Step, err error) error {
	e := a.explain(t.consent.BankName, err)
	var refused *xs2a.Error
	if !errors.As(err, &refused) {
		return e
	}
	words := map[string]string{
		"PSU_CREDENTIALS_INVALID": "Your bank does not accept this.",
		"SCA_INVALID":             "Your bank does not accept this code.",
		"SCA_METHOD_UNKNOWN":      "Your bank does not know this way any more.",
	}[refused.Code]
	if words == "" {
		return e
	}
	shown := *e
	shown.Message, shown.Do = words, "Check it and try again; banks allow a few attempts only."
	shown.Fields = map[string]string{fieldOf[step]: words}
	return &shown
}

// confirm sends the confirmation code the person came back with
// (BG 1.3.12 section 7.3).
func (a *App) confirm(ctx context.Context, t attempt, person Person) error {
	data := xs2a.PSUData{ConfirmationCode: t.Secret.ConfirmationCode}
	answer, err := t.client.Continue(ctx, t.call, t.resource(), t.BankID, xs2a.Next{Step: xs2a.StepConfirm}, data, xs2a.Return{})
	if err != nil {
		return a.explain(t.consent.BankName, err)
	}
	t.Secret.ConfirmationCode = "" // once is enough, also when the bank wants another
	if err := a.store.SetSecret(ctx, t.ID, t.Secret); err != nil {
		return err
	}
	return a.take(ctx, t, answer, person)
}

// Page gives the address of the bank's page and notes that the person goes
// there. From then on the bank is asked now and then how far it is.
func (a *App) Page(ctx context.Context, authorisationID string, person Person) (string, error) {
	t, err := a.load(ctx, authorisationID, person)
	if err != nil {
		return "", err
	}
	if t.Ended() || t.Link == "" {
		return "", &Error{Message: "There is no page of the bank to open for this permission any more.", Do: "Go back to see where it stands."}
	}
	page, err := a.pageAddress(ctx, t)
	if err != nil {
		return "", a.explain(t.consent.BankName, err)
	}
	if err := a.store.SetOpened(ctx, t.ID); err != nil {
		return "", err
	}
	if !t.Secret.PreStep {
		a.follow(t.ID, person)
	}
	return page, nil
}

// pageAddress makes the address of the bank's page, and keeps what the return
// will be checked against.
func (a *App) pageAddress(ctx context.Context, t attempt) (string, error) {
	if t.Step != xs2a.StepOAuth {
		u, err := t.client.PageURL(t.Link)
		if err != nil {
			return "", err
		}
		return u.String(), nil
	}
	var page string
	var g xs2a.Grant
	var err error
	if t.Secret.PreStep {
		page, g, err = t.client.PreStep(ctx, t.grant())
	} else {
		page, g, err = t.client.AuthorizePage(ctx, t.Link, t.grant())
	}
	if err != nil {
		return "", err
	}
	t.Secret.TokenURL, t.Secret.Issuer = g.TokenURL, g.Issuer
	if t.Secret.Issuer == "" {
		t.Secret.Issuer = origin(page)
	}
	return page, a.store.SetSecret(ctx, t.ID, t.Secret)
}

// origin is scheme and host of an address.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (t attempt) grant() xs2a.Grant {
	g := xs2a.Grant{
		BIC: t.consent.BIC, AuthorisationID: t.BankID, State: t.Secret.State, Verifier: t.Secret.Verifier,
		RedirectURI: t.RedirectURI, TokenURL: t.Secret.TokenURL, Issuer: t.Secret.Issuer,
	}
	if !t.Secret.PreStep {
		g.Resource = t.resource()
	}
	return g
}

// Return says what a person's coming back from the bank led to.
type Return string

// What a return can lead to.
const (
	ReturnTaken   Return = "taken"   // the bank is being asked for the outcome
	ReturnDenied  Return = "denied"  // the person said no, or the bank did
	ReturnTwice   Return = "twice"   // this return was used before
	ReturnLate    Return = "late"    // it came too late
	ReturnOver    Return = "over"    // the attempt had been given up or begun anew
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
		return a.returnedAfterEnd(ctx, auth, person)
	case err != nil:
		return "", Flow{}, err
	}
	t, err := a.load(ctx, auth.ID, person)
	if err != nil {
		return "", Flow{}, err
	}
	flow := Flow{Authorisation: t.Authorisation, Consent: t.consent}
	if a.now().Sub(t.CreatedAt) > authorisationAge {
		err := a.store.EndAuthorisation(ctx, t.ID, storage.Expired, "You came back from the bank too late.")
		a.adopt(ctx, t.consent.ID, person)
		return ReturnLate, flow, err
	}
	if t.Step == xs2a.StepOAuth {
		outcome, err := a.returnedWithCode(ctx, values, t, person)
		return outcome, flow, err
	}
	if code := confirmationIn(values); code != "" {
		t.Secret.ConfirmationCode = code
		if err := a.store.SetSecret(ctx, t.ID, t.Secret); err != nil {
			return "", flow, err
		}
	}
	a.follow(t.ID, person)
	if values.Get("result") == "nok" {
		return ReturnDenied, flow, a.afterRefusal(ctx, t, person)
	}
	return ReturnTaken, flow, nil
}

// returnedAfterEnd takes a return that cannot count any more: a second one, or
// the first of an attempt that had ended here. The person may have approved at
// the bank all the same, so the bank is asked what it holds.
func (a *App) returnedAfterEnd(ctx context.Context, auth storage.Authorisation, person Person) (Return, Flow, error) {
	outcome := ReturnTwice
	if auth.ReturnedAt.IsZero() {
		outcome = ReturnOver
		if auth.Outcome == storage.Expired {
			outcome = ReturnLate
		}
		a.adopt(ctx, auth.ConsentID, person)
	}
	flow, err := a.Flow(ctx, auth.ID)
	return outcome, flow, err
}

// adopt notices a consent that was approved at the bank outside an attempt.
func (a *App) adopt(ctx context.Context, consentID string, person Person) {
	before, err := a.store.Consent(ctx, consentID)
	if err != nil || before.Status.Final() || before.Status == xs2a.ConsentValid {
		return
	}
	a.refreshQuietly(ctx, consentID, person)
	if after, err := a.store.Consent(ctx, consentID); err == nil && after.Status == xs2a.ConsentValid {
		a.Fetch(consentID, person)
	}
}

// confirmationIn finds the confirmation code of a redirect. The framework
// leaves its name to the bank (BG 1.3.12 section 5.1.4).
func confirmationIn(values url.Values) string {
	for _, name := range []string{"confirmationCode", "authConfirmationCode", "confirmation_code", "code"} {
		if code := values.Get(name); code != "" {
			return code
		}
	}
	return ""
}

// Pasted takes a return whose address the person brings by hand, because the
// bank knows only an address of the TPP's own. The same checks hold.
func (a *App) Pasted(ctx context.Context, authorisationID, address string, person Person) error {
	flow, err := a.Flow(ctx, authorisationID)
	if err != nil || flow.Ended() {
		return err
	}
	wrong := func(words string) error { return invalid(map[string]string{"address": words}) }
	u, err := url.Parse(strings.TrimSpace(address))
	expected, _ := url.Parse(flow.RedirectURI)
	switch {
	case err != nil || u.Host == "":
		return wrong("Paste the whole address from the browser, beginning with https://.")
	case expected == nil || u.Scheme != expected.Scheme || u.Host != expected.Host || u.Path != expected.Path:
		return wrong("This is not the address the bank was told: it has to begin with " + flow.RedirectURI + ".")
	case u.Query().Get("state") != flow.Secret.State:
		return wrong("This address belongs to another attempt.")
	}
	_, _, err = a.Returned(ctx, u.Query(), person)
	return err
}

// returnedWithCode goes on with an OAuth return (RFC 6749 section 4.1.2).
func (a *App) returnedWithCode(ctx context.Context, values url.Values, t attempt, person Person) (Return, error) {
	// Who sent the person back has to be who they were sent to (RFC 9207).
	if iss := values.Get("iss"); iss != "" && t.Secret.Issuer != "" && iss != t.Secret.Issuer && origin(iss) != origin(t.Secret.Issuer) {
		return ReturnFailed, a.fail(ctx, t, person, "The return came from another server than the bank's.")
	}
	if refused := values.Get("error"); refused != "" {
		if refused == "access_denied" {
			return ReturnDenied, a.afterRefusal(ctx, t, person)
		}
		reason := strings.TrimSpace(refused + " " + values.Get("error_description"))
		return ReturnFailed, a.fail(ctx, t, person, reason)
	}
	code := values.Get("code")
	if code == "" {
		return ReturnFailed, a.fail(ctx, t, person, "The bank sent you back without a confirmation.")
	}
	token, err := t.client.ExchangeCode(ctx, code, t.grant())
	if err != nil {
		e := a.explain(t.consent.BankName, err)
		return ReturnFailed, a.fail(ctx, t, person, e.Message)
	}
	if t.client.PersonsToken() {
		if err := a.keepToken(ctx, t.consent.ID, t.bond, token, t.Secret.TokenURL); err != nil {
			return "", err
		}
	}
	if t.Secret.PreStep {
		return ReturnTaken, a.afterLogIn(ctx, t, person)
	}
	a.follow(t.ID, person)
	return ReturnTaken, nil
}

// afterLogIn goes on once the person has logged in: the consent is asked for
// in a new attempt, whose state is unused. A failure shows there.
func (a *App) afterLogIn(ctx context.Context, t attempt, person Person) error {
	auth, err := a.newAuthorisation(ctx, t.consent)
	if err != nil {
		return err
	}
	if err := a.advance(ctx, auth.ID, person); err != nil {
		a.log.Warn("consent not asked for after the log-in", "consent", t.consent.ID, "error", err)
	}
	return nil
}

// afterRefusal ends an authorisation the person came back from with a no. The
// bank is asked what became of the consent; its silence changes nothing.
func (a *App) afterRefusal(ctx context.Context, t attempt, person Person) error {
	if err := a.store.EndAuthorisation(ctx, t.ID, storage.Denied, ""); err != nil {
		return err
	}
	a.refreshQuietly(ctx, t.consent.ID, person)
	return nil
}

func (a *App) fail(ctx context.Context, t attempt, person Person, reason string) error {
	if err := a.store.EndAuthorisation(ctx, t.ID, storage.Failed, reason); err != nil {
		return err
	}
	a.refreshQuietly(ctx, t.consent.ID, person)
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
	t, err := a.load(ctx, authorisationID, person)
	if err != nil || t.Ended() {
		return true, err
	}
	if t.consent.BankConsentID == "" {
		return false, nil
	}
	sca, err := a.scaStatus(ctx, &t, person)
	if err != nil {
		return false, err
	}
	status, err := a.consentStatus(ctx, &t, person)
	if err != nil {
		return false, err
	}
	switch {
	case status == xs2a.ConsentValid:
		return true, a.succeed(ctx, t, person)
	case status == xs2a.ConsentRejected:
		return true, a.store.EndAuthorisation(ctx, t.ID, storage.Denied, "")
	case sca == xs2a.SCAFailed || status.Final():
		return true, a.store.EndAuthorisation(ctx, t.ID, storage.Failed, "")
	case status == xs2a.ConsentPartiallyAuthorised && sca.Final():
		return true, a.halfway(ctx, t)
	case a.now().Sub(t.CreatedAt) > authorisationAge:
		return true, a.store.EndAuthorisation(ctx, t.ID, storage.Expired, "")
	}
	return false, nil
}

// halfway ends an authorisation after which another person has to authorise,
// too: who that is, is not known yet.
func (a *App) halfway(ctx context.Context, t attempt) error {
	t.bond.PSUID, t.bond.CorporateID = "", ""
	if err := a.store.SetBond(ctx, t.consent.ID, t.bond); err != nil {
		return err
	}
	return a.store.EndAuthorisation(ctx, t.ID, storage.Partial, "")
}

// scaStatus reads and stores the authorisation's status, and what it shows or
// asks for now. Banks answer 404 after it was finalised; that is no failure.
func (a *App) scaStatus(ctx context.Context, t *attempt, person Person) (xs2a.SCAStatus, error) {
	if t.BankID == "" {
		return "", nil
	}
	answer, err := t.client.SCAStatus(ctx, t.call, t.resource(), t.BankID)
	if gone(err) {
		return xs2a.SCAFinalised, nil
	}
	if err != nil {
		return "", err
	}
	t.SCAStatus = answer.SCAStatus
	if answer.Challenge.Shown() { // a picture may be another at each poll
		t.Asks.Challenge = answer.Challenge
	}
	if answer.SCAStatus == xs2a.SCAUnconfirmed && t.Step != xs2a.StepConfirm {
		t.Step = xs2a.StepConfirm
		t.Asks.Start = false
	}
	if err := a.store.SetAnswer(ctx, t.ID, t.Authorisation); err != nil {
		return answer.SCAStatus, err
	}
	if t.Step == xs2a.StepConfirm && t.Secret.ConfirmationCode != "" {
		return answer.SCAStatus, a.confirm(ctx, *t, person)
	}
	return answer.SCAStatus, nil
}

// consentStatus reads and stores the consent's status. While the bank has not
// said how to go on, the whole consent is read: the link may be there by now.
func (a *App) consentStatus(ctx context.Context, t *attempt, person Person) (xs2a.ConsentStatus, error) {
	if t.Step != xs2a.StepWait {
		status, err := t.client.ConsentStatus(ctx, t.call, t.consent.BankConsentID)
		if err != nil {
			return "", err
		}
		return status, a.noteStatus(ctx, t.consent.ID, status)
	}
	info, err := t.client.Consent(ctx, t.call, t.consent.BankConsentID)
	if err != nil {
		return "", err
	}
	if err := a.noteStatus(ctx, t.consent.ID, info.Status); err != nil {
		return info.Status, err
	}
	if next := xs2a.NextStep(info.Next).Step; next != xs2a.StepWait && next != xs2a.StepUnknown && !info.Status.Final() {
		return info.Status, a.take(ctx, *t, info.Next, person)
	}
	return info.Status, nil
}

// succeed ends an authorisation whose consent is valid, and begins the first
// fetch.
func (a *App) succeed(ctx context.Context, t attempt, person Person) error {
	a.refreshQuietly(ctx, t.consent.ID, person)
	if err := a.store.EndAuthorisation(ctx, t.ID, storage.Succeeded, ""); err != nil {
		return err
	}
	a.Fetch(t.consent.ID, person)
	return a.refreshFormer(ctx, t.consent, person)
}

// refreshFormer asks for the status of the consents a new recurring one takes
// the place of: the bank ends them by itself (BG 1.3.12 section 6.3.1, side
// effects), and nobody else would notice.
func (a *App) refreshFormer(ctx context.Context, c storage.Consent, person Person) error {
	all, err := a.store.Consents(ctx)
	if err != nil {
		return err
	}
	for _, former := range all {
		if c.Recurring && former.ID != c.ID && former.Recurring && former.Status == xs2a.ConsentValid &&
			former.EnvironmentID == c.EnvironmentID && former.BIC == c.BIC {
			a.refreshQuietly(ctx, former.ID, person)
		}
	}
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
	if len(attempts) > 0 && (c.Status.Final() || c.Status == xs2a.ConsentValid) {
		return attempts[0].ID, nil
	}
	auth, err := a.newAuthorisation(ctx, c)
	if err != nil {
		return "", err
	}
	if err := a.advance(ctx, auth.ID, person); err != nil {
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
