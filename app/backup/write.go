package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"consentry/storage"
	"consentry/storage/folder"
)

// ErrLarge says that there is more than a backup holds.
var ErrLarge = errors.New("there is more than a backup can hold")

// askAgain is how often it is looked whether another backup of the folder is made.
const askAgain = 100 * time.Millisecond

// Write writes a backup of a profile that is open, also by another program. Nothing is written before all of it was
// collected; what was written is whole if the error is nil. One is made at a time, by whatever program.
func (f *Folder) Write(ctx context.Context, to io.Writer, passphrase []byte, of Source) error {
	lock := flock.New(f.path(folder.CopyLock))
	if _, err := lock.TryLockContext(ctx, askAgain); err != nil {
		return err
	}
	defer lock.Close()
	defer f.dropCopy()
	c, err := f.collect(ctx, of)
	if err != nil {
		return err
	}
	defer c.close()
	f.at("collected")
	into, err := f.cost.sealed(ctx, to, passphrase)
	if err != nil {
		return err
	}
	if err := c.write(ctx, into); err != nil {
		return err
	}
	f.at("written")
	return into.Close()
}

// collected is what goes into a backup.
type collected struct {
	manifest Manifest
	contents []io.Reader
	copied   *os.File
}

// collect gets together what goes into a backup, the database and the practice banks as they are at one moment.
func (f *Folder) collect(ctx context.Context, of Source) (c *collected, err error) {
	if err := f.dropCopy(); err != nil {
		return nil, err
	}
	var state []byte
	path := f.path(folder.Copy)
	err = of.Store.CopyTo(ctx, path, func() (err error) {
		state, err = optional(f.path(folder.State))
		return err
	})
	if err != nil {
		return nil, err
	}
	f.at("copied")
	now := f.now()
	c = &collected{manifest: Manifest{Format: format, Version: storage.Version(), MadeAt: now, Profile: of.Profile}}
	if c.manifest.Schema, err = storage.Schema(); err != nil {
		return nil, err
	}
	if c.manifest.Holds, err = storage.CensusIn(ctx, path); err != nil {
		return nil, err
	}
	language, err := optional(f.path(folder.Language))
	if err != nil {
		return nil, err
	}
	if c.copied, err = os.Open(path); err != nil {
		return nil, err
	}
	info, err := c.copied.Stat()
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	c.add(folder.Database, info.Size(), c.copied)
	key := of.Key.Plain()
	c.add(folder.Key, int64(len(key)), strings.NewReader(key))
	c.add(folder.State, int64(len(state)), bytes.NewReader(state))
	c.add(folder.Language, int64(len(language)), bytes.NewReader(language))
	if err := c.manifest.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrLarge, err), c.close())
	}
	return c, nil
}

// add adds a file; one of which there is nothing is left out.
func (c *collected) add(name string, size int64, content io.Reader) {
	if size > 0 {
		c.manifest.Files = append(c.manifest.Files, File{name, size})
		c.contents = append(c.contents, content)
	}
}

func (c *collected) close() error { return c.copied.Close() }

// write writes the archive.
func (c *collected) write(ctx context.Context, to io.Writer) error {
	text, err := json.MarshalIndent(c.manifest, "", "  ")
	if err != nil {
		return err
	}
	archive := tar.NewWriter(to)
	files := append([]File{{manifestFile, int64(len(text))}}, c.manifest.Files...)
	for i, content := range append([]io.Reader{bytes.NewReader(text)}, c.contents...) {
		header := &tar.Header{Name: files[i].Name, Size: files[i].Size, Mode: 0o600, ModTime: c.manifest.MadeAt.Truncate(time.Second), Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := io.CopyN(archive, patient{ctx, content}, files[i].Size); err != nil {
			return err
		}
	}
	return archive.Close()
}

// patient is a reader for as long as somebody waits for what is read.
type patient struct {
	ctx context.Context
	io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}

// optional reads a file that may not be there.
func optional(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

// copies are the copy of the database, and what SQLite has beside one.
var copies = []string{folder.Copy, folder.Copy + "-journal", folder.Copy + "-wal", folder.Copy + "-shm"}

func (f *Folder) dropCopy() (err error) {
	for _, name := range copies {
		if gone := os.Remove(f.path(name)); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// WriteFile writes a backup into a file: it is there whole and safe from a power cut, or not at all. One that is there is
// written over only if that is asked for; else the error is [fs.ErrExist].
func (f *Folder) WriteFile(ctx context.Context, path string, over bool, passphrase []byte, of Source) (err error) {
	free := func() error {
		if _, err := os.Lstat(path); err == nil && !over {
			return &fs.PathError{Op: "write", Path: path, Err: fs.ErrExist}
		}
		return nil
	}
	if err := free(); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	err = f.Write(ctx, file, passphrase, of)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	f.at("synced")
	if err := free(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	f.at("renamed")
	return syncFolder(filepath.Dir(path))
}

// NoteMade keeps that a backup was made now.
func (f *Folder) NoteMade() error {
	return folder.WriteOwn(f.path(folder.BackedUp), []byte(f.now().UTC().Format(time.RFC3339)+"\n"))
}

// Made is when the last backup was made; zero where none was, or that is not known.
func (f *Folder) Made() time.Time {
	text, err := folder.ReadOwn(f.path(folder.BackedUp))
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	if err != nil {
		return time.Time{}
	}
	return at.Local()
}
