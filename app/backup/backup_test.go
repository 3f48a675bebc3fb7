package backup

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/fresh"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

// passphrase opens the backups of these tests.
var passphrase = []byte("three otters on a raft")

// cheap is what a passphrase costs where its price is not what is tested.
var cheap = cost{write: 1, most: 19}

// world is a data folder with a backup of it.
type world struct {
	*testing.T
	dir   string
	key   *secret.Box
	store *storage.Store
	*Folder
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Setenv("CONSENTRY_KEYRING", "off")
	w := &world{T: t}
	w.dir, w.key = fresh.Folder(t)
	w.open()
	t.Cleanup(func() { w.store.Close() })
	w.must(w.store.SetSetting(t.Context(), "kept", "in the backup"))
	w.must(w.store.SetLanguage(t.Context(), "sv"))
	w.must(os.WriteFile(filepath.Join(w.dir, folder.State), []byte(`{"Seed":1}`), 0o600))
	w.Folder = quietly(w.dir)
	return w
}

func quietly(dir string) *Folder {
	f := In(dir, slog.New(slog.DiscardHandler))
	f.cost = cheap
	return f
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) open() {
	w.Helper()
	var err error
	w.store, err = storage.Open(context.Background(), w.dir, w.key, time.Now)
	w.must(err)
}

// made is a backup of the folder.
func (w *world) made() []byte {
	w.Helper()
	var to bytes.Buffer
	w.must(w.Write(w.Context(), &to, passphrase, Source{Store: w.store, Key: w.key, Profile: "Astrid"}))
	return to.Bytes()
}

// elsewhere is another machine's data folder, with data of its own.
func elsewhere(t *testing.T) *Folder {
	t.Helper()
	dir, key := fresh.Folder(t)
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err == nil {
		err = errors.Join(store.SetSetting(t.Context(), "kept", "what was there"), store.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return quietly(dir)
}

// kept is what a folder's database holds of the test's; it fails the test where the folder does not open.
func kept(t *testing.T, dir string) string {
	t.Helper()
	key, err := secret.Load(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	value, err := store.Setting(t.Context(), "kept")
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// names lists what is in a folder.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

// TestRoundTrip brings a backup back into a folder that has data: they are set aside whole, and those of the backup open.
func TestRoundTrip(t *testing.T) {
	w := newWorld(t)
	w.now = func() time.Time {
		return time.Date(2026, 11, 30, 9, 15, 0, 0, time.FixedZone("", 2*60*60))
	}
	made := w.made()
	if left := slices.DeleteFunc(names(t, w.dir), func(name string) bool { return !strings.HasPrefix(name, folder.Copy) }); len(left) > 0 {
		t.Errorf("left of the copy: %v", left)
	}
	f := elsewhere(t)
	m, err := f.Unpack(t.Context(), bytes.NewReader(made), passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if !m.MadeAt.Equal(w.now()) || m.Profile != "Astrid" || m.Version != storage.Version() {
		t.Errorf("the backup says %+v", m)
	}
	if kept(t, f.dir) != "what was there" {
		t.Error("unpacking alone has changed the data")
	}
	if waits, is := f.Unpacked(); !is || !waits.MadeAt.Equal(m.MadeAt) {
		t.Errorf("waits: %v, %+v", is, waits)
	}
	if err := errors.Join(f.Accept(), f.finish()); err != nil {
		t.Fatal(err)
	}
	if got := kept(t, f.dir); got != "in the backup" {
		t.Errorf("restored: %q", got)
	}
	if state, err := os.ReadFile(f.path(folder.State)); err != nil || string(state) != `{"Seed":1}` {
		t.Errorf("the practice banks: %q, %v", state, err)
	}
	if tag := folder.LanguageOf(f.dir); tag != "sv" {
		t.Errorf("the language is %q", tag)
	}
	done, is := f.Restored()
	if !is || done.Profile != "Astrid" {
		t.Fatalf("restored: %v, %+v", is, done)
	}
	if got := kept(t, f.path(done.Aside)); got != "what was there" {
		t.Errorf("set aside: %q", got)
	}
	if _, err := os.Lstat(f.path(staging)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the staging folder is left: %v", err)
	}
}

// TestNotAccepted takes away what was not accepted, and nothing else.
func TestNotAccepted(t *testing.T) {
	made := newWorld(t).made()
	f := elsewhere(t)
	before := names(t, f.dir)
	if _, err := f.Unpack(t.Context(), bytes.NewReader(made), passphrase); err != nil {
		t.Fatal(err)
	}
	release, err := folder.Take(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.finish(); err != nil {
		t.Fatal(err)
	}
	if _, waits := f.Unpacked(); !waits {
		t.Error("it was taken away while the data are open")
	}
	if err := errors.Join(release(), f.finish()); err != nil {
		t.Fatal(err)
	}
	if after := names(t, f.dir); !slices.Equal(after, before) || kept(t, f.dir) != "what was there" {
		t.Errorf("the folder held %v and holds %v", before, after)
	}
	if err := f.Accept(); !errors.Is(err, ErrNothing) {
		t.Errorf("accepted: %v", err)
	}
}

// TestAcceptedStays accepts what could not be accepted at first, and takes it away for nobody afterwards.
func TestAcceptedStays(t *testing.T) {
	made := newWorld(t).made()
	f := elsewhere(t)
	if _, err := f.Unpack(t.Context(), bytes.NewReader(made), passphrase); err != nil {
		t.Fatal(err)
	}
	inTheWay := f.staged("." + folder.Restored)
	if err := os.Mkdir(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Accept(); err == nil {
		t.Fatal("it was accepted with nothing noted")
	}
	if _, waits := f.Unpacked(); !waits {
		t.Error("it cannot be accepted again")
	}
	if err := errors.Join(os.Remove(inTheWay), f.Accept()); err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); !errors.Is(err, ErrAccepted) {
		t.Errorf("discarded: %v", err)
	}
	if _, err := f.Unpack(t.Context(), bytes.NewReader(made), passphrase); !errors.Is(err, ErrAccepted) {
		t.Errorf("another was unpacked: %v", err)
	}
	if err := f.finish(); err != nil {
		t.Fatal(err)
	}
	if _, is := f.Restored(); !is {
		t.Error("it was not restored")
	}
}

// TestPlanted moves nothing where what lies ready, or the folder for the data, is a link to elsewhere.
func TestPlanted(t *testing.T) {
	for _, name := range []string{staging, "set-aside-there"} {
		f, other := elsewhere(t), t.TempDir()
		if err := os.Symlink(other, f.path(name)); err != nil {
			t.Skip(err) // few people may make links on Windows
		}
		_ = os.Mkdir(f.path(staging), 0o700) // is there where it is the link
		if err := os.WriteFile(f.staged(readyFile), []byte("set-aside-there\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var refused *folder.Error
		if err := f.finish(); !errors.As(err, &refused) || refused.Fault != folder.IsLink {
			t.Errorf("%s is a link: %v", name, err)
		}
		if kept(t, f.dir) != "what was there" {
			t.Errorf("%s is a link: the data were moved", name)
		}
	}
}

// TestFile writes the file whole, beside none, and over none that nobody gave up.
func TestFile(t *testing.T) {
	w := newWorld(t)
	to := filepath.Join(t.TempDir(), "my"+Extension)
	of := Source{Store: w.store, Key: w.key}
	w.must(w.WriteFile(t.Context(), to, false, passphrase, of))
	if info, err := os.Stat(to); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	first, _ := os.ReadFile(to)
	if err := w.WriteFile(t.Context(), to, false, passphrase, of); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	if still, _ := os.ReadFile(to); !bytes.Equal(still, first) {
		t.Error("the file that was there is another now")
	}
	w.must(w.WriteFile(t.Context(), to, true, passphrase, of))
	if second, _ := os.ReadFile(to); bytes.Equal(second, first) {
		t.Error("two backups are the same bytes")
	}
	if all := names(t, filepath.Dir(to)); len(all) != 1 {
		t.Errorf("beside it: %v", all)
	}
	if !w.Made().IsZero() {
		t.Errorf("noted: %v", w.Made())
	}
	w.must(w.NoteMade())
	if time.Since(w.Made()) > time.Hour {
		t.Errorf("noted: %v", w.Made())
	}
}

// TestGivenUp ends a backup for which nobody waits any more, and leaves nothing of it.
func TestGivenUp(t *testing.T) {
	w := newWorld(t)
	ctx, end := context.WithCancel(t.Context())
	w.at = func(step string) {
		if step == "copied" {
			end()
		}
	}
	to := filepath.Join(t.TempDir(), "my"+Extension)
	if err := w.WriteFile(ctx, to, false, passphrase, Source{Store: w.store, Key: w.key}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if all := names(t, filepath.Dir(to)); len(all) != 0 {
		t.Errorf("left: %v", all)
	}
}

// TestMomentOfCopy has the database and the practice banks be of one moment, while both go on.
func TestMomentOfCopy(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), folder.Database)
	w.must(w.store.CopyTo(t.Context(), path, func() error {
		return w.store.SetSetting(t.Context(), "kept", "after the moment")
	}))
	w.must(os.WriteFile(filepath.Join(filepath.Dir(path), folder.Key), []byte(w.key.Plain()), 0o600))
	if got := kept(t, filepath.Dir(path)); got != "in the backup" {
		t.Errorf("the copy has %q", got)
	}
	if got, err := w.store.Setting(t.Context(), "kept"); err != nil || got != "after the moment" {
		t.Errorf("the store has %q, %v", got, err)
	}
}
