package frontend

import (
	"consentry/app/pay"
	"context"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// approvalWords are those of an approval that depend on what is approved. The steps
// themselves, and what they ask for, are the same for all.
type approvalWords struct {
	section Section
	title   string   // of the page
	sub     string   // below the bank's name
	steps   []string // of the stepper
	begun   int      // index of the step before the bank has answered
	bank    int      // index of the step at the bank
	waits   string   // what waits here when the window is closed
	task    string   // what the person does at the bank
	lost    string   // what an approval that comes to nothing leaves
	retry   string   // that it can be tried again
	unsent  string   // what it means that the bank has not answered
	another string   // what another try does
	done    string   // that it is approved
	leave   string   // label of the way out
	left    string   // that it was taken
	kept    string   // where a login goes, and until when it is kept
	resume  string   // path to begin once more
	again   string   // path to where it is asked for
}

// nothingTyped is said before the person leaves for the bank's page.
const nothingTyped words.Text = "Nothing you type at the bank reaches Consentry."

// renewSub is what is done where a consent is to take another's place.
const renewSub words.Text = "Renew or change a consent"

// words returns those for what the flow is about.
func (v linkingView) words(ctx context.Context) approvalWords { return approvalWordsOf(ctx, v.Flow) }

func approvalWordsOf(ctx context.Context, flow app.Flow) approvalWords {
	switch flow.Subject.Kind {
	case storage.SubjectDeletion:
		return approvalOfDeletion(ctx, flow.Consent)
	case storage.SubjectPayment:
		return approvalOfPayment(ctx, flow.Payment)
	case storage.SubjectCancellation:
		return approvalOfCancellation(ctx, flow.Payment)
	}
	return approvalOfConsent(ctx, flow.Consent)
}

// approvalOfDeletion returns those of the approval that a consent ends at the bank.
func approvalOfDeletion(ctx context.Context, consent storage.Consent) approvalWords {
	bank := consent.BankName
	return approvalWords{
		section: SectionConsents, title: words.T(ctx, "End the consent at %s", bank), sub: words.T(ctx, "End a consent"),
		steps: []string{words.T(ctx, "Ended here"), words.T(ctx, "At the bank"), words.T(ctx, "Done")}, begun: 0, bank: 1,
		waits: words.T(ctx, "You can close this window: it has ended here, and you can approve the deletion later."),
		task:  words.T(ctx, "Log in there and approve that the consent ends."),
		lost:  words.T(ctx, "The consent has ended here, and nothing is read any more; %s goes on holding it to be valid.", bank),
		retry: words.T(ctx, "You can approve the deletion at any time."), leave: words.T(ctx, "Not now"), left: words.T(ctx, "You left this for later."),
		kept:   words.T(ctx, "Your login goes to the bank and is kept here, sealed, until the bank has ended the consent."),
		unsent: words.T(ctx, "The consent has ended here, and nothing is read any more."), another: words.T(ctx, "Try again in a minute."),
		done:   words.T(ctx, "%s has ended the consent.", bank),
		resume: consentPath(consent.ID) + "/deletion", again: consentPath(consent.ID),
	}
}

// approvalOfPayment returns those of the approval of a payment.
func approvalOfPayment(ctx context.Context, p storage.Payment) approvalWords {
	bank := p.BankName
	said := approvalWords{
		section: SectionPayments, title: words.T(ctx, "Pay from %s", bank), sub: payeeOf(ctx, p) + " · " + sumsText(ctx, pay.Sums(p.Order.Transfers)),
		steps: []string{words.T(ctx, "What is paid"), words.T(ctx, "Sent"), words.T(ctx, "At the bank"), words.T(ctx, "Approved")}, begun: 1, bank: 2,
		waits: words.T(ctx, "You can close this window: the payment waits here and you can continue later."),
		task:  words.T(ctx, "Log in there and approve the payment: compare the amount and the payee."),
		lost:  words.T(ctx, "Nothing was paid."),
		retry: words.T(ctx, "You can approve it, or cancel it, on its page."), leave: words.T(ctx, "Cancel this payment"), left: words.T(ctx, "You cancelled this payment."),
		kept:    words.T(ctx, "Your login goes to the bank and is kept here, sealed, until the payment has ended."),
		unsent:  words.T(ctx, "Nothing is paid until you approve."),
		another: words.T(ctx, "See on its page what is known of it."),
		done:    words.T(ctx, "The payment is approved."),
		resume:  paymentPath(p.ID) + "/continue", again: paymentPath(p.ID),
	}
	switch {
	case p.Checked():
		said.lost, said.retry = words.T(ctx, "The bank has the payment, and goes on with it."), words.T(ctx, "See on its page what becomes of it.")
	case p.InForce():
		said.left = words.T(ctx, "You left this payment, and %s still has it.", bank)
		said.lost = words.T(ctx, "Nothing is paid as long as nobody approves it.")
	case p.Status.Refused() || p.Fate == storage.FateDropped:
		said.retry = words.T(ctx, "You can pay again from its page.")
	}
	return said
}

// approvalOfCancellation returns those of the approval that a payment is cancelled.
func approvalOfCancellation(ctx context.Context, p storage.Payment) approvalWords {
	said := approvalOfPayment(ctx, p)
	said.title = words.T(ctx, "Cancel a payment at %s", p.BankName)
	said.steps, said.begun, said.bank = []string{words.T(ctx, "Asked for"), words.T(ctx, "At the bank"), words.T(ctx, "Cancelled")}, 0, 1
	said.waits = words.T(ctx, "You can close this window: until you approve that it is cancelled, the payment goes on.")
	said.task = words.T(ctx, "Log in there and approve that the payment is cancelled.")
	said.lost = words.T(ctx, "The payment goes on.")
	said.retry, said.leave, said.left = words.T(ctx, "You can cancel it on its page while the bank lets you."), words.T(ctx, "Let the payment go on"), words.T(ctx, "You let the payment go on.")
	said.unsent, said.done = words.T(ctx, "The payment goes on until the bank has cancelled it."), words.T(ctx, "The payment is cancelled.")
	said.resume = paymentPath(p.ID) + "/cancel"
	return said
}

// approvalOfConsent returns those of the approval of a consent, be it a first one or one
// that takes another's place.
func approvalOfConsent(ctx context.Context, consent storage.Consent) approvalWords {
	bank := consent.BankName
	said := approvalWords{
		section: SectionBanks, title: words.T(ctx, "Link %s", bank), sub: words.T(ctx, "Link a bank"),
		steps: linkSteps(ctx), begun: stepShare, bank: stepBank,
		waits: words.T(ctx, "You can close this window: the consent waits here and you can continue later."),
		task:  words.T(ctx, "Log in there and approve the consent."),
		lost:  words.T(ctx, "Nothing was shared."),
		retry: words.T(ctx, "You can ask again at any time."), leave: words.T(ctx, "Cancel this request"), left: words.T(ctx, "You cancelled this request."),
		kept:    words.T(ctx, "Your login goes to the bank and is kept here, sealed, until the consent ends."),
		unsent:  words.T(ctx, "Nothing is shared until you approve."),
		another: words.T(ctx, "Try again in a minute. The bank is asked for the same consent, not for a second one."),
		done:    words.T(ctx, "%s is linked.", bank),
		resume:  consentPath(consent.ID) + "/resume", again: bankPath(consent.EnvironmentID, consent.BIC) + "/share",
	}
	if consent.Renews != "" {
		said.section, said.title = SectionConsents, words.T(ctx, "%s: %s", words.T(ctx, renewSub), bank)
		said.sub, said.again = words.T(ctx, renewSub), renewPath(consent.Renews)
		said.done = words.T(ctx, "Your consent at %s is renewed.", bank)
	}
	return said
}

// task is what the person does at the bank. Where it wants to know who asks before it
// takes the request, they log in, and approve after that.
func (v linkingView) task(ctx context.Context) string {
	if v.Secret.PreStep {
		return words.T(ctx, "Log in there; the bank wants to know who asks. What you allow comes after that.")
	}
	return v.words(ctx).task
}

// atBankTitle names that, and nextAtBank says that it is next.
func (v linkingView) atBankTitle(ctx context.Context) string {
	if v.Secret.PreStep {
		return words.T(ctx, "Log in at %s", v.BankName)
	}
	return words.T(ctx, "Approve at %s", v.BankName)
}

func (v linkingView) nextAtBank(ctx context.Context) string {
	if v.Secret.PreStep {
		return words.T(ctx, "Next: log in at %s.", v.BankName)
	}
	return words.T(ctx, "Next: approve at %s.", v.BankName)
}

// pays reports whether what is approved is a payment, or that one is cancelled.
func (v linkingView) pays() bool { return v.Holder.Kind == storage.SubjectPayment }

// deletes reports whether what is approved is that a consent ends at the bank.
func (v linkingView) deletes() bool { return v.Subject.Kind == storage.SubjectDeletion }

// afterwards says what became of a payment after its approval, or that of its cancellation.
func (v linkingView) afterwards(ctx context.Context) ui.Notice {
	n := ui.Notice{ID: "linked", Tone: ui.Good, Title: v.words(ctx).done}
	if v.Payment.Status != "" {
		n.Next = statusText(ctx, v.Payment.Status)
	}
	if v.stopped() {
		n.Tone, n.Title = ui.Warn, words.T(ctx, "You approved it, and it is not carried out.")
	}
	return n
}

// stopped reports whether a payment was approved, and rejected or cancelled after that.
func (v linkingView) stopped() bool {
	return v.Subject.Kind == storage.SubjectPayment && v.Payment.Status.Refused()
}
