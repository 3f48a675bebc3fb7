package frontend

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// linkSteps names the steps of linking a bank, from its choice to the accounts.
func linkSteps(ctx context.Context) []string {
	return []string{words.T(ctx, "Bank"), words.T(ctx, "What to share"), words.T(ctx, "At the bank"), words.T(ctx, "Fetching"), words.T(ctx, "Done")}
}

// Indices into the linkSteps.
const (
	stepShare = 1
	stepBank  = 2
	stepFetch = 3
)

// share shows the form with what most people want, or, while the person
// changes it, the sentence that goes with what stands there.
func (s *Server) share(w http.ResponseWriter, r *http.Request) error {
	view, err := s.shareOf(r)
	if err != nil {
		return err
	}
	return s.showShare(w, r, view)
}

// ask sends what the person chose to the bank.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) error {
	view, err := s.shareOf(r)
	if err != nil {
		return err
	}
	return s.askFor(w, r, view)
}

// showShare shows a form, or the part of it that follows what stands there.
func (s *Server) showShare(w http.ResponseWriter, r *http.Request, view shareView) error {
	if form := r.URL.Query(); form.Has("recurring") {
		view.read(r.Context(), form)
	}
	if err := s.addAround(r, &view); err != nil {
		return err
	}
	view.Share.FormID = app.NewFormID()
	if aimsAt(r, "sentence") {
		return s.fragment(w, r, shareSentence(view))
	}
	return s.page(w, r, view.page(r.Context()), shareScreen(view))
}

// askFor asks the bank for what stands in the form that was sent.
func (s *Server) askFor(w http.ResponseWriter, r *http.Request, view shareView) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view.read(r.Context(), r.PostForm)
	id, err := s.app.Ask(r.Context(), view.asked(), s.person(r))
	var underWay *app.UnderWayError
	switch {
	case err == nil:
		redirect(w, r, "/authorisations/"+id)
		return nil
	case errors.As(err, &underWay):
		return s.showAgain(w, r, http.StatusConflict, view)
	case errors.As(err, &view.Failure):
		return s.showAgain(w, r, http.StatusUnprocessableEntity, view)
	}
	return err
}

// showAgain shows a form that was sent and led to nothing yet.
func (s *Server) showAgain(w http.ResponseWriter, r *http.Request, status int, view shareView) error {
	if err := s.addAround(r, &view); err != nil {
		return err
	}
	return s.pageStatus(w, r, status, view.page(r.Context()), shareScreen(view))
}

// begun offers what is under way of the same kind.
func (view shareView) begun(ctx context.Context) ui.Notice {
	return ui.Notice{
		ID: "begun", Tone: ui.Info, Title: words.T(ctx, "You have begun this already, and not finished it."),
		Lost: words.T(ctx, "Nothing is asked for a second time."),
		Next: words.T(ctx, "Continue with it, or start anew with what stands below. Then the one you began is cancelled, at %s too.", view.bankName()),
	}
}

// send is what sends the form.
func (view shareView) send(ctx context.Context) ui.Action {
	if view.Begun != nil {
		return ui.Action{Label: words.T(ctx, "Start anew")}
	}
	if view.renewedAlready() {
		return ui.Action{Label: words.T(ctx, "Continue to the bank")}
	}
	return ui.Action{
		Label: words.T(ctx, "Continue to the bank"), Weight: ui.Primary, Next: view.Failure == nil && !view.Bank.Login,
		Attrs: templ.Attributes{"aria-describedby": "sentence"}, // who comes to it first hears what it sends
	}
}

// addAround adds what is under way already of what stands in the form, and what
// will end once the bank grants it.
func (s *Server) addAround(r *http.Request, view *shareView) (err error) {
	if view.Begun, err = s.app.UnderWay(r.Context(), view.Share); err != nil {
		return err
	}
	view.Endings, err = s.app.WillEnd(r.Context(), view.Share)
	return err
}

// shareOf is the form for the bank in the address, with the defaults.
func (s *Server) shareOf(r *http.Request) (shareView, error) {
	view, err := s.shareAt(r, r.PathValue("env"), r.PathValue("bic"))
	if err != nil {
		return view, err
	}
	bank := view.Bank
	view.Share = s.app.DefaultShare(bank.EnvironmentID)
	view.Share.EnvironmentID, view.Share.BIC = bank.EnvironmentID, bank.BIC
	view.Frequency = view.frequencyText()
	if chosen := r.URL.Query().Get("affiliated"); view.affiliatedName(chosen) != "" {
		view.Share.AffiliatedASPSPID, view.Affiliated = chosen, view.affiliatedName(chosen)
	}
	return view, nil
}

// shareAt is an empty form for a bank, with the accounts there that are known.
func (s *Server) shareAt(r *http.Request, environmentID, bic string) (shareView, error) {
	bank, err := s.app.Banks().Bank(r.Context(), environmentID, bic)
	if err != nil {
		return shareView{}, err
	}
	accounts, err := s.app.Holdings().Accounts(r.Context())
	if err != nil {
		return shareView{}, err
	}
	view := shareView{Bank: bank}
	for _, account := range accounts {
		if account.EnvironmentID == environmentID && account.BIC == bic && account.IBAN != "" {
			view.Known = append(view.Known, account)
		}
	}
	return view, nil
}

// read takes over what stands in the form.
func (view *shareView) read(ctx context.Context, form url.Values) {
	view.Share.FormID, view.Share.Anew = form.Get("form"), form.Get("anew")
	view.Share.Balances, view.Share.Transactions = false, false
	for _, kind := range form["share"] {
		view.Share.Balances = view.Share.Balances || kind == "balances"
		view.Share.Transactions = view.Share.Transactions || kind == "transactions"
	}
	view.Named = form.Get("which") == "named"
	view.IBANs = form.Get("ibans")
	view.Share.IBANs, view.Chosen = nil, nil
	for _, account := range view.Known {
		if slices.Contains(form["account"], accountValue(account)) {
			view.Chosen = append(view.Chosen, account.IBAN)
		}
	}
	if view.Named {
		view.Share.IBANs = slices.Concat(view.Chosen, app.NormaliseIBANs(view.IBANs))
		slices.Sort(view.Share.IBANs)
		view.Share.IBANs = slices.Compact(view.Share.IBANs) // accounts in several currencies share a number
	}
	if form.Has("purpose") {
		if view.Share.Purpose = strings.TrimSpace(form.Get("purpose")); view.Share.Purpose == words.T(ctx, usualPurpose) {
			view.Share.Purpose = ""
		}
	}
	view.Share.Recurring = form.Get("recurring") != "no"
	view.Share.ValidUntil = strings.TrimSpace(form.Get("valid_until"))
	view.Share.PSUID, view.Share.Decoupled = strings.TrimSpace(form.Get("psu_id")), form.Get("approve") == "elsewhere"
	view.Frequency = strings.TrimSpace(form.Get("frequency"))
	view.Share.FrequencyPerDay, _ = strconv.Atoi(view.Frequency) // what is no number is 0, which is refused at the field
}

// asked is what goes to the bank. "Only these" without any number would mean
// all, so it is sent as a number that is none and comes back to its field.
func (view shareView) asked() app.Share {
	share := view.Share
	if view.Named && len(share.IBANs) == 0 {
		share.IBANs = []string{""}
	}
	return share
}

// accountValue stands for a known account in the form, so that no page holds
// its whole number.
func accountValue(account storage.Account) string { return strconv.FormatInt(account.ID, 10) }

// knownAccounts are those of the bank that can be asked for by number.
func (view shareView) knownAccounts(ctx context.Context) []ui.Option {
	options := make([]ui.Option, len(view.Known))
	for i, account := range view.Known {
		options[i] = ui.Option{
			Value: accountValue(account), Label: accountName(ctx, account), Hint: ui.MaskIBAN(ctx, account.IBAN) + " · " + account.Currency,
			Chosen: slices.Contains(view.Chosen, account.IBAN),
		}
	}
	return options
}

// numbersLabel: those that are known are chosen by their name.
func (view shareView) numbersLabel() words.Text {
	if len(view.Known) > 0 {
		return "Other account numbers (IBAN)"
	}
	return "Account numbers (IBAN)"
}

// login asks how the bank knows the person.
func (view shareView) login(ctx context.Context) ui.Field {
	field := loginField(ctx, view.Share.PSUID, view.mistake(ctx, "psu_id"))
	field.Next = view.Bank.Login && view.Failure == nil
	return field
}

func (view shareView) bankName() string {
	if view.Affiliated != "" {
		return view.Affiliated
	}
	return view.Bank.Name
}

func (view shareView) mistake(ctx context.Context, field string) string {
	if field == "ibans" && view.Named && len(view.Share.IBANs) == 0 && wrongField(view.Failure, field) {
		return words.T(ctx, "Choose or enter at least one account.")
	}
	return fieldWords(ctx, view.Failure, field)
}

// unfolded shows the details when they hold a mistake or differ from what most
// people want.
func (view shareView) unfolded() bool {
	return view.Named || !view.Share.Recurring || view.Share.PSUID != "" && !view.Bank.Login || view.Share.Decoupled || view.wrongBelow()
}

// wrongBelow reports whether there is a mistake in the details.
func (view shareView) wrongBelow() bool {
	if view.Failure == nil {
		return false
	}
	above := len(view.Failure.Fields)
	if _, wrong := view.Failure.Fields["psu_id"]; wrong && view.Bank.Login {
		above--
	}
	return above > 0
}

func (view shareView) kinds(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "balances", Label: words.T(ctx, "Balances"), Hint: words.T(ctx, "How much there is, now and at the end of a day"), Chosen: view.Share.Balances},
		{Value: "transactions", Label: words.T(ctx, "Transactions"), Hint: words.T(ctx, "What came in and went out, with names and references"), Chosen: view.Share.Transactions},
	}
}

func (view shareView) whichAccounts(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "all", Label: words.T(ctx, "Those you choose when you approve"), Hint: words.T(ctx, "Not every bank lets you choose; without a choice it is all of them"), Chosen: !view.Named},
		{Value: "named", Label: words.T(ctx, "Only these accounts"), Chosen: view.Named},
	}
}

func (view shareView) howLong(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "yes", Label: words.T(ctx, "Until the day below"), Hint: words.T(ctx, "Consentry can update your accounts in between"), Chosen: view.Share.Recurring},
		{Value: "no", Label: words.T(ctx, "Just once"), Hint: words.T(ctx, "One-off access, used up today"), Chosen: !view.Share.Recurring},
	}
}

// approveOptions are where the person would rather approve.
func approveOptions(ctx context.Context, decoupled bool) []ui.Option {
	return []ui.Option{
		{Value: "page", Label: words.T(ctx, "On the bank’s page"), Chosen: !decoupled},
		{Value: "elsewhere", Label: words.T(ctx, "On another device, if the bank can"), Hint: words.T(ctx, "In the bank’s app on your phone, for example; some banks want your login for that"), Chosen: decoupled},
	}
}

// path is where the form is sent.
func (view shareView) path() string {
	if view.Renewed != nil {
		return renewPath(view.Renewed.ID)
	}
	return sharePath(view.Bank.EnvironmentID, view.Bank.BIC, view.Share.AffiliatedASPSPID)
}

// back is where the person came from.
func (view shareView) back(ctx context.Context) ui.Link {
	if view.Renewed != nil {
		return ui.Link{Label: words.T(ctx, "The consent"), Href: consentPath(view.Renewed.ID)}
	}
	return ui.Link{Label: view.Bank.Name, Href: bankPath(view.Bank.EnvironmentID, view.Bank.BIC)}
}

func (view shareView) page(ctx context.Context) Page {
	page := Page{Title: words.T(ctx, "%s: %s", view.title(), view.bankName()), Section: SectionBanks}
	if view.Renewed != nil {
		page.Section = SectionConsents
	}
	return page
}

func (view shareView) title() words.Text {
	switch {
	case view.Renewed == nil:
		return "What to share"
	case view.Renewed.State.Live:
		return "Renew or change"
	}
	return "Ask again"
}
