package draft

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// From is the exchange a draft is written from, with the bank it was with.
type From struct {
	storage.Exchange
	EnvironmentID, BIC string
	Bank               string           // its name; that of the environment where the exchange was with none of its banks
	Practice           bool             // nothing that is sent there costs money or ends anything real
	Consent            *storage.Consent // whose flow it is; nil for another
	Payment            *storage.Payment // likewise
	Hosts              []string         // the bank's, as addresses begin
	Home               string           // that of its interface, to which the access token belongs
	Moved              bool             // the practice banks have another address now, and the draft has that one
	Names              []string         // what stands for secrets that only the person can put in, such as «password»
	Fork               *storage.Fork    // in which it is sent; nil: in the flow of its exchange

	root    string           // the flow in which that of the exchange began; itself, where it is no fork
	written *record.Exchange // the request to begin from, where that is not the exchange's
}

// flow is the one the exchange a draft leads to belongs to.
func (f From) flow() string {
	if f.Fork != nil {
		return f.Fork.FlowID
	}
	return f.FlowID
}

// Open returns what a draft can be written from an exchange, as it would be sent if nothing
// were changed. A *failure.Error says why none can.
func (d *Drafts) Open(ctx context.Context, exchange int64) (From, Draft, error) {
	e, err := d.record.Exchange(ctx, exchange)
	if err != nil {
		return From{}, Draft{}, err
	}
	from := From{Exchange: e}
	if record.OperationOf(e.Method, e.URL, e.Request.Body).Token {
		return from, Draft{}, failure.New(failure.TokensNotSentAgain)
	}
	if err := d.bankOf(ctx, &from); err != nil {
		return from, Draft{}, err
	}
	draft := from.form(uuid.NewString())
	if from.Fork != nil {
		err = d.writeInFork(ctx, &from, &draft)
	}
	return from, draft, err
}

// form is the request to begin from, with names for what was taken out of it.
func (f *From) form(id string) Draft {
	begin := f.Exchange.Exchange
	if f.written != nil {
		begin = *f.written
	}
	request, names := begin.Placeholders()
	f.Names = names
	draft := Draft{FormID: id, Method: request.Method, Address: f.addressNow(request.URL), Body: request.Request.Body}
	f.Moved = draft.Address != request.URL
	for _, field := range request.Request.Header {
		draft.Header += field.Name + ": " + field.Value + "\n"
	}
	return draft
}

// bankOf finds the bank an exchange was with: that of its consent or payment, else the one
// with a host of that name.
func (d *Drafts) bankOf(ctx context.Context, from *From) error {
	from.root = from.FlowID
	fork, err := d.store.Fork(ctx, from.FlowID)
	switch {
	case err == nil:
		from.root, from.Fork = fork.Root, &fork
	case !errors.Is(err, storage.ErrNotFound):
		return err
	}
	consent, err := d.store.Consent(ctx, from.root)
	if err == nil {
		from.Consent, from.EnvironmentID, from.BIC, from.Bank = &consent, consent.EnvironmentID, consent.BIC, consent.BankName
		return d.reach(ctx, from)
	}
	payment, failed := d.store.Payment(ctx, from.root)
	switch {
	case failed == nil:
		from.Payment, from.EnvironmentID, from.BIC, from.Bank = &payment, payment.EnvironmentID, payment.BIC, payment.BankName
		return d.reach(ctx, from)
	case !errors.Is(err, storage.ErrNotFound):
		return err
	case !errors.Is(failed, storage.ErrNotFound):
		return failed
	}
	return d.bankAt(ctx, from)
}

// bankAt finds a bank by the address an exchange was sent to, else by its host.
func (d *Drafts) bankAt(ctx context.Context, from *From) error {
	origin, err := xs2a.OriginOf(from.URL)
	if err != nil {
		return failure.New(failure.BankNotKnown)
	}
	environments, err := d.banks.Environments(ctx)
	if err != nil {
		return err
	}
	longest := 0
	for _, e := range environments {
		if named, said := e.BankAt(from.URL); said > longest {
			longest, from.EnvironmentID, from.BIC, from.Bank = said, e.ID, named.ID, cmp.Or(named.Name, e.Name)
		}
	}
	if longest > 0 {
		return d.reach(ctx, from)
	}
	for _, e := range environments {
		if e.Profile.Hosts("").Names(origin) {
			from.EnvironmentID, from.Bank = e.ID, e.Name
			return d.reach(ctx, from)
		}
		for _, one := range e.Banks {
			if e.ProfileFor(one).Hosts(one.ID).Names(origin) {
				from.EnvironmentID, from.BIC, from.Bank = e.ID, one.ID, one.Name
				return d.reach(ctx, from)
			}
		}
	}
	return failure.New(failure.BankNotKnown)
}

func (d *Drafts) reach(ctx context.Context, from *From) error {
	e, err := d.store.Environment(ctx, from.EnvironmentID)
	if errors.Is(err, storage.ErrNotFound) {
		return failure.New(failure.BankNotKnown)
	}
	if err != nil {
		return err
	}
	from.Practice = d.banks.IsPractice(e.ID)
	profile := e.ProfileOf(from.BIC)
	for _, origin := range profile.Hosts(from.BIC).Origins() {
		from.Hosts = append(from.Hosts, string(origin))
	}
	home, err := xs2a.OriginOf(profile.APIURL)
	from.Home = string(home)
	return err
}

// addressNow is an address of the exchange's as it is now: the practice banks have another
// port at each start.
func (f From) addressNow(address string) string {
	was, err := url.Parse(address)
	home, failed := url.Parse(f.Home)
	origin, bad := xs2a.OriginOf(address)
	if !f.Practice || err != nil || failed != nil || bad != nil || f.names(origin) {
		return address
	}
	_, rest, _ := strings.Cut(address, "://")
	at := strings.IndexAny(rest, "/?#")
	if at < 0 || was.Host == "" {
		return address
	}
	return home.Scheme + "://" + home.Host + rest[at:]
}

// names reports whether an origin is one of the bank's hosts.
func (f From) names(origin xs2a.Origin) bool { return slices.Contains(f.Hosts, string(origin)) }

// dealings are those with the bank about the consent or payment.
func (f From) dealings() sca.Dealings {
	if p := f.Payment; p != nil {
		return sca.Dealings{Holder: storage.PaymentSubject(p.ID), EnvironmentID: p.EnvironmentID, BIC: p.BIC, BankName: p.BankName, AffiliatedASPSPID: p.AffiliatedASPSPID}
	}
	return sca.UnderConsent(*f.Consent)
}

func sentFrom(ctx context.Context, from From) context.Context {
	if from.Fork != nil {
		return record.Forked(ctx, from.ID)
	}
	return record.SentAgain(ctx, from.ID)
}

// Stakes is what a draft may do at a bank that is not for practice.
type Stakes string

// The stakes. Whoever sends a draft with any is asked once more.
const (
	NoStakes   Stakes = ""
	MayPay     Stakes = "pay"     // it may send, approve or cancel a payment
	MayConsent Stakes = "consent" // it may ask for a consent, or approve one
	MayEnd     Stakes = "end"     // it may end a consent
	MayChange  Stakes = "change"  // it is no mere question
)

// Stakes returns what sending a draft may do. Of a live bank everything is asked twice that
// is no question; which operation an address is, the bank decides.
func (f From) Stakes(draft Draft) Stakes {
	method := strings.ToUpper(draft.Method)
	if f.Practice || method == "GET" || method == "HEAD" || method == "OPTIONS" {
		return NoStakes
	}
	address := strings.ToLower(draft.Address)
	switch {
	case strings.Contains(address, "payment"):
		return MayPay
	case method == "DELETE":
		return MayEnd
	case strings.Contains(address, "consent"):
		return MayConsent
	}
	return MayChange
}
