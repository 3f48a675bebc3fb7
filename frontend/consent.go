package frontend

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

func (s *Server) consent(w http.ResponseWriter, r *http.Request) error {
	view, err := s.consentOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(), consentScreen(view))
}

// consentOf is the consent in the address with all that is known of it.
func (s *Server) consentOf(r *http.Request) (consentView, error) {
	ctx, id := r.Context(), r.PathValue("id")
	c, err := s.app.Consent(ctx, id)
	if err != nil {
		return consentView{}, err
	}
	flows, err := s.unfinished(ctx)
	if err != nil {
		return consentView{}, err
	}
	view := consentView{consentLine: s.line(c, flows[id]), Job: s.app.Job(id)}
	if view.Accounts, err = s.app.ConsentAccounts(ctx, id); err != nil {
		return view, err
	}
	activity, err := s.app.Activity(ctx, id)
	if err != nil {
		return view, err
	}
	view.Exchanges = activity.Count
	view.Events, err = s.app.ConsentEvents(ctx, id)
	return view, err
}

func (view consentView) page() Page {
	return Page{Title: "Permission at " + view.BankName, Section: SectionConsents}
}

// refreshConsent asks the bank how the consent stands.
func (s *Server) refreshConsent(w http.ResponseWriter, r *http.Request) error {
	return s.consentAfter(w, r, s.app.RefreshConsent(r.Context(), r.PathValue("id"), s.person(r)))
}

// consentAuthorisations asks the bank for the consent's authorisations and how
// far each is.
func (s *Server) consentAuthorisations(w http.ResponseWriter, r *http.Request) error {
	found, err := s.app.ConsentAuthorisations(r.Context(), r.PathValue("id"), s.person(r))
	said, err := answered("Authorisations at the bank", nil, err)
	if err != nil {
		return err
	}
	view, err := s.consentOf(r)
	if err != nil {
		return err
	}
	view.Said, view.Authorisations = said, found
	return s.showAnswer(w, r, view.page(), consentTesters(view), consentScreen(view))
}

// fetch reads the consent's accounts because the person asked.
func (s *Server) fetch(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.app.Consent(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	s.app.Fetch(r.PathValue("id"), s.person(r))
	redirect(w, r, consentPath(r.PathValue("id")))
	return nil
}

// askWithdraw asks before a consent is withdrawn: in a dialog over the present
// page, or as a page of its own.
func (s *Server) askWithdraw(w http.ResponseWriter, r *http.Request) error {
	view, err := s.consentOf(r)
	if err != nil {
		return err
	}
	if aimsAt(r, "dialogs") {
		return s.fragment(w, r, withdrawDialog(view))
	}
	return s.page(w, r, view.page(), withdrawScreen(view))
}

func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) error {
	return s.consentAfter(w, r, s.app.Withdraw(r.Context(), r.PathValue("id"), s.person(r)))
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
	return s.pageStatus(w, r, http.StatusBadGateway, view.page(), consentScreen(view))
}

// term is a line of the table: asked for, granted, used.
type term struct {
	Name                 string
	Asked, Granted, Used templ.Component
}

func (view consentView) terms() []term {
	access, said := granted(view.Consent)
	notYet := words(view.nothingGranted())
	terms := []term{
		{"Accounts", references(accessAccounts(view.Asked.Access), "Those you choose at the bank"), notYet, words(view.usedAccounts())},
		{"What is shared", words(accessWords(view.Asked.Access)), notYet, words(view.usedKinds())},
		{"Until", ui.Date(day(view.Asked.ValidUntil)), notYet, momentWords(view)},
		{"Times a day", words(readsWords(view.Asked.Recurring, view.Asked.FrequencyPerDay)), notYet, words(view.usedTimes())},
	}
	// Banks repeat what was asked for before anything is granted.
	if said && !view.GrantedAt.IsZero() {
		terms[0].Granted = references(accessAccounts(access), "Not named by the bank")
		terms[1].Granted = words(accessWords(access))
		terms[2].Granted = ui.Date(day(view.ValidUntil))
		terms[3].Granted = words(readsWords(view.Recurring, view.FrequencyPerDay))
	}
	return terms
}

func (view consentView) usedAccounts() string {
	if len(view.Accounts) == 0 {
		return "None yet"
	}
	return plural(len(view.Accounts), "account", "accounts") + " read"
}

// usedKinds names what was read, not what could have been.
func (view consentView) usedKinds() string {
	if view.FetchedAt.IsZero() {
		return "Nothing yet"
	}
	kinds := []string{"Accounts"}
	if slices.ContainsFunc(view.Accounts, func(a storage.Account) bool { return len(a.Balances) > 0 }) {
		kinds = append(kinds, "balances")
	}
	if slices.ContainsFunc(view.Accounts, func(a storage.Account) bool { return a.BookedTo != "" }) {
		kinds = append(kinds, "transactions")
	}
	return strings.Join(kinds, ", ")
}

func (view consentView) usedTimes() string {
	if view.FetchedAt.IsZero() {
		return "Never"
	}
	return "Only when you fetch"
}

func (view consentView) nothingGranted() string {
	switch {
	case !view.GrantedAt.IsZero():
		return "The bank did not say"
	case view.State.Open:
		return "Nothing yet"
	}
	return "Nothing"
}

// life is the consent on a time line, from the question to its end.
func (view consentView) life() ui.Life {
	life := ui.Life{From: view.CreatedAt, Until: lastDay(view.Consent), Now: view.Now}
	life.Marks = append(life.Marks, ui.Mark{At: view.CreatedAt, Word: "asked for"})
	if !view.GrantedAt.IsZero() {
		life.Marks = append(life.Marks, ui.Mark{At: view.GrantedAt, Word: "approved"})
	}
	if view.State.Live || view.State.Open {
		life.Marks = append(life.Marks, ui.Mark{At: view.Now, Word: "today"}, ui.Mark{At: life.Until, Word: view.endMark(), Due: view.State.Live})
		return life
	}
	life.Ended = true
	life.Until = view.endedAt()
	life.Marks = append(life.Marks, ui.Mark{At: life.Until, Word: strings.ToLower(view.State.Word)})
	return life
}

func (view consentView) endMark() string {
	if view.State.Live && view.Recurring {
		return "renew by"
	}
	return "ends"
}

// endedAt is when the consent ended: its last day, or when the bank or the
// person ended it.
func (view consentView) endedAt() (at time.Time) {
	if last := lastDay(view.Consent); view.Status == xs2a.ConsentValid {
		return last
	}
	for _, event := range view.Events {
		if event.Status == view.Status {
			return event.At
		}
	}
	return view.StatusAt
}

// over tells whether the permission has ended, so that only a new one helps.
func (view consentView) over() bool { return !view.State.Live && !view.State.Open }

func (view consentView) withdrawLabel() string {
	if view.State.Live {
		return "Withdraw"
	}
	return "Give up"
}

func sourceWord(source storage.Source) string {
	switch source {
	case storage.FromBank:
		return "said by the bank"
	case storage.FromPerson:
		return "by you"
	}
	return "by the calendar"
}

func referenceNumber(reference xs2a.AccountReference) string {
	for _, number := range []string{reference.IBAN, reference.BBAN, reference.MaskedPAN} {
		if number != "" {
			return number
		}
	}
	return ""
}
