package frontend

import (
	"context"
	"slices"

	"consentry/frontend/words"
)

// practiceNotes are what the practice banks say of themselves to those who practise, and so are said in the reader's language.
var practiceNotes = []words.Text{
	"redirect, started by the bank; payments are cancelled at once",
	"redirect, started by the TPP; payments cannot be cancelled; a withdrawal has to be approved",
	"redirect, then a confirmation code",
	"redirect, two people have to sign",
	"no SCA: exempted at once",
	"OAuth, metadata by RFC 8414",
	"OAuth, metadata by openid-configuration",
	"OAuth, the link has no host; a withdrawal has to be approved",
	"OAuth, a ready-made address",
	"OAuth, a ready-made address in camel case",
	"OAuth, a blank in the scope",
	"OAuth, the link comes later",
	"OAuth before the consent, then a code",
	"client token before the consent, then redirect",
	"decoupled, a message only",
	"decoupled, data for a QR code; a withdrawal has to be approved",
	"decoupled, an image of the QR code",
	"decoupled, approved by itself at the third look",
	"decoupled, nobody answers: fails after half a minute",
	"embedded: name, password, choice of method, code",
	"embedded: password, one method",
	"embedded: password alone; a withdrawal has to be approved",
	"embedded: encrypted password, a picture",
	"embedded: the start carries the password",
	"embedded: the start carries the encrypted password",
	"embedded, two people have to sign",
	"the chosen method decides the approach",
	"embedded: the start carries the code of a card reader",
	"redirect, signed requests; tells what came since the last report alone (deltaList)",
	"embedded, signed requests with a date",
	"redirect, a client certificate on the line (mTLS)",
	"has blocked our certificate: refuses everything",
	"takes our certificate for revoked: refuses everything",
	"redirect; misses the role for payments in our certificate",
	"redirect; card accounts apart",
	"embedded; card accounts apart, debits without a minus",
	"redirect; transactions as camt.053 too, a payment's status as pain.002",
	"redirect; transactions as MT940 too",
	"redirect; 90 days an hour after the authorisation, today among them, 429 without Retry-After; tells what came after an entry alone (entryReferenceFrom)",
	"redirect; pages by offset and limit until one is empty, new ids once booked",
	"quirks: bare links, Location as JSON, lower case header, forgets its authorisations, errors without a body",
	"quirks: amounts in every form, flags as text, nulls, balances in two currencies, problem documents",
	"quirks: no envelopes, scatransactionStatus, tppMessage, 200 for 201",
	"quirks: dates with times, poor ids, odd remittance, balances and accounts, errors as a bare list",
	"quirks: links without host and version, the next page beside, errors as HTML, no signs",
	"quirks: the last page's next page is itself",
	"quirks: 302 with a Location instead of a link, 202 for a withdrawal",
	"a choice of methods, then OAuth; requests signed as detached JWS",
	"signed headers; the link comes with a later look",
	"signed headers, the word Signature, certificate as PEM",
	"redirect; charges for payments and says how much before they are approved",
	"redirect; says whether the account is the payee's, and whether you trust them",
	"redirect; takes payments, but its answer gets lost on the way",
	"redirect; slow: it answers to a payment, or to a cancellation, after three seconds",
	"redirect; a payment without enough money waits four hours for it, or is rejected at once where that is preferred",
	"redirect; payments change their status over six hours, standing orders until their last",
	"redirect; refuses to cancel: it is always too late",
	"redirect; takes payments as pain.001 alone",
	"quirks: one mistake for each rule of the definition, where it is only read; card accounts apart",
}

// practiceNote is what a practice bank notes; as it is where that is from another version of them.
func practiceNote(ctx context.Context, note string) string {
	if slices.Contains(practiceNotes, words.Text(note)) {
		return words.T(ctx, words.Text(note))
	}
	return note
}
