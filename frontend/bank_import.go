package frontend

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// importView is a file of banks before it is taken over: what it would change, and
// where it would lead.
type importView struct {
	bank.Import
	Environment storage.Environment
	Content     string // of the file; empty before there is one
	Confirmed   []xs2a.Origin
	Taken       int // banks that were taken over before those shown
	Failure     *app.Error
}

// askImport asks for a file.
func (s *Server) askImport(w http.ResponseWriter, r *http.Request) error {
	view, err := s.importOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), importScreen(view))
}

// importBanks shows what a file would change or, when that was looked at, takes over
// the banks whose hosts are confirmed. The file travels with the form: nothing of it
// is kept before.
func (s *Server) importBanks(w http.ResponseWriter, r *http.Request) error {
	view, err := s.importOf(r)
	if err != nil {
		return err
	}
	if err := view.read(r); err != nil {
		return s.refuseImport(w, r, view, err)
	}
	if r.PostFormValue("take") != "" {
		if proxy := r.PostFormValue("proxy"); proxy != "" {
			if err := s.app.Banks().TakeProxy(r.Context(), view.Environment.ID, []byte(view.Content), proxy); err != nil {
				return s.refuseImport(w, r, view, err)
			}
		}
		taken, left, err := s.app.Banks().Import(r.Context(), view.Environment.ID, []byte(view.Content), view.Confirmed)
		if err != nil {
			return s.refuseImport(w, r, view, err)
		}
		if left == 0 {
			redirect(w, r, environmentPath(view.Environment.ID)+"#banks-named")
			return nil
		}
		view.Taken = taken
		view.Failure = unconfirmed(left)
	}
	if view.Import, err = s.app.Banks().PlanImport(r.Context(), view.Environment.ID, []byte(view.Content)); err != nil {
		return s.refuseImport(w, r, view, err)
	}
	status := http.StatusOK
	if view.Failure != nil {
		status = http.StatusUnprocessableEntity
	}
	return s.pageStatus(w, r, status, view.page(r.Context()), importScreen(view))
}

// unconfirmed says that banks were left for hosts that nobody confirmed.
func unconfirmed(left int) *app.Error {
	return &app.Error{Reason: storage.Reason{Code: failure.HostsUnconfirmed, Number: left}}
}

// refuseImport asks for a file once more, and says what was wrong with this one.
func (s *Server) refuseImport(w http.ResponseWriter, r *http.Request, view importView, err error) error {
	if !errors.As(err, &view.Failure) {
		return err
	}
	view.Import, view.Content = bank.Import{}, ""
	return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(r.Context()), importScreen(view))
}

// bankFile answers with the file of the banks an environment names itself.
func (s *Server) bankFile(w http.ResponseWriter, r *http.Request) error {
	e, file, err := s.app.Banks().File(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return save(w, "text/csv; charset=utf-8; header=present", "banks-"+fileWord(e.Name)+".csv", file) // RFC 4180 section 3
}

func (s *Server) importOf(r *http.Request) (importView, error) {
	e, err := s.app.Banks().Environment(r.Context(), r.PathValue("id"))
	if err == nil && e.Sandbox {
		err = storage.ErrNotFound
	}
	return importView{Environment: e.WithoutSecrets()}, err
}

// read takes the file out of the form: as it was chosen, or as the page brings it back.
func (view *importView) read(r *http.Request) error {
	file, err := readFile(r, "file", bank.MaxFile)
	if failed, known := asFailure(err); known {
		return notTaken(failed.Reason)
	}
	if err != nil {
		return err
	}
	if view.Content = string(file); view.Content == "" {
		view.Content = r.PostFormValue("content")
	}
	for _, origin := range r.PostForm["host"] {
		view.Confirmed = append(view.Confirmed, xs2a.Origin(origin))
	}
	if view.Content == "" {
		return notTaken(storage.Reason{Code: failure.ChooseFile})
	}
	return nil
}

// notTaken says at its field why there is no file to look at.
func notTaken(why storage.Reason) *app.Error {
	refused := failure.Invalid(map[string]storage.Reason{"file": why})
	refused.Effect = failure.NothingTaken
	return refused
}

func (view importView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Banks from a file"), Section: SectionSettings}
}

func (view importView) field(ctx context.Context) ui.Field {
	field := fields{view.Failure}.field(ctx, "file", "File", "A table (CSV) of 512 KB at most, as Consentry saves one", "")
	field.Type, field.Attrs["accept"] = "file", ".csv,text/csv"
	return field
}

// counts say what a file would change, in a line.
func (view importView) counts(ctx context.Context) string {
	count := func(is func(bank.Change) bool) int { return view.Count(is) }
	var parts []string
	for _, part := range []struct {
		n    int
		what words.Text
	}{
		{count(func(c bank.Change) bool { return c.New }), "%d new"},
		{count(func(c bank.Change) bool { return !c.New && c.Changed() }), "%d changed"},
		{count(func(c bank.Change) bool { return !c.Changed() }), "%d unchanged"},
	} {
		if part.n > 0 {
			parts = append(parts, words.T(ctx, part.what, part.n))
		}
	}
	if problems := len(view.Faults) + view.MoreFaults; problems > 0 {
		parts = append(parts, words.N(ctx, problems, "%d problem", "%d problems"))
	}
	if view.Stays > 0 {
		parts = append(parts, words.N(ctx, view.Stays, "%d other bank stays", "%d other banks stay"))
	}
	return strings.Join(parts, " · ")
}

// changing reports whether there is anything to take over.
func (view importView) changing() bool {
	return view.Count(bank.Change.Changed) > 0
}

// takeLabel says what is taken over.
func (view importView) takeLabel(ctx context.Context) string {
	if view.changing() {
		return words.T(ctx, "Take the banks over")
	}
	return words.T(ctx, "Take it over")
}

// hosts are those to confirm, none chosen beforehand.
func (view importView) hosts(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, host := range view.Hosts {
		option := ui.Option{Value: string(host.Origin), Label: host.Origin.Host(), Hint: words.T(ctx, "For %s", nameSome(ctx, host.Banks))}
		if host.Local {
			option.Caution = words.T(ctx, "It lies on this machine, or in a private network.")
		}
		options = append(options, option)
	}
	return chosenAmong(options, view.Confirmed)
}

func chosenAmong(options []ui.Option, origins []xs2a.Origin) []ui.Option {
	for i := range options {
		for _, origin := range origins {
			options[i].Chosen = options[i].Chosen || options[i].Value == string(origin)
		}
	}
	return options
}

// nameSome names the first of many.
func nameSome(ctx context.Context, names []string) string {
	const most = 5
	if len(names) <= most {
		return words.Row(ctx, names)
	}
	return words.T(ctx, "%s and %s", words.Row(ctx, names[:most]), words.N(ctx, len(names)-most, "%d other bank", "%d other banks"))
}

// changeWord says what would become of a bank.
func changeWord(change bank.Change) (tone ui.Tone, word words.Text) {
	switch {
	case change.Replaces != "":
		return ui.Warn, "Replaces"
	case change.New:
		return ui.Good, "New"
	case change.Changed():
		return ui.Info, "Changed"
	}
	return ui.Neutral, "Unchanged"
}

// spokenTo says how a bank of the file would be spoken to.
func (view importView) spokenTo(ctx context.Context, change bank.Change) string {
	if change.Profile == (xs2a.Profile{}) {
		return words.T(ctx, "As the environment says")
	}
	return spokenTo(ctx, change.Profile)
}

// displaced says what a bank of the file would take the place of.
func displaced(ctx context.Context, change bank.Change) (notes []string) {
	switch {
	case change.Replaces != "":
		notes = append(notes, words.T(ctx, "Takes the place of “%s” of the directory.", change.Replaces))
	case change.Moved:
		notes = append(notes, words.T(ctx, "Its interface would lie at another host."))
	}
	if change.InForce > 0 {
		notes = append(notes, words.N(ctx, change.InForce, "%d consent in force would be used there.", "%d consents in force would be used there."))
	}
	return notes
}
