package frontend

import (
	"context"

	"consentry/app"
	"consentry/app/pay"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// How many needs stand open, and how many more are folded below them.
const (
	needsOpen   = 6
	needsFolded = 40
)

// needLine is a thing that waits for the person, in words.
type needLine struct {
	app.Need
	Line consentLine // of what concerns a consent
	Told alertLine   // of an alert
}

// needsView is what waits for the person.
type needsView struct {
	Lines        []needLine
	MorePayments bool
}

// needs puts what waits for the person into words.
func (s *Server) needs(ctx context.Context) (needsView, error) {
	found, err := s.app.Needs(ctx)
	view := needsView{MorePayments: found.MorePayments}
	for _, need := range found.All {
		one := needLine{Need: need}
		if need.Consent.ID != "" {
			one.Line = s.listed(need.Consent)
		}
		if need.Kind == app.NeedAlert {
			told, err := s.alertLines(ctx, []storage.Alert{need.Alert})
			if err != nil {
				return view, err
			}
			if len(told) == 0 {
				continue
			}
			one.Told = told[0]
		}
		view.Lines = append(view.Lines, one)
	}
	return view, err
}

// open are the lines that are seen at once; one more than there is room for is not folded by itself.
func (view needsView) open() []needLine {
	if len(view.Lines) <= needsOpen+1 {
		return view.Lines
	}
	return view.Lines[:needsOpen]
}

// folded are those below them.
func (view needsView) folded() []needLine {
	rest := view.Lines[len(view.open()):]
	return rest[:min(len(rest), needsFolded)]
}

// title names the thing.
func (n *needLine) title(ctx context.Context) string {
	switch n.Kind {
	case app.NeedPayment, app.NeedUnknownPayment:
		if n.Payments > 1 {
			return words.N(ctx, n.Payments, "%d payment of one list", "%d payments of one list")
		}
		return payeeOf(ctx, n.Payment)
	case app.NeedCertificate, app.NeedExpiredCertificate:
		return n.Certificate.Environment
	case app.NeedAlert:
		return n.Told.title(ctx)
	}
	return n.Line.BankName
}

// picture is of the bank it is at.
func (n *needLine) picture() ui.Logo {
	switch n.Kind {
	case app.NeedPayment, app.NeedUnknownPayment:
		return logoOf(n.Payment.EnvironmentID, n.Payment.BIC, n.Payment.BankName, ui.LogoMedium)
	case app.NeedCertificate, app.NeedExpiredCertificate:
		return ui.Logo{Name: n.Certificate.Environment, Size: ui.LogoMedium}
	case app.NeedAlert:
		return n.Told.picture(ui.LogoMedium)
	}
	return n.Line.logo(ui.LogoMedium)
}

// href leads to all about it.
func (n *needLine) href() string {
	switch n.Kind {
	case app.NeedPayment, app.NeedUnknownPayment:
		if n.Payments > 1 {
			return paymentListPath(n.Payment.ListID)
		}
		return paymentPath(n.Payment.ID)
	case app.NeedCertificate, app.NeedExpiredCertificate:
		return keysPath(n.Certificate.EnvironmentID)
	case app.NeedAlert:
		return n.Told.href()
	}
	return consentPath(n.Line.ID)
}

// lines say what is to be done about it, the most urgent first.
func (n *needLine) lines(ctx context.Context) []string {
	all := []string{n.text(ctx)}
	for _, other := range n.Also {
		one := needLine{Need: other, Told: alertLine{Alert: other.Alert}, Line: consentLine{Consent: other.Consent.Consent, Flow: other.Consent.Flow, Group: other.Consent.Group, Now: n.Line.Now}}
		if other.Consent.ID != "" {
			one.Line.State = stateAt(other.Consent.Consent, other.Consent.Flow != nil, n.Line.Now)
		}
		all = append(all, one.text(ctx))
	}
	return all
}

// text says what is to be done.
func (n *needLine) text(ctx context.Context) string {
	switch n.Kind {
	case app.NeedUnknownPayment:
		return words.T(ctx, "%s: nobody knows whether the bank has this payment. Do not pay again before you have looked.", n.Payment.BankName)
	case app.NeedPayment:
		return words.T(ctx, "%s: %s", paymentLine(ctx, n.Payment), words.T(ctx, waitingPayment(n.Payment)))
	case app.NeedCertificate, app.NeedExpiredCertificate:
		view := n.certificate()
		_, word := view.state(ctx, n.Certificate.Now)
		return sentences(words.T(ctx, "%s: %s", word, certificateNamed[certificatePurposeOf(n.Certificate)]), words.T(ctx, "Banks refuse requests once it has expired."))
	case app.NeedRead:
		return words.T(ctx, "Not read %s: %s", ui.MomentText(ctx, n.Line.TriedAt), reasonWords(ctx, n.Line.FetchError))
	case app.NeedUnfinished:
		return unfinished{Job: n.Job, Bank: n.Line.BankName}.line(ctx)
	case app.NeedEnded:
		return n.Line.endWords(ctx)
	case app.NeedAlert:
		return n.alert(ctx)
	}
	return n.Line.need(ctx)
}

// alert says what an alert told, when, and that there are more of its rule.
func (n *needLine) alert(ctx context.Context) string {
	all := []string{words.T(ctx, "%s: %s", ui.MomentText(ctx, n.Told.At), n.Told.text(ctx))}
	if more := n.Alerts - 1 - n.Told.Others; more > 0 {
		all = append(all, words.N(ctx, more, "%d more of this alert before.", "%d more of this alert before."))
	}
	return sentences(all...)
}

func (n *needLine) certificate() certificateView { return *viewCertificate(n.Certificate.Certificate) }

func certificatePurposeOf(c app.EndingCertificate) certificatePurpose {
	if c.ForConnections {
		return forConnections
	}
	return forSignatures
}

// waitingPayment says what a payment waits for.
func waitingPayment(p storage.Payment) words.Text {
	switch {
	case p.Fate.AtHome():
		return "not sent yet"
	case p.Cancellation == storage.CancelPending:
		return "its cancellation waits for you"
	case obscure(p):
		return "its status is not known"
	}
	return "waits for your approval"
}

// sums are what the payments come to; none of several.
func (n *needLine) sums() []xs2a.Amount {
	if n.Payments != 1 {
		return nil
	}
	return pay.Sums(n.Payment.Order.Transfers)
}

// need says in a few words what the person has to do.
func (line *consentLine) need(ctx context.Context) string {
	if line.Flow != nil {
		return words.T(ctx, "Begun %s, waiting for you", ui.MomentText(ctx, line.Flow.CreatedAt))
	}
	if line.Status == xs2a.ConsentPartiallyAuthorised {
		return words.T(ctx, "Waits for another person")
	}
	if line.State.Unconfirmed && line.Deletion.Approve() {
		return words.T(ctx, "Ended here on %s; the bank wants you to approve the deletion", ui.DateWords(ctx, line.EndedOn()))
	}
	if line.State.Unconfirmed {
		return words.T(ctx, "Ended here on %s; the bank has not confirmed it", ui.DateWords(ctx, line.EndedOn()))
	}
	return endsWords(ctx, line.Consent, line.State, line.Now)
}
