package frontend

import (
	"consentry/app/sca"
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
	kept    string   // until when a login is kept
	resume  string   // path to begin once more
	again   string   // path to where it is asked for
}

// words returns those for what the flow is about.
func (v linkingView) words() approvalWords { return approvalWordsOf(v.Flow) }

func approvalWordsOf(flow sca.Flow) approvalWords {
	bank := flow.Consent.BankName
	if flow.Subject.Kind == storage.SubjectDeletion {
		return approvalWords{
			section: SectionConsents, title: "End the permission at " + bank, sub: "End a permission",
			steps: []string{"Ended here", "At the bank", "Done"}, begun: 0, bank: 1,
			waits: "You can close this window: it has ended here, and you can approve the deletion later.",
			task:  "approve that the permission ends",
			lost:  "The permission has ended here, and nothing is read any more; " + bank + " goes on holding it to be valid.",
			retry: "You can approve the deletion at any time.", leave: "Not now", left: "You left this for later.", kept: "until the bank has ended the permission",
			unsent: "The permission has ended here, and nothing is read any more.", another: "Try again in a minute.",
			done:   bank + " has ended the permission.",
			resume: consentPath(flow.Consent.ID) + "/deletion", again: consentPath(flow.Consent.ID),
		}
	}
	words := approvalWords{
		section: SectionBanks, title: "Link " + bank, sub: "Link a bank",
		steps: linkSteps, begun: stepShare, bank: stepBank,
		waits: "You can close this window: the permission waits here and you can go on later.",
		task:  "approve the permission",
		lost:  "Nothing was shared.", retry: "You can ask again at any time.", leave: "Give up", left: "You gave this up.", kept: "until the permission ends",
		unsent:  "Nothing was shared: a permission is worth nothing before you approve it.",
		another: "Try again in a minute. The bank is asked for the same permission, not for a second one.",
		done:    bank + " is linked.",
		resume:  consentPath(flow.Consent.ID) + "/resume", again: bankPath(flow.Consent.EnvironmentID, flow.Consent.BIC) + "/share",
	}
	if flow.Consent.Renews != "" {
		words.sub, words.again = "Renew or change a permission", renewPath(flow.Consent.Renews)
		words.done = "Your permission at " + bank + " is renewed."
	}
	return words
}

// deletes reports whether what is approved is that a permission ends at the bank.
func (v linkingView) deletes() bool { return v.Subject.Kind == storage.SubjectDeletion }
