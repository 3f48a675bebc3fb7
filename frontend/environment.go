package frontend

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// environmentView is one environment and the form to change it. It never
// holds a stored secret; see storage.Environment.WithoutSecrets.
type environmentView struct {
	storage.Environment
	fields
	HasSecret bool
	// HasProxyLogin says that a user is stored for the proxy.
	HasProxyLogin  bool
	ProxyVariables []string            // of the system, which are not used
	Signer         *certificateView    // the stored one, for signatures; nil without
	Connector      *certificateView    // the stored one, for connections
	Hosts          []storage.NamedHost // which the person named for one of its banks
	BankLines      string              // as typed
	Shown          string              // the version of the environment that the form was made of; see bank.Version
	From           int                 // which of bank.Known a new one begins with; fromNothing for none
	Now            time.Time
	Logins         []Login // of the practice banks
	Later          bool    // the certificate for signatures is to come
	Check          *checkView
	News           bank.DirectoryNews       // what its directory says otherwise than before
	Checked        storage.EnvironmentCheck // the last check of what is stored; zero: there was none
}

// fromNothing begins a new environment with empty fields.
const fromNothing = -1

// environment shows one environment, or the form for a new one.
func (s *Server) environment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.environmentOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), environmentScreen(view))
}

func (s *Server) saveEnvironment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.environmentOf(r)
	if err != nil {
		return err
	}
	mistakes, err := view.read(r)
	var id string
	switch {
	case err != nil:
	case len(mistakes) > 0: // all that is wrong is told at once
		err = withMistakes(s.app.Banks().CheckEnvironment(r.Context(), view.Environment, view.Shown, view.Later), mistakes)
	default:
		id, err = s.app.Banks().SaveEnvironment(r.Context(), view.Environment, view.Shown, view.Later)
	}
	view.Environment = view.Environment.WithoutSecrets()
	if errors.As(err, &view.Failure) {
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(r.Context()), environmentScreen(view))
	}
	if err != nil {
		return err
	}
	if bank.NeedsCertificate(view.Environment) {
		redirect(w, r, keysPath(id))
		return nil
	}
	redirect(w, r, "/settings")
	return nil
}

// environmentOf is the environment in the address, or what a new one begins
// with.
func (s *Server) environmentOf(r *http.Request) (environmentView, error) {
	view := environmentView{From: fromNothing, Now: s.app.Clock().Now(), Logins: s.about.SandboxLogins, ProxyVariables: s.about.ProxyVariables}
	if id := r.PathValue("id"); id != "" {
		stored, err := s.app.Banks().Environment(r.Context(), id)
		if err != nil {
			return view, err
		}
		view.Shown = bank.Version(stored)
		view.HasSecret, view.HasProxyLogin = stored.ClientSecret != "", stored.Proxy.User != ""
		view.Signer, view.Connector = readCertificate(stored.Certificate), readCertificate(stored.TLSCertificate)
		view.Environment = stored.WithoutSecrets()
		view.Later = bank.NeedsCertificate(stored)
		checks, err := s.app.Banks().Checks(r.Context(), []storage.Environment{stored})
		if err != nil {
			return view, err
		}
		view.Checked = checks[id]
		if view.News, err = s.app.Banks().News(r.Context(), id); err != nil {
			return view, err
		}
		if view.Hosts, err = s.app.Banks().NamedHosts(r.Context(), id); err != nil {
			return view, err
		}
	} else {
		view.From = startOf(r.URL.Query().Get("from"))
		view.Environment = newEnvironment(view.From)
	}
	view.BankLines = bankLines(view.Banks)
	return view, nil
}

// startOf reads which of bank.Known a form begins with.
func startOf(asked string) int {
	if i, err := strconv.Atoi(asked); err == nil && i >= 0 && i < len(bank.Known) {
		return i
	}
	return fromNothing
}

func newEnvironment(from int) storage.Environment {
	if from != fromNothing {
		return bank.Known[from]
	}
	return storage.Environment{Profile: xs2a.Profile{Dialect: xs2a.OpenPayments.Name, Context: "private", Signing: signUsual}}
}

func (view environmentView) page(ctx context.Context) Page {
	return Page{Title: view.title(ctx), Section: SectionSettings}
}

func (view environmentView) title(ctx context.Context) string {
	switch {
	case view.ID == "":
		return words.T(ctx, "Add an environment")
	case view.Name == "":
		return words.T(ctx, "Environment") // a name that was just emptied
	}
	return environmentName(ctx, view.Name)
}

func (view environmentView) action() string {
	if view.ID == "" {
		return "/environments"
	}
	return environmentPath(view.ID)
}

// starts are the environments a new one can begin from.
func (view environmentView) starts(ctx context.Context) []ui.Chip {
	var chips []ui.Chip
	for i, known := range bank.Known {
		chips = append(chips, ui.Chip{Label: known.Name, Href: "/environments/new?from=" + strconv.Itoa(i), Current: i == view.From})
	}
	return append(chips, ui.Chip{Label: words.T(ctx, "Empty"), Href: "/environments/new", Current: view.From == fromNothing})
}

// spoken asks how the environment's banks are spoken to.
func (view environmentView) spoken() profileView {
	return profileView{Profile: view.Profile, fields: view.fields, New: view.ID == ""}
}

// dialects are those in which the environment's banks are spoken to, with how many.
func (view environmentView) dialects(ctx context.Context) []string {
	count := map[string]int{}
	for _, bank := range view.Banks {
		count[view.ProfileOf(bank.ID).Dialect]++
	}
	var all []string
	if view.HasDirectory() {
		all = append(all, words.T(ctx, "%s: those of the directory", view.spoken().speaks().Title))
	}
	for _, name := range slices.Sorted(maps.Keys(count)) {
		all = append(all, words.T(ctx, "%s: %s", xs2a.Dialects[name].Title, words.N(ctx, count[name], "%d bank", "%d banks")))
	}
	return all
}

// The groups of fields below are unfolded where the dialect needs them, they
// hold something, or something in them has to be corrected.

func (view environmentView) wantsCredentials() bool {
	dialect := view.spoken().speaks()
	return dialect.Login == xs2a.LoginClient || dialect.AuthorizePath != "" || view.ClientID != "" || view.HasSecret ||
		view.marked("client_id", "client_secret")
}

func (view environmentView) wantsSignatures() bool {
	return view.spoken().wantsSigning() || view.Signer != nil || view.marked("certificate", "key", "certificate_file")
}

func (view environmentView) wantsConnector() bool {
	return view.Connector != nil || view.marked("tls_certificate", "tls_key", "tls_certificate_file")
}

func (view environmentView) wantsBanks() bool {
	return !view.HasDirectory() || view.BankLines != "" || view.marked("banks")
}

func (view environmentView) wantsTrust() bool {
	return view.RootCA != "" || view.marked("root_ca")
}

func (view environmentView) wantsProxy() bool {
	return view.Proxy.Address != "" || view.marked("proxy", "proxy_user", "proxy_password")
}
