package draft

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// What a request sent by hand makes at a bank is there alone: nothing is made of the
// answer. So that it does not get lost, it is listed until it is over.

// said is what answers say of consents and payments (BG 1.3.12 sections 6.3 and 5.3).
type said struct {
	ConsentID         string                 `json:"consentId"`
	ConsentStatus     xs2a.ConsentStatus     `json:"consentStatus"`
	PaymentID         string                 `json:"paymentId"`
	TransactionStatus xs2a.TransactionStatus `json:"transactionStatus"`
	PerDay            int                    `json:"frequencyPerDay"` // of the request
}

// usualPerDay is how often banks let a consent be read without the person where it does not
// say: Commission Delegated Regulation (EU) 2018/389 article 36(5)(b).
const usualPerDay = 4

// longestNamed bounds, in bytes, what a bank may call something, and how that stands: answers are
// kept to far more, and what was made stands in lists.
const longestNamed = 512

// listed is what a bank calls something, as lists show it.
func listed(id string) string {
	if len(id) <= longestNamed {
		return id
	}
	return strings.ToValidUTF8(id[:longestNamed], "") + "…"
}

// named reports whether something can be asked about by what a bank calls it: whole, and no step
// within an address as dots alone are (RFC 3986 section 3.3), which lead to something else.
func named(id string) bool { return id != "." && id != ".." && !strings.HasSuffix(id, "…") }

// learn notes what an exchange made at the bank, and what the bank says of what was made
// before.
func (d *Drafts) learn(ctx context.Context, from From, id int64) error {
	e, err := d.record.Exchange(ctx, id)
	if err != nil || e.Status < http.StatusOK || e.Status >= http.StatusMultipleChoices {
		return err
	}
	answer := said{}
	_ = json.Unmarshal([]byte(e.Answer.Body), &answer) // what cannot be read says nothing
	answer.ConsentID, answer.PaymentID = listed(answer.ConsentID), listed(answer.PaymentID)
	answer.ConsentStatus, answer.TransactionStatus = xs2a.ConsentStatus(listed(string(answer.ConsentStatus))), xs2a.TransactionStatus(listed(string(answer.TransactionStatus)))
	h := storage.Handmade{FlowID: from.flow(), ExchangeID: e.ID, EnvironmentID: from.EnvironmentID, BIC: from.BIC, BankName: from.Bank}
	switch record.OperationOf(e.Method, e.URL, "").ID {
	case "createConsent":
		asked := said{PerDay: usualPerDay}
		_ = json.Unmarshal([]byte(e.Request.Body), &asked)
		h.Kind, h.BankID, h.Status, h.PerDay = storage.HandmadeConsent, answer.ConsentID, string(answer.ConsentStatus), asked.PerDay
		return d.addConsent(ctx, h)
	case "initiatePayment":
		h.Kind, h.BankID, h.Status = storage.HandmadePayment, answer.PaymentID, string(answer.TransactionStatus)
		if h.BankID == "" || from.Payment != nil && from.Payment.BankID == h.BankID { // the same once more: its number was known
			return nil
		}
		return d.store.AddHandmade(ctx, h)
	}
	return d.follow(ctx, from, e, answer)
}

// addConsent keeps a consent, unless it is one of the person's: a bank that knows the
// number of a request answers with what it made before.
func (d *Drafts) addConsent(ctx context.Context, h storage.Handmade) error {
	if h.BankID == "" {
		return nil
	}
	_, err := d.store.ConsentAtBank(ctx, h.EnvironmentID, h.BIC, h.BankID)
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	return d.store.AddHandmade(ctx, h)
}

// made match the paths of one consent or payment, or of its status.
var made = map[storage.HandmadeKind]*regexp.Regexp{
	storage.HandmadeConsent: regexp.MustCompile(`/consents/([^/]+)(?:/status)?$`),
	storage.HandmadePayment: regexp.MustCompile(`/(?:bulk-|periodic-)?payments/[^/]+/([^/]+)(?:/status)?$`),
}

// follow notes what the bank says of what was made by hand, where it says that.
func (d *Drafts) follow(ctx context.Context, from From, e storage.Exchange, answer said) error {
	u, err := url.Parse(e.URL)
	if err != nil || e.Method != http.MethodGet && e.Method != http.MethodDelete {
		return nil
	}
	for kind, path := range made {
		found := path.FindStringSubmatch(u.EscapedPath())
		if found == nil {
			continue
		}
		id, err := url.PathUnescape(found[1])
		if err != nil {
			return nil
		}
		h, err := d.store.HandmadeAtBank(ctx, from.EnvironmentID, from.BIC, kind, id)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if status, over := statusAfter(h, e, answer); status != "" {
			return d.store.NoteHandmade(ctx, h.ID, status, over)
		}
	}
	return nil
}

// statusAfter is how something stands after an exchange, and whether it is over; empty where
// that does not tell.
func statusAfter(h storage.Handmade, e storage.Exchange, answer said) (status string, over bool) {
	deleted := e.Method == http.MethodDelete
	if h.Kind == storage.HandmadeConsent {
		if deleted {
			answer.ConsentStatus = xs2a.ConsentTerminatedByTPP
		}
		return string(answer.ConsentStatus), answer.ConsentStatus.Final()
	}
	if deleted && e.Status == http.StatusNoContent { // else the cancellation is still to be approved
		answer.TransactionStatus = xs2a.PaymentCancelled
	}
	return string(answer.TransactionStatus), answer.TransactionStatus.Final()
}

// Handmade lists what requests sent by hand made at banks and is not known to be over, the
// latest first; of a flow, all that was made in it.
func (d *Drafts) Handmade(ctx context.Context, flowID string) ([]storage.Handmade, error) {
	if flowID != "" {
		return d.store.HandmadeIn(ctx, flowID)
	}
	return d.store.HandmadeOpen(ctx)
}

// Leave takes something off the list that the person has seen to themself.
func (d *Drafts) Leave(ctx context.Context, made int64) error {
	return d.store.LeaveHandmade(ctx, made)
}

// Act is what is done about what was made by hand.
type Act string

// The acts.
const (
	AskStatus Act = "status"
	EndAtBank Act = "end"
)

// OpenAct returns the form that asks about something that an exchange made, or ends it.
func (d *Drafts) OpenAct(ctx context.Context, exchange int64, act Act) (From, Draft, error) {
	from, draft, err := d.Open(ctx, exchange)
	if err != nil {
		return from, draft, err
	}
	all, err := d.store.HandmadeIn(ctx, from.flow())
	if err != nil {
		return from, draft, err
	}
	for _, h := range all {
		if h.ExchangeID != exchange || !named(h.BankID) {
			continue
		}
		address, _, _ := strings.Cut(draft.Address, "?") // what follows belonged to the request that made it
		draft.Address = address + "/" + url.PathEscape(h.BankID)
		draft.Method, draft.Body = http.MethodDelete, ""
		if act == AskStatus {
			draft.Method, draft.Address = http.MethodGet, draft.Address+"/status"
		}
		draft.Header = withoutFields(draft.Header, "Content-Type", "TPP-Redirect-URI", "TPP-Nok-Redirect-URI", "TPP-Redirect-Preferred")
		from.Names = nil
		return from, draft, nil
	}
	return from, draft, failure.New(failure.NothingMade)
}

// withoutFields are the lines of a header without those of some names.
func withoutFields(header string, names ...string) string {
	var kept strings.Builder
	for line := range strings.Lines(header) {
		name, _, _ := strings.Cut(line, ":")
		if !slices.ContainsFunc(names, func(one string) bool { return strings.EqualFold(one, name) }) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
