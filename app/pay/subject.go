package pay

import (
	"context"
	"errors"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// Subject returns a payment, or the cancellation of one, as an SCA process authorises it.
func (p *Payments) Subject(ctx context.Context, named storage.Subject) (sca.Subject, error) {
	one, err := p.store.Payment(ctx, named.ID)
	if named.Kind == storage.SubjectCancellation {
		return cancellationSubject{p, one}, err
	}
	return paymentSubject{p, one}, err
}

// paymentSubject is a payment as an SCA process authorises it (BG 1.3.12 section 5.3).
type paymentSubject struct {
	payments *Payments
	p        storage.Payment
}

func (s paymentSubject) Facts() sca.Facts {
	over := s.p.Fate == storage.FateRefused || s.p.Fate == storage.FateDropped || !s.p.EndedAt.IsZero()
	return sca.Facts{
		Of:       storage.PaymentSubject(s.p.ID),
		Dealings: dealings(s.p),
		Resource: resource(s.p), Known: s.p.BankID != "",
		Over: over, Authorised: s.p.Checked(),
	}
}

// Create sends the payment. It does so once for each time that the person has confirmed
// it: a process that goes on by itself, or is gone on with, sends nothing again.
func (s paymentSubject) Create(ctx context.Context, client *xs2a.Client, call xs2a.Call, back xs2a.Return) (sca.Subject, xs2a.SCAAnswer, error) {
	store := s.payments.storeOf(s.p)
	order, err := document(s.p, client.Dialect(), s.payments.clock.NowAt(s.p.EnvironmentID))
	if err != nil {
		return s, xs2a.SCAAnswer{}, err
	}
	if err := store.ClaimSending(ctx, s.p.ID); err != nil {
		return s, xs2a.SCAAnswer{}, s.notClaimed(ctx, err)
	}
	call.RequestID = s.p.RequestID     // the same when it is sent again: the bank makes one payment of it
	kept := context.WithoutCancel(ctx) // it is seen through, and noted, whoever still waits for it
	id, answer, err := client.InitiatePayment(kept, call, s.p.Order.Service, s.p.Order.Product, order, back)
	if err != nil {
		return s, answer, s.notTaken(kept, err)
	}
	if err := s.payments.keep(kept, func(ctx context.Context) error {
		return store.SetTaken(ctx, s.p.ID, storage.Answer{BankID: id, Status: answer.Transaction, Said: storage.SaidIn(answer), Message: answer.Message})
	}); err != nil {
		return s, answer, err
	}
	s.payments.follow()
	if s.p, err = store.Payment(kept, s.p.ID); err != nil {
		return s, answer, err
	}
	call.RequestID, call.At = "", xs2a.Addresses{}.After(answer)
	look := s.readBack
	if answer.Transaction.Refused() {
		look = s.askWhy
	}
	if err := look(kept, client, call); err != nil { // the bank has it all the same, and its answer says how to go on
		s.payments.log.Warn("what the bank shows of a payment was not noted", "payment", s.p.ID, "error", err)
	}
	return s, answer, nil
}

// askWhy asks for the status of a payment that the bank rejected as it came: why, it says
// there (BG 1.3.12, paymentInitiationStatusResponse-200_json).
func (s paymentSubject) askWhy(ctx context.Context, client *xs2a.Client, call xs2a.Call) error {
	said, err := client.PaymentStatus(ctx, call, resource(s.p))
	if err != nil {
		s.payments.log.Info("why a payment was rejected was not read", "payment", s.p.ID, "error", err)
		return nil
	}
	return s.payments.note(ctx, s.p, said)
}

// keep stores what became of a sending. It is known here alone, and cannot be asked for:
// where the store does not take it now, it is tried until it does, or the program ends.
func (p *Payments) keep(ctx context.Context, store func(ctx context.Context) error) error {
	lost := func(err error) bool {
		return err != nil && !errors.Is(err, storage.ErrOtherID) && !errors.Is(err, storage.ErrNotFound)
	}
	err := store(ctx)
	if !lost(err) {
		return err
	}
	p.run(func(ctx context.Context) {
		for pause := p.pause; ; pause = min(2*pause, longestUntold) {
			select {
			case <-ctx.Done():
				return // nobody knows then, see Interrupted
			case <-time.After(pause):
			}
			if !lost(store(ctx)) {
				p.follow()
				return
			}
		}
	})
	return err
}

// longestUntold is the longest pause before what the disk did not take is stored again.
const longestUntold = 10 * time.Second

// readBack holds what the bank has as the payment to what was asked for, before the person
// approves it. A bank that does not show it is taken at its word.
func (s paymentSubject) readBack(ctx context.Context, client *xs2a.Client, call xs2a.Call) error {
	if s.p.Order.Service == xs2a.BulkPayment || xs2a.XML(s.p.Order.Product) {
		return nil // the former has an amount and a payee for each, the latter is shown as it was sent
	}
	said, err := client.Payment(ctx, call, resource(s.p))
	if err != nil {
		s.payments.log.Info("a payment was not read back", "payment", s.p.ID, "error", err)
		return nil
	}
	asked := s.p.Order.Transfers[0]
	other, to, from := said.Amount, said.To, said.From
	if other != nil && sameAmount(*other, asked.Amount) {
		other = nil
	}
	if folded(to) == folded(asked.To.IBAN) || asked.To.IBAN == "" { // what was asked for by another number may be shown by its IBAN
		to = ""
	}
	if own := s.p.Order.Debtor.IBAN; folded(from) == folded(own) || own == "" {
		from = ""
	}
	if other == nil && to+from == "" {
		return nil
	}
	return s.payments.storeOf(s.p).SetPaymentSaid(ctx, s.p.ID, func(said *storage.Said) { said.Other, said.To, said.From = other, to, from })
}

// sameAmount reports whether two amounts are worth the same: 12.5 EUR and 12.50 EUR are.
func sameAmount(one, other xs2a.Amount) bool {
	a, _, first := apd.NewFromString(one.Number)
	b, _, second := apd.NewFromString(other.Number)
	return first == nil && second == nil && a.Cmp(b) == 0 && one.Currency == other.Currency
}

// notClaimed returns what may be said of a payment that is not sent now.
func (s paymentSubject) notClaimed(ctx context.Context, err error) error {
	now, read := s.payments.store.Payment(ctx, s.p.ID)
	switch {
	case read != nil:
		return read
	case errors.Is(err, storage.ErrNotShown), now.Fate == storage.FateComposed:
		return &failure.Error{Reason: storage.Reason{Code: failure.PaymentNotShown, Bank: s.p.BankName}}
	case errors.Is(err, storage.ErrSent) && now.Fate == storage.FateUnknown:
		return &failure.Error{Reason: storage.Reason{Code: failure.PaymentUnknown, Bank: s.p.BankName}}
	}
	return err
}

// notTaken notes what is known of a payment that the bank gave no id for, and returns what
// may be said of that.
func (s paymentSubject) notTaken(ctx context.Context, err error) error {
	why := *s.payments.explain(s.p.BankName, err)
	wanted := false // the login, which did not go along
	if refused := xs2a.Refusal(err); refused != nil && refused.WantsLogin() {
		why.Code = failure.LoginWithPayment
		credentials, err := s.payments.store.Credentials(ctx, storage.PaymentSubject(s.p.ID))
		if wanted = err == nil && credentials.PSUID == ""; err == nil && !wanted {
			why.Code = failure.WrongLogin
		}
	}
	if refused := xs2a.Refusal(err); refused != nil && why.Text == "" {
		why.Text = refused.Text // it stays on the payment's page
	}
	fate := storage.FateRefused
	var unsent *xs2a.NotSentError
	switch {
	case errors.As(err, &unsent):
		fate = storage.FateConfirmed
	case xs2a.MayBeTaken(err):
		fate = storage.FateUnknown
	}
	if err := s.payments.keep(ctx, func(ctx context.Context) error {
		return s.payments.storeOf(s.p).SetNotTaken(ctx, s.p.ID, fate, why.Reason)
	}); err != nil {
		return err
	}
	if wanted {
		if err := s.payments.store.SetWantsLogin(context.WithoutCancel(ctx), s.p.EnvironmentID, s.p.BIC); err != nil {
			s.payments.log.Error("that the bank wants the login first was not kept", "error", err)
		}
	}
	now, err := s.payments.store.Payment(ctx, s.p.ID)
	if err != nil {
		return err
	}
	switch now.Fate {
	case storage.FateConfirmed:
		why.Effect = failure.PaymentNotSent
	case storage.FateRefused:
		why.Effect = failure.NothingPaid
	case storage.FateUnknown:
		why.Effect = failure.PaymentMayBeTaken
	}
	return &why
}

func (s paymentSubject) Standing(ctx context.Context, client *xs2a.Client, call xs2a.Call, whole bool) (sca.Standing, error) {
	ask := client.PaymentStatus
	if whole && !xs2a.XML(s.p.Order.Product) { // an order in XML is shown as it was sent, without its status
		ask = client.Payment
	}
	said, err := ask(ctx, call, resource(s.p))
	if err != nil {
		return sca.Standing{}, err
	}
	now := sca.Standing{Result: resultOf(said.Status)}
	if step := xs2a.NextStep(said.Next).Step; whole && (now.Result == sca.Pending || now.Result == sca.Checking) && step != xs2a.StepWait && step != xs2a.StepUnknown {
		now.Next = &said.Next
	}
	return now, s.payments.note(ctx, s.p, said)
}

// resultOf is what a status means to the approval. Who rejected a payment, the person or
// the bank, no status tells.
func resultOf(status xs2a.TransactionStatus) sca.Result {
	switch {
	case status.Refused():
		return sca.EndedByBank
	case status == xs2a.PaymentPartlyAuthorised:
		return sca.PartlyAuthorised
	case status == xs2a.PaymentReceived, status == xs2a.PaymentPending:
		return sca.Checking
	case status.Authorised():
		return sca.Authorised
	}
	return sca.Pending
}

// Approved: the bank may have yet to say so, see [storage.Payment.Checked].
func (s paymentSubject) Approved(ctx context.Context) error {
	return s.payments.storeOf(s.p).SetApproved(ctx, s.p.ID)
}

// Learn: what the bank granted is its status, which is followed.
func (s paymentSubject) Learn(ctx context.Context, person xs2a.PSU) {
	if err := s.learnSaid(ctx, person); err != nil {
		s.payments.log.Info("what the bank said on the way was not noted", "payment", s.p.ID, "error", err)
	}
	s.Adopt(ctx, person)
}

// learnSaid notes what the bank said with the steps of the approval: costs and the payee's
// name, which may come with any of them, and whether the person trusts the payee, which
// comes with the final status of the authorisation (BG 1.3.12, trustedBeneficiaryFlag).
// Where the payment was known to be authorised before that status was, it is asked for.
func (s paymentSubject) learnSaid(ctx context.Context, person xs2a.PSU) error {
	attempts, err := s.payments.store.Authorisations(ctx, storage.PaymentSubject(s.p.ID))
	if err != nil || len(attempts) == 0 {
		return err
	}
	latest := attempts[0]
	heard := latest.Asks.Said
	if heard.Trusted == nil && latest.Outcome == "" && latest.BankID != "" && !latest.SCAStatus.Final() {
		client, call, err := s.payments.clientAndCall(ctx, s.p, &person)
		if err != nil {
			return err
		}
		final, err := client.SCAStatus(ctx, call, resource(s.p), latest.BankID)
		if err != nil {
			return err
		}
		heard.Trusted = final.Trusted
	}
	return s.payments.storeOf(s.p).SetPaymentSaid(ctx, s.p.ID, func(said *storage.Said) {
		heard.Warnings = said.Warnings // these came with the payment itself
		*said = said.Then(heard)
	})
}

func (s paymentSubject) Adopt(ctx context.Context, person xs2a.PSU) {
	if _, err := s.payments.ask(ctx, s.p.ID, &person); err != nil {
		s.payments.log.Info("a payment's status was not read", "payment", s.p.ID, "error", err)
	}
}

func (s paymentSubject) Succeeded(xs2a.PSU) { s.payments.follow() }

// GiveUp ends a payment that nobody has approved: where the bank has it, it is asked to
// cancel it, and its refusal changes nothing, since without approval nothing is paid. One
// that is on its way, or has ended in another window, stays as it is.
func (s paymentSubject) GiveUp(ctx context.Context, person xs2a.PSU) error {
	if s.p.Fate != storage.FateTaken {
		if err := s.payments.Drop(ctx, s.p.ID); !errors.Is(err, storage.ErrSent) {
			return err
		}
		return nil
	}
	if err := s.payments.sca().EndOpen(ctx, s.Facts(), storage.GivenUp); err != nil {
		return err
	}
	authorisationID, err := s.payments.Cancel(ctx, s.p.ID, person)
	if authorisationID != "" { // to approve that nothing is paid is more than leaving it unapproved
		err = errors.Join(err, cancellationSubject(s).GiveUp(ctx, person))
	}
	var told *failure.Error
	switch {
	case errors.As(err, &told):
		s.payments.log.Info("a payment that was given up was not cancelled", "payment", s.p.ID, "error", err)
		return cancellationSubject(s).GiveUp(ctx, person) // it waits unapproved, and its page says so
	case err != nil && !errors.Is(err, storage.ErrEnd):
		return err
	}
	return nil
}
