package frontend

import (
	"context"
	"fmt"

	"consentry/frontend/ui"
	"consentry/storage"
)

// consentFact is one thing a row says of a permission, in two short lines.
type consentFact struct{ Main, More string }

// facts are what a row says beside the name: until when, how often used, last
// read. One that does not apply is empty, so that the columns stay.
func (line *consentLine) facts(ctx context.Context) []consentFact {
	return []consentFact{line.untilFact(), line.usedFact(ctx), line.readFact(ctx)}
}

// untilFact is until when a permission lasts, or when and why it ended.
func (line *consentLine) untilFact() consentFact {
	last := lastDay(line.Consent)
	switch {
	case line.Ended():
		return consentFact{line.endedWord() + " " + ui.DateText(line.EndedOn()), line.endFact()}
	case line.State.Live && line.State.Tone == ui.Warn:
		return consentFact{"Renew by " + ui.DateText(last), inDays(last, line.Now)}
	case line.State.Live && line.Recurring:
		return consentFact{"Until " + ui.DateText(last), inDays(last, line.Now)}
	case line.State.Live:
		return consentFact{"Until " + ui.DateText(last), "for one look"}
	case line.State.Open:
		return consentFact{"Asked for " + ui.DateText(line.CreatedAt), "until " + ui.DateText(last)}
	}
	return consentFact{"Ended " + ui.DateText(last), line.endBy()}
}

// endFact says whose doing the end was, and that the bank may not know of it.
func (line *consentLine) endFact() string {
	switch line.Told {
	case storage.BankRefused, storage.BankUnconfirmed:
		return "the bank has not confirmed it"
	case storage.TellingBank:
		return "the bank is being told"
	}
	return line.endBy()
}

// endBy says whose doing the end was.
func (line *consentLine) endBy() string {
	switch {
	case line.Provisional():
		return "by this machine’s clock"
	case neverApproved(line.Consent):
		return "it was never approved"
	case !line.Ended(): // its last day has just passed
		return endByWords(storage.EndExpired)
	}
	return endByWords(line.End)
}

// usedFact is how often a permission was used today without the person and,
// where that is as often as it may be, when it may again.
func (line *consentLine) usedFact(ctx context.Context) consentFact {
	if line.Quota.Limit == 0 {
		return consentFact{}
	}
	used := quotaWords(line.Quota.Used, line.Quota.Limit)
	if next := line.Quota.NextAt; next.After(line.Now) {
		return consentFact{used, "next " + ui.MomentText(ctx, next)}
	}
	return consentFact{used, "in 24 hours"}
}

// quotaWords put reads without the person into words: 2 of 4 used.
func quotaWords(used, limit int) string { return fmt.Sprintf("%d of %d used", used, limit) }

// readFact is the last access to data and whose wish it was.
func (line *consentLine) readFact(ctx context.Context) consentFact {
	switch {
	case !line.ReadAt.IsZero():
		return consentFact{"Read " + ui.MomentText(ctx, line.ReadAt), attendedWord(line.ReadAttended)}
	case line.State.Live:
		return consentFact{Main: "Not read yet"}
	}
	return consentFact{}
}

// attendedWord says who asked for a read.
func attendedWord(attended bool) string {
	if attended {
		return "you asked"
	}
	return "by itself"
}
