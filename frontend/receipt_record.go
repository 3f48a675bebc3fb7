package frontend

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jacoelho/banking/bic"

	"consentry/app"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// RecordSchema names the form of a [Record]. It is described by
// docs/consent-record.schema.json: ISO/IEC TS 27560:2023 6.3.2.1 asks whoever
// gives its information structure a form to publish that form.
const RecordSchema = "urn:consentry:consent-record:1"

// Record is a consent as ISO/IEC TS 27560:2023 structures it, the successor of
// the Kantara Initiative's consent receipt: header, processing, parties and
// events. The names of the fields are the standard's; whatever has no place
// there stands in Extension.
type Record struct {
	SchemaVersion  string           `json:"schema_version"`       // 6.3.3.2, 6.4.5.2
	ReceiptID      string           `json:"receipt_id"`           // 6.4.5.3; another one for each state of the consent
	RecordID       string           `json:"record_id"`            // 6.3.3.3
	PIIPrincipalID string           `json:"pii_principal_id"`     // 6.3.3.4, which recommends a pseudonym
	Processing     RecordProcessing `json:"pii_processing"`       // 6.3.4
	Parties        []RecordParty    `json:"party_identification"` // 6.3.6
	Events         []RecordEvent    `json:"events"`               // 6.3.7, the oldest first
	Extension      RecordExtension  `json:"extension"`
}

// RecordProcessing says what is done with the data (6.3.4).
type RecordProcessing struct {
	PrivacyNotice string          `json:"privacy_notice"` // 6.3.4.2
	Language      string          `json:"language"`       // 6.3.4.3, of the words of this record
	Purposes      []RecordPurpose `json:"purposes"`       // 6.3.4.4
}

// RecordPurpose is one thing the data are used for.
type RecordPurpose struct {
	Purpose             string      `json:"purpose"`                 // 6.3.4.5
	LawfulBasis         string      `json:"lawful_basis"`            // 6.3.4.7
	PIIInformation      []RecordPII `json:"pii_information"`         // 6.3.4.8
	PIIControllers      []string    `json:"pii_controllers"`         // 6.3.4.9, by party_id
	CollectionMethod    string      `json:"collection_method"`       // 6.3.4.10
	ProcessingMethod    string      `json:"processing_method"`       // 6.3.4.11
	StorageLocations    []string    `json:"storage_locations"`       // 6.3.4.12
	RetentionPeriod     string      `json:"retention_period"`        // 6.3.4.13
	ProcessingLocations []string    `json:"processing_locations"`    // 6.3.4.14
	Jurisdiction        []string    `json:"jurisdiction,omitempty"`  // 6.3.4.17, ISO 3166-1 of the bank's country
	Recipients          []string    `json:"recipient_third_parties"` // 6.3.4.18, by party_id
	WithdrawalMethod    string      `json:"withdrawal_method"`       // 6.3.4.19
	PrivacyRights       []string    `json:"privacy_rights"`          // 6.3.4.20
}

// RecordPII is a kind of data (6.3.5).
type RecordPII struct {
	Type     string `json:"pii_type"`     // 6.3.5.2
	Optional bool   `json:"pii_optional"` // 6.3.5.4: the person could do without
}

// RecordParty is somebody who has to do with the consent (6.3.6).
type RecordParty struct {
	ID   string `json:"party_id"`             // 6.3.6.2
	Name string `json:"party_name"`           // 6.3.6.7
	Role string `json:"party_role"`           // 6.3.6.8
	Type string `json:"party_type,omitempty"` // 6.3.6.10
}

// RecordEvent is a change of the consent (6.3.7).
type RecordEvent struct {
	Time     time.Time `json:"event_time"`                  // 6.3.7.2
	Validity string    `json:"validity_duration,omitempty"` // 6.3.7.3, an interval of ISO 8601
	Entity   string    `json:"entity_id"`                   // 6.3.7.4, whose doing it was, by party_id
	Type     string    `json:"event_type"`                  // 6.3.7.5
	State    string    `json:"event_state"`                 // 6.3.7.6, of the consent from then on
}

// RecordExtension holds what the standard has no field for.
type RecordExtension struct {
	Environment   string          `json:"environment"`
	BankConsentID string          `json:"bank_consent_id,omitempty"`
	RequestID     string          `json:"request_id"` // X-Request-ID of the request for it
	BankStatus    string          `json:"bank_status,omitempty"`
	BankStatusAt  *time.Time      `json:"bank_status_at,omitempty"`
	RenewBy       string          `json:"renew_by,omitempty"`
	Series        string          `json:"series"`
	Renews        string          `json:"renews,omitempty"`
	ReplacedBy    string          `json:"replaced_by,omitempty"`
	Asked         RecordTerms     `json:"asked"`
	Granted       *RecordTerms    `json:"granted,omitempty"`
	Used          RecordUse       `json:"used"`
	Accounts      []RecordAccount `json:"accounts"`
	End           *RecordEnd      `json:"end,omitempty"`
	History       []RecordLine    `json:"history"` // beside the events, in the same order
}

// RecordTerms are terms in a record.
type RecordTerms struct {
	Access          map[string][]string `json:"access"`
	Recurring       bool                `json:"recurring"`
	ValidUntil      string              `json:"valid_until,omitempty"`
	FrequencyPerDay int                 `json:"frequency_per_day,omitempty"`
}

// RecordUse says what was read.
type RecordUse struct {
	Attended         int        `json:"reads_asked_for"`
	Unattended       int        `json:"reads_by_itself"`
	LastReadAt       *time.Time `json:"last_read_at,omitempty"`
	LastReadAskedFor bool       `json:"last_read_asked_for"`
}

// RecordAccount is an account in a record.
type RecordAccount struct {
	Number   string `json:"number"` // masked
	Currency string `json:"currency"`
	Name     string `json:"name,omitempty"`
}

// RecordEnd says how a consent ended.
type RecordEnd struct {
	At          time.Time  `json:"at"`
	Reason      string     `json:"reason"`
	BankAck     string     `json:"bank_told,omitempty"`
	BankAckNote string     `json:"bank_told_note,omitempty"`
	ErasedAt    *time.Time `json:"erased_at,omitempty"`
}

// RecordLine is a line of the history.
type RecordLine struct {
	At         time.Time `json:"at"`
	Source     string    `json:"source"`
	BankStatus string    `json:"bank_status,omitempty"`
	Note       string    `json:"note"`
}

// The parties' ids within a record.
const (
	partyPerson    = "person"
	partyConsentry = "consentry"
	partyBank      = "bank"
)

// RecordOf puts a receipt into the form of the standard, in the language of the
// context.
func RecordOf(ctx context.Context, receipt app.Receipt) Record {
	return recordMaker{ctx, receipt}.record()
}

// recordMaker is a receipt on its way to a record.
type recordMaker struct {
	context.Context // has the language
	app.Receipt
}

func (r recordMaker) record() Record {
	c := r.Consent
	return Record{
		SchemaVersion: RecordSchema, ReceiptID: r.id(), RecordID: c.ID, PIIPrincipalID: r.Person,
		Processing: RecordProcessing{
			PrivacyNotice: words.T(r, "Consentry runs on your machine. What it reads stays there and is sent to nobody."),
			Language:      words.Of(r).Tag(), Purposes: []RecordPurpose{r.purpose()},
		},
		Parties: []RecordParty{
			{ID: partyPerson, Name: words.T(r, "You"), Role: "PII principal", Type: "payment service user"},
			{ID: partyConsentry, Name: words.T(r, "Consentry, on your machine"), Role: "PII controller", Type: "account information service"},
			{ID: partyBank, Name: c.BankName, Role: "source of the PII", Type: bankType(r.bic())},
		},
		Events: r.events(), Extension: r.extension(),
	}
}

// id is the same for the same state of a consent, however often it is asked for.
func (r recordMaker) id() string {
	c := r.Consent
	state := fmt.Sprint(c.ID, len(r.Events), c.Status, c.End, c.Acknowledgement, c.ErasedAt.UnixMilli(), c.ValidUntil)
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(RecordSchema+"#"+state)).String()
}

func (r recordMaker) purpose() RecordPurpose {
	c := r.Consent
	p := RecordPurpose{
		Purpose: purposeWords(r, c.Purpose), LawfulBasis: "consent", PIIInformation: r.kinds(), PIIControllers: []string{partyConsentry},
		CollectionMethod:    words.T(r, "read from the bank's interface for account information"),
		ProcessingMethod:    words.T(r, "shown to you, and kept to be shown again"),
		StorageLocations:    []string{words.T(r, "your machine")},
		RetentionPeriod:     words.T(r, "until you erase it"),
		ProcessingLocations: []string{words.T(r, "your machine")},
		Recipients:          []string{},
		WithdrawalMethod:    words.T(r, "in Consentry: Consents, the consent, Withdraw; or at the bank"),
		PrivacyRights:       []string{words.T(r, "withdraw the consent at any time"), words.T(r, "see each access"), words.T(r, "erase what was read"), words.T(r, "keep this record")},
	}
	if !c.ErasedAt.IsZero() {
		p.RetentionPeriod = words.T(r, "erased on %s", c.ErasedAt.UTC().Format(time.DateOnly))
	}
	if code := r.bic(); code != "" { // ISO 9362: letters 5 and 6 are the country
		p.Jurisdiction = []string{code[4:6]}
	}
	return p
}

// bic is the bank's, or empty: some banks are known by an id that is none.
func (r recordMaker) bic() string { return bicOf(r.Consent) }

// bicOf is a bank's BIC; empty where it is known by an id that is none.
func bicOf(c storage.Consent) string {
	id := c.BIC
	if _, err := bic.Parse(id); err != nil || id != strings.ToUpper(id) {
		return ""
	}
	return id
}

func bankType(code string) string {
	kind := "account servicing payment service provider"
	if code != "" {
		kind += ", BIC " + code
	}
	return kind
}

// kinds are the kinds of data covered: those granted, or those asked for where
// the bank never said.
func (r recordMaker) kinds() []RecordPII {
	terms := r.Asked
	if r.Granted != nil {
		terms = *r.Granted
	}
	var kinds []RecordPII
	for _, kind := range []struct {
		access, name string
		optional     bool
	}{
		{"accounts", words.T(r, "names and numbers of accounts"), false}, {"balances", words.T(r, "balances"), true}, {"transactions", words.T(r, "transactions"), true},
		{"availableAccounts", words.T(r, "list of accounts"), false}, {"allPsd2", words.T(r, "all payment accounts with balances and transactions"), false},
	} {
		if _, covered := terms.Access[kind.access]; covered {
			kinds = append(kinds, RecordPII{Type: kind.name, Optional: kind.optional})
		}
	}
	return kinds
}

func (r recordMaker) events() []RecordEvent {
	all := []RecordEvent{}
	for _, event := range r.Events {
		e := RecordEvent{Time: event.At.UTC(), Entity: entityOf(event.Source), Type: "explicit consent", State: r.stateAt(event)}
		if e.State == stateGiven {
			e.Validity = r.Consent.GrantedAt.UTC().Format(time.DateOnly) + "/" + r.Consent.ValidUntil
		}
		all = append(all, e)
	}
	return all
}

// entityOf is whose doing a change was. That time passes is noticed here.
func entityOf(source storage.Source) string {
	switch source {
	case storage.FromBank:
		return partyBank
	case storage.FromPerson:
		return partyPerson
	}
	return partyConsentry
}

// The states of a consent in a record.
const (
	stateRequested   = "requested"
	stateGiven       = "given"
	stateRefused     = "refused"
	stateWithdrawn   = "withdrawn"
	stateExpired     = "expired"
	stateInvalidated = "invalidated"
)

// stateAt is how the consent stood after an event.
func (r recordMaker) stateAt(event storage.ConsentEvent) string {
	c := r.Consent
	switch {
	case c.Ended() && (!event.At.Before(c.EndedAt) || event.Status.Final()):
		return stateOfEnd(c.End)
	case event.Status == xs2a.ConsentValid:
		return stateGiven
	}
	return stateRequested
}

func stateOfEnd(end storage.End) string {
	switch end {
	case storage.EndWithdrawn, storage.EndRevoked:
		return stateWithdrawn
	case storage.EndGivenUp, storage.EndRejected:
		return stateRefused
	case storage.EndExpired:
		return stateExpired
	}
	return stateInvalidated // replaced, or not accepted any more
}

func (r recordMaker) extension() RecordExtension {
	c := r.Consent
	x := RecordExtension{
		Environment: c.EnvironmentID, BankConsentID: c.BankConsentID, RequestID: c.RequestID,
		BankStatus: string(c.Status), BankStatusAt: instant(c.StatusAt), RenewBy: c.RenewBy,
		Series: c.Series, Renews: c.Renews, ReplacedBy: c.ReplacedBy,
		Asked:    RecordTerms(r.Asked),
		Used:     RecordUse{r.Reads.Attended, r.Reads.Unattended, instant(c.ReadAt), c.ReadAttended},
		Accounts: []RecordAccount{}, History: []RecordLine{},
	}
	if r.Granted != nil {
		granted := RecordTerms(*r.Granted)
		x.Granted = &granted
	}
	for _, account := range r.Accounts {
		number := app.MaskedReference(xs2a.AccountReference{IBAN: account.IBAN, BBAN: account.BBAN, MaskedPAN: account.MaskedPAN})
		x.Accounts = append(x.Accounts, RecordAccount{number, account.Currency, account.Name})
	}
	if c.Ended() {
		x.End = &RecordEnd{c.EndedOn().UTC(), string(c.End), string(c.Acknowledgement), acknowledgementNote(r, c), instant(c.ErasedAt)}
	}
	for _, event := range r.Events {
		x.History = append(x.History, RecordLine{event.At.UTC(), string(event.Source), string(event.Status), eventWords(r, event)})
	}
	return x
}

// acknowledgementNote says why the bank does not know of an end, or has not made it its own.
func acknowledgementNote(ctx context.Context, c storage.Consent) string {
	if c.Acknowledgement == storage.AckUnconfirmed {
		return deletionWords(ctx, c)
	}
	return reasonWords(ctx, c.AckError)
}

// instant is a moment as it stands in a record; nil for never.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
