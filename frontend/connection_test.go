package frontend

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestCheckSaysWhatWasTried: of an exchange that went without a signature or a
// certificate, the check does not say that they are accepted.
func TestCheckSaysWhatWasTried(t *testing.T) {
	d := newDesk(t)
	var signed bool
	code := "CONSENT_UNKNOWN"
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed = r.Header.Get("Signature") != ""
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"tppMessages":[{"category":"ERROR","code":%q}]}`, code)
	})
	plain, closed := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer closed.Close()
	own := issueBetween(t, "Own", time.Unix(0, 0), time.Now().AddDate(50, 0, 0)) // what signs goes by the machine's clock
	const (
		right, noSignature, noCertificate = "the address is right.", "No signature was tried", "No certificate for connections was tried"
		signature, certificate            = "did not refuse the signature", "whether the bank looked at it cannot be told"
	)
	for _, test := range []struct {
		name   string
		fields map[string]string
		says   []string
	}{
		{"bare", map[string]string{"api_url": plain.URL, "signing": ""}, []string{right, noSignature, noCertificate}},
		{"signed", map[string]string{"api_url": plain.URL, "certificate": own.certificate, "key": own.key}, []string{right, signature, noCertificate}},
		{"signed in the clear, with a certificate that is not shown so", map[string]string{"api_url": plain.URL, "certificate": own.certificate, "key": own.key,
			"tls_certificate": own.certificate, "tls_key": own.key}, []string{right, signature, noCertificate}},
		{"with a certificate", map[string]string{"api_url": closed.URL, "signing": "", "tls_certificate": own.certificate, "tls_key": own.key,
			"root_ca": pemOf(closed.Certificate().Raw)}, []string{right, noSignature, certificate}},
	} {
		test.fields["banks"] = "HAMNSEG0; Hamnbanken; SE"
		if saved := d.post("/environments", berlin(test.fields), "", nil); saved.Code != http.StatusSeeOther {
			t.Fatalf("%s: not saved: %d %s", test.name, saved.Code, saved.Body)
		}
		page := "/environments/" + d.only().ID
		shown := d.post(page+"/check", nil, "", nil).Body.String()
		for _, words := range []string{right, noSignature, noCertificate, signature, certificate} {
			wanted := strings.Contains(strings.Join(test.says, "|"), words)
			if strings.Contains(shown, words) != wanted {
				t.Errorf("%s: says %q: %t", test.name, words, !wanted)
			}
		}
		if signed != strings.Contains(strings.Join(test.says, "|"), signature) {
			t.Errorf("%s: signed %t", test.name, signed)
		}
		code = "RESOURCE_UNKNOWN"
		if shown = d.post(page+"/check", nil, "", nil).Body.String(); strings.Contains(shown, right) || !strings.Contains(shown, "not certain") {
			t.Errorf("%s: a bank that knows nothing there counts as found", test.name)
		}
		code = "CONSENT_UNKNOWN"
		if removed := d.post(page+"/remove", map[string]string{"records": "0"}, "", nil); removed.Code != http.StatusSeeOther {
			t.Fatalf("%s: not removed", test.name)
		}
	}
}

func pemOf(certificate []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}
