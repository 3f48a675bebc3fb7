package frontend

import (
	"context"
	"strings"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// newStatus is the status that a line of the history brought; empty where it
// was the same before. The latest line is the first.
func (view consentView) newStatus(ctx context.Context, i int) string {
	status := view.Events[i].Status
	if i+1 < len(view.Events) && view.Events[i+1].Status == status || status == "" {
		return ""
	}
	return " · " + words.T(ctx, "“%s”", status)
}

func sourceWord(source storage.Source) words.Text {
	switch source {
	case storage.FromBank:
		return "the bank said"
	case storage.FromPerson:
		return "you did"
	case storage.FromProgram:
		return "Consentry found"
	}
	return "time passed"
}

// approachWord says where an attempt to approve took place, with the field's
// own word (BG 1.3.12 section 5.1).
func approachWord(ctx context.Context, attempt storage.Authorisation) string {
	switch approach := strings.ToLower(attempt.Approach); approach {
	case "":
		return words.T(ctx, "Approval")
	case "redirect", "oauth":
		return words.T(ctx, "On the bank’s page (%s)", approach)
	case "decoupled":
		return words.T(ctx, "On another device (%s)", approach)
	case "embedded":
		return words.T(ctx, "Here, with your login at the bank (%s)", approach)
	}
	return words.T(ctx, "Approval (%s)", attempt.Approach)
}

// attemptWord says the same, and of the approval of an end that it is one.
func attemptWord(ctx context.Context, attempt storage.Authorisation) string {
	switch attempt.Subject.Kind {
	case storage.SubjectDeletion:
		return words.T(ctx, "Deletion: %s", approachWord(ctx, attempt))
	case storage.SubjectCancellation:
		return words.T(ctx, "Cancellation: %s", approachWord(ctx, attempt))
	}
	return approachWord(ctx, attempt)
}

// outcomeWord says how an attempt to approve ended.
func outcomeWord(attempt storage.Authorisation) (ui.Tone, words.Text) {
	switch attempt.Outcome {
	case "":
		return ui.Info, "Open"
	case storage.Succeeded:
		if attempt.Subject.Kind == storage.SubjectDeletion {
			return ui.Good, "Done"
		}
		return ui.Good, "Approved"
	case storage.Partial:
		return ui.Info, "Your part done"
	case storage.Denied:
		return ui.Neutral, "Declined"
	case storage.Expired:
		return ui.Neutral, "Timed out"
	case storage.GivenUp:
		return ui.Neutral, "Approval cancelled"
	case storage.Replaced:
		return ui.Neutral, "Started again"
	case storage.Misled:
		return ui.Bad, "The bank led elsewhere"
	}
	return ui.Bad, "Ended by the bank"
}

// scaWords is the SCA status of an attempt as the bank told it last.
func scaWords(ctx context.Context, attempt storage.Authorisation) string {
	if attempt.SCAStatus == "" {
		return words.T(ctx, "no SCA status told")
	}
	return words.T(ctx, "SCA status %s", attempt.SCAStatus)
}
