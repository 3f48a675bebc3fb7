package sca

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Given is what a person enters for a step of the embedded approach. Passwords
// and codes are stored nowhere, see xs2a.PSUData.
type Given struct {
	PSUID, CorporateID string // for the step identify; also beside a password
	xs2a.PSUData
}

// Update passes what the person entered on to the bank, when the attempt is at
// that step (BG 1.3.12 section 7.2). Of several windows one sends; the others change
// nothing, and the error says so.
func (p *Process) Update(ctx context.Context, authorisationID string, step xs2a.Step, given Given, person xs2a.PSU) error {
	p.presence.Seen()
	t, err := p.load(ctx, authorisationID, person)
	if err != nil || t.Ended() {
		return err
	}
	if t.Step != step || (Flow{Authorisation: t.Authorisation}).Confirming() {
		return overtaken()
	}
	if step == xs2a.StepConfirm && strings.Contains(given.ConfirmationCode, "://") {
		return p.confirmByAddress(ctx, authorisationID, given.ConfirmationCode, person)
	}
	if fields := checkGiven(t.Authorisation, t.credentials.PSUID != "", given); len(fields) > 0 {
		return failure.Invalid(fields)
	}
	if err := p.claim(ctx, &t); errors.Is(err, storage.ErrStale) {
		return overtaken()
	} else if err != nil {
		return err
	}
	defer t.release()
	if given.PSUID != "" {
		t.credentials.PSUID, t.credentials.CorporateID = strings.TrimSpace(given.PSUID), strings.TrimSpace(given.CorporateID)
		t.call.PSUID, t.call.CorporateID = t.credentials.PSUID, t.credentials.CorporateID
		if err := p.store.SetCredentials(ctx, t.Holder, t.credentials); err != nil {
			return err
		}
	}
	answer, err := t.client.Continue(ctx, t.call, t.Resource, t.BankID, t.Next(), given.PSUData, back(t.Authorisation, t.credentials))
	if err == nil {
		t.Asks.LoginTaken = t.Asks.LoginTaken || step == xs2a.StepIdentify || step == xs2a.StepPassword
		return p.taken(ctx, &t, p.take(ctx, &t, answer, person), person)
	}
	t.release()
	// The bank may have had enough of wrong answers, or the time may be over.
	var refused *xs2a.Error
	unclear := xs2a.MayBeTaken(err)
	if unclear {
		defer p.keepPolling(t.ID, person) // what became of it, the bank's status tells
	}
	if unclear || errors.As(err, &refused) && refused.Kind == xs2a.Refused {
		if ended, _ := p.poll(ctx, t.ID, person); ended {
			return nil // the screen says how
		}
		if given.PSUID != "" && !unclear { // a login the bank refused is not kept
			if err := p.forgetPerson(ctx, &t); err != nil {
				return err
			}
		}
	}
	return p.notTaken(t, step, err)
}

// overtaken returns the error for a window that shows a step for which another window
// has sent something.
func overtaken() error { return failure.New(failure.Overtaken) }

// taken is what came of storing a bank's answer to what the person gave. Where
// the attempt ended here in the meantime, the bank may have approved all the same.
func (p *Process) taken(ctx context.Context, t *attempt, stored error, person xs2a.PSU) error {
	if !errors.Is(stored, storage.ErrStale) {
		return stored
	}
	t.subject.Adopt(ctx, person)
	return nil // the screen says how it ended
}

// confirmByAddress takes the confirmation code from the address the person's
// browser ended on, where they bring that instead of the code in it.
func (p *Process) confirmByAddress(ctx context.Context, authorisationID, address string, person xs2a.PSU) error {
	err := p.Pasted(ctx, authorisationID, address, person)
	var told *failure.Error
	if errors.As(err, &told) && told.Fields["address"].Given() {
		return failure.Invalid(map[string]storage.Reason{"confirmation": told.Fields["address"]})
	}
	return err
}

// forgetPerson forgets how the bank knows the person.
func (p *Process) forgetPerson(ctx context.Context, t *attempt) error {
	t.credentials.PSUID, t.credentials.CorporateID = "", ""
	t.call.PSUID, t.call.CorporateID = "", ""
	return p.store.SetCredentials(ctx, t.Holder, t.credentials)
}

// fieldOf names the field in which each step's answer is entered.
var fieldOf = map[xs2a.Step]string{
	xs2a.StepIdentify: "psu_id", xs2a.StepPassword: "password", xs2a.StepChooseMethod: "method",
	xs2a.StepCode: "code", xs2a.StepConfirm: "confirmation",
}

// checkGiven returns what is missing, by field. Known says that the bank knows already
// who the person is.
func checkGiven(t storage.Authorisation, known bool, given Given) map[string]storage.Reason {
	wrong := func(code string) map[string]storage.Reason {
		return map[string]storage.Reason{fieldOf[t.Step]: {Code: code}}
	}
	switch {
	case t.Step == xs2a.StepIdentify && strings.TrimSpace(given.PSUID) == "",
		t.Step == xs2a.StepPassword && t.Asks.Start && !known && strings.TrimSpace(given.PSUID) == "":
		return map[string]storage.Reason{"psu_id": {Code: failure.EnterLogin}}
	case t.Step == xs2a.StepPassword && given.Password == "":
		return wrong(failure.EnterPassword)
	case t.Step == xs2a.StepCode && given.Code == "":
		return wrong(failure.EnterCode)
	case t.Step == xs2a.StepConfirm && given.ConfirmationCode == "":
		return wrong(failure.EnterConfirm)
	case t.Step == xs2a.StepChooseMethod && !slices.ContainsFunc(t.Asks.Methods, func(m xs2a.AuthenticationMethod) bool { return m.ID == given.MethodID }):
		return wrong(failure.ChooseFromList)
	}
	return nil
}

// notTaken puts a refusal to the field whose content the bank refused. Banks have one
// message code for a wrong login, password and code alike (BG 1.3.12 section 14.11.2):
// which it was, the step says.
func (p *Process) notTaken(t attempt, step xs2a.Step, err error) error {
	e := *p.explain(t.BankName, err)
	refused := xs2a.Refusal(err)
	switch {
	case refused.WrongCredentials(), refused.WrongCode():
		e.Code = wrongAt(step, t.Asks.LoginTaken)
	case refused.UnknownMethod():
		e.Code = failure.UnknownMethod
	case xs2a.MayBeTaken(err):
		e.Effect = failure.OutcomeUnknown
		return &e
	default:
		return &e
	}
	e.Fields = map[string]storage.Reason{fieldOf[step]: e.Reason}
	return &e
}

// wrongAt returns what was wrong of what was given at a step. LoginTaken says that the
// bank took the login before: beside a password it may be the login that is wrong.
func wrongAt(step xs2a.Step, loginTaken bool) string {
	switch {
	case step == xs2a.StepIdentify:
		return failure.WrongLogin
	case step == xs2a.StepPassword && loginTaken:
		return failure.WrongPassword
	case step == xs2a.StepCode || step == xs2a.StepConfirm:
		return failure.WrongCode
	}
	return failure.WrongCredentials
}

// confirm sends the confirmation code the person came back with
// (BG 1.3.12 section 7.3).
func (p *Process) confirm(ctx context.Context, t *attempt, person xs2a.PSU) error {
	if err := p.claim(ctx, t); errors.Is(err, storage.ErrStale) {
		return nil // another look at the status is sending it
	} else if err != nil {
		return err
	}
	defer t.release()
	data := xs2a.PSUData{ConfirmationCode: t.Secret.ConfirmationCode}
	answer, err := t.client.Continue(ctx, t.call, t.Resource, t.BankID, xs2a.Next{Step: xs2a.StepConfirm, To: t.Asks.At.Confirmation}, data, xs2a.Return{})
	var refused *xs2a.Error
	answered := err == nil || errors.As(err, &refused) && refused.Kind == xs2a.Refused
	if !answered {
		return p.explain(t.BankName, err) // it may be sent again: the bank did not have it
	}
	t.Secret.ConfirmationCode = "" // once is enough; another the person enters themselves
	if err == nil {
		// Until the answer is stored, the step is the code's: without it the screen would ask for one. It is claimed as long.
		t.release = nil
		err := p.taken(ctx, t, p.take(ctx, t, answer, person), person)
		return errors.Join(err, p.forgetCode(ctx, t))
	}
	if err := p.forgetCode(ctx, t); err != nil || refused.Status == http.StatusConflict {
		return err // another look at the status was quicker
	}
	t.Reason = storage.Reason{Code: failure.CodeNotAccepted}
	return p.setAnswer(ctx, t)
}

// forgetCode forgets the confirmation code that the person came back with.
func (p *Process) forgetCode(ctx context.Context, t *attempt) error {
	_, err := p.store.ChangeSecret(ctx, t.ID, func(s *storage.Secret) { s.ConfirmationCode = "" })
	return err
}
