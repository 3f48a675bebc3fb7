package sandbox

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// walk is one way through a bank's SCA: from the answer to POST /consents to the
// end of the authorisation.
type walk struct {
	bank   string
	psu    string // PSU-ID from the start
	before func(*berlin)
	do     func(*berlin, *clock, result)
	final  string // the consent's status; "" for valid
}

func password(person string) map[string]any {
	return map[string]any{"psuData": map[string]any{"password": people.Find(person).Password}}
}

func otp(person string) map[string]any {
	return map[string]any{"scaAuthenticationData": people.Find(person).Code}
}

// redirected goes to the bank's pages and back.
func redirected(link string) func(*berlin, *clock, result) {
	return func(p *berlin, _ *clock, made result) {
		newBrowser(p.t).approve(made.follow(link), people.Find("astrid"))
	}
}

func started(p *berlin, made result) result {
	p.t.Helper()
	return p.call("POST", made.follow("startAuthorisation"), nil, nil).want(http.StatusCreated)
}

func oauthWalk(p *berlin, _ *clock, made result) {
	p.oauth(made.follow("scaOAuth"), "AIS:"+made.text("consentId"), "astrid")
}

// phone answers on the person's telephone.
func phone(p *berlin, made result, action string) {
	p.t.Helper()
	message := made.text("psuMessage")
	b := newBrowser(p.t)
	b.open(message[strings.Index(message, "http"):])
	b.submit(action, nil)
	if b.status != http.StatusOK {
		p.t.Fatalf("telephone: %d %s", b.status, b.text())
	}
}

func walks() []walk {
	return []walk{
		{bank: "rheintor", do: redirected("scaRedirect")},
		{bank: "elbufer", do: func(p *berlin, _ *clock, made result) {
			newBrowser(p.t).approve(started(p, made).follow("scaRedirect"), people.Find("astrid"))
		}},
		{bank: "siegelhaus", do: func(p *berlin, _ *clock, made result) {
			back := newBrowser(p.t).approve(made.follow("scaRedirect"), people.Find("astrid"))
			if got := p.call("GET", made.follow("scaStatus"), nil, nil).text("scaStatus"); got != scaUnconfirmed {
				p.t.Errorf("before the confirmation: %s", got)
			}
			wrong := p.call("PUT", made.follow("confirmation"), map[string]any{"confirmationCode": "x"}, nil)
			if wrong.status != 400 || wrong.code() != "SCA_INVALID" {
				p.t.Errorf("a wrong confirmation code: %d %s", wrong.status, wrong.raw)
			}
			p.call("PUT", made.follow("confirmation"), map[string]any{"confirmationCode": back.Query().Get("confirmationCode")}, nil).want(http.StatusOK)
		}},
		{bank: "zwillingsbach", do: func(p *berlin, _ *clock, made result) {
			newBrowser(p.t).approve(started(p, made).follow("scaRedirect"), people.Find("astrid"))
			if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != consentPartly {
				p.t.Errorf("after one signature: %s", got)
			}
			again := newBrowser(p.t)
			second := started(p, made).follow("scaRedirect")
			again.logIn(second, people.Find("astrid"))
			if again.status != http.StatusUnprocessableEntity {
				p.t.Errorf("the same person again: %d", again.status)
			}
			again.approve(second, people.Find("johan"))
		}},
		{bank: "freipass", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			if got := p.call("GET", made.follow("scaStatus"), nil, nil).text("scaStatus"); got != scaExempted {
				p.t.Errorf("scaStatus %s", got)
			}
		}},
		{bank: "oststern", do: oauthWalk},
		{bank: "havelquell", do: oauthWalk},
		{bank: "isarfels", do: oauthWalk},
		{bank: "nordfjell", do: oauthWalk},
		{bank: "bergtopp", do: func(p *berlin, _ *clock, made result) {
			p.oauth(started(p, made).follow("scaOAuth"), "", "astrid")
		}},
		{bank: "havtorv", do: func(p *berlin, _ *clock, made result) {
			p.oauth(made.follow("scaOAuth"), "AIS: "+made.text("consentId"), "astrid")
		}},
		{bank: "senebro", do: func(p *berlin, c *clock, made result) {
			if made.get("_links.scaOAuth.href") != nil {
				p.t.Errorf("the link is there at once: %s", made.raw)
			}
			oauthWalk(p, c, result{t: p.t, body: map[string]any{"consentId": made.text("consentId"), "_links": p.call("GET", made.follow("self"), nil, nil).want(200).get("_links")}})
		}},
		{bank: "ensinmaki", before: func(p *berlin) {
			p.oauth(p.tpp.base+"/berlingroup/ensinmaki/.well-known/oauth-authorization-server", "AIS", "astrid")
		}, do: func(p *berlin, _ *clock, made result) {
			p.call("PUT", made.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "vuorenpaa", before: func(p *berlin) {
			form := url.Values{"grant_type": {"client_credentials"}, "client_id": {practiceOrganisation}, "scope": {"AIS"}}
			req, _ := http.NewRequest("POST", p.tpp.base+"/berlingroup/vuorenpaa/oauth/token", strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			p.bearer = p.tpp.do(req).want(http.StatusOK).text("access_token")
		}, do: redirected("scaRedirect")},
		{bank: "sandvik", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			if got := p.call("GET", made.follow("scaStatus"), nil, nil).text("scaStatus"); got != scaStarted {
				p.t.Errorf("before the telephone: %s", got)
			}
			phone(p, made, "approve")
		}},
		{bank: "sandvik", psu: "astrid", final: consentRejected, do: func(p *berlin, _ *clock, made result) { phone(p, made, "deny") }},
		{bank: "lyktan", do: func(p *berlin, _ *clock, made result) {
			told := p.call("PUT", made.follow("updatePsuIdentification"), nil, map[string]string{"PSU-ID": "astrid"}).want(http.StatusOK)
			if list, _ := told.get("challengeData.data").([]any); len(list) != 1 {
				p.t.Errorf("challengeData: %s", told.raw)
			}
			phone(p, told, "approve")
		}},
		{bank: "bildholm", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			data, err := base64.StdEncoding.DecodeString(made.text("challengeData.image"))
			if err != nil || !strings.HasPrefix(string(data), "\x89PNG") {
				p.t.Errorf("challengeData: %s", made.raw)
			}
			phone(p, made, "approve")
		}},
		{bank: "sjalvgang", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			for _, want := range []string{scaStarted, scaStarted, scaFinalised} {
				if got := p.call("GET", made.follow("scaStatus"), nil, nil).text("scaStatus"); got != want {
					p.t.Errorf("scaStatus %s, want %s", got, want)
				}
			}
		}},
		{bank: "tystnad", psu: "astrid", final: consentReceived, do: func(p *berlin, c *clock, made result) {
			c.pass(31 * time.Second)
			if got := p.call("GET", made.follow("scaStatus"), nil, nil).text("scaStatus"); got != scaFailed {
				p.t.Errorf("after half a minute: %s", got)
			}
		}},
		{bank: "lindwurm", do: func(p *berlin, _ *clock, made result) {
			named := p.call("PUT", made.follow("updatePsuIdentification"), map[string]any{}, map[string]string{"PSU-ID": "astrid"}).want(http.StatusOK)
			wrong := p.call("PUT", named.follow("updatePsuAuthentication"), map[string]any{"psuData": map[string]any{"password": "x"}}, nil)
			if wrong.status != 401 || wrong.code() != "PSU_CREDENTIALS_INVALID" {
				p.t.Errorf("a wrong password: %d %s", wrong.status, wrong.raw)
			}
			early := p.call("PUT", named.follow("updatePsuAuthentication"), otp("astrid"), nil)
			if early.status != 409 || early.code() != "STATUS_INVALID" {
				p.t.Errorf("a code before its time: %d %s", early.status, early.raw)
			}
			known := p.call("PUT", named.follow("updatePsuAuthentication"), password("astrid"), nil).want(http.StatusOK)
			if len(known.list("scaMethods")) != 3 {
				p.t.Errorf("scaMethods: %s", known.raw)
			}
			pigeon := p.call("PUT", known.follow("selectAuthenticationMethod"), map[string]any{"authenticationMethodId": "pigeon"}, nil)
			if pigeon.status != 400 || pigeon.code() != "SCA_METHOD_UNKNOWN" {
				p.t.Errorf("an unknown method: %d %s", pigeon.status, pigeon.raw)
			}
			chosen := p.call("PUT", known.follow("selectAuthenticationMethod"), map[string]any{"authenticationMethodId": bank.ByReader.ID}, nil).want(http.StatusOK)
			if chosen.get("challengeData.otpMaxLength") != 6.0 || chosen.text("chosenScaMethod.authenticationMethodId") != bank.ByReader.ID {
				p.t.Errorf("chosen: %s", chosen.raw)
			}
			p.call("PUT", chosen.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "einhafen", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			known := p.call("PUT", made.follow("updatePsuAuthentication"), password("astrid"), nil).want(http.StatusOK)
			p.call("PUT", known.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "moorland", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			p.call("PUT", made.follow("updatePsuAuthentication"), password("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "schlossgarten", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			if plain := p.call("PUT", made.follow("updateEncryptedPsuAuthentication"), password("astrid"), nil); plain.status != 400 {
				p.t.Errorf("a plain password: %d %s", plain.status, plain.raw)
			}
			sealed := sealed(p, made.follow("jwks"), people.Find("astrid").Password)
			known := p.call("PUT", made.follow("updateEncryptedPsuAuthentication"), map[string]any{"psuData": map[string]any{"encryptedPassword": sealed}}, nil).want(http.StatusOK)
			p.call("PUT", known.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "startklar", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			link := made.follow("startAuthorisationWithPsuAuthentication")
			p.call("POST", link, nil, nil).want(http.StatusCreated).follow("updatePsuAuthentication") // it can come later, too
			known := p.call("POST", link, password("astrid"), nil).want(http.StatusCreated)
			chosen := p.call("PUT", known.follow("selectAuthenticationMethod"), map[string]any{"authenticationMethodId": bank.ByText.ID}, nil).want(http.StatusOK)
			p.call("PUT", chosen.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "riegelfest", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			data := map[string]any{"psuData": map[string]any{"encryptedPassword": sealed(p, made.follow("jwks"), people.Find("astrid").Password)}}
			link := made.follow("startAuthorisationWithEncryptedPsuAuthentication")
			if empty := p.call("POST", link, nil, nil); empty.status != 400 {
				p.t.Errorf("an empty start: %d", empty.status)
			}
			known := p.call("POST", link, data, nil).want(http.StatusCreated)
			p.call("PUT", known.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "doppelhof", do: func(p *berlin, _ *clock, made result) {
			for _, person := range []string{"astrid", "johan"} {
				begun := p.call("POST", made.follow("startAuthorisationWithPsuIdentification"), nil, map[string]string{"PSU-ID": person}).want(http.StatusCreated)
				known := p.call("PUT", begun.follow("updatePsuAuthentication"), password(person), nil).want(http.StatusOK)
				p.call("PUT", known.follow("authoriseTransaction"), otp(person), nil).want(http.StatusOK)
			}
		}},
		{bank: "vielweg", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			begun := p.call("POST", made.follow("startAuthorisationWithAuthenticationMethodSelection"), map[string]any{"authenticationMethodId": bank.ByPush.ID}, nil).want(http.StatusCreated)
			phone(p, begun, "approve")
		}},
		{bank: "vielweg", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			begun := p.call("POST", made.follow("startAuthorisationWithAuthenticationMethodSelection"), nil, nil).want(http.StatusCreated)
			chosen := p.call("PUT", begun.follow("selectAuthenticationMethod"), map[string]any{"authenticationMethodId": bank.ByText.ID}, nil).want(http.StatusOK)
			known := p.call("PUT", chosen.follow("updatePsuAuthentication"), password("astrid"), nil).want(http.StatusOK)
			p.call("PUT", known.follow("authoriseTransaction"), otp("astrid"), nil).want(http.StatusOK)
		}},
		{bank: "vielweg", psu: "astrid", do: func(p *berlin, _ *clock, made result) {
			begun := p.call("POST", made.follow("startAuthorisationWithAuthenticationMethodSelection"), map[string]any{"authenticationMethodId": bank.ByPage.ID}, nil).want(http.StatusCreated)
			newBrowser(p.t).approve(begun.follow("scaRedirect"), people.Find("astrid"))
		}},
	}
}

// sealed encrypts as RFC 7516 has it, with RSA-OAEP-256 and A256GCM.
func sealed(p *berlin, keys, text string) string {
	p.t.Helper()
	found := p.tpp.call("GET", keys, nil, nil).want(http.StatusOK).list("keys")[0]
	decode := func(name string) *big.Int {
		raw, err := base64.RawURLEncoding.DecodeString(found[name].(string))
		if err != nil {
			p.t.Fatal(err)
		}
		return new(big.Int).SetBytes(raw)
	}
	content, iv := make([]byte, 32), make([]byte, 12)
	rand.Read(content)
	rand.Read(iv)
	wrapped, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, &rsa.PublicKey{N: decode("n"), E: int(decode("e").Int64())}, content, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	block, err := aes.NewCipher(content)
	if err != nil {
		p.t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		p.t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	header := b64([]byte(`{"alg":"RSA-OAEP-256","enc":"A256GCM"}`))
	out := gcm.Seal(nil, iv, []byte(text), []byte(header))
	return strings.Join([]string{header, b64(wrapped), b64(iv), b64(out[:len(out)-16]), b64(out[len(out)-16:])}, ".")
}

// Every bank's SCA leads to a valid consent with accounts that can be read, and all
// of it keeps to the definition.
func TestEveryApproach(t *testing.T) {
	router := berlinDefinition(t)
	for _, w := range walks() {
		t.Run(w.bank, func(t *testing.T) {
			c := newClock()
			server := startSandbox(t, Config{Now: c.now})
			p := newBerlin(t, server.URL, w.bank)
			p.psu = w.psu
			if w.before != nil {
				w.before(p)
			}
			if w.bank != "senebro" { // whose null link the definition does not know
				p.router = router
			}
			made := p.asks(nil)
			p.router = router
			w.do(p, c, made)
			want := w.final
			if want == "" {
				want = consentValid
			}
			if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != want {
				t.Fatalf("consent is %s, not %s", got, want)
			}
			if want != consentValid {
				return
			}
			p.readAll(made.text("consentId"))
		})
	}
}

// readAll reads everything that a consent gives.
func (p *berlin) readAll(consent string) {
	p.t.Helper()
	with := map[string]string{"Consent-ID": consent, "TPP-Redirect-URI": ""}
	p.call("GET", "/consents/"+consent, nil, map[string]string{"TPP-Redirect-URI": ""}).want(http.StatusOK)
	p.call("GET", "/consents/"+consent+"/authorisations", nil, nil).want(http.StatusOK)
	accounts := p.call("GET", "/accounts?withBalance=true", nil, with).want(http.StatusOK).list("accounts")
	if len(accounts) < 2 {
		p.t.Errorf("%d accounts", len(accounts))
	}
	for _, acc := range accounts[:1] {
		path := "/accounts/" + acc["resourceId"].(string)
		p.call("GET", path, nil, with).want(http.StatusOK)
		p.call("GET", path+"/balances", nil, with).want(http.StatusOK)
		list := p.call("GET", path+"/transactions?bookingStatus=both&dateFrom=2026-09-01", nil, with).want(http.StatusOK).list("transactions.booked")
		if len(list) == 0 {
			p.t.Fatal("no transactions")
		}
		p.call("GET", path+"/transactions/"+list[0]["transactionId"].(string), nil, with).want(http.StatusOK)
	}
}
