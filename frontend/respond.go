package frontend

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/storage"
)

// handler answers a request or says why it could not; what it says is shown
// by Server.fail.
type handler func(w http.ResponseWriter, r *http.Request) error

// adapt makes a handler one of the standard library's.
func (s *Server) adapt(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil && r.Context().Err() == nil {
			s.fail(w, r, err)
		}
	}
}

// redirect goes on to another screen, by HTMX within the page.
func redirect(w http.ResponseWriter, r *http.Request, address string) {
	address = ui.To(r.Context(), address)
	if wantsFragment(r) {
		w.Header().Set("HX-Redirect", address)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// page answers with a whole screen.
func (s *Server) page(w http.ResponseWriter, r *http.Request, p Page, content templ.Component) error {
	return s.pageStatus(w, r, http.StatusOK, p, content)
}

// pageStatus answers with a whole screen and a status other than 200.
func (s *Server) pageStatus(w http.ResponseWriter, r *http.Request, status int, p Page, content templ.Component) error {
	if status == http.StatusOK {
		s.follows(r)
	}
	if err := s.complete(r, &p); err != nil {
		return err
	}
	return s.render(w, r, status, Layout(p), content)
}

// fragment answers with a part of a screen.
func (s *Server) fragment(w http.ResponseWriter, r *http.Request, content templ.Component) error {
	return s.render(w, r, http.StatusOK, content, nil)
}

// render writes nothing before the whole is made: a view that fails leaves no
// half page behind.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, component, children templ.Component) error {
	settings, err := s.app.Settings(r.Context())
	if err != nil {
		return err
	}
	ctx := ui.WithReader(r.Context(), ui.Reader{Locale: locale(settings.Locale, r), Zone: cmp.Or(s.zone, time.Local), Now: s.app.Clock().Now(), HidesAmounts: settings.Presenting.HideAmounts, Part: wantsFragment(r)})
	ctx = withAudience(ctx, settings.Audience)
	if children != nil {
		ctx = templ.WithChildren(ctx, children)
	}
	b := templ.GetBuffer()
	defer templ.ReleaseBuffer(b)
	if err := component.Render(ctx, b); err != nil {
		return err
	}
	page := ui.SeenPage(b.Bytes())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, err = w.Write(page)
	return err
}

// complete fills in what every screen shows.
func (s *Server) complete(r *http.Request, p *Page) error {
	ctx := r.Context()
	settings, err := s.app.Settings(ctx)
	if err != nil {
		return err
	}
	p.Theme, p.Presenting = Theme(settings.Theme), settings.Presenting.On
	summary, err := s.app.Summary(ctx)
	if err != nil {
		return err
	}
	p.NeedYou, p.Environment = summary.NeedYou, summary.Environment
	p.Updated, p.UpdatedNow = summary.FetchedAt, summary.FetchedNow
	p.NotStored, p.Doubt = s.app.NotStored(), summary.Doubt
	p.Phone = s.phone.open()
	if s.lock != nil {
		p.Locks, p.LockAfter = s.lock.Protected(), s.lock.After()
	}
	p.Profile = s.profiles.name()
	p.Ahead, p.There = summary.Ahead, s.app.Clock().Now().Add(summary.Ahead)
	return nil
}

// statusOf is the HTTP status that goes with a failure: of a form, of this machine's
// disk (RFC 4918 section 11.5), of another window that was there before, else of a bank.
func statusOf(failed *app.Error) int {
	switch fault := storage.FaultOf(failed.Cause); {
	case len(failed.Fields) > 0:
		return http.StatusUnprocessableEntity
	case fault == storage.DiskFull:
		return http.StatusInsufficientStorage
	case fault != "":
		return http.StatusInternalServerError
	}
	switch failed.Code {
	case failure.PaymentNotShown, failure.FormUsed, failure.Overtaken: // no bank has failed
		return http.StatusConflict
	}
	return http.StatusBadGateway
}

// statusOfForm is that of a form that was not taken: no bank is asked for one.
func statusOfForm(failed *app.Error) int {
	if status := statusOf(failed); status != http.StatusBadGateway {
		return status
	}
	return http.StatusUnprocessableEntity
}

// fail shows why a request could not be answered.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, failed := http.StatusInternalServerError, &app.Error{}
	switch {
	case app.NotFound(err):
		status, failed = http.StatusNotFound, failure.New(failure.NothingHere)
	case errors.As(err, &failed):
		status = statusOf(failed)
	default:
		s.log.Error("request failed", "method", r.Method, "path", withoutPlace(r.URL.Path), "error", err)
		failed = failure.OfInside(err)
		if storage.FaultOf(err) != "" {
			status = statusOf(failed)
		}
	}
	if wantsFragment(r) {
		err = s.render(w, r, status, failureNotice(failed), nil)
	} else {
		err = s.pageStatus(w, r, status, Page{Title: sayFailure(r.Context(), failed).What}, failureView(failed))
	}
	if err != nil {
		s.log.Error("the failure could not be shown", "error", err)
		http.Error(w, sayFailure(r.Context(), failed).What, status)
	}
}
