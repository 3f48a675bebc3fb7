package e2e

import (
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage"
)

// Every test knows secrets: what its people typed, the address that lets a
// browser in, the session, and what the program and the banks told each other.
// When a program ends, none of them is in its files, in its log or in what it
// said when it crashed. Set aside are the practice banks' own books, and what is
// sealed: its ciphertext holds nothing that could be found.

// secretsOf are the secrets of each test, by its name, each with what it is.
var secretsOf = struct {
	sync.Mutex
	by map[string]map[string]string
}{by: map[string]map[string]string{}}

// knows notes a secret.
func knows(t *testing.T, what, text string) {
	of, _, _ := strings.Cut(t.Name(), "/") // a part of a test uses the program of all of it
	secretsOf.Lock()
	defer secretsOf.Unlock()
	if secretsOf.by[of] == nil {
		secretsOf.by[of] = map[string]string{}
	}
	secretsOf.by[of][text] = what
}

// known returns the secrets of a test.
func known(t *testing.T) map[string]string {
	of, _, _ := strings.Cut(t.Name(), "/")
	secretsOf.Lock()
	defer secretsOf.Unlock()
	return maps.Clone(secretsOf.by[of])
}

// secretField is a field into which people type what nobody else may read.
var secretField = regexp.MustCompile(`(?i)^(password|code|confirmation)`)

// knowsAddress notes what is secret in an address: what lets a browser in, and
// what a bank sends a person back with.
func knowsAddress(t *testing.T, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	for _, name := range []string{"token", "code", "state", "confirmationCode"} {
		for _, value := range u.Query()[name] {
			knows(t, name+" of an address", value)
		}
	}
}

// knowsCookies notes the values of cookies.
func knowsCookies(t *testing.T, header string) {
	for _, pair := range strings.Split(header, "; ") {
		_, value, _ := strings.Cut(pair, "=")
		knows(t, "a cookie", value)
	}
}

// searched looks for the test's secrets in all that the program leaves behind.
// What was in the files while it ran is what they held then.
func (c *program) searched(running map[string][]byte) {
	c.t.Helper()
	secrets := known(c.t)
	c.sealed(secrets)
	if len(secrets) < 4 {
		c.t.Errorf("only %d secrets are known", len(secrets))
	}
	search := lookFor(secrets)
	for when, files := range map[string]map[string][]byte{"while it ran": running, "afterwards": c.contents()} {
		if _, there := files[storage.FileName]; !there {
			c.t.Errorf("the data file was not searched %s", when)
		}
		for name, content := range files {
			for _, what := range slices.Compact(slices.Sorted(slices.Values(search.in(content)))) {
				c.t.Errorf("%s %s holds %s", name, when, what)
			}
		}
	}
	for _, what := range search.in([]byte(c.told.String())) {
		c.t.Errorf("the log holds %s", what)
	}
}

// contents are the files of the data folder, but for the practice banks' own. The
// log of the database and the pages it does not use any more are among them, as
// bytes.
func (c *program) contents() map[string][]byte {
	c.t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(c.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), "sandbox.json") {
			return err
		}
		files[entry.Name()], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		c.t.Error(err)
	}
	return files
}

// sealed adds the secrets that the program keeps sealed: it is opened as the
// program opens it, in a copy.
func (c *program) sealed(secrets map[string]string) {
	c.t.Helper()
	folder := c.t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(c.data)); err != nil {
		c.t.Error(err)
		return
	}
	ctx := context.Background() // the test's own is over when its programs end
	key, err := secret.LoadWithoutKeyring(c.data, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Error(err)
		return
	}
	store, err := storage.Open(ctx, folder, key, time.Now)
	if err != nil {
		c.t.Error(err)
		return
	}
	defer store.Close()
	environments, err := store.Environments(ctx)
	for _, e := range environments {
		secrets[e.ClientSecret] = "a client's secret"
		keys := []string{e.Key, e.TLSKey}
		for _, purpose := range []string{"signatures", "connections"} {
			if waits, err := store.PrivateKey(ctx, e.ID, purpose); err == nil {
				keys = append(keys, waits)
			}
		}
		for _, key := range keys {
			if lines := strings.Split(key, "\n"); len(lines) > 3 {
				secrets[lines[2]] = "a private key"
			}
		}
	}
	consents, failed := store.Consents(ctx)
	for _, each := range consents {
		credentials, err := store.Credentials(ctx, storage.ConsentSubject(each.ID))
		if err != nil {
			c.t.Error(err)
		}
		secrets[credentials.AccessToken], secrets[credentials.RefreshToken] = "an access token", "a refresh token"
		attempts, err := store.Authorisations(ctx, storage.ConsentSubject(each.ID))
		if err != nil {
			c.t.Error(err)
		}
		for _, attempt := range attempts {
			secrets[attempt.Secret.State], secrets[attempt.Secret.Verifier] = "a state", "a verifier"
			secrets[attempt.Secret.ConfirmationCode] = "a confirmation code"
		}
	}
	if err != nil || failed != nil {
		c.t.Error(err, failed)
	}
}

// exports are what a person can take out of the program about a consent.
func (p *person) exports(c *program) map[string][]byte {
	p.t.Helper()
	files := map[string][]byte{}
	addresses := []string{"/consents.ics"}
	for _, each := range c.consents("") {
		addresses = append(addresses, "/consents/"+each.ID+"/receipt", "/consents/"+each.ID+"/receipt.json", "/activity/flows/"+each.ID)
	}
	exchanges := reading(c, func(ctx context.Context, s *storage.Store) ([]storage.Exchange, error) {
		return s.Exchanges(ctx, storage.ExchangeQuery{}, plenty)
	})
	for _, each := range exchanges {
		files["the command of "+each.Step] = []byte(each.Curl())
	}
	place := sessionIn.FindString(p.bar().Path)
	for _, address := range addresses {
		text, err := ask[string](p, "fetch("+quoted(place+address)+").then(answer => answer.ok ? answer.text() : Promise.reject(answer.status))")
		if err != nil {
			p.fail("take "+address+" out", err)
		}
		files[address] = []byte(strings.ReplaceAll(text, place+"/", "/")) // the session's own pages say where it is
	}
	return files
}

// holdNothing holds that none of the test's secrets stands in what is shown and
// taken out.
func (c *program) holdNothing(files map[string][]byte) {
	c.t.Helper()
	search := lookFor(known(c.t))
	for name, content := range files {
		for _, what := range search.in(content) {
			c.t.Errorf("%s holds %s", name, what)
		}
	}
}
