package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"consentry/app/backup"
	"consentry/frontend"
)

const backupUsage = `Keeps all of a profile in one file that only a passphrase opens, also while Consentry runs.

  consentry backup FILE [options]

In it are accounts, transactions, consents with their access tokens, payments, notes, settings and keys. "consentry restore FILE"
brings them back, here or on another machine. Without the passphrase nobody can open it.

Ends with 0 when it was made, 2 when the command line is not understood, 3 when nothing is stored there, 4 when it could not be
made or the file is there already, 6 when a passphrase was not said or cannot be taken.

`

// backupOptions are what is kept or brought back, and how.
type backupOptions struct {
	access
	root, data string // the folder the program is started on, and that of the profile
	file       string
	over       bool // a file, or data, that are there may be replaced
	fd         int  // the backup's passphrase is read from; noFD: it is asked for
}

// parse reads the command line of a command about the file of a backup.
func (o *backupOptions) parse(flags *flag.FlagSet, usage string, args []string, stderr io.Writer) (err error) {
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.root, "data", "", "`folder` with what the program keeps (default: consentry in your configuration folder)")
	descriptorFlag(flags, &o.fd, "backup-passphrase-fd", "`number` of the file descriptor to read the backup's passphrase from, 0 for the standard input (default: it is asked for on the terminal)")
	if o.file, err = parseAround(flags, args); err != nil {
		return err
	}
	if o.file == "" {
		return fmt.Errorf("name the file of the backup; see %s -h", flags.Name())
	}
	if o.root, err = dataFolder(o.root); err != nil {
		return err
	}
	o.data, err = o.access.folder(o.root)
	return err
}

// runBackup makes a backup of a profile.
func runBackup(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o backupOptions
	flags := flag.NewFlagSet("consentry backup", flag.ContinueOnError)
	o.access.flags(flags)
	flags.BoolVar(&o.over, "force", false, "write over a file that is there")
	if err := o.parse(flags, backupUsage, args, stderr); err != nil {
		return misused(err)
	}
	if o.fd != noFD && o.fd == o.access.fd {
		return ended{errors.New("-backup-passphrase-fd: this is where the passphrase of the lock is read"), commandMisused}
	}
	return failed(o.backup(ctx, stdout, stderr))
}

func (o backupOptions) backup(ctx context.Context, stdout, stderr io.Writer) (err error) {
	log := newLog(stderr, false)
	store, key, err := openKeyed(ctx, o.data, log, o.access.unlock)
	if err != nil {
		return err
	}
	defer closing(&err, store.Close)
	defer key.Erase()
	if _, err := os.Lstat(o.file); err == nil && !o.over { // before a passphrase is thought of
		return fmt.Errorf("%s is there already; another name, or -force", o.file)
	}
	passphrase, err := newPassphrase(o.fd)
	if err != nil {
		return ended{err, exitLocked}
	}
	defer clear(passphrase)
	f := backup.In(o.data, log)
	err = f.WriteFile(ctx, o.file, o.over, passphrase, backup.Source{Store: store, Key: key, Profile: o.whose})
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; another name, or -force", o.file)
	}
	if err != nil {
		return err
	}
	if err := f.NoteMade(); err != nil {
		log.Warn("that a backup was made is not noted", "error", err)
	}
	fmt.Fprintln(stdout, o.file)
	return nil
}

// failed is an error of a command with its code; one that has none is that the command could not be carried out.
func failed(err error) error {
	var refusal frontend.Refusal
	coded := ended{}
	switch {
	case err == nil || errors.As(err, &coded):
		return err
	case errors.As(err, &refusal) && refusal.Kind == frontend.FolderInUse:
		return ended{err, commandInUse}
	}
	return ended{err, commandFailed}
}
