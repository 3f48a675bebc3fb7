package sca

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

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

// oneQuery mends what comes of a bank that puts a second question mark after a
// return address with a query of its own: what follows it are parameters, too.
// What our own query says stands. None of our values holds a question mark.
func oneQuery(values url.Values) url.Values {
	mended := url.Values{}
	for _, name := range []string{"state", "result"} {
		own, appended, twice := strings.Cut(values.Get(name), "?")
		if !twice {
			continue
		}
		mended.Set(name, own)
		if more, err := url.ParseQuery(appended); err == nil {
			for key, value := range more {
				if key != "state" && key != "result" {
					mended[key] = append(slices.Clone(values[key]), value...) // what stands there twice is seen
				}
			}
		}
	}
	for key, value := range values {
		if !mended.Has(key) {
			mended[key] = value
		}
	}
	return mended
}

// Returned takes a person's return from the bank with what stands in its
// address, and returns what it led to with the flow it belongs to, where that is
// known.
func (p *Process) Returned(ctx context.Context, values url.Values, person xs2a.PSU) (Return, Flow, error) {
	values = oneQuery(values)
	state := values.Get("state")
	if state == "" {
		return ReturnEmpty, Flow{}, nil
	}
	auth, err := p.store.TakeReturn(ctx, state)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return ReturnUnknown, Flow{}, nil
	case errors.Is(err, storage.ErrStateUsed):
		flow, err := p.Flow(ctx, auth.ID)
		return ReturnTwice, flow, err
	case errors.Is(err, storage.ErrEnded):
		return p.returnedAfterEnd(ctx, auth, values, person)
	case err != nil:
		return "", Flow{}, err
	}
	p.presence.Seen() // who brings the state is back from the bank
	t, err := p.load(ctx, auth.ID, person)
	if err != nil {
		return "", Flow{}, err
	}
	if t.Ended() { // between the two readings
		return p.returnedAfterEnd(ctx, t.Authorisation, values, person)
	}
	flow := Flow{Authorisation: t.Authorisation, Facts: t.Facts}
	if p.late(t.Facts, t.Authorisation) {
		err := p.storeAt(t.EnvironmentID).EndAuthorisation(ctx, t.ID, storage.Expired, storage.Reason{Code: failure.CameTooLate})
		t.subject.Adopt(ctx, person)
		return ReturnLate, flow, err
	}
	if t.Step == xs2a.StepOAuth {
		outcome, err := p.returnedWithCode(ctx, values, t, person)
		return outcome, flow, err
	}
	if wrong := saidTwice(values); wrong.Given() {
		return ReturnFailed, flow, p.fail(ctx, t, person, wrong)
	}
	if code := confirmationIn(values); code != "" {
		if _, err := p.store.ChangeSecret(ctx, t.ID, func(s *storage.Secret) { s.ConfirmationCode = code }); err != nil {
			return "", flow, err
		}
	}
	if declined(values) {
		return ReturnDenied, flow, p.afterRefusal(ctx, t, person)
	}
	p.keepPolling(t.ID, person)
	return ReturnTaken, flow, nil
}

// late reports whether a person who returns from an authorisation now comes too late.
func (p *Process) late(of Facts, auth storage.Authorisation) bool {
	return p.nowAt(of.EnvironmentID).Sub(auth.CreatedAt) > AuthorisationAge
}

// declined reports whether a return says that the person said no: to the authorisation
// server (RFC 6749 section 4.1.2.1), or on the bank's page.
func declined(values url.Values) bool {
	return values.Get("error") == "access_denied" || values.Get("result") == "nok"
}

// returnedAfterEnd takes the return of an attempt that has ended: its outcome
// was learned from the bank a moment before, or it was ended here. Then the
// person may have approved at the bank all the same, so the bank is asked.
func (p *Process) returnedAfterEnd(ctx context.Context, auth storage.Authorisation, values url.Values, person xs2a.PSU) (Return, Flow, error) {
	of, err := p.subject(ctx, auth.Subject)
	if err != nil {
		return "", Flow{}, err
	}
	if declined(values) {
		if err := p.endDenied(ctx, of.Facts(), auth.ID); err != nil {
			return "", Flow{}, err
		}
	}
	var outcome Return
	switch {
	case auth.Outcome == storage.Denied, auth.Outcome == storage.Failed && declined(values):
		outcome = ReturnDenied
	case auth.Outcome == storage.Failed && p.late(of.Facts(), auth): // whether it was too late must not hang on whether the bank was asked a moment before
		outcome = ReturnLate
		of.Adopt(ctx, person)
	case auth.Outcome == storage.Succeeded, auth.Outcome == storage.Partial, auth.Outcome == storage.Failed: // as a moment before: its page says what the bank said
		outcome = ReturnTaken
	case auth.Outcome == storage.Expired:
		outcome = ReturnLate
		of.Adopt(ctx, person)
	default:
		outcome = ReturnOver
		of.Adopt(ctx, person)
		now, err := p.subject(ctx, auth.Subject)
		if err != nil {
			return "", Flow{}, err
		}
		if now.Facts().Authorised { // what came back was approved all the same
			outcome = ReturnTaken
		}
	}
	flow, err := p.Flow(ctx, auth.ID)
	return outcome, flow, err
}

// confirmationNames are the names under which banks send a confirmation code.
var confirmationNames = []string{"confirmationCode", "authConfirmationCode", "confirmation_code", "code"}

// confirmationIn finds the confirmation code of a redirect. The framework
// leaves its name to the bank (BG 1.3.12 section 5.1.4).
func confirmationIn(values url.Values) string {
	for _, name := range confirmationNames {
		if code := values.Get(name); code != "" {
			return code
		}
	}
	return ""
}

// mostPasted is how long an address may be that is brought by hand. No browser has longer ones.
const mostPasted = 16 << 10

// Pasted takes a return whose address the person brings by hand: because the bank knows only
// an address of the TPP's own, or they were at the bank on another device, where the address
// of this one leads nowhere. The same checks hold. What shows that it was copied in part is
// said, and leaves the attempt as it was.
func (p *Process) Pasted(ctx context.Context, authorisationID, address string, person xs2a.PSU) error {
	flow, err := p.Flow(ctx, authorisationID)
	if err != nil {
		return err
	}
	wrong := func(code, name string) error {
		return failure.Invalid(map[string]storage.Reason{"address": {Code: code, Name: name}})
	}
	if len(address) > mostPasted {
		return failure.Invalid(map[string]storage.Reason{"address": {Code: failure.TextTooLong, Number: len(address), Of: mostPasted}})
	}
	expected, _ := url.Parse(flow.RedirectURI)
	u, err := url.Parse(withScheme(strings.TrimSpace(address), expected))
	var values url.Values
	if err == nil {
		values = oneQuery(u.Query())
	}
	ours := values.Get("state") == flow.Secret.State
	switch {
	case flow.Ended() && !ours:
		return nil // what it was wanted for is over
	case err != nil || u.Host == "":
		return wrong(failure.PasteWhole, flow.RedirectURI)
	case expected == nil || u.Scheme != expected.Scheme || u.Host != expected.Host || u.Path != expected.Path:
		return wrong(failure.OtherAddress, flow.RedirectURI)
	case !ours:
		return wrong(failure.OtherAttempt, "")
	case flow.Step == xs2a.StepOAuth && !flow.Ended() && values.Get("code") == "" && values.Get("error") == "":
		return wrong(failure.PasteNoAnswer, "")
	}
	_, _, err = p.Returned(ctx, u.Query(), person)
	return err
}

// withScheme puts back what some browsers leave out where an address is copied.
func withScheme(address string, expected *url.URL) string {
	if expected != nil && expected.Host != "" && strings.HasPrefix(address, expected.Host) {
		return expected.Scheme + "://" + address
	}
	return address
}

// returnedWithCode goes on with an OAuth return (RFC 6749 section 4.1.2).
func (p *Process) returnedWithCode(ctx context.Context, values url.Values, t attempt, person xs2a.PSU) (Return, error) {
	if wrong := wrongReturn(values, t.Secret); wrong.Given() {
		return ReturnFailed, p.fail(ctx, t, person, wrong)
	}
	if refused := values.Get("error"); refused != "" {
		if refused == "access_denied" {
			return ReturnDenied, p.afterRefusal(ctx, t, person)
		}
		reason := strings.TrimSpace(refused + " " + values.Get("error_description"))
		return ReturnFailed, p.fail(ctx, t, person, storage.TextReason(reason))
	}
	code := values.Get("code")
	if code == "" {
		return ReturnFailed, p.fail(ctx, t, person, storage.Reason{Code: failure.NothingConfirms})
	}
	token, err := t.client.ExchangeCode(ctx, code, t.grant())
	if xs2a.Misleads(err) { // the environment was edited meanwhile
		return ReturnFailed, p.misled(ctx, t, err)
	}
	if err != nil {
		return ReturnFailed, p.fail(ctx, t, person, p.explain(t.BankName, err).Reason)
	}
	if t.client.PersonsToken() {
		if err := p.keepToken(ctx, t.Dealings, t.credentials, token, t.Secret.TokenURL); err != nil {
			return "", err
		}
	}
	if t.Secret.PreStep {
		return ReturnTaken, p.afterLogIn(ctx, t, person)
	}
	p.keepPolling(t.ID, person)
	return ReturnTaken, nil
}

// saidTwice returns which of what decides stands twice in a return; none: nothing
// does. Which of them the bank meant cannot be known.
func saidTwice(values url.Values) storage.Reason {
	for _, name := range append([]string{"error", "iss", "state"}, confirmationNames...) {
		if len(values[name]) > 1 {
			return storage.Reason{Code: failure.SaidTwice, Name: name}
		}
	}
	return storage.Reason{}
}

// wrongReturn returns why a return cannot be the bank's answer: nothing may stand
// there twice (RFC 6749 section 3.1), and who sent the person back has to be the
// server they were sent to, by the very name (RFC 9207 section 2.4).
func wrongReturn(values url.Values, secret storage.Secret) storage.Reason {
	if twice := saidTwice(values); twice.Given() {
		return twice
	}
	iss, named := values.Get("iss"), values.Has("iss")
	switch {
	case !named && secret.NamesIssuer:
		return storage.Reason{Code: failure.IssuerMissing}
	case named && iss != secret.Issuer:
		return storage.Reason{Code: failure.IssuerOther, Name: fmt.Sprintf("%.200q", iss), Text: fmt.Sprintf("%.200q", secret.Issuer)}
	}
	return storage.Reason{}
}

// afterLogIn goes on once the person has logged in: what they authorise is asked for
// in a new attempt, whose state is unused. A failure shows there.
func (p *Process) afterLogIn(ctx context.Context, t attempt, person xs2a.PSU) error {
	begun, err := p.Start(ctx, t.subject, person)
	switch {
	case begun == "" && errors.Is(err, storage.ErrEnd):
		return nil // given up in another window, as the screen says
	case begun == "":
		return err
	case err != nil:
		p.log.Warn("nothing asked for after the log-in", string(t.Subject.Kind), t.Subject.ID, "error", err)
	}
	return nil
}

// afterRefusal ends an authorisation the person came back from with a no. The
// bank is asked what became of what they refused; its silence changes nothing.
func (p *Process) afterRefusal(ctx context.Context, t attempt, person xs2a.PSU) error {
	if err := p.endDenied(ctx, t.Facts, t.ID); err != nil {
		return err
	}
	t.subject.Learn(ctx, person)
	return nil
}

// endDenied ends an authorisation that the person declined, also where the bank was
// quicker to say that it failed, before they came back or while they do.
func (p *Process) endDenied(ctx context.Context, of Facts, authorisationID string) error {
	return p.storeAt(of.EnvironmentID).EndDenied(ctx, authorisationID, of.NoStaysUntold)
}

func (p *Process) fail(ctx context.Context, t attempt, person xs2a.PSU, reason storage.Reason) error {
	if err := p.storeAt(t.EnvironmentID).EndAuthorisation(ctx, t.ID, storage.Failed, reason); err != nil {
		return err
	}
	t.subject.Learn(ctx, person)
	return nil
}
