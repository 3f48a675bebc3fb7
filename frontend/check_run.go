package frontend

import (
	"context"
	"errors"
	"net/http"

	"consentry/app/verdict"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// checkRunView is a run of all that is only read, at an environment.
type checkRunView struct {
	Environment storage.Environment
	Progress    *verdict.Progress // nil: there was none
	Nothing     bool              // there is nothing to ask
}

func (s *Server) checkRunOf(r *http.Request) (checkRunView, error) {
	environment, err := s.app.Banks().Environment(r.Context(), r.PathValue("id"))
	return checkRunView{Environment: environment, Progress: s.app.Verdicts().Progress(environment.ID)}, err
}

func (s *Server) checkRun(w http.ResponseWriter, r *http.Request) error {
	view, err := s.checkRunOf(r)
	if err != nil {
		return err
	}
	return s.showCheckRun(w, r, view)
}

func (s *Server) showCheckRun(w http.ResponseWriter, r *http.Request, view checkRunView) error {
	if aimsAt(r, "run") {
		return s.fragment(w, r, checkRunCard(view))
	}
	title := words.T(r.Context(), "Read-only checks, %s", environmentName(r.Context(), view.Environment.Name))
	return s.page(w, r, Page{Title: title, Section: SectionSettings}, checkRunScreen(view))
}

// beginCheckRun begins a run because the person wants it.
func (s *Server) beginCheckRun(w http.ResponseWriter, r *http.Request) error {
	view, err := s.checkRunOf(r)
	if err != nil {
		return err
	}
	person := s.person(r)
	s.app.Seen()
	err = s.app.Verdicts().Begin(r.Context(), view.Environment.ID, &person)
	if errors.Is(err, verdict.ErrNothingToAsk) {
		view.Nothing = true
		return s.showCheckRun(w, r, view)
	}
	if err != nil {
		return err
	}
	redirect(w, r, runPath(view.Environment.ID))
	return nil
}

func (s *Server) stopCheckRun(w http.ResponseWriter, r *http.Request) error {
	view, err := s.checkRunOf(r)
	if err != nil {
		return err
	}
	s.app.Verdicts().Stop(view.Environment.ID)
	redirect(w, r, runPath(view.Environment.ID))
	return nil
}

func (view checkRunView) running() bool { return view.Progress != nil && view.Progress.Running() }

func (view checkRunView) progress(ctx context.Context) ui.Progress {
	p := view.Progress
	what := stepWords(ctx, p.Step)
	if p.Bank != "" {
		what = p.Bank + ": " + what
	}
	if p.Stopped {
		what = words.T(ctx, "Stopping")
	}
	return ui.Progress{What: what, Done: p.Done, Total: p.Total, Unit: words.T(ctx, "questions")}
}

// outcome says what a run that has ended came to.
func (view checkRunView) outcome(ctx context.Context) ui.Notice {
	p := view.Progress
	n := ui.Notice{Tone: ui.Good, Title: words.T(ctx, "All was asked.")}
	if p.Stopped {
		n.Tone, n.Title = ui.Info, words.T(ctx, "You stopped the run.")
	}
	n.Next = words.T(ctx, "%s, %s, %s.", words.N(ctx, p.Answered, "%d question was answered", "%d questions were answered"),
		words.N(ctx, p.Refused, "%d was refused or not answered", "%d were refused or not answered"), words.N(ctx, len(p.Skipped), "%d was not asked", "%d were not asked"))
	return n
}

// skippedWords say why a question was not asked.
var skippedWords = map[verdict.SkippedWhy]words.Text{
	verdict.SkippedQuota:  "It would have been one read too many in 24 hours without you.",
	verdict.SkippedEnded:  "The consent ended meanwhile.",
	verdict.SkippedPerson: "The bank speaks of it only with you there.",
	verdict.SkippedOther:  "It failed before the bank was asked.",
}
