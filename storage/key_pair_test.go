package storage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A private key lies sealed, for its environment and purpose alone; it is replaced only
// where that is said, and goes with its environment.
func TestKeyPair(t *testing.T) {
	s, dir := open(t)
	const key = "-----BEGIN PRIVATE KEY-----\nthe-very-secret-part\n-----END PRIVATE KEY-----\n"
	for _, id := range []string{"mine", "other"} {
		if err := s.PutEnvironment(t.Context(), Environment{ID: id, Name: id}); err != nil {
			t.Fatal(err)
		}
	}
	pair := KeyPair{EnvironmentID: "mine", Purpose: "signatures", Application: []byte(`{"Country":"SE"}`), Request: []byte{1, 2}}
	if err := s.AddKeyPair(t.Context(), pair, key, false); err != nil {
		t.Fatal(err)
	}
	if err := s.AddKeyPair(t.Context(), pair, "another", false); !errors.Is(err, ErrKeyPairThere) {
		t.Errorf("a second: %v", err)
	}
	if got, err := s.PrivateKey(t.Context(), "mine", "signatures"); err != nil || got != key {
		t.Errorf("the key is %q, %v", got, err)
	}
	for _, absent := range [][2]string{{"mine", "connections"}, {"other", "signatures"}} {
		if _, err := s.PrivateKey(t.Context(), absent[0], absent[1]); !errors.Is(err, ErrNotFound) {
			t.Errorf("the key of %v: %v", absent, err)
		}
	}
	if err := s.SetTestCertificate(t.Context(), "mine", "signatures", "CERTIFICATE"); err != nil {
		t.Fatal(err)
	}
	all, err := s.KeyPairs(t.Context(), "mine")
	if err != nil || len(all) != 1 || all[0].Certificate != "CERTIFICATE" || !bytes.Equal(all[0].Request, pair.Request) || all[0].MadeAt.IsZero() {
		t.Errorf("listed are %+v, %v", all, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil && bytes.Contains(content, []byte("the-very-secret-part")) {
			t.Errorf("%s holds the key", file)
		}
	}

	// Moved to where it does not belong, it cannot be opened.
	if err := s.AddKeyPair(t.Context(), KeyPair{EnvironmentID: "other", Purpose: "signatures", Application: pair.Application, Request: pair.Request}, "third", false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.exec(t.Context(), `UPDATE key_pair SET key_sealed = (SELECT key_sealed FROM key_pair WHERE environment_id = 'mine') WHERE environment_id = 'other'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PrivateKey(t.Context(), "other", "signatures"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("moved: %v", err)
	}

	if err := s.AddKeyPair(t.Context(), pair, "another", true); err != nil {
		t.Fatal(err)
	}
	if got, err := s.PrivateKey(t.Context(), "mine", "signatures"); err != nil || got != "another" {
		t.Errorf("replaced by %q, %v", got, err)
	}
	if err := s.RemoveKeyPair(t.Context(), "mine", "signatures"); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveKeyPair(t.Context(), "mine", "signatures"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if err := s.RemoveEnvironment(t.Context(), "other", none, agreed(0)); err != nil {
		t.Fatal(err)
	}
	if left, err := s.KeyPairs(t.Context(), "other"); err != nil || len(left) != 0 {
		t.Errorf("left of a removed environment: %v, %v", left, err)
	}
}
