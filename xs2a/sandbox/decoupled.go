package sandbox

import (
	"cmp"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"rsc.io/qr"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/page"
	"consentry/xs2a/sandbox/people"
)

// The decoupled approach: the bank asks the person on their telephone, which here
// is a page of its own. The TPP looks at the status until it changes.

// phoneLink is the page that stands for the person's telephone.
func (s *Sandbox) phoneLink(c *call, auth *authorisation) string {
	return c.pages + "/bank/phone/" + s.derivedSecret("phone", auth.ID)
}

// describePush says what the person has to do, and shows the challenge.
func (s *Sandbox) describePush(c *call, auth *authorisation, o offer) {
	if auth.PSU == "" {
		o.links["updatePsuIdentification"] = c.link(auth.path(pathsOf(c.bank), s))
		return
	}
	phone := s.phoneLink(c, auth)
	o.fields["chosenScaMethod"] = c.bank.Method(auth.Method)
	o.fields["psuMessage"] = "Please approve in the app of " + c.bank.Display() + ". For practice, your telephone is at " + phone
	switch c.bank.Behaviour.Push.Challenge {
	case "data":
		o.fields["challengeData"] = map[string]any{"data": []string{phone}}
	case "image":
		o.fields["challengeData"] = map[string]any{"image": picture(phone)}
	}
}

// picture is a QR code as a PNG in base64.
func picture(text string) string {
	code, err := qr.Encode(text, qr.M)
	if err != nil { // the text is ours and short
		return ""
	}
	return base64.StdEncoding.EncodeToString(code.PNG())
}

// poll counts a look at the status; at a bank whose person answers by themselves
// the last one finds it approved.
func (s *Sandbox) poll(c *call, auth *authorisation) {
	if auth.Approach != bank.ByDecoupled || auth.Status != scaStarted {
		return
	}
	if auth.statusAt(s.now()) == scaFailed {
		auth.Status = scaFailed
		s.state.touch()
		return
	}
	auth.Polls++
	s.state.touch()
	if c.bank.Behaviour == nil || s.flat[c.bank.BIC] {
		return
	}
	if n := c.bank.Behaviour.Push.Polls; n > 0 && auth.Polls >= n {
		s.finalise(auth)
	}
}

// phoneOf finds the authorisation of a telephone's page, or says why there is none.
func (s *Sandbox) phoneOf(r *http.Request) (*authorisation, *page.Answer) {
	for _, auth := range s.state.Authorisations {
		if subtle.ConstantTimeCompare([]byte(s.derivedSecret("phone", auth.ID)), []byte(r.PathValue("phone"))) != 1 {
			continue
		}
		if auth.Approach != bank.ByDecoupled {
			continue
		}
		if stop := s.phoneStops(auth); stop != nil {
			return nil, stop
		}
		return auth, nil
	}
	p := page.Closed(nil, "There is nothing here", "The bank does not know this address.")
	p.Status = http.StatusNotFound
	return nil, p
}

// asksOnPhone reports whether an authorisation waits for what a person does on their telephone.
func (s *Sandbox) asksOnPhone(auth *authorisation) bool {
	return auth.Approach == bank.ByDecoupled && auth.statusAt(s.now()) == scaStarted && s.subjectOf(auth).waits(s.now())
}

// phoneStops is what a telephone shows that cannot be used for an authorisation, or nil.
func (s *Sandbox) phoneStops(auth *authorisation) *page.Answer {
	b := s.bankOf(auth)
	switch {
	case b.Behaviour != nil && b.Behaviour.Push.UnreachablePhone || s.flat[b.BIC]:
		return page.Closed(b, "No connection", "This telephone is out of reach.", "The request will run out.")
	case !s.asksOnPhone(auth):
		p := page.Closed(b, "This request was answered already", "There is nothing left to do here.", "You may close this window.")
		p.Status = http.StatusGone
		return p
	}
	return nil
}

// onPhone is what a person does on their telephone.
type onPhone struct {
	As       string `json:"as"` // a practice login to fill in
	Login    string `json:"login"`
	Password string `json:"password"`
	Action   string `json:"action"`   // approve or deny
	Language string `json:"language"` // the telephone asks for, as a header Accept-Language; where the page is not its own
}

// showPhone answers GET /bank/phone/{phone}.
func (s *Sandbox) showPhone(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, func() (*page.Answer, error) {
		auth, stop := s.phoneOf(r)
		if stop != nil {
			return stop, nil
		}
		p := s.phonePage(auth, onPhone{As: r.FormValue("as")})
		p.View.Path = r.URL.Path
		return p, nil
	})
}

func (s *Sandbox) phonePage(auth *authorisation, did onPhone) *page.Answer {
	p := s.stepPage(auth, "", page.StepPhone)
	p.View.Login = auth.PSU
	if auth.PSU == "" { // the app knows whose it is; here the person says so
		p.View.Logins = people.All
		if p.View.Login = did.Login; p.View.Login == "" || did.As != "" {
			if person := people.Find(did.As); person != nil {
				p.View.Login, p.View.Password = person.Login, person.Password
			}
		}
	}
	return p
}

// takePhone answers POST /bank/phone/{phone}. The password is what unlocks the
// telephone, so that a form from elsewhere can do nothing.
func (s *Sandbox) takePhone(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	s.page(w, r, func() (*page.Answer, error) {
		auth, stop := s.phoneOf(r)
		if stop != nil {
			return stop, nil
		}
		if err := r.ParseForm(); err != nil {
			return page.Closed(s.bankOf(auth), "This form is not ours", "It is not understood.", "Nothing was shared."), nil
		}
		f := r.PostForm
		p := s.doOnPhone(auth, onPhone{As: f.Get("as"), Login: f.Get("login"), Password: f.Get("password"), Action: f.Get("action")})
		p.View.Path = r.URL.Path
		return p, nil
	})
}

// doOnPhone does what a person does on their telephone, and returns what it shows then.
func (s *Sandbox) doOnPhone(auth *authorisation, did onPhone) *page.Answer {
	if did.Action == "" {
		return s.phonePage(auth, did)
	}
	person := people.Find(cmp.Or(auth.PSU, did.Login))
	switch {
	case person == nil:
		return s.missed(auth, s.phonePage(auth, did), "login", noSuchLogin)
	case subtle.ConstantTimeCompare([]byte(did.Password), []byte(person.Password)) != 1:
		return s.missed(auth, s.phonePage(auth, did), "password", wrongPassword)
	}
	auth.PSU = person.Login
	switch did.Action {
	case "approve":
		s.finalise(auth)
		return page.Done(s.bankOf(auth), "Approved", "Go back to the app.", "You may close this window.")
	case "deny":
		auth.Status = scaFailed
		s.subjectOf(auth).refuse(s)
		s.state.touch()
		return page.Done(s.bankOf(auth), "Denied", s.unchanged(auth), "You may close this window.")
	}
	return s.phonePage(auth, did)
}
