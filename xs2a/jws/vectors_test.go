package jws

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

// vectors is testdata/rfc.json, which names its sources.
type vectors struct {
	RFC7797 struct{ Key, Payload, Header, Compact string }
	RFC7515 []struct {
		Source, Protected, Payload, Signature string
		Algorithm                             Algorithm
		Deterministic                         bool
		Key                                   json.RawMessage
	}
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	raw, err := os.ReadFile("testdata/rfc.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// RFC 7797 signs with a shared secret, which this package does not know: the
// published result shows that the right bytes are signed and the three parts
// put together rightly.
func TestUnencodedPayloadVector(t *testing.T) {
	v := readVectors(t).RFC7797
	key, err := base64.RawURLEncoding.DecodeString(v.Key)
	if err != nil {
		t.Fatal(err)
	}
	protected := base64.RawURLEncoding.EncodeToString([]byte(v.Header))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signingInput(protected, v.Payload)))
	ours := Signature{Value: mac.Sum(nil), protected: protected}
	if ours.String() != v.Compact {
		t.Errorf("got  %s\nwant %s", ours, v.Compact)
	}
	if _, err := Parse(v.Compact); err == nil {
		t.Error("a signature without sigT and sigD was read")
	}
}

func TestAlgorithmVectors(t *testing.T) {
	for _, v := range readVectors(t).RFC7515 {
		t.Run(v.Source, func(t *testing.T) {
			key := privateKey(t, v.Key)
			input := signingInput(v.Protected, v.Payload)
			published, err := decodeURL(v.Signature)
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Algorithm.verify(key.Public(), input, published); err != nil {
				t.Errorf("the published signature: %v", err)
			}
			if v.Algorithm.verify(key.Public(), input+"\n", published) == nil {
				t.Error("the published signature was accepted for another input")
			}
			ours, err := v.Algorithm.sign(key, input)
			if err != nil {
				t.Fatal(err)
			}
			if v.Deterministic && string(ours) != string(published) {
				t.Errorf("our signature is not the published one: %x", ours)
			}
			if err := v.Algorithm.verify(key.Public(), input, ours); err != nil {
				t.Errorf("our signature: %v", err)
			}
		})
	}
}

func privateKey(t *testing.T, raw []byte) crypto.Signer {
	t.Helper()
	parsed, err := jwk.ParseKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	var key any
	if err := jwk.Export(parsed, &key); err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer)
}

// The numbers of an ES256 signature are padded to 32 bytes each. Each is
// shorter in one of 256 signatures.
func TestShortNumbersArePadded(t *testing.T) {
	key := privateKey(t, readVectors(t).RFC7515[1].Key)
	shortR, shortS := false, false
	for i := 0; i < 8000 && !(shortR && shortS); i++ {
		input := strconv.Itoa(i)
		signature, err := ES256.sign(key, input)
		if err != nil || len(signature) != 64 {
			t.Fatalf("%d bytes, %v", len(signature), err)
		}
		if err := ES256.verify(key.Public(), input, signature); err != nil {
			t.Fatalf("%x: %v", signature, err)
		}
		shortR, shortS = shortR || signature[0] == 0, shortS || signature[32] == 0
	}
	if !shortR || !shortS {
		t.Error("no signature with a short number came up")
	}
}

func TestSignaturesOfAnotherLengthAreRefused(t *testing.T) {
	for _, v := range readVectors(t).RFC7515 {
		key := privateKey(t, v.Key)
		input := signingInput(v.Protected, v.Payload)
		signature, err := v.Algorithm.sign(key, input)
		if err != nil {
			t.Fatal(err)
		}
		for _, changed := range [][]byte{
			nil, signature[:1], signature[:32], signature[:len(signature)-1],
			append(signature[:len(signature):len(signature)], 0), append([]byte{0}, signature...),
			make([]byte, len(signature)),
		} {
			if v.Algorithm.verify(key.Public(), input, changed) == nil {
				t.Errorf("%s: %d bytes instead of %d accepted", v.Algorithm, len(changed), len(signature))
			}
		}
	}
}

func TestMembersAreOfTheirType(t *testing.T) {
	for _, raw := range []string{`null`, `1`, `"true"`, `[]`} {
		into := true
		if err := (object{"b64": json.RawMessage(raw)}).read("b64", &into); err == nil {
			t.Errorf("%s was read as %t", raw, into)
		}
	}
}

func TestParametersAreOfOneSpelling(t *testing.T) {
	for _, names := range [][]string{nil, {""}, {"digest", "digest"}, {"Digest"}, make([]string, maxParameters+1)} {
		if checkParameters(names) == nil {
			t.Errorf("%q was accepted", names)
		}
	}
}
