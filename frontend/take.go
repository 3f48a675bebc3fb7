package frontend

import (
	"archive/zip"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/app/activity"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// takeView is a page on which the person chooses in which form they take exchanges along.
type takeView struct {
	Taking  activity.Taking
	Asked   takeAsked
	Missing []string // secrets that the program has not, though it was asked for all

	Presenting app.Presenting
}

// takeAsked is which exchanges an address or a form asks for.
type takeAsked struct {
	Exchange int64
	Flow     string // noFlow for those that belong to none
	Words    string
	Class    storage.Class
}

func takeIn(asked url.Values) takeAsked {
	return takeAsked{Exchange: placeIn(asked.Get("exchange")), Flow: asked.Get("flow"), Words: strings.TrimSpace(asked.Get("q")), Class: classIn(asked.Get("class"))}
}

// choice is what is asked for, as the record knows it.
func (asked takeAsked) choice(ctx context.Context) activity.Choice {
	c := activity.Choice{ID: asked.Exchange, Query: storage.ExchangeQuery{Words: asked.Words, Named: stepsNamed(ctx), Class: asked.Class}}
	if asked.Flow != "" {
		id := asked.Flow
		if id == noFlow {
			id = ""
		}
		c.Query.FlowID = &id
	}
	return c
}

// fields are what is asked for, by name; what is empty is left out.
func (asked takeAsked) fields() url.Values {
	fields := url.Values{}
	for name, value := range map[string]string{"flow": asked.Flow, "q": asked.Words, "class": string(asked.Class)} {
		if value != "" {
			fields.Set(name, value)
		}
	}
	if asked.Exchange != 0 {
		fields.Set("exchange", strconv.FormatInt(asked.Exchange, 10))
	}
	return fields
}

func takePath(asked takeAsked) string { return withQuery("/activity/take", asked.fields()) }

// takeFlow asks for a flow.
func takeFlow(id string, class storage.Class) takeAsked {
	if id == "" {
		id = noFlow
	}
	return takeAsked{Flow: id, Class: class}
}

// back is where the exchanges are shown.
func (asked takeAsked) back(ctx context.Context) ui.Link {
	switch {
	case asked.Exchange != 0:
		return ui.Link{Label: words.T(ctx, "The exchange"), Href: exchangePath(asked.Exchange)}
	case asked.Flow != "":
		id := asked.Flow
		if id == noFlow {
			id = ""
		}
		return ui.Link{Label: words.T(ctx, "The flow"), Href: flowPath(id)}
	}
	shown := asked.fields()
	return ui.Link{Label: words.T(ctx, "Activity"), Href: withQuery("/activity", shown)}
}

// take shows what can be taken along, and in which forms.
func (s *Server) take(w http.ResponseWriter, r *http.Request) error {
	view, err := s.taking(r, r.URL.Query())
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Take along"), Section: SectionActivity}, takeScreen(view))
}

// taking reads what is taken along, and which secrets the program would not have.
func (s *Server) taking(r *http.Request, asked url.Values) (takeView, error) {
	settings, err := s.app.Settings(r.Context())
	view := takeView{Asked: takeIn(asked), Presenting: settings.Presenting}
	if err != nil {
		return view, err
	}
	if view.Taking, err = s.app.Record().Take(r.Context(), view.Asked.choice(r.Context())); err != nil {
		return view, err
	}
	if len(view.Taking.Secrets()) > 0 {
		known, err := s.app.Record().Known(r.Context(), view.Taking)
		if err != nil {
			return view, err
		}
		view.Missing = known.Missing(view.Taking)
	}
	return view, nil
}

// takeFiles hands out what is taken along, with its secrets where the person has asked for
// that in this form.
func (s *Server) takeFiles(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	format := activity.Format(r.PostForm.Get("format"))
	if !slices.Contains(activity.Formats(), format) {
		return storage.ErrNotFound
	}
	view, err := s.taking(r, r.PostForm)
	if err != nil {
		return err
	}
	if view.Presenting.HideAmounts { // the page says why there is no file
		redirect(w, r, takePath(view.Asked))
		return nil
	}
	shown, err := Presenting(r.Context(), s.app)
	if err != nil {
		return err
	}
	var known *activity.Known
	if r.PostForm.Get("secrets") == "yes" && shown == nil {
		if known, err = s.app.Record().Known(r.Context(), view.Taking); err != nil {
			return err
		}
	}
	view.Taking = shown.Taken(view.Taking)
	files, err := view.Taking.Files(format, known)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	if len(files) == 1 {
		return s.stream(w, r, "application/octet-stream", files[0].Name, func(to *download) error {
			letThrough(w)
			_, err := to.Write(files[0].Data)
			return err
		})
	}
	return s.stream(w, r, "application/zip", packName(files[0].Name), func(to *download) error {
		letThrough(w)
		return pack(to, files)
	})
}

// packName is the name of a pack of files: the first one's, up to its kind.
func packName(name string) string {
	name, _, _ = strings.Cut(name, ".")
	return name + ".zip"
}

// pack writes several files as one.
func pack(to *download, files []activity.File) error {
	packed := zip.NewWriter(to)
	for _, file := range files {
		one, err := packed.Create(file.Name)
		if err != nil {
			return err
		}
		if _, err := one.Write(file.Data); err != nil {
			return err
		}
	}
	return packed.Close()
}

// formats are the forms to choose from.
func (view takeView) formats(ctx context.Context) []ui.Option {
	var options []ui.Option
	for i, format := range activity.Formats() {
		said := takeWords[format]
		options = append(options, ui.Option{Value: string(format), Label: words.T(ctx, said.title), Hint: words.T(ctx, said.use), Chosen: i == 0})
	}
	return options
}

// takeWords say what a form is called and what it is for.
var takeWords = map[activity.Format]struct{ title, use words.Text }{
	activity.HAR:      {"HAR 1.2", "Requests and answers as they were recorded: for the network panel of a browser, HTTP Toolkit, or whoever looks into a failure."},
	activity.Postman:  {"Postman collection", "To send again in Postman or with newman: ids and tokens come from the answers. With an environment to fill in."},
	activity.HTTPFile: {".http file", "To send again from an editor, such as VS Code with REST Client. The variables to fill in stand at its head."},
	activity.Curl:     {"curl", "A script for a terminal that sends them in order. With a file of variables to fill in."},
}

// secrets ask whether what opens accounts is to stand in the file.
func (view takeView) secrets(ctx context.Context) []ui.Option {
	option := ui.Option{Value: "yes", Label: words.T(ctx, "With the secrets, in this file"),
		Caution: words.T(ctx, "Whoever has the file can then do what you can: read these accounts, or act as this program."),
		Hint:    words.T(ctx, "The file’s name says so. You are asked again next time.")}
	return []ui.Option{option}
}

// fillIn says what has to be filled in before the requests can be sent.
func (view takeView) fillIn(ctx context.Context) string {
	return strings.Join(view.Taking.Secrets(), ", ")
}

// held reports whether the program has any of the secrets, and hands them out: a masked file has none.
func (view takeView) held() bool {
	return !view.Presenting.On && len(view.Missing) < len(view.Taking.Secrets())
}
