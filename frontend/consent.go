package frontend

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"consentry/app"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// readsInSight are the latest reads that stand on a consent's own page.
const readsInSight = 6

func (s *Server) consent(w http.ResponseWriter, r *http.Request) error {
	view, err := s.consentOf(r)
	if err != nil {
		return err
	}
	return s.showConsent(w, r, http.StatusOK, view)
}

// showConsent answers with the consent's page. What day it is there is decided
// by the clock of its environment.
func (s *Server) showConsent(w http.ResponseWriter, r *http.Request, status int, view consentView) error {
	return s.pageStatus(w, r, status, view.page(r.Context()), ui.At(view.Now, consentScreen(view)))
}

// consentOf is the consent in the address with all that is known of it.
func (s *Server) consentOf(r *http.Request) (consentView, error) {
	ctx, id := r.Context(), r.PathValue("id")
	// Before all else: what a fetch that is over has changed is read after it. The page of one that runs asks again.
	job := s.app.Reader().Job(id)
	c, err := s.app.Consent(ctx, id)
	if err != nil {
		return consentView{}, err
	}
	attempts, err := s.app.SCA().Attempts(ctx, storage.ConsentSubject(id))
	if err != nil {
		return consentView{}, err
	}
	deletions, err := s.app.SCA().Attempts(ctx, storage.DeletionSubject(id))
	if err != nil {
		return consentView{}, err
	}
	view := consentView{consentLine: s.line(c, underWay(attempts)), Job: job, Attempts: slices.Concat(deletions, attempts)}
	view.Brought = s.brought(job)
	if view.GoneAt, err = s.app.Banks().GoneAt(ctx, c.EnvironmentID, c.BIC); err != nil {
		return view, err
	}
	if view.Accounts, err = s.app.Holdings().ConsentAccounts(ctx, id); err != nil {
		return view, err
	}
	jobs, err := s.app.Reader().Unfinished(ctx)
	if err != nil {
		return view, err
	}
	view.Unfinished = s.unfinishedOf(jobs, c, view.Accounts)
	for _, account := range view.Accounts {
		view.Unreadable = append(view.Unreadable, s.failures(ctx, account)...)
	}
	if view.Updated, err = s.app.Updated(ctx); err != nil {
		return view, err
	}
	if view.Awaited, err = s.app.Awaited(ctx, c); err != nil {
		return view, err
	}
	if view.Left, err = s.app.LeftBehind(ctx, c); err != nil {
		return view, err
	}
	if view.Events, err = s.app.ConsentEvents(ctx, id); err != nil {
		return view, err
	}
	if view.Differences, err = s.app.Differences(ctx, c); err != nil {
		return view, err
	}
	if view.Quota, err = s.app.Reader().Quota(ctx, c); err != nil {
		return view, err
	}
	if c.Ended() {
		if view.Erasure, err = s.app.Erasure(ctx, id); err != nil {
			return view, err
		}
	}
	return view, s.addRecord(r, &view)
}

// addRecord adds what happened under the consent and around it.
func (s *Server) addRecord(r *http.Request, view *consentView) error {
	ctx := r.Context()
	activity, err := s.app.Record().Flow(ctx, view.ID)
	if err != nil {
		return err
	}
	view.Exchanges = activity.Count
	// One more than is shown tells whether there are more.
	if view.Reads, err = s.app.Reader().Reads(ctx, view.ID, 0, readsInSight+1); err != nil {
		return err
	}
	series, err := s.app.Series(ctx, view.Consent)
	for _, c := range series {
		view.Series = append(view.Series, s.line(c, nil))
	}
	return err
}

// underWay is the attempt at a consent that has not ended; nil where none is.
func underWay(attempts []storage.Authorisation) *sca.Flow {
	if len(attempts) == 0 || attempts[0].Ended() {
		return nil
	}
	return &sca.Flow{Authorisation: attempts[0]}
}

func (view consentView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Consent at %s", view.BankName), Section: SectionConsents}
}

// refreshConsent asks the bank how the consent stands.
func (s *Server) refreshConsent(w http.ResponseWriter, r *http.Request) error {
	return s.consentAfter(w, r, s.app.RefreshConsent(r.Context(), r.PathValue("id"), s.person(r)))
}

// consentAuthorisations asks the bank for the consent's authorisations and how
// far each is.
func (s *Server) consentAuthorisations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	found, err := s.app.ConsentAuthorisations(ctx, r.PathValue("id"), s.person(r))
	said, err := answered(words.T(ctx, "Authorisations at the bank"), nil, err)
	if err != nil {
		return err
	}
	view, err := s.consentOf(r)
	if err != nil {
		return err
	}
	view.Said, view.Authorisations = said, found
	return s.showAnswer(w, r, view.page(ctx), consentTesters(view), ui.At(view.Now, consentScreen(view)))
}

// fetch reads the consent's accounts because the person asked.
func (s *Server) fetch(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.app.Consent(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	s.app.Reader().Fetch(r.PathValue("id"), s.person(r))
	redirect(w, r, consentPath(r.PathValue("id")))
	return nil
}

// consentAfter shows the consent after an action on it, with what went wrong.
func (s *Server) consentAfter(w http.ResponseWriter, r *http.Request, err error) error {
	if err == nil {
		redirect(w, r, consentPath(r.PathValue("id")))
		return nil
	}
	var failure *app.Error
	if !errors.As(err, &failure) {
		return err
	}
	view, err := s.consentOf(r)
	if err != nil {
		return err
	}
	view.Failure = failure
	status := statusOf(failure)
	return s.showConsent(w, r, status, view)
}

// scheduled reports whether it may be read without the person.
func (view consentView) scheduled() bool { return view.State.Live && view.Recurring }

// over reports whether the consent has ended, so that only a new one helps.
func (view consentView) over() bool { return !view.State.Live && !view.State.Open }

// renewing is a renewal of this consent that the person has not approved yet.
func (view consentView) renewing() (consentLine, bool) {
	for _, line := range view.Series {
		if line.Renews == view.ID && line.State.Open {
			return line, true
		}
	}
	return consentLine{}, false
}

// dueSoon reports whether the last day is so near that the person is reminded. A
// renewal under way says so itself.
func (view consentView) dueSoon() bool {
	_, renewing := view.renewing()
	return view.scheduled() && view.State.Tone == ui.Warn && !renewing
}

// headSub leaves the day to renew by to the notice that stands below it.
func (view consentView) headSub(ctx context.Context) string {
	if view.dueSoon() {
		return accessWords(ctx, view.Asked.Access)
	}
	return view.sub(ctx)
}

func (view consentView) dueTitle(ctx context.Context) string {
	last := lastDay(view.Consent)
	return words.T(ctx, "Renew by %s, %s.", ui.DateWords(ctx, last), inDays(ctx, last, view.Now))
}

func (view consentView) dueWords(ctx context.Context) string {
	due := words.T(ctx, "After that day nothing is read any more, until you renew it.")
	if daysLeft(lastDay(view.Consent), view.Now) < 0 {
		due = words.T(ctx, "The bank may refuse reads until you approve it anew.")
	}
	if view.SnoozedUntil <= view.Now.Format(time.DateOnly) {
		return due
	}
	return sentences(due, words.T(ctx, "You are reminded again on %s.", ui.DateWords(ctx, day(view.SnoozedUntil))))
}

// dropLabel names the way out: what nobody approved is not withdrawn.
func (view consentView) dropLabel() words.Text {
	if view.State.Live || view.Provisional() {
		return "Withdraw"
	}
	return "Cancel this request"
}

// renewLabel names the way on: what has ended is asked for anew.
func (view consentView) renewLabel() words.Text {
	switch {
	case view.over() && view.Unconfirmed():
		return "Ask for a new consent"
	case view.over():
		return "Ask again"
	}
	return "Renew or change"
}

// toRenew is the consent to ask for anew: of a renewal nobody approved, the one
// it was to renew.
func (view consentView) toRenew() string {
	if view.GrantedAt.IsZero() && view.Renews != "" {
		return view.Renews
	}
	return view.ID
}

// untilWord: before anybody approved it, its last day is no more than asked for.
func (view consentView) untilWord() words.Text {
	if view.GrantedAt.IsZero() {
		return "Asked for until"
	}
	return "Valid until"
}

// askedOn is when a consent of the series was asked for, as exactly as it
// takes to tell it from the others.
func (view consentView) askedOn(ctx context.Context, line consentLine) string {
	for _, other := range view.Series {
		if other.ID != line.ID && other.CreatedAt.Format(time.DateOnly) == line.CreatedAt.Format(time.DateOnly) {
			return ui.ExactText(ctx, line.CreatedAt)
		}
	}
	return ui.DateWords(ctx, line.CreatedAt)
}

// renewBy puts the last day into words, with the days that are left.
func (view consentView) renewBy(ctx context.Context) string {
	last := lastDay(view.Consent)
	return words.T(ctx, "%s, %s", ui.DateWords(ctx, last), inDays(ctx, last, view.Now))
}

// bankSilent reports whether the bank has not said yet how the consent stands.
func (view consentView) bankSilent() bool { return view.StatusAt.IsZero() || view.Status == "" }
