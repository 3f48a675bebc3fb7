package sandbox

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"consentry/xs2a/sandbox/page"
	"consentry/xs2a/sandbox/people"
)

const sessionCookie = "bank-session"

// openLink answers the link of scaRedirect.
func (s *Sandbox) openLink(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, func() (*page.Answer, error) {
		link := hash(r.PathValue("link"))
		for _, auth := range s.state.Authorisations {
			if auth.Link == link {
				return s.open(auth), nil
			}
		}
		return page.Closed(nil, "This link is broken", "The bank does not know it.", "Nothing was shared."), nil
	})
}

// open begins a visit. Whoever opens the link again, on a telephone say, begins
// anew and ends the visit before.
func (s *Sandbox) open(auth *authorisation) *page.Answer {
	if closed := s.closed(auth); closed != nil {
		return closed
	}
	session := secret()
	auth.Session, auth.Step, auth.PSU, auth.Chosen = hash(session), page.StepLogin, "", nil
	s.state.touch()
	p := page.GoTo("/bank/" + auth.ID + "/" + page.StepLogin)
	p.Cookie = &http.Cookie{Name: sessionCookie, Value: session, Path: "/bank/" + auth.ID, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	return p
}

// closed returns the page of an authorisation that has nothing left to do, or nil.
func (s *Sandbox) closed(auth *authorisation) *page.Answer {
	b := s.bankOf(auth)
	now := s.now()
	switch {
	case auth.Status == scaFailed && auth.Tries >= maxTries:
		p := page.Closed(b, "Too many wrong attempts", "For your safety this request was stopped.", "Nothing was shared.", "Go back to the app to start again.")
		p.Status, p.View.Back = http.StatusForbidden, s.failure(auth)
		return p
	case auth.final() || auth.Status == scaUnconfirmed || !auth.Approved.IsZero() || !s.subjectOf(auth).waits(now):
		p := page.Closed(b, "This request was answered already", "There is nothing left to do here.", "You may close this window.")
		p.Status = http.StatusGone
		return p
	case auth.statusAt(now) == scaFailed:
		auth.Status = scaFailed
		s.state.touch()
		p := page.Closed(b, "This link has expired", "It was good for ten minutes.", "Nothing was shared.", "Go back to the app to start again.")
		p.Status, p.View.Back = http.StatusGone, s.failure(auth)
		return p
	}
	return nil
}

// visitor finds the authorisation whose pages a browser may see, or says why not.
func (s *Sandbox) visitor(r *http.Request) (auth *authorisation, session string, stop *page.Answer) {
	auth = s.state.Authorisations[r.PathValue("authorisation")]
	if auth == nil {
		p := page.Closed(nil, "There is nothing here", "The bank does not know this address.")
		p.Status = http.StatusNotFound
		return nil, "", p
	}
	if closed := s.closed(auth); closed != nil {
		return nil, "", closed
	}
	cookie, err := r.Cookie(sessionCookie)
	if err != nil || subtle.ConstantTimeCompare([]byte(hash(cookie.Value)), []byte(auth.Session)) != 1 {
		p := page.Closed(s.bankOf(auth), "This visit has ended", "It was begun in another window, or on another device.", "Open the link from the app again.")
		p.Status = http.StatusForbidden
		return nil, "", p
	}
	return auth, cookie.Value, nil
}

// csrf is the token that forms carry; it follows from the session.
func csrf(session string) string { return hash("form", session)[:32] }

// showStep answers GET /bank/{authorisation}/{step}.
func (s *Sandbox) showStep(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, func() (*page.Answer, error) {
		auth, session, stop := s.visitor(r)
		if stop != nil {
			return stop, nil
		}
		step := r.PathValue("step")
		if step != auth.Step && step != page.StepCancel {
			return page.GoTo("/bank/" + auth.ID + "/" + auth.Step), nil
		}
		return s.filledStep(auth, session, step, r.URL.Query().Get("as")), nil
	})
}

// filledStep is the page of a step, with the login of a practice person where one was picked.
func (s *Sandbox) filledStep(auth *authorisation, session, step, as string) *page.Answer {
	p := s.stepPage(auth, session, step)
	if person := people.Find(as); person != nil && step == page.StepLogin {
		p.View.Login, p.View.Password = person.Login, person.Password
	}
	return p
}

// takeStep answers POST /bank/{authorisation}/{step}.
func (s *Sandbox) takeStep(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	s.page(w, r, func() (*page.Answer, error) {
		auth, session, stop := s.visitor(r)
		if stop != nil {
			return stop, nil
		}
		if err := r.ParseForm(); err != nil || subtle.ConstantTimeCompare([]byte(r.PostForm.Get("csrf")), []byte(csrf(session))) != 1 {
			p := page.Closed(s.bankOf(auth), "This form is not ours", "It did not come from a page of the bank.", "Nothing was shared.")
			p.Status = http.StatusForbidden
			return p, nil
		}
		return s.takeForm(auth, session, r.PathValue("step"), r.PostForm), nil
	})
}

// takeForm does what the form of a step says, unless the visit is at another step.
func (s *Sandbox) takeForm(auth *authorisation, session, step string, form url.Values) *page.Answer {
	action := form.Get("action")
	switch {
	case action == "deny":
		return s.deny(auth)
	case step == auth.Step && step == page.StepLogin && action == "next":
		return s.takeLogin(auth, session, form)
	case step == auth.Step && step == page.StepAccounts && action == "next":
		return s.takeAccounts(auth, session, form)
	case step == auth.Step && step == page.StepPayment && action == "next":
		return s.takePayment(auth, session)
	case step == auth.Step && step == page.StepCode && action == "approve":
		return s.takeCode(auth, session, form)
	}
	return page.GoTo("/bank/" + auth.ID + "/" + auth.Step)
}

// missed counts a wrong attempt, and stops the authorisation at the last one.
func (s *Sandbox) missed(auth *authorisation, p *page.Answer, field string, message [maxTries - 1]page.Text) *page.Answer {
	auth.Tries++
	s.state.touch()
	if auth.Tries >= maxTries {
		auth.Status = scaFailed
		return s.closed(auth)
	}
	return page.Wrong(p, field, message[maxTries-auth.Tries-1])
}

// What is wrong with an attempt after which one is left, and two.
var (
	noSuchLogin   = [maxTries - 1]page.Text{"There is no such login; one attempt is left.", "There is no such login; two attempts are left."}
	wrongPassword = [maxTries - 1]page.Text{"The password is wrong; one attempt is left.", "The password is wrong; two attempts are left."}
	wrongCode     = [maxTries - 1]page.Text{"The code is wrong; one attempt is left.", "The code is wrong; two attempts are left."}
)

func (s *Sandbox) takeLogin(auth *authorisation, session string, form url.Values) *page.Answer {
	login, password := strings.TrimSpace(form.Get("login")), form.Get("password")
	p := s.stepPage(auth, session, page.StepLogin)
	p.View.Login = login
	person := people.Find(login)
	switch {
	case login == "":
		return page.Wrong(p, "login", "Type your login.")
	case password == "":
		return page.Wrong(p, "password", "Type your password.")
	case person == nil:
		return s.missed(auth, p, "login", noSuchLogin)
	case subtle.ConstantTimeCompare([]byte(person.Password), []byte(password)) != 1:
		auth.reach(scaPSUIdentified)
		return s.missed(auth, p, "password", wrongPassword)
	}
	if slices.Contains(s.subjectOf(auth).signed(), person.Login) {
		return page.Wrong(p, "login", "You have signed this already. Another person has to.")
	}
	auth.PSU, auth.Tries, auth.Step = person.Login, 0, s.stepAfterLogin(auth)
	auth.reach(scaPSUAuthenticated)
	s.state.touch()
	return page.GoTo("/bank/" + auth.ID + "/" + auth.Step)
}

// stepAfterLogin shows what is asked for, where something is.
func (s *Sandbox) stepAfterLogin(auth *authorisation) string {
	switch s.subjectOf(auth).(type) {
	case login, removal:
		return page.StepCode
	case *consent:
		return page.StepAccounts
	}
	return page.StepPayment
}

// reach moves the SCA status on, never back.
func (a *authorisation) reach(status string) {
	order := []string{scaReceived, scaPSUIdentified, scaPSUAuthenticated, scaMethodSelected, scaUnconfirmed}
	if slices.Index(order, status) > slices.Index(order, a.Status) {
		a.Status = status
	}
}

func (s *Sandbox) takeAccounts(auth *authorisation, session string, form url.Values) *page.Answer {
	made := s.state.Consents[auth.Consent]
	h, b := s.household(made.BIC, auth.PSU), s.bank(made.BIC)
	ticked := func(box string, g grant) bool {
		return slices.Contains(form[box], resourceID(made.ID, g.Account))
	}
	chosen := []grant{}
	for _, g := range made.Asked.grants(h) {
		if b.Selective {
			g.Balances, g.Transactions = g.Balances && ticked("balances", g), g.Transactions && ticked("transactions", g)
		}
		if made.Asked.named() || ticked("accounts", g) {
			chosen = append(chosen, g)
		}
	}
	if len(made.Asked.missing(h)) > 0 {
		return page.Wrong(s.stepPage(auth, session, page.StepAccounts), "accounts", "You can only share accounts of your own.")
	}
	if len(chosen) == 0 {
		auth.Chosen = chosen
		return page.Wrong(s.stepPage(auth, session, page.StepAccounts), "accounts", "Choose at least one account.")
	}
	auth.Chosen, auth.Step = chosen, page.StepCode
	auth.reach(scaMethodSelected)
	s.state.touch()
	return page.GoTo("/bank/" + auth.ID + "/" + page.StepCode)
}

func (s *Sandbox) takeCode(auth *authorisation, session string, form url.Values) *page.Answer {
	typed := strings.Join(strings.Fields(form.Get("code")), "")
	p := s.stepPage(auth, session, page.StepCode)
	switch {
	case typed == "":
		return page.Wrong(p, "code", "Type the code.")
	case subtle.ConstantTimeCompare([]byte(typed), []byte(people.Find(auth.PSU).Code)) != 1:
		return s.missed(auth, p, "code", wrongCode)
	}
	return s.approve(auth)
}

// approve sends the person back with a code, which the TPP has yet to exchange, or
// ends the authorisation where the bank knows no OAuth.
func (s *Sandbox) approve(auth *authorisation) *page.Answer {
	s.state.touch()
	auth.Session = ""
	b := s.bankOf(auth)
	switch {
	case auth.OAuth == nil && b.Behaviour != nil && b.Behaviour.Confirmation:
		confirmation := secret()[:16]
		auth.Confirmation = hash(confirmation)
		auth.reach(scaUnconfirmed)
		return s.leave(auth, withQuery(auth.RedirectURI, "confirmationCode", confirmation))
	case auth.OAuth == nil:
		s.finalise(auth)
		return s.leave(auth, auth.RedirectURI)
	}
	auth.Approved = s.now()
	issued := secret()
	s.state.Codes[hash(issued)] = &code{
		Authorisation: auth.ID, Client: auth.OAuth.Client, RedirectURI: auth.OAuth.RedirectURI,
		Challenge: auth.OAuth.Challenge, Expires: s.now().Add(codeLife),
	}
	return s.leave(auth, auth.OAuth.back("code", issued))
}

// deny ends the authorisation and the consent.
func (s *Sandbox) deny(auth *authorisation) *page.Answer {
	auth.Status, auth.Session = scaFailed, ""
	s.subjectOf(auth).refuse(s)
	s.state.touch()
	return s.leave(auth, s.failure(auth))
}

// leave sends the person to the TPP and takes the cookie back. Who came for a TPP
// that named no address to return to stays on a last page.
func (s *Sandbox) leave(auth *authorisation, to string) *page.Answer {
	p := page.GoTo(to)
	switch {
	case to == "" && auth.Status == scaFailed:
		p = page.Done(s.bankOf(auth), "Denied", s.unchanged(auth), "Go back to the app.", "You may close this window.")
	case to == "":
		p = page.Done(s.bankOf(auth), "Approved", "Go back to the app.", "You may close this window.")
	}
	p.View.Origin = page.OriginOf(to)
	p.Cookie = &http.Cookie{Name: sessionCookie, Path: "/bank/" + auth.ID, MaxAge: -1, Expires: time.Unix(1, 0), HttpOnly: true}
	return p
}

// unchanged says what a no leaves.
func (s *Sandbox) unchanged(auth *authorisation) page.Text {
	if auth.Deleting {
		return "Nothing has changed."
	}
	return "Nothing was shared."
}

// failure is the address for a person who comes back without having approved.
func (s *Sandbox) failure(auth *authorisation) string {
	switch {
	case auth.OAuth != nil:
		return auth.OAuth.back("error", "access_denied")
	case auth.NokURI != "":
		return auth.NokURI
	}
	return auth.RedirectURI
}

// stepPage fills the page of a step.
func (s *Sandbox) stepPage(auth *authorisation, session, step string) *page.Answer {
	of, b := s.subjectOf(auth), s.bankOf(auth)
	owner, _ := of.owner()
	tpp, _ := s.findClient(owner)
	p := &page.Answer{Status: http.StatusOK, Step: step}
	p.View = page.View{
		Bank: page.BankOf(b), Style: "/style/" + b.BIC + ".css", Path: "/bank/" + auth.ID, CSRF: csrf(session), App: tpp.name,
		Errors: map[string]page.Said{}, Origin: page.OriginOf(s.failure(auth)),
	}
	p.View.Pay = s.payView(of, auth)
	_, p.View.Ends = of.(removal)
	made, isConsent := of.(*consent)
	if isConsent {
		p.View.Asks, p.View.Until, p.View.Often = made.asks(step != page.StepPhone || auth.PSU != ""), made.ValidUntil, made.often()
	}
	switch step {
	case page.StepLogin:
		p.View.Title, p.View.Step, p.View.Logins = page.Say("Log in"), 1, people.All
	case page.StepAccounts:
		p.View.Title, p.View.Step = page.Say("What will be shared"), 2
		s.fillAccounts(&p.View, made, auth)
	case page.StepPayment:
		p.View.Title, p.View.Step = page.Say("What will be paid"), 2
		if p.View.Pay.Cancel {
			p.View.Title = page.Say("What will be cancelled")
		}
	case page.StepCode:
		p.View.Title, p.View.Step, p.View.Code = page.Say("Approve with a code"), 3, people.Find(auth.PSU).Code
		if isConsent {
			s.fillAccounts(&p.View, made, auth)
			p.View.Accounts = slices.DeleteFunc(p.View.Accounts, func(a page.Account) bool { return !a.Chosen })
		}
		for _, m := range b.Methods {
			if m.ID == auth.Method {
				p.View.Method = m.Name
			}
		}
	case page.StepCancel:
		p.View.Title = page.Say("Cancel this request?")
	case page.StepPhone:
		p.View.Title = page.Say("Your telephone")
		if person := people.Find(auth.PSU); person != nil {
			p.View.Password = person.Password
			if isConsent {
				s.fillAccounts(&p.View, made, auth)
			}
		}
	default:
		p = page.Closed(b, "There is nothing here", "The bank does not know this address.")
		p.Status = http.StatusNotFound
	}
	return p
}

// fillAccounts lists the accounts to choose from, all of them chosen at first, or
// those that the TPP named.
func (s *Sandbox) fillAccounts(v *page.View, made *consent, auth *authorisation) {
	h, b := s.household(made.BIC, auth.PSU), s.bank(made.BIC)
	v.Choose, v.Missing = !made.Asked.named(), made.Asked.missing(h)
	for _, asked := range made.Asked.grants(h) {
		acc := h.Accounts[asked.Account]
		given, chosen := asked, true
		if auth.Chosen != nil {
			given, chosen = grantOf(auth.Chosen, asked.Account)
		}
		shown := page.Account{
			ID: resourceID(made.ID, acc.Number), Name: acc.Name, IBAN: shownNumber(b, acc), Currency: acc.Currency,
			Chosen: chosen, Without: asked.without(given),
		}
		if b.Selective {
			shown.Parts = parts(asked, given)
		}
		v.Accounts = append(v.Accounts, shown)
	}
}

// parts are what a person may leave out of an account.
func parts(asked, given grant) (list []page.Part) {
	if asked.Balances {
		list = append(list, page.Part{Name: "balances", Label: "with its balances", Chosen: given.Balances})
	}
	if asked.Transactions {
		list = append(list, page.Part{Name: "transactions", Label: "with its transactions", Chosen: given.Transactions})
	}
	return list
}
