package httpsig_test

import (
	"fmt"
	"testing"

	"consentry/xs2a/httpsig"
)

func BenchmarkSign(b *testing.B) {
	for _, id := range []identity{rsaIdentity(), ecdsaIdentity()} {
		b.Run(fmt.Sprintf("%T", id.key), func(b *testing.B) {
			s, r := signer(b, httpsig.BerlinGroup(), id), consentRequest(b, "https://bank.example")
			for b.Loop() {
				if err := s.Sign(r, nil); err != nil {
					b.Fatal(err)
				}
				r.Header.Del("Signature")
				r.Header.Del("TPP-Signature-Certificate")
			}
		})
	}
}
