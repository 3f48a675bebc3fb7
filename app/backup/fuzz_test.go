package backup

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"testing"
)

// FuzzUnpack reads what is no backup, from outside or under the right passphrase: it is refused, and nothing is left of it.
func FuzzUnpack(f *testing.F) {
	f.Setenv("CONSENTRY_KEYRING", "off")
	f.Add([]byte("age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 1\ngUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUY\n--- aaaa\n"), false)
	f.Add([]byte("backup.json"), true)
	f.Add([]byte{}, true)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte, within bool) {
		if within {
			var to bytes.Buffer
			into, err := cheap.sealed(t.Context(), &to, passphrase)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(into, bytes.NewReader(content)); err != nil {
				t.Fatal(err)
			}
			if err := into.Close(); err != nil {
				t.Fatal(err)
			}
			content = to.Bytes()
		}
		into := In(dir, slog.New(slog.DiscardHandler))
		into.cost = cost{write: 1, most: 4}
		if m, err := into.Unpack(t.Context(), bytes.NewReader(content), passphrase); err == nil {
			t.Fatalf("it was taken: %+v", m)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Fatalf("left: %v, %v", left, err)
		}
	})
}

// FuzzManifest reads what a hostile file says of itself: what is taken keeps to the bounds.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"version":"v1.0.0","schema":40,"madeAt":"2026-11-30T09:15:00+02:00","holds":{"banks":1,"consents":1,"accounts":3,"transactions":12},"files":[{"name":"consentry.db","size":4096},{"name":"master.key","size":61}]}`))
	f.Add([]byte(`{"format":2,"version":"v9"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decodeManifest(text)
		if err != nil {
			return
		}
		if len(m.Files) < 2 || len(m.Files) > len(parts) || m.Files[0].Name != parts[0].name || m.Files[1].Name != parts[1].name {
			t.Errorf("taken: %+v", m)
		}
		for _, file := range m.Files {
			if file.Size < 1 || file.Size > parts[0].most {
				t.Errorf("taken: %+v", m)
			}
		}
	})
}
