package jws

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

const (
	httpHeaders = "http://uri.etsi.org/19182/HttpHeaders" // ETSI TS 119 182-1 clause 5.2.8.2
	timeFormat  = "2006-01-02T15:04:05Z"                  // sigT, ETSI TS 119 182-1 clause 5.2.1
)

// critical are the members a reader must understand (RFC 7515 section 4.1.11).
var critical = []string{"sigT", "sigD", "b64"}

// Header is the protected header of a signature.
type Header struct {
	Algorithm    Algorithm
	Certificates [][]byte // x5c: DER, the signer's first; nil without it
	Thumbprint   []byte   // x5t#S256; nil without it
	SigningTime  time.Time
	Parameters   []string // sigD's pars: names of the signed headers
}

type signedData struct {
	Parameters []string `json:"pars"`
	Mechanism  string   `json:"mId"`
}

// encode writes the header as JSON in the order of the package comment.
func (h Header) encode() ([]byte, error) {
	var chain []string
	for _, each := range h.Certificates {
		chain = append(chain, base64.StdEncoding.EncodeToString(each))
	}
	return json.Marshal(struct {
		Algorithm   Algorithm  `json:"alg"`
		Chain       []string   `json:"x5c,omitempty"`
		Thumbprint  string     `json:"x5t#S256,omitempty"`
		Critical    []string   `json:"crit"`
		SigningTime string     `json:"sigT"`
		SignedData  signedData `json:"sigD"`
		Encoded     bool       `json:"b64"`
	}{
		Algorithm: h.Algorithm, Chain: chain,
		Thumbprint: base64.RawURLEncoding.EncodeToString(h.Thumbprint),
		Critical:   critical, SigningTime: h.SigningTime.UTC().Format(timeFormat),
		SignedData: signedData{Parameters: h.Parameters, Mechanism: httpHeaders},
	})
}
