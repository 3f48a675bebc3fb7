package frontend

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// environmentView is one environment and the form to change it. It never
// holds a stored secret; see withoutSecrets.
type environmentView struct {
	storage.Environment
	HasSecret bool
	Signer    *certificateView    // the stored one, for signatures; nil without
	Connector *certificateView    // the stored one, for connections
	Hosts     []storage.NamedHost // which the person named for one of its banks
	BankLines string              // as typed
	From      int                 // which of app.Known a new one begins with; fromNothing for none
	Now       time.Time
	Logins    []Login // of the practice banks
	Check     *checkView
	Failure   *app.Error
}

// fromNothing begins a new environment with empty fields.
const fromNothing = -1

// environment shows one environment, or the form for a new one.
func (s *Server) environment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.environmentOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(), environmentScreen(view))
}

func (s *Server) saveEnvironment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.environmentOf(r)
	if err != nil {
		return err
	}
	if err = view.read(r); err == nil {
		_, err = s.app.SaveEnvironment(r.Context(), view.Environment)
	}
	view.Environment = withoutSecrets(view.Environment)
	if errors.As(err, &view.Failure) {
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(), environmentScreen(view))
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/settings")
	return nil
}

// environmentOf is the environment in the address, or what a new one begins
// with.
func (s *Server) environmentOf(r *http.Request) (environmentView, error) {
	view := environmentView{From: fromNothing, Now: s.app.Now(), Logins: s.about.SandboxLogins}
	if id := r.PathValue("id"); id != "" {
		stored, err := s.app.Environment(r.Context(), id)
		if err != nil {
			return view, err
		}
		view.HasSecret = stored.ClientSecret != ""
		view.Signer, view.Connector = readCertificate(stored.Certificate), readCertificate(stored.TLSCertificate)
		view.Environment = withoutSecrets(stored)
		if view.Hosts, err = s.app.NamedHosts(r.Context(), id); err != nil {
			return view, err
		}
	} else {
		view.From = startOf(r.URL.Query().Get("from"))
		view.Environment = newEnvironment(view.From)
	}
	view.BankLines = bankLines(view.Banks)
	return view, nil
}

// withoutSecrets is what of an environment may come near a page.
func withoutSecrets(e storage.Environment) storage.Environment {
	e.ClientSecret, e.Key, e.TLSKey = "", "", ""
	return e
}

// startOf reads which of app.Known a form begins with.
func startOf(asked string) int {
	if i, err := strconv.Atoi(asked); err == nil && i >= 0 && i < len(app.Known) {
		return i
	}
	return fromNothing
}

func newEnvironment(from int) storage.Environment {
	if from != fromNothing {
		return app.Known[from]
	}
	return storage.Environment{Environment: xs2a.Environment{Dialect: xs2a.OpenPayments.Name, Context: "private", Signing: signUsual}}
}

func (view environmentView) page() Page {
	return Page{Title: view.title(), Section: SectionSettings}
}

func (view environmentView) title() string {
	switch {
	case view.ID == "":
		return "Add an environment"
	case view.Name == "":
		return "Environment" // a name that was just emptied
	}
	return view.Name
}

func (view environmentView) action() string {
	if view.ID == "" {
		return "/environments"
	}
	return environmentPath(view.ID)
}

func environmentPath(id string) string { return "/environments/" + url.PathEscape(id) }

// starts are the environments a new one can begin from.
func (view environmentView) starts() []ui.Chip {
	var chips []ui.Chip
	for i, known := range app.Known {
		chips = append(chips, ui.Chip{Label: known.Name, Href: "/environments/new?from=" + strconv.Itoa(i), Current: i == view.From})
	}
	return append(chips, ui.Chip{Label: "Empty", Href: "/environments/new", Current: view.From == fromNothing})
}

// speaks is the dialect chosen; the zero Dialect while there is none.
func (view environmentView) speaks() xs2a.Dialect { return xs2a.Dialects[view.Dialect] }

// marked reports whether one of some fields has to be corrected.
func (view environmentView) marked(names ...string) bool {
	return view.Failure != nil && slices.ContainsFunc(names, func(name string) bool { return view.Failure.Fields[name].Given() })
}

// The groups of fields below are unfolded where the dialect needs them, they
// hold something, or something in them has to be corrected.

func (view environmentView) wantsCredentials() bool {
	dialect := view.speaks()
	return dialect.Login == xs2a.LoginClient || dialect.AuthorizePath != "" || view.AuthURL != "" || view.ClientID != "" || view.HasSecret ||
		view.marked("auth_url", "client_id", "client_secret", "context")
}

func (view environmentView) wantsServer() bool {
	return view.OAuth != (xs2a.OAuthServer{}) || view.MoreHosts != "" || view.marked("oauth_authorization", "oauth_token", "oauth_issuer", "more_hosts")
}

func (view environmentView) wantsSignatures() bool {
	return view.Signing != xs2a.SignNothing && view.Signing != signUsual || view.speaks().Signing != xs2a.SignNothing ||
		view.Signer != nil || view.KeyID != "" || view.marked("signing", "key_id", "certificate", "key", "certificate_file")
}

func (view environmentView) wantsConnector() bool {
	return view.Connector != nil || view.marked("tls_certificate", "tls_key", "tls_certificate_file")
}

func (view environmentView) wantsBanks() bool {
	return !view.speaks().Directory || view.BankLines != "" || view.marked("banks")
}

func (view environmentView) wantsHabits() bool {
	return view.Login != xs2a.LoginDefault || view.ScopeBlank || view.Prefix != (xs2a.Prefixes{}) || view.marked("login")
}

func (view environmentView) wantsTrust() bool {
	return view.RootCA != "" || view.PasswordKey != "" || view.marked("root_ca", "password_key")
}
