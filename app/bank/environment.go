package bank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// SandboxID is the id of the environment that leads to the practice banks
// inside the program.
const SandboxID = "sandbox"

// Environments lists the environments.
func (r *Registry) Environments(ctx context.Context) ([]storage.Environment, error) {
	return r.store.Environments(ctx)
}

// Environment returns one environment.
func (r *Registry) Environment(ctx context.Context, id string) (storage.Environment, error) {
	return r.store.Environment(ctx, id)
}

// practiceStays says that the practice banks are as the program brings them.
var practiceStays = failure.New(failure.SandboxFixed)

// SaveEnvironment adds an environment or, when it has an id, changes one: as long as it
// is the version that the person was shown. An empty secret or key leaves the stored one
// as it is. Where the certificate for signatures is to come later, it may be missing; until
// then its banks cannot be reached. The list of banks is read in the background afterwards.
func (r *Registry) SaveEnvironment(ctx context.Context, e storage.Environment, shown string, later bool) (id string, err error) {
	if e.ID == SandboxID || r.IsPractice(e.ID) {
		return "", practiceStays
	}
	if e.ID == "" {
		err = r.addEnvironment(ctx, &e, later)
	} else {
		err = r.store.ChangeEnvironment(ctx, e.ID, xs2a.CountryName, func(stored *storage.Environment) error {
			if Version(*stored) != shown {
				return failure.New(failure.EnvironmentChanged)
			}
			keepSecrets(&e, *stored)
			if err := notSaved(checkEnvironment(&e, later)); err != nil {
				return err
			}
			*stored = e
			return nil
		})
	}
	if err != nil {
		return "", err
	}
	r.run(func(ctx context.Context) {
		if err := r.Refresh(ctx, e.ID); err != nil {
			r.log.Warn("directory not refreshed", "environment", e.Name, "error", err)
		}
	})
	return e.ID, nil
}

// CheckEnvironment returns all that keeps an environment from being saved as
// SaveEnvironment would, as a *failure.Error; nil where nothing does.
func (r *Registry) CheckEnvironment(ctx context.Context, e storage.Environment, shown string, later bool) error {
	if e.ID != "" {
		stored, err := r.store.Environment(ctx, e.ID)
		if err != nil {
			return err
		}
		if Version(stored) != shown {
			return failure.New(failure.EnvironmentChanged)
		}
		keepSecrets(&e, stored)
	}
	return notSaved(checkEnvironment(&e, later))
}

// notSaved is the failure of fields that are to be corrected; nil where none is.
func notSaved(fields map[string]storage.Reason) error {
	if len(fields) == 0 {
		return nil
	}
	refused := failure.Invalid(fields)
	refused.Effect = failure.NothingSaved
	return refused
}

// Version names what an environment holds: another after any change that a form can make.
// It tells nothing of the secrets.
func Version(e storage.Environment) string {
	e.DirectoryAt, e.DirectoryError = time.Time{}, storage.Reason{}
	held, _ := json.Marshal(e.WithoutSecrets()) // texts, numbers and lists of them: it cannot fail
	sum := sha256.Sum256(append(held, e.Secrets()...))
	return hex.EncodeToString(sum[:])
}

func (r *Registry) addEnvironment(ctx context.Context, e *storage.Environment, later bool) error {
	e.ID = uuid.NewString()
	if err := notSaved(checkEnvironment(e, later)); err != nil {
		return err
	}
	return r.store.PutEnvironment(ctx, *e)
}

// keepSecrets fills in the secrets a form does not show. A certificate that was
// changed needs its own key.
func keepSecrets(e *storage.Environment, stored storage.Environment) {
	for _, secret := range []struct {
		given *string
		kept  string
		same  bool
	}{
		{&e.ClientSecret, stored.ClientSecret, true},
		{&e.Key, stored.Key, e.Certificate == stored.Certificate},
		{&e.TLSKey, stored.TLSKey, e.TLSCertificate == stored.TLSCertificate},
	} {
		if *secret.given == "" && secret.same {
			*secret.given = secret.kept
		}
	}
	keepProxyLogin(&e.Proxy, stored.Proxy)
}

// checkEnvironment returns what is wrong with each field that cannot be used.
func checkEnvironment(e *storage.Environment, later bool) map[string]storage.Reason {
	for _, field := range []*string{&e.Name, &e.ClientID, &e.RedirectURL} {
		*field = strings.TrimSpace(*field)
	}
	fields := checkCertificates(e, later)
	maps.Copy(fields, checkProxy(&e.Proxy))
	maps.Copy(fields, checkProfile(&e.Profile))
	if e.Name == "" {
		fields["name"] = storage.Reason{Code: failure.EnterName}
	}
	dialect := xs2a.Dialects[e.Profile.Dialect]
	if e.ClientID == "" && wantsClient(e.Profile) {
		fields["client_id"] = storage.Reason{Code: failure.EnterClientID}
	}
	if e.RedirectURL != "" && !isLocalCallback(e.RedirectURL) && !isCallback(e.RedirectURL) {
		fields["redirect_url"] = storage.Reason{Code: failure.ReturnAddress}
	}
	if dialect.Name != "" && !dialect.Directory && len(e.Banks) == 0 {
		fields["banks"] = storage.Reason{Code: failure.NameABank}
	}
	for _, bank := range e.Banks {
		if wrong := checkBank(*e, bank)["id"]; wrong.Given() && !fields["banks"].Given() {
			fields["banks"] = wrong
		}
	}
	return fields
}

// checkBank returns what keeps a bank from being spoken to in an environment, by column:
// no bank comes into an environment that could not be saved with it.
func checkBank(e storage.Environment, bank storage.Bank) map[string]storage.Reason {
	fields, profile := map[string]storage.Reason{}, e.ProfileFor(bank)
	if !profile.Leads(bank.ID) {
		fields["id"] = storage.Reason{Code: failure.IDInHost}
	}
	if profile.Signing != xs2a.SignNothing && e.Certificate == "" {
		fields["signing"] = storage.Reason{Code: failure.NeedsCertificate}
	}
	return fields
}

// Known lists environments a person may start from: the banks' own sandboxes,
// complete but for what each person is given (credentials and certificates).
var Known = []storage.Environment{
	{Name: "Open Payments sandbox", Profile: xs2a.Profile{Dialect: xs2a.OpenPayments.Name, Context: "private", AuthURL: "https://auth.sandbox.openbankingplatform.com", APIURL: "https://api.sandbox.openbankingplatform.com"}},
	{Name: "Open Payments", Profile: xs2a.Profile{Dialect: xs2a.OpenPayments.Name, Context: "private", AuthURL: "https://auth.openbankingplatform.com", APIURL: "https://api.openbankingplatform.com"}},
	{Name: "Bank of Georgia sandbox", Banks: []storage.Bank{{ID: "BAGAGE22", Name: "Bank of Georgia", CountryCode: "GE", Cities: []string{"Tbilisi"}}},
		Profile: xs2a.Profile{Dialect: xs2a.BankOfGeorgia.Name, Signing: xs2a.SignDetached}},
	{Name: "Berlin Group bank", Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, Signing: xs2a.SignHTTP}},
	{Name: "Salt Edge PSD2 Compliance", Profile: xs2a.Profile{Dialect: xs2a.SaltEdge.Name, Signing: xs2a.SignSaltEdge}},
}

// isCallback reports whether a bank can send a person back to an address on the web
// (RFC 6749 section 3.1.2: it has no fragment).
func isCallback(address string) bool {
	return strings.HasPrefix(address, "https://") && xs2a.CheckURL(address) == nil && !strings.Contains(address, "#")
}

// isLocalCallback reports whether the program could answer at an address: a
// fixed, unprivileged port of this machine.
func isLocalCallback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	port, err := strconv.Atoi(u.Port())
	return err == nil && port >= 1024 && port <= 65535 && len(u.Path) > 1 &&
		(u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
}
