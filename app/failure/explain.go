package failure

import (
	"errors"
	"net/http"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// ErrLeft is that a fetch stopped because no page of the program was open any more.
var ErrLeft = errors.New("no page is open any more")

// Of returns what may be said of any failure of an exchange; whose answer it was says
// by. A failure that is one already stays as it is. now is the moment from which a bank's
// "try again after" counts.
func Of(by storage.Reason, err error, now time.Time) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	e := &Error{Reason: by, Cause: err}
	if e.ruled(err) {
		return e
	}
	var failed *xs2a.Error
	if !errors.As(err, &failed) {
		return OfInside(err)
	}
	e.Detail = Detail(failed)
	var proxy *xs2a.ProxyError
	switch {
	case errors.As(err, &proxy):
		e.Code, e.Text = ofProxy[proxy.Problem], proxy.Host
	case failed.Kind == xs2a.Unreachable:
		e.Code = Unreachable
	case failed.Kind == xs2a.Malformed:
		e.Code = Malformed
	default:
		e.Code = refusal(failed)
		if failed.RetryAfter > 0 {
			e.At = now.Add(failed.RetryAfter)
		}
	}
	return e
}

// KeptOfProxy is what is kept of a failure of a proxy in the place of a bank's code; OfPart reads it.
func KeptOfProxy(e *xs2a.ProxyError) string { return ofProxy[e.Problem] + " " + e.Host }

// ofProxy are the codes of what went wrong with a proxy.
var ofProxy = map[xs2a.ProxyProblem]string{
	xs2a.ProxyUnreachable: ProxyUnreachable, xs2a.ProxyLogin: ProxyLogin, xs2a.ProxyRefused: ProxyRefused, xs2a.ProxyCertificate: ProxyCertificate,
}

// ruled reports whether an error comes from a rule of the program's own, and takes it
// over then.
func (e *Error) ruled(err error) bool {
	var elsewhere *xs2a.LinkError
	var unknown *xs2a.IncompleteError
	var full *storage.QuotaError
	var endless *EndlessError
	switch {
	case errors.Is(err, xs2a.ErrNoPasswordKey):
		e.Code = PasswordKeyUnknown
	case errors.As(err, &elsewhere):
		e.leads(elsewhere, err)
	case errors.As(err, &unknown):
		e.Code, e.Names, e.Detail = ServerUnknown, unknown.Missing, err.Error()
	case errors.Is(err, ErrLeft):
		e.Code = FetchLeft
	case errors.Is(err, storage.ErrEnd):
		e.Code = NotInForce
	case errors.As(err, &full):
		e.Code, e.At = QuotaUsed, full.Next
	case errors.As(err, &endless):
		e.Code, e.Number, e.Of, e.Detail = Endless, endless.Transactions, endless.Pages, err.Error()
	default:
		return false
	}
	return true
}

// leads takes over a link that is not followed: the fault is the bank's.
func (e *Error) leads(link *xs2a.LinkError, err error) {
	e.Detail = err.Error()
	var failed *xs2a.Error
	if errors.As(err, &failed) {
		e.Detail = Detail(failed)
	}
	switch {
	case link.MayName:
		e.Code, e.Text = HostUnknown, link.Origin.Host()
	case link.Origin != "":
		e.Code, e.Text = LinkElsewhere, link.Origin.Host()
	default:
		e.Code = LinkUnusable
	}
}

// refusal returns the code of an error answer, by what its message code means, else by
// its status.
func refusal(e *xs2a.Error) string {
	over := e.ConsentOver()
	for _, meaning := range []struct {
		is   bool
		code string
	}{
		{over == xs2a.OverExpired, ConsentExpired}, {over != "", ConsentNotAccepted},
		{e.TooOften(), TooOften}, {e.TooLongAgo(), TooLongAgo},
		{e.WrongSignature(), WrongSignature}, {e.WrongCertificate(), WrongCertificate}, {e.ServiceBlocked(), ServiceBlocked},
		{e.WrongClient(), WrongClient}, {e.WrongGrant(), WrongGrant},
		{e.Status == http.StatusTooManyRequests, Pause}, {e.Status >= 500, BankFault},
		{e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden, AccessRefused},
	} {
		if meaning.is {
			return meaning.code
		}
	}
	return Refused
}

// OfInside returns what may be said of an error that is no bank's: what the disk did
// not take, else a fault of the program's own.
func OfInside(err error) *Error {
	e := New(Inside)
	if fault := storage.FaultOf(err); fault != "" {
		e = OfDisk(fault)
	}
	return e.By(err)
}

// OfDisk returns what may be said of what the disk did not take.
func OfDisk(fault storage.Fault) *Error { return New(string(fault)) }
