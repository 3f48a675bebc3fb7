package pay

import (
	"consentry/app/bank"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// NewFormID returns an id for a form that is shown: what is sent with it is one payment.
func NewFormID() string { return uuid.NewString() }

// Compose keeps what a form asks for as a payment, before anything is sent, and returns
// its id. A form that was sent before leads to the payment that it led to then. What is
// wrong with its fields is said in a *failure.Error.
func (p *Payments) Compose(ctx context.Context, f Form) (paymentID string, err error) {
	f.named()
	offer, order, err := p.read(ctx, f)
	if err != nil {
		return "", err
	}
	one := storage.Payment{
		ID: uuid.NewString(), EnvironmentID: f.EnvironmentID, BIC: f.BIC, BankName: offer.Bank.Name, AffiliatedASPSPID: f.AffiliatedASPSPID,
		FormID: f.ID, RequestID: uuid.NewString(), Order: order,
	}
	return p.add(ctx, one, f)
}

// add keeps a payment that a form asks for, with its login. A form that was sent before
// leads to what it led to then, as long as it asks for the same.
func (p *Payments) add(ctx context.Context, one storage.Payment, f Form) (paymentID string, err error) {
	if paymentID, err = p.storeOf(one).AddPayment(ctx, one); err != nil {
		return "", err
	}
	if paymentID == one.ID {
		return paymentID, p.setLogin(ctx, paymentID, f)
	}
	former, err := p.store.Payment(ctx, paymentID)
	if err != nil {
		return "", err
	}
	return paymentID, sameAsked([]storage.Payment{former}, []storage.Payment{one})
}

// sameAsked wants what a form asks for to be what it asked for before.
func sameAsked(former, now []storage.Payment) error {
	asked := func(list []storage.Payment) (string, error) {
		var all []string
		for _, one := range list {
			one.Version = 0
			named, err := digestOf(one)
			if err != nil {
				return "", err
			}
			all = append(all, named)
		}
		return digest(all)
	}
	before, err := asked(former)
	if err != nil {
		return err
	}
	if again, err := asked(now); err != nil || again != before {
		return errors.Join(err, failure.New(failure.FormUsed))
	}
	return nil
}

// named gives a form an id that was sent without one.
func (f *Form) named() {
	if uuid.Validate(f.ID) != nil {
		f.ID = NewFormID()
	}
}

// Change puts what a form asks for in the place of what a payment asked for that was not
// sent. storage.ErrSent: it was sent; storage.ErrStale: it was changed in another window.
func (p *Payments) Change(ctx context.Context, id string, version int64, f Form) error {
	one, err := p.store.Payment(ctx, id)
	if err != nil {
		return err
	}
	if one.Order.Service == xs2a.BulkPayment {
		return storage.ErrNotFound // it has no form: its file is mended, and read anew
	}
	f.EnvironmentID, f.BIC, f.AffiliatedASPSPID = one.EnvironmentID, one.BIC, one.AffiliatedASPSPID
	_, order, err := p.read(ctx, f)
	if err != nil {
		return err
	}
	one.Version = version
	if err := p.storeOf(one).SetOrder(ctx, one, order); err != nil {
		return err
	}
	return p.setLogin(ctx, id, f)
}

// read reads a form for a bank that has its product.
func (p *Payments) read(ctx context.Context, f Form) (Offer, xs2a.Order, error) {
	offer, err := p.Offer(ctx, f.EnvironmentID, f.BIC)
	if err != nil {
		return offer, xs2a.Order{}, err
	}
	about, has := offer.Has(f.Product)
	if !has {
		return offer, xs2a.Order{}, failure.Invalid(Fields{"product": {Code: failure.ChooseFromList}})
	}
	order, wrong := f.Order(about, p.clock.NowAt(f.EnvironmentID))
	offer.checkAffiliated(f, wrong)
	f.login(wrong, offer.Bank)
	if len(wrong) > 0 {
		return offer, order, failure.Invalid(wrong)
	}
	return offer, order, nil
}

// login wants a login where the bank does, and one that can go in a header (RFC 9110 section 5.5).
func (f Form) login(wrong Fields, at bank.Bank) {
	if at.Login && strings.TrimSpace(f.PSUID) == "" {
		wrong["psu_id"] = storage.Reason{Code: failure.EnterLogin}
	}
	if strings.ContainsFunc(strings.TrimSpace(f.PSUID), func(r rune) bool { return r < ' ' || r > '~' }) {
		wrong["psu_id"] = storage.Reason{Code: failure.LoginCharacters}
	}
}

// setLogin keeps with a payment the login that the bank wants along with it, and where the
// person would rather approve.
func (p *Payments) setLogin(ctx context.Context, id string, f Form) error {
	kept, err := p.store.Credentials(ctx, storage.PaymentSubject(id))
	given := kept
	if given.PSUID, given.Decoupled = strings.TrimSpace(f.PSUID), f.Decoupled; err != nil || given == kept {
		return err
	}
	return p.store.SetCredentials(ctx, storage.PaymentSubject(id), given)
}

// Login returns the login that was given with a payment, and whether the person would
// rather approve on another device.
func (p *Payments) Login(ctx context.Context, id string) (login string, decoupled bool, err error) {
	kept, err := p.store.Credentials(ctx, storage.PaymentSubject(id))
	return kept.PSUID, kept.Decoupled, err
}

// digestOf names what a payment asks of which bank, and after how many sendings of which
// nobody knows: two of the same contents have the same digest. The document that is sent
// follows from it.
func digestOf(of storage.Payment) (string, error) {
	return digest(struct {
		EnvironmentID, BIC, AffiliatedASPSPID string
		Order                                 xs2a.Order
		Version                               int64
	}{of.EnvironmentID, of.BIC, of.AffiliatedASPSPID, of.Order, of.Version})
}

func digest(of any) (string, error) {
	text, err := json.Marshal(of)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// Show returns a payment as it is to be shown before it is sent, and what names exactly
// this: it goes along with the person's word that it be sent.
func (p *Payments) Show(ctx context.Context, id string) (one storage.Payment, shown string, err error) {
	for {
		if one, err = p.store.Payment(ctx, id); err != nil {
			return one, "", err
		}
		if shown, err = digestOf(one); err != nil {
			return one, "", err
		}
		if err = p.store.SetShown(ctx, one, shown); !errors.Is(err, storage.ErrStale) { // changed while it was read
			return one, shown, err
		}
	}
}

// document is what is sent for a payment: the same each time. XML names a day also where a
// payment is to be made at once: the one at the bank on which it is sent first, since one
// that has passed meanwhile is refused.
func document(of storage.Payment, dialect xs2a.Dialect, now time.Time) (xs2a.Document, error) {
	order := of.Order
	if xs2a.XML(order.Product) && order.On == "" {
		if !of.SentAt.IsZero() {
			now = of.SentAt.In(now.Location())
		}
		order.On = now.Format(time.DateOnly)
	}
	return dialect.Document(order, strings.ReplaceAll(of.ID, "-", ""), of.CreatedAt)
}
