package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"

	"consentry/storage"
)

// A tester goes live at a bank that demands signed requests, with nothing but the address
// of its interface: key and certificate are made in the settings, and the first account is
// linked with them. Here the bank is one to practise with, behind an environment as any
// live one has; its authority signs the test certificate.
func TestJourneyGoingLive(t *testing.T) {
	journey(t)
	t.Parallel()
	goesLive(t, func(*person, string) {})
}

// goesLive goes the way, and looks at each screen on it.
func goesLive(t *testing.T, look look) {
	c := start(t)
	p := opens(c)
	p.addsSigning(c.practiceBank("notarsberg"))
	p.title("Keys and certificates")
	look(p, "keys")
	p.click("How to go live here")
	p.title("How to go live")
	look(p, "guide")
	p.click("Keys and certificates")
	p.title("Keys and certificates")

	p.applies("PSDDE-bafin-1")
	p.see("is no identifier of PSD2")
	look(p, "keys-mistakes")
	p.fill("Organisation identifier", "PSDDE-BAFIN-4711")
	p.click("Make key and signing request")
	p.see("Waits for its certificate")
	look(p, "keys-made")
	p.click("Make a test certificate") // unfolds it
	p.click("Make the test certificate")
	p.see("Practice CA 1")
	p.see("Account information (PSP_AI)")
	p.see("Bundesanstalt (DE-BAFIN)")
	look(p, "keys-used")
	made := c.ownKey(t)
	for _, line := range strings.Split(made.Key, "\n")[1:3] {
		knows(t, "a private key", line)
	}

	p.links("Notarsberg Live", "Lukas Brandhorst")
	p.visit("/accounts")
	p.see("Notarsberg Live")

	// Another certificate is put in: one of another key is refused, and that of this key is read first.
	p.visit("/settings")
	p.click("Going live")
	p.click("Keys and certificates")
	p.title("Keys and certificates")
	p.unfolds("Put in the certificate that was issued", "Certificate (PEM)")
	p.fill("Certificate (PEM)", strangersCertificate(t, c))
	p.click("Check the certificate")
	p.see("This certificate belongs to another key")
	p.fill("Certificate (PEM)", made.Certificate)
	p.click("Check the certificate")
	p.see("It belongs to the key that was made here.")
	look(p, "keys-looked")
	p.click("Use it for this environment")
	p.until("have the key wait no more", func() error {
		if p.says("Made here") {
			return errNotYet
		}
		return nil
	})
}

// practiceBank is a practice bank as its environment has it.
func (c *program) practiceBank(id string) storage.Bank {
	c.t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) (storage.Bank, error) {
		e, err := s.Environment(ctx, "sandbox")
		if err != nil {
			return storage.Bank{}, err
		}
		own, there := e.Bank(id)
		if !there {
			return own, errors.New("there is no " + id)
		}
		own.Profile = e.ProfileFor(own)
		return own, nil
	})
}

// ownKey is the environment that is not for practice, with its key.
func (c *program) ownKey(t *testing.T) storage.Environment {
	t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) (storage.Environment, error) {
		all, err := s.Environments(ctx)
		for _, e := range all {
			if !e.Sandbox {
				return e, err
			}
		}
		return storage.Environment{}, errors.Join(err, errors.New("there is none"))
	})
}

// strangersCertificate is one of another key.
func strangersCertificate(t *testing.T, c *program) string {
	t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) (string, error) {
		e, err := s.Environment(ctx, "sandbox")
		return e.Certificate, err
	})
}

// addsSigning adds an environment for a bank that wants signed requests, without a certificate.
func (p *person) addsSigning(bank storage.Bank) {
	p.t.Helper()
	p.beginsBerlinGroup()
	p.fill("Name", "Going live")
	p.fill("Interface of the banks", bank.Profile.APIURL)
	p.fill("Banks of this environment", bank.ID+"; Notarsberg Live; DE; Berlin")
	p.unfolds("Paths and habits of the banks", "Path of consents")
	p.fill("Path of consents", bank.Profile.Prefix.Consents)
	p.fill("Path of accounts", bank.Profile.Prefix.Accounts)
	p.click("I have none yet")
	p.click("Save")
}

// applies fills in what a certificate for signatures is asked for with, and asks.
func (p *person) applies(identifier string) {
	p.t.Helper()
	p.fill("Organisation identifier", identifier)
	p.fill("Organisation", "Beispiel GmbH")
	p.fill("Country", "DE")
	p.fill("Common name", "Beispiel")
	p.fill("Competent authority", "Bundesanstalt")
	p.click("Make key and signing request")
}
