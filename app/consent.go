package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jacoelho/banking/iban"
	"golang.org/x/oauth2"

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
	Elsewhere       bool   // approve on another device rather than on the bank's page, where the bank can
	Purpose         string // what the person gives it for
	Renews          string // id of the consent whose place it takes; empty for a new one
}

// defaultPurpose is what most people link a bank for.
const defaultPurpose = "See all my accounts in one place"

// longestPurpose is in characters.
const longestPurpose = 140

// DefaultShare is what most people want: everything, for as long as a bank
// grants it.
func (a *App) DefaultShare(environmentID string) Share {
	return Share{
		EnvironmentID: environmentID, Balances: true, Transactions: true, Recurring: true, FrequencyPerDay: defaultFrequency,
		ValidUntil: a.NowAt(environmentID).AddDate(0, 0, defaultDays).Format(time.DateOnly), Purpose: defaultPurpose,
	}
}

// CheckShare gives a message for each field that cannot be asked for:
// ibans, valid_until, frequency, purpose.
func (a *App) CheckShare(s Share) map[string]string {
	fields := map[string]string{}
	for _, given := range s.IBANs {
		if iban.Validate(given) != nil {
			fields["ibans"] = "“" + given + "” is not a valid IBAN. Check it for a typing mistake."
		}
	}
	if n := utf8.RuneCountInString(s.Purpose); n > longestPurpose {
		fields["purpose"] = fmt.Sprintf("Say it in %d characters at most; these are %d.", longestPurpose, n)
	}
	now := a.NowAt(s.EnvironmentID)
	until, err := time.Parse(time.DateOnly, s.ValidUntil)
	switch today := now.Format(time.DateOnly); {
	case err != nil:
		fields["valid_until"] = "Enter a date."
	case s.ValidUntil < today:
		fields["valid_until"] = "Choose a day that has not passed."
	case until.After(now.AddDate(10, 0, 0)):
		fields["valid_until"] = "Choose a day within ten years; most banks grant 180 days at most."
	}
	if s.Recurring && (s.FrequencyPerDay < 1 || s.FrequencyPerDay > 24) {
		fields["frequency"] = "Choose between 1 and 24 times a day. Banks grant 4 as a rule."
	}
	return fields
}

// NormaliseIBANs gives the IBANs of a text, one each line or between commas,
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

// Ask asks a bank for a consent and gives the id of the authorisation that
// says what comes next. When the bank did not answer, that authorisation says
// so; when it refused, there is no consent and the error says why.
func (a *App) Ask(ctx context.Context, s Share, person Person) (authorisationID string, err error) {
	bank, err := a.store.ASPSP(ctx, s.EnvironmentID, s.BIC)
	if err != nil {
		return "", err
	}
	if fields := a.CheckShare(s); len(fields) > 0 {
		return "", invalid(fields)
	}
	asked := s.request()
	c := storage.Consent{
		ID: uuid.NewString(), EnvironmentID: s.EnvironmentID, BIC: s.BIC, BankName: bank.Name,
		AffiliatedASPSPID: s.AffiliatedASPSPID, RequestID: uuid.NewString(), Asked: asked,
		ValidUntil: asked.ValidUntil, FrequencyPerDay: asked.FrequencyPerDay, Recurring: asked.Recurring,
		Purpose: cmp.Or(strings.TrimSpace(s.Purpose), defaultPurpose), Schedule: a.firstSchedule(ctx, s), Renews: s.Renews,
	}
	if err := a.storeAt(c.EnvironmentID).AddConsent(ctx, c); err != nil {
		return "", err
	}
	if s.PSUID != "" || s.Elsewhere {
		if err := a.store.SetBond(ctx, c.ID, storage.Bond{PSUID: strings.TrimSpace(s.PSUID), Decoupled: s.Elsewhere}); err != nil {
			return "", err
		}
	}
	flow, err := a.newAuthorisation(ctx, c)
	if err != nil {
		return "", err
	}
	err = a.advance(ctx, flow.ID, person)
	var refused *xs2a.Error
	if errors.As(err, &refused) && refused.Kind == xs2a.Refused {
		return "", a.notGranted(ctx, c, err, refused)
	}
	return flow.ID, nil
}

// firstSchedule is how often a day a new consent is fetched by itself: as the
// one it renews, else once.
func (a *App) firstSchedule(ctx context.Context, s Share) int {
	if !s.Recurring {
		return 0
	}
	if former, err := a.store.Consent(ctx, s.Renews); err == nil {
		return min(former.Schedule, s.FrequencyPerDay)
	}
	return 1
}

// notGranted takes back a consent the bank refused to create, and puts the
// refusal to the field it is about. One it did create stays, to be tried again.
func (a *App) notGranted(ctx context.Context, c storage.Consent, err error, refused *xs2a.Error) error {
	if dropped := a.store.DropConsent(ctx, c.ID); dropped != nil && !NotFound(dropped) {
		return dropped
	}
	e := a.explain(c.BankName, err)
	e.Lost = "Nothing was shared."
	switch {
	case strings.Contains(refused.Field, "validUntil") || refused.Code == "PERIOD_INVALID":
		e.Fields = map[string]string{"valid_until": e.Message}
	case strings.Contains(refused.Field, "frequencyPerDay"):
		e.Fields = map[string]string{"frequency": e.Message}
	case strings.Contains(strings.ToUpper(refused.Field+refused.Text), "PSU-ID"):
		e.Fields = map[string]string{"psu_id": "This bank wants to know your login before anything else."}
	case strings.Contains(refused.Field, "iban"):
		e.Fields = map[string]string{"ibans": e.Message}
	}
	return e
}

// Consents lists all consents, the newest first.
func (a *App) Consents(ctx context.Context) ([]storage.Consent, error) {
	return a.store.Consents(ctx)
}

// Consent gives one consent.
func (a *App) Consent(ctx context.Context, id string) (storage.Consent, error) {
	return a.store.Consent(ctx, id)
}

// ConsentEvents gives a consent's history, the latest first.
func (a *App) ConsentEvents(ctx context.Context, id string) ([]storage.ConsentEvent, error) {
	return a.store.ConsentEvents(ctx, id)
}

// ConsentAccounts lists the accounts reached through a consent.
func (a *App) ConsentAccounts(ctx context.Context, id string) ([]storage.Account, error) {
	return a.store.ConsentAccounts(ctx, id)
}

// callUnder is what goes along with requests under a consent, with the person's
// access token where the bank gave one; without a person, they did not ask.
func (a *App) callUnder(ctx context.Context, c storage.Consent, client *xs2a.Client, person *Person) (xs2a.Call, storage.Bond, error) {
	bond, err := a.store.Bond(ctx, c.ID)
	if err != nil {
		return xs2a.Call{}, bond, err
	}
	if bond, err = a.freshToken(ctx, c, client, bond); err != nil {
		return xs2a.Call{}, bond, err
	}
	return xs2a.Call{
		BIC: c.BIC, AffiliatedASPSPID: c.AffiliatedASPSPID, PSU: person, Token: bond.AccessToken,
		PSUID: bond.PSUID, CorporateID: bond.CorporateID, Decoupled: bond.Decoupled,
	}, bond, nil
}

// tokenMargin is how long before its end a token is renewed.
const tokenMargin = 30 * time.Second

// freshToken renews a person's access token that is about to run out, where the
// bank gave the means to. Without, the bank decides.
func (a *App) freshToken(ctx context.Context, c storage.Consent, client *xs2a.Client, bond storage.Bond) (storage.Bond, error) {
	if bond.RefreshToken == "" || bond.Expiry.IsZero() || a.NowAt(c.EnvironmentID).Add(tokenMargin).Before(bond.Expiry) {
		return bond, nil
	}
	token, err := client.RefreshToken(ctx, c.BIC, &oauth2.Token{RefreshToken: bond.RefreshToken}, bond.TokenURL)
	if err != nil {
		return bond, err
	}
	return a.withToken(ctx, c, bond, token)
}

// keepToken stores the person's access token.
func (a *App) keepToken(ctx context.Context, c storage.Consent, bond storage.Bond, token *oauth2.Token, tokenURL string) error {
	bond.TokenURL = tokenURL
	_, err := a.withToken(ctx, c, bond, token)
	return err
}

func (a *App) withToken(ctx context.Context, c storage.Consent, bond storage.Bond, token *oauth2.Token) (storage.Bond, error) {
	bond.AccessToken, bond.Expiry = token.AccessToken, token.Expiry
	if !bond.Expiry.IsZero() { // which was reckoned by the real time
		bond.Expiry = bond.Expiry.Add(a.NowAt(c.EnvironmentID).Sub(a.now()))
	}
	if token.RefreshToken != "" { // a bank may keep the old one good
		bond.RefreshToken = token.RefreshToken
	}
	return bond, a.store.SetBond(ctx, c.ID, bond)
}

// RefreshConsent asks the bank for a consent's status and terms. One that has
// ended is not asked about any more.
func (a *App) RefreshConsent(ctx context.Context, id string, person Person) error {
	return a.refreshConsent(ctx, id, &person)
}

func (a *App) refreshConsent(ctx context.Context, id string, person *Person) error {
	c, client, err := a.consentAndClient(ctx, id)
	if err != nil || c.BankConsentID == "" || c.Ended() {
		return err
	}
	call, _, err := a.callUnder(ctx, c, client, person)
	if err != nil {
		return a.explain(c.BankName, err)
	}
	info, err := read(ctx, a, c, call, storage.ConsentRead{Endpoint: storage.ReadConsent}, func(call xs2a.Call) (xs2a.ConsentInformation, error) {
		return client.Consent(ctx, call, c.BankConsentID)
	})
	store := a.storeAt(c.EnvironmentID)
	if unknownConsent(err) {
		if _, ended := store.EndConsent(ctx, id, storage.EndUnknown, storage.FromBank, "The bank says it knows no such permission"); ended != nil {
			return ended
		}
	}
	if err != nil {
		return a.explain(c.BankName, err)
	}
	if err := store.SetGranted(ctx, id, info, news(c, info)); err != nil {
		return err
	}
	return a.noteStatus(ctx, c, info.Status)
}

// news is the line in a consent's history for terms that are other ones than
// the bank told before; empty where nothing is new.
func news(c storage.Consent, info xs2a.ConsentInformation) string {
	if c.Granted == nil {
		return ""
	}
	switch {
	case info.ValidUntil != "" && info.ValidUntil != c.ValidUntil:
		return "The bank changed its last day from " + c.ValidUntil + " to " + info.ValidUntil
	case info.FrequencyPerDay != 0 && info.FrequencyPerDay != c.FrequencyPerDay:
		return fmt.Sprintf("The bank changed how often it may be used without you from %d to %d times a day", c.FrequencyPerDay, info.FrequencyPerDay)
	}
	return ""
}

// BankAuthorisation is an authorisation of a consent as the bank has it.
type BankAuthorisation struct {
	ID      string // the bank's
	Status  xs2a.SCAStatus
	Failure *Error // why the status could not be had; nil when it could
}

// BankAuthorisations are all authorisations of a consent at the bank.
type BankAuthorisations struct {
	List []BankAuthorisation
	// NotListed is why the bank gave no list; the ids are those known here then.
	NotListed *Error
}

// ConsentAuthorisations asks the bank for the authorisations of a consent and
// for the SCA status of each. Nothing is stored.
func (a *App) ConsentAuthorisations(ctx context.Context, id string, person Person) (BankAuthorisations, error) {
	c, client, err := a.consentAndClient(ctx, id)
	if err != nil {
		return BankAuthorisations{}, err
	}
	if c.BankConsentID == "" {
		return BankAuthorisations{}, &Error{Message: c.BankName + " does not know this permission yet.", Lost: "Nothing was sent."}
	}
	call, _, err := a.callUnder(ctx, c, client, &person)
	if err != nil {
		return BankAuthorisations{}, a.explain(c.BankName, err)
	}
	var all BankAuthorisations
	resource := xs2a.ConsentResource(c.BankConsentID)
	ids, err := client.Authorisations(ctx, call, resource)
	if err != nil {
		all.NotListed = a.explain(c.BankName, err)
		if ids, err = a.knownAuthorisations(ctx, id); err != nil || len(ids) == 0 {
			return all, errors.Join(all.NotListed, err)
		}
	}
	for _, authorisation := range ids {
		one := BankAuthorisation{ID: authorisation}
		answer, err := client.SCAStatus(ctx, call, resource, authorisation)
		if err != nil {
			one.Failure = a.explain(c.BankName, err)
		}
		one.Status = answer.SCAStatus
		all.List = append(all.List, one)
	}
	return all, nil
}

// knownAuthorisations are the bank's ids of a consent's authorisations as far
// as it told them.
func (a *App) knownAuthorisations(ctx context.Context, consentID string) ([]string, error) {
	attempts, err := a.store.Authorisations(ctx, consentID)
	var ids []string
	for _, attempt := range attempts {
		if attempt.BankID != "" {
			ids = append(ids, attempt.BankID)
		}
	}
	return ids, err
}

func (a *App) consentAndClient(ctx context.Context, id string) (storage.Consent, *xs2a.Client, error) {
	c, err := a.store.Consent(ctx, id)
	if err != nil {
		return c, nil, err
	}
	_, client, err := a.reach(ctx, c.EnvironmentID)
	if err != nil {
		return c, nil, err
	}
	return c, client.For(c.ID), nil
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
