package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"consentry/app/backup"
	"consentry/app/secret"
	"consentry/frontend/ui"
	"consentry/storage/folder"
)

// The codes with which "consentry restore" ends, beside those of every command.
const (
	restoreAsks  = 5 // data would be replaced, and nobody has said that they may
	restoreUnfit = 7 // the file is no backup, is damaged, or was made by a newer version
)

const restoreUsage = `Brings back what "consentry backup" or the settings have kept in a file, here or on another machine.

  consentry restore FILE [options]

All of the file is unpacked and looked at before anything is changed. Data that are there are set aside in a folder of their own
within the data folder, once you have said so; nothing is deleted. The program must not be running with the same data folder.

Ends with 0 when it was restored, 2 when the command line is not understood, 3 when a running program has the data folder, 4 when it
could not be carried out, 5 when data would be replaced and that was not said, 6 when the passphrase was not said or is not the one,
7 when the file is no backup, is damaged, or was made by a newer version.

`

// runRestore brings a backup back.
func runRestore(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o backupOptions
	flags := flag.NewFlagSet("consentry restore", flag.ContinueOnError)
	flags.StringVar(&o.whose, "profile", "", "`name` of the profile whose data are replaced (default: the first)")
	flags.BoolVar(&o.over, "replace", false, "set data aside that are there, without asking")
	if err := o.parse(flags, restoreUsage, args, stderr); err != nil {
		return misused(err)
	}
	return failed(o.restore(ctx, stdout, stderr))
}

// restore has the folder for itself, whether or not anything of it is open.
func (o backupOptions) restore(ctx context.Context, stdout, stderr io.Writer) (err error) {
	log := newLog(stderr, false)
	if _, err := os.Stat(o.file); err != nil {
		return err
	}
	for _, dir := range []string{o.root, o.data} {
		if err := folder.Prepare(dir); err != nil {
			return refusalOf(dir, err)
		}
	}
	leave, err := folder.Hold(o.root)
	if err != nil {
		return refusalOf(o.root, err)
	}
	defer closing(&err, leave)
	if err := backup.Finish(o.data, log); err != nil { // of one before
		return err
	}
	f := backup.In(o.data, log)
	if err := o.accepted(ctx, f, stdout); err != nil {
		return err
	}
	if err := backup.Finish(o.data, log); err != nil {
		return fmt.Errorf("the next start goes on with the restore: %w", err)
	}
	return tellRestored(f, o.data, stdout)
}

// accepted unpacks the backup beside the data, and asks whether it may take their place.
func (o backupOptions) accepted(ctx context.Context, f *backup.Folder, stdout io.Writer) (err error) {
	release, err := folder.Take(o.data)
	if err != nil {
		return refusalOf(o.data, err)
	}
	defer closing(&err, release)
	m, err := o.unpacked(ctx, f)
	if err != nil {
		return unfit(err)
	}
	there, err := f.LookAt(ctx)
	_, unprotected := secret.Wrapped(o.data)
	if err == nil && there.Empty() && errors.Is(unprotected, fs.ErrNotExist) {
		return f.Accept()
	}
	fmt.Fprintln(stdout, "the backup of "+made(m))
	if err != nil { // what is there cannot be read, and is set aside all the same
		fmt.Fprintln(stdout, "would replace the data in "+o.data+", which cannot be read")
	} else {
		fmt.Fprintln(stdout, "would replace "+held(there)+" in "+o.data)
	}
	if unprotected == nil {
		fmt.Fprintln(stdout, "The passphrase of their lock goes with them: what is restored opens without one, until it is set anew.")
	}
	if !o.over && !agreed(stdout, "Set these data aside and restore the backup? Type yes: ") {
		return errors.Join(ended{errors.New("nothing was changed: there are data in the folder; see -replace"), restoreAsks}, f.Discard())
	}
	return f.Accept()
}

// unpacked unpacks the backup with the passphrase that is read, or said at the terminal three times at most.
func (o backupOptions) unpacked(ctx context.Context, f *backup.Folder) (m backup.Manifest, err error) {
	for try := 1; ; try++ {
		passphrase, err := saidPassphrase(o.fd, "Passphrase of the backup: ")
		if err != nil {
			return m, ended{err, exitLocked}
		}
		m, err = o.tried(ctx, f, passphrase)
		if !errors.Is(err, backup.ErrPassphrase) || o.fd != noFD || try == 3 {
			return m, err
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

func (o backupOptions) tried(ctx context.Context, f *backup.Folder, passphrase []byte) (m backup.Manifest, err error) {
	defer clear(passphrase)
	file, err := os.Open(o.file)
	if err != nil {
		return m, err
	}
	defer file.Close()
	return f.Unpack(ctx, file, passphrase)
}

// unfit has an error about the file end the command with its code.
func unfit(err error) error {
	var newer *backup.NewerError
	switch {
	case errors.As(err, &newer):
		return ended{fmt.Errorf("%w: update Consentry first", err), restoreUnfit}
	case errors.Is(err, backup.ErrPassphrase):
		return ended{err, exitLocked}
	case errors.Is(err, backup.ErrForeign), errors.Is(err, backup.ErrDamaged):
		return ended{err, restoreUnfit}
	}
	return err
}

// tellRestored says what was restored, and what that means.
func tellRestored(f *backup.Folder, dir string, stdout io.Writer) error {
	done, is := f.Restored()
	if !is {
		return errors.New("what was restored is not noted in the data folder")
	}
	lines := []string{"restored: " + made(done.Manifest)}
	if done.Aside != "" {
		lines = append(lines, "what was there before lies in "+filepath.Join(dir, done.Aside))
	}
	for _, line := range append(lines,
		"There is no passphrase for the lock now: set one in the settings.",
		"Consents whose time is over show as ended. The machine that the backup is of holds the same consents: use them on one alone, as a bank",
		"that gives out new access tokens may end those of the other.",
	) {
		fmt.Fprintln(stdout, ui.Seen(line))
	}
	return nil
}

// made says when and by what a backup was made, and what it holds.
func made(m backup.Manifest) string {
	whose := ""
	if m.Profile != "" {
		whose = " in the profile of " + m.Profile
	}
	return ui.Seen(fmt.Sprintf("%s, made by Consentry %s%s: %s", m.MadeAt.Format("2006-01-02 15:04 -07:00"), m.Version, whose, held(m.Holds)))
}

func held(c backup.Census) string {
	all := []string{counted(c.Banks, "bank"), counted(c.Consents, "consent"), counted(c.Accounts, "account"), counted(c.Transactions, "transaction")}
	if c.Environments > 0 {
		all = append(all, counted(c.Environments, "environment"))
	}
	return strings.Join(all, ", ")
}

// agreed asks at the terminal; where there is none nobody says yes.
func agreed(stdout io.Writer, question string) bool {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false
	}
	fmt.Fprint(stdout, question)
	answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return err == nil && strings.TrimSpace(answer) == "yes"
}

// finishRestore goes on with a restore of a data folder that was broken off.
func finishRestore(dir string, log *slog.Logger) error {
	if err := backup.Finish(dir, log); err != nil {
		return refusalOf(dir, err)
	}
	return nil
}
