package app

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/stage"
	"consentry/storage"
	"consentry/xs2a"
)

// personAccount is an account that a person has at a practice bank.
type personAccount struct {
	Number               int // from 0 on
	IBAN, BBAN, Currency string
}

// accountsOf lists what a person has at a practice bank.
func (a *App) accountsOf(ctx context.Context, bic, login string) (all []personAccount, err error) {
	return all, a.atControl(ctx, http.MethodGet, "/accounts?"+url.Values{"bank": {bic}, "psu": {login}}.Encode(), nil, &all)
}

// pay writes a payment, and does with it what the act says.
func (t actor) pay(ctx context.Context, act stage.Act) error {
	form, err := t.form(ctx, act)
	if err != nil {
		return err
	}
	id, err := t.app.payments.Compose(ctx, form)
	if err != nil || act.Verb == stage.Draft {
		return err
	}
	_, shown, err := t.app.payments.Show(ctx, id)
	if err != nil {
		return err
	}
	authorisation, err := t.app.payments.Send(ctx, id, shown, t.person)
	if t.refused(ctx, id) { // which may be what a scene is for
		return nil
	}
	if err != nil || act.Verb == stage.Send {
		return err
	}
	return t.authorises(ctx, id, authorisation, act)
}

// authorises takes a payment's approval to its end, or says no to it.
func (t actor) authorises(ctx context.Context, id, authorisation string, act stage.Act) error {
	give := func(ctx context.Context, flow Flow, login string) error {
		if act.Verb == stage.Decline {
			return t.decline(ctx, flow)
		}
		if t.onPage(flow) {
			return t.visits(ctx, flow, login)
		}
		return t.app.atControl(ctx, http.MethodPost, "/payments/"+url.PathEscape(flow.Payment.BankID)+"/authorise", map[string]string{"psu": login}, nil)
	}
	flow, err := t.walk(ctx, authorisation, act.Person, give)
	switch {
	case err != nil:
		return err
	case act.Verb == stage.Decline && flow.Outcome != storage.Succeeded, flow.Outcome == storage.Succeeded, t.refused(ctx, id):
		return nil
	}
	return (&Error{Reason: storage.Reason{Code: failure.StageNotPaid, Bank: flow.BankName}}).By(errors.New("the approval ended at " + string(flow.Step) + " " + string(flow.Outcome)))
}

// refused reports whether the bank does not carry a payment out.
func (t actor) refused(ctx context.Context, id string) bool {
	one, err := t.app.store.Payment(ctx, id)
	return err == nil && (one.Fate == storage.FateRefused || one.Status.Refused())
}

// decline says no, as the customer, to the payment that a flow is about.
func (t actor) decline(ctx context.Context, flow Flow) error {
	var state practiceState
	if err := t.app.atControl(ctx, http.MethodGet, "/state", nil, &state); err != nil {
		return err
	}
	for _, waiting := range state.Authorisations {
		if waiting.Of == flow.Payment.BankID && waiting.Waits {
			return t.app.atControl(ctx, http.MethodPost, "/authorisations/"+url.PathEscape(waiting.ID)+"/deny", nil, nil)
		}
	}
	return nil // the bank has yet to ask
}

// form is what a payment's act would be typed as.
func (t actor) form(ctx context.Context, act stage.Act) (pay.Form, error) {
	at := t.cast[act.Bank]
	theirs, err := t.app.accountsOf(ctx, at.BIC, act.Person)
	if err != nil {
		return pay.Form{}, err
	}
	i := slices.IndexFunc(theirs, func(one personAccount) bool { return one.Number == act.Account-1 })
	if i < 0 {
		return pay.Form{}, failure.New(failure.StageNoAccount)
	}
	f := payForm(act)
	f.EnvironmentID, f.BIC, f.From, f.FromCurrency = at.EnvironmentID, at.BIC, cmp.Or(theirs[i].IBAN, theirs[i].BBAN), act.Currency
	f.PSUID = act.Person // some banks want it beforehand
	if day := t.app.clock.NowAt(at.EnvironmentID).AddDate(0, 0, act.Days).Format("2006-01-02"); f.Service == xs2a.PeriodicPayment {
		f.Start = day
	} else if act.Days > 0 {
		f.On = day
	}
	if f.Product != "" {
		return f, nil
	}
	offer, err := t.app.payments.Offer(ctx, at.EnvironmentID, at.BIC)
	for _, product := range offer.Products {
		if product.To != pay.ByGiro && (product.Currency == "" || product.Currency == act.Currency) {
			f.Product = product.Name
			return f, err
		}
	}
	return f, errors.Join(err, failure.New(failure.StageNoProduct))
}

// payForm is what of a payment's form an act says.
func payForm(act stage.Act) pay.Form {
	f := pay.Form{Service: xs2a.SinglePayment, Product: act.Product, Amount: act.Amount, Currency: act.Currency, Creditor: act.Other, To: act.To, Text: act.Text}
	if act.Every != "" {
		f.Service, f.Frequency = xs2a.PeriodicPayment, act.Every
	}
	return f
}

// asks asks the banks what became of the payments they have, once.
func (t actor) asks(ctx context.Context) error {
	all, err := t.app.store.PaymentsInForce(ctx)
	for _, one := range all {
		if one.EnvironmentID == bank.SandboxID {
			err = errors.Join(err, t.app.payments.Ask(ctx, one.ID, t.person))
		}
	}
	return err
}
