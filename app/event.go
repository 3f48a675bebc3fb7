package app

import (
	"fmt"

	"consentry/storage"
	"consentry/xs2a"
)

// EventWords put a line of a consent's history into a sentence. It is made each
// time it is shown: nothing but people reads it.
func EventWords(e storage.ConsentEvent) string {
	switch e.Kind {
	case storage.EventAsked:
		return "You asked for this permission"
	case storage.EventStatus:
		return bankSays(e.Status)
	case storage.EventLastDay:
		return "The bank changed its last day from " + dayInWords(e.Before) + " to " + dayInWords(e.Day)
	case storage.EventFrequency:
		return fmt.Sprintf("The bank changed how often it may be used without you from %d to %s a day", e.Former, Count(e.Number, "time", "times"))
	case storage.EventLeftOut:
		return fmt.Sprintf("The bank sent accounts you did not name; they were left out: %d", e.Number)
	case storage.EventSchedule:
		return scheduleWords(e.Number)
	case storage.EventRenewalDue:
		return Count(e.Number, "day has", "days have") + " passed since you approved it: Consentry fetches no more without you"
	case storage.EventErased:
		return erasedWords(e)
	case storage.EventNote:
		return e.Text
	}
	return endWords(e)
}

// endWords put into words what belongs to the end of a consent.
func endWords(e storage.ConsentEvent) string {
	switch e.Kind {
	case storage.EventRanOut:
		return "Its last day, " + dayInWords(e.Day) + ", has passed"
	case storage.EventNeverApproved:
		return "It was never approved, and its last day, " + dayInWords(e.Day) + ", has passed"
	case storage.EventOverruled:
		return "The bank says that it is valid; by this machine’s clock its last day has passed"
	case storage.EventRefusedExpired:
		return "The bank refused a read: the permission has expired"
	case storage.EventRefusedUnknown:
		return "The bank says it knows no such permission"
	case storage.EventRefusedInvalid:
		return "The bank refuses every read: it does not accept the permission any more"
	case storage.EventWithdrawn:
		return "You withdrew it"
	case storage.EventGivenUp:
		return "You gave it up before it was approved"
	case storage.EventReplaced:
		return "A newer permission took its place"
	case storage.EventEndedForNewer:
		return "The bank ended it when you approved the newer one"
	case storage.EventGivenAnew:
		return "You gave a new permission in its place"
	case storage.EventTold:
		return "The bank confirms that it has ended"
	case storage.EventUnconfirmed:
		return unconfirmedWords(e)
	case storage.EventTellRefused:
		return "The bank did not take the withdrawal: " + e.Reason
	case storage.EventTellFailed:
		return "The bank could not be told yet: " + e.Reason
	}
	return "Something this version of Consentry has no words for (" + string(e.Kind) + ")"
}

func unconfirmedWords(e storage.ConsentEvent) string {
	words := "The bank has not ended it yet"
	if e.Approve {
		words = "The bank wants you to approve the deletion before it ends it"
	}
	if e.Reason != "" {
		words += ": “" + e.Reason + "”"
	}
	return words
}

func scheduleWords(perDay int) string {
	switch perDay {
	case 0:
		return "You stopped Consentry from fetching by itself"
	case 1:
		return "You let Consentry fetch by itself once a day"
	}
	return "You let Consentry fetch by itself " + Count(perDay, "time", "times") + " a day"
}

func erasedWords(e storage.ConsentEvent) string {
	words := "You erased what was fetched under it"
	if e.Accounts > 0 { // none are left where a crash came after their erasing
		words += ": " + Count(e.Accounts, "account", "accounts") + " with " + Count(e.Entries, "transaction", "transactions")
	}
	if e.Kept > 0 {
		words += "; " + Count(e.Kept, "account", "accounts") + " stayed, since another permission reaches " + itOrThem(e.Kept)
	}
	return words
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// bankSays is the line in a consent's history for a status the bank told.
func bankSays(status xs2a.ConsentStatus) string {
	switch status {
	case xs2a.ConsentReceived:
		return "The bank took the request"
	case xs2a.ConsentValid:
		return "You approved it at the bank"
	case xs2a.ConsentRejected:
		return "It was rejected at the bank"
	case xs2a.ConsentRevokedByPSU:
		return "You revoked it at the bank"
	case xs2a.ConsentExpired:
		return "The bank says it has expired"
	case xs2a.ConsentTerminatedByTPP:
		return "The bank confirms that it was withdrawn"
	}
	return "The bank says “" + string(status) + "”"
}
