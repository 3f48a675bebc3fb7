package xs2a

// Identity is who we are towards banks: the credentials and certificates of the
// TPP, and whom it trusts beside the system. One identity speaks to many banks,
// each by its own Profile.
type Identity struct {
	ClientID     string // OAuth client, or the organisation identifier of the certificate
	ClientSecret string

	Certificate string // PEM, for signatures (QSealC)
	Key         string // PEM, of that certificate

	TLSCertificate string // PEM, shown when connecting (QWAC); empty for none
	TLSKey         string // PEM
	RootCA         string // PEM of an authority trusted beside the system's; for banks' sandboxes

	Proxy Proxy `json:",omitzero"` // what they are reached through, at other machines
}

// Reach is who speaks to a bank, and how: what a client is made for. The zero value
// reaches nothing. It is comparable, so that a changed one is another one, and banks
// that are spoken to alike share a client.
type Reach struct {
	Identity
	Profile
}

// WithoutCredentials returns what of a reach may be used for what anybody may read:
// its hosts and the way to them, and nothing that says to a bank who asks.
func (r Reach) WithoutCredentials() Reach {
	r.Identity = Identity{RootCA: r.RootCA, Proxy: r.Proxy}
	r.Login, r.Signing, r.KeyID, r.MTLS = LoginNone, SignNothing, "", false
	return r
}
