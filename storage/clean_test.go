package storage

import (
	"bytes"
	"database/sql"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"consentry/app/secret"
	"consentry/xs2a/record"
)

// TestWhatIsStoredIsCleaned brings a record up to date in which secrets stand
// that were taken for codes of messages, or that stood under names nobody knew.
// They are in no byte of the files afterwards; what is no secret is.
func TestWhatIsStoredIsCleaned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	db, err := sql.Open("sqlite", address(path, map[string][]string{"_pragma": pragmas}))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler)); err != nil { // there are no data yet
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), cleaningVersion-1); err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{
		`{"Header":[{"Name":"X-Session","Value":"geheimes-wort-1"}],"Body":"{\"psuData\":{\"password\":\"SOMMERREGEN\",\"userPin\":\"my_pass_word\"}}","Size":60}`,
		`{"Header":null,"Body":"{\"scaAuthenticationData\":\"404\",\"tppMessages\":[{\"category\":\"ERROR\",\"code\":\"SCA_INVALID\",\"text\":\"otp: WOLKENBRUCH\"}],\"ticket\":\"MORGENTAU\"}"}`,
	} {
		if _, err := db.Exec(`INSERT INTO exchange (flow_id, step, attended, started_at, took_us, method, url, request_id, request, status, answer, error, body_bytes, row_bytes)
			VALUES ('a', 'Read', 0, '2026-01-02T03:04:05.000Z', 1, 'PUT', 'https://b.example/?pwd=GEWITTER', '', ?, 200, '{}', '', 1, 1)`, message); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openIn(t, dir)
	all, err := s.Exchanges(t.Context(), ExchangeQuery{}, 10)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	if got, want := all[0].Request.Body, `{"scaAuthenticationData":"`+record.Redacted+`","tppMessages":[{"category":"ERROR","code":"SCA_INVALID","text":"otp: `+record.Redacted+`"}],"ticket":"`+record.Redacted+`"}`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if all[0].URL != "https://b.example/?pwd="+record.Redacted || all[1].Request.Size != 0 || !all[1].Request.SizeUntold {
		t.Errorf("%+v", all)
	}
	if bodies := s.sum(t, "body_bytes"); bodies < 100 || bodies > 600 {
		t.Errorf("%d bytes of bodies are counted", bodies)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"SOMMERREGEN", "my_pass_word", "geheimes-wort-1", "WOLKENBRUCH", "MORGENTAU", "GEWITTER"} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s is in %s", secret, filepath.Base(name))
			}
		}
	}
}
