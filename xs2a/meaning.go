package xs2a

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// What a bank means by a refusal. Its message codes have one spelling here, the
// Berlin Group's (BG 1.3.12 section 14.11); a dialect with one of its own says how
// it becomes that. Who asks what is meant need know no code.

// Refusal returns the bank's refusal that an error is or holds; nil where it is
// none. The refusal that is nil means nothing: its methods say no.
func Refusal(err error) *Error {
	var refused *Error
	if errors.As(err, &refused) && refused.Kind == Refused {
		return refused
	}
	return nil
}

// code returns the message code of a refusal; empty for none.
func (e *Error) code() string {
	if e == nil {
		return ""
	}
	return e.Code
}

// Over is why a consent is over in the words of a bank that refuses a request
// under it. A code alone ends nothing: banks send them for a single account as
// well, under consents that they call valid.
type Over string

// The reasons.
const (
	OverExpired Over = "expired"
	OverUnknown Over = "unknown" // the bank knows no such consent
	OverInvalid Over = "invalid" // not for what was asked
)

// ConsentOver returns why the consent is over in the bank's words; empty where the
// request rather than the consent is at fault.
func (e *Error) ConsentOver() Over {
	return overs[e.code()]
}

var overs = map[string]Over{"CONSENT_EXPIRED": OverExpired, "CONSENT_UNKNOWN": OverUnknown, "CONSENT_INVALID": OverInvalid}

// OverCodes returns the codes that say that a consent is over, as the ledger of
// reads keeps them.
func OverCodes() []string { return slices.Sorted(maps.Keys(overs)) }

// NoSuchConsent reports whether the bank has no such consent, in a code of its own:
// a bare 404 may come from a wrong address as well.
func (e *Error) NoSuchConsent() bool {
	switch e.code() {
	case "CONSENT_UNKNOWN":
		return true
	case "RESOURCE_UNKNOWN":
		return e.Status == http.StatusNotFound || e.Status == http.StatusForbidden
	}
	return false
}

// Gone reports whether the bank may refuse because what was to be ended, or asked
// after, has ended there already.
func (e *Error) Gone() bool {
	switch {
	case e == nil:
		return false
	case e.Code == "STATUS_INVALID":
		return e.Status == http.StatusConflict
	}
	return e.ConsentOver() != "" || e.Status == http.StatusNotFound
}

// NothingThere reports whether the bank says in a code of its own that it has
// nothing at the address. Without one it is the word of what stands before the bank.
func (e *Error) NothingThere() bool {
	return e.code() != "" && e.Status == http.StatusNotFound && e.Code != strconv.Itoa(e.Status)
}

// NotServed reports whether the bank does not serve what was asked for, to us or at all.
// That it cannot do so now, or not as often, is no such word.
func (e *Error) NotServed() bool {
	if e == nil || e.TooOften() {
		return false
	}
	switch e.Code {
	case "RESOURCE_UNKNOWN", "SERVICE_INVALID", "PRODUCT_INVALID", "PRODUCT_UNKNOWN":
		return true
	}
	switch e.Status {
	case http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	}
	return false
}

// TooOften reports whether the bank allows no more reads of this kind for now.
func (e *Error) TooOften() bool { return e.code() == "ACCESS_EXCEEDED" }

// TooLongAgo reports whether the bank does not serve days that long ago, or takes
// no period as the one asked for.
func (e *Error) TooLongAgo() bool { return e.code() == "PERIOD_INVALID" }

// OtherForm reports whether the bank has what was asked for, but in another form
// (BG 1.3.12 section 14.11.3).
func (e *Error) OtherForm() bool {
	return e != nil && (e.Status == http.StatusNotAcceptable || e.Code == "REQUESTED_FORMATS_INVALID")
}

// OtherBookingStatus reports whether the bank refuses the booking status asked for.
func (e *Error) OtherBookingStatus() bool {
	return e != nil && e.Status == http.StatusBadRequest &&
		(e.Code == "PARAMETER_NOT_SUPPORTED" || strings.Contains(e.Field+e.Text, "bookingStatus"))
}

// NoDelta reports whether the bank refuses to tell what is new alone, in this way or as it was
// asked; never, whether it does so at all (BG 1.3.12 section 14.11.3).
func (e *Error) NoDelta() (refused, never bool) {
	if e == nil || e.Status != http.StatusBadRequest || strings.Contains(e.Field+e.Text, "bookingStatus") || e.TooOften() || e.ConsentOver() != "" {
		return false, false
	}
	return true, e.Code == "PARAMETER_NOT_SUPPORTED"
}

// WrongToken reports whether the bank does not accept the access token that came
// along (BG 1.3.12 section 14.11.2, RFC 6750 section 3.1).
func (e *Error) WrongToken() bool { return e != nil && e.staleToken() }

// WrongCredentials reports whether the bank does not accept the login or password;
// WrongCode, the code; UnknownMethod, the way to approve that was chosen.
func (e *Error) WrongCredentials() bool { return e.code() == "PSU_CREDENTIALS_INVALID" }
func (e *Error) WrongCode() bool        { return e.code() == "SCA_INVALID" }
func (e *Error) UnknownMethod() bool    { return e.code() == "SCA_METHOD_UNKNOWN" }

// WrongSignature reports whether the bank does not accept the request's signature.
func (e *Error) WrongSignature() bool {
	return e.code() == "SIGNATURE_INVALID" || e.code() == "SIGNATURE_MISSING"
}

// WrongCertificate reports whether the bank does not accept the TPP's certificate, or
// misses a role in it.
func (e *Error) WrongCertificate() bool {
	return strings.HasPrefix(e.code(), "CERTIFICATE_") || e.code() == "ROLE_INVALID"
}

// ServiceBlocked reports whether the bank has blocked the service.
func (e *Error) ServiceBlocked() bool { return e.code() == "SERVICE_BLOCKED" }

// WrongClient reports whether the authorisation server does not accept who we are;
// WrongGrant, the code or token that was to be redeemed (RFC 6749 section 5.2).
func (e *Error) WrongClient() bool {
	return e.code() == "invalid_client" || e.code() == "unauthorized_client"
}
func (e *Error) WrongGrant() bool { return e.code() == "invalid_grant" }

// KnowsNothing reports whether the bank knows nothing by what it was asked for: it may
// mean the resource, or whatever else stands in the address.
func (e *Error) KnowsNothing() bool { return e.code() == "RESOURCE_UNKNOWN" }

// PastTheDoor reports whether the bank refuses what was asked for, rather than who
// asks: what it was shown of them it did not refuse.
func (e *Error) PastTheDoor() bool {
	switch e.code() {
	case "CONSENT_UNKNOWN", "RESOURCE_UNKNOWN", "FORMAT_ERROR", "CONSENT_INVALID", "TOKEN_UNKNOWN", "TOKEN_INVALID":
		return true
	}
	return false
}

// WantsLogin reports whether the bank refused because it wants the person's login with the
// request, or does not accept the one it got (PSU-ID, BG 1.3.12 section 4.8).
func (e *Error) WantsLogin() bool {
	return e != nil && strings.Contains(strings.ToUpper(e.Field+e.Text), "PSU-ID")
}
