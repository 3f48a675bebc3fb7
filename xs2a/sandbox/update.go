package sandbox

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// updateBody is what a TPP may upload for the person: one thing at a time
// (BG 1.3.12, PUT …/authorisations/{authorisationId}).
type updateBody struct {
	PSUData      *psuData `json:"psuData"`
	Method       *string  `json:"authenticationMethodId"`
	Code         *string  `json:"scaAuthenticationData"`
	Confirmation *string  `json:"confirmationCode"`
}

type psuData struct {
	Password  string `json:"password"`
	Encrypted string `json:"encryptedPassword"`
}

// updateStep is which of them it is.
type updateStep int

const (
	stepNothing updateStep = iota // an empty body: PSU-ID may stand in the header
	stepPassword
	stepMethod
	stepOTP
	stepConfirm
	stepSeveral
)

func (b updateBody) kind() updateStep {
	kind := stepNothing
	for step, there := range map[updateStep]bool{
		stepPassword: b.PSUData != nil, stepMethod: b.Method != nil, stepOTP: b.Code != nil, stepConfirm: b.Confirmation != nil,
	} {
		if there && kind != stepNothing {
			return stepSeveral
		}
		if there {
			kind = step
		}
	}
	return kind
}

// update reads a body that may be left out.
func (c *call) update() (body updateBody, err error) {
	if len(strings.TrimSpace(string(c.body))) > 0 {
		err = c.decode(&body)
	}
	if err == nil && body.kind() == stepSeveral {
		err = formatError("", "one step at a time")
	}
	return body, err
}

// updateAuthorisation answers PUT …/authorisations/{authorisation}.
func (s *Sandbox) updateAuthorisation(c *call, auth *authorisation) (answer, error) {
	body, err := c.update()
	if err != nil {
		return answer{}, err
	}
	status := auth.statusAt(s.now())
	if status == scaFailed && !auth.final() {
		auth.Status = scaFailed
		s.state.touch()
	}
	if auth.final() || !s.subjectOf(auth).waits(s.now()) {
		return answer{}, refuse(http.StatusConflict, "STATUS_INVALID", "the authorisation has ended: "+status)
	}
	if err := s.apply(c, auth, body); err != nil {
		return answer{}, err
	}
	a := s.progress(c, auth, http.StatusOK)
	if body.kind() == stepConfirm {
		a.body.(map[string]any)["_links"] = map[string]link{"status": c.link(strings.TrimSuffix(s.subjectOf(auth).path(pathsOf(c.bank)), "/authorisations") + "/status")}
	}
	return a, nil
}

// apply does one step, if it is the one that is due.
func (s *Sandbox) apply(c *call, auth *authorisation, body updateBody) error {
	early := refuse(http.StatusConflict, "STATUS_INVALID", "this step is not due: "+auth.Status)
	embedded := auth.Approach == bank.ByEmbedded
	var err error
	switch body.kind() {
	case stepNothing:
		if auth.PSU != "" || auth.Approach == bank.ByRedirect || auth.Approach == bank.ByOAuth {
			return early
		}
		if c.request.Header.Get("PSU-ID") == "" {
			return formatError("PSU-ID", "PSU-ID is missing")
		}
		err = s.identify(auth, c.request.Header.Get("PSU-ID"))
	case stepPassword:
		if !embedded || auth.Known || auth.PSU == "" && c.bank.Behaviour.Identify && c.request.Method == http.MethodPut {
			return early
		}
		err = s.takePassword(c, auth, *body.PSUData)
	case stepMethod:
		if auth.Method != "" || len(c.bank.Methods) < 2 || embedded && !auth.Known {
			return early
		}
		err = s.chooseMethod(c, auth, *body.Method)
	case stepOTP:
		if !embedded || auth.Status != scaMethodSelected {
			return early
		}
		err = s.takeOTP(auth, *body.Code)
	case stepConfirm:
		if auth.Status != scaUnconfirmed {
			return early
		}
		err = s.confirm(auth, *body.Confirmation)
	}
	if err == nil && !auth.final() {
		s.proceed(auth)
	}
	return err
}

// takePassword is the first factor, plain or encrypted as the bank has it.
func (s *Sandbox) takePassword(c *call, auth *authorisation, data psuData) error {
	password := data.Password
	if c.bank.Behaviour.Encrypted {
		if data.Password != "" || data.Encrypted == "" {
			return formatError("psuData.encryptedPassword", "the bank takes the password encrypted only")
		}
		plain, err := s.decrypt(data.Encrypted)
		if err != nil {
			return formatError("psuData.encryptedPassword", err.Error())
		}
		password = plain
	} else if data.Encrypted != "" || data.Password == "" {
		return formatError("psuData.password", "password is missing")
	}
	if auth.PSU == "" {
		named := c.request.Header.Get("PSU-ID")
		if named == "" {
			return formatError("PSU-ID", "PSU-ID is missing")
		}
		if err := s.identify(auth, named); err != nil {
			return err
		}
	}
	if subtle.ConstantTimeCompare([]byte(password), []byte(people.Find(auth.PSU).Password)) != 1 {
		return s.failedTry(auth, refuseField(http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", "psuData", "the password is wrong"))
	}
	auth.Known, auth.Tries = true, 0
	auth.reach(scaPSUAuthenticated)
	return nil
}

// chooseMethod settles the method, and with it the approach where that depends.
func (s *Sandbox) chooseMethod(c *call, auth *authorisation, id string) error {
	if c.bank.Method(id).ID == "" {
		return refuseField(http.StatusBadRequest, "SCA_METHOD_UNKNOWN", "authenticationMethodId", "the bank has no such method")
	}
	auth.Method = id
	if auth.Approach == bank.ByMethod {
		auth.Approach = c.bank.Behaviour.Ways[id]
		auth.Life, auth.Linked = waitsFor(c.bank, auth.Approach), s.now()
	}
	if auth.Approach != bank.ByEmbedded || auth.Known {
		auth.reach(scaMethodSelected)
	}
	return nil
}

// takeOTP is the second factor.
func (s *Sandbox) takeOTP(auth *authorisation, typed string) error {
	if subtle.ConstantTimeCompare([]byte(typed), []byte(people.Find(auth.PSU).Code)) != 1 {
		return s.failedTry(auth, refuseField(http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", "scaAuthenticationData", "the code is wrong"))
	}
	s.finalise(auth)
	return nil
}

// confirm compares the code that the person brought back from the bank.
func (s *Sandbox) confirm(auth *authorisation, sent string) error {
	if subtle.ConstantTimeCompare([]byte(hash(sent)), []byte(auth.Confirmation)) != 1 {
		return s.failedTry(auth, refuseField(http.StatusBadRequest, "SCA_INVALID", "confirmationCode", "the confirmation code is wrong"))
	}
	s.finalise(auth)
	return nil
}

// failedTry counts, and ends the authorisation with the last one.
func (s *Sandbox) failedTry(auth *authorisation, r *refusal) error {
	auth.Tries++
	if auth.Tries >= maxTries {
		auth.Status = scaFailed
		r.text += "; too many wrong attempts"
	}
	s.state.touch()
	return r
}

// challenge is what the person needs to find the code (challengeData, BG 1.3.12).
func challenge(m bank.Method, auth *authorisation) map[string]any {
	data := map[string]any{"otpMaxLength": 6, "otpFormat": "integer", "additionalInformation": m.Explanation}
	number := people.NewDice("challenge", auth.ID).Digits(8)
	switch m.Type {
	case "CHIP_OTP":
		data["data"] = []string{number}
	case "PHOTO_OTP":
		data["image"] = picture("TAN " + number)
	}
	return data
}

// sorted lists the authorisations of a subject, oldest first.
func (s *Sandbox) sorted(of func(*authorisation) bool) []string {
	var list []*authorisation
	for _, auth := range s.state.Authorisations {
		if of(auth) {
			list = append(list, auth)
		}
	}
	slices.SortFunc(list, func(a, b *authorisation) int {
		if order := a.Created.Compare(b.Created); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	ids := make([]string, len(list))
	for i, auth := range list {
		ids[i] = auth.ID
	}
	return ids
}
