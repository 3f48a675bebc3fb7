package frontend

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/fault"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/record"
)

// practiceBank is a bank for practice, as things can go wrong there.
type practiceBank struct {
	BIC     string // by which the control knows it
	Name    string
	Page    string // its page
	Dialect string
}

// practiceBankOf makes one of a bank that is listed.
func practiceBankOf(listed storage.ASPSP) practiceBank {
	return practiceBank{cmp.Or(listed.Code, listed.BIC), listed.Name, bankPath(listed.EnvironmentID, listed.BIC), listed.Dialect}
}

// faulty reports whether things can be let go wrong at a bank: at those inside the program.
func (s *Server) faulty(listed storage.ASPSP) bool {
	return listed.EnvironmentID == bank.SandboxID && s.app.Banks().IsPractice(listed.EnvironmentID) && s.app.Faults().Control() != ""
}

// practiceBanks are the banks at which things can be let go wrong, by name.
func (s *Server) practiceBanks(ctx context.Context) ([]practiceBank, error) {
	listed, err := s.app.Banks().List(ctx, storage.ASPSPQuery{})
	if err != nil {
		return nil, err
	}
	var banks []practiceBank
	for _, each := range listed {
		if s.faulty(each) {
			banks = append(banks, practiceBankOf(each))
		}
	}
	order := words.Order(ctx)
	slices.SortStableFunc(banks, func(a, b practiceBank) int { return order(a.Name, b.Name) })
	return banks, nil
}

// faultsView is the board on which things are let go wrong.
type faultsView struct {
	Bank    practiceBank // whose board it is; none: that of all
	Banks   []practiceBank
	Board   fault.Board
	Unread  *app.Error // why there is no board
	Form    fault.Form
	From    *storage.Exchange // whose answer the form was filled in with
	Failure *app.Error        // of what was tried
	Deed    fault.Deed        // which failed
	Done    words.Text        // what the last one did; empty: there was none
}

// bankFaults is what goes wrong at a bank, for its page; nil where nothing can be let.
func (s *Server) bankFaults(ctx context.Context, listed storage.ASPSP) (*faultsView, error) {
	if !s.faulty(listed) {
		return nil, nil
	}
	view := &faultsView{Bank: practiceBankOf(listed)}
	view.Banks = []practiceBank{view.Bank}
	return view, s.readBoard(ctx, view)
}

// readBoard asks the control; that it does not answer is shown.
func (s *Server) readBoard(ctx context.Context, view *faultsView) (err error) {
	view.Board, err = s.app.Faults().Board(ctx, view.Bank.BIC)
	if errors.As(err, &view.Unread) {
		return nil
	}
	return err
}

// faultBoard is the board of the bank that a request names, or of all.
func (s *Server) faultBoard(r *http.Request) (faultsView, error) {
	view := faultsView{Form: fault.Form{Requests: "1", Kind: fault.AStatus}}
	banks, err := s.practiceBanks(r.Context())
	if err != nil {
		return view, err
	}
	if len(banks) == 0 {
		return view, storage.ErrNotFound
	}
	view.Banks = banks
	if bic := r.FormValue("bank"); bic != "" {
		at := slices.IndexFunc(banks, func(b practiceBank) bool { return b.BIC == bic })
		if at < 0 {
			return view, storage.ErrNotFound
		}
		view.Bank = banks[at]
	}
	view.Form.Bank, view.Done = view.Bank.BIC, deedWords[r.URL.Query().Get("done")]
	return view, s.readBoard(r.Context(), &view)
}

func (s *Server) faults(w http.ResponseWriter, r *http.Request) error {
	view, err := s.faultBoard(r)
	if err != nil {
		return err
	}
	if aimsAt(r, "fault-now") {
		return s.fragment(w, r, faultsNow(view))
	}
	if err := s.fillFrom(r, &view); err != nil {
		return err
	}
	return s.showFaults(w, r, http.StatusOK, view)
}

// showFaults answers with the board.
func (s *Server) showFaults(w http.ResponseWriter, r *http.Request, status int, view faultsView) error {
	return s.pageStatus(w, r, status, Page{Title: view.title(r.Context()), Section: SectionSettings}, faultsScreen(view))
}

// fillFrom fills the form in with the answer of an exchange, if the address names one.
func (s *Server) fillFrom(r *http.Request, view *faultsView) error {
	number := r.FormValue("exchange")
	if number == "" {
		return nil
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return storage.ErrNotFound
	}
	e, err := s.app.Record().Exchange(r.Context(), id)
	if err != nil {
		return err
	}
	if !s.practised(e) || e.Status == 0 {
		return storage.ErrNotFound
	}
	view.From = &e
	view.Form.Kind, view.Form.Status, view.Form.Body, view.Form.MediaType = fault.ABody, strconv.Itoa(e.Status), e.Answer.Body, e.Answer.Get("Content-Type")
	view.Form.Bank = view.bankIn(e)
	named := record.OperationOf(e.Method, e.URL, e.Request.Body).ID
	if slices.ContainsFunc(view.Board.Operations, func(o fault.Operation) bool { return o.Name == named }) {
		view.Form.Operation = named
	}
	return nil
}

// practised reports whether an exchange was with the practice banks inside the program.
func (s *Server) practised(e storage.Exchange) bool {
	control, err := url.Parse(s.app.Faults().Control())
	sent, failed := url.Parse(e.URL)
	return err == nil && failed == nil && control.Host != "" && sent.Host == control.Host
}

// bankIn finds the bank of an exchange; "" where its address and header do not tell.
func (view faultsView) bankIn(e storage.Exchange) string {
	named := e.Request.Get("X-BicFi")
	for _, b := range view.Banks {
		id := b.Page[strings.LastIndex(b.Page, "/")+1:]
		if b.BIC == named || strings.Contains(e.URL, "/"+id+"/") {
			return b.BIC
		}
	}
	return ""
}

// setFault sets a preset, or what the form says.
func (s *Server) setFault(w http.ResponseWriter, r *http.Request) error {
	return s.changeFaults(w, r, func(view *faultsView) error {
		if preset := r.PostFormValue("preset"); preset != "" {
			return s.app.Faults().SetPreset(r.Context(), view.Bank.BIC, preset)
		}
		view.Form = fault.Form{
			Bank: view.Bank.BIC, Operation: r.PostFormValue("operation"), Requests: r.PostFormValue("requests"),
			Kind: r.PostFormValue("kind"), After: r.PostFormValue("after") != "", Delay: r.PostFormValue("delay"), Slow: r.PostFormValue("slow"),
			Status: r.PostFormValue("status"), Code: r.PostFormValue("code"), RetryAfter: r.PostFormValue("retry_after"),
			Body: r.PostFormValue("body"), MediaType: r.PostFormValue("media_type"),
		}
		set, err := view.Form.Fault()
		if err != nil {
			return err
		}
		return s.app.Faults().Set(r.Context(), set)
	})
}

// removeFault takes back one fault, or all of a board.
func (s *Server) removeFault(w http.ResponseWriter, r *http.Request) error {
	return s.changeFaults(w, r, func(view *faultsView) error {
		if r.PostFormValue("all") != "" {
			return s.app.Faults().Clear(r.Context(), view.Bank.BIC)
		}
		id, err := strconv.Atoi(r.PostFormValue("id"))
		if err != nil {
			return storage.ErrNotFound
		}
		return s.app.Faults().Remove(r.Context(), id)
	})
}

// doAtBank has a bank or its customer do something.
func (s *Server) doAtBank(w http.ResponseWriter, r *http.Request) error {
	return s.changeFaults(w, r, func(view *faultsView) error {
		view.Deed = fault.Deed{
			What: r.PostFormValue("what"), Bank: view.Bank.BIC, ID: r.PostFormValue("id"), Until: r.PostFormValue("until"),
			Accounts: r.PostFormValue("accounts"), PSU: r.PostFormValue("psu"), Account: r.PostFormValue("account"),
		}
		return s.app.Faults().Do(r.Context(), view.Deed)
	})
}

// changeFaults changes what goes wrong, and leads back to where that was asked for; what
// cannot be done is said on the board.
func (s *Server) changeFaults(w http.ResponseWriter, r *http.Request, change func(*faultsView) error) error {
	view, err := s.faultBoard(r)
	if err != nil {
		return err
	}
	err = change(&view)
	if errors.As(err, &view.Failure) {
		return s.showFaults(w, r, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	if r.PostFormValue("on") == onBankPage && view.Bank.Page != "" {
		redirect(w, r, view.Bank.Page+"#faults")
		return nil
	}
	address := faultsPath(view.Bank.BIC)
	if view.Deed.What != "" && view.Bank.BIC != "" {
		address += "&done=" + url.QueryEscape(view.Deed.What)
	}
	redirect(w, r, address)
	return nil
}

// onBankPage says that a form stood on a bank's page.
const onBankPage = "bank"

// faultsPath leads to the board of a bank, or of all.
func faultsPath(bic string) string {
	if bic == "" {
		return "/faults"
	}
	return "/faults?bank=" + url.QueryEscape(bic)
}

// faultFromPath leads to the board, filled in with the answer of an exchange.
func faultFromPath(id int64) string {
	return "/faults?exchange=" + strconv.FormatInt(id, 10) + "#other"
}

func (view faultsView) title(ctx context.Context) string {
	if view.Bank.Name == "" {
		return words.T(ctx, "Faults at the practice banks")
	}
	return words.T(ctx, "Faults at %s", view.Bank.Name)
}

// typing reports whether the form is what the board is about now: it was filled in, or has
// something to be corrected.
func (view faultsView) typing() bool {
	return view.From != nil || view.Failure != nil && len(view.Failure.Fields) > 0 && view.Deed.What == ""
}

// hitsShown is how many of the hits a board shows.
const hitsShown = 20

// nameOf is the name of a bank; its BIC where it is not listed.
func (view faultsView) nameOf(bic string) string {
	for _, b := range view.Banks {
		if b.BIC == bic {
			return b.Name
		}
	}
	return bic
}

// banks are the choices of a bank, with all of them.
func (view faultsView) bankOptions(ctx context.Context, chosen string) []ui.Option {
	options := []ui.Option{{Value: "", Label: words.T(ctx, "All practice banks"), Chosen: chosen == ""}}
	for _, b := range view.Banks {
		options = append(options, ui.Option{Value: b.BIC, Label: b.Name, Chosen: b.BIC == chosen})
	}
	return options
}
