package frontend

import (
	"context"
	"net/http"

	"consentry/app/failure"
	"consentry/frontend/words"
)

// LoginStart starts the program in the background when the person logs in to their machine, if they want that.
type LoginStart interface {
	// State looks at what is on the disk now.
	State() LoginState
	// Set writes or removes what starts the program.
	Set(on bool) error
}

// LoginState is what is on the disk.
type LoginState struct {
	Kind    LoginKind
	Entry   string // the file, or what stands in its place; empty where there is none
	Program string // that is started, or would be
	Detail  string // with LoginUnknown: why it cannot be read
}

// LoginKind is whether the program is started.
type LoginKind string

// The kinds.
const (
	LoginOff      LoginKind = "off"
	LoginOn       LoginKind = "on"
	LoginOther    LoginKind = "other"    // another program is started, or with other options
	LoginGone     LoginKind = "gone"     // the program that would be started is not there any more
	LoginDisabled LoginKind = "disabled" // the entry is there, and the system's settings have switched it off
	LoginNever    LoginKind = "never"    // the program lies in a temporary place
	LoginUnknown  LoginKind = "unknown"
)

// loginView is the card in the settings.
type loginView struct {
	State LoginState
	Ends  bool // the program can be ended here
	// Locks is that a passphrase is asked for first, and Chooses that one of several profiles is chosen first: nothing is read before.
	Locks, Chooses bool
}

func (s *Server) loginView() *loginView {
	if s.login == nil {
		return nil
	}
	return &loginView{State: s.login.State(), Ends: s.end != nil, Locks: s.lock != nil && s.lock.Protected(), Chooses: s.profiles.name() != ""}
}

// wanted reports whether the person has asked for it, whatever has become of that.
func (view loginView) wanted() bool {
	switch view.State.Kind {
	case LoginOn, LoginOther, LoginGone, LoginDisabled:
		return true
	}
	return false
}

// says what is so now.
func (view loginView) says(ctx context.Context) string {
	state := view.State
	switch state.Kind {
	case LoginOn:
		return words.T(ctx, "Consentry starts in the background when you log in to this machine.")
	case LoginOther:
		return words.T(ctx, "Something else is started when you log in: %s. Choose again to have this Consentry started.", state.Program)
	case LoginGone:
		return words.T(ctx, "Nothing is started when you log in: %s is not there any more. Choose again to have this Consentry started.", state.Program)
	case LoginDisabled:
		return words.T(ctx, "You chose that Consentry starts when you log in, and your system’s settings have switched it off.")
	case LoginNever:
		return words.T(ctx, "This Consentry cannot be started when you log in: it lies in a temporary place, %s. Install it first.", state.Program)
	case LoginUnknown:
		return words.T(ctx, "Whether Consentry starts when you log in cannot be read: %s", state.Detail)
	}
	return words.T(ctx, "Consentry does not start by itself.")
}

// waits says for what a program waits that was started by itself; empty: for nothing.
func (view loginView) waits(ctx context.Context) string {
	switch {
	case view.Chooses:
		return words.T(ctx, "Started by itself, it waits until somebody chooses their profile. Until then it reads nothing and reminds nobody.")
	case view.Locks:
		return words.T(ctx, "Started by itself, it is locked. Until you have unlocked it once it reads nothing and reminds you of nothing.")
	}
	return ""
}

// ends says what ends the program.
func (view loginView) ends(ctx context.Context) string {
	switch {
	case shellOf(ctx) == inBrowser:
		return words.T(ctx, "Closing the browser does not end it: end it here.")
	case view.State.Kind == LoginOn:
		return words.T(ctx, "Closing its window does not end it: end it here, or by its menu.")
	}
	return words.T(ctx, "It ends when you close its window.")
}

// setLoginStart does what the person chose, and shows what is on the disk then.
func (s *Server) setLoginStart(w http.ResponseWriter, r *http.Request) error {
	if s.login == nil {
		return failure.Field("login", failure.ChooseFromList)
	}
	if err := s.login.Set(r.PostFormValue("login") == "on"); err != nil {
		s.log.Warn("starting at login was not changed", "error", err)
		return s.showSettings(w, r, http.StatusInternalServerError, func(v *settingsView) { v.LoginFailed = err.Error() })
	}
	redirect(w, r, "/settings#login")
	return nil
}

// endProgram ends the program as a signal would, once the page that says so was sent.
func (s *Server) endProgram(w http.ResponseWriter, r *http.Request) error {
	if s.end == nil {
		return failure.Field("end", failure.ChooseFromList)
	}
	defer s.end()
	return plainPage(w, r, http.StatusOK, endedHerePage())
}
