package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestAShortCodeBlanksNoAmount keeps what merely has the same figures.
func TestAShortCodeBlanksNoAmount(t *testing.T) {
	const body = `{"transactions":{"booked":[{"transactionAmount":{"amount":"123","currency":"EUR"},"remittanceInformationUnstructured":"Invoice 123"}]},"otp":"123"}`
	one := &recording{secrets: &Secrets{}, method: "GET", url: "https://b.example/v1/accounts/123", request: &capture{}, status: 200, answer: &capture{}}
	one.secrets.Add("123")
	_, _ = one.answer.Write([]byte(body))
	e := one.exchange()
	if want := strings.Replace(body, `"otp":"123"`, `"otp":"`+Redacted+`"`, 1); e.Answer.Body != want || e.URL != one.url {
		t.Errorf("%s\n%s\nwant %s", e.URL, e.Answer.Body, want)
	}
}

// TestAFlowIsForgotten holds its secrets no longer than it goes on.
func TestAFlowIsForgotten(t *testing.T) {
	flows := NewFlows(time.Millisecond)
	flows.Of("a").Add("SOMMERREGEN")
	for len(flows.Of("a").all()) > 0 { // each look begins the time anew
		<-time.After(2 * time.Millisecond)
	}
	flows = NewFlows(time.Hour)
	flows.Of("a").Add("SOMMERREGEN")
	flows.Of("b").Add("other")
	flows.forget("a")
	if flows.Of("a").all() != nil || len(flows.Of("b").all()) != 1 {
		t.Error("another flow was forgotten")
	}
}

// TestSpellingsOfASecret takes a secret out however it is written.
func TestSpellingsOfASecret(t *testing.T) {
	for _, secret := range []string{"Passw0rd!", "SOMMERREGEN", "a b&c=d<e>", "schön-日", "141421"} {
		every := func(format string) string {
			var b strings.Builder
			for _, c := range []byte(secret) {
				fmt.Fprintf(&b, format, c)
			}
			return b.String()
		}
		var units, entities strings.Builder
		for _, r := range secret {
			fmt.Fprintf(&units, `\u%04x`, r)
			fmt.Fprintf(&entities, `&#%d;`, r)
		}
		for name, form := range map[string]string{
			"plain": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "twice": url.QueryEscape(url.QueryEscape(secret)),
			"every byte": every("%%%02x"), "JSON": jsonText(secret), "JSON units": units.String(), "JSON in JSON": jsonText(jsonText(secret)),
			"HTML": html.EscapeString(secret), "HTML numbers": entities.String(), "hex": hex.EncodeToString([]byte(secret)),
			"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 of more": base64.URLEncoding.EncodeToString([]byte("x:" + secret + "?>")),
			"base64 of yet more": base64.RawStdEncoding.EncodeToString([]byte("y" + secret)),
		} {
			for _, around := range [][2]string{{`{"text":"`, `"}`}, {"a=1&x%3D", "&y=2"}, {"<p>", "</p>"}, {"", ""}, {"said (", ")."}} {
				if strings.HasPrefix(name, "base64") || name == "hex" { // what is beside them is of the same signs
					around[0] = strings.TrimSuffix(around[0], "x%3D")
				}
				text := around[0] + form + around[1]
				got := newValues([]string{secret}).clean(text)
				if want := around[0] + Redacted + around[1]; got != want {
					t.Errorf("%s of %q: %s gives %s", name, secret, text, got)
				}
			}
		}
	}
	const kept = "Sommerregengasse 1414210 SOMMERREGENS 2026"
	if got := newValues([]string{"SOMMERREGEN", "141421"}).clean(kept); got != kept {
		t.Errorf("parts of other words were taken out: %s", got)
	}
}

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

// TestRedactingIsBounded gives the redactor what is hard on it, in the size of a
// whole record and with as many secrets as are held. What grows with the square
// of either would take minutes.
func TestRedactingIsBounded(t *testing.T) {
	var manyNames strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&manyNames, `{"name":"pin","value":"value%d"},`, i)
	}
	var secrets []string
	for i := range 2 * mostKnown {
		secrets = append(secrets, strings.Repeat("a", 2000)+fmt.Sprint(i))
	}
	for name, body := range map[string]string{
		"one letter": strings.Repeat("a", maxRecorded), "escapes": strings.Repeat("%25", maxRecorded/3), "backslashes": strings.Repeat(`\`, maxRecorded),
		"quotes": strings.Repeat(`"`, maxRecorded), "colons": strings.Repeat(":", maxRecorded), "words": strings.Repeat("code is 1 ", maxRecorded/10),
		"names": manyNames.String(), "open": strings.Repeat(`{"a":[`, maxRecorded/6), "entities": strings.Repeat("&amp;", maxRecorded/5),
		"late name": strings.Repeat(`{"value":"aaaaaaaaaaaaaaaa","x":`, 2000) + strings.Repeat(`1,"name":"pin"},`, 1),
	} {
		started := time.Now()
		one := &recording{secrets: &Secrets{}, method: "GET", url: "https://b.example/", request: &capture{}, status: 200, answer: &capture{}}
		one.secrets.Add(secrets...)
		_, _ = one.answer.Write([]byte(body))
		one.exchange()
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// TestPackedAnswersAreCleaned looks into an answer that came packed.
func TestPackedAnswersAreCleaned(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(`{"note":"SOMMERREGEN"}`))
	_ = w.Close()
	one := &recording{secrets: &Secrets{}, url: "https://b.example/", request: &capture{}, status: 200, answer: &capture{}, answerHeader: http.Header{"Content-Encoding": {"gzip"}}}
	one.secrets.Add("SOMMERREGEN")
	_, _ = one.answer.Write(packed.Bytes())
	if got := one.exchange().Answer.Body; got != `{"note":"`+Redacted+`"}` {
		t.Error(got)
	}
}
