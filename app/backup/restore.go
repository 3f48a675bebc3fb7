package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

// What lies in the staging folder beside the files of a backup.
const (
	staging    = "restoring" // the folder, in the data folder
	readyFile  = "ready"     // what was unpacked is to take the place of the data, which go into the folder it names
	movingFile = "moving"    // the data have gone there
)

// Why what was unpacked is not accepted, or not taken away.
var (
	ErrNothing  = errors.New("no backup was unpacked")
	ErrAccepted = errors.New("a backup is about to take the place of the data")
)

// Restored is what was brought back, kept with the data from then on.
type Restored struct {
	Manifest
	At    time.Time `json:"at"`
	Aside string    `json:"aside"` // the folder in the data folder into which the data went that were there; empty where there were none
}

func (f *Folder) staged(name string) string { return filepath.Join(f.path(staging), name) }

// stage writes a short file into the staging folder: whole and synced, or not at all.
func (f *Folder) stage(name string, content []byte) error {
	part := f.staged("." + name)
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(part, f.staged(name))
}

func mustEncode(value any) []byte {
	text, _ := json.MarshalIndent(value, "", "  ") // of plain fields
	return text
}

// Unpacked returns what was unpacked and waits to be accepted.
func (f *Folder) Unpacked() (m Manifest, waits bool) {
	if f.accepted() {
		return m, false
	}
	text, err := os.ReadFile(f.staged(manifestFile))
	if err != nil || json.Unmarshal(text, &m) != nil {
		return m, false
	}
	return m, true
}

// Accept says that what was unpacked is to take the place of the data. From when it returns [Finish] brings that about,
// whatever happens meanwhile.
func (f *Folder) Accept() error {
	m, waits := f.Unpacked()
	if !waits {
		return ErrNothing
	}
	done := Restored{Manifest: m, At: f.now(), Aside: f.freeAside()}
	if err := f.stage(folder.Restored, mustEncode(done)); err != nil { // it can be accepted again, as when there is room on the disk
		return err
	}
	f.at("noted")
	if err := f.stage(readyFile, []byte(done.Aside+"\n")); err != nil {
		return err
	}
	if err := errors.Join(syncFolder(f.path(staging)), syncFolder(f.dir)); err != nil {
		return errors.Join(err, os.Remove(f.staged(readyFile)))
	}
	f.at("ready")
	return nil
}

// accepted reports whether what was unpacked is to take the place of the data, or begins to.
func (f *Folder) accepted() bool {
	return slices.ContainsFunc([]string{readyFile, movingFile}, func(mark string) bool { _, err := os.Lstat(f.staged(mark)); return err == nil })
}

// freeAside is the name of a folder that is not there yet.
func (f *Folder) freeAside() string {
	name := "set-aside-" + f.now().Format("2006-01-02-150405")
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s-%d", name, n)
		}
		if _, err := os.Lstat(f.path(free)); errors.Is(err, fs.ErrNotExist) {
			return free
		}
	}
}

// Discard takes away what was unpacked. What was accepted stays: the error is [ErrAccepted] then.
func (f *Folder) Discard() error {
	if f.accepted() {
		return ErrAccepted
	}
	if _, err := os.Lstat(f.path(staging)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(secret.Forget(f.path(staging)), os.RemoveAll(f.path(staging)))
}

// Restored returns which backup the data come from.
func (f *Folder) Restored() (r Restored, is bool) {
	text, err := folder.ReadOwn(f.path(folder.Restored))
	if err != nil || json.Unmarshal(text, &r) != nil {
		return r, false
	}
	if _, err := os.Lstat(f.path(r.Aside)); err != nil {
		r.Aside = ""
	}
	return r, true
}

// Finish puts what was accepted in the place of the data of a folder, which are set aside, and takes away what was not
// accepted, or is left of a backup that was broken off. Whoever opens a data folder calls it first. Where the data are open it
// does nothing: they are whole then.
func Finish(dir string, log *slog.Logger) error { return In(dir, log).finish() }

func (f *Folder) finish() error {
	if err := f.tidy(); err != nil {
		return err
	}
	if err := folder.Own(f.path(staging)); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil { // nobody else may say what is to take the place of the data
		return err
	}
	release, err := folder.Take(f.dir)
	if errors.Is(err, folder.ErrInUse) {
		return nil
	}
	if err != nil {
		return err
	}
	defer release()
	if aside, err := f.word(readyFile); err != nil || aside != "" {
		return errors.Join(err, f.setAside(aside))
	}
	if aside, err := f.word(movingFile); err != nil || aside != "" {
		return errors.Join(err, f.moveIn())
	}
	f.log.Info("a restore that was broken off was taken back; the data are as they were", "folder", f.dir)
	return f.Discard()
}

// word is the name of the folder for the data, as a mark has it; empty where the mark is not there.
func (f *Folder) word(mark string) (string, error) {
	text, err := os.ReadFile(f.staged(mark))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	name := strings.TrimSpace(string(text))
	if err == nil && (!strings.HasPrefix(name, "set-aside-") || filepath.Base(name) != name) {
		err = fmt.Errorf("%w: %s names no folder", ErrDamaged, f.staged(mark))
	}
	return name, err
}

// setAside moves the data out of the way, and goes on where a kill broke that off.
func (f *Folder) setAside(aside string) error {
	names, err := folder.Data(f.dir)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		if err := os.Mkdir(f.path(aside), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := folder.Own(f.path(aside)); err != nil {
			return err
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return isDatabase(b) - isDatabase(a) })
	for _, name := range names {
		to := filepath.Join(f.path(aside), name)
		if _, err := os.Lstat(to); err == nil { // a program of before was started in between, and made a new one
			to += "-later"
		}
		if err := os.Rename(f.path(name), to); err != nil {
			return err
		}
		f.at("aside " + name)
	}
	for _, dir := range []string{f.path(aside), f.dir} {
		if err := syncFolder(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // there was nothing to set aside
			return err
		}
	}
	if err := os.Rename(f.staged(readyFile), f.staged(movingFile)); err != nil {
		return err
	}
	if err := syncFolder(f.path(staging)); err != nil {
		return err
	}
	f.at("moving")
	return f.moveIn()
}

// isDatabase is 1 for the database: it goes first, and comes first, so that there is never a key in the folder that a program
// of before would take for that of new data.
func isDatabase(name string) int {
	if name == folder.Database {
		return 1
	}
	return 0
}

// moveIn moves what was unpacked into the place of the data, and goes on where a kill broke that off.
func (f *Folder) moveIn() error {
	for _, name := range []string{folder.Database, folder.State, folder.Language, folder.Restored, folder.Key, folder.KeyEntry} {
		err := os.Rename(f.staged(name), f.path(name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f.at("in " + name)
	}
	if err := syncFolder(f.dir); err != nil {
		return err
	}
	f.log.Info("a backup was restored", "folder", f.dir)
	return os.RemoveAll(f.path(staging))
}

// tidy removes the copy that a backup leaves that was broken off, unless one is being made.
func (f *Folder) tidy() error {
	if !slices.ContainsFunc(copies, func(name string) bool { _, err := os.Lstat(f.path(name)); return err == nil }) {
		return nil
	}
	lock := flock.New(f.path(folder.CopyLock))
	if free, err := lock.TryLock(); err != nil || !free {
		return err
	}
	return errors.Join(f.dropCopy(), lock.Close())
}

// LookAt returns what the data folder holds that a restore would replace.
func (f *Folder) LookAt(ctx context.Context) (Census, error) { return storage.CensusOf(ctx, f.dir) }

// syncFolder makes the renaming in a folder itself last. Windows does not need it, and cannot.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
