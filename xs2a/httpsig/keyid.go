package httpsig

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
)

// attributes are the short names of what stands in the names of issuers
// (RFC 4514 section 3, and ETSI EN 319 412-1 for organizationIdentifier).
var attributes = map[string]string{
	"2.5.4.3":                    "CN",
	"2.5.4.5":                    "serialNumber",
	"2.5.4.6":                    "C",
	"2.5.4.7":                    "L",
	"2.5.4.8":                    "ST",
	"2.5.4.9":                    "STREET",
	"2.5.4.10":                   "O",
	"2.5.4.11":                   "OU",
	"2.5.4.17":                   "postalCode",
	"2.5.4.97":                   "organizationIdentifier",
	"0.9.2342.19200300.100.1.1":  "UID",
	"0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1":       "emailAddress",
}

// of returns the keyId of a certificate: its serial number and its issuer,
// which together name it (RFC 5280 section 4.1.2.2).
func (form KeyIDForm) of(cert *x509.Certificate) (string, error) {
	var issuer pkix.RDNSequence
	rest, err := asn1.Unmarshal(cert.RawIssuer, &issuer)
	if err != nil || len(rest) > 0 {
		return "", refuse("certificate", "the issuer cannot be read")
	}
	for _, part := range issuer {
		for _, attribute := range part {
			if _, isText := attribute.Value.(string); !isText {
				return "", refuse("certificate", "the issuer has a part that is no text")
			}
		}
	}
	serial := fmt.Sprintf("%X", cert.SerialNumber)
	switch form {
	case IssuerDN:
		return "SN=" + serial + ",DN=" + slashed(issuer), nil
	case IssuerCASlashed:
		slices.Reverse(issuer)
		return "SN=" + serial + ",CA=" + slashed(issuer), nil
	}
	return "SN=" + serial + ",CA=" + commaed(issuer), nil
}

// commaed writes a name as RFC 4514 does: last part first.
func commaed(name pkix.RDNSequence) string {
	var parts []string
	for _, each := range name {
		var values []string
		for _, attribute := range each {
			values = append(values, typeOf(attribute)+"="+escaped(text(attribute)))
		}
		parts = append(parts, strings.Join(values, "+"))
	}
	slices.Reverse(parts)
	return strings.Join(parts, ",")
}

// slashed writes a name on one line as OpenSSL does, in the order given.
func slashed(name pkix.RDNSequence) string {
	var line strings.Builder
	for _, each := range name {
		for _, attribute := range each {
			line.WriteString("/" + typeOf(attribute) + "=" + hexed(text(attribute), `\x%02X`))
		}
	}
	return line.String()
}

func typeOf(attribute pkix.AttributeTypeAndValue) string {
	if short, known := attributes[attribute.Type.String()]; known {
		return short
	}
	return attribute.Type.String()
}

func text(attribute pkix.AttributeTypeAndValue) string { return fmt.Sprint(attribute.Value) }

// escaped follows RFC 4514 section 2.4. Letters beyond ASCII are written in
// hexadecimal, which it allows, because a header cannot carry them.
func escaped(value string) string {
	var marked strings.Builder
	for i := range len(value) {
		first, last := i == 0, i == len(value)-1
		if strings.IndexByte(`"+,;<>\`, value[i]) >= 0 || first && value[i] == '#' || (first || last) && value[i] == ' ' {
			marked.WriteByte('\\')
		}
		marked.WriteByte(value[i])
	}
	return hexed(marked.String(), `\%02X`)
}

// hexed replaces the bytes a header cannot carry.
func hexed(value, format string) string {
	var plain strings.Builder
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			fmt.Fprintf(&plain, format, value[i])
		} else {
			plain.WriteByte(value[i])
		}
	}
	return plain.String()
}
