package frontend

import (
	"context"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// consentFact is one thing a row says of a consent, in two short lines.
type consentFact struct{ Main, More string }

// facts are what a row says beside the name: until when, how often used, last
// read. One that does not apply is empty, so that the columns stay.
func (line *consentLine) facts(ctx context.Context) []consentFact {
	return []consentFact{line.untilFact(ctx), line.usedFact(ctx), line.readFact(ctx)}
}

// untilFact is until when a consent lasts, or when and why it ended.
func (line *consentLine) untilFact(ctx context.Context) consentFact {
	last := ui.DateWords(ctx, lastDay(line.Consent))
	left := inDays(ctx, lastDay(line.Consent), line.Now)
	switch {
	case line.Ended() && endedHereAlone(line.Consent):
		return consentFact{words.T(ctx, "Ended here %s", ui.DateWords(ctx, line.EndedOn())), words.T(ctx, line.endFact())}
	case line.Ended():
		return consentFact{words.T(ctx, "Ended %s", ui.DateWords(ctx, line.EndedOn())), words.T(ctx, line.endBy())}
	case line.State.Live && line.State.Tone == ui.Warn:
		return consentFact{words.T(ctx, "Renew by %s", last), left}
	case line.State.Live && line.Recurring:
		return consentFact{words.T(ctx, "Until %s", last), left}
	case line.State.Live:
		return consentFact{words.T(ctx, "Until %s", last), words.T(ctx, "for one-off access")}
	case line.State.Open:
		return consentFact{words.T(ctx, "Asked for %s", ui.DateWords(ctx, line.CreatedAt)), words.T(ctx, "until %s", last)}
	}
	return consentFact{words.T(ctx, "Ended %s", last), words.T(ctx, line.endBy())}
}

// endFact says of an end here alone how far the bank is.
func (line *consentLine) endFact() words.Text {
	if line.Acknowledgement == storage.AckPending {
		return "the bank is being told"
	}
	return "the bank has not confirmed it"
}

// endBy says whose doing the end was.
func (line *consentLine) endBy() words.Text {
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

// endWords says of a consent that is over when it ended and whose doing that was.
func (line *consentLine) endWords(ctx context.Context) string {
	on := lastDay(line.Consent)
	if line.Ended() {
		on = line.EndedOn()
	}
	if line.Ended() && endedHereAlone(line.Consent) {
		return words.T(ctx, "Ended here on %s: %s", ui.DateWords(ctx, on), line.endBy())
	}
	return words.T(ctx, "Ended on %s: %s", ui.DateWords(ctx, on), line.endBy())
}

// usedFact is how often a consent was used today without the person and,
// where that is as often as it may be, when it may again.
func (line *consentLine) usedFact(ctx context.Context) consentFact {
	if line.Quota.Limit == 0 {
		return consentFact{}
	}
	used := quotaWords(ctx, line.Quota.Used, line.Quota.Limit)
	if next := line.Quota.NextAt; next.After(line.Now) {
		return consentFact{used, words.T(ctx, "next %s", ui.MomentText(ctx, next))}
	}
	return consentFact{used, words.T(ctx, "in 24 hours")}
}

// quotaWords put reads without the person into words: 2 of 4 used.
func quotaWords(ctx context.Context, used, limit int) string {
	return words.T(ctx, "%d of %d used", used, limit)
}

// readFact is the last access to data and whose wish it was.
func (line *consentLine) readFact(ctx context.Context) consentFact {
	switch {
	case !line.ReadAt.IsZero():
		return consentFact{words.T(ctx, "Read %s", ui.MomentText(ctx, line.ReadAt)), words.T(ctx, attendedWord(line.ReadAttended))}
	case line.State.Live:
		return consentFact{Main: words.T(ctx, "Not read yet")}
	}
	return consentFact{}
}

// attendedWord says who asked for a read.
func attendedWord(attended bool) words.Text {
	if attended {
		return "you asked"
	}
	return "automatically"
}
