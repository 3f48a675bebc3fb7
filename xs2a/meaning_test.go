package xs2a

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
)

// TestRefusalsMeanSomething reads what a bank means from what it answers, in its own
// spelling or in the Berlin Group's, and nothing from what is no refusal.
func TestRefusalsMeanSomething(t *testing.T) {
	meanings := map[string]func(*Error) bool{
		"expired":     func(e *Error) bool { return e.ConsentOver() == OverExpired },
		"unknown":     func(e *Error) bool { return e.ConsentOver() == OverUnknown },
		"invalid":     func(e *Error) bool { return e.ConsentOver() == OverInvalid },
		"none such":   (*Error).NoSuchConsent,
		"gone":        (*Error).Gone,
		"nothing":     (*Error).NothingThere,
		"not served":  (*Error).NotServed,
		"too often":   (*Error).TooOften,
		"too long":    (*Error).TooLongAgo,
		"form":        (*Error).OtherForm,
		"status":      (*Error).OtherBookingStatus,
		"credentials": (*Error).WrongCredentials,
		"code":        (*Error).WrongCode,
		"method":      (*Error).UnknownMethod,
		"signature":   (*Error).WrongSignature,
		"certificate": (*Error).WrongCertificate,
		"blocked":     (*Error).ServiceBlocked,
		"client":      (*Error).WrongClient,
		"grant":       (*Error).WrongGrant,
		"past":        (*Error).PastTheDoor,
	}
	type list = []string
	for name, test := range map[string]struct {
		dialect Dialect
		status  int
		body    string
		want    list
	}{
		"expired":              {BerlinGroup, 401, messages("CONSENT_EXPIRED"), list{"expired", "gone"}},
		"unknown":              {BerlinGroup, 403, messages("CONSENT_UNKNOWN"), list{"not served", "unknown", "none such", "gone", "past"}},
		"invalid":              {BerlinGroup, 401, messages("CONSENT_INVALID"), list{"invalid", "gone", "past"}},
		"in classes: expired":  {SaltEdge, 401, class("ConsentExpired"), list{"expired", "gone"}},
		"in classes: invalid":  {SaltEdge, 401, class("ConsentInvalid"), list{"invalid", "gone", "past"}},
		"in classes: often":    {SaltEdge, 429, class("AccessExceeded"), list{"too often"}},
		"in classes: signed":   {SaltEdge, 401, class("SignatureMissing"), list{"signature"}},
		"classes elsewhere":    {BerlinGroup, 401, class("ConsentExpired"), nil},
		"a resource, 404":      {BerlinGroup, 404, messages("RESOURCE_UNKNOWN"), list{"not served", "none such", "gone", "nothing", "past"}},
		"a resource, 400":      {BerlinGroup, 400, messages("RESOURCE_UNKNOWN"), list{"not served", "past"}},
		"a gateway":            {BerlinGroup, 404, "<html>not here</html>", list{"not served", "gone"}},
		"its status as a code": {BerlinGroup, 404, messages("404"), list{"not served", "gone"}},
		"a service":            {BerlinGroup, 405, messages("SERVICE_INVALID"), list{"not served"}},
		"often, as forbidden":  {BerlinGroup, 403, messages("ACCESS_EXCEEDED"), list{"too often"}},
		"not built":            {BerlinGroup, 501, "", list{"not served"}},
		"not now":              {BerlinGroup, 503, messages("SERVICE_UNAVAILABLE"), nil},
		"ended":                {BerlinGroup, 409, messages("STATUS_INVALID"), list{"gone"}},
		"another status":       {BerlinGroup, 400, messages("STATUS_INVALID"), nil},
		"period":               {BerlinGroup, 400, messages("PERIOD_INVALID"), list{"too long"}},
		"no such form":         {BerlinGroup, 406, "", list{"form"}},
		"formats":              {BerlinGroup, 400, messages("REQUESTED_FORMATS_INVALID"), list{"form"}},
		"not both":             {BerlinGroup, 400, messages("PARAMETER_NOT_SUPPORTED"), list{"status"}},
		"login":                {BerlinGroup, 401, messages("PSU_CREDENTIALS_INVALID"), list{"credentials"}},
		"code":                 {BerlinGroup, 400, messages("SCA_INVALID"), list{"code"}},
		"method":               {BerlinGroup, 400, messages("SCA_METHOD_UNKNOWN"), list{"method"}},
		"certificate":          {BerlinGroup, 401, messages("CERTIFICATE_REVOKED"), list{"certificate"}},
		"role":                 {BerlinGroup, 401, messages("ROLE_INVALID"), list{"certificate"}},
		"blocked":              {BerlinGroup, 403, messages("SERVICE_BLOCKED"), list{"not served", "blocked"}},
		"an error inside":      {SaltEdge, 200, `{"tppMessages":[{"category":"ERROR","code":"ConsentExpired"}]}`, list{"expired", "gone"}},
		"who we are":           {BerlinGroup, 401, `{"error":"invalid_client"}`, list{"client"}},
		"a used code":          {BerlinGroup, 400, `{"error":"invalid_grant"}`, list{"grant"}},
		"nothing said":         {BerlinGroup, 500, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			client := bank(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.body)
			})
			client.dialect.Code = test.dialect.Code
			_, err := client.Accounts(t.Context(), Call{BIC: "b", ConsentID: "c"}, false)
			refused := Refusal(fmt.Errorf("wrapped: %w", err))
			if refused == nil {
				t.Fatalf("no refusal: %v", err)
			}
			for meaning, holds := range meanings {
				want := false
				for _, one := range test.want {
					want = want || one == meaning
				}
				if holds(refused) != want {
					t.Errorf("%q: %v", meaning, !want)
				}
			}
		})
	}
	for _, err := range []error{nil, errors.New("else"), &Error{Kind: Unreachable, Code: "CONSENT_EXPIRED"}, &Error{Kind: Malformed, Status: 404}} {
		for meaning, holds := range meanings {
			if holds(Refusal(err)) {
				t.Errorf("%v means %q", err, meaning)
			}
		}
	}
}

func messages(code string) string {
	return `{"tppMessages":[{"category":"ERROR","code":"` + code + `"}]}`
}

func class(name string) string { return `{"error_class":"` + name + `"}` }
