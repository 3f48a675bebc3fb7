package frontend

import (
	"context"
	"errors"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// failureWords are what a failure says to a person: what happened, whether
// anything was lost, and what to do now.
type failureWords struct{ What, Lost, Next string }

// asFailure returns the failure that an error holds.
func asFailure(err error) (failed *app.Error, known bool) {
	known = errors.As(err, &failed)
	return failed, known
}

// sayFailure puts a failure into words.
func sayFailure(ctx context.Context, e *app.Error) failureWords {
	said := sayings[e.Code]
	w := failureWords{What: reasonWords(ctx, e.Reason), Lost: words.T(ctx, said.lost), Next: words.T(ctx, said.next)}
	if said.left != nil {
		w.Lost = said.left(ctx, e.Reason)
	}
	if said.why && e.Because != nil {
		w.Next = reasonWords(ctx, *e.Because)
	}
	if said.again != nil {
		w.Next = said.again(ctx, e.Reason)
	}
	if lost, known := effects[e.Effect]; known {
		w.Lost = words.T(ctx, lost)
	}
	if e.Effect == failure.PaymentMayBeTaken { // to try once more is no advice
		w.Next = words.T(ctx, "Look in your online bank whether it is there, before you have it sent again.")
	}
	if e.Effect == failure.OutcomeUnknown {
		w.Next = words.T(ctx, "See here what the bank says of it now, before you do it again.")
	}
	return w
}

// FailureWords says what happened, and what to do, in one line: for who reads no screen.
func FailureWords(ctx context.Context, e *app.Error) string {
	said := sayFailure(ctx, e)
	return sentences(said.What, said.Next)
}

// failureTold is a failure as a notice.
func failureTold(ctx context.Context, id string, e *app.Error) ui.Notice {
	said := sayFailure(ctx, e)
	return ui.Notice{ID: id, Tone: ui.Bad, Title: said.What, Lost: said.Lost, Next: said.Next, Detail: e.Detail}
}

// wrongField reports whether something is wrong with a field of a form.
func wrongField(failed *app.Error, field string) bool {
	return failed != nil && failed.Fields[field].Given()
}

// fieldWords says what is wrong with a field of a form; empty where nothing is.
func fieldWords(ctx context.Context, failed *app.Error, field string) string {
	if !wrongField(failed, field) {
		return ""
	}
	reason := failed.Fields[field]
	said := sayings[reason.Code]
	switch {
	case said.why && reason.Because != nil:
		return words.T(ctx, "%s %s", reasonWords(ctx, reason), reasonWords(ctx, *reason.Because))
	case said.field:
		return words.T(ctx, "%s %s", reasonWords(ctx, reason), said.next)
	}
	return reasonWords(ctx, reason)
}

// reasonWords say what happened, in a sentence.
func reasonWords(ctx context.Context, r storage.Reason) string {
	if r.Code == storage.ReasonText {
		return r.Text
	}
	said, known := sayings[r.Code]
	switch {
	case !r.Given():
		return ""
	case !known: // of a later version
		return words.T(ctx, "Something this version of Consentry has no words for (%s)", r.Code)
	case said.whole != nil:
		return said.whole(ctx, r)
	case said.of && r.Because != nil && !said.why: // which is told beside it
		return words.T(ctx, said.what, whose(ctx, r), reasonWords(ctx, *r.Because))
	case said.of:
		return words.T(ctx, said.what, whose(ctx, r))
	}
	return words.T(ctx, said.what)
}

// whose names who said or did what a reason is about.
func whose(ctx context.Context, r storage.Reason) string {
	switch {
	case r.Who == failure.TheDirectory && r.Name != "":
		return words.T(ctx, "The bank directory of “%s”", r.Name)
	case r.Who == failure.TheDirectory:
		return words.T(ctx, "The bank directory")
	case r.Who == failure.TheInterface:
		return words.T(ctx, "The interface")
	case r.Bank == "":
		return words.T(ctx, "The bank")
	}
	return r.Bank
}

var effects = map[failure.Effect]words.Text{
	failure.NothingChanged: "Nothing was changed.",
	failure.NothingShared:  "Nothing was shared.",
	failure.NothingSaved:   "Nothing was saved.",
	failure.NothingSent:    nothingSent,
	failure.NothingPaid:    "Nothing is paid.",

	failure.PaymentNotSent:    "It did not leave: nothing is paid.",
	failure.PaymentMayBeTaken: "It was sent, and nobody knows whether the bank has it. Nothing is sent again automatically.",
	failure.OutcomeUnknown:    "It was sent, and no answer said what became of it.",
	failure.NothingTaken:      "Nothing was taken over.",
}
