package storage

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage/folder"
	"consentry/xs2a"
)

// TestPracticeEnvironmentsBecomeOne opens the earlier folder, in which the practice
// banks had ten environments, after more was put into it: all that hung on one of them
// hangs on the one that is left, and accounts of a bank that stood in two are kept
// apart. A migration that is broken off is begun once more.
func TestPracticeEnvironmentsBecomeOne(t *testing.T) {
	dir := earlier(t)
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	count := changeEarlier(t, filepath.Join(dir, FileName), key)
	var s *Store
	for wait := time.Millisecond; s == nil; wait *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		s, err = Open(ctx, dir, key, time.Now)
		cancel()
		if wait > time.Minute {
			t.Fatal(err)
		}
	}
	defer s.Close()
	all, err := s.Environments(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != "sandbox" || all[0].Name != "Practice banks" || all[1].Name != "Mine" {
		t.Fatalf("environments %+v, %v", all, err)
	}
	for table, rows := range count {
		var there, elsewhere int
		row := s.db.QueryRowContext(t.Context(), `SELECT count(*), count(*) FILTER (WHERE environment_id <> 'sandbox' AND environment_id <> 'mine') FROM `+table)
		if err := row.Scan(&there, &elsewhere); err != nil || there != rows || elsewhere > 0 {
			t.Errorf("%s: %d rows of %d, %d elsewhere, %v", table, there, rows, elsewhere, err)
		}
	}
	practice, mine := all[0], all[1]
	if len(practice.Banks) != 50 {
		t.Errorf("%d practice banks", len(practice.Banks))
	}
	for bank, want := range map[string]func(p xs2a.Profile) bool{
		"":             func(p xs2a.Profile) bool { return p.Dialect == "openpayments" },
		"rheintor":     func(p xs2a.Profile) bool { return p.Dialect == "berlingroup" && p.Signing == xs2a.SignHTTP && !p.MTLS },
		"havtorv":      func(p xs2a.Profile) bool { return p.ScopeBlank },
		"kanzleihof":   func(p xs2a.Profile) bool { return p.Signing == xs2a.SignHTTPDate },
		"tresorwald":   func(p xs2a.Profile) bool { return p.MTLS },
		"ensinmaki":    func(p xs2a.Profile) bool { return p.Login == xs2a.LoginPerson },
		"mtkvari":      func(p xs2a.Profile) bool { return p.Dialect == "bankofgeorgia" },
		"saltsjon_se":  func(p xs2a.Profile) bool { return p.Signing == xs2a.SignSaltEdgeWord },
		"salzhafen_de": func(p xs2a.Profile) bool { return p.Dialect == "saltedge" },
	} {
		if !want(practice.ProfileOf(bank)) {
			t.Errorf("%q is spoken to as %+v", bank, practice.ProfileOf(bank))
		}
	}
	if bank, _ := practice.Bank("rheintor"); len(bank.Cities) != 2 || bank.Note == "" || practice.ClientSecret == "" {
		t.Errorf("%+v", bank)
	}
	if own, _ := mine.Bank("OWNBDEB0"); mine.Profile.Dialect != "berlingroup" || own.Name != "Own Bank" || len(own.Cities) != 2 || own.Profile != (xs2a.Profile{}) {
		t.Errorf("an environment of the person's own: %+v", mine)
	}
	if bank, err := s.ASPSP(t.Context(), "sandbox", "einhafen"); err != nil || bank.Dialect != "berlingroup" || bank.Note == "" {
		t.Errorf("%+v, %v", bank, err)
	}
	if banks, err := s.ASPSPs(t.Context(), ASPSPQuery{}); err != nil || len(banks) != 79 {
		t.Errorf("%d banks, %v", len(banks), err)
	}
	if hosts, err := s.Hosts(t.Context(), "sandbox", "rheintor"); err != nil || len(hosts) != 1 {
		t.Errorf("hosts %v, %v", hosts, err)
	}
	for bank, want := range map[string]int{"moved": 2, "left": 2, "back": 2, "twice": 3} {
		var keys, newest int
		row := s.db.QueryRowContext(t.Context(), `SELECT count(DISTINCT key), count(*) FILTER (WHERE key = 'DE1' AND id = (SELECT max(id) FROM account WHERE bic = ?1))
			FROM account WHERE bic = ?1`, bank)
		if err := row.Scan(&keys, &newest); err != nil || keys != want || newest != 1 {
			t.Errorf("%s: %d accounts of a bank that moved, the newest with its key: %d, %v", bank, keys, newest, err)
		}
	}
}

// earlier unpacks the folder of an earlier version.
func earlier(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{folder.Database, folder.Key} {
		packed, err := os.Open(filepath.Join("testdata", "earlier", name+".gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer packed.Close()
		in, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// changeEarlier puts into the earlier folder what it has not: a named host, a logo, an
// environment of the person's own, and accounts of a bank that stood in two
// environments. It returns how many rows have to be there afterwards, by table.
func changeEarlier(t *testing.T, file string, seal Sealer) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", address(file, nil))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO environment SELECT 'mine', 'Mine', reach, ?, '', '[{"ID":"OWNBDEB0","Name":"Own Bank","CountryCode":"DE","City":"Berlin"},{"ID":"OWNBDEB0","Name":"Own Bank","CountryCode":"DE","City":"Hamburg"}]', 0, '', ''
		FROM environment WHERE id = 'sandbox-berlingroup'`, seal.Seal(secretContext("mine"), []byte("{}")))
	count := map[string]int{}
	for _, statement := range []string{
		`INSERT INTO bank_host VALUES ('sandbox-berlingroup', 'rheintor', 'https://login.example', '')`,
		`INSERT INTO logo VALUES ('sandbox-saltedge', 'salzhafen_de', 'https://logo.example', 'image/png', x'00', '')`,
		accountIn("sandbox-berlingroup", "moved"), accountIn("sandbox-berlingroup-dated", "moved"),
		accountIn("sandbox", "left"), accountIn("sandbox-berlingroup", "left"),
		accountIn("sandbox-berlingroup", "back"), accountIn("sandbox", "back"),
		accountIn("sandbox-berlingroup", "twice"), accountIn("sandbox", "twice"), accountIn("sandbox-berlingroup-dated", "twice"),
	} {
		if _, failed := db.Exec(statement); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	for _, table := range []string{"consent", "account", "logo", "report_habit", "bank_host"} {
		var rows int
		err = errors.Join(err, db.QueryRow(`SELECT count(*) FROM `+table).Scan(&rows))
		count[table] = rows
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return count
}

// accountIn returns a statement that adds the one account of a bank in an environment.
func accountIn(environment, bank string) string {
	return `INSERT INTO account (environment_id, bic, bank_name, key, iban, bban, masked_pan, currency, name, product, type, status, usage, owner_name, raw, first_seen_at)
		VALUES ('` + environment + `', '` + bank + `', 'A bank that moved', 'DE1', '', '', '', '', '', '', '', '', '', '', '{}', '')`
}
