package backup

import (
	"archive/tar"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"consentry/storage/folder"
)

// refused unpacks what may not be, and returns why; nothing of it may be left.
func refused(t *testing.T, f *Folder, file []byte, with []byte) error {
	t.Helper()
	_, err := f.Unpack(t.Context(), bytes.NewReader(file), with)
	if err == nil {
		t.Fatal("it was taken")
	}
	if _, left := os.Lstat(f.path(staging)); !errors.Is(left, fs.ErrNotExist) {
		t.Fatalf("after %v the staging folder is left: %v", err, left)
	}
	return err
}

// known reports whether an error says what is wrong with a backup.
func known(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, ErrPassphrase) || errors.Is(err, ErrForeign)
}

// TestEveryByteCounts changes one byte at a time: each of the header, and in each chunk its first, its last and some between.
func TestEveryByteCounts(t *testing.T) {
	w := newWorld(t)
	made := w.made()
	header := bytes.Index(made, []byte("\n---")) + 64
	const chunk = 64<<10 + 16
	var at []int
	for i := range header {
		at = append(at, i)
	}
	for from := header; from < len(made); from += chunk {
		at = append(at, from, min(from+chunk/3, len(made)-1), min(from+chunk-17, len(made)-1), min(from+chunk-1, len(made)-1))
	}
	for i := range 20 {
		at = append(at, len(made)-1-i)
	}
	f := elsewhere(t)
	for _, i := range at {
		for _, change := range []byte{0x01, 0x80} {
			changed := bytes.Clone(made)
			changed[i] ^= change
			if err := refused(t, f, changed, passphrase); !known(err) {
				t.Errorf("byte %d: %v", i, err)
			}
		}
	}
	t.Logf("%d of %d bytes were changed", len(at), len(made))
}

// TestCutShort takes no part of a backup for the whole, and nothing after its end.
func TestCutShort(t *testing.T) {
	w := newWorld(t)
	made := w.made()
	f := elsewhere(t)
	for n := 0; n < len(made); n += max(1, min(n, 9973)) {
		if err := refused(t, f, made[:n], passphrase); !known(err) {
			t.Errorf("cut after %d of %d: %v", n, len(made), err)
		}
	}
	for back := 1; back < 40; back++ {
		if err := refused(t, f, made[:len(made)-back], passphrase); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut %d before the end: %v", back, err)
		}
	}
	for _, more := range []string{"\n", "x", string(made)} {
		if err := refused(t, f, append(bytes.Clone(made), more...), passphrase); !errors.Is(err, ErrDamaged) {
			t.Errorf("with %d bytes more: %v", len(more), err)
		}
	}
}

// TestSendingBrokenOff says why no more came, and not that the backup is damaged.
func TestSendingBrokenOff(t *testing.T) {
	made := newWorld(t).made()
	f := elsewhere(t)
	gone := errors.New("the browser is gone")
	for _, n := range []int{0, 10, 100, 300, 70_000, len(made) - 1} {
		if _, err := f.Unpack(t.Context(), io.MultiReader(bytes.NewReader(made[:n]), broken{gone}), passphrase); !errors.Is(err, gone) || known(err) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

type broken struct{ error }

func (b broken) Read([]byte) (int, error) { return 0, b.error }

// file is one of an archive.
type file struct {
	header tar.Header
	text   string
}

// archive seals an archive that this program would not write.
func archive(t *testing.T, after string, files ...file) []byte {
	t.Helper()
	var to bytes.Buffer
	into, err := cheap.sealed(t.Context(), &to, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	packed := tar.NewWriter(into)
	for _, one := range files {
		if one.header.Typeflag == 0 {
			one.header.Typeflag = tar.TypeReg
		}
		if one.header.Typeflag == tar.TypeReg && one.header.Size == 0 {
			one.header.Size = int64(len(one.text))
		}
		one.header.ModTime = time.Unix(1, 0)
		if err := packed.WriteHeader(&one.header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(packed, one.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Log(err) // one that is cut short
	}
	if _, err := io.WriteString(into, after); err != nil {
		t.Fatal(err)
	}
	if err := into.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Bytes()
}

// genuine takes a backup of a folder apart.
func genuine(t *testing.T) (m Manifest, contents map[string]string) {
	t.Helper()
	made := newWorld(t).made()
	plain, err := cheap.opened(t.Context(), bytes.NewReader(made), passphrase)
	if err != nil {
		t.Fatal(err)
	}
	contents = map[string]string{}
	for packed := tar.NewReader(plain); ; {
		header, err := packed.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(packed)
		if err != nil {
			t.Fatal(err)
		}
		contents[header.Name] = string(content)
	}
	if err := json.Unmarshal([]byte(contents[manifestFile]), &m); err != nil {
		t.Fatal(err)
	}
	return m, contents
}

// TestHostileArchives refuses whatever is sealed under the right passphrase and is no backup that this program would make.
func TestHostileArchives(t *testing.T) {
	m, contents := genuine(t)
	file1 := func(name, text string) file { return file{tar.Header{Name: name, Mode: 0o600}, text} }
	says := func(change func(*Manifest)) file {
		other := m
		other.Files = append([]File(nil), m.Files...)
		change(&other)
		text, err := json.Marshal(other)
		if err != nil {
			t.Fatal(err)
		}
		return file1(manifestFile, string(text))
	}
	manifest, database, key := file1(manifestFile, contents[manifestFile]), file1(folder.Database, contents[folder.Database]), file1(folder.Key, contents[folder.Key])
	state, language := file1(folder.State, contents[folder.State]), file1(folder.Language, contents[folder.Language])
	typed := func(kind byte) file {
		return file{header: tar.Header{Name: folder.Database, Typeflag: kind, Linkname: "/etc/passwd"}}
	}
	without := func(name string) file {
		return says(func(m *Manifest) {
			for i, each := range m.Files {
				if each.Name == name {
					m.Files = append(m.Files[:i], m.Files[i+1:]...)
					return
				}
			}
		})
	}
	damaged := []byte(contents[folder.Database])
	for i := 4096 * 3; i < len(damaged) && i < 4096*40; i++ {
		damaged[i] = 0xaa
	}
	for name, sealed := range map[string][]byte{
		"nothing":                     archive(t, ""),
		"no manifest":                 archive(t, "", database, key, state, language),
		"a manifest alone":            archive(t, "", manifest),
		"a manifest that is none":     archive(t, "", file1(manifestFile, "{"), database, key, state, language),
		"a manifest without end":      archive(t, "", file1(manifestFile, strings.Repeat(" ", longestManifest+1)), database, key, state, language),
		"another order":               archive(t, "", manifest, key, database, state, language),
		"one missing at the end":      archive(t, "", manifest, database, key, state),
		"one missing within":          archive(t, "", manifest, database, state, language),
		"one more":                    archive(t, "", manifest, database, key, state, language, file1("more", "x")),
		"one twice":                   archive(t, "", manifest, database, key, state, language, language),
		"something after the end":     archive(t, "x", manifest, database, key, state, language),
		"zeros after the end":         archive(t, strings.Repeat("\x00", 1024), manifest, database, key, state, language),
		"no database":                 archive(t, "", without(folder.Database), key, state, language),
		"no key":                      archive(t, "", without(folder.Key), database, state, language),
		"an unknown name":             archive(t, "", says(func(m *Manifest) { m.Files[2].Name = "profile" }), database, key, file1("profile", "x"), language),
		"a path":                      archive(t, "", says(func(m *Manifest) { m.Files[2].Name = "../x" }), database, key, file1("../x", "x"), language),
		"an absolute path":            archive(t, "", manifest, database, key, file1("/tmp/sandbox.json", contents[folder.State]), language),
		"the name in capitals":        archive(t, "", manifest, file1("Consentry.db", contents[folder.Database]), key, state, language),
		"a link":                      archive(t, "", manifest, typed(tar.TypeSymlink), key, state, language),
		"a hard link":                 archive(t, "", manifest, typed(tar.TypeLink), key, state, language),
		"a folder":                    archive(t, "", manifest, typed(tar.TypeDir), key, state, language),
		"a device":                    archive(t, "", manifest, typed(tar.TypeChar), key, state, language),
		"a longer file than it says":  archive(t, "", says(func(m *Manifest) { m.Files[0].Size-- }), database, key, state, language),
		"a shorter file than it says": archive(t, "", says(func(m *Manifest) { m.Files[0].Size++ }), database, key, state, language),
		"less than nothing":           archive(t, "", says(func(m *Manifest) { m.Files[0].Size = -1 }), database, key, state, language),
		"more than there can be":      archive(t, "", says(func(m *Manifest) { m.Files[0].Size = 1 << 60 }), database, key, state, language),
		"a large key":                 archive(t, "", says(func(m *Manifest) { m.Files[1].Size = 1 << 20 }), database, file1(folder.Key, strings.Repeat("x", 1<<20)), state, language),
		"a cut file":                  archive(t, "", manifest, file{tar.Header{Name: folder.Database, Size: int64(len(contents[folder.Database]))}, "x"}),
		"a record of a newer tar":     archive(t, "", manifest, file{tar.Header{Name: folder.Database, PAXRecords: map[string]string{"CONSENTRY.x": "y"}}, contents[folder.Database]}, key, state, language),
		"a key that is none":          archive(t, "", says(func(m *Manifest) { m.Files[1].Size = 3 }), database, file1(folder.Key, "key"), state, language),
		"another key":                 archive(t, "", manifest, database, file1(folder.Key, "consentry-key-1 "+strings.Repeat("A", 43)+"=\n"), state, language),
		"a database that is none":     archive(t, "", says(func(m *Manifest) { m.Files[0].Size = 3 }), file1(folder.Database, "abc"), key, state, language),
		"a database of nothing":       archive(t, "", says(func(m *Manifest) { m.Files[0].Size = 8192 }), file1(folder.Database, strings.Repeat("\x00", 8192)), key, state, language),
		"a database with holes":       archive(t, "", manifest, file1(folder.Database, string(damaged)), key, state, language),
		"fewer than no accounts":      archive(t, "", says(func(m *Manifest) { m.Holds.Accounts = -1 }), database, key, state, language),
		"a name without end":          archive(t, "", says(func(m *Manifest) { m.Profile = strings.Repeat("x", 10_000) }), database, key, state, language),
		"format 0":                    archive(t, "", says(func(m *Manifest) { m.Format = 0 }), database, key, state, language),
	} {
		t.Run(name, func(t *testing.T) {
			f := elsewhere(t)
			if err := refused(t, f, sealed, passphrase); !errors.Is(err, ErrDamaged) {
				t.Errorf("%v", err)
			}
			if got := kept(t, f.dir); got != "what was there" {
				t.Errorf("the data are %q", got)
			}
		})
	}
	if _, err := elsewhere(t).Unpack(t.Context(), bytes.NewReader(archive(t, "", manifest, database, key, state, language)), passphrase); err != nil {
		t.Errorf("what all of these differ from was refused: %v", err)
	}
}

// TestNewer names the version that made what this one does not know.
func TestNewer(t *testing.T) {
	m, _ := genuine(t)
	for name, change := range map[string]func(*Manifest){
		"format": func(m *Manifest) { m.Format++ },
		"tables": func(m *Manifest) { m.Schema++ },
	} {
		t.Run(name, func(t *testing.T) {
			other := m
			other.Version = "v99.1.0"
			change(&other)
			text, err := json.Marshal(other)
			if err != nil {
				t.Fatal(err)
			}
			var newer *NewerError
			sealed := archive(t, "", file{tar.Header{Name: manifestFile}, string(text)}, file{tar.Header{Name: "something/new"}, "x"})
			if err := refused(t, elsewhere(t), sealed, passphrase); !errors.As(err, &newer) || newer.Version != "v99.1.0" {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("tables that the manifest does not tell of", func(t *testing.T) {
		w := newWorld(t)
		db, err := sql.Open("sqlite", w.path(folder.Database))
		w.must(err)
		_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9001, 1)`)
		w.must(errors.Join(err, db.Close()))
		var newer *NewerError
		if err := refused(t, elsewhere(t), w.made(), passphrase); !errors.As(err, &newer) {
			t.Errorf("%v", err)
		}
	})
}

// TestTablesMissing refuses a database that agrees with itself and belongs to the key, and lacks what the program needs: it
// would be found out when the data it replaces have been set aside.
func TestTablesMissing(t *testing.T) {
	for lacks, without := range map[string]string{
		"table note":                         `DROP TABLE note`,
		"column account.nickname":            `ALTER TABLE account DROP COLUMN nickname`,
		"trigger turnover_change_of_account": `DROP TRIGGER turnover_change_of_account`,
		"index alert_entry":                  `DROP INDEX alert_entry`,
	} {
		t.Run(lacks, func(t *testing.T) {
			w := newWorld(t)
			db, err := sql.Open("sqlite", w.path(folder.Database))
			w.must(err)
			_, err = db.Exec(without)
			w.must(errors.Join(err, db.Close()))
			if err := refused(t, elsewhere(t), w.made(), passphrase); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), lacks) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestWhatIsNoBackup is told from what is damaged.
func TestWhatIsNoBackup(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var toKey bytes.Buffer
	into, err := age.Encrypt(&toKey, identity.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if err := into.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"empty": "", "text": "a shopping list", "a database": "SQLite format 3\x00", "sealed to a key": toKey.String(),
	} {
		if err := refused(t, elsewhere(t), []byte(content), passphrase); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCostIsBounded spends nothing on a file that asks for too much.
func TestCostIsBounded(t *testing.T) {
	made := newWorld(t).made()
	f := elsewhere(t)
	little := bytes.Replace(made, []byte(" 1\n"), []byte(" 2\n"), 1)
	if err := refused(t, f, little, passphrase); !errors.Is(err, ErrPassphrase) { // so ends what was computed, with another key
		t.Errorf("another factor within the bound: %v", err)
	}
	for _, factor := range []string{"20", "22", "30", "63", "64", "999999999999999999999", "0", "-1", "01", "+1", "x"} {
		asks := bytes.Replace(made, []byte(" 1\n"), []byte(" "+factor+"\n"), 1)
		if bytes.Equal(asks, made) {
			t.Fatal("the header has no work factor")
		}
		if err := refused(t, f, asks, passphrase); !errors.Is(err, ErrDamaged) { // and not what it ends with when the work is done
			t.Errorf("%s: %v", factor, err)
		}
	}
}

// TestWrongPassphrases tries a thousand of them; the right one opens it after that.
func TestWrongPassphrases(t *testing.T) {
	made := newWorld(t).made()
	f := elsewhere(t)
	for n := range 1000 {
		wrong := append([]byte(nil), passphrase...)
		wrong[n%len(wrong)] ^= byte(1 + n/len(wrong))
		if err := refused(t, f, made, wrong); !errors.Is(err, ErrPassphrase) {
			t.Fatalf("%q: %v", wrong, err)
		}
	}
	for name, wrong := range map[string][]byte{"none": nil, "one without end": bytes.Repeat([]byte("x"), 1<<20)} {
		if err := refused(t, f, made, wrong); !errors.Is(err, ErrPassphrase) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Unpack(t.Context(), bytes.NewReader(made), passphrase); err != nil {
		t.Error(err)
	}
}

// TestPriceOfATry has a wrong passphrase cost what the program's own backups have it cost.
func TestPriceOfATry(t *testing.T) {
	if own := In(t.TempDir(), nil).cost; own != (cost{write: 18, most: 19}) {
		t.Errorf("the program's own is %+v", own)
	}
	dear := bytes.Replace(newWorld(t).made(), []byte(" 1\n"), []byte(" 18\n"), 1)
	if err := refused(t, elsewhere(t), dear, passphrase); !errors.Is(err, ErrPassphrase) { // as another factor makes another key
		t.Error(err)
	}
}

// TestSpellings takes the same letters, composed or in parts, for the same passphrase.
func TestSpellings(t *testing.T) {
	w := newWorld(t)
	var to bytes.Buffer
	w.must(w.Write(t.Context(), &to, []byte("räksmörgås på bryggan"), Source{Store: w.store, Key: w.key}))
	if _, err := elsewhere(t).Unpack(t.Context(), &to, []byte("ra\u0308ksmo\u0308rga\u030as pa\u030a bryggan")); err != nil {
		t.Error(err)
	}
}
