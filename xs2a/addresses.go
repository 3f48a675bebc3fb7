package xs2a

// Addresses are the links by which a bank says where a consent or payment and
// its authorisation lie. They outlive the answer they came in, and each may be
// empty: the path is the framework's then.
type Addresses struct {
	Self         string `json:",omitempty"` // the consent or payment
	Status       string `json:",omitempty"` // its status
	Start        string `json:",omitempty"` // where authorisations are started
	SCAStatus    string `json:",omitempty"` // the authorisation
	Confirmation string `json:",omitempty"` // where the confirmation code goes
}

// OfResource are the addresses that hold for every authorisation of a consent
// or payment.
func (a Addresses) OfResource() Addresses {
	return Addresses{Self: a.Self, Status: a.Status, Start: a.Start}
}

// After returns the addresses as they are known once the bank has answered: what
// it names anew holds.
func (a Addresses) After(answer SCAAnswer) Addresses {
	own := answer.Links
	if answer.OfResource { // elsewhere self and status may be an authorisation's
		set(&a.Self, own["self"])
		set(&a.Status, own["status"])
	}
	set(&a.Start, own["startAuthorisation"])
	set(&a.SCAStatus, own["scaStatus"])
	set(&a.Confirmation, own["confirmation"])
	return a
}

// Kept returns the addresses that were stored and lead to the environment's host
// still. The others were given before it was edited, or before the practice banks
// moved to another port: the framework's paths hold in their place.
func (c *Client) Kept(a Addresses) Addresses {
	return Addresses{
		Self: c.KeptLink(a.Self), Status: c.KeptLink(a.Status), Start: c.KeptLink(a.Start),
		SCAStatus: c.KeptLink(a.SCAStatus), Confirmation: c.KeptLink(a.Confirmation),
	}
}

// KeptLink returns a stored link where it leads to the environment's host still,
// and "" where it does not.
func (c *Client) KeptLink(link string) string {
	if _, err := c.address(request{link: link}); err != nil {
		return ""
	}
	return link
}

func set(address *string, link string) {
	if link != "" {
		*address = link
	}
}
