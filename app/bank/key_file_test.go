package bank

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"consentry/xs2a/eidas"
)

// keyFile makes a PKCS#12 file by one of the library's recipes.
func keyFile(t *testing.T, recipe *pkcs12.Encoder, password string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := eidas.Application{Identifier: "PSDSE-FINA-12345", Organisation: "Example", Country: "SE", CommonName: "Example", Authority: "FI", Roles: eidas.Roles}.TestCertificate(key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	file, err := recipe.Encode(key, certificate, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// integer is a number as DER has it.
func integer(t *testing.T, n int64) []byte {
	t.Helper()
	der, err := asn1.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestKeyFilesThatNeverOpen refuses files that ask for more work than a person waits for, or
// are made to break what reads them, and opens those that programs write.
func TestKeyFilesThatNeverOpen(t *testing.T) {
	t.Parallel()
	const rounds = 32_769 // whose bytes stand nowhere else in the file
	for name, recipe := range map[string]*pkcs12.Encoder{"as today": pkcs12.Modern2026, "as long ago": pkcs12.LegacyDES} {
		file := keyFile(t, recipe.WithIterations(rounds), "a password")
		if _, _, err := ReadPKCS12(file, "a password"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		// As many bytes, so that all the lengths around them stay right.
		of := bytes.Count(file, integer(t, rounds))
		many := bytes.ReplaceAll(file, integer(t, rounds), integer(t, 8_000_001))
		if of != 3 || checkRounds(file) != nil || checkRounds(many) == nil {
			t.Errorf("%s: %d times, %v, and with more rounds %v", name, of, checkRounds(file), checkRounds(many))
		}
		if _, _, err := ReadPKCS12(many, "a password"); err == nil || fmt.Sprint(errors.Unwrap(err)) != fmt.Sprint(checkRounds(many)) { // and not what comes of carrying them out
			t.Errorf("%s: %v", name, err)
		}
	}
	salt := []byte("salt")
	for name, asks := range map[string]any{
		"as many as fit": struct {
			Salt   []byte
			Rounds int64
		}{salt, 1<<63 - 1},
		"a long key": struct {
			Salt        []byte
			Rounds, Key int64
		}{salt, 1000, 1 << 40},
		"a number that is none": struct {
			Salt   []byte
			Rounds asn1.RawValue
		}{salt, asn1.RawValue{Tag: asn1.TagInteger, Bytes: bytes.Repeat([]byte{0x7f}, 40)}},
	} {
		der, err := asn1.Marshal(asks)
		if err != nil {
			t.Fatal(err)
		}
		if checkRounds(der) == nil {
			t.Errorf("%s is taken", name)
		}
	}
	nested := []byte{4, 0}
	for range 100 {
		if der, err := asn1.Marshal(nested); err == nil {
			nested = der
		}
	}
	if err := checkRounds(nested); err == nil {
		t.Error("a hundred levels are taken")
	}
}

// TestKeyFilesThatBreakTheirReader has a file whose cipher is given too short a start be one
// that does not open, and not the end of the request.
func TestKeyFilesThatBreakTheirReader(t *testing.T) {
	t.Parallel()
	file := keyFile(t, pkcs12.Modern2023, "")
	cbc := []byte{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a, 0x04, 0x10} // aes256-CBC, and its start of 16 bytes
	at := bytes.Index(file, cbc)
	if at < 0 {
		t.Fatal("no cipher is named")
	}
	// The start becomes one of 14 bytes, and two of its own an empty value beside it. No
	// digest is asked for where there is no password, once it is gone.
	file[at+len(cbc)-1] = 14
	copy(file[at+len(cbc)+14:], []byte{5, 0})
	if _, _, err := ReadPKCS12(withoutDigest(t, file), ""); err == nil || !strings.Contains(err.Error(), "not made as such files are") {
		t.Errorf("%v", err)
	}
}

// withoutDigest takes the digest (MacData) from a file.
func withoutDigest(t *testing.T, file []byte) []byte {
	t.Helper()
	var pfx struct {
		Version int
		Safe    asn1.RawValue
		Mac     asn1.RawValue
	}
	if _, err := asn1.Unmarshal(file, &pfx); err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct {
		Version int
		Safe    asn1.RawValue
	}{pfx.Version, pfx.Safe})
	if err != nil {
		t.Fatal(err)
	}
	return der
}
