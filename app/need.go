package app

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"consentry/app/alert"
	"consentry/app/pay"
	"consentry/app/remind"
	"consentry/storage"
	"consentry/xs2a"
)

// NeedKind says what the person has to do.
type NeedKind string

// The kinds. Of those that are due on one day the first comes first, and of several about one thing it stands for all.
const (
	NeedUnknownPayment     NeedKind = "unknown payment"     // nobody knows whether it was made
	NeedPayment            NeedKind = "payment"             // to be sent, approved, or gone on with
	NeedApproval           NeedKind = "approval"            // of a consent, under way, or waiting for another person
	NeedDeletion           NeedKind = "deletion"            // of a consent, which the bank has not confirmed
	NeedRenewal            NeedKind = "renewal"             // of a consent
	NeedExpiredCertificate NeedKind = "expired certificate" // banks refuse everything
	NeedCertificate        NeedKind = "certificate"         // which ends soon
	NeedRead               NeedKind = "read"                // which failed, and is not tried again by itself
	NeedEnded              NeedKind = "ended"               // a consent, without the person wanting it
	NeedUnfinished         NeedKind = "unfinished"          // a fetch
	NeedAlert              NeedKind = "alert"               // that the person has not said they know of
)

// needKinds are the kinds in their order.
var needKinds = []NeedKind{
	NeedUnknownPayment, NeedPayment, NeedApproval, NeedDeletion, NeedRenewal, NeedExpiredCertificate, NeedCertificate, NeedRead, NeedEnded, NeedUnfinished, NeedAlert,
}

// Need is a thing that waits for the person. What it concerns stands in the field of its kind.
type Need struct {
	Kind  NeedKind
	About string // the thing, so that it is there once though several things are to be said of it
	Days  int    // left for it; 0 or fewer: it is due now
	Also  []Need // what else is to be done about the same thing, in the same order

	Consent     ConsentLine       // of approvals, deletions, renewals, reads, fetches and what ended
	Job         storage.Job       // of a fetch
	Payment     storage.Payment   // the newest of Payments
	Payments    int               // how many of one list wait alike
	Certificate EndingCertificate // of certificates
	Alert       storage.Alert     // the newest of Alerts
	Alerts      int               // how many of one rule were told
}

// Has returns the need of a kind among those of a thing; nil where there is none.
func (n *Need) Has(kind NeedKind) *Need {
	if n.Kind == kind {
		return n
	}
	for i := range n.Also {
		if n.Also[i].Kind == kind {
			return &n.Also[i]
		}
	}
	return nil
}

// Needs are all things that wait for the person, the most urgent first.
type Needs struct {
	All          []Need
	MorePayments bool // others that were not looked at
}

// needSource finds needs of some kinds.
type needSource func(a *App, ctx context.Context, index *consentIndex) ([]Need, error)

// needSources are all there are. Another kind of need is another line here and in needKinds, and its words.
var needSources = []needSource{(*App).paymentNeeds, (*App).consentNeeds, (*App).certificateNeeds, (*App).fetchNeeds, (*App).alertNeeds}

// Needs lists what waits for the person: each thing once, whatever speaks of it.
func (a *App) Needs(ctx context.Context) (Needs, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return Needs{}, err
	}
	var found []Need
	for _, source := range needSources {
		some, err := source(a, ctx, index)
		if err != nil {
			return Needs{}, err
		}
		found = append(found, some...)
	}
	needs := Needs{All: onceEach(found)}
	counts, err := a.store.CountPayments(ctx)
	needs.MorePayments = counts[string(pay.NeedsPerson)] > mostPaymentNeeds
	return needs, err
}

// onceEach sorts needs by urgency, and puts those about one thing together.
func onceEach(found []Need) []Need {
	slices.SortStableFunc(found, func(x, y Need) int {
		return cmp.Or(max(x.Days, 0)-max(y.Days, 0), slices.Index(needKinds, x.Kind)-slices.Index(needKinds, y.Kind), x.Days-y.Days)
	})
	var all []Need
	at := map[string]int{}
	for _, need := range found {
		if first, is := at[need.About]; is {
			all[first].Also = append(all[first].Also, need)
			continue
		}
		at[need.About] = len(all)
		all = append(all, need)
	}
	return all
}

// mostPaymentNeeds bounds the payments that are looked at.
const mostPaymentNeeds = 25

// paymentNeeds are the payments that wait for the person; those of a list that wait alike are one.
func (a *App) paymentNeeds(ctx context.Context, _ *consentIndex) ([]Need, error) {
	if counts, err := a.store.CountPayments(ctx); err != nil || counts[string(pay.NeedsPerson)] == 0 {
		return nil, err
	}
	waiting, err := a.store.PaymentsOf(ctx, string(pay.NeedsPerson), storage.PaymentCursor{}, mostPaymentNeeds)
	var needs []Need
	for _, payment := range waiting {
		one := Need{Kind: NeedPayment, About: "payment " + payment.ID, Payment: payment, Payments: 1}
		switch {
		case payment.Fate == storage.FateUnknown:
			one.Kind = NeedUnknownPayment
		case payment.ListID != "" && payment.Fate.AtHome():
			one.About = "list " + payment.ListID
			if at := slices.IndexFunc(needs, func(other Need) bool { return other.About == one.About }); at >= 0 {
				needs[at].Payments++
				continue
			}
		}
		needs = append(needs, one)
	}
	return needs, err
}

// consentNeeds are what waits about consents. A renewal that is asked for is of the same thing as what it renews.
func (a *App) consentNeeds(_ context.Context, index *consentIndex) ([]Need, error) {
	var needs []Need
	updated := a.updated(index)
	for _, one := range index.all {
		now := a.clock.NowAt(one.EnvironmentID)
		line := ConsentLine{Consent: one.Consent, Group: a.groupOf(one), Flow: one.flow}
		need := Need{About: "consent " + one.Series, Consent: line}
		if one.Usable(now) && one.FetchError.Given() && !a.triedAgain(one.Consent) {
			read := need
			read.Kind = NeedRead
			needs = append(needs, read)
		}
		reminder, due := remind.Of(one.Consent, now)
		switch {
		case line.Group == NeedsPerson && one.AwaitsDeletion(now):
			need.Kind = NeedDeletion
		case line.Group == NeedsPerson && (one.flow != nil || one.Status == xs2a.ConsentPartiallyAuthorised):
			need.Kind = NeedApproval
			if due {
				need.Days = min(reminder.Days, 0)
			}
		case line.Group == NeedsPerson && due:
			need.Kind, need.Days = NeedRenewal, reminder.Days
		case line.Group == Ended && endedUnwanted(one, updated, now):
			need.Kind = NeedEnded
		default:
			continue
		}
		needs = append(needs, need)
	}
	return needs, nil
}

// endedDays is for how long a consent that ended by itself is offered to be given again.
const endedDays = 30

// endedUnwanted reports whether a consent ended lately without the person wanting it, and what it gave is not given by
// another; or whether its end is open.
func endedUnwanted(one *indexedConsent, updated map[int64]bool, now time.Time) bool {
	if one.Provisional() || one.Acknowledgement == storage.AckRefused {
		return true
	}
	if !Renewable(one.Consent) || now.Sub(one.EndedOn()) >= endedDays*24*time.Hour {
		return false
	}
	return len(one.accounts) == 0 || slices.ContainsFunc(one.accounts, func(id int64) bool { return !updated[id] })
}

// Renewable reports whether a consent is one the person may want back: it ended, nothing took its place, and it was
// not them who ended it here.
func Renewable(c storage.Consent) bool {
	switch c.End {
	case storage.EndExpired, storage.EndRevoked, storage.EndRefused, storage.EndUnknown:
		return c.ReplacedBy == "" && !NeverApproved(c)
	}
	return false
}

// NeverApproved reports whether a consent's time was over before anybody had approved it.
func NeverApproved(c storage.Consent) bool {
	return c.End == storage.EndExpired && c.GrantedAt.IsZero()
}

// CertificateNotice is how long before its end a certificate is warned of.
const CertificateNotice = 30 * 24 * time.Hour

// EndingCertificate is a certificate in use that ends soon, or did.
type EndingCertificate struct {
	EnvironmentID, Environment string
	ForConnections             bool // else for signatures
	Certificate                *x509.Certificate
	Now                        time.Time
}

// certificateEnds reports whether a certificate is to be warned of.
func (a *App) certificateEnds(certificate *x509.Certificate) bool {
	return certificate.NotAfter.Sub(a.clock.Now()) <= CertificateNotice
}

// certificateNeeds are the certificates that end, of environments that are not for practice.
func (a *App) certificateNeeds(ctx context.Context, _ *consentIndex) ([]Need, error) {
	all, err := a.banks.Certificates(ctx)
	var needs []Need
	for _, e := range all {
		for i, text := range []string{e.Signatures, e.Connections} {
			certificate, err := xs2a.ParseCertificate(text)
			if err != nil || !a.certificateEnds(certificate) {
				continue
			}
			now := a.clock.Now()
			need := Need{Kind: NeedCertificate, Certificate: EndingCertificate{e.EnvironmentID, e.Name, i == 1, certificate, now}}
			need.About = "certificate " + e.EnvironmentID + " " + []string{"signatures", "connections"}[i]
			if left := certificate.NotAfter.Sub(now); left > 0 {
				need.Days = int(left.Hours() / 24)
			} else {
				need.Kind = NeedExpiredCertificate
			}
			needs = append(needs, need)
		}
	}
	return needs, err
}

// stoppedDays is for how long a fetch can wait that the person stopped themself: they know.
const stoppedDays = 30

// fetchNeeds are the fetches that were not brought to an end, of consents that can be read under.
func (a *App) fetchNeeds(ctx context.Context, index *consentIndex) ([]Need, error) {
	jobs, err := a.reader.Unfinished(ctx)
	var needs []Need
	for id, job := range jobs {
		one := index.byID[id]
		if one == nil || !one.Usable(a.clock.NowAt(one.EnvironmentID)) {
			continue
		}
		need := Need{Kind: NeedUnfinished, About: "consent " + one.Series, Job: job, Consent: ConsentLine{Consent: one.Consent, Group: a.groupOf(one), Flow: one.flow}}
		if !job.StoppedAt.IsZero() {
			need.Days = stoppedDays
		}
		needs = append(needs, need)
	}
	slices.SortFunc(needs, func(x, y Need) int { return cmp.Compare(x.About, y.About) })
	return needs, err
}

// alertNeeds are the alerts that the person has not said they know of; those of a rule are one, and of a bank one for each
// consent. What waits for an approval is a need itself.
func (a *App) alertNeeds(ctx context.Context, index *consentIndex) ([]Need, error) {
	open, err := a.alerts.Open(ctx)
	var needs []Need
	for _, alert := range open {
		need := Need{Kind: NeedAlert, About: fmt.Sprint("alert ", alert.Rule.ID), Alert: alert}
		switch alert.Rule.Kind {
		case storage.AlertApproval:
			continue
		case storage.AlertBank:
			one := index.byID[alert.ConsentID]
			if one == nil {
				continue
			}
			need.About = "consent " + one.Series
			need.Consent = ConsentLine{Consent: one.Consent, Group: a.groupOf(one), Flow: one.flow}
		}
		if at := slices.IndexFunc(needs, func(other Need) bool { return other.About == need.About }); at >= 0 {
			needs[at].Alerts += 1 + alert.Others
			continue
		}
		need.Alerts = 1 + alert.Others
		needs = append(needs, need)
	}
	return needs, err
}

// waiting lists what waits for the person's approval at banks, or has to be renewed.
func (a *App) waiting(ctx context.Context) ([]alert.Waiting, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	payments, err := a.paymentNeeds(ctx, index)
	if err != nil {
		return nil, err
	}
	consents, err := a.consentNeeds(ctx, index)
	var all []alert.Waiting
	for _, need := range append(payments, consents...) {
		one := alert.Waiting{About: string(need.Kind) + " of " + need.About, ConsentID: need.Consent.ID, PaymentID: need.Payment.ID}
		switch need.Kind {
		case NeedPayment:
			if need.Payment.Fate.AtHome() {
				continue // it waits to be sent
			}
		case NeedRenewal:
			one.Renewal = true
		case NeedApproval, NeedDeletion:
		default:
			continue
		}
		all = append(all, one)
	}
	return all, err
}
