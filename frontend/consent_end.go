package frontend

import (
	"context"
	"slices"
	"strings"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// endNotice says of a consent that is over how it ended, whether the bank
// knows, and what became of the data.
func (view consentView) endNotice(ctx context.Context) ui.Notice {
	notice := ui.Notice{
		ID: "ended", Tone: ui.Neutral, Title: view.endTitle(ctx),
		Lost: view.acknowledgementWords(ctx), Next: view.dataWords(ctx),
	}
	switch {
	case view.Acknowledgement == storage.AckRefused:
		notice.Tone = ui.Bad
	case view.Provisional(), view.Acknowledgement == storage.AckPending, view.Acknowledgement == storage.AckUnconfirmed, view.End == storage.EndRefused, view.End == storage.EndUnknown:
		notice.Tone = ui.Warn
	}
	if view.Acknowledgement == storage.AckUnconfirmed {
		notice.Next = sentences(deletionWords(ctx, view.Consent), notice.Next)
	}
	notice.Next = sentences(notice.Next, view.unconfirmedWords(ctx))
	if view.Failure != nil {
		notice.Detail = view.Failure.Detail
	}
	return notice
}

// What can be done about an end the bank has not confirmed.
const (
	checkEndLabel words.Text = "Check with the bank"
	approveLabel  words.Text = "Approve the deletion"
	tellLabel     words.Text = "Notify the bank again"
)

// unconfirmedWords say what each of the ways does.
func (view consentView) unconfirmedWords(ctx context.Context) string {
	tell := words.T(ctx, "“%s” tells the bank once more to end it.", tellLabel)
	switch view.Acknowledgement {
	case storage.AckUnconfirmed:
		check := words.T(ctx, "“%s” asks whether it has ended there, and changes nothing.", checkEndLabel)
		if view.toApprove() {
			return sentences(words.T(ctx, "“%s” sends the withdrawal once more and goes through the approval here, as when you gave the consent.", approveLabel), check)
		}
		return sentences(check, tell)
	case storage.AckRefused:
		return tell
	}
	return ""
}

// endedHereAlone reports whether the bank has not confirmed an end: then it is one
// here alone.
func endedHereAlone(c storage.Consent) bool {
	switch c.Acknowledgement {
	case storage.AckUnconfirmed, storage.AckRefused, storage.AckPending:
		return true
	}
	return false
}

// endedWord names the day of the end.
func (line *consentLine) endedWord() words.Text {
	if endedHereAlone(line.Consent) {
		return "Ended here"
	}
	return "Ended"
}

// endTitle is how it ended, in one sentence.
func (view consentView) endTitle(ctx context.Context) string {
	bank, on := view.BankName, ui.DateWords(ctx, view.endedAt())
	if view.Provisional() {
		return words.T(ctx, "By this machine’s clock it ended on %s; not confirmed by the bank.", on)
	}
	switch view.End {
	case storage.EndWithdrawn:
		if view.Acknowledgement == storage.AckRefused || view.Acknowledgement == storage.AckUnconfirmed {
			return words.T(ctx, "You withdrew this consent on %s; %s has not confirmed that.", on, bank)
		}
		return words.T(ctx, "You withdrew this consent on %s.", on)
	case storage.EndGivenUp:
		return words.T(ctx, "You cancelled this request on %s, before it was approved.", on)
	case storage.EndRejected:
		return words.T(ctx, "This consent was declined at %s on %s.", bank, on)
	case storage.EndRevoked:
		return words.T(ctx, "This consent was ended at %s on %s.", bank, on)
	case storage.EndReplaced:
		return words.T(ctx, "A newer consent took the place of this one on %s.", on)
	case storage.EndRefused:
		return words.T(ctx, "%s has not accepted this consent any more since %s.", bank, on)
	case storage.EndUnknown:
		return words.T(ctx, "%s says that it knows of no such consent.", bank)
	}
	if neverApproved(view.Consent) {
		return words.T(ctx, "This was never approved, and its last day has passed on %s.", on)
	}
	return words.T(ctx, "This consent ran out on %s.", on)
}

// askWhetherEnded is the action that asks the bank whether it has ended there, where
// that is open.
func (view consentView) askWhetherEnded() string {
	switch {
	case view.Provisional():
		return "/refresh"
	case view.Acknowledgement == storage.AckUnconfirmed:
		return "/ask"
	}
	return ""
}

// acknowledgementWords says whether the bank knows, where that is not plain.
func (view consentView) acknowledgementWords(ctx context.Context) string {
	bank := view.BankName
	if view.Provisional() {
		return words.T(ctx, "Nothing is read under it meanwhile.")
	}
	switch view.Acknowledgement {
	case storage.AckConfirmed:
		return words.T(ctx, "%s knows.", bank)
	case storage.AckPending:
		return words.T(ctx, "Consentry stopped using it at once. %s has not confirmed the end yet; it is told again as soon as it can be reached.", bank)
	case storage.AckUnconfirmed:
		return view.standsWords(ctx)
	case storage.AckRefused:
		return sentences(view.standsWords(ctx), sentence(reasonWords(ctx, view.AckError)), words.T(ctx, "You can also end it in your online bank."))
	}
	switch view.End {
	case storage.EndRejected, storage.EndGivenUp:
		return words.T(ctx, "Nothing was shared.")
	case storage.EndRefused, storage.EndUnknown:
		return words.T(ctx, "Consentry has stopped using it.")
	}
	return ""
}

// standsWords says until when a consent that ended here may go on at the bank.
func (view consentView) standsWords(ctx context.Context) string {
	return words.T(ctx, "Consentry stopped using it at once, but at %s it may stand until %s.", view.BankName, ui.DateWords(ctx, lastDay(view.Consent)))
}

// dataWords says what became of what was read.
func (view consentView) dataWords(ctx context.Context) string {
	switch {
	case view.Provisional():
		return words.T(ctx, "“%s” asks it. If the clock is wrong, set it right: then the consent continues automatically. If it is right, the end is taken over when a bank’s clock agrees, or a day later.", checkEndLabel)
	case !view.ErasedAt.IsZero():
		return sentences(words.T(ctx, "What was read under it was erased from this machine on %s.", ui.DateWords(ctx, view.ErasedAt)),
			view.staysWords(ctx), leftStays(ctx, view.Left))
	case view.Erasing:
		return words.T(ctx, "What was read under it is being erased.")
	case len(view.Accounts) > 0:
		return sentences(view.accountsWords(ctx), view.leftWords(ctx))
	}
	return view.leftWords(ctx)
}

// accountsWords say which accounts of an ended consent go on under another one, and
// which do not.
func (view consentView) accountsWords(ctx context.Context) string {
	var on, over []storage.Account
	for _, account := range view.Accounts {
		if view.Updated[account.ID] {
			on = append(on, account)
		} else {
			over = append(over, account)
		}
	}
	switch {
	case view.Awaited:
		return words.T(ctx, "What was read before stays. Which of your accounts go on with it shows when it has been read.")
	case len(over) == 0 && view.End == storage.EndReplaced:
		return words.T(ctx, "Your accounts go on with it, with all that was read before.")
	case len(over) == 0:
		return words.T(ctx, "Your accounts go on under another consent, with all that was read before.")
	case len(on) == 0:
		return words.T(ctx, "What was read under it stays on this machine and is not updated any more.")
	}
	return sentences(
		words.N(ctx, len(on), "%[2]s goes on under another consent, with all that was read before.", "%[2]s go on under another consent, with all that was read before.", accountNames(ctx, on)),
		words.N(ctx, len(over), "%[2]s does not: what was read of it stays on this machine and is not updated any more.",
			"%[2]s do not: what was read of them stays on this machine and is not updated any more.", accountNames(ctx, over)))
}

// leftWords name the accounts that it left behind; of a replaced one the page of the one
// in its place does.
func (view consentView) leftWords(ctx context.Context) string {
	if view.End == storage.EndReplaced {
		return ""
	}
	return leftStays(ctx, view.Left)
}

// staysWords name the accounts that were not erased, as another consent reaches them.
func (view consentView) staysWords(ctx context.Context) string {
	if len(view.Accounts) == 0 {
		return ""
	}
	return words.N(ctx, len(view.Accounts), "%[2]s stayed: another consent reached it.", "%[2]s stayed: another consent reached them.", accountNames(ctx, view.Accounts))
}

// erasedWith counts the accounts of which what was read under it was erased with
// another consent's data.
func (view consentView) erasedWith() (n int) {
	for _, event := range view.Events {
		if event.Kind == storage.EventErasedWith {
			n += event.Accounts
		}
	}
	return n
}

// erasable reports whether data read under an ended consent can still go.
func (view consentView) erasable() bool {
	return view.Ended() && view.ErasedAt.IsZero() && !view.Erasing && view.Erasure.Accounts > 0
}

// sentences puts those that are not empty one behind the other.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(one string) bool { return one == "" }), " ")
}

// sentence makes words that come from elsewhere end like one.
func sentence(said string) string {
	said = strings.TrimSpace(said)
	if said == "" || strings.HasSuffix(said, ".") {
		return said
	}
	return said + "."
}
