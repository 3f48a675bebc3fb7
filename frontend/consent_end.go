package frontend

import (
	"strings"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
)

// endNotice says of a permission that is over how it ended, whether the bank
// knows, and what became of the data.
func (view consentView) endNotice() ui.Notice {
	notice := ui.Notice{
		ID: "ended", Tone: ui.Neutral, Title: view.endTitle(),
		Lost: view.toldWords(), Next: view.dataWords(),
	}
	switch {
	case view.Told == storage.BankRefused:
		notice.Tone = ui.Bad
	case view.Provisional(), view.Told == storage.TellingBank, view.Told == storage.BankUnconfirmed, view.End == storage.EndRefused, view.End == storage.EndUnknown:
		notice.Tone = ui.Warn
	}
	if view.Told == storage.BankUnconfirmed {
		notice.Next = strings.TrimSpace(app.DeletionWords(view.Consent) + " " + notice.Next)
	}
	notice.Next = strings.TrimSpace(notice.Next + " " + view.unconfirmedWords())
	if view.Failure != nil {
		notice.Detail = view.Failure.Detail
	}
	return notice
}

// What can be done about an end the bank has not confirmed.
const (
	checkEndLabel = "Check with the bank"
	approveLabel  = "Approve the deletion"
	tellLabel     = "Send the withdrawal again"
)

// unconfirmedWords say what each of the ways does.
func (view consentView) unconfirmedWords() string {
	tell := "“" + tellLabel + "” tells the bank once more to end it."
	switch view.Told {
	case storage.BankUnconfirmed:
		if view.toApprove() {
			return "“" + approveLabel + "” sends the withdrawal once more and goes through the approval here, as when you gave the permission. “" + checkEndLabel + "” asks whether it has ended there, and changes nothing."
		}
		return "“" + checkEndLabel + "” asks whether it has ended there, and changes nothing. " + tell
	case storage.BankRefused:
		return tell
	}
	return ""
}

// endedWord names the day of the end: one that the bank has not confirmed is an
// end here alone.
func (line *consentLine) endedWord() string {
	switch line.Told {
	case storage.BankUnconfirmed, storage.BankRefused, storage.TellingBank:
		return "Ended here"
	}
	return "Ended"
}

// endTitle is how it ended, in one sentence.
func (view consentView) endTitle() string {
	bank, on := view.BankName, " on "+ui.DateText(view.endedAt())
	if view.Provisional() {
		return "By this machine’s clock it ended" + on + "; not confirmed by the bank."
	}
	switch view.End {
	case storage.EndWithdrawn:
		if view.Told == storage.BankRefused || view.Told == storage.BankUnconfirmed {
			return "You withdrew this permission" + on + "; " + bank + " has not confirmed that."
		}
		return "You withdrew this permission" + on + "."
	case storage.EndGivenUp:
		return "You gave this permission up" + on + ", before it was approved."
	case storage.EndRejected:
		return "This permission was refused at " + bank + on + "."
	case storage.EndRevoked:
		return "This permission was ended at " + bank + on + "."
	case storage.EndReplaced:
		return "A newer permission took the place of this one" + on + "."
	case storage.EndRefused:
		return bank + " has not accepted this permission any more since " + ui.DateText(view.endedAt()) + "."
	case storage.EndUnknown:
		return bank + " says that it knows of no such permission."
	}
	if neverApproved(view.Consent) {
		return "This was never approved, and its last day has passed" + on + "."
	}
	return "This permission ran out" + on + "."
}

// askWhetherEnded is the action that asks the bank whether it has ended there, where
// that is open.
func (view consentView) askWhetherEnded() string {
	switch {
	case view.Provisional():
		return "/refresh"
	case view.Told == storage.BankUnconfirmed:
		return "/ask"
	}
	return ""
}

// toldWords reports whether the bank knows, where that is not plain.
func (view consentView) toldWords() string {
	bank := view.BankName
	if view.Provisional() {
		return "Nothing is read under it meanwhile."
	}
	switch view.Told {
	case storage.ToldBank:
		return bank + " knows."
	case storage.TellingBank:
		return "Consentry stopped using it at once. " + bank + " has not confirmed the end yet; it is told again as soon as it can be reached."
	case storage.BankUnconfirmed:
		return "Consentry stopped using it at once, but at " + bank + " it may stand until " + ui.DateText(lastDay(view.Consent)) + "."
	case storage.BankRefused:
		return strings.TrimSpace("Consentry stopped using it at once, but at "+bank+" it may stand until "+ui.DateText(lastDay(view.Consent))+". "+sentence(view.ToldError)) +
			" You can also end it in your online bank."
	}
	switch view.End {
	case storage.EndRejected, storage.EndGivenUp:
		return "Nothing was shared."
	case storage.EndRefused, storage.EndUnknown:
		return "Consentry has stopped using it."
	}
	return ""
}

// dataWords says what became of what was read.
func (view consentView) dataWords() string {
	switch {
	case view.Provisional():
		return "“" + checkEndLabel + "” asks it. If the clock is wrong, set it right: then the permission goes on by itself. If it is right, the end is taken over when a bank’s clock agrees, or a day later."
	case !view.ErasedAt.IsZero():
		return "What was read under it was erased from this machine on " + ui.DateText(view.ErasedAt) + "."
	case view.Erasing:
		return "What was read under it is being erased."
	case view.End == storage.EndReplaced && len(view.Accounts) > 0:
		return "Your accounts go on with it, with all that was read before."
	case len(view.Accounts) > 0:
		return "What was read under it stays on this machine and is not updated any more."
	}
	return ""
}

// erasable reports whether data read under an ended permission can still go.
func (view consentView) erasable() bool {
	return view.Ended() && view.ErasedAt.IsZero() && !view.Erasing && view.Erasure.Accounts > 0
}

// sentence makes words that come from elsewhere end like one.
func sentence(words string) string {
	words = strings.TrimSpace(words)
	if words == "" || strings.HasSuffix(words, ".") {
		return words
	}
	return words + "."
}

func lower(words string) string { return strings.ToLower(words) }
