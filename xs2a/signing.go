package xs2a

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"consentry/xs2a/httpsig"
	"consentry/xs2a/jws"
)

// signing puts the signatures of a reach around a transport.
func signing(reach Reach, base http.RoundTripper) (http.RoundTripper, error) {
	if reach.Signing == SignNothing {
		return base, nil
	}
	if reach.Certificate == "" {
		return nil, errors.New("requests to its banks are signed, and there is no certificate to sign them with yet")
	}
	certificate, key, err := KeyPair(reach.Certificate, reach.Key)
	if err != nil {
		return nil, fmt.Errorf("the certificate for signatures: %w", err)
	}
	switch reach.Signing {
	case SignHTTP, SignHTTPDate, SignSaltEdge, SignSaltEdgeWord:
		profile := httpsig.BerlinGroup()
		switch reach.Signing {
		case SignHTTPDate:
			profile = profile.WithDate()
		case SignSaltEdge:
			profile = httpsig.SaltEdge()
			profile.SchemeWord = false
		case SignSaltEdgeWord:
			profile = httpsig.SaltEdge()
			profile.Certificate = httpsig.PEM
		}
		profile.KeyID = cmp.Or(reach.KeyID, profile.KeyID)
		signer, err := httpsig.NewSigner(profile, key, certificate)
		if err != nil {
			return nil, err
		}
		return httpsig.Transport(base, signer), nil
	case SignDetached:
		signer, err := jws.NewSigner(jws.BankOfGeorgia(), key, certificate)
		if err != nil {
			return nil, err
		}
		return jws.Transport(base, signer), nil
	}
	return nil, fmt.Errorf("there is no way to sign called %q", reach.Signing)
}
