package app

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jacoelho/banking/iban"

	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/storage"
	"consentry/xs2a"
)

const (
	// defaultDays is how long a consent is asked for: the longest after which
	// the person has to authorise anew (RTS article 10a).
	defaultDays = 180

	// defaultFrequency is the most reads a day without the person that banks
	// have to grant (RTS article 36(5)).
	defaultFrequency = 4
)

// Share is what a person wants to share with Consentry.
type Share struct {
	EnvironmentID     string
	BIC               string
	AffiliatedASPSPID string
	Balances          bool
	Transactions      bool
	// IBANs names the accounts; empty leaves the choice to the person at the bank.
	IBANs           []string
	Recurring       bool   // else one look
	ValidUntil      string // ISO date
	FrequencyPerDay int    // reads a day without the person; counts when recurring
	PSUID           string // how the bank knows the person, where it wants that beforehand
	Decoupled       bool   // approve on another device rather than on the bank's page, where the bank can
	Purpose         string // what the person gives it for, in their words; empty: to see their accounts in one place
	Renews          string // id of the consent whose place it takes; empty for a new one
	FormID          string // of the form it was sent with, see NewFormID; empty: it is a request of its own
	Anew            string // id of the consent under way that is given up for it, see UnderWayError; may be empty
}

// longestPurpose is in characters.
const longestPurpose = 140

// DefaultShare is what most people want: everything, for as long as a bank
// grants it.
func (a *App) DefaultShare(environmentID string) Share {
	return Share{
		EnvironmentID: environmentID, Balances: true, Transactions: true, Recurring: true, FrequencyPerDay: defaultFrequency,
		ValidUntil: a.clock.NowAt(environmentID).AddDate(0, 0, defaultDays).Format(time.DateOnly),
	}
}

// CheckShare returns what is wrong with each field that cannot be asked for:
// ibans, valid_until, frequency, purpose.
func (a *App) CheckShare(s Share) map[string]storage.Reason {
	fields := map[string]storage.Reason{}
	for _, given := range s.IBANs {
		if iban.Validate(given) != nil {
			fields["ibans"] = storage.Reason{Code: failure.NotAnIBAN, Name: given}
		}
	}
	if n := utf8.RuneCountInString(s.Purpose); n > longestPurpose {
		fields["purpose"] = storage.Reason{Code: failure.TextTooLong, Number: n, Of: longestPurpose}
	}
	now := a.clock.NowAt(s.EnvironmentID)
	until, err := time.Parse(time.DateOnly, s.ValidUntil)
	switch today := now.Format(time.DateOnly); {
	case err != nil:
		fields["valid_until"] = storage.Reason{Code: failure.EnterDate}
	case s.ValidUntil < today:
		fields["valid_until"] = storage.Reason{Code: failure.DayPassed}
	case until.After(now.AddDate(10, 0, 0)):
		fields["valid_until"] = storage.Reason{Code: failure.DayTooFar}
	}
	if s.Recurring && (s.FrequencyPerDay < 1 || s.FrequencyPerDay > fetch.MostPerDay) {
		fields["frequency"] = storage.Reason{Code: failure.TimesADay, Of: fetch.MostPerDay}
	}
	return fields
}

// NormaliseIBANs returns the IBANs of a text, one each line or between commas,
// without blanks and in capitals.
func NormaliseIBANs(text string) []string {
	var ibans []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		if compact := strings.ToUpper(strings.Join(strings.Fields(part), "")); compact != "" {
			ibans = append(ibans, compact)
		}
	}
	return ibans
}

// request puts a share into the form banks are asked in (BG 1.3.12 section 6.3.1).
func (s Share) request() xs2a.ConsentRequest {
	accounts := make([]xs2a.AccountReference, len(s.IBANs))
	for i, number := range s.IBANs {
		accounts[i] = xs2a.AccountReference{IBAN: number}
	}
	r := xs2a.ConsentRequest{
		Access:    xs2a.Access{Accounts: &accounts},
		Recurring: s.Recurring, ValidUntil: s.ValidUntil, FrequencyPerDay: 1,
	}
	if s.Balances {
		r.Access.Balances = &accounts
	}
	if s.Transactions {
		r.Access.Transactions = &accounts
	}
	if s.Recurring {
		r.FrequencyPerDay = s.FrequencyPerDay
	}
	return r
}
