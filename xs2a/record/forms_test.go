package record

import (
	"strings"
	"testing"
)

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
