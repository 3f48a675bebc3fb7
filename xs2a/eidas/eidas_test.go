package eidas

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func example(kind Kind) Application {
	return Application{
		Kind: kind, Identifier: "PSDSE-FINA-12345", Organisation: "Exempel AB", Country: "SE", CommonName: "tpp.example.se",
		Roles: []Role{PaymentInitiation, AccountInformation}, Authority: "Finansinspektionen", Qualified: true,
	}
}

func key(t *testing.T, algorithm Algorithm) crypto.Signer {
	t.Helper()
	text, err := MakeKey(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.(crypto.Signer)
}

// The bytes of other programs, by which the statements of TS 119 495 are written: QcType,
// then roles, name and identifier of the authority.
func TestKnownBytes(t *testing.T) {
	const authority = "0c1b46696e616e6369616c20436f6e6475637420417574686f726974790c0647422d464341"
	for name, test := range map[string]struct {
		bytes string
		want  Statements
	}{
		"a seal for account information": {
			"305b3013060604008e4601063009060704008e4601060230440606040081982702303a301330110607040081982701030c065053505f4149" + authority,
			Statements{Kinds: []Kind{QSealC}, Roles: []Role{AccountInformation}},
		},
		"a seal for account servicing": {
			"305b3013060604008e4601063009060704008e4601060230440606040081982702303a301330110607040081982701010c065053505f4153" + authority,
			Statements{Kinds: []Kind{QSealC}, Roles: []Role{AccountServicing}},
		},
		"a connection for payments": {
			"305b3013060604008e4601063009060704008e4601060330440606040081982702303a301330110607040081982701020c065053505f5049" + authority,
			Statements{Kinds: []Kind{QWAC}, Roles: []Role{PaymentInitiation}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := test.want
			want.Authority, want.AuthorityID = "Financial Conduct Authority", "GB-FCA"
			known, err := hex.DecodeString(test.bytes)
			if err != nil {
				t.Fatal(err)
			}
			if read, err := ParseStatements(known); err != nil || !reflect.DeepEqual(read, want) {
				t.Errorf("read as %+v, %v", read, err)
			}
			extension, err := want.extension()
			if err != nil || !bytes.Equal(extension.Value, known) {
				t.Errorf("written as %x, %v", extension.Value, err)
			}
		})
	}
}

// What is no statement of these kinds is passed over; what is one and cannot be read is
// an error, and nothing of it is used.
func TestStatementsOfOthers(t *testing.T) {
	for name, test := range map[string]struct {
		bytes string
		want  Statements
		fails bool
	}{
		"QcCompliance and one of another kind": {"30143008060604008e4601013008060604008e460104", Statements{Compliance: true}, false},
		"a role that is not numbered":          {"302930270606040081982702301d301330110607040081982701090c065053505f58580c01410c03412d42", Statements{Roles: []Role{"PSP_XX"}, Authority: "A", AuthorityID: "A-B"}, false},
		"cut off":                              {"30143008060604008e460101", Statements{}, true},
		"something behind it":                  {"300a3008060604008e4601010500", Statements{}, true},
		"PSD2 without anything":                {"300a30080606040081982702", Statements{}, true},
		"no sequence":                          {"0c0141", Statements{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			der, err := hex.DecodeString(test.bytes)
			if err != nil {
				t.Fatal(err)
			}
			read, err := ParseStatements(der)
			if (err != nil) != test.fails || !reflect.DeepEqual(read, test.want) {
				t.Errorf("%+v, %v", read, err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Application)
		want   map[string]Mistake
	}{
		"nothing":            {func(*Application) {}, map[string]Mistake{}},
		"an odd number":      {func(a *Application) { a.Identifier = "PSDPL-PFSA-1/2 B" }, map[string]Mistake{FieldIdentifier: WrongForm}},
		"a slash and colons": {func(a *Application) { a.Identifier = "PSDDE-BAFIN-12:3/4" }, map[string]Mistake{}},
		"small letters":      {func(a *Application) { a.Identifier = "PSDse-FINA-1" }, map[string]Mistake{FieldIdentifier: WrongForm}},
		"a tax number":       {func(a *Application) { a.Identifier = "VATSE-556" }, map[string]Mistake{FieldIdentifier: WrongForm}},
		"a long authority":   {func(a *Application) { a.Identifier = "PSDSE-ABCDEFGHI-1" }, map[string]Mistake{FieldIdentifier: WrongForm}},
		"no number":          {func(a *Application) { a.Identifier = "PSDSE-FINA-" }, map[string]Mistake{FieldIdentifier: WrongForm}},
		"too long":           {func(a *Application) { a.Organisation = strings.Repeat("ö", 65) }, map[string]Mistake{FieldOrganisation: TooLong}},
		"a line feed":        {func(a *Application) { a.CommonName = "a\nb" }, map[string]Mistake{FieldCommonName: NotShowable}},
		"a strange role":     {func(a *Application) { a.Roles = []Role{"PSP_XX"} }, map[string]Mistake{FieldRoles: WrongForm}},
		"all of it": {func(a *Application) { *a = Application{} }, map[string]Mistake{
			FieldIdentifier: Missing, FieldOrganisation: Missing, FieldCountry: WrongForm, FieldCommonName: Missing, FieldRoles: Missing, FieldAuthority: Missing,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			application := example(QSealC)
			test.change(&application)
			if wrong := application.Check(); !reflect.DeepEqual(wrong, test.want) {
				t.Errorf("wrong are %v", wrong)
			}
		})
	}
}

// A request asks for all that was given, and a certificate for tests states it but for
// what it is not: qualified.
func TestRequestAndTestCertificate(t *testing.T) {
	for _, kind := range []Kind{QSealC, QWAC} {
		application, key := example(kind), key(t, P256)
		want := Statements{Compliance: true, Kinds: []Kind{kind}, Roles: application.Roles, Authority: "Finansinspektionen", AuthorityID: "SE-FINA"}
		der, err := application.Request(key)
		if err != nil {
			t.Fatal(err)
		}
		request, err := x509.ParseCertificateRequest(der)
		if err != nil || request.CheckSignature() != nil {
			t.Fatal(err, request.CheckSignature())
		}
		if stated, err := statementsIn(request.Extensions); err != nil || !reflect.DeepEqual(stated, want) {
			t.Errorf("asked for %+v, %v", stated, err)
		}
		if Organisation(request.Subject) != application.Identifier || len(request.DNSNames) != int(kind) {
			t.Errorf("asked for %s, hosts %v", request.Subject, request.DNSNames)
		}

		der, err = application.TestCertificate(key, noon)
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		want.Compliance = false
		if stated, err := StatementsOf(certificate); err != nil || !reflect.DeepEqual(stated, want) {
			t.Errorf("states %+v, %v", stated, err)
		}
		usage := map[Kind]string{QSealC: "3 []", QWAC: "1 [serverAuth clientAuth]"}[kind]
		if said := fmt.Sprintf("%d %v", certificate.KeyUsage, certificate.ExtKeyUsage); said != usage {
			t.Errorf("is for %s, want %s", said, usage)
		}
		if !IsTest(certificate) || !Belongs(certificate.PublicKey, key) || !certificate.NotAfter.Equal(noon.Add(TestLife)) || len(certificate.SerialNumber.Bytes()) != 16 {
			t.Errorf("test %t, until %s, serial %x", IsTest(certificate), certificate.NotAfter, certificate.SerialNumber)
		}
	}
}

func TestKeys(t *testing.T) {
	for algorithm, name := range map[Algorithm]string{RSA2048: "RSA 2048", P256: "ECDSA P-256"} { // the longer ones take long
		if made := KeyName(key(t, algorithm).Public()); made != name {
			t.Errorf("%s makes %s", algorithm, made)
		}
	}
	if _, err := MakeKey("dsa"); err == nil {
		t.Error("a key of an unknown kind was made")
	}
	if Belongs(key(t, P256).Public(), key(t, P256)) {
		t.Error("two keys belong together")
	}
}

// OpenSSL reads of both what was written into them.
func TestJourneyOpenSSL(t *testing.T) {
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" { // OpenSSL is not everywhere; the known bytes are held without it
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("openssl is needed: ", err)
	}
	read := func(der []byte, arguments ...string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "it")
		if err := os.WriteFile(file, der, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command(openssl, append(arguments, "-inform", "DER", "-in", file)...).CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %v: %v\n%s", arguments, err, said)
		}
		return string(said)
	}
	for _, algorithm := range Algorithms {
		application, key := example(QWAC), key(t, algorithm)
		request, err := application.Request(key)
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := application.TestCertificate(key, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		extension, err := application.statements(true).extension()
		if err != nil {
			t.Fatal(err)
		}
		for said, wants := range map[string][]string{
			read(request, "req", "-noout", "-text", "-verify"): {"PSDSE-FINA-12345", "Exempel AB", "DNS:tpp.example.se", "TLS Web Server Authentication, TLS Web Client Authentication", "qcStatements", "Digital Signature"},
			read(certificate, "x509", "-noout", "-text"):       {"PSDSE-FINA-12345", "OU = TEST CERTIFICATE", "DNS:tpp.example.se", "CA:FALSE", "qcStatements"},
			read(extension.Value, "asn1parse"):                 {"0.4.0.19495.2", "0.4.0.19495.1.2", "0.4.0.19495.1.3", ":PSP_PI", ":PSP_AI", ":Finansinspektionen", ":SE-FINA", "0.4.0.1862.1.6.3", "0.4.0.1862.1.1"},
		} {
			said = strings.NewReplacer("OU=", "OU = ").Replace(said)
			for _, want := range wants {
				if !strings.Contains(said, want) {
					t.Errorf("%s: openssl does not read %q in\n%s", algorithm, want, said)
				}
			}
		}
	}
}
