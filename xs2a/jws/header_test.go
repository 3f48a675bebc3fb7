package jws

import (
	"encoding/base64"
	"slices"
	"time"
)

// decodeHeader reads a protected header. Members beyond those of [Header] are
// passed over unless they are declared critical.
func decodeHeader(raw []byte) (Header, error) {
	var h Header
	all, err := readObject(raw)
	if err != nil {
		return h, err
	}
	if err := checkCritical(all); err != nil {
		return h, err
	}
	var signingTime string
	if err := all.read("alg", &h.Algorithm); err != nil {
		return h, err
	}
	if err := all.read("sigT", &signingTime); err != nil {
		return h, err
	}
	if h.SigningTime, err = time.Parse(timeFormat, signingTime); err != nil || h.SigningTime.Format(timeFormat) != signingTime {
		return h, refuse("sigT", "is not of the form "+timeFormat)
	}
	if h.Parameters, err = readSignedData(all); err != nil {
		return h, err
	}
	err = h.readCertificate(all)
	return h, err
}

func checkCritical(all object) error {
	var named []string
	if err := all.read("crit", &named); err != nil {
		return err
	}
	for i, name := range named {
		if !slices.Contains(critical, name) || slices.Contains(named[:i], name) {
			return refuse("crit", "has a member that is not understood, or twice the same")
		}
	}
	if len(named) != len(critical) {
		return refuse("crit", "does not name sigT, sigD and b64")
	}
	encoded := true
	if err := all.read("b64", &encoded); err != nil {
		return err
	}
	if encoded {
		return refuse("b64", "is not false") // RFC 7797 section 3
	}
	return nil
}

func readSignedData(all object) ([]string, error) {
	inner, err := readObject(all["sigD"])
	if err != nil {
		return nil, refuse("sigD", "is missing or no object")
	}
	var data signedData
	if err := inner.read("mId", &data.Mechanism); err != nil {
		return nil, err
	}
	if data.Mechanism != httpHeaders || len(inner) != 2 {
		return nil, refuse("sigD", "is not of the mechanism HttpHeaders")
	}
	if err := inner.read("pars", &data.Parameters); err != nil {
		return nil, err
	}
	return data.Parameters, checkParameters(data.Parameters)
}

func (h *Header) readCertificate(all object) error {
	if _, there := all["x5t#S256"]; there {
		var thumbprint string
		if err := all.read("x5t#S256", &thumbprint); err != nil {
			return err
		}
		var err error
		if h.Thumbprint, err = decodeURL(thumbprint); err != nil || len(h.Thumbprint) != 32 {
			return refuse("x5t#S256", "is not the base64url of 32 bytes")
		}
	}
	if _, there := all["x5c"]; there {
		var chain []string
		if err := all.read("x5c", &chain); err != nil {
			return err
		}
		return h.readChain(chain)
	}
	return nil
}

func (h *Header) readChain(chain []string) error {
	if len(chain) == 0 || len(chain) > maxChain {
		return refuse("x5c", "holds no certificate, or too many")
	}
	for _, each := range chain {
		// Canonical base64 only; the decoder passes over line breaks.
		raw, err := base64.StdEncoding.DecodeString(each)
		if err != nil || base64.StdEncoding.EncodeToString(raw) != each || len(raw) == 0 {
			return refuse("x5c", "is not base64")
		}
		h.Certificates = append(h.Certificates, raw)
	}
	return nil
}
