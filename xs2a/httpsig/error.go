package httpsig

// Error says which part of a request cannot be signed. It holds
// no header values: those can be personal data.
type Error struct {
	Part   string // "certificate", "signature", "profile", or a header's name in lower case
	Reason string // for people
}

func (e *Error) Error() string { return e.Part + ": " + e.Reason }

func refuse(part, reason string) error { return &Error{Part: part, Reason: reason} }
