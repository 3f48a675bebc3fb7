package app

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app/bank"
	"consentry/app/pay"
	"consentry/app/stage"
	"consentry/storage"
)

// What a person did beside giving consents, as a scene that is written holds it.

// practiceEntry is what stands on the books of a practice bank.
type practiceEntry struct {
	Date, Amount, Name, Text, Status string
	Made                             bool // by the control
}

// booksOf is what stands on an account at a practice bank, the newest first.
func (a *App) booksOf(ctx context.Context, bic, login string, account int) ([]practiceEntry, error) {
	var books struct{ Entries []practiceEntry }
	address := url.Values{"bank": {bic}, "psu": {login}, "account": {strconv.Itoa(account)}}
	return books.Entries, a.atControl(ctx, http.MethodGet, "/books?"+address.Encode(), nil, &books)
}

// payments has the payments that an act can make.
func (n *sceneWriter) payments(ctx context.Context) error {
	all, err := n.app.store.Payments(ctx)
	if err != nil {
		return err
	}
	for _, p := range slices.Backward(all) {
		if p.EnvironmentID != bank.SandboxID {
			continue
		}
		act, can, err := n.payment(ctx, p)
		if err != nil {
			return err
		}
		if can && n.add(p.CreatedAt, act) {
			n.paid = append(n.paid, p)
			n.left.Payments--
		}
	}
	return nil
}

// payment is the act by which a payment was made, if there is one.
func (n *sceneWriter) payment(ctx context.Context, p storage.Payment) (act stage.Act, can bool, err error) {
	o := p.Order
	if p.ListID != "" || len(o.Transfers) != 1 || p.Cancellation != storage.CancelNone || p.Doubted || o.Standing != nil && o.Standing.End != "" {
		return act, false, nil
	}
	if act.Verb, err = n.payVerb(ctx, p); act.Verb == "" || err != nil {
		return act, false, err
	}
	form := pay.FormOf(p)
	act.Amount, act.Currency, act.To, act.Other, act.Text, act.Product, act.Bank = form.Amount, form.Currency, form.To, form.Creditor, form.Text, form.Product, strings.TrimSpace(p.BankName)
	starts := o.On
	if o.Standing != nil {
		act.Every, starts = string(o.Standing.Frequency), o.Standing.Start
	}
	if starts != "" {
		from, err := time.ParseInLocation(time.DateOnly, starts, p.CreatedAt.Location())
		if err != nil {
			return act, false, nil
		}
		y, m, d := p.CreatedAt.Date()
		act.Days = daysBetween(time.Date(y, m, d, 12, 0, 0, 0, from.Location()), from.Add(12*time.Hour))
	}
	if act.Person, act.Account, err = n.payer(ctx, p, form.From); act.Person == "" || err != nil {
		return act, false, err
	}
	typed := payForm(act)
	typed.EnvironmentID, typed.BIC, typed.From, typed.FromCurrency = form.EnvironmentID, form.BIC, form.From, form.FromCurrency
	form.On, form.Start = "", ""
	return act, typed == form, nil
}

// payVerb is what was done with a payment; empty where no act does that.
func (n *sceneWriter) payVerb(ctx context.Context, p storage.Payment) (stage.Verb, error) {
	switch {
	case p.Fate.AtHome():
		return stage.Draft, nil
	case p.Fate == storage.FateRefused:
		return stage.Pay, nil
	case p.Fate != storage.FateTaken:
		return "", nil
	case !p.Status.Refused() && !p.Checked() && !p.Status.Final():
		return stage.Send, nil
	}
	attempts, err := n.app.store.Authorisations(ctx, storage.PaymentSubject(p.ID))
	if p.Status.Refused() && !slices.ContainsFunc(attempts, func(one storage.Authorisation) bool { return one.Outcome == storage.Succeeded }) {
		return stage.Decline, err // nobody approved it
	}
	return stage.Pay, err
}

// payer finds whose account a payment is from, and which it is of theirs, from 1 on.
func (n *sceneWriter) payer(ctx context.Context, p storage.Payment, from string) (login string, account int, err error) {
	known := []string{n.linked[p.BIC]}
	for _, paid := range n.state.Payments {
		known = append(known, paid.PSU)
	}
	for _, c := range n.state.Consents {
		known = append(known, c.PSU)
	}
	known = append(known, otherSigners...)
	for i, one := range known {
		if one == "" || slices.Contains(known[:i], one) {
			continue
		}
		theirs, err := n.app.accountsOf(ctx, p.BIC, one)
		if err != nil {
			return "", 0, err
		}
		if at := slices.IndexFunc(theirs, func(a personAccount) bool { return cmp.Or(a.IBAN, a.BBAN) == from }); at >= 0 {
			return one, theirs[at].Number + 1, nil
		}
	}
	return "", 0, nil
}

// notes has the notes and tags on transactions that are there again when the scene is set.
func (n *sceneWriter) notes(ctx context.Context) error {
	noted, err := n.app.store.NotedTransactions(ctx, bank.SandboxID, mostNotes)
	for _, t := range noted {
		line, ok := noteLine(t.Note)
		act := stage.Act{Verb: stage.Note, Bank: strings.TrimSpace(t.BankName), Amount: t.Amount.Number, Other: strings.TrimSpace(t.Named()), Text: line}
		if !ok || n.linked[t.BIC] == "" || n.comesOf(t) {
			continue
		}
		there := false
		if err := n.app.entriesLike(ctx, t.BIC, act.Amount, func(one storage.Transaction) bool {
			if there = one.ID == t.ID; !there && isLike(one, act) {
				act.Earlier++
			}
			return !there
		}); err != nil {
			return err
		}
		if there && act.Stands() {
			n.scene.Acts = append(n.scene.Acts, act)
			n.left.Notes--
		}
	}
	return err
}

// mostNotes is how many notes a scene holds.
const mostNotes = 50

// comesOf reports whether a transaction is of a payment: it comes again only some time after that.
func (n *sceneWriter) comesOf(t storage.Transaction) bool {
	return slices.ContainsFunc(n.paid, func(p storage.Payment) bool {
		to := p.Order.Transfers[0]
		return strings.TrimPrefix(t.Amount.Number, "-") == to.Amount.Number && strings.Contains(t.Named(), to.Creditor)
	})
}

// names has the names of one's own.
func (n *sceneWriter) names(ctx context.Context) error {
	all, err := n.app.store.OwnNames(ctx)
	if err != nil {
		return err
	}
	accounts, err := n.app.store.PlainAccounts(ctx)
	for _, one := range all {
		at := slices.IndexFunc(accounts, func(a storage.Account) bool { return a.ID == one.AccountID })
		if at < 0 || accounts[at].EnvironmentID != bank.SandboxID || n.linked[accounts[at].BIC] == "" {
			continue
		}
		act := stage.Act{Verb: stage.Name, Bank: strings.TrimSpace(accounts[at].BankName), To: one.Number, Other: one.Begins, Text: one.Name}
		if act.Stands() {
			n.scene.Acts = append(n.scene.Acts, act)
			n.left.Names--
		}
	}
	return err
}
