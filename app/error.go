package app

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Error is a failure with the words a person may read.
type Error = failure.Error

// NewHost is a host that a bank's answer leads to and nobody named for the bank.
type NewHost = failure.NewHost

// invalid is the failure of a form whose fields are to be corrected.
func invalid(fields map[string]string) *Error {
	return failure.Invalid(fields)
}

// NotFound reports whether an error means that what was asked for is not there.
func NotFound(err error) bool { return errors.Is(err, storage.ErrNotFound) }

// explain turns any failure of an exchange with a bank into words. What was
// going on, such as "reading your accounts", begins the detail.
func (a *App) explain(bank string, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	if errors.Is(err, xs2a.ErrNoPasswordKey) {
		return &Error{
			Message: bank + " wants your password encrypted, and its key is not known here.", Lost: "Nothing was sent.",
			Do: "Add the bank's key for passwords to the environment, in the settings.", Cause: err,
		}
	}
	var elsewhere *xs2a.LinkError
	if errors.As(err, &elsewhere) {
		return leadsElsewhere(bank, elsewhere, err)
	}
	var unknown *xs2a.IncompleteError
	if errors.As(err, &unknown) {
		return &Error{
			Message: "Where you would approve at " + bank + ", or where that is confirmed, is not known.", Lost: "Nothing was sent.",
			Do:     "Enter what the bank's server does not tell in the environment, in the settings: " + strings.Join(unknown.Missing, ", ") + ".",
			Detail: err.Error(), Cause: err,
		}
	}
	if errors.Is(err, errLeft) {
		return &Error{
			Message: "The fetch stopped, as no page of Consentry was open any more.", Lost: "What came before was kept.",
			Do: "Fetch once more; the rest follows.", Cause: err,
		}
	}
	if errors.Is(err, storage.ErrEnd) {
		return &Error{
			Message: "The permission at " + bank + " is not in force.", Lost: "Nothing was sent; what was read before stays here.",
			Do: "Ask for a new one to go on reading.", Cause: err,
		}
	}
	var full *storage.QuotaError
	if errors.As(err, &full) {
		return &Error{
			Message: "Consentry has read " + bank + " without you as often as the permission allows.", Lost: "Nothing was sent.",
			Do: "It goes on by itself at " + full.Next.Local().Format("15:04") + ". You can fetch at any time yourself.", Cause: err,
		}
	}
	var endless *endlessError
	if errors.As(err, &endless) {
		return &Error{
			Message: bank + " sends more transactions than Consentry takes in one fetch.",
			Lost:    "Nothing was lost. Kept so far: " + Count(endless.entries, "entry", "entries") + " on " + Count(endless.pages, "page", "pages") + ". Which days are missing stands with the account.",
			Do:      "Renew the permission to try again.", Detail: err.Error(), Cause: err,
		}
	}
	var failed *xs2a.Error
	if !errors.As(err, &failed) {
		a.log.Error("internal", "error", err)
		return Inside(err)
	}
	e := &Error{Detail: detail(failed), Cause: err}
	switch failed.Kind {
	case xs2a.Unreachable:
		e.Message = bank + " could not be reached."
		e.Lost = "Nothing was lost; what you see is what was last fetched."
		e.Do = "Check your connection and try again in a minute."
	case xs2a.Malformed:
		e.Message = bank + " answered in a way Consentry does not understand."
		e.Lost = "Nothing was changed here."
		e.Do = "Trying again rarely helps. The details name the part that was not understood."
	default:
		e.Message, e.Do = a.refusal(bank, failed)
		e.Lost = "Nothing was changed here."
	}
	return e
}

// refusal puts an error answer into words by what its code means, else by its status.
func (a *App) refusal(bank string, e *xs2a.Error) (message, do string) {
	over := e.ConsentOver()
	switch {
	case over == xs2a.OverExpired:
		return bank + " says that this permission has expired.", "Ask for a new one to go on reading, if its page says so, too."
	case over != "":
		return bank + " does not accept this permission for what was asked.", "Try again later. If it goes on, ask for a new permission."
	case e.TooOften():
		return bank + " allows no more reads of this kind today.", a.again("Try again", e.RetryAfter, "tomorrow") + ", or fetch while you are here yourself."
	case e.TooLongAgo():
		return bank + " does not accept the period asked for.", "Choose an earlier end date."
	case e.WrongSignature():
		return bank + " does not accept the signature of the request.", "Check the way of signing and the certificate in the settings."
	case e.WrongCertificate():
		return bank + " does not accept the certificate.", "Check it in the settings: its end date, its role, and that the bank knows it."
	case e.ServiceBlocked():
		return bank + " has blocked this service.", "Only the bank can lift that."
	case e.WrongClient():
		return "The client id or secret of this environment is not accepted.", "Correct it in the settings."
	case e.WrongGrant():
		return bank + " did not accept the confirmation it sent you back with.", "Start the approval once more."
	}
	switch {
	case e.Status == http.StatusTooManyRequests:
		return bank + " asks for a pause.", a.again("Try again", e.RetryAfter, "in a while") + "."
	case e.Status >= 500:
		return bank + " has a technical problem.", a.again("Try again", e.RetryAfter, "in a while") + "."
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		return bank + " refused access.", "Check the environment's credentials, or ask for a new permission."
	}
	return bank + " refused the request.", "The details say why, in the bank's words."
}

// again says when to come back, as a time; where the bank does not say, in the
// words given. It is rounded up: who comes too early is sent away again.
func (a *App) again(do string, wait time.Duration, unknown string) string {
	if wait <= 0 {
		return do + " " + unknown
	}
	now := a.now().Local()
	at := now.Add(wait + time.Minute - time.Nanosecond).Truncate(time.Minute)
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return do + " at " + at.Format("15:04")
	}
	return do + " on " + at.Format("2 January") + " at " + at.Format("15:04")
}

// detail is the technical side of a failure, for testers.
func detail(e *xs2a.Error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", e.Method, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, "Status: %d %s\n", e.Status, http.StatusText(e.Status))
	}
	for _, line := range []struct{ name, value string }{
		{"Code", e.Code}, {"Text", e.Text}, {"Field", e.Field}, {"X-Request-ID", e.RequestID},
	} {
		if line.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", line.name, line.value)
		}
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, "Cause: %v\n", e.Cause)
	}
	return strings.TrimSpace(b.String())
}
