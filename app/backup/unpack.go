package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

// Unpack puts a backup beside the data, and looks at all of it: that it is authentic to its end, that the database is whole
// and no newer than this program, and that the key opens it. The data stay as they are until it is accepted. Whoever calls it
// has the data folder for themselves. What was unpacked before goes.
func (f *Folder) Unpack(ctx context.Context, from io.Reader, passphrase []byte) (m Manifest, err error) {
	if err := f.Discard(); err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Discard())
		}
	}()
	sealed, err := f.cost.opened(ctx, from, passphrase)
	if err != nil {
		return m, err
	}
	if err := os.Mkdir(f.path(staging), 0o700); err != nil {
		return m, err
	}
	f.at("staging made")
	if m, err = f.take(ctx, sealed); err != nil {
		return m, err
	}
	f.at("unpacked")
	if err := f.verify(ctx); err != nil {
		return m, err
	}
	f.at("verified")
	return m, errors.Join(f.stage(manifestFile, mustEncode(m)), syncFolder(f.path(staging)))
}

// take takes the files out of the archive, as the manifest in it says, and nothing else.
func (f *Folder) take(ctx context.Context, sealed *opened) (m Manifest, err error) {
	archive := tar.NewReader(patient{ctx, sealed})
	text, err := f.manifest(archive)
	if err != nil {
		return m, err
	}
	if m, err = decodeManifest(text); err != nil {
		return m, err
	}
	for _, file := range m.Files {
		header, err := next(archive, file.Name)
		if err != nil {
			return m, err
		}
		if header.Size != file.Size {
			return m, fmt.Errorf("%w: %s has %d bytes, and not %d", ErrDamaged, file.Name, header.Size, file.Size)
		}
		if err := f.save(file, archive); err != nil {
			return m, err
		}
		f.at("saved " + file.Name)
	}
	if header, err := archive.Next(); err == nil {
		return m, fmt.Errorf("%w: %.60q is more than it says", ErrDamaged, header.Name)
	} else if !errors.Is(err, io.EOF) {
		return m, ofArchive(err)
	}
	n, err := io.Copy(io.Discard, sealed)
	if n > 0 {
		err = errors.Join(fmt.Errorf("%w: something stands after its end", ErrDamaged), err)
	}
	return m, ofArchive(err)
}

func (f *Folder) manifest(archive *tar.Reader) ([]byte, error) {
	header, err := next(archive, manifestFile)
	if err != nil {
		return nil, err
	}
	if header.Size > longestManifest {
		return nil, fmt.Errorf("%w: %s has %d bytes", ErrDamaged, manifestFile, header.Size)
	}
	text, err := io.ReadAll(archive)
	return text, ofArchive(err)
}

// next goes on to a file, which has to be a plain one of that name.
func next(archive *tar.Reader, name string) (*tar.Header, error) {
	header, err := archive.Next()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: %s is missing", ErrDamaged, name)
	}
	if err != nil {
		return nil, ofArchive(err)
	}
	if header.Name != name || header.Typeflag != tar.TypeReg || header.Format != tar.FormatUSTAR {
		return nil, fmt.Errorf("%w: %.60q stands in the place of %s", ErrDamaged, header.Name, name)
	}
	return header, nil
}

// ofArchive is an error of reading an archive, as what is wrong with the backup where that is what it says.
func ofArchive(err error) error {
	for _, wrong := range []error{io.EOF, io.ErrUnexpectedEOF, tar.ErrHeader, tar.ErrFieldTooLong} {
		if errors.Is(err, wrong) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return err
}

// save writes a file of the archive into the staging folder. The key goes where this machine has keys.
func (f *Folder) save(file File, content io.Reader) (err error) {
	if file.Name == folder.Key {
		text, err := io.ReadAll(content)
		if err != nil {
			return ofArchive(err)
		}
		defer clear(text)
		key, err := secret.Bring(f.staged(""), string(text), f.log)
		if errors.Is(err, secret.ErrDamaged) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if err == nil {
			key.Erase()
		}
		return err
	}
	to, err := os.OpenFile(f.staged(file.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(to, content, file.Size)
	return errors.Join(ofArchive(err), to.Sync(), to.Close())
}

// verify looks at what was unpacked as a whole.
func (f *Folder) verify(ctx context.Context) error {
	key, err := secret.Load(f.staged(""), f.log)
	if err != nil {
		return err
	}
	defer key.Erase()
	var newer *storage.NewerError
	err = storage.Whole(ctx, f.staged(""), key)
	switch {
	case errors.As(err, &newer):
		return &NewerError{Version: short(newer.By)}
	case errors.Is(err, storage.ErrNotWhole), errors.Is(err, storage.ErrForeignKey):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}
