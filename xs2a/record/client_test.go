package record_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a"
	"consentry/xs2a/record"
)

// What a client knows of a flow is seen by what is recorded of it: these tests are
// of both, and stand here, as a recorder knows nothing of clients.

// typed are passwords and codes of people. Many look like words, like codes of
// messages or like numbers.
var typed = []string{
	"SOMMERREGEN", "my_pass_word", "123", "404", "sommerregen", "hunter22", "141421", "CONSENT_INVALID", "invalid_grant", "ABC", "true", "0000",
	"Passw0rd!", "correct horse battery", `q"uo\te`, "p%41ss+wörd", "Ж-пароль-日", "a&b=c;d", "<b>secret</b>", "1234567890123456", "MEIN_PIN_WORT",
}

// recordedFlow is a bank that answers as told, and what a recorder makes of it.
type recordedFlow struct {
	client   *xs2a.Client
	recorder *record.Recorder
	kept     []record.Exchange
}

func recordFlow(t *testing.T, bank http.HandlerFunc) *recordedFlow {
	t.Helper()
	server := httptest.NewServer(bank)
	t.Cleanup(server.Close)
	f := &recordedFlow{recorder: record.New(nil, nil)}
	client, err := xs2a.New(xs2a.Reach{Identity: xs2a.Identity{ClientID: "tpp", ClientSecret: "clients-secret"}, Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: server.URL, AuthURL: server.URL, Login: xs2a.LoginNone}}, f.recorder)
	if err != nil {
		t.Fatal(err)
	}
	f.client = client.For("flow")
	return f
}

// all is everything that was recorded.
func (f *recordedFlow) all(t *testing.T) []record.Exchange {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.recorder.Run(ctx, func(e record.Exchange) error { f.kept = append(f.kept, e); return nil })
	return f.kept
}

// TestNothingTypedIsRecorded types passwords and codes of every look at a bank
// that says them again, in this answer and in the next, under its own names and
// in its own words.
func TestNothingTypedIsRecorded(t *testing.T) {
	for _, secret := range typed {
		for step, data := range map[xs2a.Step]xs2a.PSUData{
			xs2a.StepPassword: {Password: secret}, xs2a.StepCode: {Code: secret}, xs2a.StepConfirm: {ConfirmationCode: secret},
		} {
			t.Run(string(step)+" "+secret, func(t *testing.T) {
				echoes, _ := json.Marshal(map[string]any{
					"scaStatus": "started", "password": secret, "scaAuthenticationData": secret, "confirmationCode": secret, "userPin": secret, "code": secret,
					"tppMessages": []any{map[string]any{"category": "ERROR", "code": secret, "text": "password: " + secret}},
				})
				f := recordFlow(t, func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(r.Body)
					w.Header().Set("X-Received", string(bytes.ReplaceAll(body, []byte("\n"), nil)))
					if len(secret) >= record.MinEcho {
						w.Header().Set("Location", "/v1/consents/"+url.PathEscape(secret)+"?was="+url.QueryEscape(secret))
						w.Header().Set("X-Whatever", base64.StdEncoding.EncodeToString([]byte("lukas:"+secret+"!")))
					}
					_, _ = w.Write(echoes)
				})
				answer, err := f.client.Continue(t.Context(), xs2a.Call{RequestID: "r"}, xs2a.ConsentResource("c"), "a", xs2a.Next{Step: step}, data, xs2a.Return{})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := f.client.SCAStatus(t.Context(), xs2a.Call{RequestID: "r"}, xs2a.ConsentResource("c"), "a"); err != nil {
					t.Fatal(err)
				}
				all := f.all(t)
				if len(all) != 2 {
					t.Fatalf("%d exchanges were recorded", len(all))
				}
				for i, e := range all {
					holdsNot(t, fmt.Sprintf("exchange %d", i+1), e.Request.Body+"\n"+e.Answer.Body+"\n"+headers(e), secret)
				}
				if len(secret) >= record.MinEcho {
					holdsNot(t, "what is kept of the answer", string(answer.Raw)+answer.Message, secret)
				}
			})
		}
	}
}

// holdsNot holds that a secret does not stand in a text as a value.
func holdsNot(t *testing.T, where, text, secret string) {
	t.Helper()
	forms := []string{record.JSONText(secret), url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), secret}
	for _, form := range forms {
		for at := 0; ; {
			found := strings.Index(text[at:], form)
			if found < 0 {
				break
			}
			at += found + len(form)
			if !record.PartOfToken(text, at-len(form), at) {
				t.Errorf("%s holds %q: %s", where, form, text)
				return
			}
		}
	}
}

func headers(e record.Exchange) string {
	var b strings.Builder
	for _, side := range [][]record.HeaderField{e.Request.Header, e.Answer.Header} {
		for _, field := range side {
			if !slices.Contains([]string{"Date", "Content-Length", "X-Request-Id", "User-Agent", "Digest"}, field.Name) {
				b.WriteString(field.Name + ": " + field.Value + "\n")
			}
		}
	}
	return b.String()
}

// TestSecretsOfTheFlowAreRecordedNowhere looks for the client's secret, code,
// verifier, state and tokens in later exchanges of a flow, under names that say
// nothing.
func TestSecretsOfTheFlowAreRecordedNowhere(t *testing.T) {
	secrets := []string{"clients-secret", "the.code.of.authorisation", "the-verifier-of-the-flow", "the-state-of-the-flow", "the-access-token", "the-refresh-token"}
	f := recordFlow(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte(`{"access_token":"the-access-token","refresh_token":"the-refresh-token","token_type":"Bearer","note":"the-access-token"}`))
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"tppMessages":[{"category":"ERROR","code":"FORMAT_ERROR","text":"not with %s"}],"ids":["%s"]}`, strings.Join(secrets, " or "), hex.EncodeToString([]byte(secrets[4])))
	})
	token, err := f.client.ExchangeCode(t.Context(), secrets[1], xs2a.Grant{Verifier: secrets[2], State: secrets[3]})
	if err != nil || token.AccessToken != secrets[4] {
		t.Fatal(token, err)
	}
	_, err = f.client.ConsentStatus(t.Context(), xs2a.Call{RequestID: "r", Token: token.AccessToken}, "c")
	if err == nil {
		t.Fatal("the bank refused nothing")
	}
	told, _ := json.Marshal(f.all(t))
	for _, secret := range append(secrets, hex.EncodeToString([]byte(secrets[4]))) {
		if strings.Contains(string(told), secret) {
			t.Errorf("%s is in the record: %s", secret, told)
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s is in the error: %v", secret, err)
		}
	}
	if !strings.Contains(string(told), "FORMAT_ERROR") {
		t.Errorf("the code of the message went, too: %s", told)
	}
}
