package app

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// Ask asks a bank for a consent and returns the id of the authorisation that
// says what comes next. When the bank did not answer, that authorisation says
// so; when it refused, there is no consent and the error says why. A form that was
// sent before leads to what it led to then, and where the same is under way from
// another form, nothing is asked (*UnderWayError).
func (a *App) Ask(ctx context.Context, s Share, person Person) (authorisationID string, err error) {
	a.Seen()
	done, err := a.asking.Take(ctx, bankID{s.EnvironmentID, s.BIC})
	if err != nil {
		return "", err
	}
	defer done()
	if sent, err := a.store.ConsentOfForm(ctx, s.FormID); err == nil {
		return a.attemptAt(ctx, sent, person)
	} else if !NotFound(err) {
		return "", err
	}
	authorisationID, err = a.ask(ctx, s, person)
	a.noteTurn(ctx, s, authorisationID, err)
	return authorisationID, err
}

func (a *App) ask(ctx context.Context, s Share, person Person) (authorisationID string, err error) {
	bank, err := a.store.ASPSP(ctx, s.EnvironmentID, s.BIC)
	if err != nil {
		return "", err
	}
	fields := a.CheckShare(s)
	if wants, err := a.banks.WantsLogin(ctx, s.EnvironmentID, s.BIC); err != nil {
		return "", err
	} else if wants && strings.TrimSpace(s.PSUID) == "" {
		fields["psu_id"] = storage.Reason{Code: failure.EnterLogin}
	}
	if len(fields) > 0 {
		return "", failure.Invalid(fields)
	}
	if err := a.makeWay(ctx, s, person); err != nil {
		return "", err
	}
	asked := s.request()
	c := storage.Consent{
		ID: uuid.NewString(), EnvironmentID: s.EnvironmentID, BIC: s.BIC, BankName: bank.Name,
		AffiliatedASPSPID: s.AffiliatedASPSPID, RequestID: uuid.NewString(), FormID: s.FormID, Asked: asked,
		ValidUntil: asked.ValidUntil, FrequencyPerDay: asked.FrequencyPerDay, Recurring: asked.Recurring,
		Purpose: strings.TrimSpace(s.Purpose), Schedule: a.firstSchedule(ctx, s), Renews: s.Renews,
	}
	if err := a.clock.StoreAt(c.EnvironmentID).AddConsent(ctx, c); err != nil {
		return "", err
	}
	if s.PSUID != "" || s.Decoupled {
		if err := a.store.SetCredentials(ctx, storage.ConsentSubject(c.ID), storage.Credentials{PSUID: strings.TrimSpace(s.PSUID), Decoupled: s.Decoupled}); err != nil {
			return "", err
		}
	}
	return a.begin(ctx, c, person)
}

// begin makes the first attempt at a consent.
func (a *App) begin(ctx context.Context, c storage.Consent, person Person) (authorisationID string, err error) {
	id, err := a.sca.Start(ctx, consentSubject{a, c}, person)
	if id == "" {
		return "", err
	}
	var refused *xs2a.Error
	if errors.As(err, &refused) && refused.Kind == xs2a.Refused {
		return "", a.notGranted(ctx, c, err, refused)
	}
	return id, nil
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
	credentials, known := a.store.Credentials(ctx, storage.ConsentSubject(c.ID))
	if known != nil {
		return known
	}
	if dropped := a.store.DropConsent(ctx, c.ID); dropped != nil && !NotFound(dropped) {
		return dropped
	}
	e := a.explain(c.BankName, err)
	e.Effect = failure.NothingShared
	switch {
	case strings.Contains(refused.Field, "validUntil") || refused.TooLongAgo():
		e.Fields = map[string]storage.Reason{"valid_until": e.Reason}
	case strings.Contains(refused.Field, "frequencyPerDay"):
		e.Fields = map[string]storage.Reason{"frequency": e.Reason}
	case refused.WantsLogin():
		e.Code = failure.LoginFirst
		e.Fields = map[string]storage.Reason{"psu_id": {Code: failure.EnterLogin}}
		if credentials.PSUID != "" {
			e.Code = failure.WrongLogin
			e.Fields["psu_id"] = e.Reason
		} else if err := a.store.SetWantsLogin(ctx, c.EnvironmentID, c.BIC); err != nil {
			a.log.Error("that the bank wants the login first was not kept", "error", err)
		}
	case strings.Contains(refused.Field, "iban"):
		e.Fields = map[string]storage.Reason{"ibans": e.Reason}
	}
	return e
}

// Consents lists all consents, the newest first.
func (a *App) Consents(ctx context.Context) ([]storage.Consent, error) {
	return a.store.Consents(ctx)
}

// Consent returns one consent.
func (a *App) Consent(ctx context.Context, id string) (storage.Consent, error) {
	return a.store.Consent(ctx, id)
}

// ConsentEvents returns a consent's history, the latest first.
func (a *App) ConsentEvents(ctx context.Context, id string) ([]storage.ConsentEvent, error) {
	return a.store.ConsentEvents(ctx, id)
}

// RefreshConsent asks the bank for a consent's status and terms. One that has
// ended is not asked about any more.
func (a *App) RefreshConsent(ctx context.Context, id string, person Person) error {
	a.Seen()
	return a.refreshConsent(ctx, id, &person)
}

func (a *App) refreshConsent(ctx context.Context, id string, person *Person) error {
	c, client, err := a.consentAndClient(ctx, id)
	if err != nil || c.BankConsentID == "" || c.Ended() {
		return err
	}
	call, err := a.callUnder(ctx, c, client, person)
	if err != nil {
		return a.explain(c.BankName, err)
	}
	info, err := fetch.LedgeredRead(ctx, a.reader, c, call, storage.ConsentRead{Endpoint: storage.ReadConsent}, func(call xs2a.Call) (xs2a.ConsentInformation, error) {
		return client.Consent(ctx, call, c.BankConsentID)
	})
	if unknownConsent(err) || err == nil && info.Status == "" { // some banks have the status alone, and call the rest unknown
		info = xs2a.ConsentInformation{}
		info.Status, err = client.ConsentStatus(ctx, call, c.BankConsentID)
	}
	if errors.Is(err, storage.ErrEnd) {
		return nil // it ended meanwhile, which is the answer
	}
	now, failed := a.learn(ctx, c, info, err)
	switch {
	case err != nil && failed == err:
		return a.explain(c.BankName, err)
	case failed == nil && !now.Ended() && now.RunOut(a.clock.NowAt(c.EnvironmentID)):
		return a.lookAtEndAsked(ctx, now)
	}
	return failed
}

// learn takes over what a bank answered that was asked for a consent: its terms
// where it gave them, its status, or that it knows no such consent. It returns the
// consent as it is then, and the bank's error where that is all there is.
func (a *App) learn(ctx context.Context, c storage.Consent, info xs2a.ConsentInformation, asked error) (storage.Consent, error) {
	store := a.clock.StoreAt(c.EnvironmentID)
	if unknownConsent(asked) {
		if _, err := store.EndConsent(ctx, c.ID, storage.EndUnknown, storage.FromBank, storage.Event{Kind: storage.EventRefusedUnknown}); err != nil {
			return c, err
		}
	}
	if asked != nil {
		return c, asked
	}
	if info.Raw != nil {
		if err := store.SetGranted(ctx, c.ID, c.Status, info, news(c, info)); err != nil {
			return c, err
		}
	}
	if err := a.noteStatus(ctx, c, info.Status); err != nil {
		return c, err
	}
	return a.store.Consent(ctx, c.ID)
}

// unknownConsent reports whether a bank says that it has no such consent.
func unknownConsent(err error) bool { return xs2a.Refusal(err).NoSuchConsent() }

// news is the line in a consent's history for terms that are other ones than
// the bank told before; nil where nothing is new.
func news(c storage.Consent, info xs2a.ConsentInformation) *storage.Event {
	switch {
	case c.Granted == nil:
	case info.ValidUntil != "" && info.ValidUntil != c.ValidUntil:
		return &storage.Event{Kind: storage.EventLastDay, Before: c.ValidUntil, Day: info.ValidUntil}
	case info.FrequencyPerDay != 0 && info.FrequencyPerDay != c.FrequencyPerDay:
		return &storage.Event{Kind: storage.EventFrequency, Former: c.FrequencyPerDay, Number: info.FrequencyPerDay}
	}
	return nil
}

// ConsentAuthorisations asks the bank for the authorisations of a consent and
// for the SCA status of each. Nothing is stored.
func (a *App) ConsentAuthorisations(ctx context.Context, id string, person Person) (sca.AtBank, error) {
	c, client, err := a.consentAndClient(ctx, id)
	if err != nil {
		return sca.AtBank{}, err
	}
	if c.BankConsentID == "" {
		return sca.AtBank{}, &Error{Reason: storage.Reason{Code: failure.NotKnownAtBank, Bank: c.BankName}}
	}
	call, err := a.callUnder(ctx, c, client, &person)
	if err != nil {
		return sca.AtBank{}, a.explain(c.BankName, err)
	}
	return a.sca.AtBank(ctx, client, call, c.BankName, xs2a.ConsentResource(c.BankConsentID), storage.ConsentSubject(id), storage.DeletionSubject(id))
}

func (a *App) consentAndClient(ctx context.Context, id string) (storage.Consent, *xs2a.Client, error) {
	c, err := a.store.Consent(ctx, id)
	if err != nil {
		return c, nil, err
	}
	client, err := a.clientUnder(ctx, c)
	return c, client, err
}

// clientUnder returns the client for the bank of a consent, whose exchanges are
// recorded as the consent's.
func (a *App) clientUnder(ctx context.Context, c storage.Consent) (*xs2a.Client, error) {
	return a.client(ctx, sca.UnderConsent(c))
}

// callUnder returns what goes along with requests under a consent; see sca.Process.Call.
func (a *App) callUnder(ctx context.Context, c storage.Consent, client *xs2a.Client, person *Person) (xs2a.Call, error) {
	return a.sca.Call(ctx, sca.UnderConsent(c), client, person)
}

// client returns the client for a bank, whose exchanges are recorded as the holder's.
func (a *App) client(ctx context.Context, d sca.Dealings) (*xs2a.Client, error) {
	_, client, err := a.banks.Reach(ctx, d.EnvironmentID, d.BIC)
	if err != nil {
		return nil, err
	}
	return client.For(d.Holder.ID), nil
}
