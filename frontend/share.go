package frontend

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/frontend/ui"
)

// linkSteps are the steps of linking a bank, from its choice to the accounts.
var linkSteps = []string{"Bank", "What to share", "At the bank", "Fetching", "Done"}

// Indices into linkSteps.
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
	if form := r.URL.Query(); form.Has("recurring") {
		view.read(form)
	}
	if aimsAt(r, "sentence") {
		return s.fragment(w, r, shareSentence(view))
	}
	return s.page(w, r, Page{Title: "What to share with " + view.bankName(), Section: SectionBanks}, shareScreen(view))
}

// ask sends what the person chose to the bank.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) error {
	view, err := s.shareOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	view.read(r.PostForm)
	id, err := s.app.Ask(r.Context(), view.asked(), s.person(r))
	if errors.As(err, &view.Failure) {
		page := Page{Title: "What to share with " + view.bankName(), Section: SectionBanks}
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, page, shareScreen(view))
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/authorisations/"+id)
	return nil
}

// shareOf is the form for the bank in the address, with the defaults.
func (s *Server) shareOf(r *http.Request) (shareView, error) {
	bank, err := s.app.Bank(r.Context(), r.PathValue("env"), r.PathValue("bic"))
	if err != nil {
		return shareView{}, err
	}
	view := shareView{Bank: bank, Share: s.app.DefaultShare()}
	view.Share.EnvironmentID, view.Share.BIC = bank.EnvironmentID, bank.BIC
	view.Frequency = view.frequencyText()
	if chosen := r.URL.Query().Get("affiliated"); chosen != "" && bank.Details != nil {
		for _, affiliated := range bank.Details.Affiliated {
			if affiliated.ID == chosen {
				view.Share.AffiliatedASPSPID, view.Affiliated = affiliated.ID, affiliated.Name
			}
		}
	}
	return view, nil
}

// read takes over what stands in the form.
func (view *shareView) read(form url.Values) {
	view.Share.Balances, view.Share.Transactions = false, false
	for _, kind := range form["share"] {
		view.Share.Balances = view.Share.Balances || kind == "balances"
		view.Share.Transactions = view.Share.Transactions || kind == "transactions"
	}
	view.Named = form.Get("which") == "named"
	view.IBANs = form.Get("ibans")
	view.Share.IBANs = nil
	if view.Named {
		view.Share.IBANs = app.NormaliseIBANs(view.IBANs)
	}
	view.Share.Recurring = form.Get("recurring") != "no"
	view.Share.ValidUntil = strings.TrimSpace(form.Get("valid_until"))
	view.Share.PSUID, view.Share.Elsewhere = strings.TrimSpace(form.Get("psu_id")), form.Get("approve") == "elsewhere"
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

func (view shareView) bankName() string {
	if view.Affiliated != "" {
		return view.Affiliated
	}
	return view.Bank.Name
}

func (view shareView) mistake(field string) string {
	if view.Failure == nil {
		return ""
	}
	if field == "ibans" && view.Named && len(view.Share.IBANs) == 0 && view.Failure.Fields[field] != "" {
		return "Enter at least one account number."
	}
	return view.Failure.Fields[field]
}

// unfolded shows the details when they hold a mistake or differ from what most
// people want.
func (view shareView) unfolded() bool {
	return view.Named || !view.Share.Recurring || view.Share.PSUID != "" || view.Share.Elsewhere || (view.Failure != nil && len(view.Failure.Fields) > 0)
}

func (view shareView) kinds() []ui.Option {
	return []ui.Option{
		{Value: "balances", Label: "Balances", Hint: "How much there is, now and at the end of a day", Chosen: view.Share.Balances},
		{Value: "transactions", Label: "Transactions", Hint: "What came in and went out, with names and references", Chosen: view.Share.Transactions},
	}
}

func (view shareView) whichAccounts() []ui.Option {
	return []ui.Option{
		{Value: "all", Label: "Those you choose at the bank", Chosen: !view.Named},
		{Value: "named", Label: "Only these accounts", Chosen: view.Named},
	}
}

func (view shareView) howLong() []ui.Option {
	return []ui.Option{
		{Value: "yes", Label: "Until the day below", Hint: "Consentry can update your accounts in between", Chosen: view.Share.Recurring},
		{Value: "no", Label: "Just once", Hint: "One look today, then it is used up", Chosen: !view.Share.Recurring},
	}
}

func (view shareView) whereToApprove() []ui.Option {
	return []ui.Option{
		{Value: "page", Label: "On the bank’s page", Chosen: !view.Share.Elsewhere},
		{Value: "elsewhere", Label: "On another device, if the bank can", Hint: "In the bank’s app on your phone, for example; some banks want your login for that", Chosen: view.Share.Elsewhere},
	}
}

// sentence is what the bank will be asked, in one sentence.
func (view shareView) sentence() string {
	var words strings.Builder
	words.WriteString("Consentry will ask " + view.bankName() + " to show you " + view.what() + " of " + view.accounts())
	if !view.Share.Recurring {
		words.WriteString(", once.")
		return words.String()
	}
	if until := day(view.Share.ValidUntil); !until.IsZero() {
		words.WriteString(" until " + until.Format("2 January 2006"))
	}
	if n := view.Share.FrequencyPerDay; n > 0 {
		words.WriteString(", whenever you are here and up to " + plural(n, "time", "times") + " a day without you")
	}
	return words.String() + "."
}

func (view shareView) what() string {
	switch share := view.Share; {
	case share.Balances && share.Transactions:
		return "the balances and transactions"
	case share.Balances:
		return "the balances"
	case share.Transactions:
		return "the transactions"
	}
	return "the names and numbers, nothing else,"
}

func (view shareView) accounts() string {
	if !view.Named || len(view.Share.IBANs) == 0 {
		return "the accounts you choose there"
	}
	var masked []string
	for _, number := range view.Share.IBANs {
		masked = append(masked, ui.MaskIBAN(number))
	}
	return plural(len(masked), "account", "accounts") + " (" + strings.Join(masked, ", ") + ")"
}
