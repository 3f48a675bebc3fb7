package frontend

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

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
	view.read(r)
	_, err = s.app.SaveEnvironment(r.Context(), view.Environment)
	if errors.As(err, &view.Failure) {
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(), environmentScreen(view))
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/settings")
	return nil
}

// environmentOf is the environment in the address. The secret goes no further
// than that there is one.
func (s *Server) environmentOf(r *http.Request) (environmentView, error) {
	if r.PathValue("id") == "" {
		return environmentView{Environment: newEnvironment()}, nil
	}
	environment, err := s.app.Environment(r.Context(), r.PathValue("id"))
	view := environmentView{Environment: environment, HasSecret: environment.ClientSecret != ""}
	view.ClientSecret = ""
	return view, err
}

// newEnvironment begins with Open Payments' own sandbox, the one a tester is
// most likely to have credentials for.
func newEnvironment() storage.Environment {
	return storage.Environment{Environment: xs2a.Environment{
		Dialect: xs2a.OpenPayments.Name, Context: "private",
		APIURL: "https://api.sandbox.openbankingplatform.com", AuthURL: "https://auth.sandbox.openbankingplatform.com",
	}}
}

// read takes over what stands in the form.
func (view *environmentView) read(r *http.Request) {
	view.Name, view.Dialect = r.PostFormValue("name"), r.PostFormValue("dialect")
	view.APIURL, view.AuthURL = r.PostFormValue("api_url"), r.PostFormValue("auth_url")
	view.ClientID, view.ClientSecret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	view.Context, view.RedirectURL = r.PostFormValue("context"), r.PostFormValue("redirect_url")
}

func (view environmentView) page() Page {
	return Page{Title: view.title(), Section: SectionSettings}
}

func (view environmentView) title() string {
	if view.ID == "" {
		return "Add an environment"
	}
	return view.Name
}

func (view environmentView) action() string {
	if view.ID == "" {
		return "/environments"
	}
	return "/environments/" + url.PathEscape(view.ID)
}

func (view environmentView) field(name, label, hint, value string) ui.Field {
	field := ui.Field{Name: name, Label: label, Hint: hint, Value: value, Attrs: templ.Attributes{"autocomplete": "off", "spellcheck": "false"}}
	if view.Failure != nil {
		field.Error = view.Failure.Fields[name]
	}
	return field
}

func (view environmentView) address(name, label, hint, value string) ui.Field {
	field := view.field(name, label, hint, value)
	field.Type = "url"
	return field
}

// secret is never sent back to the page.
func (view environmentView) secret() ui.Field {
	field := view.field("client_secret", "Client secret", "Sealed before it is stored, and never shown again.", "")
	field.Type, field.Attrs["autocomplete"] = "password", "new-password"
	if view.HasSecret {
		field.Hint = "One is stored. Leave this empty to keep it."
	}
	return field
}

func (view environmentView) dialects() []ui.Option {
	var options []ui.Option
	for _, name := range slices.Sorted(maps.Keys(xs2a.Dialects)) {
		options = append(options, ui.Option{Value: name, Label: name, Chosen: name == view.Dialect})
	}
	return options
}

func (view environmentView) contexts() []ui.Option {
	return []ui.Option{
		{Value: "private", Label: "Private", Chosen: view.Context == "private"},
		{Value: "corporate", Label: "Business", Chosen: view.Context == "corporate"},
		{Value: "", Label: "Not said", Chosen: view.Context == ""},
	}
}
