package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"consentry/app/secret"
	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
)

// openData opens the data folder, or returns a [frontend.Refusal].
func openData(ctx context.Context, dir string, log *slog.Logger) (*storage.Store, *secret.Box, error) {
	if err := folder.Prepare(dir); err != nil {
		return nil, nil, refusalOf(dir, err)
	}
	key, err := secret.Load(dir, log)
	if err != nil {
		return nil, nil, refusalOf(dir, err)
	}
	store, err := storage.Open(ctx, dir, key, time.Now)
	if err != nil {
		return nil, nil, refusalOf(dir, err)
	}
	return store, key, nil
}

// refuse shows why the program does not start, where somebody looks at a window or
// browser, and returns the same for the terminal.
func refuse(ctx context.Context, o options, log *slog.Logger, stdout io.Writer, err error) error {
	var refusal frontend.Refusal
	if !o.open || !errors.As(err, &refusal) {
		return err
	}
	listener, failed := net.Listen("tcp", "127.0.0.1:0")
	if failed != nil {
		return errors.Join(err, failed)
	}
	log.Error(refusal.Error())
	page := frontend.NewRefused(refusal, log, listener)
	address := page.Address()
	fmt.Fprintln(stdout, address)
	ctx, end := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- page.Serve(ctx, listener); end() }()
	shown := show(ctx, o, shell.Options{URL: address, Title: "Consentry", Open: true, Log: log})
	end()
	return errors.Join(err, shown, <-served)
}

// byDisk is an error, or the refusal where the disk is what it comes from.
func byDisk(dir string, err error) error {
	if storage.FaultOf(err) == "" {
		return err
	}
	return refusalOf(dir, err)
}

// refusalOf puts into words why a data folder is not opened, and what can be done.
func refusalOf(dir string, err error) frontend.Refusal {
	r := frontend.Refusal{Folder: dir, Lost: "Nothing was changed in your data folder, " + dir + ".", Detail: err.Error()}
	aside := func() (string, error) { return setAside(dir) }
	const another = "Or use another data folder: consentry -data FOLDER"
	var newer *storage.NewerError
	var unfit *folder.Error
	switch {
	case errors.Is(err, secret.ErrMissing):
		r.Title = "The key to your data is missing."
		r.Lost += " Without the key the logins and tokens in it cannot be opened, and a new key would not open them."
		r.Ways, r.SetAside = []string{"Put the key back from your backup: " + keyPlaces(dir) + ". Then start Consentry again.", another}, aside
	case errors.Is(err, secret.ErrDamaged):
		r.Title = "The key to your data is damaged."
		r.Ways, r.SetAside = []string{"Put the key back from your backup: " + keyPlaces(dir) + ". Then start Consentry again.", another}, aside
	case errors.Is(err, storage.ErrForeignKey):
		r.Title = "The key in your data folder belongs to other data."
		r.Lost += " The key may be that of another data folder, or the database that of another key."
		r.Ways, r.SetAside = []string{"Put the key and the database back that belong together: " + keyPlaces(dir) + ", and " + folder.Database + ". Then start Consentry again.", another}, aside
	case errors.Is(err, secret.ErrKeyring):
		r.Title = "The system’s keyring did not give the key to your data."
		r.Ways, r.SetAside = []string{"Unlock the keyring, or log in to your desktop, where it is; CONSENTRY_KEYRING must not be “off”. Then start Consentry again.", another}, aside
	case errors.Is(err, secret.ErrOpenToOthers):
		r.Title = "Other users of this machine can read the key to your data."
		r.Ways = []string{fmt.Sprintf("If nobody else has read it, close it: chmod 600 %q. Then start Consentry again.", filepath.Join(dir, folder.Key)), another}
	case errors.Is(err, secret.ErrUnreadable):
		r.Title = "The key to your data cannot be read."
		r.Ways = []string{"Make the key readable for yourself: " + keyPlaces(dir) + ". Then start Consentry again.", another}
	case errors.As(err, &newer):
		r.Title = "Your data belong to a newer version of Consentry."
		r.Ways = []string{"Start " + newerName(newer) + ", or one that is newer still. This is Consentry " + storage.Version() + ".", another}
	case errors.Is(err, storage.ErrInUse):
		r.Title = "Consentry is running already, with this data folder."
		r.Ways = []string{"Go to its window, or to the page it has opened in your browser. If you cannot find it, end it and start Consentry again.", another}
	case errors.As(err, &unfit):
		r.Title = "The data folder cannot be used."
		r.Ways = []string{unfit.Path + " " + unfit.Why + ": " + unfit.Do + "."}
	default:
		r = refusedByDisk(r, dir, storage.FaultOf(err))
		if storage.FaultOf(err) == storage.Damaged {
			r.SetAside = aside
		}
		r.Ways = append(r.Ways, another)
	}
	return r
}

// errOpens keeps data where they are that can be opened by now.
var errOpens = errors.New("your data can be opened by now, so they were left where they are; end this and start Consentry again")

// setAside moves the data out of the way that could not be opened. Meanwhile somebody
// may have put the key back.
func setAside(dir string) (aside string, err error) {
	quiet := slog.New(slog.DiscardHandler)
	if store, _, err := openData(context.Background(), dir, quiet); err == nil {
		return "", errors.Join(errOpens, store.Close())
	}
	return folder.SetAside(dir, time.Now())
}

// refusedByDisk says what the disk did not do.
func refusedByDisk(r frontend.Refusal, dir string, fault storage.Fault) frontend.Refusal {
	switch fault {
	case storage.DiskFull:
		r.Title = "The disk is full, so Consentry cannot open your data."
		r.Ways = []string{"Free some space on the disk that holds " + dir + ". Then start Consentry again."}
	case storage.ReadOnly:
		r.Title = "The disk takes no changes, so Consentry cannot open your data."
		r.Ways = []string{"Make the disk that holds " + dir + " writable. Then start Consentry again."}
	case storage.NotAllowed, storage.NotOpened:
		r.Title = "Consentry may not open your data."
		r.Ways = []string{"Make " + dir + " and the files in it yours, readable and writable. Then start Consentry again."}
	case storage.DiskBroken:
		r.Title = "The disk that holds your data gives errors."
		r.Ways = []string{"Save a copy of " + dir + ", and have the disk looked at. Then start Consentry again."}
	case storage.Damaged:
		r.Title = "The database with your data is damaged."
		r.Ways = []string{"Put " + folder.Database + " back from your backup, together with its key. Then start Consentry again."}
	default:
		r.Title = "Consentry could not open your data."
		r.Ways = []string{"The details say why. Try again; if it happens again, report it with them."}
	}
	return r
}

// keyPlaces names what holds the key of a folder.
func keyPlaces(dir string) string {
	return filepath.Join(dir, folder.Key) + ", or " + folder.KeyEntry + " beside it where the key lies in the system’s keyring"
}

func newerName(newer *storage.NewerError) string {
	if newer.By == "" {
		return "the version of Consentry that used them last"
	}
	return "Consentry " + newer.By
}
