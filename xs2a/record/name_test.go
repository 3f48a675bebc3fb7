package record

import (
	"net/http"
	"strings"
	"testing"
)

// TestSecretNames is the second net: which names hold secrets and which do not.
func TestSecretNames(t *testing.T) {
	for _, name := range strings.Fields(`password Password user_pass userpass passwd passphrase pwd user-pwd PIN pinCode newPin otp smsOtp OTP1 code CODE
		smsCode sms_code authCode auth-code accessCode verification_code confirmationCode scaAuthenticationData client_secret clientSecret secret
		session sessionId session_id JSESSIONID PHPSESSID X-Session-Token ticket loginTicket jwt id_token idToken accessToken access_token refresh-token
		auth X-Auth xAuthKey Authorization apiKey X-API-Key private_key state nonce code_verifier tan mTan device_code psuPassword encryptedPassword
		additionalEncryptedPassword credentials SAMLResponse assertion Set-Cookie csrfToken oauth_token bearer passwords pins kennwort Passwort`) {
		if !secretName(name) {
			t.Errorf("%s is no name of a secret", name)
		}
	}
	for _, name := range strings.Fields(`bicCode bankTransactionCode proprietaryBankTransactionCode currencyCode isoCountryCode merchantCategoryCode postCode
		purposeCode status_code statuscode errorCode reasonCode authorisationId authorisationIds startAuthorisation startAuthorisationWithPsuAuthentication
		authenticationType authenticationMethodId authenticationVersion scaOAuth scaStatus otpMaxLength otpFormat token_type token_endpoint
		authorization_endpoint expires_in code_challenge code_challenge_method client_assertion_type grant_type consentId transactionId iban
		remittanceInformationUnstructured scaRedirect updatePsuAuthentication updatePsuIdentification passport bypass compass shipping spin footprint stand
		PSU-ID X-Request-ID TPP-Redirect-URI ASPSP-SCA-Approach jwks_uri key name value keyId category tppMessages creditorAgent accounts`) {
		if secretName(name) {
			t.Errorf("%s is taken for the name of a secret", name)
		}
	}
}

// TestSecretsByName looks into each place a name can stand in.
func TestSecretsByName(t *testing.T) {
	const s = "SOMMERREGEN"
	for _, body := range []string{
		`{"userPass":"` + s + `"}`, `{"sms_code":"` + s + `"}`, `{"code":"` + s + `"}`, `{"data":{"code":"` + s + `"}}`,
		`{"name":"password","value":"` + s + `"}`, `{"value":"` + s + `","name":"pin"}`, `[{"key":"otp","type":"text","val":"` + s + `"}]`,
		"sessionId=" + s + "&x=1", "<Login><Pwd>" + s + "</Pwd></Login>", "Your password: " + s + " is wrong", "{password: '" + s + "'}", "{'jwt' : '" + s + "'}",
		"Ticket:" + s, `"not closed, pin: ` + s, "auth=" + s, `https://b.example/cb?code=` + s + `#session=` + s, "code=" + s,
	} {
		if got := redact("https://b.example/", nil, "", nil, body).Answer.Body; strings.Contains(got, s) || !strings.Contains(got, Redacted) {
			t.Errorf("%s\ngives %s", body, got)
		}
	}
	for _, body := range []string{`{"otp":123}`, `{"code":123}`, `{"name":"tan","value":123}`, "The code is 123.", "your PIN 123 is wrong", "code=123", "pin: 123"} {
		if got := redact("https://b.example/", nil, "", nil, body).Answer.Body; strings.Contains(got, "123") {
			t.Errorf("%s\ngives %s", body, got)
		}
	}
	for _, header := range []string{"X-Session", "X-Pin", "X-Otp-Code", "Ticket", "X-Jwt", "X-Auth"} {
		if e := redact("https://b.example/", http.Header{header: {s}}, "", http.Header{header: {s}, "Location": {"/cb?pwd=" + s}}, ""); strings.Contains(e.all(t), s) {
			t.Errorf("%s: %+v", header, e)
		}
	}
	for _, body := range []string{
		`{"tppMessages":[{"category":"ERROR","code":"SCHLUMPFINE","text":"no"}]}`, `{"errors":[{"code":"E-4711"}]}`, `{"code":"CONSENT_INVALID"}`, `{"code":500}`,
		`{"countries":[{"code":"SE","name":"Sweden"}]}`, `{"bankTransactionCode":{"code":"PMNT"}}`, `{"error":{"code":"invalid_request"}}`, "The status code is 500.",
		`{"name":"Kaffe","value":"12"}`, "https://b.example:8080/v1", "at 12:30:15", "password is wrong", `{"_links":{"scaOAuth":{"href":"https://b.example/auth"}}}`,
		`{"challengeData":{"otpMaxLength":6,"otpFormat":"integer"}}`, "sort code: 401234",
	} {
		if got := redact("https://b.example/", nil, "", nil, body).Answer.Body; got != body {
			t.Errorf("%s\ngives %s", body, got)
		}
	}
}

// TestSecretsInOddForms looks for a secret in forms banks and gateways write.
func TestSecretsInOddForms(t *testing.T) {
	const s = "Geh3im-Wort-9x"
	for name, test := range map[string]struct{ body, ct string }{
		"escaped name":  {`{"pass\u0077ord":"` + s + `"}`, "application/json"},
		"number":        {`{"otp":987654321}`, "application/json"},
		"array":         {`{"password":["` + s + `"]}`, "application/json"},
		"object":        {`{"password":{"value":"` + s + `"}}`, "application/json"},
		"cdata":         {`<a><password><![CDATA[` + s + `]]></password></a>`, "application/xml"},
		"attribute":     {`<a password="` + s + `"/>`, "application/xml"},
		"single quote":  {`<a password='` + s + `'/>`, "application/xml"},
		"nested json":   {`{"body":"{\"password\":\"` + s + `\"}"}`, "application/json"},
		"twice nested":  {`{"body":"{\"b\":\"{\\\"password\\\":\\\"` + s + `\\\"}\"}"}`, "application/json"},
		"authConfirm":   {`{"authConfirmationCode":"` + s + `"}`, "application/json"},
		"authCode":      {`{"authorizationCode":"` + s + `"}`, "application/json"},
		"url":           {`{"href":"https://b/cb?authConfirmationCode=` + s + `"}`, "application/json"},
		"confirm_code":  {`{"href":"https://b/cb?confirmation_code=` + s + `"}`, "application/json"},
		"space":         {`{ "password" : "` + s + `" }`, "application/json"},
		"newline":       {"{\"password\"\n:\n\"" + s + "\"}", "application/json"},
		"tokenform":     {"access_token=" + s + "&x=1", "text/plain"},
		"utf16ish":      {`{"access_token":"` + strings.ReplaceAll(s, "-", `\u002d`) + `"}`, "application/json"},
		"refresh camel": {`{"refreshToken":"` + s + `"}`, "application/json"},
		"id_token":      {`{"id_token":"` + s + `"}`, "application/json"},
		"client_secret": {`client_secret=` + s, "application/x-www-form-urlencoded"},
		"pkce":          {`{"codeVerifier":"` + s + `"}`, "application/json"},
		"bool break":    {`{"a":1,"password":"a\"` + s + `"}`, "application/json"},
	} {
		var r redactor
		got := r.body(test.body, test.ct)
		if strings.Contains(got, s) || strings.Contains(got, strings.ReplaceAll(s, "-", `\u002d`)) || strings.Contains(got, "987654321") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
