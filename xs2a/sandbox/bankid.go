package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
)

// The decoupled approach as it is reached through Open Payments: the TPP says with
// every call for a consent or payment that it prefers no redirect, shows a code for
// the person's BankID, and looks at the status until it changes.

// bankIDLife is how long the code is good for. A live bank gives half a minute;
// people who practise have to find their telephone first.
const bankIDLife = 2 * time.Minute

// staysAway reports whether a call is one of a person who does not want to leave for
// the bank's page, at a bank that has another way.
func (c *call) staysAway() bool {
	return c.bank.Elsewhere && strings.EqualFold(c.request.Header.Get("TPP-Redirect-Preferred"), "false")
}

// checkStaysAway wants each call for what was begun that way to say so again.
func (c *call) checkStaysAway(elsewhere bool) error {
	if elsewhere && !c.staysAway() {
		return formatError("TPP-Redirect-Preferred", "TPP-Redirect-Preferred was false with the first call, and has to be with all that follow")
	}
	return nil
}

// elsewhere reports whether an authorisation is for something that was begun that way.
func (s *Sandbox) elsewhere(auth *authorisation) bool {
	if auth.Consent != "" {
		return s.state.Consents[auth.Consent].Elsewhere
	}
	return s.state.Payments[auth.Payment] != nil && s.state.Payments[auth.Payment].Elsewhere
}

// push starts the approval in the person's app. Who that is, the request may say;
// else the app does.
func (s *Sandbox) push(c *call, auth *authorisation) error {
	if named := c.request.Header.Get("PSU-ID"); named != "" {
		if err := s.identify(auth, named); err != nil {
			return err
		}
	}
	auth.Approach, auth.Life, auth.Status = bank.ByDecoupled, bankIDLife, scaStarted
	return nil
}

// pushed is what a TPP has to show while the app waits. The picture is another one
// at each look.
func (s *Sandbox) pushed(c *call, auth *authorisation) map[string]any {
	token := s.derivedSecret("autostart", auth.ID)
	shown := map[string]any{
		"psuMessage": "Scan the code with your BankID app. For practice, your telephone is at " + s.phoneLink(c, auth),
	}
	if auth.Method == bank.ByImage.ID {
		shown["challengeData"] = map[string]any{"image": picture("bankid." + token[:16] + "." + strconv.Itoa(auth.Polls) + "." + s.derivedSecret("second", auth.ID, strconv.Itoa(auth.Polls))[:16])}
	} else {
		shown["challengeData"] = map[string]any{"data": token}
	}
	return shown
}

// openStatus is the SCA status as Open Payments' banks tell it.
func (s *Sandbox) openStatus(c *call, auth *authorisation) (answer, error) {
	s.poll(c, auth)
	reply := map[string]any{"scaStatus": auth.statusAt(s.now())}
	header := http.Header{}
	if auth.Approach == bank.ByDecoupled {
		auth.approachHeader(header)
		if reply["scaStatus"] == scaStarted {
			for name, value := range s.pushed(c, auth) {
				reply[name] = value
			}
		}
	}
	return answer{status: http.StatusOK, header: header, body: reply}, nil
}
