package frontend

import (
	"context"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// eventWords put a line of a consent's history into a sentence. It is made each
// time it is shown: nothing but people reads it.
func eventWords(ctx context.Context, e storage.ConsentEvent) string {
	switch e.Kind {
	case storage.EventAsked:
		return words.T(ctx, "You asked for this consent")
	case storage.EventStatus:
		return bankSays(ctx, e.Status)
	case storage.EventLastDay:
		return words.T(ctx, "The bank changed its last day from %s to %s", dayInWords(ctx, e.Before), dayInWords(ctx, e.Day))
	case storage.EventFrequency:
		return words.N(ctx, e.Number, "The bank changed the automatic updates from %[2]d to %[1]d time a day",
			"The bank changed the automatic updates from %[2]d to %[1]d times a day", e.Former)
	case storage.EventLeftOut:
		return words.T(ctx, "The bank sent accounts you did not name; they were left out: %d", e.Number)
	case storage.EventSchedule:
		return scheduleEventWords(ctx, e.Number)
	case storage.EventRenewalDue:
		return words.N(ctx, e.Number, "%d day has passed since you approved it: Consentry updates nothing automatically any more",
			"%d days have passed since you approved it: Consentry updates nothing automatically any more")
	case storage.EventErased:
		return erasedWords(ctx, e)
	case storage.EventErasedWith:
		return words.N(ctx, e.Accounts, "You erased what was fetched under another consent, and with it %d account of this one",
			"You erased what was fetched under another consent, and with it %d accounts of this one")
	case storage.EventNote:
		return e.Text
	}
	return endEventWords(ctx, e)
}

// endEventWords put into words what belongs to the end of a consent.
func endEventWords(ctx context.Context, e storage.ConsentEvent) string {
	switch e.Kind {
	case storage.EventRanOut:
		return words.T(ctx, "Its last day, %s, has passed", dayInWords(ctx, e.Day))
	case storage.EventNeverApproved:
		return words.T(ctx, "It was never approved, and its last day, %s, has passed", dayInWords(ctx, e.Day))
	case storage.EventOverruled:
		return words.T(ctx, "The bank says that it is valid; by this machine’s clock its last day has passed")
	case storage.EventRefusedExpired:
		return words.T(ctx, "The bank refused a read: the consent has expired")
	case storage.EventRefusedUnknown:
		return words.T(ctx, "The bank says it knows no such consent")
	case storage.EventRefusedInvalid:
		return words.T(ctx, "The bank refuses every read: it does not accept the consent any more")
	case storage.EventWithdrawn:
		return words.T(ctx, "You withdrew it")
	case storage.EventGivenUp:
		return words.T(ctx, "You cancelled the request before it was approved")
	case storage.EventReplaced:
		return words.T(ctx, "A newer consent took its place")
	case storage.EventEndedForNewer:
		return words.T(ctx, "The bank ended it when you approved the newer one")
	case storage.EventGivenAnew:
		return words.T(ctx, "You gave a new consent in its place")
	case storage.EventAcknowledged:
		return words.T(ctx, "The bank confirms that it has ended")
	case storage.EventUnconfirmed:
		return unconfirmedWords(ctx, e)
	case storage.EventAckRefused:
		return words.T(ctx, "The bank did not take the withdrawal: %s", eventReason(ctx, e))
	case storage.EventAckFailed:
		return words.T(ctx, "The bank could not be told yet: %s", eventReason(ctx, e))
	}
	return words.T(ctx, "Something this version of Consentry has no words for (%s)", string(e.Kind))
}

// eventReason is why a bank did not take the word of an end.
func eventReason(ctx context.Context, e storage.ConsentEvent) string {
	if e.Because != nil {
		return reasonWords(ctx, *e.Because)
	}
	return e.Reason // of an older version
}

func unconfirmedWords(ctx context.Context, e storage.ConsentEvent) string {
	var said words.Text = "The bank has not ended it yet"
	if e.Approve {
		said = "The bank wants you to approve the deletion before it ends it"
	}
	if e.Reason != "" {
		return words.T(ctx, "%s: “%s”", said, e.Reason)
	}
	return words.T(ctx, said)
}

// deletionWords say what a bank wants that took the word of an end and has not
// ended the consent.
func deletionWords(ctx context.Context, c storage.Consent) string {
	said := words.T(ctx, "%s has not ended it yet, and does not say what it waits for.", c.BankName)
	if c.Deletion.Approve() {
		said = words.T(ctx, "%s wants you to approve the deletion.", c.BankName)
	}
	if c.Deletion.Message != "" {
		return words.T(ctx, "%s It says: “%s”", said, c.Deletion.Message)
	}
	return said
}

func scheduleEventWords(ctx context.Context, perDay int) string {
	switch perDay {
	case 0:
		return words.T(ctx, "You stopped Consentry from updating automatically")
	case 1:
		return words.T(ctx, "You let Consentry update automatically once a day")
	}
	return words.N(ctx, perDay, "You let Consentry update automatically %d time a day", "You let Consentry update automatically %d times a day")
}

func erasedWords(ctx context.Context, e storage.ConsentEvent) string {
	said := words.T(ctx, "You erased what was fetched under it")
	if e.Accounts > 0 { // none are left where a crash came after their erasing
		said = words.T(ctx, "%s: %s", said, erasureWords(ctx, e.Accounts, e.Transactions))
	}
	if e.Kept > 0 {
		said = words.T(ctx, "%s; %s", said, words.N(ctx, e.Kept, "%d account stayed, since another consent reaches it",
			"%d accounts stayed, since another consent reaches them"))
	}
	return said
}

// erasureWords name what an erasing takes.
func erasureWords(ctx context.Context, accounts, transactions int) string {
	return words.T(ctx, "%s with %s", words.N(ctx, accounts, "%d account", "%d accounts"), words.N(ctx, transactions, "%d transaction", "%d transactions"))
}

// bankSays is the line in a consent's history for a status the bank told.
func bankSays(ctx context.Context, status xs2a.ConsentStatus) string {
	switch status {
	case xs2a.ConsentReceived:
		return words.T(ctx, "The bank took the request")
	case xs2a.ConsentValid:
		return words.T(ctx, "You approved it at the bank")
	case xs2a.ConsentRejected:
		return words.T(ctx, "It was declined at the bank")
	case xs2a.ConsentRevokedByPSU:
		return words.T(ctx, "You revoked it at the bank")
	case xs2a.ConsentExpired:
		return words.T(ctx, "The bank says it has expired")
	case xs2a.ConsentTerminatedByTPP:
		return words.T(ctx, "The bank confirms that it was withdrawn")
	}
	return words.T(ctx, "The bank says “%s”", string(status))
}
