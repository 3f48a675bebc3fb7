package record

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestPlaceholders names what was taken out of a request, and leaves out what each has anew.
func TestPlaceholders(t *testing.T) {
	e := Exchange{Method: "PUT", URL: "https://b.example/x?state=" + Redacted + "&day=1", Request: Message{
		Body: `{"psuData":{"password":"` + Redacted + `"},"scaAuthenticationData": "` + Redacted + `","text":"` + Redacted + `"}`,
		Header: []HeaderField{{"Authorization", "Bearer " + Redacted}, {"Cookie", Redacted}, {"Date", "now"}, {"Digest", "SHA-256=x"}, {"Signature", `keyId="1",signature="` + Redacted + `"`},
			{"Tpp-Signature-Certificate", "«certificate, SHA-256 " + strings.Repeat("0", 64) + "»"}, {"X-Request-Id", "1"}, {"X\nHost", "x"}, {"Psu-Id", "astrid"}},
	}}
	got, names := e.Placeholders()
	if want := "https://b.example/x?state=«state»&day=1"; got.URL != want {
		t.Errorf("address %s", got.URL)
	}
	if want := `{"psuData":{"password":"«password»"},"scaAuthenticationData": "«scaAuthenticationData»","text":"«secret»"}`; got.Request.Body != want {
		t.Errorf("body %s", got.Request.Body)
	}
	if want := []HeaderField{{"Authorization", "Bearer " + Token}, {"Cookie", "«cookie»"}, {"Psu-Id", "astrid"}}; !slices.Equal(got.Request.Header, want) {
		t.Errorf("header %v", got.Request.Header)
	}
	if want := []string{"«state»", "«password»", "«scaAuthenticationData»", "«secret»", "«cookie»"}; !slices.Equal(names, want) || slices.Contains(names, Token) {
		t.Errorf("names %v", names)
	}
}

// TestSecretsIn finds what a person typed under the name of a secret, so that it is taken
// out of all the flow keeps from then on.
func TestSecretsIn(t *testing.T) {
	header := http.Header{"Authorization": {"Bearer typed-token-1"}, "Accept": {"application/json"}, "Content-Type": {"application/json"}}
	got := SecretsIn("https://b.example/x?code=typed-code-2", header, `{"password":"typed-word-3","iban":"DE89370400440532013000"}`)
	for _, want := range []string{"typed-token-1", "typed-code-2", "typed-word-3"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %q", want, got)
		}
	}
	if slices.Contains(got, "DE89370400440532013000") || slices.Contains(got, "application/json") {
		t.Errorf("%q holds what is no secret", got)
	}
}
