package frontend

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/pay"
	"consentry/frontend/words"
	"consentry/storage"
)

// payments shows the board of payments, in the order of what the person has to do; or what
// follows in one of its groups.
func (s *Server) payments(w http.ResponseWriter, r *http.Request) error {
	ctx, page := r.Context(), Page{Title: words.T(r.Context(), "Payments"), Section: SectionPayments}
	if group := r.URL.Query().Get("group"); group != "" {
		after, err := paymentCursorOf(r.URL.Query().Get("after"))
		if _, known := groupTitles[pay.Group(group)]; err != nil || !known {
			return storage.ErrNotFound
		}
		part, err := s.app.Payments().Part(ctx, pay.Group(group), after)
		switch {
		case err != nil:
			return err
		case wantsFragment(r):
			return s.fragment(w, r, paymentPart(part))
		}
		return s.page(w, r, page, paymentsScreen(paymentsView{Parts: []pay.Part{part}, Partial: true}))
	}
	board, err := s.app.Payments().Board(ctx)
	if err != nil {
		return err
	}
	return s.page(w, r, page, paymentsScreen(paymentsView{Parts: board}))
}

// olderPayments leads to what follows in a group.
func olderPayments(part pay.Part) string {
	return "/payments?" + url.Values{"group": {string(part.Group)}, "after": {strconv.FormatInt(part.Older.CreatedAt.UnixMilli(), 10) + "." + part.Older.ID}}.Encode()
}

// paymentCursorOf reads a place in a list of payments from an address.
func paymentCursorOf(text string) (storage.PaymentCursor, error) {
	number, id, _ := strings.Cut(text, ".")
	milli, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id == "" {
		return storage.PaymentCursor{}, storage.ErrNotFound
	}
	return storage.PaymentCursor{CreatedAt: time.UnixMilli(milli), ID: id}, nil
}

// choosePayer asks what is paid from: an account that is known here, or a bank.
func (s *Server) choosePayer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	accounts, err := s.app.Holdings().Accounts(ctx)
	if err != nil {
		return err
	}
	view := payerView{}
	if view.Templates, err = s.app.Payments().Templates(ctx); err != nil {
		return err
	}
	for _, account := range accounts {
		if account.IBAN == "" && account.BBAN == "" {
			continue // a card pays by itself
		}
		pays, err := s.app.Payments().Pays(ctx, account.EnvironmentID, account.BIC)
		switch {
		case err != nil && !app.NotFound(err):
			return err
		case pays:
			view.Accounts = append(view.Accounts, account)
		}
	}
	return s.page(w, r, Page{Title: words.T(ctx, "Pay"), Section: SectionPayments}, payerScreen(view))
}

// paymentsView is payments by what is to be done about them.
type paymentsView struct {
	Parts   []pay.Part
	Partial bool // what follows in one group, and not the board
}

// groupTitles name the groups of payments.
var groupTitles = map[pay.Group]words.Text{
	pay.NeedsPerson: "Needs you", pay.UnderWay: "Under way", pay.Done: "Carried out", pay.NotDone: "Not carried out", pay.NotKnown: "Left unknown",
}

// payerView is what can be paid from.
type payerView struct {
	Accounts  []storage.Account
	Templates []storage.PaymentTemplate
}
